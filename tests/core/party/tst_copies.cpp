// What becomes of an edition: sealing that is interrupted, further copies for other buyers, and who owns which.
#include "tests/core/party/PartyScene.h"

#include <QDir>
#include <QFile>
#include <QThread>

using namespace tallylock;
using namespace tallylock::test;
using api::DraftState;
using api::Problem;

namespace {

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

struct Workshop {
    PartyScene scene;
    std::unique_ptr<party::Party> seller = scene.open("seller");
    std::unique_ptr<party::Party> buyer = scene.open("buyer");
    QString path = scene.folder.filePath(QStringLiteral("map.bin"));

    explicit Workshop(int size = 3'000'000) { write(size); }
    void write(int size) {
        QByteArray content(size, 'x');
        for (int i = 0; i < size; i += 7) content[i] = static_cast<char>(i / 7);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != size) qFatal("cannot write");
    }
    QByteArray content() const { return contentOf(path); }
    api::SellRequest request() const {
        api::SellRequest request;
        request.path = path.toStdString();
        request.name = "A map";
        request.mediaType = "application/octet-stream";
        request.price = usd(50);
        request.preview = {"text/plain", bytesOf("a river")};
        return request;
    }
    std::vector<api::DraftRow> drafts() {
        return scene.must<std::vector<api::DraftRow>>([&](auto done) { seller->drafts(done); });
    }
    ListingId publish(const Hash& assetId) {
        return scene.must<ListingId>([&](auto done) { seller->publish(assetId, done); });
    }
    api::Answer<api::DraftRow> copy(const Hash& assetId) {
        return scene.ask<api::DraftRow>([&](auto done) { seller->sellAnotherCopy(assetId, {}, done); });
    }
    std::vector<api::CustodyRow> custody(party::Party& who, const Hash& assetId) {
        return scene.must<std::vector<api::CustodyRow>>([&](auto done) { who.custody(assetId, done); });
    }
    /// A whole sale of this listing, to the opened file.
    void sell(ListingId listing, const QString& to) {
        QVERIFY(scene.pump.until([&] {
            for (const auto& row : scene.must<std::vector<api::ListingRow>>([&](auto done) { buyer->listings(done); }))
                if (row.id == listing) return true;
            return false;
        }));
        const auto sale = scene.must<SaleId>([&](auto done) {
            buyer->makeOffer({listing, money::kBtc, usd(50), usd(40), 3'600'000}, done);
        });
        QVERIFY(scene.reaches(*seller, sale, api::SaleState::Offered));
        scene.mustDo([&](auto done) { seller->acceptOffer(sale, usd(45), done); });
        QVERIFY(scene.reaches(*buyer, sale, [](const auto& now) { return now.payment.has_value(); }));
        const auto payment = scene.detail(*buyer, sale).payment;
        QVERIFY(scene.host.world->chain().payTo(payment->address, payment->amount).ok());
        QVERIFY(scene.reaches(*buyer, sale, [](const auto& now) {
            return now.row.state == api::SaleState::KeySent2 && now.row.needsMe;
        }));
        (void)scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, to.toStdString(), {}, done); });
        QFile file(to);
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll() == content());
    }
    QString sealedFolder() { return QString::fromStdString(scene.folderNamed("seller/sealed")); }
    void killSeller() { seller.reset(); }
};

} // namespace

