// What a file is, by its first bytes, and what follows from it: which look it gets and which form a mark takes in it.
// A name proves nothing.
#pragma once

#include "core/media/Input.h"

namespace tallylock::media {

enum class FileKind : std::uint8_t {
    Jpeg,
    Png,
    Tiff,
    WebP,
    OtherImage, ///< read by Qt
    Pdf,
    Mp4, ///< ISO base media: MP4, M4A, MOV, ...
    Mp3,
    Recording, ///< other audio and video
    Zip,
    Tar,
    Unknown,
};

struct KindTraits {
    FileKind kind;
    const char* mediaType;
    asset::MarkForm markForm; ///< unless the file itself has a reason against it
};

/// Looks at the first bytes only.
FileKind kindOf(const Input& input);
const KindTraits& traitsOf(FileKind kind);

} // namespace tallylock::media
