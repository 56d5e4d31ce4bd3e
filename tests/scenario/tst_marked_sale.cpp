// A tracking mark through a whole sale: put in before the file is sealed, read back from what the buyer has opened, and
// joined by the buyer's own note.
#include "tests/scenario/Household.h"

#include <QDirIterator>
#include <QImage>
#include <QProcess>
#include <QTest>

using namespace tallylock;
using api::MarkForm;
using test::Household;

namespace {

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What `tallylock-cli identify` says of a file; empty unless all is well.
QString identified(const QString& path) {
    QProcess program;
    program.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), {QStringLiteral("identify"), path});
    if (!program.waitForFinished(60'000) || program.exitCode() != 0) return {};
    return QString::fromUtf8(program.readAllStandardOutput());
}

bool sellAsset(Household& home) {
    home.mark = true;
    return home.begin() && home.drive([](const api::SaleRow& row) { return row.state == api::SaleState::Completed; });
}

} // namespace

class TestMarkedSale : public QObject {
    Q_OBJECT
private slots:
    void pictureCarriesItsMark() {
        Household home;
        QImage picture(50, 40, QImage::Format_RGB32);
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 50; ++x) picture.setPixel(x, y, qRgb(5 * x, 6 * y, x ^ y));
        QVERIFY(picture.save(home.assetPath(), "PNG"));
        const QByteArray before = contentOf(home.assetPath());
        QVERIFY2(sellAsset(home), home.trouble.c_str());
        QCOMPARE(contentOf(home.assetPath()), before); // the seller's own file is as it was
        QCOMPARE(QImage(home.openedPath()), picture);
        QVERIFY(contentOf(home.openedPath()) != before);

        const auto listings = home.get<std::vector<api::ListingRow>>([&](auto done) { home.buyer->listings(done); });
        QVERIFY(listings && !listings->empty());
        QCOMPARE(listings->front().markForm, MarkForm::Xmp);
        QCOMPARE(listings->front().creatorFingerprint, home.seller->fingerprint());
        const auto library = home.get<std::vector<api::LibraryRow>>([&](auto done) { home.buyer->library(done); });
        QVERIFY(library && !library->empty());
        QCOMPARE(library->front().markForm, MarkForm::Xmp);

        const QString renamed = home.folder.filePath(QStringLiteral("holiday"));
        QVERIFY(QFile::copy(home.openedPath(), renamed));
        const QString said = identified(renamed);
        QVERIFY(said.contains(QString::fromStdString(home.seller->fingerprint())));
        QVERIFY(said.contains(QString::fromStdString(home.seller->fingerprintWords())));
        QVERIFY(said.contains(QString::fromStdString(library->front().assetId.hex())));
        QVERIFY(!said.contains(QStringLiteral("copy of")));

        const SaleId sale = library->front().sale;
        const auto own = home.get<std::string>([&](auto done) { home.buyer->markCopy(sale, {}, done); });
        QVERIFY2(own, home.trouble.c_str());
        QCOMPARE(QImage(QString::fromStdString(*own)), picture);
        const QString noted = identified(QString::fromStdString(*own));
        QVERIFY(noted.contains(QStringLiteral("copy of    ") + QString::fromStdString(home.buyer->fingerprint())));
        QVERIFY(identified(home.openedPath()) == said); // what was checked against the roots is left alone

        QDirIterator left(QString::fromStdString(home.nodeFolder()), {QStringLiteral("*.marked*")}, QDir::Files,
                          QDirIterator::Subdirectories);
        QVERIFY(!left.hasNext());
    }

    void otherFilesGetASidecar() {
        Household home;
        QVERIFY2(sellAsset(home), home.trouble.c_str());
        QCOMPARE(contentOf(home.openedPath()), home.content);
        const QString said = identified(home.openedPath());
        QVERIFY(said.contains(QString::fromStdString(home.seller->fingerprint())));
        const auto library = home.get<std::vector<api::LibraryRow>>([&](auto done) { home.buyer->library(done); });
        QVERIFY(library && !library->empty());
        QCOMPARE(library->front().markForm, MarkForm::Sidecar);
        const std::string place = home.folder.filePath(QStringLiteral("mine.bin")).toStdString();
        const auto own =
            home.get<std::string>([&](auto done) { home.buyer->markCopy(library->front().sale, place, done); });
        QVERIFY2(own, home.trouble.c_str());
        QCOMPARE(contentOf(QString::fromStdString(place)), home.content);
        QVERIFY(identified(QString::fromStdString(place)).contains(QString::fromStdString(home.buyer->fingerprint())));
    }

    /// Long after the sale the buyer asks whether the file is still what was bought.
    void whatWasOpenedIsVerifiedAgain() {
        Household home;
        QVERIFY2(sellAsset(home), home.trouble.c_str());
        const auto library = home.get<std::vector<api::LibraryRow>>([&](auto done) { home.buyer->library(done); });
        QVERIFY(library && !library->empty());
        const auto verify = [&](api::Session& who) {
            const auto answer =
                home.loop.ask<void>([&](auto done) { who.verifyOpened(library->front().sale, {}, done); });
            return answer ? std::optional<api::Problem>() : answer.error().problem;
        };
        QCOMPARE(verify(*home.buyer), std::nullopt);
        QVERIFY(verify(*home.seller) == api::Problem::SaleNotYours);
        QFile file(home.openedPath());
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray content = file.readAll();
        QVERIFY(file.seek(content.size() / 2) && file.putChar(static_cast<char>(content.at(content.size() / 2) ^ 1)));
        file.close();
        QVERIFY(verify(*home.buyer) == api::Problem::FileNotAsSold);
        QVERIFY(file.remove());
        QVERIFY(verify(*home.buyer) == api::Problem::FileUnreadable);
    }

    void theSellerMayDecline() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& row) { return row.state == api::SaleState::Completed; }),
                 home.trouble.c_str());
        QCOMPARE(contentOf(home.openedPath()), home.content);
        const auto library = home.get<std::vector<api::LibraryRow>>([&](auto done) { home.buyer->library(done); });
        QVERIFY(library && !library->empty());
        QCOMPARE(library->front().markForm, MarkForm::None);
        QVERIFY(identified(home.openedPath()).isEmpty());
        const auto refused =
            home.loop.ask<std::string>([&](auto done) { home.buyer->markCopy(library->front().sale, {}, done); });
        QVERIFY(!refused && refused.error().problem == api::Problem::MarkMissing);
    }

    void theNodeLooksIntoFiles() {
        Household home;
        QVERIFY(home.start().ok());
        QImage picture(600, 300, QImage::Format_RGB32);
        picture.fill(Qt::red);
        QVERIFY(picture.save(home.assetPath(), "PNG"));
        const auto look =
            home.get<api::FileLook>([&](auto done) { home.node->lookInto(home.assetPath().toStdString(), done); });
        QVERIFY(look);
        QCOMPARE(look->picture.width, 512u);
        QCOMPARE(look->picture.height, 256u);
        QCOMPARE(look->markForm, MarkForm::Xmp);
        QVERIFY(!look->marked);
        const auto gone = home.loop.ask<api::FileLook>([&](auto done) { home.node->lookInto("/nowhere", done); });
        QVERIFY(!gone && gone.error().problem == api::Problem::FileUnreadable);
    }
};

QTEST_GUILESS_MAIN(TestMarkedSale)
#include "tst_marked_sale.moc"
