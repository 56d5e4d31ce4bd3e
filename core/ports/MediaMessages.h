// What goes between a program and the helper that looks into files: one job in, one answer out, each one item of
// canonical CBOR, and the file itself as an open descriptor. The answer is made by a process that a hostile file may
// have taken over, so it is decoded as strictly as anything from a stranger.
#pragma once

#include "core/ports/Media.h"

namespace tallylock::ports {

// The descriptors that the helper is born with; it has no others.
inline constexpr int kMediaJobFd = 0;    ///< MediaJob, to the end of the stream
inline constexpr int kMediaAnswerFd = 1; ///< MediaAnswer
inline constexpr int kMediaInputFd = 3;  ///< the file, for reading
inline constexpr int kMediaOutputFd = 4; ///< an empty file, for a marked copy

enum class MediaTask : std::uint8_t { Look, Mark, FindMark, kCount };

struct MediaJob {
    MediaTask task{};
    Bytes mark; ///< for Mark
    static constexpr void fields(auto use) { use(field(1, &MediaJob::task), field(2, &MediaJob::mark)); }
};

/// A marked copy that differs at its end only: the first `keep` bytes of the input, then `tail`.
struct MediaSplice {
    std::uint64_t keep = 0;
    Bytes tail;
    static constexpr void fields(auto use) { use(field(1, &MediaSplice::keep), field(2, &MediaSplice::tail)); }
};

struct MediaAnswer {
    std::optional<MediaError> error;
    std::optional<MediaLook> look;
    std::optional<MediaSplice> splice; ///< for Mark; none: the copy has been written to the output
    std::optional<Bytes> mark;         ///< for FindMark
    static constexpr void fields(auto use) {
        using A = MediaAnswer;
        use(field(1, &A::error), field(2, &A::look), field(3, &A::splice), field(4, &A::mark));
    }
};

inline constexpr std::size_t kMaxMediaJob = asset::kMaxMarkSize + 64;
inline constexpr std::size_t kMaxMediaAnswer = (std::size_t{1} << 20) + (std::size_t{128} << 10);

} // namespace tallylock::ports
