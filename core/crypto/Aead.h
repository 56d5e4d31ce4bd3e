// AEAD of the documents: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) with a random nonce of 24 bytes in front.
//
// It does not commit to its key: two keys can open the same bytes to different plain texts. Whoever depends on which
// key it was checks something else, such as that a first password is the secret of the recipient in the terms.
#pragma once

#include "core/base/Random.h"
#include "core/base/SecretBytes.h"

#include <optional>

namespace tallylock::crypto {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kAeadOverhead = 24 + 16;

/// nonce | cipher text | tag. `key` has 32 bytes; `context` is authenticated and not stored.
Bytes aeadSeal(const SecretBytes& key, ByteView plain, ByteView context, Random& random);
/// Nothing if key or context differ, or a byte was altered.
std::optional<SecretBytes> aeadOpen(const SecretBytes& key, ByteView sealed, ByteView context);

} // namespace tallylock::crypto
