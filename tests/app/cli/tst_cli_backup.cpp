// A backup that is made while a sale is under way, and the sale that goes on from it.
#include "tests/scenario/Household.h"

#include <QDir>
#include <QProcess>
#include <QTest>

using namespace tallylock;
using api::SaleState;
using test::Household;

namespace {

struct Ended {
    int code = -1;
    QByteArray said;
};
Ended backUp(const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                  QStringList(QStringLiteral("backup")) + arguments);
    if (!process.waitForFinished(60'000)) return {};
    return {process.exitCode(), process.readAll()};
}

} // namespace

class TestCliBackup : public QObject {
    Q_OBJECT
private slots:
    void aSaleGoesOnFromIt_data() {
        QTest::addColumn<int>("step");
        QTest::newRow("before the key") << 2;
        QTest::newRow("before the money") << 6;
        QTest::newRow("with the money under way") << 7;
        QTest::newRow("after it") << 8;
        QTest::newRow("after the payout") << 10;
    }
    void aSaleGoesOnFromIt() {
        QFETCH(int, step);
        Household home;
        QVERIFY(home.begin());
        QVERIFY2(home.drive([&](const api::SaleRow& sale) { return sale.step >= step; }), home.trouble.c_str());
        const QString node = QString::fromStdString(home.nodeFolder());
        const QString copy = home.folder.filePath(QStringLiteral("copy"));
        const Ended ended = backUp({node, copy}); // while everything runs
        QVERIFY2(ended.code == 0 && ended.said.contains(" files, "), ended.said.constData());
        QVERIFY(!QFile::exists(copy + QStringLiteral("/coordinator/projections.sqlite")));
        QVERIFY(QFile::exists(copy + QStringLiteral("/coordinator/journal.sqlite")));
        QVERIFY(!QFile::exists(copy + QStringLiteral(".part")));
        home.stop();
        QVERIFY(QDir(node).removeRecursively());
        QVERIFY(QDir().rename(copy, node));
        QVERIFY2(home.restart(), home.trouble.c_str());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }),
                 home.trouble.c_str());
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QCOMPARE(opened.readAll(), home.content);
    }

    void nothingIsOverwritten() {
        QTemporaryDir folder;
        QDir(folder.path()).mkdir(QStringLiteral("from"));
        QDir(folder.path()).mkdir(QStringLiteral("to"));
        const Ended ended = backUp({folder.filePath(QStringLiteral("from")), folder.filePath(QStringLiteral("to"))});
        QVERIFY(ended.code == 1 && ended.said.contains("is there already"));
        QVERIFY(backUp({folder.filePath(QStringLiteral("nowhere")), folder.filePath(QStringLiteral("copy"))}).code ==
                1);
        QVERIFY(backUp({folder.path()}).code == 1);
    }
};

QTEST_GUILESS_MAIN(TestCliBackup)
#include "tst_cli_backup.moc"
