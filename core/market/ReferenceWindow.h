// The volume-weighted price of one instrument's own trades of the last while.
//
// The while is cut into 16 parts, so memory is bounded however much is traded: a trade counts from when it is made
// until its part leaves, between 15 and 16 parts later. Exact: the sum of price x quantity over the sum of quantities,
// rounded down to a whole tick. The caller says what the time is.
#pragma once

#include "core/base/CborFields.h"
#include "core/money/Int128.h"

#include <array>

namespace tallylock::market {

class ReferenceWindow {
public:
    static constexpr std::int64_t kShortestMs = 1'000;
    static constexpr std::int64_t kLongestMs = std::int64_t{24} * 3600 * 1000;
    /// Zero: no window.
    static bool isGoodLength(std::int64_t windowMs) {
        return windowMs == 0 || (windowMs >= kShortestMs && windowMs <= kLongestMs);
    }

    ReferenceWindow() = default;
    explicit ReferenceWindow(std::int64_t windowMs) : m_windowMs(windowMs) {}
    bool isOn() const { return m_windowMs != 0; }

    void add(std::int64_t nowMs, std::int64_t priceTicks, std::int64_t lots);
    /// Zero: nothing was traded.
    std::int64_t priceTicks(std::int64_t nowMs) const;

    void save(CborWriter& writer) const;
    static ReferenceWindow load(CborReader& reader);

private:
    static constexpr std::size_t kParts = 16;
    static constexpr money::Int128 kMostInPart = money::kInt128Max / kParts; ///< so that they can be added up
    struct Part {
        std::int64_t number = 0; ///< its time, in parts since 1970
        money::Int128 tickLots = 0;
        money::Int128 lots = 0;
    };
    std::int64_t partMs() const { return (m_windowMs + std::int64_t{kParts} - 1) / std::int64_t{kParts}; }
    std::int64_t numberAt(std::int64_t nowMs) const { return nowMs / partMs(); }
    bool isWithin(const Part& part, std::int64_t number) const {
        return part.lots != 0 && part.number > number - std::int64_t{kParts};
    }

    std::int64_t m_windowMs = 0;
    std::array<Part, kParts> m_parts{}; ///< by number modulo kParts
};

} // namespace tallylock::market
