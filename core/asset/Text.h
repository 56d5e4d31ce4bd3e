// What counts as text and as a media type in things that other people send.
#pragma once

#include <string_view>

namespace tallylock::asset {

/// Well-formed UTF-8 without control characters other than tab, line feed and carriage return.
bool isUtf8Text(std::string_view text);
/// "type/subtype" as in RFC 6838, section 4.2, at most 127 characters, without parameters.
bool isMediaType(std::string_view text);

} // namespace tallylock::asset
