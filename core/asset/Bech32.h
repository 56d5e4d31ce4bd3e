// Bech32 (BIP-173) without its limit of 90 characters, as the age specification wants it.
#pragma once

#include "core/base/SecretBytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace tallylock::asset {

/// Lower case. `prefix` is lower-case ASCII. The result may be secret, so it is handed back as such.
SecretBytes bech32Encode(std::string_view prefix, ByteView data);
/// The data behind `prefix`; nothing for mixed case, another prefix, a wrong check sum or unused bits that are set.
std::optional<SecretBytes> bech32Decode(std::string_view prefix, std::string_view text);

} // namespace tallylock::asset
