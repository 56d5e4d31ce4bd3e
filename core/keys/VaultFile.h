// The vault file: a seed phrase's entropy under a passphrase, for machines without a keychain.
//
//   "tallylock-vault\n"            16 bytes
//   version                        u8, 1
//   Argon2id passes                u32, big-endian
//   Argon2id memory in KiB         u32, big-endian
//   salt                           16 bytes
//   sealed entropy                 u8 length, then XChaCha20-Poly1305 (crypto/Aead.h), all before it as context
//   check sum                      the first 16 bytes of BLAKE2b-256 over all before it
//
// The check sum tells a damaged file from a wrong passphrase; it covers only what anyone may see.
#pragma once

#include "core/crypto/Kdf.h"
#include "core/keys/SeedPhrase.h"

namespace tallylock::keys {

enum class VaultError {
    NotAVault,
    NewerVersion,
    Damaged,
    WrongPassphrase,
    CostTooHigh, ///< the file asks for more work or memory than a person would have chosen
    NoMemory,    ///< the machine cannot give the memory that the file asks for
};
const char* nameOf(VaultError error);

inline constexpr std::size_t kMaxVaultFileSize = 1024;
/// What a reader accepts; a file that asks for more is refused before any work is done.
inline constexpr crypto::ArgonCost kMaxVaultCost{16, 2 * 1024 * 1024};

/// Fails only with NoMemory.
Result<Bytes, VaultError> sealVault(const SeedPhrase& phrase, std::string_view passphrase, Random& random,
                                    crypto::ArgonCost cost = {});
Result<SeedPhrase, VaultError> openVault(ByteView file, std::string_view passphrase);

} // namespace tallylock::keys
