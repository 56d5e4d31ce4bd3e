// What the host does at the rim: the effects of a sale, deposits, and deadlines that wait for the rails and for a clock
// that can be trusted.
#include "core/ledger/Ledger.h"
#include "tests/core/host/HostStory.h"

#include <QDir>

using namespace tallylock;
using namespace tallylock::test;
using engine::SaleChanged;
using engine::SaleState;
using Stream = ports::Link::Stream;

namespace {

/// A rail that can be cut off.
class FarRail final : public ports::Rail {
public:
    explicit FarRail(ports::Rail& near) : m_near(near) {}
    std::atomic<bool> cut{false};
    /// When each payment came, by the host's clock; set while it is cut. None: as the rail says, which has its own.
    std::function<std::int64_t(const ports::Sighting&)> cameMs;
    std::string name() const override { return m_near.name(); }
    bool carries(money::UnitId unit) const override { return m_near.carries(unit); }
    Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) override {
        if (cut) return Err(ports::RailError::Unreachable);
        return m_near.expect(unit, key);
    }
    Result<std::vector<ports::Sighting>, ports::RailError> observe(std::uint64_t cursor, std::size_t limit) override {
        if (cut) return Err(ports::RailError::Unreachable);
        auto seen = m_near.observe(cursor, limit);
        if (cameMs && seen) {
            for (ports::Sighting& sighting : *seen) sighting.seenMs = cameMs(sighting);
        }
        return seen;
    }
    Result<std::string, ports::RailError> pay(const std::string& key, const std::string& to,
                                              const money::Amount& amount) override {
        return m_near.pay(key, to, amount);
    }
    Result<money::Amount, ports::RailError> balance(money::UnitId unit) override { return m_near.balance(unit); }

private:
    ports::Rail& m_near;
};

wire::TrialBalance trialBalance(Person& person) { return *person.ask<wire::TrialBalance>(wire::TrialBalanceQuery{}); }

/// Time passes, and the host looks at the clock.
void pass(HostScene& scene, std::int64_t ms) {
    scene.clock.pass(ms);
    scene.host->wake();
}

void forgetSnapshots(HostScene& scene) {
    QDir folder(scene.folder.path());
    for (const QString& name : folder.entryList({QStringLiteral("snapshot-*")})) folder.remove(name);
}

/// The state, and the last command in it.
std::pair<std::optional<Hash>, std::uint64_t> stateAndSequence(HostScene& scene) {
    while (true) {
        const auto sequence = scene.host->status().sequence;
        const auto hash = scene.host->stateHash();
        if (scene.host->status().sequence == sequence) return {hash, sequence};
    }
}

