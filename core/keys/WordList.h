// The 2048 English words of BIP-39, in alphabetical order, made from resources/words/english.txt.
#pragma once

#include <array>
#include <string_view>

namespace tallylock::keys {

inline constexpr std::size_t kWordCount = 2048;
extern const std::array<std::string_view, kWordCount> kWords;

} // namespace tallylock::keys
