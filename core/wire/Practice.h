// What is said about practice money, to a coordinator whose money is worth nothing.
#pragma once

#include "core/base/CborFields.h"
#include "core/money/Amount.h"

namespace tallylock::wire {

/// Somebody outside pays this, to an address or bank reference. Answered
/// by Accepted.
struct PracticePay {
    static constexpr std::uint64_t kType = 72;
    std::string place;
    money::Amount amount;
    static constexpr void fields(auto use) { use(field(1, &PracticePay::place), field(2, &PracticePay::amount)); }
};
/// And this is what has been paid there. Answered by PracticeSum.
struct PracticeQuery {
    static constexpr std::uint64_t kType = 73;
    money::UnitId unit{};
    std::string place;
    static constexpr void fields(auto use) { use(field(1, &PracticeQuery::unit), field(2, &PracticeQuery::place)); }
};
struct PracticeSum {
    static constexpr std::uint64_t kType = 74;
    money::Amount amount;
    static constexpr void fields(auto use) { use(field(1, &PracticeSum::amount)); }
};

} // namespace tallylock::wire
