#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

namespace {
using market::Side;

Refused refusedBy(market::PlaceRefusal refusal) {
    using P = market::PlaceRefusal;
    switch (refusal) {
    case P::UnknownInstrument: return Refused::InstrumentUnknown;
    case P::WrongUnit: return Refused::AmountInvalid;
    case P::PriceNotPositive:
    case P::QuantityNotPositive: return Refused::AmountZero;
    case P::PriceNotOnTick: return Refused::PriceNotOnTick;
    case P::QuantityNotOnLot: return Refused::QuantityNotOnLot;
    case P::QuantityBelowMinimum: return Refused::OrderTooSmall;
    case P::PriceTooHigh:
    case P::QuantityAboveMaximum: return Refused::OrderTooLarge;
    case P::DuplicateClientOrderId: return Refused::ClientIdUsed;
    case P::kCount: break;
    }
    return Refused::AmountInvalid;
}

/// The fee rate that an order's hold reckons with: the dearer of the two.
std::uint32_t holdRate(const market::InstrumentSpec& spec) {
    return std::max(spec.makerBasisPoints, spec.takerBasisPoints);
}

/// What must stay held for a buy order with `lots` to go: its cost at its own limit, and the fee of that, less the
/// credit that earlier roundings left. Exact: what a fill takes from it always covers that fill's cost and metered fee.
money::Int128 buyHold(const market::Instrument& instrument, std::int64_t priceTicks, std::int64_t lots,
                      std::uint16_t feeCredit) {
    if (lots == 0) return 0;
    const Amount cost = instrument.scale.quoteWithin(priceTicks, lots);
    const auto fee = money::meterFee(cost, holdRate(instrument.spec), feeCredit);
    assert(fee && "an instrument's bounds keep its largest trade in range");
    return cost.value + fee->fee.value;
}
} // namespace

/// Executes each match as it happens: one instruction, one transfer.
class MatchExecutor final : public market::BookSink {
public:
    MatchExecutor(Engine::State& state, const market::Instrument& instrument)
        : m_state(state),
          m_instrument(instrument) {}

    void onMatch(const market::Match& match) override {
        market::Order& buyer = match.buyer();
        market::Order& seller = match.seller();
        const auto& scale = m_instrument.scale;
        const Amount fiat = scale.quoteWithin(match.priceTicks, match.lots);
        const Amount quantity = scale.quantityOf(match.lots);
        const Amount buyerFee = meter(match, buyer, fiat);
        const Amount sellerFee = meter(match, seller, fiat);

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
        instruction.quantity = quantity;
        instruction.fiat = fiat;
        instruction.buyerFee = buyerFee;
        instruction.sellerFee = sellerFee;
        instruction.state = market::InstructionState::Executed;

        const EntryId entry = execute(instruction, buyer, seller, match.lots);
        const Hash hash = crypto::labelledHash("instruction", instruction);
        if (!TALLYLOCK_PLANTED(InstructionSkipped)) {
            m_state.emit(Audience::both(buyer.holder, seller.holder),
                         InstructionExecuted{instruction, hash, entry, m_state.nowMs});
        }
        m_state.emit(Audience::everybody(),
                     TradePublished{instruction.number, m_instrument.id, static_cast<std::uint8_t>(match.taker.side),
                                    instruction.price, quantity, fiat, m_state.nowMs});
        for (const market::Order* order : {&match.maker, &match.taker}) {
            m_state.emit(Audience::only(order->holder),
                         OrderChanged{order->id, order->holder, scale.quantityOf(order->remainingLots),
                                      order->remainingLots == 0 && !TALLYLOCK_PLANTED(FilledUntold) ? OrderState::Filled
                                                                                                    : OrderState::Open,
                                      m_state.nowMs});
        }
    }

    void onLevel(InstrumentId instrument, Side side, const market::LevelRow& level) override {
        const auto& scale = m_instrument.scale;
        m_state.emit(Audience::everybody(),
                     LevelChanged{instrument, static_cast<std::uint8_t>(side), scale.priceOf(level.priceTicks),
                                  scale.quantityOf(level.totalLots), level.orders});
    }

private:
    Amount meter(const market::Match& match, market::Order& order, const Amount& fiat) {
        const auto& spec = m_instrument.spec;
        const auto rate = &order == &match.maker ? spec.makerBasisPoints : spec.takerBasisPoints;
        const auto fee = money::meterFee(fiat, rate, order.feeCredit);
        assert(fee);
        order.feeCredit = fee->credit;
        if (TALLYLOCK_PLANTED(FeeRoundedDown) && fee->credit != 0) return {fee->fee.value - 1, fee->fee.unit};
        return fee->fee;
    }

