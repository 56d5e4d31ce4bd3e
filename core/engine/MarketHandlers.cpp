#include "core/engine/EngineState.h"
#include "core/engine/TradeMoney.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

namespace {
using market::Side;

Refused refusedBy(market::PlaceRefusal refusal) {
    using P = market::PlaceRefusal;
    switch (refusal) {
    case P::UnknownInstrument: return Refused::InstrumentUnknown;
    case P::UnknownOrder:
    case P::NotOwner: return Refused::OrderUnknown;
    case P::Halted: return Refused::InstrumentHalted;
    case P::WrongUnit: return Refused::AmountInvalid;
    case P::PriceNotPositive:
    case P::StopPriceNotPositive:
    case P::QuantityNotPositive: return Refused::AmountZero;
    case P::PriceNotMeant:
    case P::StopPriceNotMeant: return Refused::OrderInvalid;
    case P::PriceNotOnTick: return Refused::PriceNotOnTick;
    case P::StopPriceNotOnTick: return Refused::StopPriceNotOnTick;
    case P::QuantityNotOnLot: return Refused::QuantityNotOnLot;
    case P::QuantityBelowMinimum: return Refused::OrderTooSmall;
    case P::PriceTooHigh:
    case P::StopPriceTooHigh:
    case P::QuantityAboveMaximum: return Refused::OrderTooLarge;
    case P::QuantityAlreadyFilled: return Refused::QuantityAlreadyFilled;
    case P::DuplicateClientOrderId: return Refused::ClientIdUsed;
    case P::OutsideCollar: return Refused::PriceOutsideCollar;
    case P::WouldTrade: return Refused::OrderWouldTrade;
    case P::NotFillable: return Refused::OrderNotFillable;
    case P::kCount: break;
    }
    return Refused::AmountInvalid;
}

/// Of what is not positive, zero and less are told apart.
Reply refuseOrder(market::PlaceRefusal refusal, const std::optional<Amount>& price,
                  const std::optional<Amount>& quantity, const std::optional<Amount>& stopPrice) {
    using P = market::PlaceRefusal;
    const auto isNegative = [refusal](P why, const std::optional<Amount>& amount) {
        return refusal == why && amount && amount->value < 0;
    };
    const bool negative = isNegative(P::PriceNotPositive, price) || isNegative(P::QuantityNotPositive, quantity) ||
                          isNegative(P::StopPriceNotPositive, stopPrice);
    return refuse(negative ? Refused::AmountNegative : refusedBy(refusal));
}
} // namespace

/// Executes each match as it happens: one instruction, one transfer.
class MatchExecutor final : public market::BookSink {
public:
    MatchExecutor(Engine::State& state, const market::Instrument& instrument)
        : m_state(state),
          m_instrument(instrument) {}

    void onMatch(const market::Match& match) override {
        const auto& scale = m_instrument.scale;
        const Fill fill = fillOf(m_instrument, match);
        const market::Order& buyer = match.buyer();
        const market::Order& seller = match.seller();

        market::Instruction instruction;
        if (!TALLYLOCK_PLANTED(InstructionRenamed) || m_state.lastInstruction % 64 != 63) ++m_state.lastInstruction;
        instruction.number = {m_state.lastInstruction};
        instruction.instrument = m_instrument.id;
        instruction.makerOrder = match.maker.id;
        instruction.takerOrder = match.taker.id;
        instruction.buyer = buyer.holder;
        instruction.seller = seller.holder;
        instruction.takerSide = match.taker.side;
        instruction.price = scale.priceOf(match.priceTicks);
        instruction.quantity = fill.quantity;
        instruction.fiat = fill.fiat;
        instruction.buyerFee = fill.buyerFee;
        instruction.sellerFee = fill.sellerFee;
        instruction.state = market::InstructionState::Executed;

        const FillTransfer transfer = transferOf(m_state.ledger, m_instrument, match, fill);
        const EntryId entry = m_state.post(ledger::Reason::Trade, {}, transfer.legs(), transfer.uses);
        if (!TALLYLOCK_PLANTED(InstructionSkipped)) {
            m_state.emit(Audience::both(buyer.holder, seller.holder),
                         InstructionExecuted{instruction, {}, entry, m_state.nowMs});
        }
        m_state.emit(Audience::everybody(),
                     TradePublished{instruction.number, m_instrument.id, static_cast<std::uint8_t>(match.taker.side),
                                    instruction.price, fill.quantity, fill.fiat, m_state.nowMs});
        for (const market::Order* order : {&match.maker, &match.taker}) {
            const bool filled = order->remainingLots == 0 && !TALLYLOCK_PLANTED(FilledUntold);
            emitChanged(*order, filled ? OrderState::Filled : OrderState::Open, std::nullopt);
        }
    }

