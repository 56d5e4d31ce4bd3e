// That one portion belongs to an asset, shown without any other: its leaf and the way from there to the root. The
// leaves are those of SealedFile.h, the ways those of RFC 6962 (core/crypto/Merkle.h).
//
// A plain leaf is proven with the portion's own salt HMAC(S, i) instead of S, so that the leaves of all other portions
// stay salted for whoever is shown this one.
#pragma once

#include "core/asset/SealedFile.h"
#include "core/base/CborFields.h"

namespace tallylock::asset {

/// Leaf `index` of `count`. What others send is bounded when it is decoded; a proof of any shape may be verified.
struct LeafProof {
    std::uint64_t index = 0;
    std::uint64_t count = 0;
    std::vector<Hash> path; ///< from the leaf's sibling up to the root
    bool operator==(const LeafProof&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &LeafProof::index), field(2, &LeafProof::count), field(3, &LeafProof::path));
    }
};

/// HMAC-SHA-256(S, u64 i, big-endian).
Hash portionSalt(const SecretBytes& plainSalt, std::uint64_t index);
/// SHA-256(0x00 | salt | portion). At most kPortionSize bytes, the last portion alone may have less.
Hash plainLeaf(const Hash& portionSalt, ByteView plainPortion);
/// SHA-256(0x00 | portion). Portion 0 begins with header and nonce.
Hash sealedLeaf(ByteView sealedPortion);

/// How many portions so much plain text has; an empty file has one.
constexpr std::uint64_t portionCountOf(std::uint64_t plainSize) {
    return plainSize == 0 ? 1 : plainSize / kPortionSize + (plainSize % kPortionSize != 0);
}

/// Way of the leaf `index` of all the leaves (Portions). `index` is below their number: the caller's bug otherwise.
LeafProof proveLeaf(const std::vector<Hash>& leaves, std::uint64_t index);

enum class ProofError {
    OutOfRange,   ///< no such portion in an asset of this many
    OtherAsset,   ///< the proof is of an asset with another number of portions
    WrongSize,    ///< more bytes than a portion has
    DoesNotProve, ///< the portion, its salt or its way is not that of the root
};
const char* nameOf(ProofError error);

/// That these are the bytes of sealed portion `proof.index`. `count` is that of the signed manifest.
Result<void, ProofError> verifySealedPortion(ByteView sealedPortion, const LeafProof& proof, std::uint64_t count,
                                             const Hash& sealedRoot);
/// That these are the bytes of plain portion `proof.index`.
Result<void, ProofError> verifyPlainPortion(ByteView plainPortion, const Hash& portionSalt, const LeafProof& proof,
                                            std::uint64_t count, const Hash& plainRoot);
/// The same of a leaf alone.
Result<void, ProofError> verifyLeaf(const Hash& leaf, const LeafProof& proof, std::uint64_t count, const Hash& root);

} // namespace tallylock::asset
