#include "ui/market/OrderTotal.h"

#include "core/money/TradeScale.h"

namespace tallylock::ui {

Result<api::Amount, api::Problem> orderTotal(const api::InstrumentRow& instrument, const api::Amount& price,
                                             const api::Amount& quantity) {
    const auto scale = money::TradeScale::make(instrument.tick, instrument.lot);
    if (!scale) return Err(api::Problem::InstrumentUnknown);
    if (price.value <= 0 || quantity.value <= 0) return Err(api::Problem::AmountZero);
    const auto ticks = scale->ticksOf(price);
    if (!ticks) {
        const bool off = ticks.error() == money::MoneyError::NotExact;
        return Err(off ? api::Problem::PriceNotOnTick : api::Problem::AmountOverflow);
    }
    const auto lots = scale->lotsOf(quantity);
    if (!lots) {
        const bool off = lots.error() == money::MoneyError::NotExact;
        return Err(off ? api::Problem::QuantityNotOnLot : api::Problem::AmountOverflow);
    }
    const auto total = scale->quoteOf(*ticks, *lots);
    if (!total) return Err(api::Problem::AmountOverflow);
    return *total;
}

QString figure(const Units& units, const api::Amount& amount, int fraction) {
    return moneyText(amount, units.row(amount.unit).decimals, fraction);
}

int thousandths(const api::Amount& part, const api::Amount& whole) {
    if (part.value <= 0 || whole.value <= 0) return 0;
    if (part.value >= whole.value) return 1000;
    const auto share = money::mulDiv(part.value, 1000, whole.value, money::Rounding::Up);
    // Only amounts near the end of the range overflow; there a coarser division serves as well.
    return static_cast<int>(share ? *share : part.value / (whole.value / 1000));
}

} // namespace tallylock::ui