    void onLevel(InstrumentId instrument, Side side, const market::LevelRow& level) override {
        const auto& scale = m_instrument.scale;
        m_state.emit(Audience::everybody(),
                     LevelChanged{instrument, static_cast<std::uint8_t>(side), scale.priceOf(level.priceTicks),
                                  scale.quantityOf(level.totalLots), level.orders});
    }

    void onTriggered(const market::Order& order) override { emitChanged(order, OrderState::Open, std::nullopt); }
    void onCancelled(const market::Order& order, market::CancelCause cause) override { end(order, cause); }

    /// Releases what is held for an order that leaves the market unfilled.
    void end(const market::Order& order, std::optional<market::CancelCause> cause) {
        const bool kept = TALLYLOCK_PLANTED(MarketHoldKept) && order.type == market::OrderType::Market;
        if (order.hold && !kept) {
            // What a market order traded may have used its hold up.
            const auto released = m_state.ledger.release(order.hold);
            assert(released || order.type == market::OrderType::Market);
            (void)released;
        }
        const auto& scale = m_instrument.scale;
        m_state.touch(order.holder, order.side == Side::Buy ? scale.quote() : scale.base());
        emitChanged(order, OrderState::Cancelled, cause);
    }

private:
    void emitChanged(const market::Order& order, OrderState state, std::optional<market::CancelCause> cause) {
        m_state.emit(TALLYLOCK_PLANTED(ToldToAll) ? Audience::everybody() : Audience::only(order.holder),
                     OrderChanged{order.id, order.holder, m_instrument.scale.quantityOf(order.remainingLots), state,
                                  m_state.nowMs, cause});
    }

    Engine::State& m_state;
    const market::Instrument& m_instrument;
};

/// NotPermitted, InstrumentExists, InstrumentInvalid.
Reply Engine::State::handle(const OpenInstrument& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (market.instrument(c.symbol)) return refuse(Refused::InstrumentExists);
    const auto scale = money::TradeScale::make(c.tick, c.lot);
    if (!scale || c.minimum.unit != c.base || c.maximum.unit != c.base || c.tick.unit != c.quote ||
        c.lot.unit != c.base) {
        return refuse(Refused::InstrumentInvalid);
    }
    const auto minLots = scale->lotsOf(c.minimum);
    const auto maxLots = scale->lotsOf(c.maximum);
    if (!minLots || !maxLots) return refuse(Refused::InstrumentInvalid);
    constexpr std::int64_t kMaxTicks = 1'000'000'000'000;
    const auto id = market.addInstrument({c.symbol, c.tick, c.lot, *minLots, *maxLots, kMaxTicks, c.makerBasisPoints,
                                          c.takerBasisPoints, c.collarBasisPoints.value_or(0)});
    if (!id) return refuse(Refused::InstrumentInvalid, market::nameOf(id.error()));
    emit(Audience::everybody(),
         InstrumentOpened{*id, c.symbol, c.base, c.quote, c.tick, c.lot, c.minimum, c.maximum,
                          TALLYLOCK_PLANTED(RatesSwapped) ? c.takerBasisPoints : c.makerBasisPoints, c.takerBasisPoints,
                          c.collarBasisPoints});
    return done(id->value);
}

