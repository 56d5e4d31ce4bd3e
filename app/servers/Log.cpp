#include "app/servers/Log.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace tallylock::app {

static constexpr std::size_t kMostLetters = 500; ///< of one value

std::string loggable(std::string_view value) {
    const bool isCut = value.size() > kMostLetters;
    value = value.substr(0, kMostLetters);
    const auto isPlain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '='; };
    if (!isCut && !value.empty() && std::all_of(value.begin(), value.end(), isPlain)) return std::string(value);
    std::string text = "\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            text += {'\\', c};
        } else if (byte >= ' ' && byte < 0x7f) {
            text.push_back(c);
        } else {
            char escaped[5];
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
            text += escaped;
        }
    }
    return text + (isCut ? "...\"" : "\"");
}

void Log::write(LogLevel level, std::string_view event, Fields fields) const {
    if (level < m_least) return;
    static constexpr const char* kLevels[] = {"debug", "info", "warning", "error"};
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char stamp[40];
    const std::size_t length = std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(stamp + length, sizeof stamp - length, ".%03dZ", static_cast<int>(ms));
    std::string line = std::string(stamp) + " " + kLevels[static_cast<int>(level)] + " " + std::string(event);
    for (const auto& [name, value] : fields) line += std::string(" ") + name + "=" + loggable(value);
    line.push_back('\n');
    std::fwrite(line.data(), 1, line.size(), stderr); // one call: lines of several threads do not mix
}

} // namespace tallylock::app
