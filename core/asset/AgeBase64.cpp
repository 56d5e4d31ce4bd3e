#include "core/asset/AgeBase64.h"

#include <sodium.h>

namespace tallylock::asset {

std::string ageBase64(ByteView bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    text.pop_back(); // the terminating zero
    return text;
}

std::optional<Bytes> fromAgeBase64(std::string_view text) {
    // libsodium takes '+' and '/' with their highest bit set for the same characters.
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
    }
    Bytes bytes(text.size() * 3 / 4 + 1);
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0) {
        return std::nullopt;
    }
    bytes.resize(size);
    return bytes;
}

} // namespace tallylock::asset
