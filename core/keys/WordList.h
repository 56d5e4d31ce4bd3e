// The published word lists of BIP-39, 2048 words each, made from resources/words/.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tallylock::keys {

/// Numbered as BIP-85 numbers them. The numbers are kept in vault files: never change one.
enum class Language : std::uint8_t {
    English,
    Japanese,
    Korean,
    Spanish,
    ChineseSimplified,
    ChineseTraditional,
    French,
    Italian,
    Czech,
    Portuguese,
};
inline constexpr std::size_t kLanguageCount = 10;

inline constexpr std::size_t kWordCount = 2048;
using WordList = std::array<std::string_view, kWordCount>;

/// In the order of the standard, lower case, NFKD. By `Language`.
extern const std::array<WordList, kLanguageCount> kWordLists;

} // namespace tallylock::keys
