// The time that batches are stamped with: the wall clock, as long as it agrees with the steady one.
//
// When the two part by more than five minutes, somebody has set the clock, and deadlines would fire wrongly. Time then
// stands still until an operator confirms the new one. It never goes back.
#pragma once

#include "core/base/Clock.h"

#include <mutex>

namespace tallylock::host {

/// Any thread.
class TrustedTime {
public:
    static constexpr std::int64_t kLargestJumpMs = 5 * 60 * 1000;

    explicit TrustedTime(Clock& clock);
    std::int64_t nowMs();
    bool isHeld();
    void confirm();
    /// Time is never before this.
    void startAt(std::int64_t timeMs);

private:
    Clock& m_clock;
    std::mutex m_mutex;
    std::int64_t m_offsetMs = 0; ///< wall - steady, when they were last compared
    std::int64_t m_lastMs = 0;
    bool m_held = false;
};

} // namespace tallylock::host
