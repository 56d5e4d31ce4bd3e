// Withdrawals through the host and the practice rails: paid once, whatever the rail answers and whenever the host ends.
#include "tests/core/host/HostScene.h"

using namespace tallylock;
using namespace tallylock::test;
using treasury::WithdrawalState;
using Stream = ports::Link::Stream;

namespace {

money::Amount bitcoin(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

/// A rail that says what a test tells it to.
class MoodyRail final : public ports::Rail {
public:
    enum class Mood { Fine, AwayBefore, LostReply, Refuses };
    explicit MoodyRail(ports::Rail& near) : m_near(near) {}
    std::atomic<Mood> mood{Mood::Fine};
    std::atomic<int> asked{0};
    std::string name() const override { return m_near.name(); }
    bool carries(money::UnitId unit) const override { return m_near.carries(unit); }
    Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) override {
        return m_near.expect(unit, key);
    }
    Result<std::vector<ports::Sighting>, ports::RailError> observe(std::uint64_t cursor, std::size_t limit) override {
        return m_near.observe(cursor, limit);
    }
    Result<std::string, ports::RailError> pay(const std::string& key, const std::string& to,
                                              const money::Amount& amount) override {
        ++asked;
        if (mood == Mood::Refuses) return Err(ports::RailError::Refused);
        if (mood == Mood::AwayBefore) return Err(ports::RailError::Unreachable);
        auto paid = m_near.pay(key, to, amount);
        if (mood == Mood::LostReply) return Err(ports::RailError::Unreachable);
        return paid;
    }
    Result<money::Amount, ports::RailError> balance(money::UnitId unit) override { return m_near.balance(unit); }

private:
    ports::Rail& m_near;
};

/// Ada with coins and dollars that came over the practice rails, and an address outside for each.
struct Payer {
    HostScene scene;
    MoodyRail rail{scene.world->chain()};
    Person ada{"Ada"};
    std::unique_ptr<Listener> listener;
    treasury::PayoutAddressId coins{};
    treasury::PayoutAddressId dollars{};

    Payer() {
        scene.rail = &rail;
        scene.start();
        ada = scene.person("Ada");
        listen();
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
        QVERIFY(eventually([&] { return listener->eventsOf<engine::IdentifierAssigned>().size() == 2; }));
        for (const auto& assigned : listener->eventsOf<engine::IdentifierAssigned>()) {
            if (assigned.unit == money::kBtc) {
                QVERIFY(scene.world->chain().payTo(assigned.identifier, bitcoin(5000)).ok());
            } else {
                QVERIFY(scene.world->bank().transfer(assigned.identifier, usd(70)).ok());
            }
        }
        QVERIFY(eventually([&] { return total(money::kBtc) == 5000 && total(money::kUsd) == usd(70).value; }));
        coins = {ada.mustSubmit(engine::AddPayoutAddress{money::kBtc, "outside-btc", ""})};
        dollars = {ada.mustSubmit(engine::AddPayoutAddress{money::kUsd, "DE00", ""})};
    }
    ~Payer() { hangUp(); }
    void listen() {
        scene.connect(ada);
        listener = std::make_unique<Listener>(*ada.link, Stream::Own);
    }
    void hangUp() {
        listener.reset();
        ada.link.reset();
    }
    void restart() {
        hangUp();
        scene.restart();
        listen();
    }
    money::Int128 total(money::UnitId unit) const {
        money::Int128 last = -1;
        for (const auto& b : listener->eventsOf<engine::BalanceChanged>()) {
            if (b.total.unit == unit) last = b.total.value;
        }
        return last;
    }
    bool reaches(std::uint64_t id, WithdrawalState state) const {
        return eventually([&] {
            for (const auto& e : listener->eventsOf<engine::WithdrawalChanged>()) {
                if (e.withdrawal.id.value == id && e.withdrawal.state == state) return true;
            }
            return false;
        });
    }
    money::Int128 outside(const char* place, money::UnitId unit) const {
        return scene.world->paidTo(unit, place)->value;
    }
};

} // namespace

