// Randomness as a port, so that a simulation can bring its own. Programs use SystemRandom.
#pragma once

#include "core/base/Fixed.h"

#include <span>

namespace tallylock {

class Random {
public:
    virtual ~Random() = default;
    /// Fills with bytes fit for keys. Any thread.
    virtual void fill(std::span<std::uint8_t> out) = 0;

    template <class F>
    F fixed() {
        F value;
        fill(value.bytes);
        return value;
    }
};

/// The operating system's generator, through libsodium.
class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

} // namespace tallylock
