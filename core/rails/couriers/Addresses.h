// Where a letter can be sent: the two forms that an address may have. Whatever passes here can be put into a header or
// onto a page as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tallylock::rails {

/// addr-spec of RFC 5322 as far as it is in use: a dot-atom, @, and a domain of two labels or more (RFC 1123). ASCII:
/// an international domain is written in its ACE form. At most 254 characters (RFC 5321).
bool isMailAddress(std::string_view text);

inline constexpr std::size_t kMostAddressLines = 8;
inline constexpr std::size_t kMostAddressColumns = 60;
/// The lines of a postal address: two to eight, none empty, each of at most 60 characters that are seen; UTF-8. Nothing
/// if it is none.
std::vector<std::string> postalLines(std::string_view text);

} // namespace tallylock::rails