class TestPayouts : public QObject {
    Q_OBJECT
private slots:
    void paysCoinsAndMoney() {
        Payer p;
        const auto coins = p.ada.mustSubmit(engine::RequestWithdrawal{p.coins, bitcoin(1200)});
        const auto dollars = p.ada.mustSubmit(engine::RequestWithdrawal{p.dollars, usd(30)});
        QVERIFY(p.reaches(coins, WithdrawalState::Sent));
        QVERIFY(p.reaches(dollars, WithdrawalState::Sent));
        QVERIFY(p.outside("outside-btc", money::kBtc) == 1200);
        QVERIFY(p.outside("DE00", money::kUsd) == usd(30).value);
        QVERIFY(eventually([&] { return p.total(money::kBtc) == 3800 && p.total(money::kUsd) == usd(40).value; }));
        // What the ledger says lies outside is what the rails say.
        QVERIFY(p.scene.world->chain().balance(money::kBtc)->value == 3800);
        QVERIFY(p.scene.world->bank().balance(money::kUsd)->value == usd(40).value);
        const auto last = p.listener->eventsOf<engine::WithdrawalChanged>().back().withdrawal;
        QVERIFY(!last.rail.empty() && !last.reference.empty());
    }

    /// The rail pays, and its answer is lost; the host ends and begins again: still one payment.
    void paysOnceAcrossLostRepliesAndRestarts_data() {
        QTest::addColumn<int>("mood");
        QTest::newRow("away") << static_cast<int>(MoodyRail::Mood::AwayBefore);
        QTest::newRow("reply lost") << static_cast<int>(MoodyRail::Mood::LostReply);
    }
    void paysOnceAcrossLostRepliesAndRestarts() {
        QFETCH(const int, mood);
        Payer p;
        p.rail.mood = static_cast<MoodyRail::Mood>(mood);
        const auto id = p.ada.mustSubmit(engine::RequestWithdrawal{p.coins, bitcoin(1200)});
        QVERIFY(p.reaches(id, WithdrawalState::Paying));
        QVERIFY(eventually([&] { return p.rail.asked >= 3; }));
        const auto late = p.ada.submit(engine::CancelWithdrawal{{id}});
        QCOMPARE(late->reply.refused, engine::Refused::WithdrawalWrongState);
        p.restart();
        const int before = p.rail.asked;
        QVERIFY(eventually([&] { return p.rail.asked > before; })); // goes on by itself
        p.rail.mood = MoodyRail::Mood::Fine;
        QVERIFY(p.reaches(id, WithdrawalState::Sent));
        QVERIFY(p.outside("outside-btc", money::kBtc) == 1200);
        p.restart();
        QVERIFY(eventually([&] { return p.total(money::kBtc) == 3800; }));
        QVERIFY(p.outside("outside-btc", money::kBtc) == 1200);
    }

    void whatTheRailRefusesIsFreeAgain() {
        Payer p;
        p.rail.mood = MoodyRail::Mood::Refuses;
        const auto id = p.ada.mustSubmit(engine::RequestWithdrawal{p.coins, bitcoin(5000)});
        QVERIFY(p.reaches(id, WithdrawalState::Failed));
        QCOMPARE(p.rail.asked.load(), 1);
        p.rail.mood = MoodyRail::Mood::Fine;
        const auto again = p.ada.mustSubmit(engine::RequestWithdrawal{p.coins, bitcoin(5000)});
        QVERIFY(p.reaches(again, WithdrawalState::Sent));
        QVERIFY(p.outside("outside-btc", money::kBtc) == 5000);
    }

    /// A frozen account moves nothing; a restricted one may still take out what it has.
    void standingDecidesWhoMayLeave() {
        Payer p;
        const auto standing = [&](parties::Standing to) {
            const auto replies =
                p.scene.host->perform({engine::SetStanding{{1}, static_cast<std::uint8_t>(to), "case 1"}});
            QVERIFY(replies && replies->front().refused == engine::Refused::No);
        };
        standing(parties::Standing::Frozen);
        QCOMPARE(p.ada.submit(engine::RequestWithdrawal{p.coins, bitcoin(1)})->reply.refused,
                 engine::Refused::AccountFrozen);
        standing(parties::Standing::Restricted);
        const auto id = p.ada.mustSubmit(engine::RequestWithdrawal{p.coins, bitcoin(1)});
        QVERIFY(p.reaches(id, WithdrawalState::Sent));
        QCOMPARE(p.rail.asked.load(), 1);
    }
};

QTEST_GUILESS_MAIN(TestPayouts)
#include "tst_payouts.moc"
