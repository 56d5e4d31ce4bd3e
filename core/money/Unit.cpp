#include "core/money/Unit.h"

#include <array>

namespace tallylock::money {

static constexpr std::array<Unit, 6> kUnits{{
    {kBtc, "BTC", UnitKind::Coin, 8, 8},
    {kEth, "ETH", UnitKind::Coin, 18, 18},
    {kXmr, "XMR", UnitKind::Coin, 12, 12},
    {kUsd, "USD", UnitKind::Fiat, 8, 2}, // finer than cents, so that trades need no rounding
    {kEur, "EUR", UnitKind::Fiat, 8, 2},
    {kDusd, "DUSD", UnitKind::Coin, 8, 6}, // as fine as the dollar, so that either is changed for the other exactly
}};

std::span<const Unit> allUnits() { return kUnits; }

const Unit* findUnit(UnitId id) {
    // The numbers are 1, 2, 3, ... in the order of the table.
    if (id.value == 0 || id.value > kUnits.size()) return nullptr;
    return &kUnits[id.value - 1u];
}

const Unit* findUnit(std::string_view code) {
    for (const Unit& unit : kUnits) {
        if (unit.code == code) return &unit;
    }
    return nullptr;
}

} // namespace tallylock::money
