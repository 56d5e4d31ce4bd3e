// The ledger against rail and bank: what differs, what explains it, and what does not.
#include "HostScene.h"
#include "core/ledger/Ledger.h"

using namespace tallylock;
using namespace tallylock::test;
using host::Inside;
using host::Reconciled;

namespace {
money::Amount btc(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

Reconciled of(const std::vector<Reconciled>& rows, money::UnitId unit) {
    for (const Reconciled& row : rows) {
        if (row.inside.unit == unit) return row;
    }
    qFatal("no such unit");
}

host::Holding holding(std::optional<money::Int128> amount) {
    return {"rail", [](money::UnitId unit) { return unit == money::kBtc; },
            [amount](money::UnitId unit) -> Result<money::Amount, ports::RailError> {
                if (!amount) return Err(ports::RailError::Unreachable);
                return money::Amount{*amount, unit};
            }};
}
} // namespace

class TestReconcile : public QObject {
    Q_OBJECT
private slots:
    void whatExplainsADifference_data() {
        QTest::addColumn<int>("ledger");
        QTest::addColumn<int>("unconfirmed");
        QTest::addColumn<int>("paying");
        QTest::addColumn<int>("outside");
        QTest::addColumn<int>("unexplained");
        QTest::newRow("nothing anywhere") << 0 << 0 << 0 << 0 << 0;
        QTest::newRow("as it should be") << 100 << 0 << 0 << 100 << 0;
        QTest::newRow("too little") << 100 << 0 << 0 << 99 << -1;
        QTest::newRow("too much") << 100 << 0 << 0 << 101 << 1;
        QTest::newRow("a deposit on its way") << 100 << 20 << 0 << 120 << 0;
        QTest::newRow("a deposit that is not there") << 100 << 20 << 0 << 100 << -20;
        QTest::newRow("asked to pay, and has not") << 100 << 0 << 30 << 100 << 0;
        QTest::newRow("asked to pay, and has") << 100 << 0 << 30 << 70 << 0;
        QTest::newRow("has paid one of two") << 100 << 0 << 30 << 90 << 0;
        QTest::newRow("more is gone than was to be paid") << 100 << 0 << 30 << 65 << -5;
        QTest::newRow("payouts do not explain too much") << 100 << 0 << 30 << 105 << 5;
        QTest::newRow("both") << 100 << 20 << 30 << 90 << 0;
    }
    void whatExplainsADifference() {
        QFETCH(int, ledger);
        QFETCH(int, unconfirmed);
        QFETCH(int, paying);
        QFETCH(int, outside);
        QFETCH(int, unexplained);
        const Inside inside{money::kBtc, ledger, unconfirmed, paying, 0};
        const Reconciled row = host::reconcile({inside}, {holding(outside)}).front();
        QVERIFY(row.outside && *row.outside == outside && row.place == "rail");
        QVERIFY(row.difference == outside - ledger);
        QVERIFY(row.unexplained == unexplained);
    }

    void whoDoesNotAnswer() {
        const Reconciled silent = host::reconcile({{money::kBtc, 100, 0, 0, 0}}, {holding(std::nullopt)}).front();
        QVERIFY(!silent.outside && silent.place == "rail" && silent.unexplained == 0);
        // A unit that nobody carries, and that the ledger has all the same.
        const Reconciled nobody = host::reconcile({{money::kEur, 100, 0, 0, 0}}, {holding(0)}).front();
        QVERIFY(!nobody.outside && nobody.place.empty() && nobody.unexplained == -100);
    }

    void aRunningHost() {
        HostScene scene;
        scene.start();
        Person ann = scene.person("ann");
        ann.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        std::string address;
        Listener own(*ann.link, ports::Link::Stream::Own);
        QVERIFY(eventually([&] {
            const auto assigned = own.eventsOf<engine::IdentifierAssigned>();
            if (assigned.empty()) return false;
            address = assigned.front().identifier;
            return true;
        }));
        QVERIFY(scene.world->chain().payTo(address, btc(5000)).ok());
        const auto row = [&] { return of(*scene.host->reconcile(), money::kBtc); };
        QVERIFY(eventually([&] { return row().inside.ledger == 5000; }));
        QVERIFY(row().outside && *row().outside == 5000 && row().unexplained == 0);
        // Paid out: the ledger and the chain follow.
        const treasury::PayoutAddressId place{ann.mustSubmit(engine::AddPayoutAddress{money::kBtc, "outside", ""})};
        ann.mustSubmit(engine::RequestWithdrawal{place, btc(1000)});
        QVERIFY(eventually([&] { return row().inside.ledger == 4000; }));
        QVERIFY(*row().outside == 4000 && row().unexplained == 0 && row().inside.paying == 0);
        // Money that arrived behind the ledger's back is told.
        std::vector<host::PurposeSum> sums;
        scene.host->visit([&](const engine::Engine& engine) { sums = host::purposeSums(engine.ledger()); });
        std::map<money::UnitId, money::Int128> totals;
        for (const host::PurposeSum& sum : sums) totals[sum.unit] += sum.balance.total;
        QVERIFY(!totals.empty());
        for (const auto& [unit, total] : totals) QVERIFY(total == 0);
    }

    void suspenseIsHeldToo() {
        HostScene scene;
        scene.start();
        QVERIFY(scene.world->bank().transfer("nobody's", usd(70)).ok());
        const auto row = [&] { return of(*scene.host->reconcile(), money::kUsd); };
        QVERIFY(eventually([&] { return row().inside.ledger == usd(70).value; }));
        QVERIFY(row().difference == 0 && row().unexplained == 0);
    }
};

QTEST_GUILESS_MAIN(TestReconcile)
#include "tst_reconcile.moc"
