// Orders that a party sends, as the coordinator's journal holds them: without a signature of their own while its
// session is open, signed whenever it is not, and neither lost nor doubled when the connection or the coordinator goes.
#include "core/market/Market.h"
#include "tests/core/party/PartyScene.h"

using namespace tallylock;
using namespace tallylock::test;
using api::Side;
using ports::LinkError;

namespace {

/// A link that can be cut, and then reaches the coordinator of now. Its streams go on where they were.
class Line {
public:
    /// What happens to a command. Turned away: told that there is no session or, if it is signed, that the queue is
    /// full; so that it comes again, and sooner or later in the other form.
    enum class Fate { Arrives, LostOnItsWay, AnswerLost, TurnedAway, QueueFull };
    using Connect = std::function<std::shared_ptr<ports::Link>()>;
    using Answered = std::function<void(Result<Bytes, LinkError>)>;
    using OnItem = std::function<void(const wire::StreamItem&)>;

    explicit Line(Connect connect) : m_connect(std::move(connect)) { reconnect(); }

    /// A new connection: whatever was said on the one before about who is who is forgotten.
    void reconnect() {
        std::shared_ptr<ports::Link> old;
        const std::lock_guard lock(m_mutex);
        old = std::exchange(m_link, m_connect());
        for (const auto& flow : m_flows) attach(*flow);
    }
    void request(Bytes frame, Answered done) {
        const auto request = decodeCbor<wire::Request>(frame);
        const bool isBare = std::holds_alternative<wire::SubmitUnsigned>(*request);
        const bool isCommand = isBare || std::holds_alternative<wire::Submit>(*request);
        if (isBare) ++unsignedSent;
        if (std::holds_alternative<wire::OpenSession>(*request)) {
            ++sessionsAsked;
            if (refuseSessions) return done(encodeCbor(wire::Answer(wire::Problem{wire::FrameProblem::NotFound, {}})));
        }
        const Fate fate = isCommand && fates ? fates(isBare) : Fate::Arrives;
        if (fate == Fate::TurnedAway)
            return isBare ? done(encodeCbor(wire::Answer(wire::Problem{wire::FrameProblem::SessionNeeded, {}})))
                          : done(Err(LinkError::Busy));
        if (fate == Fate::QueueFull) return done(Err(LinkError::Busy));
        if (fate == Fate::LostOnItsWay) {
            reconnect();
            return done(Err(LinkError::Closed));
        }
        const std::shared_ptr<ports::Link> link = current();
        if (fate == Fate::Arrives) return link->request(std::move(frame), std::move(done));
        link->request(std::move(frame), [this, done = std::move(done)](const Result<Bytes, LinkError>& answer) {
            if (answer) ++answersLost;
            done(Err(LinkError::Closed));
        });
        reconnect();
    }

    struct Flow {
        ports::Link::Stream stream;
        OnItem onItem;
        std::shared_ptr<std::atomic<std::uint64_t>> cursor;
        std::unique_ptr<ports::Subscription> subscription;
    };
    std::shared_ptr<Flow> subscribe(ports::Link::Stream stream, std::uint64_t cursor, OnItem onItem) {
        auto flow = std::make_shared<Flow>(
            Flow{stream, std::move(onItem), std::make_shared<std::atomic<std::uint64_t>>(cursor), nullptr});
        const std::lock_guard lock(m_mutex);
        attach(*flow);
        m_flows.push_back(flow);
        return flow;
    }
    void unsubscribe(const std::shared_ptr<Flow>& flow) {
        const std::lock_guard lock(m_mutex);
        std::erase(m_flows, flow);
        flow->subscription.reset();
    }

    std::function<Fate(bool isBare)> fates; ///< asked for each command, on the worker
    std::atomic<bool> refuseSessions{false};
    std::atomic<int> sessionsAsked{0};
    std::atomic<int> unsignedSent{0};
    std::atomic<int> answersLost{0};

private:
    std::shared_ptr<ports::Link> current() {
        const std::lock_guard lock(m_mutex);
        return m_link;
    }
    void attach(Flow& flow) {
        flow.subscription.reset();
        flow.subscription = m_link->subscribe(flow.stream, *flow.cursor,
                                              [cursor = flow.cursor, onItem = flow.onItem](const auto& item) {
                                                  *cursor = item.position;
                                                  onItem(item);
                                              });
    }

