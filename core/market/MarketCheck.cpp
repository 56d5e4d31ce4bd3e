// What may refuse an order or a change, in the order of PlaceRefusal. Nothing here changes the market.
#include "core/market/Market.h"

namespace tallylock::market {
namespace {

using money::MoneyError;

struct PriceRefusals {
    PlaceRefusal notPositive;
    PlaceRefusal notOnTick;
    PlaceRefusal tooHigh;
};
constexpr PriceRefusals kPrice{PlaceRefusal::PriceNotPositive, PlaceRefusal::PriceNotOnTick,
                               PlaceRefusal::PriceTooHigh};
constexpr PriceRefusals kStopPrice{PlaceRefusal::StopPriceNotPositive, PlaceRefusal::StopPriceNotOnTick,
                                   PlaceRefusal::StopPriceTooHigh};

Result<std::int64_t, PlaceRefusal> ticksOf(const Instrument& traded, const Amount& price, const PriceRefusals& why) {
    if (price.value <= 0) return Err(why.notPositive);
    const auto ticks = traded.scale.ticksOf(price);
    if (!ticks && ticks.error() == MoneyError::NotExact) return Err(why.notOnTick);
    if (!ticks || *ticks > traded.spec.maxTicks) return Err(why.tooHigh);
    return *ticks;
}

Result<std::int64_t, PlaceRefusal> lotsOf(const Instrument& traded, const Amount& quantity) {
    if (quantity.value <= 0) return Err(PlaceRefusal::QuantityNotPositive);
    const auto lots = traded.scale.lotsOf(quantity);
    if (!lots && lots.error() == MoneyError::NotExact) return Err(PlaceRefusal::QuantityNotOnLot);
    if (lots && *lots < traded.spec.minLots) return Err(PlaceRefusal::QuantityBelowMinimum);
    if (!lots || *lots > traded.spec.maxLots) return Err(PlaceRefusal::QuantityAboveMaximum);
    return *lots;
}

bool isNothing(const Amount& amount) { return amount.value == 0; }

} // namespace

// The lowest and the highest price of today. Rounded inwards.
std::pair<std::int64_t, std::int64_t> Market::collarOf(const Instrument& traded) const {
    const Int128 part = traded.spec.collarBasisPoints;
    constexpr Int128 kOne = money::kBasisPointsInOne;
    if (part == 0) return {1, traded.spec.maxTicks};
    const Int128 from = referenceTicks(traded.id);
    if (from == 0) return {1, traded.spec.maxTicks};
    const Int128 lowest = (from * (kOne - part) + kOne - 1) / kOne;
    const Int128 highest = from * (kOne + part) / kOne;
    return {static_cast<std::int64_t>(std::max<Int128>(lowest, 1)),
            static_cast<std::int64_t>(std::min<Int128>(highest, traded.spec.maxTicks))};
}

bool Market::wouldTrade(InstrumentId id, Side side, std::int64_t priceTicks) const {
    const std::uint32_t slot = bookOf(id).best(opposite(side));
    if (slot == kNoSlot) return false;
    const std::int64_t best = m_pool.order(slot).priceTicks;
    return side == Side::Buy ? best <= priceTicks : best >= priceTicks;
}

// How matchAgainst() would go, without its changes.
Market::Fillable Market::fillable(const NewOrder& asked, std::int64_t worstTicks, std::int64_t lots) const {
    Fillable found;
    bookOf(asked.instrument).visitSlots(m_pool, opposite(asked.side), [&](std::uint32_t slot) {
        const Order& maker = m_pool.order(slot);
        if (asked.side == Side::Buy ? maker.priceTicks > worstTicks : maker.priceTicks < worstTicks) return false;
        if (maker.holder == asked.holder && asked.selfTrade != SelfTrade::Allow) {
            return asked.selfTrade == SelfTrade::CancelOldest;
        }
        const std::int64_t some = std::min(lots - found.lots, maker.remainingLots);
        found.lots += some;
        found.tickLots += Int128{some} * maker.priceTicks;
        return found.lots < lots;
    });
    return found;
}

// What a seller may get. One that waits is worth what it waits for, if that is more than its limit.
Amount Market::saleWorth(const NewOrder& order, std::int64_t priceTicks, std::int64_t stopTicks,
                         std::int64_t lots) const {
    const money::TradeScale& scale = instrument(order.instrument)->scale;
    const Fillable now = fillable(order, priceTicks, lots); // also of one that waits: it may be reached already
    const Int128 tickLots = now.tickLots + Int128{priceTicks} * (lots - now.lots);
    return {scale.quotePerTickLot() * std::max(tickLots, Int128{stopTicks} * lots), scale.quote()};
}

Amount Market::worthOf(const Ticket& ticket) const {
    const NewOrder& asked = ticket.asked;
    if (asked.side == Side::Buy || asked.type == OrderType::Market) return ticket.fiat;
    return saleWorth(asked, ticket.priceTicks, ticket.stopTicks, ticket.quantityLots);
}

Amount Market::worthOf(const ChangeTicket& ticket) const {
    const Order& before = *order(ticket.order);
    if (before.side == Side::Buy) return ticket.fiat;
    NewOrder asked;
    asked.instrument = before.instrumentId();
    asked.holder = before.holder;
    asked.side = before.side;
    asked.selfTrade = before.selfTrade;
    return saleWorth(asked, ticket.priceTicks, ticket.stopTicks, ticket.remainingLots);
}

// What depends on the others' orders.
std::optional<PlaceRefusal> Market::checkInBook(const NewOrder& asked, Ticket& ticket) const {
    const Instrument& traded = *instrument(asked.instrument);
    const auto [lowest, highest] = collarOf(traded);
    if (asked.type == OrderType::Market) {
        ticket.priceTicks = asked.side == Side::Buy ? highest : lowest;
        if (TALLYLOCK_PLANTED(MarketUncollared)) ticket.priceTicks = asked.side == Side::Buy ? traded.spec.maxTicks : 1;
        const Int128 tickLots = fillable(asked, ticket.priceTicks, ticket.quantityLots).tickLots;
        ticket.fiat = {traded.scale.quotePerTickLot() * tickLots, traded.scale.quote()};
        return std::nullopt;
    }
    ticket.fiat = traded.scale.quoteWithin(ticket.priceTicks, ticket.quantityLots);
    const bool outside = asked.side == Side::Buy ? ticket.priceTicks > highest : ticket.priceTicks < lowest;
    if (outside && !TALLYLOCK_PLANTED(CollarIgnored)) return PlaceRefusal::OutsideCollar;
    if (asked.type == OrderType::PostOnly && !TALLYLOCK_PLANTED(PostOnlyTakes) &&
        wouldTrade(asked.instrument, asked.side, ticket.priceTicks)) {
        return PlaceRefusal::WouldTrade;
    }
    if (asked.type == OrderType::FillOrKill && !TALLYLOCK_PLANTED(FillOrKillPartly) &&
        fillable(asked, ticket.priceTicks, ticket.quantityLots).lots < ticket.quantityLots) {
        return PlaceRefusal::NotFillable;
    }
    return std::nullopt;
}

Result<Ticket, PlaceRefusal> Market::check(const NewOrder& asked) const {
    if (asked.holder.value < m_recent.size()) prefetchLine(&m_recent[asked.holder.value]);
    const Instrument* traded = instrument(asked.instrument);
    if (!traded) return Err(PlaceRefusal::UnknownInstrument);
    if (traded->halted && !TALLYLOCK_PLANTED(HaltIgnored)) return Err(PlaceRefusal::Halted);
    const bool hasPrice = asked.type != OrderType::Market;
    const bool hasStop = asked.type == OrderType::StopLimit;
    const money::UnitId quote = traded->scale.quote();
    if ((hasPrice && asked.price.unit != quote) || asked.quantity.unit != traded->scale.base() ||
        (hasStop && asked.stopPrice.unit != quote)) {
        return Err(PlaceRefusal::WrongUnit);
    }
    if (TALLYLOCK_PLANTED(RefusalsSwapped) && asked.quantity.value <= 0) return Err(PlaceRefusal::QuantityNotPositive);
    if (!hasPrice && !isNothing(asked.price)) return Err(PlaceRefusal::PriceNotMeant);

    Ticket ticket;
    ticket.asked = asked;
    ticket.order = OrderId{m_lastOrder.value + 1};
    ticket.version = m_version;
    if (hasPrice) {
        const auto ticks = ticksOf(*traded, asked.price, kPrice);
        if (!ticks) return Err(ticks.error());
        ticket.priceTicks = *ticks;
    }
    const auto lots = lotsOf(*traded, asked.quantity);
    if (!lots) return Err(lots.error());
    ticket.quantityLots = *lots;
    if (hasStop) {
        const auto ticks = ticksOf(*traded, asked.stopPrice, kStopPrice);
        if (!ticks) return Err(ticks.error());
        ticket.stopTicks = *ticks;
    } else if (!isNothing(asked.stopPrice)) {
        return Err(PlaceRefusal::StopPriceNotMeant);
    }
    if (asked.clientOrderId != 0 && !TALLYLOCK_PLANTED(ClientIdTwice) && orderOf(asked.holder, asked.clientOrderId)) {
        return Err(PlaceRefusal::DuplicateClientOrderId);
    }
    if (const auto refusal = checkInBook(asked, ticket)) return Err(*refusal);
    return ticket;
}

Result<ChangeTicket, PlaceRefusal> Market::checkChange(OrderId id, HolderId by, const OrderChange& change) const {
    const std::uint32_t slot = m_pool.slotOf(id);
    if (slot == kNoSlot) return Err(PlaceRefusal::UnknownOrder);
    const Order& order = m_pool.order(slot);
    if (order.holder != by) return Err(PlaceRefusal::NotOwner);
    const Instrument& traded = *instrument(order.instrumentId());
    if (traded.halted && !TALLYLOCK_PLANTED(ChangedInHalt)) return Err(PlaceRefusal::Halted);
    const bool waits = order.type == OrderType::StopLimit;
    const money::UnitId quote = traded.scale.quote();
    if ((change.price && change.price->unit != quote) ||
        (change.quantity && change.quantity->unit != traded.scale.base()) ||
        (waits && change.stopPrice && change.stopPrice->unit != quote)) {
        return Err(PlaceRefusal::WrongUnit);
    }

    ChangeTicket ticket;
    ticket.order = id;
    ticket.version = m_version;
    ticket.priceTicks = order.priceTicks;
    ticket.quantityLots = order.quantityLots;
    ticket.stopTicks = stopTicksOf(id);
    if (change.price) {
        const auto ticks = ticksOf(traded, *change.price, kPrice);
        if (!ticks) return Err(ticks.error());
        ticket.priceTicks = *ticks;
    }
    if (change.quantity) {
        const auto lots = lotsOf(traded, *change.quantity);
        if (!lots) return Err(lots.error());
        ticket.quantityLots = *lots;
    }
    const std::int64_t filled = TALLYLOCK_PLANTED(FilledForgotten) ? 0 : order.quantityLots - order.remainingLots;
    if (ticket.quantityLots <= filled) return Err(PlaceRefusal::QuantityAlreadyFilled);
    ticket.remainingLots = ticket.quantityLots - filled;
    if (change.stopPrice) {
        if (!waits) return Err(PlaceRefusal::StopPriceNotMeant);
        const auto ticks = ticksOf(traded, *change.stopPrice, kStopPrice);
        if (!ticks) return Err(ticks.error());
        ticket.stopTicks = *ticks;
    }
    ticket.fiat = traded.scale.quoteWithin(ticket.priceTicks, ticket.remainingLots);
    ticket.keepsPriority = ticket.priceTicks == order.priceTicks && ticket.remainingLots <= order.remainingLots;
    if (ticket.priceTicks != order.priceTicks) {
        const auto [lowest, highest] = collarOf(traded);
        const bool outside = order.side == Side::Buy ? ticket.priceTicks > highest : ticket.priceTicks < lowest;
        if (outside) return Err(PlaceRefusal::OutsideCollar);
        if (order.type == OrderType::PostOnly && wouldTrade(traded.id, order.side, ticket.priceTicks)) {
            return Err(PlaceRefusal::WouldTrade);
        }
    }
    return ticket;
}

} // namespace tallylock::market