/// A market for the coins of sales, and somebody who bids there.
class Bidding {
public:
    explicit Bidding(HostScene& scene) : m_scene(scene) {
        (void)scene.host->perform({engine::OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), bitcoin(1'000),
                                                          bitcoin(1'000), bitcoin(100'000'000)},
                                   engine::SteerInstrument{{1}, false, usd(50'000)}});
    }
    /// With a thousand dollars.
    void begin() {
        m_bidder = std::make_unique<Person>(m_scene.person("bidder"));
        const Listener listener(*m_bidder->link, Stream::Own);
        m_bidder->mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
        QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
        const auto assigned = listener.eventsOf<engine::IdentifierAssigned>();
        QVERIFY(m_scene.world->bank().transfer(assigned[0].identifier, usd(1'000)).ok());
    }
    bool bid(std::int64_t dollars, std::int64_t coins) {
        return m_bidder->submit(engine::PlaceOrder{{1}, 0, usd(dollars), bitcoin(coins)})->reply.refused ==
               engine::Refused::No;
    }
    void takeBack() { m_bidder->mustSubmit(engine::CancelAllOrders{}); }
    /// Around a restart of the host.
    void leave() { m_bidder->link.reset(); }
    void comeBack() { m_scene.connect(*m_bidder); }

private:
    HostScene& m_scene;
    std::unique_ptr<Person> m_bidder;
};

/// Long enough for a deadline to fire if it were going to.
void giveTimeToGoWrong() { QTest::qSleep(150); }

} // namespace

class TestHostRim : public QObject {
    Q_OBJECT
private slots:
    void carriesASaleThrough() {
        HostScene scene;
        Story story(scene);
        story.tell();
        const auto balance = trialBalance(story.buyer());
        QCOMPARE(balance.lines.size(), std::size_t{2});
        for (const auto& line : balance.lines) {
            QVERIFY(line.debits.value + line.credits.value == 0);
            QVERIFY(line.credits.isPositive());
        }
    }

    /// A restart after each step, from snapshots and from nothing: the sale goes on where it was.
    void carriesASaleThroughRestarts_data() {
        QTest::addColumn<bool>("snapshots");
        QTest::newRow("with snapshots") << true;
        QTest::newRow("without") << false;
    }
    void carriesASaleThroughRestarts() {
        QFETCH(bool, snapshots);
        HostScene scene;
        Story story(scene);
        story.tell([&] {
            const auto before = stateAndSequence(scene);
            const auto told = story.sale();
            story.stop();
            if (!snapshots) forgetSnapshots(scene);
            story.start();
            // The rails go on: where nothing new was seen, nothing is different.
            const auto after = stateAndSequence(scene);
            if (after.second == before.second) QVERIFY(after.first == before.first);
            // All that was told is told again: the next step takes from it what was agreed.
            QVERIFY(eventually([&] {
                const auto now = story.sale();
                return !told || (now && now->step >= told->step && now->contract == told->contract);
            }));
        });
    }

    /// An engine that reads back what another has written asks the same memory, and checks nothing again.
    void readingBackChecksNoSignatureTwice() {
        HostScene scene;
        Story story(scene);
        story.tell();
        story.stop();
        forgetSnapshots(scene);
        const auto openJournal = [&] { return store::SqliteJournal::open(scene.pathOf("journal")); };
        auto journal = openJournal();
        QVERIFY(journal.ok());
        const auto genesis = host::Recovery(**journal, scene.config).genesis(scene.random);
        QVERIFY(genesis.ok());
        store::FileSnapshots none(scene.folder.path().toStdString());
        const auto checked = std::make_shared<engine::CheckedSignatures>();
        const host::Rereading::Source source{scene.config, *genesis, openJournal, none, checked};
        const auto readAll = [&] {
            auto reading = host::Rereading::begin(source, UINT64_MAX);
            const std::uint64_t last = (*journal)->size() - 1; // the first record is no batch
            return reading.ok() && (*reading)->goOn(last, [](const wire::Batch&, const host::Applied&) {}).ok();
        };
        QVERIFY(readAll());
        const auto once = checked->counts();
        QVERIFY(once.known == 0 && once.found >= 8);
        QVERIFY(readAll());
        QCOMPARE(checked->counts().found, once.found);
        QCOMPARE(checked->counts().known, once.found);
    }

    void triesAgainWhatTheOutsideRefuses() {
        HostScene scene;
        MoodyExchange moody(scene.world->firstExchange(), 3);
        scene.firstExchange = &moody;
        Story story(scene);
        story.tell();
        QCOMPARE(moody.calls.load(), 3 * 4); // and no oftener than needed
    }

    /// A quote that nobody has paid in time is made anew once the buyer asks, and is not the old one again.
    void quotesAnewBehindAQuoteThatLapsed() {
        HostScene scene;
        RisingExchange rising(scene.world->firstExchange());
        scene.firstExchange = &rising;
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        const auto first = *story.sale();
        QVERIFY(first.coins == bitcoin(200'000) && first.deadlineMs == *first.quoteUntilMs);
        pass(scene, *first.quoteUntilMs - scene.clock.wallMs() + 1);
        QVERIFY(eventually([&] { return story.sale()->quoteLapsed.has_value(); }));
        story.stop();
        story.start();
        QVERIFY(eventually([&] { return story.sale() && story.sale()->quoteLapsed; }));
        giveTimeToGoWrong();
        QVERIFY(story.sale()->coins == bitcoin(200'000)); // nobody has asked
        story.askForQuote();
        QVERIFY(eventually([&] { return !story.sale()->quoteLapsed; }));
        QVERIFY(story.sale()->coins == bitcoin(220'000) && story.sale()->wallet->address == first.wallet->address);
        QVERIFY(*story.sale()->quoteUntilMs > *first.quoteUntilMs);
        story.fund();
    }

    /// Beyond the cap there is no quote, and the key's deadline ends what waits for one: nobody has paid yet.
    void waitsForTheFloat() {
        HostScene scene;
        scene.quotes.floatCap = usd(99);
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrapUnquoted();
        QVERIFY(story.reaches(SaleState::KeyWrapped));
        pass(scene, scene.config.deadlines.keyMs + 1);
        QVERIFY(story.reaches(SaleState::Void));
        QVERIFY(!story.sale()->coins);
    }

    /// B11 on our own book. The sale does not wait for bids, and what it has brought is sold when they come, also after
    /// a restart; a quote is made from them where they are deep enough.
    void sellsTheCoinsOnTheBook() {
        HostScene scene;
        scene.config.secondExchange = engine::SecondExchange::OwnBook;
        Story story(scene);
        Bidding market(scene);
        const auto left = [&] {
            money::Int128 coins = 0;
            scene.host->visit([&](const engine::Engine& engine) {
                for (const auto& [coin, stock] : engine.coinStocks()) coins += stock.left.value;
            });
            return coins;
        };
        story.tell();
        QVERIFY(*story.sale()->coins == bitcoin(200'000)); // nobody bids: the practice exchange's price
        QVERIFY(left() == 200'000);

        story.stop();
        story.start();
        market.begin();
        QVERIFY(eventually([&] { return market.bid(49'000, 150'000); }));
        QVERIFY(eventually([&] { return left() == 50'000; }));
        QVERIFY(market.bid(44'000, 150'000)); // too far below the reference price
        QVERIFY(market.bid(48'000, 150'000));
        QVERIFY(eventually([&] { return left() == 0; }));
    }

    /// B9 of a sale whose own coins are sold for it. Where too little is bid it waits, asks nobody and journals
    /// nothing; it goes on when there are bids, also after a restart.
    void sellsTheCoinsOfAConvertedSaleAtB9() {
        HostScene scene;
        scene.config.secondExchange = engine::SecondExchange::OwnBook;
        scene.quotes.floatCap = usd(1); // nothing is fronted for it
        Story story(scene);
        story.funding = engine::FundingMode::Converted;
        Bidding market(scene);
        market.begin();
        story.list();
        story.offer();
        story.accept();
        story.wrapUnquoted();
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::KeyWrapped); // nobody bids, and nobody else is asked
        QVERIFY(eventually([&] { return market.bid(50'000, 300'000); }));
        QVERIFY(eventually([&] { return story.sale()->wallet.has_value(); }));
        QVERIFY(*story.sale()->coins == bitcoin(204'000)); // 2 % more than it takes now
        story.fund();
        market.takeBack();
        story.deliver();
        std::uint64_t sequence = 0;
        QVERIFY(eventually([&] { // the rails have been looked at
            const auto now = std::exchange(sequence, scene.host->status().sequence);
            QTest::qSleep(100);
            return now == sequence;
        }));
        const int asked = story.server().readies;
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Delivered);
        QCOMPARE(scene.host->status().sequence, sequence);
        QCOMPARE(story.server().readies.load(), asked);

        market.leave();
        story.stop();
        story.start();
        market.comeBack();
        QVERIFY(market.bid(49'000, 300'000)); // would take 205,000
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Delivered);
        QVERIFY(market.bid(49'500, 203'000));
        story.pay();
        QVERIFY(story.sale()->converted == bitcoin(203'000));
        scene.host->visit([&](const engine::Engine& engine) {
            const HolderId buyer = story.sale()->buyer;
            QVERIFY(engine.ledger().balance(ledger::availableOf(buyer, money::kBtc)).total == 1'000);
            QVERIFY(engine.ledger().balance(ledger::availableOf(buyer, money::kUsd)).total == 48'500'000);
            QVERIFY(engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Treasury, money::kUsd)).total == 0);
            QVERIFY(engine.coinStocks().empty());
        });
        story.send();
        story.unlock();
        market.leave();
    }

    /// What has become due while the outside was slow is answered together, not one batch after the other.
    void carriesOutTogetherWhatIsDue() {
        constexpr std::size_t kSales = 30;
        HostScene scene;
        SlowExchange slow(scene.world->firstExchange());
        scene.firstExchange = &slow;
        scene.start();
        ManySales sales(scene);
        sales.begin();
        QVERIFY(eventually([&] { return slow.asked == 1; }));
        for (std::size_t i = 1; i < kSales; ++i) sales.begin();
        const std::uint64_t before = scene.host->status().batch;
        slow.shut = false;
        QVERIFY(eventually([&] { return sales.withWallet() == kSales; }));
        // Two answers a sale. One by one they were sixty batches.
        QVERIFY2(scene.host->status().batch - before <= kSales,
                 qPrintable(QString::number(scene.host->status().batch - before)));
    }

    void waitsForTheKeyServer() {
        HostScene scene;
        Story story(scene);
        story.server().silent = true;
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.fund();
        story.deliver();
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Delivered); // no dollars move for a key that is gone
        story.server().silent = false;
        story.pay();
    }

    /// Until the parts are reported sent, and not afterwards.
    void sendsTheProofOfPaymentAgain() {
        HostScene scene;
        Story story(scene);
        story.tell([&] {
            if (story.server().releases == 1) QVERIFY(eventually([&] { return story.server().releases >= 3; }));
        });
        const int releases = story.server().releases;
        giveTimeToGoWrong();
        QCOMPARE(story.server().releases.load(), releases);
    }

    void refundsWhenDeliveryFails() {
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.fund();
        pass(scene, scene.config.deadlines.deliveryMs + 1);
        QVERIFY(story.reaches(SaleState::Refunded));
    }

    void creditsDepositsOnce() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        auto listener = std::make_unique<Listener>(*ada.link, Stream::Own);
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
        const auto balances = [&] {
            std::map<money::UnitId, money::Int128> found;
            for (const auto& b : listener->eventsOf<engine::BalanceChanged>()) found[b.total.unit] = b.total.value;
            return found;
        };
        QVERIFY(eventually([&] { return balances().size() == 2; }));
        QVERIFY(balances()[money::kBtc] == 5000);
        QVERIFY(balances()[money::kUsd] == usd(70).value);
        // The last block that the chain makes for this payment has been looked at.
        QVERIFY(eventually([&] { return scene.world->chain().observe(0, 100)->size() == 7; }));
        std::uint64_t sequence = 0;
        QVERIFY(eventually([&] {
            const auto now = scene.host->status().sequence;
            QTest::qSleep(60);
            sequence = scene.host->status().sequence;
            return now == sequence;
        }));
        listener.reset();
        scene.restart();
        giveTimeToGoWrong();
        QCOMPARE(scene.host->status().sequence, sequence); // the cursors were kept: nothing is looked at twice
    }

    /// A crash comes between the journal and the cursor: the page is submitted a second time.
    void aPageThatComesAgainIsNoNews() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        std::string address;
        {
            const Listener listener(*ada.link, Stream::Own);
            QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
            address = listener.eventsOf<engine::IdentifierAssigned>()[0].identifier;
        }
        QVERIFY(scene.world->chain().payTo(address, bitcoin(5000)).ok());
        QVERIFY(eventually([&] { return scene.world->chain().observe(0, 100)->size() == 7; }));
        const auto credited = [&] {
            const Listener listener(*ada.link, Stream::Own);
            return eventually([&] { return !listener.eventsOf<engine::BalanceChanged>().empty(); });
        };
        QVERIFY(credited());
        scene.stop();
        scene.forgetCursorOf("practice-chain");
        scene.start();
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        giveTimeToGoWrong();
        const auto balances = listener.eventsOf<engine::BalanceChanged>();
        QCOMPARE(balances.size(), std::size_t{1});
        QVERIFY(balances[0].total.value == 5000);
    }

    void makesTheIdentifierLaterIfTheRailIsAway() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        far.cut = true;
        scene.start();
        Person ada = scene.person("Ada");
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        scene.restart();
        far.cut = false;
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
    }

    void firesADeadlineWhenItIsDue() {
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        pass(scene, 599'999);
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Offered);
        pass(scene, 2);
        QVERIFY(story.reaches(SaleState::Void));
        const auto before = scene.host->stateHash();
        story.stop();
        forgetSnapshots(scene);
        story.start();
        QVERIFY(scene.host->stateHash() == before); // the tick is in the journal
    }

    /// A payment that lies on the rail unseen must not come too late.
    void firesNoDeadlineBeforeTheRailsAreSeen() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        Story story(scene);
        story.list();
        story.offer();
        far.cut = true;
        giveTimeToGoWrong();
        pass(scene, 700'000);
        giveTimeToGoWrong();
        Person other = scene.person("somebody"); // commands are taken all the while
        QCOMPARE(story.sale()->state, SaleState::Offered);
        far.cut = false;
        QVERIFY(story.reaches(SaleState::Void));
    }

    /// What is paid while the host does not see the chain counts by when it came: in time it buys at the quote, also
    /// where something has come too late beside it; too late it waits for another quote.
    void paymentsBehindAnOutageCountByWhenTheyCame_data() {
        QTest::addColumn<bool>("inTime");
        QTest::newRow("in time, and a little too late beside it") << true;
        QTest::newRow("all of it too late") << false;
    }
    void paymentsBehindAnOutageCountByWhenTheyCame() {
        QFETCH(bool, inTime);
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.agree();
        const SaleChanged quoted = *story.sale();
        far.cut = true;
        giveTimeToGoWrong();
        const auto pay = [&](const money::Amount& coins) {
            QVERIFY(scene.world->chain().payTo(quoted.wallet->address, coins).ok());
        };
        const std::int64_t earlyMs = scene.clock.wallMs();
        pass(scene, *quoted.quoteUntilMs - earlyMs + 1);
        const std::int64_t lateMs = scene.clock.wallMs();
        if (inTime) pay(bitcoin(1'000)); // told of first, though it came last
        pay(*quoted.coins);
        giveTimeToGoWrong();
        QVERIFY(!story.sale()->quoteLapsed); // nobody knows yet
        far.cameMs = [&](const ports::Sighting& seen) {
            return inTime && seen.amount == *quoted.coins ? earlyMs : lateMs;
        };
        far.cut = false;
        if (inTime) {
            QVERIFY(story.reaches(SaleState::Funded));
            QVERIFY(!story.sale()->quoteLapsed && story.sale()->fundingSigned.value_or(false));
        } else {
            QVERIFY(eventually([&] {
                const auto now = *story.sale();
                return now.state == SaleState::Seen && !now.fundingSigned.value_or(true);
            }));
        }
    }

    /// What waits for the host has as much longer as it was off; one that runs notes the time, and nothing is longer.
    void anOutageMakesDeadlinesLonger() {
        constexpr std::int64_t kAwayMs = std::int64_t{73} * 3600 * 1000;
        HostScene scene;
        scene.config.outageMs = engine::kOutageMs;
        Story story(scene);
        story.goToFunded();
        const std::int64_t deadlineMs = story.sale()->deadlineMs;
        QVERIFY(deadlineMs < scene.clock.wallMs() + kAwayMs);
        story.stop();
        scene.clock.pass(kAwayMs);
        story.start();
        QVERIFY(eventually([&] { return story.sale() && story.sale()->deadlineMs == deadlineMs + kAwayMs; }));
        QCOMPARE(story.sale()->state, SaleState::Funded);
        // Half a day in which nothing comes.
        constexpr int kNotes = 144;
        for (int i = 0; i < kNotes; ++i) {
            const std::uint64_t batch = scene.host->status().batch;
            pass(scene, engine::kOutageMs / 2);
            QVERIFY(eventually([&] { return scene.host->status().batch > batch; }));
        }
        QCOMPARE(story.sale()->deadlineMs, deadlineMs + kAwayMs);
        const auto before = scene.host->stateHash();
        story.stop();
        forgetSnapshots(scene);
        story.start();
        QVERIFY(scene.host->stateHash() == before);
    }

    /// Behind an outage with the chain away: one batch makes the deadline longer, and nothing waits for the chain.
    void anOutageIsOneBatchAlsoWhereTheChainIsAway() {
        constexpr std::int64_t kAwayMs = std::int64_t{60} * 3600 * 1000;
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        scene.config.outageMs = engine::kOutageMs;
        scene.config.deadlines.deliveryMs = engine::kOutageMs + 60'000;
        Story story(scene);
        story.goToFunded();
        const std::int64_t deadlineMs = story.sale()->deadlineMs;
        const std::uint64_t batch = scene.host->status().batch;
        story.stop();
        far.cut = true;
        scene.clock.pass(kAwayMs);
        story.start();
        QVERIFY(eventually([&] { return story.sale() && story.sale()->deadlineMs == deadlineMs + kAwayMs; }));
        giveTimeToGoWrong();
        QCOMPARE(scene.host->status().batch, batch + 1);
        QCOMPARE(story.sale()->state, SaleState::Funded);
    }

    /// A batch that another deadline holds within the first minutes of an outage passes none that the outage is to make
    /// longer, before any rail was looked at.
    void nothingIsPassedUnseenBehindAnOutage() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        scene.config.outageMs = engine::kOutageMs;
        scene.config.deadlines.deliveryMs = 180'000;
        Story story(scene);
        story.goToFunded();
        const std::int64_t deadlineMs = story.sale()->deadlineMs;
        // A dead-man switch of somebody else's, two minutes later.
        Person other = scene.person("somebody");
        other.mustSubmit(engine::SetDeadMan{300'000, {}});
        story.stop();
        other.link.reset();
        far.cut = true;
        scene.clock.pass(7'200'000);
        story.start();
        giveTimeToGoWrong();
        QVERIFY(eventually([&] { return story.sale().has_value(); }));
        QVERIFY(story.sale()->state == SaleState::Funded && story.sale()->deadlineMs == deadlineMs);
        far.cut = false;
        QVERIFY(eventually([&] { return story.sale()->deadlineMs > scene.clock.wallMs(); }));
        QCOMPARE(story.sale()->state, SaleState::Funded);
    }

    /// Who is there while a rail is away gets no more time for it: the deadline passes when the rail is back.
    void aRailThatIsAwayIsNoOutage() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        scene.config.outageMs = engine::kOutageMs;
        scene.config.deadlines.deliveryMs = engine::kOutageMs;
        Story story(scene);
        story.goToFunded();
        const std::int64_t deadlineMs = story.sale()->deadlineMs;
        far.cut = true;
        giveTimeToGoWrong();
        for (int i = 0; i < 12; ++i) { // an hour, and the process is awake
            pass(scene, engine::kOutageMs / 2);
            // Between two questions it looks at the clock.
            for (int n = 0; n < 2; ++n) QVERIFY(scene.host->visit([](const engine::Engine&) {}));
        }
        QCOMPARE(story.sale()->state, SaleState::Funded);
        QCOMPARE(story.sale()->deadlineMs, deadlineMs);
        far.cut = false;
        QVERIFY(story.reaches(SaleState::Refunded));
    }

    /// A machine whose clock is a year ahead when it starts.
    void asksForTheClockBehindALongPause() {
        constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;
        HostScene scene;
        scene.longestPauseMs = 30 * kDayMs;
        scene.config.outageMs = engine::kOutageMs;
        Story story(scene);
        story.list();
        story.offer();
        const std::int64_t deadlineMs = story.sale()->deadlineMs;
        story.stop();
        scene.clock.pass(365 * kDayMs);
        story.start();
        QVERIFY(scene.host->status().clockHeld);
        giveTimeToGoWrong();
        Person other = scene.person("somebody"); // commands are taken all the while
        QVERIFY(eventually([&] { return story.sale().has_value(); }));
        QVERIFY(story.sale()->state == SaleState::Offered && story.sale()->deadlineMs == deadlineMs);
        scene.host->confirmClock();
        scene.host->wake();
        QVERIFY(story.reaches(SaleState::Void));
        story.stop();
        scene.clock.pass(29 * kDayMs); // is no such pause
        story.start();
        QVERIFY(!scene.host->status().clockHeld);
    }

    void firesNoDeadlineOnAClockThatWasSet_data() {
        QTest::addColumn<qint64>("jumpMs");
        QTest::addColumn<bool>("held");
        QTest::newRow("a year forward") << qint64{365} * 24 * 3600 * 1000 << true;
        QTest::newRow("six minutes forward") << qint64{360'000} << true;
        QTest::newRow("a day back") << qint64{-24} * 3600 * 1000 << true;
        QTest::newRow("four minutes forward") << qint64{240'000} << false;
        QTest::newRow("four minutes back") << qint64{-240'000} << false;
    }
    void firesNoDeadlineOnAClockThatWasSet() {
        QFETCH(qint64, jumpMs);
        QFETCH(bool, held);
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        pass(scene, 400'000);
        scene.clock.jump(jumpMs);
        scene.host->wake();
        giveTimeToGoWrong();
        QCOMPARE(scene.host->status().clockHeld, held);
        if (held) {
            QCOMPARE(story.sale()->state, SaleState::Offered);
            Person other = scene.person("somebody"); // commands are taken all the while
            scene.host->confirmClock();
            QVERIFY(!scene.host->status().clockHeld);
        }
        // The offer is good for ten minutes by the clock that counts.
        const bool isOver = 400'000 + jumpMs >= 600'000;
        if (isOver) {
            QVERIFY(story.reaches(SaleState::Void));
        } else {
            giveTimeToGoWrong();
            QCOMPARE(story.sale()->state, SaleState::Offered);
        }
    }
};

QTEST_GUILESS_MAIN(TestHostRim)
#include "tst_host_rim.moc"
