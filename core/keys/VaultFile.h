// The vault file: a seed phrase with its passphrase, locked by a passphrase of this machine or by a key that the
// system's keychain has.
//
//   "tallylock-vault\n"            16 bytes
//   version                        u8, 2
//   lock                           u8: 0 passphrase, 1 keychain
//   Argon2id passes                u32, big-endian; 0 with a keychain
//   Argon2id memory in KiB         u32, big-endian; 0 with a keychain
//   salt                           16 bytes; with a keychain the name of its entry
//   owner                          32 bytes, the public identity key of the phrase
//   sealed contents                u16 length, then XChaCha20-Poly1305 (crypto/Aead.h), all before the length as
//   context check sum                      the first 16 bytes of BLAKE2b-256 over all before it
//
// Contents: u8 language, u8 size of the entropy, u16 size of the phrase's passphrase, both of them, and zeros up to a
// multiple of 128 bytes, so that the file does not tell how long they are.
//
// The check sum tells a damaged file from a wrong passphrase; it covers only what anyone may see. Version 1 had an
// English phrase without a passphrase, and no owner; it is read, not written.
#pragma once

#include "core/crypto/Kdf.h"
#include "core/keys/SeedPhrase.h"

#include <array>

namespace tallylock::keys {

enum class VaultError {
    NotAVault,
    NewerVersion,
    Damaged,
    WrongPassphrase, ///< or wrong key
    CostTooHigh,     ///< the file asks for more work or memory than a person would have chosen
    NoMemory,        ///< the machine cannot give the memory that the file asks for
};
const char* nameOf(VaultError error);

inline constexpr std::size_t kMaxVaultFileSize = 4096;
/// What a reader accepts; a file that asks for more is refused before any work is done.
inline constexpr crypto::ArgonCost kMaxVaultCost{16, 2 * 1024 * 1024};
/// Of a phrase's passphrase, in bytes of its NFKD form.
inline constexpr std::size_t kMaxPhrasePassphrase = 1024;
inline constexpr std::size_t kVaultKeySize = 32;

/// What a vault keeps.
struct VaultContents {
    SeedPhrase phrase;
    SecretBytes passphrase; ///< of the phrase, NFKD, at most kMaxPhrasePassphrase bytes
};

enum class VaultLock : std::uint8_t { Passphrase = 0, Keychain = 1 };
using KeychainEntry = std::array<std::uint8_t, 16>;

/// What anyone may read of a vault. Not authenticated before it is opened.
struct VaultHeader {
    VaultLock lock = VaultLock::Passphrase;
    KeychainEntry entry{};            ///< with VaultLock::Keychain
    std::optional<IdentityKey> owner; ///< none in version 1
};
Result<VaultHeader, VaultError> readVaultHeader(ByteView file);

/// Fails only with NoMemory.
Result<Bytes, VaultError> sealVault(const VaultContents& contents, const IdentityKey& owner,
                                    std::string_view passphrase, Random& random, crypto::ArgonCost cost = {});
/// `key` has kVaultKeySize bytes and lies in the keychain under `entry`.
Bytes sealVault(const VaultContents& contents, const IdentityKey& owner, const SecretBytes& key,
                const KeychainEntry& entry, Random& random);

/// Each refuses a vault with the other lock with WrongPassphrase.
Result<VaultContents, VaultError> openVault(ByteView file, std::string_view passphrase);
Result<VaultContents, VaultError> openVault(ByteView file, const SecretBytes& key);

} // namespace tallylock::keys
