// What each kind of order promises, read off the events alone. The books would notice, too, but later and under another
// name.
#include "tests/audit/auditor/Auditor.h"

namespace tallylock::audit {

namespace {
enum Command : std::uint64_t { Place = 31, Replace = 33 };

void promise(bool kept, Invariant invariant, const std::string& what) {
    if (!kept) throw Violation{invariant, what};
}

/// Of an instruction.
Whole priceOf(const Item& said) { return Money::of(said.at(8)).value; }
} // namespace

void Auditor::checkPromises(std::uint64_t type, const Item& body) const {
    if (type == Place && !of(kOrderPlaced).empty()) checkPlaced(body);
    if (type == Replace && !of(kOrderReplaced).empty()) {
        if (const Order* before = m_books.order(body.at(1).number())) {
            const Item* price = body.find(2);
            const bool isNew = price && Money::of(*price).value != before->price;
            checkPrice(body, before->side, m_books.instrument(before->instrument), isNew ? price : nullptr);
        }
    }
    checkSelfTrades(type == Place ? &body : nullptr);
    checkTriggered(type, body);
}

void Auditor::checkPrice(const Item& body, unsigned side, const Instrument& in, const Item* price) const {
    promise(!in.halted, Invariant::HaltedMarketsRest, "order " + wordOf(body.at(1)) + " is taken in a halted market");
    if (!price) return;
    const auto [lowest, highest] = m_books.collar(in);
    const Whole asked = Money::of(*price).value;
    promise(side == 0 ? asked <= highest : asked >= lowest, Invariant::CollarsHold,
            textOf(asked) + " is taken outside " + textOf(lowest) + " to " + textOf(highest));
}

void Auditor::checkPlaced(const Item& body) const {
    const std::uint64_t number = of(kOrderPlaced).front().at(1).number();
    const std::string name = "order " + std::to_string(number);
    const auto side = static_cast<unsigned>(body.at(2).number());
    const Instrument& in = m_books.instrument(body.at(1).number());
    const auto type = static_cast<OrderType>(body.find(6) ? body.at(6).number() : 0);
    const bool atAnyPrice = type == OrderType::Market;
    checkPrice(body, side, in, atAnyPrice ? nullptr : &body.at(3));

    const auto [lowest, highest] = m_books.collar(in);
    Whole traded = 0;
    for (const Item& event : of(kInstructionExecuted)) {
        const Item& said = event.at(1);
        if (said.at(4).number() != number) continue;
        traded += Money::of(said.at(9)).value;
        const bool inside = side == 0 ? priceOf(said) <= highest : priceOf(said) >= lowest;
        promise(!atAnyPrice || inside, Invariant::CollarsHold, name + " trades at " + textOf(priceOf(said)));
    }
    promise(type != OrderType::FillOrKill || traded == Money::of(body.at(4)).value, Invariant::FillOrKillWholly,
            name + " trades " + textOf(traded));
    promise(type != OrderType::PostOnly || traded == 0, Invariant::PostOnlyNeverTakes, name + " takes");
    if (type != OrderType::ImmediateOrCancel && !atAnyPrice) return;
    bool over = false;
    for (const Item& event : of(kOrderChanged)) {
        if (event.at(1).number() == number) over = event.at(4).number() != Open;
    }
    promise(over, Invariant::NothingAtOnceRests, name + " is still open");
}

void Auditor::checkSelfTrades(const Item* placed) const {
    for (const Item& event : of(kInstructionExecuted)) {
        const Item& said = event.at(1);
        if (said.at(5).number() != said.at(6).number()) continue;
        auto rule = SelfTrade::Allow;
        if (const Order* known = m_books.order(said.at(4).number())) {
            rule = known->rule;
        } else if (placed && placed->find(8)) {
            rule = static_cast<SelfTrade>(placed->at(8).number());
        }
        promise(rule == SelfTrade::Allow, Invariant::NoSelfTrade,
                "order " + std::to_string(said.at(4).number()) + " trades with its own holder");
    }
}

// The first that is heard of an order that waited is that it waits no more: its price was traded at, or somebody has
// cancelled it.
void Auditor::checkTriggered(std::uint64_t type, const Item& body) const {
    std::set<std::uint64_t> heard;
    for (const Item& event : of(kOrderChanged)) {
        const std::uint64_t number = event.at(1).number();
        if (!heard.insert(number).second || event.at(4).number() != Open) continue;
        const bool isNew = type == Place && number == of(kOrderPlaced).front().at(1).number();
        const Order* known = m_books.order(number);
        const bool waited = isNew ? body.find(6) && static_cast<OrderType>(body.at(6).number()) == OrderType::StopLimit
                                  : known && known->waits();
        if (!waited) continue;
        const Item* asked = isNew                                              ? body.find(7)
                            : type == Replace && body.at(1).number() == number ? body.find(4)
                                                                               : nullptr;
        const Whole stop = asked ? Money::of(*asked).value : known->stop;
        const std::uint64_t market = isNew ? body.at(1).number() : known->instrument;
        const unsigned side = isNew ? static_cast<unsigned>(body.at(2).number()) : known->side;
        Traded traded;
        if (const Whole last = m_books.instrument(market).last; last != 0) traded.add(last);
        for (const Item& instruction : of(kInstructionExecuted)) {
            const Item& said = instruction.at(1);
            if (said.at(2).number() == market) traded.add(priceOf(said));
        }
        const bool reached = traded.lowest && (side == 0 ? stop <= *traded.highest : stop >= *traded.lowest);
        promise(reached, Invariant::StopsAwaitTheirPrice,
                "order " + std::to_string(number) + " does not wait for " + textOf(stop));
    }
}

} // namespace tallylock::audit
