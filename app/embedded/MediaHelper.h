// Looks into files through tallylock-media: a process for each job, which is ended when it takes too long.
#pragma once

#include "core/ports/MediaMessages.h"

#include <atomic>
#include <filesystem>

namespace tallylock::app {

class MediaHelper final : public ports::Media {
public:
    static constexpr std::int64_t kMostMs = 30'000;

    /// `program` is the helper; `mostMs` what a job may take on the clock.
    explicit MediaHelper(std::filesystem::path program, std::int64_t mostMs = kMostMs)
        : m_program(std::move(program)),
          m_mostMs(mostMs) {}

    Result<ports::MediaLook, ports::MediaError> look(const std::string& path) override;
    Result<asset::MarkForm, ports::MediaError> mark(const std::string& in, const std::string& out,
                                                    ByteView mark) override;
    Result<Bytes, ports::MediaError> findMark(const std::string& path) override;

    /// Any thread: running and later jobs end with TookTooLong.
    void stop() { m_stopped = true; }

private:
    Result<ports::MediaAnswer, ports::MediaError> run(const ports::MediaJob& job, int input, int output) const;
    std::filesystem::path m_program;
    std::int64_t m_mostMs;
    std::atomic<bool> m_stopped = false;
};

/// tallylock-media beside the running program, or where the installation puts it. Empty: nowhere.
std::filesystem::path findMediaProgram();

} // namespace tallylock::app
