// The two clocks as a port. Only hosts read them; the engine is told the time.
#pragma once

#include <chrono>
#include <cstdint>

namespace tallylock {

class Clock {
public:
    virtual ~Clock() = default;
    /// Milliseconds since 1970-01-01 UTC. May jump.
    virtual std::int64_t wallMs() = 0;
    /// Milliseconds since some start. Never goes back.
    virtual std::int64_t steadyMs() = 0;
};

class SystemClock final : public Clock {
public:
    std::int64_t wallMs() override {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }
    std::int64_t steadyMs() override {
        using namespace std::chrono;
        return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    }
};

} // namespace tallylock
