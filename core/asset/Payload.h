// One portion of a payload at a time: chunks, nonces and both leaves. Inside the room `asset` only.
// C2SP age specification, section "Payload".
#pragma once

#include "core/asset/SealedFile.h"
#include "core/crypto/ChunkCipher.h"
#include "core/crypto/Hash.h"

namespace tallylock::asset {

inline constexpr std::uint8_t kLeafStart[] = {0};

/// Header and nonce for a file key of 16 bytes. Fails as makeAgeHeader.
Result<Bytes, SealError> makeFront(const AgeRecipients& recipients, const SecretBytes& fileKey, Random& random);
/// Writes the front, and the payload whose key follows from it. Trees only with a salt.
Result<Portions, SealError> sealBehind(Source& plain, Sink& sealed, const Bytes& front, const SecretBytes& fileKey,
                                       const SecretBytes* salt, const Work& work);

/// Where a run of chunks lies decides their nonces.
struct ChunkPlace {
    std::uint64_t first = 0;
    bool last = false; ///< whether the run ends the payload
};

inline ChunkPlace placeOfPortion(std::uint64_t index, bool last) { return {index * kChunksPerPortion, last}; }

/// Both leaves of a portion, fed chunk by chunk while the bytes are still in the cache.
class Leaves {
public:
    /// Without a salt nothing is hashed. `front` is header and nonce; only portion 0 takes them in.
    Leaves(const SecretBytes* salt, std::uint64_t index, ByteView front);
    void add(ByteView plain, ByteView sealed);
    void finish(Hash& sealedLeaf, Hash& plainLeaf);

private:
    bool m_wanted;
    crypto::Sha256 m_sealed;
    crypto::Sha256 m_plain;
};

/// Writes a tag more for each chunk to `sealed`; tells how much that is. An empty file is one empty chunk.
std::size_t sealChunks(crypto::ChunkCipher& cipher, ChunkPlace place, ByteView plain, std::uint8_t* sealed,
                       Leaves& leaves);
/// `opened` tells how much plain text is authentic, also on failure; what lies behind it in `plain` is worthless.
Result<void, SealError> openChunks(crypto::ChunkCipher& cipher, ChunkPlace place, ByteView sealed, std::uint8_t* plain,
                                   Leaves& leaves, std::size_t& opened);

} // namespace tallylock::asset
