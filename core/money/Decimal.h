// Exact decimals: between text and amounts, without any floating point.
//
// Text is ASCII digits with at most one point, which has a digit on both sides: "0", "12.50". No sign, exponent,
// grouping, blank or other script's digits; every failure is named.
#pragma once

#include "core/money/Amount.h"

namespace tallylock::money {

inline constexpr std::size_t kMaxDecimalText = 60;

/// The value times 10^decimals. decimals <= 38.
[[nodiscard]] Result<Int128, MoneyError> parseDecimal(std::string_view text, unsigned decimals);
/// In ledger units of the unit: parseAmount("12.5", kUsd) is 1'250'000'000.
[[nodiscard]] Result<Amount, MoneyError> parseAmount(std::string_view text, UnitId unit);

struct DecimalStyle {
    unsigned keep = 0; ///< decimals that are shown even if zero
    char group = '\0'; ///< between groups of three digits before the point
    char point = '.';
};
/// Exact: trailing zeros beyond `keep` are dropped, other digits never. Prints a minus sign.
std::string formatDecimal(Int128 value, unsigned decimals, DecimalStyle style = {});
/// The number in the decimals of its unit, at least the rail's for fiat: "12.50". The unit must be known.
std::string formatAmount(const Amount& amount, char group = '\0');
/// The same with the code: "12.50 USD".
std::string formatWithCode(const Amount& amount, char group = '\0');

} // namespace tallylock::money
