// An amount: a whole number of a unit's smallest ledger parts, with the unit beside it.
//
// Encoded as [unit, 16 bytes big-endian two's complement], so that equal amounts are equal bytes.
#pragma once

#include "core/money/Int128.h"
#include "core/money/Unit.h"

#include <string>
#include <string_view>

namespace tallylock::money {

struct Amount {
    Int128 value = 0;
    UnitId unit;

    bool operator==(const Amount& o) const { return value == o.value && unit == o.unit; }
    bool isZero() const { return value == 0; }
    bool isPositive() const { return value > 0; }
};

[[nodiscard]] Result<Amount, MoneyError> operator+(const Amount& a, const Amount& b);
[[nodiscard]] Result<Amount, MoneyError> operator-(const Amount& a, const Amount& b);
/// a <= b; UnitMismatch for different units.
[[nodiscard]] Result<bool, MoneyError> notMoreThan(const Amount& a, const Amount& b);

inline constexpr std::uint32_t kBasisPointsInOne = 10'000;
/// The part of a non-negative amount that a rate takes, rounded up unless told otherwise: towards the house.
[[nodiscard]] Result<Amount, MoneyError> feeOf(const Amount& amount, std::uint32_t basisPoints,
                                               Rounding rounding = Rounding::Up);

/// Fees of an order that is filled in several parts. Each fee is rounded up, and what the rounding took too much
/// (less than one unit, counted in ten-thousandths) is credited to the next. So all parts together cost what one
/// fill would: the exact fee, rounded up once.
struct MeteredFee {
    Amount fee;
    std::uint16_t credit = 0; ///< 0..9999; hand it to the next part
};
[[nodiscard]] Result<MeteredFee, MoneyError> meterFee(const Amount& amount, std::uint32_t basisPoints,
                                                      std::uint16_t credit);

/// Conversion at a price, which is the quote amount for one whole base unit (65,000 USD for 1 BTC).
[[nodiscard]] Result<Amount, MoneyError> quoteFor(const Amount& base, const Amount& price, Rounding rounding);
[[nodiscard]] Result<Amount, MoneyError> baseFor(const Amount& quote, const Amount& price, UnitId base,
                                                 Rounding rounding);

} // namespace tallylock::money

template <>
struct tallylock::CborCodec<tallylock::money::Amount> {
    static void write(CborWriter& w, const money::Amount& v);
    static money::Amount read(CborReader& r);
};
