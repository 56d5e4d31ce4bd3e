// Rules over transactions: what each kind sees and does not see, the edges of its window, bounded memory, and the life
// of a case.
#include "core/treasury/Watch.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::treasury;

namespace {
constexpr HolderId kAnn{1};
constexpr HolderId kBob{2};
constexpr std::int64_t kStartMs = 1'700'000'000'000;

money::Amount usd(std::int64_t dollars) { return {money::Int128{dollars} * 100'000'000, money::kUsd}; }

WatchRule rule(std::uint64_t id, RuleKind kind, const money::Amount& amount, std::int64_t windowMs = 0,
               std::uint32_t count = 0, std::uint32_t near = 0) {
    return {{id}, kind, Way::Out, amount, windowMs, count, near, false};
}

Bytes stateOf(const Watch& watch) {
    CborWriter writer;
    watch.save(writer);
    return writer.take();
}

struct Post {
    Watch watch;
    std::int64_t nowMs = kStartMs;
    /// The rules that this withdrawal meets.
    std::vector<std::uint64_t> pays(HolderId holder, const money::Amount& amount, bool listed = false) {
        std::vector<std::uint64_t> met;
        for (const Case& one : watch.note({holder, Way::Out, amount, "place", listed, {7}}, nowMs))
            met.push_back(one.rule.value);
        return met;
    }
    void set(const WatchRule& wanted) {
        if (!watch.setRule(wanted, nowMs)) qFatal("the rule is not good");
    }
    bool survives() const {
        const Bytes bytes = stateOf(watch);
        CborReader reader(bytes);
        const auto again = Watch::load(reader);
        return again && reader.finish() && stateOf(*again) == bytes && again->isHeld(kAnn) == watch.isHeld(kAnn);
    }
};
using Met = std::vector<std::uint64_t>;
} // namespace

class TestWatch : public QObject {
    Q_OBJECT
private slots:
    void badRules_data() {
        QTest::addColumn<int>("fault");
        for (int i = 0; i < 15; ++i) QTest::newRow(std::to_string(i).c_str()) << i;
    }
    void badRules() {
        QFETCH(int, fault);
        WatchRule size = rule(1, RuleKind::Size, usd(100));
        WatchRule speed = rule(1, RuleKind::Speed, usd(0), 1000, 2);
        WatchRule parts = rule(1, RuleKind::Structuring, usd(100), 1000, 2, 8000);
        WatchRule list = rule(1, RuleKind::Address, usd(0));
        Watch watch;
        for (const WatchRule& good : {size, speed, parts, list}) QVERIFY(watch.setRule(good, kStartMs).ok());
        WatchRule bad = size;
        switch (fault) {
        case 0: bad.id = {}; break;
        case 1: bad.kind = RuleKind::kCount; break;
        case 2: bad.way = Way::kCount; break;
        case 3: bad.amount.unit = {99}; break;
        case 4: bad.amount = usd(0); break;
        case 5: bad.amount = usd(-1); break;
        case 6: bad.windowMs = 1; break;
        case 7: bad.nearBasisPoints = 1; break;
        case 8: (bad = speed).windowMs = 0; break;
        case 9: (bad = speed).windowMs = Watch::kLongestWindowMs + 1; break;
        case 10: (bad = speed).count = Watch::kMostCount + 1; break;
        case 11: (bad = parts).nearBasisPoints = 10'000; break;
        case 12: (bad = parts).nearBasisPoints = 0; break;
        case 13: (bad = list).amount = usd(1); break;
        default: (bad = list).way = Way::In; break;
        }
        const Bytes before = stateOf(watch);
        QVERIFY(watch.setRule(bad, kStartMs).error() == WatchError::RuleInvalid);
        QVERIFY(stateOf(watch) == before);
    }

    void rulesAreBounded() {
        Watch watch;
        for (std::uint64_t id = 1; id <= Watch::kMostRules; ++id)
            QVERIFY(watch.setRule(rule(id, RuleKind::Size, usd(1)), kStartMs).ok());
        QVERIFY(watch.setRule(rule(101, RuleKind::Size, usd(1)), kStartMs).error() == WatchError::RulesTooMany);
        QVERIFY(watch.setRule(rule(100, RuleKind::Size, usd(2)), kStartMs).ok()); // changes one
        QVERIFY(watch.removeRule({101}, kStartMs).error() == WatchError::RuleUnknown);
        QVERIFY(watch.removeRule({100}, kStartMs).ok());
        QVERIFY(watch.setRule(rule(101, RuleKind::Size, usd(1)), kStartMs).ok());
    }

