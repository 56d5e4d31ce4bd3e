// The time that batches are stamped with: the wall clock, as long as it agrees with the steady one.
//
// When the two part by more than five minutes, somebody has set the clock, and deadlines would fire wrongly. Time then
// stands still until an operator confirms the new one. It never goes back.
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <mutex>

namespace tallylock::host {

/// Any thread.
class TrustedTime {
public:
    static constexpr std::int64_t kLargestJumpMs = 5 * 60 * 1000;

    /// Whoever comes back later than `longestPauseMs` behind what was written last is asked whether the clock is right.
    explicit TrustedTime(Clock& clock, std::int64_t longestPauseMs = INT64_MAX);
    std::int64_t nowMs();
    bool isHeld();
    void confirm();
    /// Time is never before this, which was written last; 0: nothing was.
    void startAt(std::int64_t timeMs);

private:
    Clock& m_clock;
    const std::int64_t m_longestPauseMs;
    std::mutex m_mutex;
    std::int64_t m_offsetMs = 0; ///< wall - steady, when they were last compared
    std::int64_t m_lastMs = 0;
    bool m_held = false;
};

} // namespace tallylock::host
