#include "ui/market/OrderEstimate.h"

#include "ui/market/OrderTotal.h"

#include "core/money/TradeScale.h"

#include <algorithm>

namespace tallylock::ui {

using api::Amount;
using api::OrderType;
using api::Problem;
using api::Side;
using money::Int128;

namespace {

struct Collar {
    Amount lowest;
    Amount highest;
    bool isSet = false;
};

/// As the coordinator measures it: in whole ticks, rounded inwards.
Collar collarOf(const api::InstrumentRow& instrument, const money::TradeScale& scale) {
    const auto from = scale.ticksOf(instrument.reference);
    if (instrument.collarBasisPoints == 0 || !from || *from == 0) return {};
    const Int128 one = money::kBasisPointsInOne;
    const Int128 part = instrument.collarBasisPoints;
    const Int128 lowest = (*from * (one - part) + one - 1) / one;
    const Int128 highest = *from * (one + part) / one;
    return {scale.priceOf(static_cast<std::int64_t>(lowest)), scale.priceOf(static_cast<std::int64_t>(highest)), true};
}

/// A price that this order would still trade at.
bool reaches(Side side, const Amount& price, const Amount& level) {
    return side == Side::Buy ? level.value <= price.value : level.value >= price.value;
}

/// What trades against the levels at once, up to a price, or at any where there is none.
Result<void, Problem> walk(OrderEstimate& found, const api::InstrumentRow& instrument,
                           const std::vector<api::BookRow>& book, Side side, const Amount& quantity,
                           const std::optional<Amount>& worst) {
    for (const api::BookRow& level : book) {
        if (level.side == side || (worst && !reaches(side, *worst, level.price))) continue;
        const Int128 some = std::min(level.quantity.value, quantity.value - found.trades.value);
        if (some <= 0) break;
        const auto part = orderTotal(instrument, level.price, {some, quantity.unit});
        if (!part || !money::addTo(found.cost.value, part->value)) return Err(Problem::AmountOverflow);
        found.trades.value += some;
    }
    return {};
}

Result<Amount, Problem> feeOn(const Amount& cost, std::uint32_t basisPoints) {
    const auto fee = money::meterFee(cost, basisPoints, 0);
    if (!fee) return Err(Problem::AmountOverflow);
    return fee->fee;
}

/// The fee at most, and what is held.
Result<void, Problem> addMoney(OrderEstimate& found, const api::InstrumentRow& instrument,
                               const api::OrderRequest& order) {
    const std::uint32_t dearer = std::max(instrument.makerBasisPoints, instrument.takerBasisPoints);
    const auto whole = feeOn(found.total, dearer);
    if (!whole) return Err(whole.error());
    const auto atRest = found.rests.isZero() ? Result<Amount, Problem>(Amount{0, found.total.unit})
                                             : orderTotal(instrument, order.price, found.rests);
    if (!atRest) return Err(atRest.error());
    if (order.type == OrderType::StopLimit) {
        found.fee = *whole; // as a taker or a maker: nobody knows yet
    } else {
        const auto taker = feeOn(found.cost, instrument.takerBasisPoints);
        const auto maker = feeOn(*atRest, instrument.makerBasisPoints);
        if (!taker || !maker) return Err(Problem::AmountOverflow);
        found.fee = {taker->value + maker->value, found.total.unit};
    }
    found.held = order.side == Side::Sell ? order.quantity : found.total;
    if (order.type == OrderType::Market && found.trades.isZero()) found.held.value = 0;
    if (order.side == Side::Buy && !money::addTo(found.held.value, whole->value)) return Err(Problem::AmountOverflow);
    return {};
}

} // namespace

Result<OrderEstimate, Problem> estimateOrder(const api::InstrumentRow& instrument,
                                             const std::vector<api::BookRow>& book, const api::OrderRequest& order) {
    const auto scale = money::TradeScale::make(instrument.tick, instrument.lot);
    if (!scale) return Err(Problem::InstrumentUnknown);
    const bool isMarket = order.type == OrderType::Market;
    const bool waits = order.type == OrderType::StopLimit;
    const auto total = orderTotal(instrument, isMarket ? instrument.tick : order.price, order.quantity);
    if (!total) return Err(total.error());
    if (waits) {
        const auto stop = orderTotal(instrument, order.stopPrice, order.quantity);
        if (!stop) return Err(stop.error());
    }
    if (order.quantity.value < instrument.minimum.value) return Err(Problem::OrderTooSmall);
    if (instrument.maximum.isPositive() && order.quantity.value > instrument.maximum.value)
        return Err(Problem::OrderTooLarge);

    const money::UnitId quote = instrument.quote;
    OrderEstimate found{{0, instrument.base}, {0, quote}, {0, quote}, {0, instrument.base}, *total, {0, quote}, {}, {}};
    const Collar collar = collarOf(instrument, *scale);
    std::optional<Amount> worst = order.price;
    if (isMarket) {
        worst.reset();
        if (collar.isSet) worst = order.side == Side::Buy ? collar.highest : collar.lowest;
    }
    if (!waits) {
        const auto walked = walk(found, instrument, book, order.side, order.quantity, worst);
        if (!walked) return Err(walked.error());
    }
    if (isMarket) found.total = found.cost;
    if (found.trades.isPositive()) {
        const money::Unit* base = money::findUnit(instrument.base);
        const auto price = money::mulDiv(found.cost.value, money::powerOfTen(base ? base->ledgerDecimals : 0),
                                         found.trades.value, money::Rounding::Down);
        if (price) found.average.value = *price;
    }
    const bool stays = order.type == OrderType::Limit || order.type == OrderType::PostOnly || waits;
    if (stays) found.rests.value = order.quantity.value - found.trades.value;

    const bool outside =
        !isMarket && collar.isSet &&
        (order.side == Side::Buy ? order.price.value > collar.highest.value : order.price.value < collar.lowest.value);
    if (outside) {
        found.warning = Problem::PriceOutsideCollar;
    } else if (order.type == OrderType::PostOnly && found.trades.isPositive()) {
        found.warning = Problem::OrderWouldTrade;
    } else if (order.type == OrderType::FillOrKill && found.trades.value < order.quantity.value) {
        found.warning = Problem::OrderNotFillable;
    }
    const auto priced = addMoney(found, instrument, order);
    if (!priced) return Err(priced.error());
    return found;
}

} // namespace tallylock::ui
