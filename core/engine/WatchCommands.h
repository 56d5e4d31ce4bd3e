// What an operator asks for who watches transactions. Part of Commands.h.
#pragma once

#include "core/treasury/Watch.h"

namespace tallylock::engine {

/// Coordinator: a rule of the table, new, changed or removed.
struct SetWatchRule {
    static constexpr std::uint64_t kType = 75;
    treasury::WatchRule rule;
    bool removed = false; ///< only the rule's number counts
    static constexpr void fields(auto use) { use(field(1, &SetWatchRule::rule), field(2, &SetWatchRule::removed)); }
};
/// How an address is watched: without case and blanks, as a hash, so that no list stands in a journal.
Hash watchedAddress(std::string_view address);
/// Coordinator: the list of watched addresses, part by part.
struct ChangeWatchedAddresses {
    static constexpr std::uint64_t kType = 76;
    std::vector<Hash> add;
    std::vector<Hash> remove;
    static constexpr void fields(auto use) {
        use(field(1, &ChangeWatchedAddresses::add), field(2, &ChangeWatchedAddresses::remove));
    }
};
enum class CaseDecision : std::uint8_t { Hold, Release, Freeze, kCount };
/// Coordinator: what an operator does about a case.
struct DecideCase {
    static constexpr std::uint64_t kType = 77;
    treasury::CaseId number;
    CaseDecision decision{};
    std::string reason; ///< for the audit; 1 to 1,000 bytes
    static constexpr void fields(auto use) {
        use(field(1, &DecideCase::number), field(2, &DecideCase::decision), field(3, &DecideCase::reason));
    }
};

} // namespace tallylock::engine