    Connect m_connect;
    std::mutex m_mutex;
    std::shared_ptr<ports::Link> m_link;
    std::vector<std::shared_ptr<Flow>> m_flows;
};

class LineEnd final : public ports::Link {
public:
    explicit LineEnd(std::shared_ptr<Line> line) : m_line(std::move(line)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) override {
        m_line->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        struct Ends final : ports::Subscription {
            std::shared_ptr<Line> line;
            std::shared_ptr<Line::Flow> flow;
            Ends(std::shared_ptr<Line> of, std::shared_ptr<Line::Flow> begun)
                : line(std::move(of)),
                  flow(std::move(begun)) {}
            ~Ends() override { line->unsubscribe(flow); }
        };
        return std::make_unique<Ends>(m_line, m_line->subscribe(stream, cursor, std::move(onItem)));
    }

private:
    std::shared_ptr<Line> m_line;
};

struct Journaled {
    engine::Command command;
    bool isSigned = true;
    std::uint64_t type() const { return wire::typeOf(command.body); }
};

/// Alice has dollars, and a line to the coordinator.
struct Desk : PartyScene {
    std::shared_ptr<Line> line;
    std::unique_ptr<party::Party> alice;
    const IdentityKey aliceKey = identityNamed("alice").key();

    explicit Desk(bool refuseSessions = false) {
        const engine::OpenInstrument market{"BTC/USD", money::kBtc,      money::kUsd, usd(1), coins(1),
                                            coins(1),  coins(1'000'000), 0,           0};
        const auto opened = host.host->perform({market});
        if (!opened || opened->front().refused != engine::Refused::No) qFatal("no market");
        line =
            std::make_shared<Line>([this]() -> std::shared_ptr<ports::Link> { return host.host->connect(aliceKey); });
        line->refuseSessions = refuseSessions;
        throughCoordinator = [this](const auto&) { return std::make_unique<LineEnd>(line); };
        alice = PartyScene::open("alice");
        const auto bank =
            must<api::DepositRow>([&](auto done) { alice->depositIdentifier(money::kUsd, done); }).identifier;
        if (!host.world->bank().transfer(bank, usd(1'000'000)).ok()) qFatal("no dollars");
        if (!pump.until([&] { return held().has_value(); })) qFatal("no dollars arrived");
    }
    ~Desk() { alice.reset(); }

