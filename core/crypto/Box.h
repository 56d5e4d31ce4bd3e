// X25519 (RFC 7748), and boxes: bytes that only the owner of one X25519 key can read.
#pragma once

#include "core/base/Random.h"
#include "core/base/SecretBytes.h"

#include <optional>

namespace tallylock::crypto {

/// A fresh X25519 secret of 32 bytes.
SecretBytes newBoxSecret(Random& random);
/// X25519(secret, 9). `secret` has 32 bytes.
BoxKey boxKeyOf(const SecretBytes& secret);
/// X25519(secret, other). Nothing if the other key is of low order, so that the result would be no secret.
std::optional<SecretBytes> sharedSecret(const SecretBytes& secret, const BoxKey& other);

inline constexpr std::size_t kBoxOverhead = 48;
/// A sealed box as libsodium's crypto_box_seal makes it, its one-time key drawn from `random`. The sender is not
/// authenticated: what is inside is signed where that matters.
Bytes sealBox(const BoxKey& to, ByteView plain, Random& random);
/// Nothing if it is not a box to this key or was altered.
std::optional<SecretBytes> openBox(const SecretBytes& secret, ByteView box);

} // namespace tallylock::crypto
