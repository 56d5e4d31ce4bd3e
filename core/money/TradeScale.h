// The arithmetic of one instrument: prices are whole ticks, quantities are whole lots, and price x quantity is exact
// in the quote unit. A tick is an amount of the quote unit for one whole base unit; a lot is an amount of the base.
#pragma once

#include "core/money/Amount.h"

namespace tallylock::money {

class TradeScale {
public:
    TradeScale() = default;
    /// UnknownUnit, UnitMismatch (tick and lot of the same unit), Negative (not above zero), or NotExact: one lot at
    /// one tick is not a whole number of quote units.
    static Result<TradeScale, MoneyError> make(const Amount& tick, const Amount& lot);

    UnitId base() const { return m_lot.unit; }
    UnitId quote() const { return m_tick.unit; }
    const Amount& tick() const { return m_tick; }
    const Amount& lot() const { return m_lot; }
    /// Quote ledger units of one lot at one tick.
    Int128 quotePerTickLot() const { return m_quotePerTickLot; }

    /// NotExact off the tick, UnitMismatch, Negative, Overflow past 63 bits.
    Result<std::int64_t, MoneyError> ticksOf(const Amount& price) const;
    Result<std::int64_t, MoneyError> lotsOf(const Amount& quantity) const;

    Result<Amount, MoneyError> quoteOf(std::int64_t ticks, std::int64_t lots) const;
    /// The same without checks, for ticks and lots within bounds that were checked before.
    Amount quoteWithin(std::int64_t ticks, std::int64_t lots) const {
        return {m_quotePerTickLot * ticks * lots, m_tick.unit};
    }
    Amount priceOf(std::int64_t ticks) const { return {m_tick.value * ticks, m_tick.unit}; }
    Amount quantityOf(std::int64_t lots) const { return {m_lot.value * lots, m_lot.unit}; }

private:
    Amount m_tick;
    Amount m_lot;
    Int128 m_quotePerTickLot = 0;
};

} // namespace tallylock::money
