// Cancel on disconnect: a session that ends takes its user's orders with it, durably, behind all that it has submitted.
#include "HostScene.h"
#include "core/market/Market.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {
money::Amount coins(std::int64_t tenThousandths) { return {money::Int128{tenThousandths} * 10'000, money::kBtc}; }

struct Trading : HostScene {
    Trading() {
        start();
        const auto opened = host->perform({engine::OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), coins(1),
                                                                  coins(1), coins(1'000'000), 0, 0}});
        if (!opened || opened->front().refused != engine::Refused::No) qFatal("no market");
    }
    /// With dollars in the account.
    Person trader(const std::string& name) {
        Person somebody(name);
        connect(somebody);
        const HolderId holder{somebody.mustSubmit(engine::RegisterHolder{name, false, somebody.identity.boxKey()})};
        const std::string place = "to " + name;
        const auto paid = host->perform({engine::AssignDepositIdentifier{holder, money::kUsd, "bank", place},
                                         engine::ObserveBankEntry{"bank", "from " + name, place, usd(100'000), 1}});
        if (!paid || paid->back().refused != engine::Refused::No) qFatal("no money");
        return somebody;
    }
    static engine::PlaceOrder buying(std::int64_t price) { return {{1}, 0, usd(price), coins(1), 0}; }
    std::size_t openOrders() const {
        std::size_t count = 0;
        host->visit([&](const engine::Engine& engine) { count = engine.market().openOrderCount(); });
        return count;
    }
};

bool asksFor(Person& person, bool cancel) {
    return person.ask<wire::Accepted>(wire::SessionSetting{cancel}).has_value();
}
} // namespace

class TestSessions : public QObject {
    Q_OBJECT
private slots:
    void withoutTheSettingOrdersStay() {
        Trading t;
        Person ann = t.trader("ann");
        ann.mustSubmit(Trading::buying(100));
        ann.link.reset();
        Person bob = t.trader("bob"); // asks for it, and takes it back
        bob.mustSubmit(Trading::buying(101));
        QVERIFY(asksFor(bob, true) && asksFor(bob, false));
        bob.link.reset();
        Person eve = t.trader("eve"); // something that comes later in the journal
        QCOMPARE(t.openOrders(), std::size_t{2});
    }

    void anEndedSessionTakesItsOrders() {
        Trading t;
        Person ann = t.trader("ann");
        Person bob = t.trader("bob");
        ann.mustSubmit(Trading::buying(100));
        bob.mustSubmit(Trading::buying(101));
        QVERIFY(asksFor(ann, true));
        const std::uint64_t before = t.host->status().sequence;
        ann.link.reset();
        QVERIFY(eventually([&] { return t.openOrders() == 1; }));
        QCOMPARE(t.host->status().sequence, before + 1); // it is in the journal
        const auto hash = t.host->stateHash();
        t.restart();
        QVERIFY(t.host->stateHash() == hash);
        QCOMPARE(t.openOrders(), std::size_t{1});
    }

    /// What was submitted before the session ended is done before its end.
    void nothingSlipsThrough() {
        Trading t;
        Person ann = t.trader("ann");
        QVERIFY(asksFor(ann, true));
        for (int round = 0; round < 20; ++round) {
            std::vector<std::future<void>> replies;
            for (int i = 0; i < 20; ++i) {
                const auto promise = std::make_shared<std::promise<void>>();
                replies.push_back(promise->get_future());
                ann.link->request(encodeCbor(wire::Request(wire::Submit{
                                      wire::sealCommand(ann.identity, ++ann.counter, Trading::buying(100 + i))})),
                                  [promise](const auto&) { promise->set_value(); });
            }
            ann.link.reset();
            for (auto& reply : replies) reply.wait();
            QVERIFY2(eventually([&] { return t.openOrders() == 0; }), "an order outlived its session");
            t.connect(ann);
            QVERIFY(asksFor(ann, true));
        }
    }

    /// A new session takes the place of one that is breaking: nothing is cancelled.
    void theLastOfSeveralCancels() {
        Trading t;
        Person ann = t.trader("ann");
        ann.mustSubmit(Trading::buying(100));
        QVERIFY(asksFor(ann, true));
        std::unique_ptr<ports::Link> breaking = std::move(ann.link);
        t.connect(ann);
        QVERIFY(asksFor(ann, true));
        breaking.reset();
        Person bob = t.trader("bob");
        QCOMPARE(t.openOrders(), std::size_t{1});
        ann.link.reset();
        QVERIFY(eventually([&] { return t.openOrders() == 0; }));
    }

    /// A host that stops ends all sessions, and says so in the journal before it closes.
    void aStopTakesThemAll() {
        Trading t;
        Person ann = t.trader("ann");
        Person bob = t.trader("bob");
        ann.mustSubmit(Trading::buying(100));
        bob.mustSubmit(Trading::buying(101));
        QVERIFY(asksFor(ann, true));
        t.restart();
        QCOMPARE(t.openOrders(), std::size_t{1});
        ann.link.reset(); // it outlived its host
        QCOMPARE(t.openOrders(), std::size_t{1});
    }

    /// After a crash nobody says that a session has ended: the dead-man switch does it, at the first start.
    void afterACrashTheDeadManSwitchCovers() {
        Trading t;
        Person ann = t.trader("ann");
        ann.mustSubmit(Trading::buying(100));
        ann.mustSubmit(engine::SetDeadMan{60'000, false});
        t.stop(); // without the setting, as after a crash: nothing is cancelled
        t.clock.pass(120'000);
        t.start();
        QVERIFY(eventually([&] { return t.openOrders() == 0; }));
    }
};

QTEST_GUILESS_MAIN(TestSessions)
#include "tst_sessions.moc"
