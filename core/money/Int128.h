// Checked 128-bit integers: what every amount of money is counted in.
//
// Nothing here wraps or rounds silently. An operation that leaves the range answers MoneyError::Overflow.
#pragma once

#include "core/base/CborFields.h"

namespace tallylock::money {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr Int128 kInt128Max = static_cast<Int128>(~UInt128{0} >> 1);
inline constexpr Int128 kInt128Min = -kInt128Max - 1;

enum class MoneyError {
    Overflow,        ///< beyond 128 bits
    Negative,        ///< a minus sign, or a negative amount where none may be
    TooManyDecimals, ///< more decimals than the unit has
    NotANumber,      ///< empty, or another character than ASCII digits and one point between digits
    TooLong,         ///< more characters than kMaxDecimalText
    UnknownUnit,     ///< no such unit
    UnitMismatch,    ///< two amounts of different units
    NotExact,        ///< not a whole number of ticks or lots, or a scale whose trades would round
    DivisionByZero,  ///< a price of nothing
    RateTooHigh,     ///< more than 10,000 basis points
};
const char* nameOf(MoneyError error);

/// False on overflow; `out` is then unspecified.
inline bool addTo(Int128& out, Int128 more) { return !__builtin_add_overflow(out, more, &out); }
inline bool subtractFrom(Int128& out, Int128 less) { return !__builtin_sub_overflow(out, less, &out); }

[[nodiscard]] Result<Int128, MoneyError> checkedAdd(Int128 a, Int128 b);
[[nodiscard]] Result<Int128, MoneyError> checkedSub(Int128 a, Int128 b);
[[nodiscard]] Result<Int128, MoneyError> checkedMul(Int128 a, Int128 b);

/// Which way a division goes that is not exact. Up is away from zero; all divided values here are non-negative.
enum class Rounding { Up, Down };
/// a x b / c for a, b >= 0 and c > 0. The product must fit into 128 bits.
[[nodiscard]] Result<Int128, MoneyError> mulDiv(Int128 a, Int128 b, Int128 c, Rounding rounding);

/// 10 to the power of 0..38.
Int128 powerOfTen(unsigned exponent);

/// Sixteen bytes, two's complement, big-endian: one form a value.
void writeInt128(CborWriter& writer, Int128 value);
Int128 readInt128(CborReader& reader);

} // namespace tallylock::money

template <>
struct tallylock::CborCodec<tallylock::money::Int128> {
    static void write(CborWriter& w, money::Int128 v) { money::writeInt128(w, v); }
    static money::Int128 read(CborReader& r) { return money::readInt128(r); }
};
