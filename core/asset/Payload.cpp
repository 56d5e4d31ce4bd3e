#include "core/asset/Payload.h"

#include "core/crypto/Kdf.h"

#include <algorithm>

namespace tallylock::asset {

using crypto::ChunkCipher;

// Eleven bytes of counter, big-endian, and a byte that is 1 in the last chunk.
static std::array<std::uint8_t, ChunkCipher::kNonceSize> chunkNonce(std::uint64_t chunk, bool last) {
    std::array<std::uint8_t, ChunkCipher::kNonceSize> nonce{};
    putBigEndian64(nonce.data() + 3, chunk);
    nonce[11] = last ? 1 : 0;
    return nonce;
}

Leaves::Leaves(const SecretBytes* salt, std::uint64_t index, ByteView front) : m_wanted(salt != nullptr) {
    if (!salt) return;
    std::array<std::uint8_t, 8> number;
    putBigEndian64(number.data(), index);
    m_sealed.update(kLeafStart);
    m_plain.update(kLeafStart);
    m_plain.update(crypto::hmacSha256(salt->view(), number).view());
    if (index == 0) m_sealed.update(front);
}

void Leaves::add(ByteView plain, ByteView sealed) {
    if (!m_wanted) return;
    m_plain.update(plain);
    m_sealed.update(sealed);
}

void Leaves::finish(Hash& sealedLeaf, Hash& plainLeaf) {
    if (!m_wanted) return;
    sealedLeaf = m_sealed.finish();
    plainLeaf = m_plain.finish();
}

std::size_t sealChunks(ChunkCipher& cipher, ChunkPlace place, ByteView plain, std::uint8_t* sealed, Leaves& leaves) {
    std::uint64_t chunk = place.first;
    std::size_t from = 0;
    std::size_t to = 0;
    do { // an empty file has one chunk
        const ByteView piece = plain.subspan(from, std::min(kChunkSize, plain.size() - from));
        from += piece.size();
        cipher.seal(chunkNonce(chunk++, place.last && from == plain.size()), piece, sealed + to);
        leaves.add(piece, {sealed + to, piece.size() + ChunkCipher::kTagSize});
        to += piece.size() + ChunkCipher::kTagSize;
    } while (from < plain.size());
    return to;
}

// A chunk that is authentic in the other role tells that the file was cut or lengthened between chunks. A whole one is
// true plain text all the same; a short one may only be the last.
static SealError whyRefused(ChunkCipher& cipher, std::uint64_t chunk, bool last, ByteView sealed, std::uint8_t* plain,
                            std::size_t& opened) {
    if (!cipher.open(chunkNonce(chunk, !last), sealed, plain)) return SealError::ChunkDamaged;
    if (sealed.size() == kSealedChunkSize) opened += kChunkSize;
    return last ? SealError::Truncated : SealError::TrailingData;
}

Result<void, SealError> openChunks(ChunkCipher& cipher, ChunkPlace place, ByteView sealed, std::uint8_t* plain,
                                   Leaves& leaves, std::size_t& opened) {
    std::uint64_t chunk = place.first;
    std::size_t from = 0;
    opened = 0;
    do {
        const ByteView piece = sealed.subspan(from, std::min(kSealedChunkSize, sealed.size() - from));
        if (piece.size() < ChunkCipher::kTagSize) return Err(SealError::Truncated);
        from += piece.size();
        const bool last = place.last && from == sealed.size();
        std::uint8_t* const to = plain + opened;
        if (!cipher.open(chunkNonce(chunk, last), piece, to)) {
            return Err(whyRefused(cipher, chunk, last, piece, to, opened));
        }
        const std::size_t size = piece.size() - ChunkCipher::kTagSize;
        // Only an empty file may end with an empty chunk.
        if (size == 0 && chunk > 0) return Err(SealError::ChunkDamaged);
        leaves.add({to, size}, piece);
        opened += size;
        ++chunk;
    } while (from < sealed.size());
    return {};
}

} // namespace tallylock::asset
