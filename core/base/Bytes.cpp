#include "core/base/Bytes.h"

namespace tallylock {

std::string textOf(ByteView view) { return {reinterpret_cast<const char*>(view.data()), view.size()}; }

void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

std::string toHex(ByteView view) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(view.size() * 2);
    for (const std::uint8_t byte : view) {
        text.push_back(kDigits[byte >> 4]);
        text.push_back(kDigits[byte & 15]);
    }
    return text;
}

static int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Bytes> fromHex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

void putBigEndian64(std::uint8_t* to, std::uint64_t value) {
    // Without a loop, so that the compiler makes one swapping store of it.
    to[0] = static_cast<std::uint8_t>(value >> 56);
    to[1] = static_cast<std::uint8_t>(value >> 48);
    to[2] = static_cast<std::uint8_t>(value >> 40);
    to[3] = static_cast<std::uint8_t>(value >> 32);
    to[4] = static_cast<std::uint8_t>(value >> 24);
    to[5] = static_cast<std::uint8_t>(value >> 16);
    to[6] = static_cast<std::uint8_t>(value >> 8);
    to[7] = static_cast<std::uint8_t>(value);
}

std::uint64_t getBigEndian64(const std::uint8_t* from) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = (value << 8) | from[i];
    return value;
}

} // namespace tallylock
