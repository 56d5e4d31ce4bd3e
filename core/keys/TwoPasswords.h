// The two passwords of a sale, and what wraps what. Frozen: tests/vectors/two-passwords.txt holds every line.
//
// H, KDF and AEAD are crypto's, label and CBOR frame included (crypto/Hash.h); [a, b] is a CBOR array.
//
//   P1   32 random bytes, one per edition: the X25519 identity that opens the sealed file
//   S    32 random bytes, one per asset: the salt of the plain leaves
//   P2   16 random bytes = 12 words, made by the key server
//   F    16 bytes, the entropy of the sale's disclosure phrase
//   t    H("terms", T), which identifies the sale
//
//   FK = KDF(asset child's entropy, salt asset id, "fingerprint-key", [])
//   W  = AEAD(FK; P1 | S; frame("edition", [asset id, edition]))
//   K  = KDF(P2, salt t, "wrap", [F])
//   C1 = AEAD(K; P1 | S; frame("c1", [t]))
//   c1 = H("c1", [t, C1, F])          c2 = H("p2", [t, P2])
//   P2 at rest = AEAD(KDF(master, salt F, "p2-rest", []); P2; frame("p2-rest", [t]))
//   buyer's own copy = AEAD(vault key; P1 | S; frame("owned", [k])), k the contract hash
#pragma once

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

namespace tallylock::keys {

inline constexpr std::size_t kFirstPasswordSize = 32;
inline constexpr std::size_t kPlainSaltSize = 32;
inline constexpr std::size_t kSecondPasswordSize = 16;
inline constexpr std::size_t kFingerprintPartSize = 16;

/// P1 and S: what opens an edition and proves what was inside.
struct EditionSecrets {
    SecretBytes firstPassword;
    SecretBytes plainSalt;
    EditionSecrets clone() const { return {firstPassword.clone(), plainSalt.clone()}; }
};

enum class WrapError {
    NotOurs, ///< another key, another sale or asset than it was wrapped for, or altered bytes
};
const char* nameOf(WrapError error);

/// An asset's id: H("asset", [creator, 16 random bytes]).
Hash newAssetId(const IdentityKey& creator, Random& random);

/// FK, the fingerprint key of an asset.
SecretBytes fingerprintKey(const SecretBytes& assetChild, const Hash& assetId);
/// W, the seller's copy.
Bytes wrapForSeller(const SecretBytes& fingerprintKey, const EditionSecrets& secrets, const Hash& assetId,
                    std::uint64_t edition, Random& random);
Result<EditionSecrets, WrapError> unwrapForSeller(const SecretBytes& fingerprintKey, ByteView wrapped,
                                                  const Hash& assetId, std::uint64_t edition);

/// P2. Its words are SeedPhrase::fromEntropy(p2), and SeedPhrase::parse(words) gives it back.
SecretBytes newSecondPassword(Random& random);
/// C1: P1 and S under P2 and F.
Bytes wrapFirstPassword(const SecretBytes& secondPassword, const SecretBytes& fingerprintPart, const Hash& terms,
                        const EditionSecrets& secrets, Random& random);
Result<EditionSecrets, WrapError> unwrapFirstPassword(const SecretBytes& secondPassword,
                                                      const SecretBytes& fingerprintPart, const Hash& terms,
                                                      ByteView c1);
/// c1 and c2, the commitments in the key server's receipt.
Hash commitFirstPart(const Hash& terms, ByteView c1, const SecretBytes& fingerprintPart);
Hash commitSecondPassword(const Hash& terms, const SecretBytes& secondPassword);

/// P2 as the key server keeps it, under its 32-byte master secret. Needs F from the other database to be read.
Bytes sealSecondPassword(const SecretBytes& master, const SecretBytes& fingerprintPart, const Hash& terms,
                         const SecretBytes& secondPassword, Random& random);
Result<SecretBytes, WrapError> openSecondPassword(const SecretBytes& master, const SecretBytes& fingerprintPart,
                                                  const Hash& terms, ByteView sealed);

/// The buyer's own copy under the vault key, bound to the contract.
Bytes wrapForOwner(const SecretBytes& vaultKey, const EditionSecrets& secrets, const Hash& contract, Random& random);
Result<EditionSecrets, WrapError> unwrapForOwner(const SecretBytes& vaultKey, ByteView wrapped, const Hash& contract);

} // namespace tallylock::keys
