// Looking into files that may be anybody's, and putting tracking marks into them. Parsers of pictures and documents are
// large and have faults, so an implementation works in a process that has given up its rights.
#pragma once

#include "core/asset/Mark.h"

#include <memory>

namespace tallylock::ports {

enum class MediaError : std::uint8_t {
    Unreadable,   ///< the system does not open it, or refuses to write
    TooLarge,     ///< more bytes, pixels or memory than the bounds
    Damaged,      ///< it breaks the rules of its format, or broke the program that read it
    TookTooLong,  ///< stopped
    NotSupported, ///< there is no picture, or no place for a mark, in this kind of file
    Locked,       ///< signed or encrypted: it must not be changed
    NoHelper,     ///< the program that looks into files is not installed or does not run here
    kCount
};
const char* nameOf(MediaError error);

/// RGBA, 8 bits each, not premultiplied, row by row.
struct Picture {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    Bytes rgba; ///< 4 * width * height
    static constexpr void fields(auto use) {
        use(field(1, &Picture::width), field(2, &Picture::height), field(3, &Picture::rgba));
    }
};

/// The longer side of a picture at most; so it fits into one message.
inline constexpr std::uint32_t kMaxLookSide = 512;
inline constexpr std::size_t kMaxLookLines = 64;
inline constexpr std::size_t kMaxLookLine = 640; ///< bytes of UTF-8

struct MediaLook {
    std::string mediaType; ///< by the content
    std::optional<Picture> picture;
    std::optional<MediaError> noPicture; ///< why a kind of file that has pictures gave none
    std::vector<std::string> lines;      ///< of a text, a list of files, or title, artist and length of a recording
    asset::MarkForm markForm = asset::MarkForm::None; ///< that a mark would take
    bool marked = false;
    static constexpr void fields(auto use) {
        using L = MediaLook;
        use(field(1, &L::mediaType), field(2, &L::picture), field(3, &L::noPicture), field(4, &L::lines),
            field(5, &L::markForm), field(6, &L::marked));
    }
};

/// Any thread; each call blocks, for at most some seconds, and is for a job thread.
class Media {
public:
    virtual ~Media() = default;
    virtual Result<MediaLook, MediaError> look(const std::string& path) = 0;
    /// Writes a marked copy of `in` to `out`, which must not exist; nothing is left there on failure. `mark` replaces
    /// one that is there. Tells the form that the copy carries. NotSupported and Locked: it takes a sidecar.
    virtual Result<asset::MarkForm, MediaError> mark(const std::string& in, const std::string& out, ByteView mark) = 0;
    /// The mark that the file itself carries, not yet verified; empty if there is none.
    virtual Result<Bytes, MediaError> findMark(const std::string& path) = 0;
};

} // namespace tallylock::ports
