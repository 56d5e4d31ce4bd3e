// What every rail promises (core/ports/Rail.h), as checks that run against any of them. A rail's test brings a
// RailUnderTest.
#pragma once

#include "core/ports/Rail.h"

#include <QTest>

#include <functional>

namespace tallylock::test {

/// A rail on an empty world, and hands that move that world.
struct RailUnderTest {
    virtual ~RailUnderTest() = default;
    virtual ports::Rail& rail() = 0;
    /// Ends the rail and starts it again on what it has kept.
    virtual void restart() = 0;
    virtual void payFromOutside(const std::string& place, const money::Amount& amount) = 0;
    virtual void confirmOnce() = 0;
    virtual void reverseLast() = 0; ///< the last confirmation is taken back
};
using MakeRail = std::function<std::unique_ptr<RailUnderTest>(money::UnitId)>;

inline std::vector<ports::Sighting> observeAll(ports::Rail& rail, std::uint64_t& cursor) {
    std::vector<ports::Sighting> all;
    for (;;) {
        const auto page = rail.observe(cursor, 2);
        if (!page || page->empty()) return all;
        for (const auto& sighting : *page) {
            if (sighting.cursor <= cursor) return {};
            cursor = sighting.cursor;
            all.push_back(sighting);
        }
    }
}

inline void refusesWhatItCannotCarry(RailUnderTest& world, money::UnitId foreign) {
    ports::Rail& rail = world.rail();
    QVERIFY(!rail.carries(foreign));
    QVERIFY(rail.expect(foreign, "a").error() == ports::RailError::UnknownUnit);
    QVERIFY(rail.pay("k", "somewhere", {1, foreign}).error() == ports::RailError::UnknownUnit);
    QVERIFY(rail.balance(foreign).error() == ports::RailError::UnknownUnit);
}

inline void sameKeySamePlace(RailUnderTest& world, money::UnitId unit) {
    const std::string a = world.rail().expect(unit, "a").value();
    const std::string b = world.rail().expect(unit, "b").value();
    QVERIFY(a != b);
    QCOMPARE(world.rail().expect(unit, "a").value(), a);
    world.restart();
    QCOMPARE(world.rail().expect(unit, "a").value(), a);
    QCOMPARE(world.rail().expect(unit, "b").value(), b);
}

inline void seesPaymentsInOrder(RailUnderTest& world, money::UnitId unit) {
    const std::string place = world.rail().expect(unit, "a").value();
    std::uint64_t cursor = 0;
    QVERIFY(observeAll(world.rail(), cursor).empty());
    world.payFromOutside(place, {500, unit});
    auto seen = observeAll(world.rail(), cursor);
    QCOMPARE(seen.size(), std::size_t{1});
    QCOMPARE(seen[0].identifier, place);
    QVERIFY((seen[0].amount == money::Amount{500, unit}));
    QCOMPARE(seen[0].confirmations, 0u);
    QVERIFY(!seen[0].reversed);

    for (std::uint32_t confirmations = 1; confirmations <= 3; ++confirmations) {
        world.confirmOnce();
        const auto more = observeAll(world.rail(), cursor);
        QCOMPARE(more.size(), std::size_t{1});
        QCOMPARE(more[0].confirmations, confirmations);
        QCOMPARE(more[0].transaction, seen[0].transaction);
        QCOMPARE(more[0].seenMs, seen[0].seenMs);
    }
    QVERIFY(observeAll(world.rail(), cursor).empty());
    std::uint64_t again = 0;
    QCOMPARE(observeAll(world.rail(), again).size(), std::size_t{4}); // the whole history, from the beginning
    world.restart();
    QVERIFY(observeAll(world.rail(), cursor).empty());
    again = 0;
    QCOMPARE(observeAll(world.rail(), again).size(), std::size_t{4});
    QVERIFY((world.rail().balance(unit).value() == money::Amount{500, unit}));
}

inline void tellsReversals(RailUnderTest& world, money::UnitId unit) {
    const std::string place = world.rail().expect(unit, "a").value();
    world.payFromOutside(place, {7, unit});
    world.confirmOnce();
    std::uint64_t cursor = 0;
    observeAll(world.rail(), cursor);
    world.reverseLast();
    auto news = observeAll(world.rail(), cursor);
    QCOMPARE(news.size(), std::size_t{1});
    QVERIFY(news[0].reversed);
    QCOMPARE(news[0].confirmations, 0u);
    QVERIFY(world.rail().balance(unit).value().isZero());
    world.confirmOnce();
    news = observeAll(world.rail(), cursor);
    QCOMPARE(news.size(), std::size_t{1});
    QVERIFY(!news[0].reversed);
    QCOMPARE(news[0].confirmations, 1u);
}

inline void paysOnceForEachKey(RailUnderTest& world, money::UnitId unit) {
    const std::string place = world.rail().expect(unit, "a").value();
    const money::Amount amount{40, unit};
    QVERIFY(world.rail().pay("out/1", "elsewhere", amount).error() == ports::RailError::Refused); // nothing is there
    world.payFromOutside(place, {100, unit});
    world.confirmOnce();
    QVERIFY(!world.rail().pay("out/1", "", amount));
    const std::string id = world.rail().pay("out/1", "elsewhere", amount).value();
    QCOMPARE(world.rail().pay("out/1", "elsewhere", amount).value(), id);
    world.restart();
    QCOMPARE(world.rail().pay("out/1", "elsewhere", amount).value(), id);
    QVERIFY((world.rail().balance(unit).value() == money::Amount{60, unit}));
    QVERIFY(world.rail().pay("out/1", "elsewhere", {41, unit}).error() == ports::RailError::Refused);
    QVERIFY(world.rail().pay("out/2", "elsewhere", {61, unit}).error() == ports::RailError::Refused);
    QVERIFY(world.rail().pay("out/2", "elsewhere", amount).value() != id);
}

} // namespace tallylock::test
