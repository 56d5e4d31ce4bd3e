#include "core/asset/PortionProof.h"

#include "core/crypto/Kdf.h"
#include "core/crypto/Merkle.h"

#include <cassert>

namespace tallylock::asset {

// Beside its chunks sealed portion 0 holds a header, whose bound is the reader's (AgeHeader.h), and a nonce.
static constexpr std::size_t kMaxSealedPortion = kSealedPortionSize + 256 * 1024 + 16;

Hash portionSalt(const SecretBytes& plainSalt, std::uint64_t index) {
    std::array<std::uint8_t, 8> number;
    putBigEndian64(number.data(), index);
    return crypto::hmacSha256(plainSalt.view(), number);
}

Hash plainLeaf(const Hash& portionSalt, ByteView plainPortion) {
    static constexpr std::uint8_t kLeafPrefix[] = {0};
    crypto::Sha256 hash;
    hash.update(kLeafPrefix);
    hash.update(portionSalt.view());
    hash.update(plainPortion);
    return hash.finish();
}

Hash sealedLeaf(ByteView sealedPortion) { return crypto::merkleLeaf(sealedPortion); }

LeafProof proveLeaf(const std::vector<Hash>& leaves, std::uint64_t index) {
    assert(index < leaves.size());
    return {index, leaves.size(), crypto::MerkleTree(leaves).path(index)};
}

const char* nameOf(ProofError error) {
    switch (error) {
    case ProofError::OutOfRange: return "no such portion";
    case ProofError::OtherAsset: return "another number of portions";
    case ProofError::WrongSize: return "larger than a portion";
    case ProofError::DoesNotProve: return "does not belong to the root";
    }
    return "?";
}

Result<void, ProofError> verifyLeaf(const Hash& leaf, const LeafProof& proof, std::uint64_t count, const Hash& root) {
    if (proof.count != count) return Err(ProofError::OtherAsset);
    if (proof.index >= count) return Err(ProofError::OutOfRange);
    if (!crypto::merkleIncluded(leaf, proof.index, count, proof.path, root)) return Err(ProofError::DoesNotProve);
    return {};
}

Result<void, ProofError> verifySealedPortion(ByteView sealedPortion, const LeafProof& proof, std::uint64_t count,
                                             const Hash& sealedRoot) {
    if (sealedPortion.size() > kMaxSealedPortion) return Err(ProofError::WrongSize);
    return verifyLeaf(sealedLeaf(sealedPortion), proof, count, sealedRoot);
}

Result<void, ProofError> verifyPlainPortion(ByteView plainPortion, const Hash& portionSalt, const LeafProof& proof,
                                            std::uint64_t count, const Hash& plainRoot) {
    if (plainPortion.size() > kPortionSize) return Err(ProofError::WrongSize);
    return verifyLeaf(plainLeaf(portionSalt, plainPortion), proof, count, plainRoot);
}

} // namespace tallylock::asset
