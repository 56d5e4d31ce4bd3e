#include "core/money/Amount.h"

namespace tallylock::money {

Result<Amount, MoneyError> operator+(const Amount& a, const Amount& b) {
    if (a.unit != b.unit) return Err(MoneyError::UnitMismatch);
    const auto sum = checkedAdd(a.value, b.value);
    if (!sum) return Err(sum.error());
    return Amount{*sum, a.unit};
}

Result<Amount, MoneyError> operator-(const Amount& a, const Amount& b) {
    if (a.unit != b.unit) return Err(MoneyError::UnitMismatch);
    const auto difference = checkedSub(a.value, b.value);
    if (!difference) return Err(difference.error());
    return Amount{*difference, a.unit};
}

Result<bool, MoneyError> notMoreThan(const Amount& a, const Amount& b) {
    if (a.unit != b.unit) return Err(MoneyError::UnitMismatch);
    return a.value <= b.value;
}

namespace {
/// v x rate / 10,000 in two parts, so that it cannot overflow: the whole is never more than v.
struct Share {
    Int128 whole;
    std::int64_t rest; ///< in ten-thousandths
};
// A 128-bit division is a call, and nearly all amounts fit into 64 bits: a constant divides those without dividing.
Share shareOf(Int128 value, std::uint32_t basisPoints) {
    constexpr std::int64_t kOne = kBasisPointsInOne;
    const std::int64_t rate = basisPoints;
    if (value <= INT64_MAX) {
        const auto small = static_cast<std::int64_t>(value);
        return {Int128{small / kOne} * rate, small % kOne * rate};
    }
    return {value / kOne * rate, static_cast<std::int64_t>(value % kOne) * rate};
}
} // namespace

Result<Amount, MoneyError> feeOf(const Amount& amount, std::uint32_t basisPoints, Rounding rounding) {
    if (amount.value < 0) return Err(MoneyError::Negative);
    if (basisPoints > kBasisPointsInOne) return Err(MoneyError::RateTooHigh);
    const auto [whole, rest] = shareOf(amount.value, basisPoints);
    Int128 fee = whole + rest / kBasisPointsInOne;
    if (rounding == Rounding::Up && rest % kBasisPointsInOne != 0) ++fee;
    return Amount{fee, amount.unit};
}

Result<MeteredFee, MoneyError> meterFee(const Amount& amount, std::uint32_t basisPoints, std::uint16_t credit) {
    if (amount.value < 0) return Err(MoneyError::Negative);
    if (basisPoints > kBasisPointsInOne || credit >= kBasisPointsInOne) return Err(MoneyError::RateTooHigh);
    const auto [whole, rest] = shareOf(amount.value, basisPoints);
    Int128 fee = whole;
    const std::int64_t owed = rest - credit;
    std::int64_t left = -owed; // nothing more is due if the credit covers the rest
    if (owed > 0) {
        const std::int64_t up = (owed + kBasisPointsInOne - 1) / kBasisPointsInOne;
        fee += up;
        left = up * kBasisPointsInOne - owed;
    }
    return MeteredFee{{fee, amount.unit}, static_cast<std::uint16_t>(left)};
}

Result<Amount, MoneyError> quoteFor(const Amount& base, const Amount& price, Rounding rounding) {
    const Unit* unit = findUnit(base.unit);
    if (!unit || !findUnit(price.unit)) return Err(MoneyError::UnknownUnit);
    const auto value = mulDiv(base.value, price.value, powerOfTen(unit->ledgerDecimals), rounding);
    if (!value) return Err(value.error());
    return Amount{*value, price.unit};
}

Result<Amount, MoneyError> baseFor(const Amount& quote, const Amount& price, UnitId base, Rounding rounding) {
    if (quote.unit != price.unit) return Err(MoneyError::UnitMismatch);
    const Unit* unit = findUnit(base);
    if (!unit) return Err(MoneyError::UnknownUnit);
    const auto value = mulDiv(quote.value, powerOfTen(unit->ledgerDecimals), price.value, rounding);
    if (!value) return Err(value.error());
    return Amount{*value, base};
}

} // namespace tallylock::money

void tallylock::CborCodec<tallylock::money::Amount>::write(CborWriter& w, const money::Amount& v) {
    w.array(2);
    writeCbor(w, v.unit);
    money::writeInt128(w, v.value);
}

tallylock::money::Amount tallylock::CborCodec<tallylock::money::Amount>::read(CborReader& r) {
    money::Amount amount;
    if (r.array(2) != 2) r.fail(CborError::WrongType);
    amount.unit = readCbor<money::UnitId>(r);
    amount.value = money::readInt128(r);
    return amount;
}
