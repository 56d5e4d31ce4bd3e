#include "core/asset/Text.h"

#include "core/base/Cbor.h"

#include <algorithm>

namespace tallylock::asset {

static bool isTextControl(char c) { return (c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f; }

bool isUtf8Text(std::string_view text) {
    // The CBOR reader holds the one definition of UTF-8 in the project.
    CborWriter writer;
    writer.text(text);
    CborReader reader(writer.bytes());
    reader.text(text.size());
    return reader.finish() && std::none_of(text.begin(), text.end(), isTextControl);
}

bool isMediaType(std::string_view text) {
    if (text.size() > 127) return false;
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const auto isName = [](std::string_view name) {
        const auto isAlphanumeric = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        };
        return !name.empty() && isAlphanumeric(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
            return isAlphanumeric(c) || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
        });
    };
    return isName(text.substr(0, slash)) && isName(text.substr(slash + 1));
}

} // namespace tallylock::asset
