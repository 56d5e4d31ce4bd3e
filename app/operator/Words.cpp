#include "app/operator/Words.h"

#include <charconv>
#include <ctime>

namespace tallylock::app {

std::string printable(std::string text) {
    unsigned char before = 0;
    for (char& letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool isControl = byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0); // C0, and C1 in UTF-8
        before = byte;
        if (isControl) letter = '?';
    }
    return text;
}

std::string isoTime(std::int64_t timeMs) {
    const std::time_t seconds = timeMs / 1000;
    std::tm parts{};
    if (!::gmtime_r(&seconds, &parts)) return "an impossible time"; // other people sign any number
    char text[64];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, size};
}

std::optional<std::uint64_t> numberFrom(const std::string& text) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace tallylock::app
