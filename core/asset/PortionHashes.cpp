#include "core/asset/PortionHashes.h"

#include "core/asset/Edition.h"
#include "core/crypto/Merkle.h"

#include <algorithm>

namespace tallylock::asset {

static constexpr std::size_t kFrontField = 8;

// The bound comes first: the size is what others have signed, and the counting below must not overflow.
bool areOf(const PortionHashes& hashes, const Hash& sealedRoot, std::uint64_t sealedSize) {
    if (hashes.frontSize >= sealedSize || hashes.leaves.empty() || hashes.leaves.size() > kMostPortions) return false;
    if (sealedSize - hashes.frontSize > kMostPortions * kSealedPortionSize) return false;
    if (hashes.layout(sealedSize).portionCount() != hashes.leaves.size()) return false;
    return crypto::merkleRoot(hashes.leaves) == sealedRoot;
}

Bytes encodeHashes(const PortionHashes& hashes) {
    Bytes bytes(kFrontField);
    putBigEndian64(bytes.data(), hashes.frontSize);
    bytes.reserve(kFrontField + hashes.leaves.size() * Hash::kSize);
    for (const Hash& leaf : hashes.leaves) append(bytes, leaf.view());
    return bytes;
}

std::optional<PortionHashes> decodeHashes(ByteView bytes) {
    if (bytes.size() < kFrontField + Hash::kSize || (bytes.size() - kFrontField) % Hash::kSize != 0)
        return std::nullopt;
    PortionHashes hashes;
    for (std::size_t i = 0; i < kFrontField; ++i) hashes.frontSize = hashes.frontSize << 8 | bytes[i];
    bytes = bytes.subspan(kFrontField);
    hashes.leaves.resize(bytes.size() / Hash::kSize);
    for (Hash& leaf : hashes.leaves) {
        std::copy_n(bytes.begin(), Hash::kSize, leaf.bytes.begin());
        bytes = bytes.subspan(Hash::kSize);
    }
    return hashes;
}

Result<PortionHashes, SealError> hashPortions(SeekableSource& sealed, const Hash& sealedRoot, const Work& work) {
    const auto layout = portionLayout(sealed);
    if (!layout) return Err(layout.error());
    FromBeginning whole(sealed);
    auto portions = verifySealed(whole, sealedRoot, work);
    if (!portions) return Err(portions.error());
    return PortionHashes{layout->frontSize, std::move(portions->sealedLeaves)};
}

} // namespace tallylock::asset
