#include "core/asset/SealedReader.h"

#include "core/asset/AgeHeader.h"
#include "core/asset/Payload.h"

#include <algorithm>

namespace tallylock::asset {

using crypto::ChunkCipher;

std::uint64_t PortionLayout::portionCount() const {
    const std::uint64_t payload = sealedSize - frontSize;
    return (payload + kSealedPortionSize - 1) / kSealedPortionSize;
}

std::uint64_t PortionLayout::plainSize() const {
    const std::uint64_t payload = sealedSize - frontSize;
    const std::uint64_t chunks = (payload + kSealedChunkSize - 1) / kSealedChunkSize;
    return payload - chunks * ChunkCipher::kTagSize;
}

std::uint64_t PortionLayout::offsetOf(std::uint64_t index) const {
    assert(index < portionCount());
    return index == 0 ? 0 : frontSize + index * kSealedPortionSize;
}

std::size_t PortionLayout::sizeOf(std::uint64_t index) const {
    const std::uint64_t end = std::min(frontSize + (index + 1) * kSealedPortionSize, sealedSize);
    return static_cast<std::size_t>(end - offsetOf(index));
}

static Result<void, SealError> readWholeAt(SeekableSource& source, std::uint64_t offset, std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto got = source.readAt(offset, out);
        if (!got) return Err(got.error());
        if (*got == 0) return Err(SealError::Truncated); // shorter than it was when the header was read
        offset += *got;
        out = out.subspan(*got);
    }
    return {};
}

static Result<PortionLayout, SealError> layoutBehind(const AgeHeader& header, std::uint64_t sealedSize) {
    const PortionLayout layout{header.bytes.size() + kAgeNonceSize, sealedSize, header.hasOneRecipient()};
    if (sealedSize < layout.frontSize + ChunkCipher::kTagSize) return Err(SealError::Truncated);
    const std::uint64_t tail = (sealedSize - layout.frontSize) % kSealedChunkSize;
    if (tail != 0 && tail < ChunkCipher::kTagSize) return Err(SealError::Truncated);
    return layout;
}

static Result<AgeHeader, SealError> headerOf(SeekableSource& sealed) {
    FromBeginning beginning(sealed);
    BufferedSource source(beginning);
    return readAgeHeader(source);
}

Result<PortionLayout, SealError> portionLayout(SeekableSource& sealed) {
    const auto header = headerOf(sealed);
    if (!header) return Err(header.error());
    return layoutBehind(*header, sealed.size());
}

Result<Bytes, SealError> readSealedPortion(SeekableSource& sealed, const PortionLayout& layout, std::uint64_t index) {
    if (index >= layout.portionCount()) return Err(SealError::NoPortion);
    Bytes bytes(layout.sizeOf(index));
    if (const auto read = readWholeAt(sealed, layout.offsetOf(index), bytes); !read) return Err(read.error());
    return bytes;
}

Result<SealedReader, SealError> SealedReader::open(SeekableSource& sealed, std::span<const SecretBytes> identities) {
    auto header = headerOf(sealed);
    if (!header) return Err(header.error());
    const auto fileKey = header->fileKey(identities);
    if (!fileKey) return Err(fileKey.error());
    const auto layout = layoutBehind(*header, sealed.size());
    if (!layout) return Err(layout.error());
    Bytes front = std::move(header->bytes);
    const std::size_t headerSize = front.size();
    front.resize(headerSize + kAgeNonceSize);
    const auto nonce = std::span(front).subspan(headerSize);
    if (const auto read = readWholeAt(sealed, headerSize, nonce); !read) return Err(read.error());
    SecretBytes payloadKey = agePayloadKey(*fileKey, nonce);
    return SealedReader(sealed, *layout, std::move(front), std::move(payloadKey));
}

Result<OpenedPortion, SealError> SealedReader::portion(std::uint64_t index, const SecretBytes* plainSalt) const {
    auto sealed = readSealedPortion(*m_sealed, m_layout, index);
    if (!sealed) return Err(sealed.error());
    const ByteView chunks = ByteView(*sealed).subspan(index == 0 ? m_front.size() : 0);
    OpenedPortion opened;
    opened.plain.resize(kPortionSize);
    ChunkCipher cipher(m_payloadKey.view(), ChunkCipher::Direction::Open);
    // The leaf takes in the bytes that were read now, so a header that has changed since open() shows.
    Leaves leaves(plainSalt, index, ByteView(*sealed).first(sealed->size() - chunks.size()));
    std::size_t size = 0;
    const auto done = openChunks(cipher, placeOfPortion(index, index + 1 == m_layout.portionCount()), chunks,
                                 opened.plain.data(), leaves, size);
    if (!done) {
        wipe(opened.plain);
        return Err(done.error());
    }
    opened.plain.resize(size);
    leaves.finish(opened.sealedLeaf, opened.plainLeaf);
    opened.sealed = std::move(*sealed);
    return opened;
}

} // namespace tallylock::asset