    static api::Amount coins(std::int64_t tenThousandths) {
        return {money::Int128{tenThousandths} * 10'000, money::kBtc};
    }
    std::optional<api::Amount> held() {
        for (const auto& row : must<std::vector<api::BalanceRow>>([&](auto done) { alice->balances(done); }))
            if (row.unit == money::kUsd) return row.held;
        return std::nullopt;
    }
    /// A coin each.
    static api::OrderRequest buying(std::int64_t dollars) {
        return {InstrumentId{1}, Side::Buy, usd(dollars), coins(10'000), 0};
    }
    api::OrderRow place(std::int64_t dollars) {
        return must<api::OrderRow>([&](auto done) { alice->placeOrder(buying(dollars), done); });
    }
    /// Orders until one goes unsigned. Says how many that were.
    int placeUntilUnsigned(std::int64_t dollars) {
        const int before = line->unsignedSent;
        int placed = 0;
        const bool rides = pump.until([&] {
            place(dollars);
            ++placed;
            return line->unsignedSent > before;
        });
        return rides ? placed : 0;
    }
    void restartCoordinator() {
        keyServer.reset();
        host.restart();
        startKeyServer();
        line->reconnect();
    }
    std::size_t openOrders() const {
        std::size_t count = 0;
        host.host->visit([&](const engine::Engine& engine) { count = engine.market().openOrderCount(); });
        return count;
    }
    /// Everything that Alice has sent, in order. Ends the scene.
    std::vector<Journaled> journal() {
        alice.reset();
        stopServers();
        std::vector<Journaled> sent;
        auto journal = store::SqliteJournal::open(host.pathOf("journal"));
        const auto read = (*journal)->read(2, [&](std::uint64_t, ByteView record) {
            const auto batch = decodeCbor<wire::Batch>(record);
            for (const Bytes& bytes : batch->entries) {
                auto entry = wire::readEntry(bytes, *batch->devices);
                if (entry->command.signer == aliceKey)
                    sent.push_back({std::move(entry->command), !entry->place.has_value()});
            }
            return true;
        });
        if (!read) qFatal("the journal cannot be read");
        return sent;
    }
};

bool isOrder(const Journaled& one) {
    const std::uint64_t type = one.type();
    return type == engine::PlaceOrder::kType || type == engine::CancelOrder::kType ||
           type == engine::ReplaceOrder::kType || type == engine::CancelAllOrders::kType;
}

} // namespace

class TestOrderSessions : public QObject {
    Q_OBJECT
private slots:
    void ordersAreJournaledUnsigned();
    void whoeverAsksForItSignsEach();
    void aRefusedSessionFallsBackToSignatures();
    void aCutLosesAndDoublesNothing();
    void aCutCancelsWhereItIsWanted();
    void aRestartLosesAndDoublesNothing();
};

void TestOrderSessions::ordersAreJournaledUnsigned() {
    Desk desk;
    const auto first = desk.place(100);
    const auto second = desk.place(101);
    const auto changed = desk.ask<api::OrderRow>([&](auto done) {
        desk.alice->replaceOrder(first.id, {std::nullopt, Desk::coins(5'000)}, done);
    });
    QVERIFY(changed.ok());
    desk.mustDo([&](auto done) { desk.alice->cancelOrder(second.id, done); });
    const auto place = desk.must<std::uint64_t>(
        [&](auto done) { desk.alice->treasury().addPayoutAddress(money::kBtc, "bc1-outside", "mine", done); });
    QVERIFY(place != 0);
    desk.mustDo([&](auto done) { desk.alice->guard().armDeadMan(60'000, false, done); });
    QCOMPARE(desk.must<std::uint64_t>([&](auto done) { desk.alice->cancelAllOrders({}, done); }), std::uint64_t{1});
    QCOMPARE(desk.line->sessionsAsked.load(), 1);
    QCOMPARE(desk.line->unsignedSent.load(), 5);

    std::map<std::uint64_t, int> seen;
    std::uint64_t last = 0;
    for (const Journaled& one : desk.journal()) {
        ++seen[one.type()];
        QVERIFY2(one.isSigned != isOrder(one), qPrintable(QString::number(one.type())));
        QVERIFY(one.command.counter > last);
        last = one.command.counter;
    }
    QCOMPARE(seen[engine::PlaceOrder::kType], 2);
    QCOMPARE(seen[engine::ReplaceOrder::kType], 1);
    QCOMPARE(seen[engine::CancelOrder::kType], 1);
    QCOMPARE(seen[engine::CancelAllOrders::kType], 1);
    QCOMPARE(seen[engine::AddPayoutAddress::kType], 1);
    QCOMPARE(seen[engine::SetDeadMan::kType], 1);
    QCOMPARE(seen[engine::RegisterHolder::kType], 1);
}

void TestOrderSessions::whoeverAsksForItSignsEach() {
    Desk desk;
    const auto each = [&] { return desk.must<bool>([&](auto done) { desk.alice->guard().signsOrders(done); }); };
    QVERIFY(!each());
    desk.place(100);
    desk.mustDo([&](auto done) { desk.alice->guard().signOrders(true, done); });
    QVERIFY(each());
    desk.place(101);
    desk.alice.reset();
    desk.alice = desk.open("alice"); // it is remembered
    QVERIFY(each());
    desk.place(102);
    QCOMPARE(desk.line->sessionsAsked.load(), 1); // and none is opened
    desk.mustDo([&](auto done) { desk.alice->guard().signOrders(false, done); });
    QVERIFY(desk.placeUntilUnsigned(103) > 0);
    std::map<std::int64_t, bool> isSigned;
    for (const Journaled& one : desk.journal())
        if (const auto* order = std::get_if<engine::PlaceOrder>(&one.command.body))
            isSigned[static_cast<std::int64_t>(order->price.value / usd(1).value)] = one.isSigned;
    QVERIFY(!isSigned[100] && isSigned[101] && isSigned[102] && !isSigned[103]);
}

void TestOrderSessions::aRefusedSessionFallsBackToSignatures() {
    Desk desk(true);
    for (int i = 0; i < 20; ++i) desk.place(100 + i);
    QCOMPARE(desk.openOrders(), std::size_t{20});
    const int asked = desk.line->sessionsAsked;
    QVERIFY2(asked >= 1 && asked <= 21, qPrintable(QString::number(asked)));
    QCOMPARE(desk.line->unsignedSent.load(), 0);
    desk.line->refuseSessions = false; // and once it is granted, it is used
    const int more = desk.placeUntilUnsigned(99);
    QVERIFY(more > 0);
    int orders = 0;
    for (const Journaled& one : desk.journal()) {
        if (!isOrder(one)) continue;
        QCOMPARE(one.isSigned, ++orders < 20 + more);
    }
    QCOMPARE(orders, 20 + more);
}

/// The line is cut before or after a command has arrived, again and again, while orders are sent in both ways. Whenever
/// an answer is lost the order comes again in the other form: six times, by turns the signed one first and the
/// unsigned.
void TestOrderSessions::aCutLosesAndDoublesNothing() {
    constexpr int kAnswersLost = 6;
    Desk desk;
    int turn = 0;
    bool dueBare = true;          // the next order whose answer is lost: is it unsigned?
    std::optional<bool> lostBare; // and the one that comes again now: was it?
    desk.line->fates = [&](bool isBare) {
        if (lostBare) {
            if (*lostBare == isBare) return Line::Fate::TurnedAway;
            lostBare.reset();
            return Line::Fate::Arrives;
        }
        if (++turn == 2) return Line::Fate::LostOnItsWay;
        if (turn < 5 || isBare != dueBare || desk.line->answersLost == kAnswersLost) return Line::Fate::Arrives;
        turn = 0;
        lostBare = isBare;
        dueBare = !dueBare;
        desk.line->refuseSessions = !dueBare; // this cut takes the session; the next one is opened when it is due
        return Line::Fate::AnswerLost;
    };
    api::Amount wanted = usd(0);
    std::set<OrderId> numbers;
    std::size_t orders = 0;
    const bool lostAll = desk.pump.until([&] {
        const auto row = desk.place(10 + static_cast<std::int64_t>(++orders % 24));
        wanted.value += row.price.value;
        numbers.insert(row.id);
        return desk.line->answersLost == kAnswersLost;
    });
    QVERIFY(lostAll);
    QCOMPARE(numbers.size(), orders);
    QCOMPARE(desk.openOrders(), orders);
    QVERIFY(desk.held() == wanted);
    QVERIFY(desk.placeUntilUnsigned(50) > 0);
    // A repetition has the number and the hash of the first, in whichever form it came.
    std::map<std::uint64_t, Hash> hashes;
    std::map<std::uint64_t, bool> wasSigned;
    int repeated = 0;
    int unsignedAfterSigned = 0;
    int signedAfterUnsigned = 0;
    for (const Journaled& one : desk.journal()) {
        const auto [known, isNew] = hashes.try_emplace(one.command.counter, one.command.hash);
        QVERIFY(known->second == one.command.hash);
        if (isNew) {
            wasSigned[one.command.counter] = one.isSigned;
            continue;
        }
        ++repeated;
        const bool first = wasSigned[one.command.counter];
        unsignedAfterSigned += first && !one.isSigned ? 1 : 0;
        signedAfterUnsigned += !first && one.isSigned ? 1 : 0;
    }
    QCOMPARE(repeated, kAnswersLost);
    QCOMPARE(unsignedAfterSigned, kAnswersLost / 2);
    QCOMPARE(signedAfterUnsigned, kAnswersLost / 2);
}

/// Whoever wants his orders cancelled at the end of a connection has said so on each before an order goes on it,
/// whether a session is open there, or was not opened yet, or none is wanted.
void TestOrderSessions::aCutCancelsWhereItIsWanted() {
    Desk desk;
    const auto cancelOnDisconnect = [&](bool on) {
        desk.mustDo([&](auto done) { desk.alice->guard().cancelOnDisconnect(on, done); });
    };
    const auto cutTakesAll = [&] {
        desk.line->reconnect();
        return desk.pump.until([&] { return desk.openOrders() == 0; });
    };
    desk.place(100);
    cancelOnDisconnect(true);
    QVERIFY(cutTakesAll());
    desk.place(101); // turned away on the new connection, and then signed
    QCOMPARE(desk.openOrders(), std::size_t{1});
    QVERIFY(cutTakesAll());
    QVERIFY(desk.placeUntilUnsigned(10) > 0);
    QVERIFY(cutTakesAll());
    desk.line->refuseSessions = true;
    for (int i = 0; i < 3; ++i) { // without a session from the start
        desk.place(102);
        QCOMPARE(desk.openOrders(), std::size_t{1});
        QVERIFY(cutTakesAll());
    }
    desk.line->refuseSessions = false;
    QVERIFY(desk.placeUntilUnsigned(10) > 0);
    // The pause before the fifth time is so long that a session is open again, and nothing signed goes before.
    int sent = 0;
    desk.line->fates = [&sent](bool) {
        if (++sent > 5) return Line::Fate::Arrives;
        return sent == 5 ? Line::Fate::LostOnItsWay : Line::Fate::QueueFull;
    };
    desk.place(11);
    desk.line->fates = nullptr;
    QCOMPARE(desk.openOrders(), std::size_t{1});
    QVERIFY(cutTakesAll());
    desk.mustDo([&](auto done) { desk.alice->guard().signOrders(true, done); });
    for (int i = 0; i < 2; ++i) {
        desk.place(103);
        QVERIFY(cutTakesAll());
    }
    cancelOnDisconnect(false);
    desk.place(104);
    desk.line->reconnect();
    desk.place(105); // behind all that the cut has caused
    QCOMPARE(desk.openOrders(), std::size_t{2});
}

/// The coordinator goes while an order is on its way, and comes back without its sessions.
void TestOrderSessions::aRestartLosesAndDoublesNothing() {
    Desk desk;
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds; ++round) {
        QVERIFY(desk.placeUntilUnsigned(10) > 0);
        const std::size_t before = desk.openOrders();
        std::vector<OrderId> answered;
        for (int i = 0; i < 3; ++i)
            desk.alice->placeOrder(Desk::buying(100 + round), [&](const api::Answer<api::OrderRow>& row) {
                if (row) answered.push_back(row->id);
            });
        QTest::qSleep(round + 1); // not always at the same point
        desk.restartCoordinator();
        QVERIFY(desk.pump.until([&] { return answered.size() == 3; }));
        QCOMPARE(desk.openOrders(), before + 3);
    }
    QVERIFY(desk.placeUntilUnsigned(10) > 0);
    std::map<std::uint64_t, int> placed; // by price
    std::set<std::uint64_t> counters;
    for (const Journaled& one : desk.journal()) {
        const auto* order = std::get_if<engine::PlaceOrder>(&one.command.body);
        if (order && counters.insert(one.command.counter).second)
            ++placed[static_cast<std::uint64_t>(order->price.value / usd(1).value)];
    }
    for (int round = 0; round < kRounds; ++round) QCOMPARE(placed[static_cast<std::uint64_t>(100 + round)], 3);
}

QTEST_GUILESS_MAIN(TestOrderSessions)
#include "tst_order_sessions.moc"
