// Keys of the age format as text: recipients "age1..." and identities "AGE-SECRET-KEY-1...", both Bech32 (BIP-173), and
// the key file that age-keygen writes. C2SP age specification, section "X25519 recipient type".
#pragma once

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

#include <vector>

namespace tallylock::asset {

enum class AgeKeyError {
    NotARecipient, ///< not "age1..." with a valid check sum and 32 bytes
    NotAnIdentity, ///< not "AGE-SECRET-KEY-1..." with a valid check sum and 32 bytes
    NoIdentity,    ///< a key file without any
    NoRecipient,   ///< a file of recipients without any
    TooMany,       ///< identities or recipients in a file
};
const char* nameOf(AgeKeyError error);

std::string recipientText(const BoxKey& recipient);
Result<BoxKey, AgeKeyError> parseRecipient(std::string_view text);

/// 74 characters. A secret as text is still a secret.
SecretBytes identityText(const SecretBytes& identity);
Result<SecretBytes, AgeKeyError> parseIdentity(std::string_view text);

/// What age-keygen writes: comments with creation time and public key, then the identity, each line ended by LF.
SecretBytes keyFileText(const SecretBytes& identity, std::int64_t createdMs);
/// One identity a line; empty lines and lines that begin with '#' are skipped. At most 1000.
Result<std::vector<SecretBytes>, AgeKeyError> parseKeyFile(std::string_view text);
/// One recipient a line, in the same form. At most 1000.
Result<std::vector<BoxKey>, AgeKeyError> parseRecipients(std::string_view text);

} // namespace tallylock::asset
