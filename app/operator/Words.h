// Words between programs and the people at a terminal: what they typed, and what they are shown.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>

namespace tallylock::app {

/// A person's text for a terminal: what could steer one becomes '?'.
std::string printable(std::string text);
/// In UTC. Any number is told, also one that is no time.
std::string isoTime(std::int64_t timeMs);
/// A whole number, and nothing else.
std::optional<std::uint64_t> numberFrom(const std::string& text);

/// Which of some names a text is.
template <std::size_t N>
std::optional<std::size_t> placeAmong(const char* const (&names)[N], const std::string& text) {
    for (std::size_t i = 0; i < N; ++i) {
        if (text == names[i]) return i;
    }
    return std::nullopt;
}

} // namespace tallylock::app
