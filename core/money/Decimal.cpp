#include "core/money/Decimal.h"

#include <algorithm>
#include <cassert>

namespace tallylock::money {

static bool isAsciiDigit(char c) { return c >= '0' && c <= '9'; }

static Result<Int128, MoneyError> appendDigit(Int128 value, char digit) {
    const auto shifted = checkedMul(value, 10);
    if (!shifted) return shifted;
    return checkedAdd(*shifted, digit - '0');
}

Result<Int128, MoneyError> parseDecimal(std::string_view text, unsigned decimals) {
    assert(decimals <= 38);
    if (text.size() > kMaxDecimalText) return Err(MoneyError::TooLong);
    if (text.size() > 1 && text[0] == '-' && isAsciiDigit(text[1])) return Err(MoneyError::Negative);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
    if (whole.empty() || (point < text.size() && fraction.empty())) return Err(MoneyError::NotANumber);
    if (!std::all_of(whole.begin(), whole.end(), isAsciiDigit) ||
        !std::all_of(fraction.begin(), fraction.end(), isAsciiDigit)) {
        return Err(MoneyError::NotANumber);
    }
    if (fraction.size() > decimals) return Err(MoneyError::TooManyDecimals);
    Result<Int128, MoneyError> value = Int128{0};
    for (const char digit : whole) {
        if (value) value = appendDigit(*value, digit);
    }
    for (std::size_t i = 0; i < decimals; ++i) {
        if (value) value = appendDigit(*value, i < fraction.size() ? fraction[i] : '0');
    }
    return value;
}

Result<Amount, MoneyError> parseAmount(std::string_view text, UnitId unit) {
    const Unit* known = findUnit(unit);
    if (!known) return Err(MoneyError::UnknownUnit);
    const auto value = parseDecimal(text, known->ledgerDecimals);
    if (!value) return Err(value.error());
    return Amount{*value, unit};
}

std::string formatDecimal(Int128 value, unsigned decimals, DecimalStyle style) {
    UInt128 rest = value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
    std::string reversed;
    unsigned position = 0; // of the next digit, counted from the last decimal
    unsigned wholeDigits = 0;
    while (rest != 0 || position <= decimals) {
        const auto digit = static_cast<unsigned>(rest % 10);
        rest /= 10;
        if (position < decimals) {
            const bool kept = !reversed.empty() || digit != 0 || decimals - position <= style.keep;
            if (kept) reversed.push_back(static_cast<char>('0' + digit));
        } else {
            if (position == decimals && !reversed.empty()) reversed.push_back(style.point);
            if (style.group != '\0' && wholeDigits > 0 && wholeDigits % 3 == 0) reversed.push_back(style.group);
            reversed.push_back(static_cast<char>('0' + digit));
            ++wholeDigits;
        }
        ++position;
    }
    if (value < 0) reversed.push_back('-');
    return {reversed.rbegin(), reversed.rend()};
}

std::string formatAmount(const Amount& amount, char group) {
    const Unit* unit = findUnit(amount.unit);
    assert(unit && "an amount of an unknown unit cannot be printed");
    DecimalStyle style;
    style.keep = unit->kind == UnitKind::Fiat ? unit->railDecimals : 0;
    style.group = group;
    return formatDecimal(amount.value, unit->ledgerDecimals, style);
}

std::string formatWithCode(const Amount& amount, char group) {
    std::string text = formatAmount(amount, group);
    text.push_back(' ');
    text.append(findUnit(amount.unit)->code);
    return text;
}

} // namespace tallylock::money
