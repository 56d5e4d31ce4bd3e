// Keys from a seed along hardened paths: SLIP-10 for Ed25519 and X25519, BIP-32 and BIP-85 for child phrases.
#pragma once

#include "core/base/SecretBytes.h"

#include <cstdint>
#include <span>

namespace tallylock::keys {

/// A private key of 32 bytes and its chain code of 32 bytes.
struct ExtendedKey {
    SecretBytes key;
    SecretBytes chainCode;
};

/// SLIP-10, curve "ed25519 seed". Every index of `path` is hardened; write it without the 2^31.
ExtendedKey slip10Ed25519(const SecretBytes& seed, std::span<const std::uint32_t> path);

/// BIP-32 on secp256k1: the master key of a seed.
ExtendedKey bip32Master(const SecretBytes& seed);
/// BIP-32 private derivation. Every index of `path` is hardened; write it without the 2^31.
ExtendedKey bip32Hardened(const ExtendedKey& from, std::span<const std::uint32_t> path);

/// BIP-85, application 39, English, 12 words: the 16 bytes of entropy at m/83696968'/39'/0'/12'/index'.
SecretBytes bip85Entropy(const ExtendedKey& master, std::uint32_t index);

} // namespace tallylock::keys
