#include "core/money/Int128.h"

#include <cassert>

namespace tallylock::money {

const char* nameOf(MoneyError error) {
    switch (error) {
    case MoneyError::Overflow: return "overflow";
    case MoneyError::Negative: return "negative";
    case MoneyError::TooManyDecimals: return "too many decimals";
    case MoneyError::NotANumber: return "not a number";
    case MoneyError::TooLong: return "too long";
    case MoneyError::UnknownUnit: return "unknown unit";
    case MoneyError::UnitMismatch: return "unit mismatch";
    case MoneyError::NotExact: return "not exact";
    case MoneyError::DivisionByZero: return "division by zero";
    case MoneyError::RateTooHigh: return "rate too high";
    }
    return "?";
}

Result<Int128, MoneyError> checkedAdd(Int128 a, Int128 b) {
    if (!addTo(a, b)) return Err(MoneyError::Overflow);
    return a;
}

Result<Int128, MoneyError> checkedSub(Int128 a, Int128 b) {
    if (!subtractFrom(a, b)) return Err(MoneyError::Overflow);
    return a;
}

static UInt128 magnitudeOf(Int128 value) {
    return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

// Not __builtin_mul_overflow: clang turns that into a call which libgcc does not have.
Result<Int128, MoneyError> checkedMul(Int128 a, Int128 b) {
    if (a >= INT64_MIN && a <= INT64_MAX && b >= INT64_MIN && b <= INT64_MAX) return a * b;
    if (a == 0 || b == 0) return Int128{0};
    const bool negative = (a < 0) != (b < 0);
    const UInt128 x = magnitudeOf(a);
    const UInt128 y = magnitudeOf(b);
    const UInt128 limit = static_cast<UInt128>(kInt128Max) + (negative ? 1 : 0);
    if (x > limit / y) return Err(MoneyError::Overflow);
    const UInt128 product = x * y;
    return static_cast<Int128>(negative ? UInt128{0} - product : product);
}

Result<Int128, MoneyError> mulDiv(Int128 a, Int128 b, Int128 c, Rounding rounding) {
    if (a < 0 || b < 0 || c < 0) return Err(MoneyError::Negative);
    if (c == 0) return Err(MoneyError::DivisionByZero);
    const auto product = checkedMul(a, b);
    if (!product) return product;
    Int128 quotient = *product / c;
    if (rounding == Rounding::Up && *product % c != 0) ++quotient; // fits: the product did, and c > 1 here
    return quotient;
}

Int128 powerOfTen(unsigned exponent) {
    assert(exponent <= 38);
    Int128 power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

void writeInt128(CborWriter& writer, Int128 value) {
    const auto bits = static_cast<UInt128>(value);
    std::uint8_t bytes[16];
    putBigEndian64(bytes, static_cast<std::uint64_t>(bits >> 64));
    putBigEndian64(bytes + 8, static_cast<std::uint64_t>(bits));
    writer.byteString(bytes);
}

Int128 readInt128(CborReader& reader) {
    const ByteView bytes = reader.byteString(16);
    if (bytes.size() != 16) {
        reader.fail(CborError::OutOfRange);
        return 0;
    }
    const UInt128 high = getBigEndian64(bytes.data());
    return static_cast<Int128>(high << 64 | getBigEndian64(bytes.data() + 8));
}

} // namespace tallylock::money
