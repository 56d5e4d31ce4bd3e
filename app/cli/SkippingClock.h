// The clock of a story in which somebody waits for days: the system's, and what the story has skipped.
#pragma once

#include "core/base/Clock.h"

#include <atomic>
#include <filesystem>

namespace tallylock::cli {

/// Any thread may ask what time it is. Both clocks skip alike, as if the machine had slept.
class SkippingClock final : public Clock {
public:
    /// Goes on with what was skipped before, which the file keeps, so that time never goes back.
    explicit SkippingClock(std::filesystem::path file);
    std::int64_t wallMs() override { return m_system.wallMs() + m_skippedMs; }
    std::int64_t steadyMs() override { return m_system.steadyMs() + m_skippedMs; }
    /// False if the file cannot be written; then nothing is skipped.
    bool skip(std::int64_t ms);

private:
    SystemClock m_system;
    std::filesystem::path m_file;
    std::atomic<std::int64_t> m_skippedMs{0};
};

} // namespace tallylock::cli
