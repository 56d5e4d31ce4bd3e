// What watching has come to. Part of Events.h. Internal, all of them: who is watched must not know.
#pragma once

#include "core/treasury/Watch.h"

namespace tallylock::engine {

/// The whole of a case; sent at every change.
struct CaseChanged {
    static constexpr std::uint64_t kType = 70;
    treasury::Case record;
    bool decided = false; ///< by an operator; else a transaction raised it, or added to it
    static constexpr void fields(auto use) { use(field(1, &CaseChanged::record), field(2, &CaseChanged::decided)); }
};
struct WatchRuleChanged {
    static constexpr std::uint64_t kType = 71;
    treasury::WatchRule rule;
    bool removed = false;
    static constexpr void fields(auto use) {
        use(field(1, &WatchRuleChanged::rule), field(2, &WatchRuleChanged::removed));
    }
};
struct WatchedAddressesChanged {
    static constexpr std::uint64_t kType = 72;
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t inAll = 0;
    static constexpr void fields(auto use) {
        using W = WatchedAddressesChanged;
        use(field(1, &W::added), field(2, &W::removed), field(3, &W::inAll));
    }
};

} // namespace tallylock::engine
