// Base64 as the header of an age file has it: canonical, without padding.
#pragma once

#include "core/base/Bytes.h"

namespace tallylock::asset {

std::string ageBase64(ByteView bytes);
/// Nothing for padding, unused bits that are set, or another character.
std::optional<Bytes> fromAgeBase64(std::string_view text);

} // namespace tallylock::asset