    void size() {
        Post post;
        QCOMPARE(post.pays(kAnn, usd(1'000'000)), Met{}); // no rules
        post.set(rule(1, RuleKind::Size, usd(1000)));
        QCOMPARE(post.pays(kAnn, {usd(1000).value - 1, money::kUsd}), Met{});
        QCOMPARE(post.pays(kAnn, {usd(1000).value, money::kEur}), Met{}); // another unit
        QCOMPARE(post.watch.note({kAnn, Way::In, usd(5000), "bank", false, {}}, kStartMs).size(), std::size_t{0});
        QCOMPARE(post.pays(kAnn, usd(1000)), Met{1});
        QVERIFY(post.survives());
    }

    void speed() {
        Post post;
        post.set(rule(1, RuleKind::Speed, usd(0), 1000, 3));
        post.set(rule(2, RuleKind::Speed, usd(100), 1000, 1));
        QCOMPARE(post.pays(kAnn, usd(10)), Met{});
        post.nowMs += 999;
        QCOMPARE(post.pays(kAnn, usd(10)), Met{});
        QCOMPARE(post.pays(kBob, usd(10)), Met{}); // somebody else's
        post.nowMs += 1;                           // the first is out of the window
        QCOMPARE(post.pays(kAnn, usd(10)), Met{});
        QCOMPARE(post.pays(kAnn, usd(10)), Met{1});
        QCOMPARE(post.pays(kAnn, usd(70)), (Met{1, 2}));
        QVERIFY(post.survives());
    }

