// An app watches its coordinator's history by itself, and remembers what it found.
#include "tests/core/party/PartyScene.h"

using namespace tallylock;
using namespace tallylock::test;
using api::HistoryAlarm;

class TestWitnesses : public QObject {
    Q_OBJECT

    static api::HistoryCheckRow rowOf(PartyScene& scene, party::Party& party) {
        return scene.must<api::HistoryCheckRow>([&](auto done) { party.historyCheck(done); });
    }
    /// Somebody with an account, all of whose events are proven.
    static std::unique_ptr<party::Party> checkedParty(PartyScene& scene) {
        auto ada = scene.open("Ada");
        scene.must<HolderId>([&](auto done) { ada->registerHolder("Ada", false, done); });
        scene.must<api::DepositRow>([&](auto done) { ada->depositIdentifier(money::kUsd, done); });
        const auto isChecked = [&] {
            const auto row = rowOf(scene, *ada);
            return row.events >= 2 && row.unproven == 0;
        };
        if (!scene.pump.until(isChecked)) qFatal("nothing is proven");
        return ada;
    }

private slots:
    void itIsCheckedByItself() {
        PartyScene scene;
        const auto ada = checkedParty(scene);
        const auto row = rowOf(scene, *ada);
        QCOMPARE(row.alarm, HistoryAlarm::None);
        QVERIFY(row.checkedMs != 0 && row.batches >= 2);
    }

    void anHonestRestartIsNoAlarm() {
        PartyScene scene;
        auto ada = checkedParty(scene);
        const auto before = rowOf(scene, *ada);
        ada.reset();
        scene.stopServers();
        scene.host.forgetAllButTheJournal();
        scene.host.start();
        scene.startKeyServer();
        ada = scene.open("Ada");
        QVERIFY(scene.pump.until([&] { return rowOf(scene, *ada).checkedMs != 0; }));
        const auto after = rowOf(scene, *ada);
        QCOMPARE(after.alarm, HistoryAlarm::None);
        QVERIFY(after.events >= before.events && after.batches >= before.batches);
    }

    /// Told at once, and still after the coordinator has caught up and the app was started anew.
    void aLostEndIsTold() {
        PartyScene scene;
        auto ada = checkedParty(scene);
        ada.reset();
        scene.stopServers();
        scene.host.forgetBatches(2);
        scene.host.start();
        scene.startKeyServer();
        ada = scene.open("Ada");
        QVERIFY(scene.pump.until([&] { return rowOf(scene, *ada).alarm != HistoryAlarm::None; }));
        QCOMPARE(rowOf(scene, *ada).alarm, HistoryAlarm::Lost);
        ada.reset();
        for (int i = 0; i < 5; ++i) scene.host.person("Bob " + std::to_string(i));
        ada = scene.open("Ada");
        QVERIFY(scene.pump.until([&] { return rowOf(scene, *ada).alarm != HistoryAlarm::None; }));
        QCOMPARE(rowOf(scene, *ada).alarm, HistoryAlarm::Lost);
    }
};

QTEST_GUILESS_MAIN(TestWitnesses)
#include "tst_witnesses.moc"
