// Matching, orders and the published book, against the auditor's own.
#include "tests/audit/auditor/Auditor.h"

#include "tests/audit/auditor/Events.h"

namespace tallylock::audit {

namespace {
void expect(bool good, Invariant invariant, const std::string& what) {
    if (!good) throw Violation{invariant, what};
}

std::string textOf(const std::vector<OrderNote>& notes) {
    std::string text;
    for (const OrderNote& note : notes) {
        text += (text.empty() ? "(" : ", (") + audit::textOf(note.remaining) + " in state " +
                std::to_string(note.state) + (note.cause ? " for " + std::to_string(*note.cause) : std::string()) + ")";
    }
    return text.empty() ? "nothing" : text;
}
} // namespace

void Auditor::checkFills(const Outcome& want) const {
    const auto& events = of(kInstructionExecuted);
    for (std::size_t i = 0; i < want.fills.size(); ++i) {
        const Fill& fill = want.fills[i];
        // Without an instruction: either nothing was traded, and the book is left crossed, or it was and lacks one.
        expect(i<events.size(), m_entries.size()> i ? Invariant::InstructionsOnce : Invariant::BookIsNotCrossed,
               "order " + std::to_string(fill.taker) + " meets order " + std::to_string(fill.maker) +
                   " and no instruction comes of it");
        checkFill(fill, events[i]);
        const std::uint64_t number = events[i].at(1).at(1).number();
        expect(number == m_lastInstruction + i + 1, Invariant::InstructionsOnce,
               "instruction " + std::to_string(number) + " follows " + std::to_string(m_lastInstruction + i));
        expect(i < m_entries.size() && events[i].at(3).number() == m_entries[i].number, Invariant::InstructionsOnce,
               "instruction " + std::to_string(number) + " names an entry that is not its own");
    }
    if (events.size() <= want.fills.size()) return;
    const Item& extra = events[want.fills.size()].at(1);
    const std::string number = std::to_string(extra.at(1).number());
    // Twice the same, or a match that must not be.
    for (const Fill& fill : want.fills) {
        expect(extra.at(3).number() != fill.maker, Invariant::InstructionsOnce,
               "instruction " + number + " repeats a match");
    }
    throw Violation{Invariant::NoTradeThrough, "instruction " + number + " trades beyond a limit"};
}

void Auditor::checkFill(const Fill& fill, const Item& event) const {
    const Item& said = event.at(1);
    const std::string name = "instruction " + std::to_string(said.at(1).number());
    const Money price = Money::of(said.at(8));
    const std::uint64_t maker = said.at(3).number();
    if (maker != fill.maker) {
        const bool samePrice = price == fill.price;
        throw Violation{samePrice ? Invariant::PriceThenTime : Invariant::NoTradeThrough,
                        name + " fills order " + std::to_string(maker) + " before order " + std::to_string(fill.maker)};
    }
    expect(said.at(2).number() == fill.instrument && said.at(4).number() == fill.taker &&
               said.at(5).number() == fill.buyer && said.at(6).number() == fill.seller &&
               said.at(7).number() == fill.takerSide,
           Invariant::InstructionsOnce, name + " is another's");
    const auto resting = Invariant::TradesAtRestingPrice;
    expect(price == fill.price, resting, name + " at " + textOf(price) + " instead of " + textOf(fill.price));
    expect(Money::of(said.at(9)) == fill.quantity, resting, name + " of another quantity");
    expect(Money::of(said.at(10)) == fill.fiat, resting, name + ": price x quantity is " + textOf(fill.fiat));
    const Money buyerFee = Money::of(said.at(11));
    const Money sellerFee = Money::of(said.at(12));
    expect(buyerFee.unit == fill.fiat.unit && sellerFee.unit == fill.fiat.unit, Invariant::FeesRoundUp,
           name + ": a fee of another unit");
    expect(buyerFee.value == fill.buyerFee && sellerFee.value == fill.sellerFee, Invariant::FeesRoundUp,
           name + ": fees " + textOf(buyerFee.value) + " and " + textOf(sellerFee.value) + " instead of " +
               textOf(fill.buyerFee) + " and " + textOf(fill.sellerFee));
    expect(said.at(13).number() == 1, Invariant::InstructionsOnce, name + " is not executed");
}

// What everybody hears of a trade.
void Auditor::checkPublished(const Outcome& want) const {
    const auto& events = of(kTradePublished);
    expect(events.size() == want.fills.size(), Invariant::InstructionsOnce, "another number of trades is published");
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Item& e = events[i];
        const Fill& fill = want.fills[i];
        const bool same = e.at(1).number() == m_lastInstruction + i + 1 && e.at(2).number() == fill.instrument &&
                          e.at(3).number() == fill.takerSide && Money::of(e.at(4)) == fill.price &&
                          Money::of(e.at(5)) == fill.quantity && Money::of(e.at(6)) == fill.fiat;
        expect(same, Invariant::InstructionsOnce, "a trade is published otherwise than it was");
    }
}

void Auditor::checkOrders(const Outcome& want) const {
    std::map<std::uint64_t, std::vector<OrderNote>> said;
    for (const Item& event : of(kOrderChanged)) {
        OrderNote note{Money::of(event.at(3)).value, static_cast<unsigned>(event.at(4).number())};
        if (event.find(6)) note.cause = static_cast<unsigned>(event.at(6).number());
        said[event.at(1).number()].push_back(note);
    }
    for (const auto& [order, notes] : want.orders) {
        expect(said[order] == notes, Invariant::OrdersAreKept,
               "order " + std::to_string(order) + " is told " + textOf(said[order]) + " instead of " + textOf(notes));
    }
    expect(said.size() == want.orders.size(), Invariant::OrdersAreKept, "a change is told of an order without one");
}

void Auditor::checkLevels(const Outcome& want) const {
    std::map<LevelKey, Level> said; // the last that is said of each
    for (const Item& event : of(kLevelChanged)) {
        const LevelKey key{event.at(1).number(), static_cast<unsigned>(event.at(2).number()),
                           Money::of(event.at(3)).value};
        said[key] = {Money::of(event.at(4)).value, event.at(5).number()};
    }
    for (const auto& [key, level] : said) {
        const Level own = m_books.level(key);
        expect(level == own, Invariant::LevelsAddUp,
               "the level at " + textOf(key.price) + " has " + textOf(level.quantity) + " in " +
                   std::to_string(level.orders) + " orders instead of " + textOf(own.quantity) + " in " +
                   std::to_string(own.orders));
        expect(want.levels.contains(key), Invariant::LevelsAddUp, "a level is told that has not changed");
    }
    expect(said.size() == want.levels.size(), Invariant::LevelsAddUp, "a level has changed and is not told");
    for (const LevelKey& key : want.levels) {
        const auto& book = m_books.instrument(key.instrument).book;
        if (book[0].empty() || book[1].empty()) continue;
        const Whole bid = -book[0].begin()->first.first;
        const Whole ask = book[1].begin()->first.first;
        expect(bid < ask, Invariant::BookIsNotCrossed, "bid " + textOf(bid) + ", ask " + textOf(ask));
    }
}

} // namespace tallylock::audit