    /// Each just below the line, and several of them; neither small ones nor one at the line are of the pattern.
    void structuring() {
        Post post;
        post.set(rule(1, RuleKind::Structuring, usd(10'000), 60'000, 3, 8000));
        QCOMPARE(post.pays(kAnn, usd(9'999)), Met{});
        QCOMPARE(post.pays(kAnn, usd(8'000)), Met{});
        QCOMPARE(post.pays(kAnn, {usd(8'000).value - 1, money::kUsd}), Met{});
        QCOMPARE(post.pays(kAnn, usd(10'000)), Met{});
        QVERIFY(post.survives());
        QCOMPARE(post.pays(kAnn, usd(9'500)), Met{1});
        post.nowMs += 60'000;
        QCOMPARE(post.pays(kAnn, usd(9'500)), Met{});
    }

    void addresses() {
        Post post;
        post.set(rule(1, RuleKind::Address, {0, money::kBtc}));
        Hash a;
        a.bytes.fill(1);
        Hash b;
        b.bytes.fill(2);
        QCOMPARE(*post.watch.changeList({a, a, b}, {}), std::size_t{2});
        QCOMPARE(*post.watch.changeList({a}, {b}), std::size_t{1});
        QVERIFY(post.watch.listed().contains(a));
        QCOMPARE(post.pays(kAnn, usd(1)), Met{});
        QCOMPARE(post.pays(kAnn, usd(1), true), Met{1});           // of any unit
        QCOMPARE(post.pays(kBob, {0, money::kEur}, true), Met{1}); // entered into the address book
        QVERIFY(post.survives());
        QVERIFY(post.watch.changeList(std::vector<Hash>(Watch::kMostListed, a), {}).error() == WatchError::ListTooLong);
    }

    /// What no rule looks back to is forgotten, and of what is remembered a bounded number is.
    void memoryIsBounded() {
        Post post;
        post.set(rule(1, RuleKind::Speed, usd(1'000'000), 1000, 100));
        for (int i = 0; i < 500; ++i) (void)post.pays(kAnn, usd(1));
        const std::size_t full = stateOf(post.watch).size();
        for (int i = 0; i < 500; ++i) (void)post.pays(kAnn, usd(1));
        QCOMPARE(stateOf(post.watch).size(), full);
        QVERIFY(post.survives());
        post.nowMs += 1000;
        (void)post.pays(kBob, usd(1));
        QVERIFY(stateOf(post.watch).size() < 300);
        QVERIFY(post.survives());
    }

    /// A window that grows finds nothing that no rule looked back to, whether anybody has moved meanwhile or not.
    void whatIsForgottenStaysForgotten() {
        Post post;
        const auto within = [](std::int64_t windowMs) { return rule(1, RuleKind::Speed, usd(0), windowMs, 2); };
        post.set(within(1000));
        QCOMPARE(post.pays(kAnn, usd(1)), Met{});
        post.nowMs += 1000;
        post.set(within(60'000));
        QCOMPARE(post.pays(kAnn, usd(1)), Met{});
        post.nowMs += 1000;
        post.set(within(1000));
        post.set(within(60'000));
        QCOMPARE(post.pays(kAnn, usd(1)), Met{});
        QVERIFY(post.watch.removeRule({1}, post.nowMs).ok());
        post.set(within(60'000));
        QCOMPARE(post.pays(kAnn, usd(1)), Met{});
        QCOMPARE(post.pays(kAnn, usd(1)), Met{1});
        QVERIFY(post.survives());
    }

    // --- cases -------------------------------------------------------------------------------------------------------

    void oneCaseForEachHolderAndRule() {
        Post post;
        post.set(rule(1, RuleKind::Size, usd(100)));
        (void)post.pays(kAnn, usd(100));
        post.nowMs += 5;
        (void)post.pays(kAnn, usd(200));
        (void)post.pays(kBob, usd(300));
        QCOMPARE(post.watch.cases().size(), std::size_t{2});
        const Case& one = post.watch.cases().at({1});
        QVERIFY(one.holder == kAnn && one.transactions == 2 && one.amount == usd(100));
        QVERIFY(one.raisedMs == kStartMs && one.changedMs == kStartMs + 5 && one.state == CaseState::Open);
        QVERIFY(!post.watch.isHeld(kAnn));
        QVERIFY(post.survives());
    }

    void decisions() {
        Post post;
        post.set(rule(1, RuleKind::Size, usd(100)));
        WatchRule holds = rule(2, RuleKind::Size, usd(200));
        holds.hold = true;
        post.set(holds);
        (void)post.pays(kAnn, usd(200)); // two cases, one held
        QVERIFY(post.watch.isHeld(kAnn) && !post.watch.isHeld(kBob));
        QVERIFY(post.watch.decide({3}, CaseState::Held, "why", 1).error() == WatchError::CaseUnknown);
        QVERIFY(post.watch.decide({2}, CaseState::Held, "why", 1).error() == WatchError::WrongState);
        QVERIFY(post.watch.decide({2}, CaseState::Open, "why", 1).error() == WatchError::WrongState);
        QVERIFY(post.watch.decide({1}, CaseState::Held, "why", 1).ok());
        QVERIFY(post.watch.decide({2}, CaseState::Released, "fine", 2).ok());
        QVERIFY(post.watch.isHeld(kAnn)); // by the other
        QVERIFY(post.survives());
        const auto frozen = post.watch.decide({1}, CaseState::Frozen, "not fine", 3);
        QVERIFY(frozen && frozen->isOver() && frozen->reason == "not fine" && frozen->changedMs == 3);
        QVERIFY(!post.watch.isHeld(kAnn) && post.watch.cases().empty());
        QVERIFY(post.watch.decide({1}, CaseState::Released, "again", 4).error() == WatchError::CaseUnknown);
        QCOMPARE(post.pays(kAnn, usd(100)), Met{1}); // a new case
        QVERIFY(post.watch.cases().contains({3}));
        QVERIFY(post.survives());
    }

    void damagedStateIsRefused() {
        Post post;
        post.set(rule(1, RuleKind::Speed, usd(100), 1000, 1));
        (void)post.pays(kAnn, usd(200));
        const Bytes bytes = stateOf(post.watch);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CborReader reader(ByteView(bytes).first(size));
            QVERIFY(!Watch::load(reader).ok());
        }
    }
};

QTEST_GUILESS_MAIN(TestWatch)
#include "tst_watch.moc"
