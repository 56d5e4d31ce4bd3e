#include "core/money/TradeScale.h"

namespace tallylock::money {

Result<TradeScale, MoneyError> TradeScale::make(const Amount& tick, const Amount& lot) {
    const Unit* base = findUnit(lot.unit);
    if (!base || !findUnit(tick.unit)) return Err(MoneyError::UnknownUnit);
    if (tick.unit == lot.unit) return Err(MoneyError::UnitMismatch);
    if (tick.value <= 0 || lot.value <= 0) return Err(MoneyError::Negative);
    const auto product = checkedMul(tick.value, lot.value);
    if (!product) return Err(product.error());
    const Int128 one = powerOfTen(base->ledgerDecimals);
    if (*product % one != 0) return Err(MoneyError::NotExact);
    TradeScale scale;
    scale.m_tick = tick;
    scale.m_lot = lot;
    scale.m_quotePerTickLot = *product / one;
    return scale;
}

// A 64-bit division is several times as fast as a 128-bit one, and nearly all amounts fit.
static Result<std::int64_t, MoneyError> wholeParts(Int128 value, Int128 part) {
    if (value < 0) return Err(MoneyError::Negative);
    if (value <= INT64_MAX && part <= INT64_MAX) {
        const auto small = static_cast<std::int64_t>(value);
        const auto by = static_cast<std::int64_t>(part);
        const std::int64_t parts = small / by;
        if (parts * by != small) return Err(MoneyError::NotExact);
        return parts;
    }
    if (value % part != 0) return Err(MoneyError::NotExact);
    const Int128 parts = value / part;
    if (parts > INT64_MAX) return Err(MoneyError::Overflow);
    return static_cast<std::int64_t>(parts);
}

Result<std::int64_t, MoneyError> TradeScale::ticksOf(const Amount& price) const {
    if (price.unit != m_tick.unit) return Err(MoneyError::UnitMismatch);
    return wholeParts(price.value, m_tick.value);
}

Result<std::int64_t, MoneyError> TradeScale::lotsOf(const Amount& quantity) const {
    if (quantity.unit != m_lot.unit) return Err(MoneyError::UnitMismatch);
    return wholeParts(quantity.value, m_lot.value);
}

Result<Amount, MoneyError> TradeScale::quoteOf(std::int64_t ticks, std::int64_t lots) const {
    if (ticks < 0 || lots < 0) return Err(MoneyError::Negative);
    const auto value = checkedMul(m_quotePerTickLot, Int128{ticks} * lots);
    if (!value) return Err(value.error());
    return Amount{*value, m_tick.unit};
}

} // namespace tallylock::money