/// Whether the user's limits allow it: that of the unit that is paid, and that of the unit that is traded.
bool Engine::State::isWithinLimits(const parties::Actor& by, const Amount& worth, const Amount& quantity) const {
    return parties.checkOrder(by, worth) && parties.checkOrder(by, quantity);
}

/// NotRegistered, NotPermitted, AccountFrozen, then market::PlaceRefusal in its order, the user's limit
/// (NotPermitted), InsufficientFunds. The balance is verified and held in one act, fees included.
Reply Engine::State::handle(const PlaceOrder& c) {
    if (const auto refusal = mayNot(parties::kTrader)) return refuse(*refusal);
    const parties::Actor& by = *asking;
    const Side side = c.side == 0 ? Side::Buy : Side::Sell;
    if (c.side > 1) return refuse(Refused::AmountInvalid);
    const auto ticket = market.check({c.instrument, by.holder, by.user, c.clientId, side, c.price, c.quantity,
                                      c.type.value_or(market::OrderType::Limit), c.stopPrice.value_or(Amount{}),
                                      c.selfTrade.value_or(market::SelfTrade::Allow)});
    if (!ticket) return refuseOrder(ticket.error(), c.price, c.quantity, c.stopPrice);
    if (parties.isLimited(by.user) && !isWithinLimits(by, market.worthOf(*ticket), c.quantity)) {
        return refuse(Refused::NotPermitted, "limit");
    }

    const market::Instrument& instrument = *market.instrument(c.instrument);
    HoldId hold; // none for a market order that meets nobody
    if (const Amount needed = neededFor(instrument, *ticket); !needed.isZero()) {
        const ledger::AccountHandle account = ledger.handleOf(ledger::availableOf(by.holder, needed.unit));
        const auto held = ledger.hold(account, needed.value, ledger::Reason::Order, ticket->order.value);
        if (!held) return refuse(Refused::InsufficientFunds);
        hold = *held;
        touch(account);
    }

    emit(Audience::only(by.holder),
         OrderPlaced{ticket->order, c.instrument, by.holder, by.user, c.side, c.price, c.quantity, c.clientId,
                     TALLYLOCK_PLANTED(Unrepeatable) ? TALLYLOCK_PLANTED_COUNT : nowMs, c.type, c.stopPrice,
                     c.selfTrade});
    MatchExecutor executor(*this, instrument);
    const market::Placed placed = market.place(*ticket, hold, executor);
    return done(TALLYLOCK_PLANTED(NumberUntold) ? 0 : placed.order.value);
}

/// An order of the house, out of its treasury, that passed the market's check.
Engine::State::HouseSale Engine::State::sellForHouse(const market::Ticket& ticket) {
    const market::NewOrder& asked = ticket.asked;
    const market::Instrument& instrument = *market.instrument(asked.instrument);
    const auto dollars = ledger::houseAccount(ledger::Purpose::Treasury, config.dollars);
    const money::Int128 before = ledger.balance(dollars).total;
    const auto held = ledger.hold(tradingAccountOf(ledger::kHouse, asked.quantity.unit), asked.quantity.value,
                                  ledger::Reason::Order, ticket.order.value);
    assert(held && "the treasury's account may hold anything");
    emit(Audience::internal(), OrderPlaced{ticket.order,
                                           asked.instrument,
                                           ledger::kHouse,
                                           {},
                                           1,
                                           asked.price,
                                           asked.quantity,
                                           0,
                                           nowMs,
                                           asked.type,
                                           std::nullopt,
                                           std::nullopt});
    MatchExecutor executor(*this, instrument);
    const market::Placed placed = market.place(ticket, *held, executor);
    return {placed.order,
            instrument.scale.quantityOf(placed.filledLots),
            {ledger.balance(dollars).total - before, config.dollars}};
}

