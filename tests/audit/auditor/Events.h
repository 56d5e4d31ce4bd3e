// The events' numbers, as they are frozen, and how the auditor writes a field as a word.
#pragma once

#include "tests/audit/auditor/Item.h"

namespace tallylock::audit {

enum EventType : std::uint64_t {
    kDepositChanged = 22,
    kWithdrawalChanged = 24,
    kLedgerPosted = 25,
    kBalanceChanged = 26,
    kStatementLine = 27,
    kOrderPlaced = 31,
    kOrderChanged = 32,
    kLevelChanged = 33,
    kInstructionExecuted = 34,
    kTradePublished = 35,
};

/// Has a check of its own; every other event must be explained by a Record.
inline bool isChecked(std::uint64_t type) {
    return type == kDepositChanged || (type >= kLedgerPosted && type <= kStatementLine) ||
           (type >= kOrderChanged && type <= kTradePublished);
}

/// Of a number, a text, bytes, a truth or an amount.
std::string wordOf(const Item& item);

} // namespace tallylock::audit
