// The two clocks as a port. Only hosts read them; the engine is told the time.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

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
#ifdef CLOCK_BOOTTIME
        // Goes on while the machine sleeps, as the wall clock does: waking up is no jump of one against the other.
        timespec now{};
        if (clock_gettime(CLOCK_BOOTTIME, &now) == 0) return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
#endif
        using namespace std::chrono;
        return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
    }
};

} // namespace tallylock
