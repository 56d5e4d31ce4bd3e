// What this app has found of the coordinator's history: that it is one, that what concerns this account is in it, and
// that the account was counted among what the coordinator owes. See docs/decisions/witness.md.
#pragma once

#include "core/money/Amount.h"

#include <string>
#include <vector>

namespace tallylock::api {

/// Why a person must be told at once. It stays until another coordinator is chosen.
enum class HistoryAlarm : std::uint8_t {
    None,
    Changed,       ///< what was signed before is not in what is signed now
    Lost,          ///< the coordinator is behind what it has signed
    EventsChanged, ///< this account's own events are others than before
    NotIncluded,   ///< an event of this account is not in the history
    NotOwed,       ///< the account was not counted, or with other balances
    NotSigned,     ///< by the coordinator
    kCount
};

/// What the coordinator said it owed when a day (UTC) was over.
struct OwedDayRow {
    std::uint32_t day = 0; ///< since 1970-01-01
    std::vector<money::Amount> own;
    std::vector<money::Amount> all; ///< to all accounts together
};

struct HistoryCheckRow {
    std::int64_t checkedMs = 0; ///< when the coordinator's head was last checked; 0: never
    std::uint64_t batches = 0;  ///< in the history that is kept
    std::uint64_t events = 0;   ///< of this account, all proven to be in it
    std::uint64_t unproven = 0; ///< of this account, not looked up yet
    HistoryAlarm alarm{};
    std::string detail;           ///< for whoever is to be asked about it
    std::vector<OwedDayRow> owed; ///< the newest day; empty: none yet
};

} // namespace tallylock::api
