// Random access: one portion of a sealed file, without reading the others.
//
// A portion that opens is authentic, at its place, and of this file. A file that was cut or lengthened is noticed with
// the last portion only (Truncated, TrailingData), for only there the file says that it ends.
#pragma once

#include "core/asset/SealedFile.h"

namespace tallylock::asset {

/// Where the portions of a sealed file lie. Needs no key.
struct PortionLayout {
    std::uint64_t frontSize = 0;  ///< header and nonce; sealed portion 0 begins with them
    std::uint64_t sealedSize = 0; ///< the whole file
    bool oneRecipient = false;    ///< as an edition has: exactly one, of type X25519

    std::uint64_t portionCount() const;
    std::uint64_t plainSize() const;
    /// Of sealed portion `index`, which is less than portionCount().
    std::uint64_t offsetOf(std::uint64_t index) const;
    std::size_t sizeOf(std::uint64_t index) const;
};
/// Reads the header. Truncated if the size cannot be that of a sealed file.
Result<PortionLayout, SealError> portionLayout(SeekableSource& sealed);

/// The bytes of sealed portion `index`; their leaf is crypto::merkleLeaf of them. NoPortion if there is none such.
Result<Bytes, SealError> readSealedPortion(SeekableSource& sealed, const PortionLayout& layout, std::uint64_t index);

struct OpenedPortion {
    Bytes plain;
    Bytes sealed;    ///< of portion 0 with header and nonce
    Hash sealedLeaf; ///< the leaves only if a salt was given
    Hash plainLeaf;
};

/// Any number of threads may read portions at once. The source must outlive it.
class SealedReader {
public:
    /// Reads header and nonce; the key of the payload stays in here.
    static Result<SealedReader, SealError> open(SeekableSource& sealed, std::span<const SecretBytes> identities);

    const PortionLayout& layout() const { return m_layout; }
    /// `plainSalt` is S of an edition, for its leaves.
    Result<OpenedPortion, SealError> portion(std::uint64_t index, const SecretBytes* plainSalt = nullptr) const;

private:
    SealedReader(SeekableSource& sealed, PortionLayout layout, Bytes front, SecretBytes payloadKey)
        : m_sealed(&sealed),
          m_layout(layout),
          m_front(std::move(front)),
          m_payloadKey(std::move(payloadKey)) {}

    SeekableSource* m_sealed;
    PortionLayout m_layout;
    Bytes m_front;
    SecretBytes m_payloadKey;
};

} // namespace tallylock::asset
