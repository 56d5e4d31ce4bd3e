// Who is to be heard of again, and by when: "cancel my orders unless I say so again within this time".
//
// One switch a user and one an account; setting it again keeps its number. Says which one is due; whoever asks cancels
// the orders. Pure and single-threaded.
#pragma once

#include "core/engine/MarketEvents.h"

#include <map>
#include <optional>
#include <set>

namespace tallylock::engine {

inline constexpr std::int64_t kShortestDeadManMs = 1'000;
inline constexpr std::int64_t kLongestDeadManMs = std::int64_t{24} * 3600 * 1000;

struct DeadMan {
    DeadManId number;
    HolderId holder;
    UserId user; ///< none: of the whole account
    std::int64_t withinMs = 0;
    std::int64_t dueMs = 0;
    bool operator==(const DeadMan&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &DeadMan::number), field(2, &DeadMan::holder), field(3, &DeadMan::user),
            field(4, &DeadMan::withinMs), field(5, &DeadMan::dueMs));
    }
};

class DeadManSwitches {
public:
    const DeadMan& arm(HolderId holder, UserId user, std::int64_t withinMs, std::int64_t nowMs);
    /// Nothing if there was none.
    std::optional<DeadMan> end(HolderId holder, UserId user);
    std::optional<std::int64_t> nextDeadlineMs() const;
    /// The first that is due, by time and then by number; it is gone then. There is one.
    DeadMan fireNext();

    void save(CborWriter& writer) const;
    static Result<DeadManSwitches, CborError> load(CborReader& reader);

private:
    using Owner = std::pair<HolderId, UserId>;
    std::map<Owner, DeadMan> m_switches;
    std::uint64_t m_last = 0;
    std::set<std::tuple<std::int64_t, DeadManId, Owner>> m_deadlines; ///< derived
};

} // namespace tallylock::engine
