#include "core/store/TableStore.h"

#include <algorithm>

namespace tallylock::store {

std::string amountText(const money::Amount& amount) {
    // Digits from the unsigned distance to zero, which exists for the least value too.
    const bool negative = amount.value < 0;
    auto rest = static_cast<money::UInt128>(amount.value);
    if (negative) rest = money::UInt128{0} - rest;
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    if (negative) digits.push_back('-');
    std::reverse(digits.begin(), digits.end());
    return digits;
}

money::Amount amountOf(std::string_view text, money::UnitId unit) {
    // The other way round, so that the least value finds its way back.
    money::UInt128 distance = 0;
    for (const char c : text) {
        if (c != '-') distance = distance * 10 + static_cast<unsigned>(c - '0');
    }
    const bool negative = !text.empty() && text.front() == '-';
    return {static_cast<money::Int128>(negative ? money::UInt128{0} - distance : distance), unit};
}

} // namespace tallylock::store
