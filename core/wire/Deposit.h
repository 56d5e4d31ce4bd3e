// What goes in boxes between seller, key server and buyer: the deposit of B3 and the two key parts of B12 and B13. Each
// box is crypto::sealBox over canonical CBOR, which tests/vectors freeze.
//
//   deposit  box to e of {1: t, 2: P1, 3: S, 4: F, 5: Sig_seller("deposit", [t, H("deposit", [P1, S, F])])}
//   part 1   box to the buyer of {1: k, 2: C1, 3: F}
//   part 2   box to the buyer of {1: k, 2: P2}
//
// e is the key server's key for one sale, t the hash of the terms, k that of the contract. What is written here is a
// secret, so nothing of it passes through a buffer that is not wiped.
#pragma once

#include "core/keys/Identity.h"
#include "core/keys/TwoPasswords.h"

namespace tallylock::wire {

enum class BoxError {
    NotOurs,        ///< no box to this key, or altered
    Malformed,      ///< it opens, but is not of the shape above
    OtherSale,      ///< made for other terms or another contract
    WrongSignature, ///< the deposit is not the seller's
};
const char* nameOf(BoxError error);

struct DepositContent {
    keys::EditionSecrets secrets; ///< P1 and S
    SecretBytes fingerprintPart;  ///< F
};
Bytes sealDeposit(const BoxKey& depositKey, const Hash& terms, const DepositContent& content,
                  const keys::Identity& seller, Random& random);
Result<DepositContent, BoxError> openDeposit(const SecretBytes& depositSecret, ByteView box, const Hash& terms,
                                             const IdentityKey& seller);
/// H("deposit-box", box): what the coordinator's journal holds of it.
Hash depositHash(ByteView box);

struct KeyPart1 {
    Bytes c1;                    ///< P1 and S, wrapped
    SecretBytes fingerprintPart; ///< F
};
Bytes sealKeyPart1(const BoxKey& buyer, const Hash& contract, const KeyPart1& part, Random& random);
Result<KeyPart1, BoxError> openKeyPart1(const keys::Identity& buyer, ByteView box, const Hash& contract);

/// P2, 16 bytes.
Bytes sealKeyPart2(const BoxKey& buyer, const Hash& contract, const SecretBytes& secondPassword, Random& random);
Result<SecretBytes, BoxError> openKeyPart2(const keys::Identity& buyer, ByteView box, const Hash& contract);

/// H("part", box): what the key server signs of each part.
Hash partHash(ByteView box);

} // namespace tallylock::wire