class TestCopies : public QObject {
    Q_OBJECT
private slots:
    void aFurtherCopyForAnotherBuyer() {
        Workshop w;
        const auto draft = w.scene.must<api::DraftRow>([&](auto done) { w.seller->seal(w.request(), {}, done); });
        QCOMPARE(w.copy(draft.assetId).value().sealedRoot, draft.sealedRoot); // the first is still to be published
        const ListingId first = w.publish(draft.assetId);
        w.sell(first, w.scene.folder.filePath(QStringLiteral("one")));

        const QString plain = w.path + QStringLiteral(".away");
        QVERIFY(QFile::rename(w.path, plain)); // the plain file is not needed
        const auto copy = w.copy(draft.assetId);
        QVERIFY(QFile::rename(plain, w.path));
        QVERIFY2(copy.ok(), copy ? "" : nameOf(copy.error().problem));
        QCOMPARE(copy->edition, std::uint64_t{2});
        QVERIFY(copy->recipient != draft.recipient && copy->sealedRoot != draft.sealedRoot);
        QCOMPARE(w.drafts().size(), std::size_t{1});
        const ListingId second = w.publish(draft.assetId);
        QVERIFY(second != first);
        QVERIFY(w.drafts().empty());
        w.sell(second, w.scene.folder.filePath(QStringLiteral("two")));
        QCOMPARE(w.copy(Hash{}).error().problem, Problem::ListingUnknown);

        // Both chains begin with the seller and end with the buyer; everybody reads them.
        for (party::Party* who : {w.seller.get(), w.buyer.get()}) {
            QVERIFY(w.scene.pump.until([&] { return w.custody(*who, draft.assetId).size() == 3; }));
            const auto rows = w.custody(*who, draft.assetId);
            QVERIFY(rows[0].number == 0 && rows[0].to == w.seller->identityKey() && rows[0].contract.isZero());
            for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
                QCOMPARE(rows[i].number, std::uint64_t{1});
                QCOMPARE(rows[i].edition, std::uint64_t{i});
                QVERIFY(rows[i].from == w.seller->identityKey() && rows[i].to == w.buyer->identityKey());
                QVERIFY(!rows[i].contract.isZero());
                QCOMPARE(rows[i].mine, who == w.buyer.get());
            }
        }
    }

    /// Two users of one account hear of each other's records and take nothing from them; a folder that is lost is made
    /// anew from the phrase alone, and sells a further copy.
    void usersOfOneAccountKeepTheirOwn() {
        Workshop w;
        const auto clerk = w.scene.open("clerk");
        (void)w.scene.must<HolderId>([&](auto done) { w.seller->registerHolder("First Bank", true, done); });
        (void)w.scene.must<UserId>(
            [&](auto done) { w.seller->addUser("Tess", clerk->identityKey(), api::kTrader, done); });
        const auto draft = w.scene.must<api::DraftRow>([&](auto done) { w.seller->seal(w.request(), {}, done); });
        (void)w.publish(draft.assetId);
        const auto other = w.scene.must<api::DraftRow>([&](auto done) { w.seller->seal(w.request(), {}, done); });
        QCOMPARE(w.scene.must<api::AccountInfo>([&](auto done) { clerk->account(done); }).name,
                 std::string("First Bank"));
        QVERIFY(w.scene.must<std::vector<api::DraftRow>>([&](auto done) { clerk->drafts(done); }).empty());
        QCOMPARE(w.scene.ask<api::DraftRow>([&](auto done) { clerk->sellAnotherCopy(draft.assetId, {}, done); })
                     .error()
                     .problem,
                 Problem::ListingUnknown);

        // Commands go in order: once this is answered, the draft before it is kept.
        w.scene.mustDo([&](auto done) {
            w.seller->setFiatAccount({"Bank of X", "DE00 1234", "Insurance", usd(100'000), "letter of 2024"}, done);
        });
        w.killSeller();
        w.scene.disks.erase("seller");
        QVERIFY(QDir(QString::fromStdString(w.scene.folderNamed("seller"))).removeRecursively());
        w.seller = w.scene.open("seller");
        QVERIFY(w.scene.pump.until([&] { return w.drafts().size() == 1; }));
        QVERIFY(w.drafts().front().assetId == other.assetId && w.drafts().front().state == DraftState::Gone);
        const auto copy = w.copy(draft.assetId);
        QVERIFY2(copy.ok(), copy ? "" : nameOf(copy.error().problem));
        QCOMPARE(copy->edition, std::uint64_t{2});
        w.sell(w.publish(draft.assetId), w.scene.folder.filePath(QStringLiteral("two")));
    }

    /// Ended in the middle of sealing: the draft is there, and goes on without a question.
    /// Two want the same edition. What becomes of the one who does not get it takes nothing from the other; when the
    /// sale is over the encrypted copy goes.
    void theSealedFileStaysForTheSaleThatHasIt() {
        Workshop w;
        const auto draft = w.scene.must<api::DraftRow>([&](auto done) { w.seller->seal(w.request(), {}, done); });
        const ListingId listing = w.publish(draft.assetId);
        auto rival = w.scene.open("rival");
        const auto sees = [&](party::Party& who) {
            return w.scene.pump.until([&] {
                return !w.scene.must<std::vector<api::ListingRow>>([&](auto done) { who.listings(done); }).empty();
            });
        };
        QVERIFY(sees(*rival) && sees(*w.buyer));
        const auto second = w.scene.must<SaleId>([&](auto done) {
            rival->makeOffer({listing, money::kBtc, usd(50), usd(40), 3'600'000}, done);
        });
        const auto sealedFiles = [&] {
            return QDir(w.sealedFolder()).entryList({QStringLiteral("*.age")}, QDir::Files).size();
        };
        const auto first = w.scene.must<SaleId>([&](auto done) {
            w.buyer->makeOffer({listing, money::kBtc, usd(50), usd(40), 3'600'000}, done);
        });
        QVERIFY(w.scene.reaches(*w.seller, first, api::SaleState::Offered));
        w.scene.mustDo([&](auto done) { w.seller->acceptOffer(first, usd(45), done); });
        w.scene.mustDo([&](auto done) { rival->withdrawOffer(second, done); });
        QVERIFY(w.scene.reaches(*w.seller, second, api::SaleState::Void));
        QVERIFY(w.scene.reaches(*w.buyer, first, [](const auto& now) { return now.payment.has_value(); }));
        QCOMPARE(sealedFiles(), 1);
        const auto payment = w.scene.detail(*w.buyer, first).payment;
        QVERIFY(w.scene.host.world->chain().payTo(payment->address, payment->amount).ok());
        QVERIFY(w.scene.reaches(*w.buyer, first, [](const auto& now) {
            return now.row.state == api::SaleState::KeySent2 && now.row.needsMe;
        }));
        QCOMPARE(sealedFiles(), 1);
        const std::string to = w.scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        (void)w.scene.must<api::LibraryRow>([&](auto done) { w.buyer->unlock(first, to, {}, done); });
        QVERIFY(w.scene.reaches(*w.seller, first, api::SaleState::Completed));
        QVERIFY(w.scene.pump.until([&] { return sealedFiles() == 0; }));
    }

    void anInterruptedSealingGoesOn() {
        Workshop w(60'000'000);
        w.seller->seal(w.request(), {}, [](const auto&) {});
        w.scene.pump.until([&] { return !QDir(w.sealedFolder()).isEmpty(); });
        w.killSeller();
        w.seller = w.scene.open("seller");
        const auto drafts = w.drafts();
        QCOMPARE(drafts.size(), std::size_t{1});
        QVERIFY(drafts.front().state == DraftState::Interrupted);
        QCOMPARE(drafts.front().name, std::string("A map"));
        QCOMPARE(drafts.front().sizeBytes, std::uint64_t{60'000'000});
        const Hash assetId = drafts.front().assetId;
        const auto resume = [&] {
            return w.scene.ask<api::DraftRow>([&](auto done) { w.seller->resumeSealing(assetId, {}, done); });
        };
        w.write(59'999'999); // not the file with which it began
        QCOMPARE(resume().error().problem, Problem::FileChanged);
        QCOMPARE(w.drafts().size(), std::size_t{1});
        w.scene.mustDo([&](auto done) { w.seller->discardDraft(assetId, done); });
        QVERIFY(w.drafts().empty());
        QCOMPARE(resume().error().problem, Problem::ListingUnknown);
    }

    void anInterruptedSealingIsSealedAndSold() {
        Workshop w(60'000'000);
        w.seller->seal(w.request(), {}, [](const auto&) {});
        w.scene.pump.until([&] { return !QDir(w.sealedFolder()).isEmpty(); });
        w.killSeller();
        const auto part = QDir(w.sealedFolder()).entryInfoList({QStringLiteral("*.part")}, QDir::Files);
        QCOMPARE(part.size(), 1);
        const QByteArray sealedSoFar = contentOf(part.front().filePath());
        w.seller = w.scene.open("seller");
        QCOMPARE(w.drafts().front().sealedSoFar,
                 std::min(std::uint64_t{60'000'000}, static_cast<std::uint64_t>(sealedSoFar.size())));
        const Hash assetId = w.drafts().front().assetId;
        const auto draft = w.scene.must<api::DraftRow>([&](auto done) { w.seller->resumeSealing(assetId, {}, done); });
        QVERIFY(draft.state == DraftState::Whole && draft.assetId == assetId);
        // It went on: what was sealed before the end is the beginning of what is sealed now.
        QString whole = part.front().filePath();
        whole.chop(5);
        QVERIFY(!sealedSoFar.isEmpty() && contentOf(whole).startsWith(sealedSoFar));
        w.sell(w.publish(assetId), w.scene.folder.filePath(QStringLiteral("one")));
    }

    /// Ended in the middle of a further copy: asked for again, it goes on from what is there.
    void anInterruptedCopyGoesOn() {
        Workshop w(60'000'000);
        const auto draft = w.scene.must<api::DraftRow>([&](auto done) { w.seller->seal(w.request(), {}, done); });
        (void)w.publish(draft.assetId);
        const auto partOf = [&] {
            return QDir(w.sealedFolder()).entryInfoList({QStringLiteral("*-2.age.part")}, QDir::Files);
        };
        const auto sizeSoFar = [&] {
            const QFileInfoList parts = partOf();
            return parts.isEmpty() ? 0 : parts.constFirst().size();
        };
        // It is let go on in short stretches, so that it cannot come to its end before it is seen in its middle.
        const auto job = w.seller->sellAnotherCopy(draft.assetId, {}, [](const auto&) {});
        job->pause();
        QVERIFY(w.scene.pump.until([&] {
            if (sizeSoFar() > 3'000'000) return true;
            job->resume();
            QThread::usleep(200);
            job->pause();
            return false;
        }));
        w.killSeller();
        QCOMPARE(partOf().size(), 1);
        const QString part = partOf().constFirst().filePath();
        const QByteArray sealedSoFar = contentOf(part);
        w.seller = w.scene.open("seller"); // which tidies the folder
        QVERIFY(contentOf(part) == sealedSoFar);
        const auto copy = w.copy(draft.assetId);
        QVERIFY2(copy.ok(), copy ? "" : nameOf(copy.error().problem));
        QCOMPARE(copy->edition, std::uint64_t{2});
        QString whole = part;
        whole.chop(5);
        QVERIFY(!sealedSoFar.isEmpty() && contentOf(whole).startsWith(sealedSoFar));
        w.sell(w.publish(draft.assetId), w.scene.folder.filePath(QStringLiteral("two")));
    }
};

QTEST_GUILESS_MAIN(TestCopies)
#include "tst_copies.moc"
