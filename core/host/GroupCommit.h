// How long a batch waits for more commands before it is written.
//
// A commit takes about as long for many commands as for one. Those who were just answered are likely to send again, and
// come a moment after the disk has become free: written at once, the next batch would be without them, and they would
// fall into two groups, each of which waits for the commit of the other. So about as many are waited for as were in
// flight, and never for longer than half of what the last commit took. Who was in flight alone waits for nobody, and a
// batch that is worth a commit by itself does not wait.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace tallylock::host {

/// Whoever shares it locks.
class GroupCommit {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kWorthACommit = 64; ///< commands
    static constexpr Clock::duration kLongest = std::chrono::milliseconds(10);

    /// A commit has `answered` so many commands, while others came that are `waiting`.
    void written(std::size_t answered, std::size_t waiting, Clock::duration took, Clock::time_point now) {
        const std::size_t inFlight = answered + waiting;
        m_wanted = std::min(inFlight - inFlight / 8, kWorthACommit); // not for the last stragglers
        m_until = now + std::min(took / 2, kLongest);
    }
    /// The next batch is begun with what there is.
    void begun() { m_wanted = 1; }

    std::size_t wanted() const { return m_wanted; } ///< commands, until then
    Clock::time_point until() const { return m_until; }

private:
    std::size_t m_wanted = 1;
    Clock::time_point m_until;
};

} // namespace tallylock::host
