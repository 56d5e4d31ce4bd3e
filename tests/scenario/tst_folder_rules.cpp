// A folder goes on under the rules that its journal began with, and says what of it is missing.
#include "app/servers/ServerSeeds.h"
#include "core/money/Decimal.h"
#include "core/store/SqliteJournal.h"
#include "core/wire/Batch.h"
#include "tests/scenario/Household.h"

#include <QDir>
#include <QTest>

using namespace tallylock;
using namespace tallylock::test;

class TestFolderRules : public QObject {
    Q_OBJECT

    static QString fileIn(const Household& home, const char* name) {
        return QString::fromStdString(home.nodeFolder()) + QLatin1Char('/') + QLatin1String(name);
    }
    static engine::PartyKeys keysIn(const Household& home, const char* name) {
        SystemRandom random;
        const auto identity = app::serverIdentity(fileIn(home, name).toStdString(), {}, random);
        return {identity->key(), identity->boxKey()};
    }
    /// A coordinator of the time before disputes: no arbiter, no time to look, other fees.
    static void beginAsOfOld(const Household& home) {
        wire::Genesis genesis;
        genesis.config.coordinator = keysIn(home, "coordinator/identity");
        genesis.config.keyServer = keysIn(home, "keyserver/identity");
        genesis.config.dollars = money::kUsd;
        genesis.config.saleFeeBasisPoints = 200;
        genesis.nonce = SystemRandom().fixed<Hash>();
        auto journal = store::SqliteJournal::open(fileIn(home, "coordinator/journal.sqlite").toStdString());
        QVERIFY(journal.ok());
        QVERIFY((*journal)->append({encodeCbor(genesis)}).ok());
    }

private slots:
    void theRulesOfOldStay() {
        Household home;
        QVERIFY(home.start());
        home.stop();
        QDir coordinator(fileIn(home, "coordinator"));
        for (const QString& name : coordinator.entryList({QStringLiteral("journal*"), QStringLiteral("projections*")}))
            QVERIFY(coordinator.remove(name));
        QVERIFY(QDir(coordinator.filePath(QStringLiteral("snapshots"))).removeRecursively());
        beginAsOfOld(home);

        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }),
                 home.trouble.c_str());
        const auto detail =
            home.get<api::SaleDetail>([&](auto done) { home.buyer->sale(home.salesOf(home.buyer).front().id, done); });
        QVERIFY(detail && detail->fee == money::parseAmount("1.90", money::kUsd).value()); // two of a hundred
        QVERIFY(detail->inspectionEndsMs == 0);
        QVERIFY(detail->standbyWords.empty()); // nor does anybody take over
        QVERIFY(home.restart());
        QCOMPARE(home.salesOf(home.buyer).size(), std::size_t{1});
    }

    /// The journal names this arbiter: another one could decide nothing.
    void theArbiterIsNotMadeAnew() {
        Household home;
        QVERIFY(home.begin());
        home.stop();
        QVERIFY(QFile::remove(fileIn(home, "coordinator/arbiter")));
        const auto started = home.start();
        QVERIFY(!started);
        QCOMPARE(started.error().problem, api::Problem::FolderDamaged);
        QVERIFY(QByteArray::fromStdString(started.error().detail).contains("arbiter"));
    }
};

QTEST_GUILESS_MAIN(TestFolderRules)
#include "tst_folder_rules.moc"
