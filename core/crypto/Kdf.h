// Keys from keys, and keys from passphrases.
#pragma once

#include "core/base/SecretBytes.h"
#include "core/crypto/Hash.h"

namespace tallylock::crypto {

/// HMAC (RFC 2104) with SHA-256 and SHA-512. The result of the second is a secret of 64 bytes.
Hash hmacSha256(ByteView key, ByteView data);
SecretBytes hmacSha512(ByteView key, ByteView data);

/// HKDF with SHA-256 (RFC 5869), extract and expand. `size` is 1 to 8160 bytes.
SecretBytes hkdfSha256(ByteView secret, ByteView salt, ByteView info, std::size_t size = 32);

/// KDF of the documents: HKDF-SHA-256 whose info is frame(name, cbor).
SecretBytes labelledKdf(ByteView secret, ByteView salt, std::string_view name, ByteView cbor);

/// PBKDF2 with HMAC-SHA-512 (RFC 8018).
SecretBytes pbkdf2HmacSha512(std::string_view password, ByteView salt, unsigned rounds, std::size_t size);

inline constexpr std::size_t kArgonSaltSize = 16;
struct ArgonCost {
    std::uint32_t passes = 3;             ///< at least 1
    std::uint32_t memoryKiB = 256 * 1024; ///< at least 8
};
/// Argon2id, version 1.3 (RFC 9106), one lane. 32 bytes; empty if the memory cannot be had.
SecretBytes argon2id(std::string_view passphrase, ByteView salt, ArgonCost cost);

/// scrypt (RFC 7914) with N = 2^workFactor, r = 8, p = 1, so in 2^workFactor KiB. 32 bytes; empty if the memory cannot
/// be had. `workFactor` is 1 to 30.
SecretBytes scrypt(ByteView passphrase, ByteView salt, unsigned workFactor);

} // namespace tallylock::crypto
