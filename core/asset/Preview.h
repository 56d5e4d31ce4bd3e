// What a buyer may see before paying. Never more than the seller approved: the manifest names its hash.
// Pictures are made by the user interface; here is what is stored, and the preview of a text.
#pragma once

#include "core/base/CborFields.h"
#include "core/base/Result.h"

namespace tallylock::asset {

enum class PreviewError {
    TooLarge,
    BadMediaType, ///< not of the form "type/subtype"
    NotText,      ///< the first lines of something that is not UTF-8 text
};
const char* nameOf(PreviewError error);

inline constexpr std::size_t kMaxPreviewBytes = 512 * 1024;
inline constexpr std::size_t kMaxPreviewText = 4096;

struct Preview {
    std::string mediaType; ///< of `bytes`; empty if there are none
    Bytes bytes;           ///< a picture
    std::string text;      ///< lines to show as they are
    bool isEmpty() const { return bytes.empty() && text.empty(); }
    bool operator==(const Preview&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Preview::mediaType), field(2, &Preview::bytes), field(3, &Preview::text));
    }
};

/// H("preview", preview).
Hash previewHash(const Preview& preview);
Result<void, PreviewError> checkPreview(const Preview& preview);

/// The seller shows nothing.
Preview noPreview();
/// The first lines of a text: at most `maxLines` and `maxBytes`, cut between characters. `start` is the beginning of
/// the file and may end in the middle of a character.
Result<Preview, PreviewError> textPreview(ByteView start, std::size_t maxLines = 12, std::size_t maxBytes = 1024);

} // namespace tallylock::asset
