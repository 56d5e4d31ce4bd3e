// Randomness that tests can foresee: 00 01 02 .. ff 00 .., or the same start again for each draw.
#pragma once

#include "core/base/Random.h"

namespace tallylock::test {

class FixedRandom final : public Random {
public:
    enum class Mode { Counting, SameStart };
    explicit FixedRandom(Mode mode = Mode::Counting) : m_mode(mode) {}
    void fill(std::span<std::uint8_t> out) override {
        if (m_mode == Mode::SameStart) m_next = 0;
        for (std::uint8_t& byte : out) byte = m_next++;
    }

private:
    Mode m_mode;
    std::uint8_t m_next = 0;
};

} // namespace tallylock::test
