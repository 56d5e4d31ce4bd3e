// Text as BIP-39 hashes it: Unicode normalisation form NFKD (UAX #15), made by utf8proc in guarded memory alone.
#pragma once

#include "core/base/SecretBytes.h"

#include <optional>
#include <string_view>

namespace tallylock::keys {

/// UTF-8 in, UTF-8 out. Nothing for what is not valid UTF-8.
std::optional<SecretBytes> nfkd(std::string_view text);

/// The words of a typed phrase: NFKD, in lower case, with single spaces. Any white space separates, also an ideographic
/// or an invisible one, and a Chinese character is a word of its own.
std::optional<SecretBytes> normalWords(std::string_view text);

} // namespace tallylock::keys
