// Keys from a seed along hardened paths: SLIP-10 for Ed25519 and X25519, BIP-32 and BIP-85 for child phrases.
#pragma once

#include "core/base/SecretBytes.h"

#include <cstdint>
#include <span>

namespace tallylock::keys {

inline constexpr std::uint32_t kHardened = 0x80000000;

/// A private key of 32 bytes and its chain code of 32 bytes.
struct ExtendedKey {
    SecretBytes key;
    SecretBytes chainCode;
};

/// SLIP-10, curve "ed25519 seed". Every index of `path` is hardened; write it without the 2^31.
ExtendedKey slip10Ed25519(const SecretBytes& seed, std::span<const std::uint32_t> path);

/// BIP-32 on secp256k1: the master key of a seed.
ExtendedKey bip32Master(const SecretBytes& seed);
/// BIP-32 private derivation. An index with kHardened gives a hardened child, one below it a normal one.
ExtendedKey bip32Derive(const ExtendedKey& from, std::span<const std::uint32_t> path);

/// BIP-85: the first `size` of the 64 bytes at m/83696968'/application. Every index is hardened; write it without the
/// 2^31.
SecretBytes bip85Entropy(const ExtendedKey& master, std::span<const std::uint32_t> application, std::size_t size);
/// BIP-85, application 39, English: the entropy of a phrase of `words` words at m/83696968'/39'/0'/words'/index'.
SecretBytes bip85Phrase(const ExtendedKey& master, std::uint32_t words, std::uint32_t index);

} // namespace tallylock::keys