    EntryId execute(const market::Instruction& i, const market::Order& buyer, const market::Order& seller,
                    std::int64_t lots) {
        const UnitId base = i.quantity.unit;
        const UnitId quote = i.fiat.unit;
        const auto held = m_state.ledger.findHold(buyer.hold);
        assert(held);
        const money::Int128 keep = buyHold(m_instrument, buyer.priceTicks, buyer.remainingLots, buyer.feeCredit);
        const money::Int128 spent =
            TALLYLOCK_PLANTED(SurplusKept) ? i.fiat.value + i.buyerFee.value : held->remaining - keep;
        const ledger::HoldUse uses[] = {{buyer.hold, spent}, {seller.hold, m_instrument.scale.quantityOf(lots).value}};
        std::vector<ledger::Leg> legs{
            {ledger::availableOf(i.buyer, quote), -(i.fiat.value + i.buyerFee.value)},
            {ledger::availableOf(i.seller, quote),
             i.fiat.value - i.sellerFee.value + (TALLYLOCK_PLANTED(MadeMoney) ? 1 : 0)},
            {ledger::availableOf(i.seller, base), -i.quantity.value},
            {ledger::availableOf(i.buyer, base), i.quantity.value},
        };
        const money::Int128 fees = i.buyerFee.value + i.sellerFee.value;
        const auto house = TALLYLOCK_PLANTED(FeeElsewhere) ? ledger::Purpose::Treasury : ledger::Purpose::Fees;
        if (fees != 0) legs.push_back({ledger::houseAccount(house, quote), fees});
        return m_state.post(ledger::Reason::Trade, i.number.value, {}, std::move(legs), uses);
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
    const auto id = market.addInstrument(
        {c.symbol, c.tick, c.lot, *minLots, *maxLots, kMaxTicks, c.makerBasisPoints, c.takerBasisPoints});
    if (!id) return refuse(Refused::InstrumentInvalid, market::nameOf(id.error()));
    emit(Audience::everybody(),
         InstrumentOpened{*id, c.symbol, c.base, c.quote, c.tick, c.lot, c.minimum, c.maximum,
                          TALLYLOCK_PLANTED(RatesSwapped) ? c.takerBasisPoints : c.makerBasisPoints,
                          c.takerBasisPoints});
    return done(id->value);
}

/// NotRegistered, NotPermitted, AccountFrozen, then market::PlaceRefusal in its order, the user's limit
/// (NotPermitted), InsufficientFunds. The balance is verified and held in one act, fees included.
Reply Engine::State::handle(const PlaceOrder& c) {
    const auto by = actor(parties::kTrader);
    if (!by) return refuse(by.error());
    const Side side = c.side == 0 ? Side::Buy : Side::Sell;
    if (c.side > 1) return refuse(Refused::AmountInvalid);
    const auto ticket = market.check({c.instrument, by->holder, by->user, c.clientId, side, c.price, c.quantity});
    if (!ticket) {
        const Refused why = refusedBy(ticket.error());
        const bool negative = c.price.value < 0 || c.quantity.value < 0;
        return refuse(why == Refused::AmountZero && negative ? Refused::AmountNegative : why);
    }
    if (!parties.checkOrder(*by, ticket->fiat)) return refuse(Refused::NotPermitted, "limit");

    const market::Instrument& instrument = *market.instrument(c.instrument);
    const money::Int128 needed =
        side == Side::Buy ? buyHold(instrument, ticket->priceTicks, ticket->quantityLots, 0) : c.quantity.value;
    const UnitId unit = side == Side::Buy ? c.price.unit : c.quantity.unit;
    const auto hold =
        ledger.hold(ledger::availableOf(by->holder, unit), needed, ledger::Reason::Order, ticket->order.value);
    if (!hold) return refuse(Refused::InsufficientFunds);
    touch(by->holder, unit);

    emit(Audience::only(by->holder),
         OrderPlaced{ticket->order, c.instrument, by->holder, by->user, c.side, c.price, c.quantity, c.clientId,
                     TALLYLOCK_PLANTED(Unrepeatable) ? TALLYLOCK_PLANTED_COUNT : nowMs});
    MatchExecutor executor(*this, instrument);
    const market::Placed placed = market.place(*ticket, *hold, executor);
    return done(TALLYLOCK_PLANTED(NumberUntold) ? 0 : placed.order.value);
}

/// NotRegistered, NotPermitted, OrderUnknown (also for somebody else's).
Reply Engine::State::handle(const CancelOrder& c) {
    const auto by = parties.actorOf(cause.signer); // a restricted holder may still cancel
    if (!by) return refuse(Refused::NotRegistered);
    if (!by->has(parties::kTrader)) return refuse(Refused::NotPermitted);
    const market::Order* open = market.order(c.order);
    if (TALLYLOCK_PLANTED(RefusedActs) && open && open->holder != by->holder) touch(by->holder, money::kUsd);
    if (!open || open->holder != by->holder) return refuse(Refused::OrderUnknown);
    const market::Instrument& instrument = *market.instrument(open->instrumentId());
    MatchExecutor executor(*this, instrument);
    const auto cancelled = market.cancel(c.order, by->holder, executor);
    assert(cancelled);
    const auto released = ledger.release(cancelled->hold);
    assert(released);
    (void)released;
    touch(by->holder, cancelled->side == Side::Buy ? instrument.scale.quote() : instrument.scale.base());
    emit(Audience::only(by->holder),
         OrderChanged{c.order, by->holder, instrument.scale.quantityOf(cancelled->remainingLots), OrderState::Cancelled,
                      nowMs});
    return done(c.order.value);
}

} // namespace tallylock::engine
