#include "core/engine/TradeMoney.h"

#include "core/base/Planted.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

using market::OrderType;
using market::Side;
using money::Amount;
using money::Int128;

/// The fee rate that an order's hold reckons with: the dearer of the two.
static std::uint32_t holdRate(const market::InstrumentSpec& spec) {
    return std::max(spec.makerBasisPoints, spec.takerBasisPoints);
}

static Int128 withFee(const market::Instrument& instrument, const Amount& cost, std::uint16_t feeCredit) {
    const auto fee = money::meterFee(cost, holdRate(instrument.spec), feeCredit);
    assert(fee && "an instrument's bounds keep its largest trade in range");
    return cost.value + fee->fee.value;
}

/// What must stay held for a buy order with `lots` to go: its cost at its own limit, and the fee of that, less the
/// credit that earlier roundings left. Exact: what a fill takes from it always covers that fill's cost and metered fee.
static Int128 buyHold(const market::Instrument& instrument, std::int64_t priceTicks, std::int64_t lots,
                      std::uint16_t feeCredit) {
    return lots == 0 ? 0 : withFee(instrument, instrument.scale.quoteWithin(priceTicks, lots), feeCredit);
}

ledger::AccountKey tradingAccountOf(HolderId holder, money::UnitId unit) {
    return holder == ledger::kHouse ? ledger::houseAccount(ledger::Purpose::Treasury, unit)
                                    : ledger::availableOf(holder, unit);
}

Amount neededFor(const market::Instrument& instrument, const market::Ticket& ticket) {
    const auto& scale = instrument.scale;
    const bool isMarket = ticket.asked.type == OrderType::Market;
    if (isMarket && ticket.fiat.isZero()) return {0, scale.quote()};
    if (ticket.asked.side == Side::Sell) return scale.quantityOf(ticket.quantityLots);
    if (isMarket) return {withFee(instrument, ticket.fiat, 0), scale.quote()};
    return {buyHold(instrument, ticket.priceTicks, ticket.quantityLots, 0), scale.quote()};
}

Amount neededAfter(const market::Instrument& instrument, const market::Order& order,
                   const market::ChangeTicket& ticket) {
    const auto& scale = instrument.scale;
    if (order.side == Side::Sell) return scale.quantityOf(ticket.remainingLots);
    return {buyHold(instrument, ticket.priceTicks, ticket.remainingLots, order.feeCredit), scale.quote()};
}

Fill fillOf(const market::Instrument& instrument, const market::Match& match) {
    const Amount fiat = instrument.scale.quoteWithin(match.priceTicks, match.lots);
    const auto meter = [&](market::Order& order, std::uint32_t rate) {
        const auto fee = money::meterFee(fiat, rate, order.feeCredit);
        assert(fee);
        order.feeCredit = fee->credit;
        if (TALLYLOCK_PLANTED(FeeRoundedDown) && fee->credit != 0) return Amount{fee->fee.value - 1, fee->fee.unit};
        return fee->fee;
    };
    const Amount makerFee = meter(match.maker, instrument.spec.makerBasisPoints);
    const Amount takerFee = meter(match.taker, instrument.spec.takerBasisPoints);
    const bool takerBuys = match.taker.side == Side::Buy;
    return {fiat, instrument.scale.quantityOf(match.lots), takerBuys ? takerFee : makerFee,
            takerBuys ? makerFee : takerFee};
}

FillTransfer transferOf(const ledger::Ledger& ledger, const market::Instrument& instrument, const market::Match& match,
                        const Fill& fill) {
    const market::Order& buyer = match.buyer();
    const market::Order& seller = match.seller();
    const Int128 held = ledger.remainingOf(buyer.hold);
    assert(held > 0);
    // The hold of a market order was made for what it costs, not for its price.
    Int128 kept = 0;
    if (buyer.type != OrderType::Market) {
        kept = buyHold(instrument, buyer.priceTicks, buyer.remainingLots, buyer.feeCredit);
    } else if (buyer.remainingLots != 0) {
        kept = held - fill.fiat.value - fill.buyerFee.value;
    }
    if (TALLYLOCK_PLANTED(SurplusKept)) kept = held - fill.fiat.value - fill.buyerFee.value;
    const auto quote = fill.fiat.unit;
    const auto base = fill.quantity.unit;
    const Int128 made = TALLYLOCK_PLANTED(MadeMoney) ? 1 : 0;
    FillTransfer transfer;
    transfer.places = {{{tradingAccountOf(buyer.holder, quote), -(fill.fiat.value + fill.buyerFee.value)},
                        {tradingAccountOf(seller.holder, quote), fill.fiat.value - fill.sellerFee.value + made},
                        {tradingAccountOf(seller.holder, base), -fill.quantity.value},
                        {tradingAccountOf(buyer.holder, base), fill.quantity.value}}};
    transfer.count = 4;
    transfer.uses = {{{buyer.hold, held - kept}, {seller.hold, fill.quantity.value}}};
    const Int128 fees = fill.buyerFee.value + fill.sellerFee.value;
    const auto house = TALLYLOCK_PLANTED(FeeElsewhere) ? ledger::Purpose::Treasury : ledger::Purpose::Fees;
    if (fees != 0) transfer.places[transfer.count++] = {ledger::houseAccount(house, quote), fees};
    return transfer;
}

} // namespace tallylock::engine
