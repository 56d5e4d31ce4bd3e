#include "core/asset/Preview.h"

#include "core/asset/Text.h"
#include "core/crypto/Hash.h"

#include <algorithm>

namespace tallylock::asset {

const char* nameOf(PreviewError error) {
    switch (error) {
    case PreviewError::TooLarge: return "preview too large";
    case PreviewError::BadMediaType: return "bad media type";
    case PreviewError::NotText: return "not text";
    }
    return "?";
}

Hash previewHash(const Preview& preview) { return crypto::labelledHash("preview", preview); }

Result<void, PreviewError> checkPreview(const Preview& preview) {
    if (preview.bytes.size() > kMaxPreviewBytes || preview.text.size() > kMaxPreviewText) {
        return Err(PreviewError::TooLarge);
    }
    if (preview.bytes.empty() ? !preview.mediaType.empty() : !isMediaType(preview.mediaType)) {
        return Err(PreviewError::BadMediaType);
    }
    if (!isUtf8Text(preview.text)) return Err(PreviewError::NotText);
    return {};
}

Preview noPreview() { return {}; }

Result<Preview, PreviewError> textPreview(ByteView start, std::size_t maxLines, std::size_t maxBytes) {
    std::string text = textOf(start.first(std::min({start.size(), maxBytes, kMaxPreviewText})));
    std::size_t lines = 0;
    const auto end = std::find_if(text.begin(), text.end(), [&](char c) { return c == '\n' && ++lines == maxLines; });
    text.erase(end, text.end());
    // The cut may have fallen inside a character, which is at most four bytes long.
    for (int cut = 0; cut < 3 && !isUtf8Text(text) && !text.empty() && (text.back() & 0x80) != 0; ++cut) {
        text.pop_back();
    }
    if (!isUtf8Text(text)) return Err(PreviewError::NotText);
    Preview preview;
    preview.text = std::move(text);
    return preview;
}

} // namespace tallylock::asset
