// The hashes of all portions of a sealed file, which prove each portion as it comes: what travels ahead of the file.
//
// As bytes: u64 front size, big-endian, then the sealed leaves in order, 32 bytes each. Nothing in them is believed:
// they are those of a file if its sealed root says so, and where its portions lie shows with portion 0, whose hash
// covers the header and the nonce.
#pragma once

#include "core/asset/SealedReader.h"

namespace tallylock::asset {

/// 16 TiB of content.
inline constexpr std::uint64_t kMostPortions = std::uint64_t{1} << 24;

struct PortionHashes {
    std::uint64_t frontSize = 0; ///< header and nonce
    std::vector<Hash> leaves;

    PortionLayout layout(std::uint64_t sealedSize) const { return {frontSize, sealedSize, false}; }
};

/// Whether they are those of the file with this root and size.
bool areOf(const PortionHashes& hashes, const Hash& sealedRoot, std::uint64_t sealedSize);

Bytes encodeHashes(const PortionHashes& hashes);
/// Nothing if these bytes are no such list.
std::optional<PortionHashes> decodeHashes(ByteView bytes);

/// Reads the whole file. SealedMismatch if it is another.
Result<PortionHashes, SealError> hashPortions(SeekableSource& sealed, const Hash& sealedRoot, const Work& work = {});

} // namespace tallylock::asset
