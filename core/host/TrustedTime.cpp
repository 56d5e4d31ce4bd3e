#include "core/host/TrustedTime.h"

#include <algorithm>
#include <cstdlib>

namespace tallylock::host {

TrustedTime::TrustedTime(Clock& clock, std::int64_t longestPauseMs)
    : m_clock(clock),
      m_longestPauseMs(longestPauseMs),
      m_offsetMs(clock.wallMs() - clock.steadyMs()) {}

std::int64_t TrustedTime::nowMs() {
    const std::lock_guard lock(m_mutex);
    const std::int64_t wallMs = m_clock.wallMs();
    const std::int64_t offsetMs = wallMs - m_clock.steadyMs();
    if (std::abs(offsetMs - m_offsetMs) > kLargestJumpMs) m_held = true;
    if (m_held) return m_lastMs;
    m_offsetMs = offsetMs; // small corrections of the clock are followed
    m_lastMs = std::max(m_lastMs, wallMs);
    return m_lastMs;
}

bool TrustedTime::isHeld() {
    nowMs();
    const std::lock_guard lock(m_mutex);
    return m_held;
}

void TrustedTime::confirm() {
    const std::lock_guard lock(m_mutex);
    m_offsetMs = m_clock.wallMs() - m_clock.steadyMs();
    m_held = false;
}

void TrustedTime::startAt(std::int64_t timeMs) {
    const std::lock_guard lock(m_mutex);
    m_lastMs = std::max(m_lastMs, timeMs);
    if (timeMs > 0 && m_clock.wallMs() - timeMs > m_longestPauseMs) m_held = true;
}

} // namespace tallylock::host