/// AmountInvalid (not for dollars, or of another coin), InsufficientFunds (more than lies in the sale), then
/// market::PlaceRefusal in its order, PaymentShort (at its limit it may fetch less than the price, the fee taken off).
Result<market::Ticket, Reply> Engine::State::checkConversion(const OpenSale& sale, const Conversion& c) const {
    if (c.price.unit != config.dollars || c.quantity.unit != sale.view.coin) return Err(refuse(Refused::AmountInvalid));
    if (c.quantity.value > fundsOf(sale).value) return Err(refuse(Refused::InsufficientFunds));
    const auto ticket = market.check({c.instrument,
                                      ledger::kHouse,
                                      {},
                                      0,
                                      Side::Sell,
                                      c.price,
                                      c.quantity,
                                      market::OrderType::FillOrKill,
                                      Amount{}});
    if (!ticket) return Err(refuseOrder(ticket.error(), c.price, c.quantity, std::nullopt));
    const auto fee = money::feeOf(ticket->fiat, market.instrument(c.instrument)->spec.takerBasisPoints);
    assert(fee && "an instrument's bounds keep its largest trade in range");
    if (ticket->fiat.value - fee->value < sale.view.terms->price.value) return Err(refuse(Refused::PaymentShort));
    return *ticket;
}

Amount Engine::State::convert(OpenSale& sale, const market::Ticket& ticket) {
    const Amount& coins = ticket.asked.quantity;
    postMoves(sale, ledger::Reason::EscrowFunding, escrow::movesOfCoinsSold(coins));
    const HouseSale made = sellForHouse(ticket);
    assert(made.sold == coins && made.fetched.value >= sale.view.terms->price.value);
    sale.view.converted = made.sold;
    return made.fetched;
}

/// B11 on our own book. NotPermitted, InsufficientFunds (sales have not brought so much), ReceiptMismatch (an attempt
/// is left out), AmountInvalid (not for dollars), then market::PlaceRefusal in its order. An attempt that has been made
/// is answered, and nothing happens.
Reply Engine::State::handle(const SellCoins& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const auto found = coinStocks.find(c.quantity.unit);
    if (found == coinStocks.end()) return refuse(Refused::InsufficientFunds);
    CoinStock& stock = found->second;
    if (c.attempt < stock.nextAttempt) return done();
    if (c.attempt > stock.nextAttempt) return refuse(Refused::ReceiptMismatch);
    if (c.quantity.value > stock.left.value) return refuse(Refused::InsufficientFunds);
    if (c.price.unit != config.dollars) return refuse(Refused::AmountInvalid);
    constexpr auto kType = market::OrderType::ImmediateOrCancel;
    const auto ticket =
        market.check({c.instrument, ledger::kHouse, {}, 0, Side::Sell, c.price, c.quantity, kType, Amount{}});
    if (!ticket) return refuseOrder(ticket.error(), c.price, c.quantity, std::nullopt);

    const market::Instrument& instrument = *market.instrument(c.instrument);
    const HouseSale made = sellForHouse(*ticket);
    if (!TALLYLOCK_PLANTED(StockKept)) stock.left.value -= made.sold.value;
    stock.fronted.value = std::max<money::Int128>(stock.fronted.value - made.fetched.value, 0);
    // What is too little for any order waits for the next sale, and what it has cost is known.
    if (stock.left.value < instrument.scale.quantityOf(instrument.spec.minLots).value) stock.fronted.value = 0;
    ++stock.nextAttempt;
    emit(Audience::internal(), CoinStockChanged{stock, {}, made.order, made.sold, made.fetched, nowMs});
    return done(made.order.value);
}

