// Units: what an amount counts. The table is part of the program: a unit's number and decimals are written into
// journals and signatures and never change.
#pragma once

#include "core/base/CborFields.h"

#include <span>
#include <string_view>

namespace tallylock::money {

struct UnitId {
    std::uint16_t value = 0; ///< zero is "none"
    auto operator<=>(const UnitId&) const = default;
    explicit operator bool() const { return value != 0; }
};

inline constexpr UnitId kBtc{1};
inline constexpr UnitId kEth{2};
inline constexpr UnitId kXmr{3};
inline constexpr UnitId kUsd{4};
inline constexpr UnitId kEur{5};
inline constexpr UnitId kDusd{6}; ///< the digital dollar: moved on a chain, worth a dollar

enum class UnitKind : std::uint8_t { Coin, Fiat };

struct Unit {
    UnitId id;
    std::string_view code; ///< upper-case ASCII
    UnitKind kind;
    unsigned ledgerDecimals; ///< an amount of one is 10^-ledgerDecimals of the unit
    unsigned railDecimals;   ///< what a chain or bank can move; at most ledgerDecimals
};

/// All units, by number.
std::span<const Unit> allUnits();
/// nullptr for a unit that this version does not know.
const Unit* findUnit(UnitId id);
const Unit* findUnit(std::string_view code);

} // namespace tallylock::money

template <>
struct tallylock::CborCodec<tallylock::money::UnitId> {
    static void write(CborWriter& w, money::UnitId v) { w.unsignedInt(v.value); }
    static money::UnitId read(CborReader& r) { return {static_cast<std::uint16_t>(r.unsignedInt(0xffff))}; }
};
template <>
struct std::hash<tallylock::money::UnitId> {
    std::size_t operator()(tallylock::money::UnitId id) const noexcept { return id.value; }
};
