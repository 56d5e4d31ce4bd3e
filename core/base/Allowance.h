// How often something may happen: so many times a second, and no more at once than in a second. What is not used is not
// saved up beyond that.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tallylock {

/// Guarded by whoever shares it.
class Allowance {
public:
    explicit Allowance(std::int64_t perSecond) : m_perSecond(perSecond), m_left(perSecond * kParts) {}
    /// False: not now. `nowMs` is a steady clock's.
    bool take(std::int64_t nowMs) {
        const std::int64_t passedMs = std::clamp<std::int64_t>(nowMs - m_atMs, 0, kParts); // a second fills it
        m_atMs = nowMs;
        m_left = std::min(m_left + passedMs * m_perSecond, m_perSecond * kParts);
        if (m_left < kParts) return false;
        m_left -= kParts;
        return true;
    }

private:
    static constexpr std::int64_t kParts = 1'000; ///< of one time, one of which a millisecond brings for each a second
    std::int64_t m_perSecond;
    std::int64_t m_left; ///< in parts
    std::int64_t m_atMs = 0;
};

} // namespace tallylock