/// NotRegistered, NotPermitted, AccountFrozen, then market::PlaceRefusal in its order, the user's limit
/// (NotPermitted), InsufficientFunds. The hold is made to fit in the same act.
Reply Engine::State::handle(const ReplaceOrder& c) {
    const auto by = actor(parties::kTrader);
    if (!by) return refuse(by.error());
    const auto ticket = market.checkChange(c.order, by->holder, {c.price, c.quantity, c.stopPrice});
    if (!ticket) return refuseOrder(ticket.error(), c.price, c.quantity, c.stopPrice);
    const market::Order& order = *market.order(c.order);
    const market::Instrument& instrument = *market.instrument(order.instrumentId());
    const auto& scale = instrument.scale;
    if (parties.isLimited(by->user) &&
        !isWithinLimits(*by, market.worthOf(*ticket), scale.quantityOf(ticket->remainingLots))) {
        return refuse(Refused::NotPermitted, "limit");
    }

    const Amount needed = neededAfter(instrument, order, *ticket);
    if (!TALLYLOCK_PLANTED(HoldNotResized) && !ledger.resize(order.hold, needed.value)) {
        return refuse(Refused::InsufficientFunds);
    }
    touch(by->holder, needed.unit);

    std::optional<Amount> stopPrice;
    if (ticket->stopTicks != 0) stopPrice = scale.priceOf(ticket->stopTicks);
    emit(Audience::only(by->holder),
         OrderReplaced{c.order, by->holder, scale.priceOf(ticket->priceTicks), scale.quantityOf(ticket->quantityLots),
                       scale.quantityOf(ticket->remainingLots), stopPrice, nowMs});
    MatchExecutor executor(*this, instrument);
    market.change(*ticket, executor);
    return done(c.order.value);
}

/// NotRegistered, NotPermitted, OrderUnknown (also for somebody else's).
Reply Engine::State::handle(const CancelOrder& c) {
    const auto& by = asking; // a restricted holder may still cancel
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTrader)) return refuse(Refused::NotPermitted);
    const market::Order* open = market.order(c.order);
    if (TALLYLOCK_PLANTED(RefusedActs) && open && open->holder != by->holder) touch(by->holder, money::kUsd);
    if (!open || open->holder != by->holder) return refuse(Refused::OrderUnknown);
    cancelOrder(*open);
    return done(c.order.value);
}

void Engine::State::cancelOrder(const market::Order& order, std::optional<market::CancelCause> why) {
    MatchExecutor executor(*this, *market.instrument(order.instrumentId()));
    const auto cancelled = market.cancel(order.id, order.holder, executor);
    assert(cancelled);
    executor.end(*cancelled, why);
}

/// NotRegistered, NotPermitted, InstrumentUnknown. Answers how many there were.
Reply Engine::State::handle(const CancelAllOrders& c) {
    const auto by = parties.actorOf(cause.signer); // a restricted holder may still cancel
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTrader)) return refuse(Refused::NotPermitted);
    if (c.instrument && !market.instrument(*c.instrument)) return refuse(Refused::InstrumentUnknown);
    std::uint64_t count = 0;
    for (const market::Order& order : market.openOrdersOf(by->holder)) {
        if (c.instrument && order.instrumentId() != *c.instrument) continue;
        if (TALLYLOCK_PLANTED(StopsStay) && order.type == market::OrderType::StopLimit) continue;
        cancelOrder(order);
        ++count;
    }
    return done(count);
}

/// NotPermitted, InstrumentUnknown, AmountInvalid, AmountNegative, PriceNotOnTick, OrderTooLarge.
Reply Engine::State::handle(const SteerInstrument& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const market::Instrument* known = market.instrument(c.instrument);
    if (!known) return refuse(Refused::InstrumentUnknown);
    if (c.reference.unit != known->scale.quote()) return refuse(Refused::AmountInvalid);
    if (c.reference.value < 0) return refuse(Refused::AmountNegative);
    const auto ticks = known->scale.ticksOf(c.reference);
    if (!ticks && ticks.error() == money::MoneyError::NotExact) return refuse(Refused::PriceNotOnTick);
    if (!ticks || !market.setReference(c.instrument, *ticks)) return refuse(Refused::OrderTooLarge);
    market.setHalted(c.instrument, c.halted);
    emit(Audience::everybody(), InstrumentSteered{c.instrument, c.halted, c.reference});
    return done();
}

} // namespace tallylock::engine
