#include "core/asset/SealedFile.h"

#include "core/asset/AgeArmor.h"
#include "core/asset/AgeHeader.h"
#include "core/asset/Payload.h"
#include "core/asset/PortionLine.h"
#include "core/crypto/ChunkCipher.h"
#include "core/crypto/Kdf.h"
#include "core/crypto/Merkle.h"

#include <algorithm>
#include <cassert>

namespace tallylock::asset {

using crypto::ChunkCipher;
using crypto::Sha256;

namespace {
/// Cuts a stream into pieces of one size and knows which is the last: by what is left, or else one byte ahead. Reading
/// ahead costs a tenth of the time of sealing, because the system then copies to and from odd addresses.
class Cutter {
public:
    Cutter(Source& source, std::size_t pieceSize) : m_source(source), m_pieceSize(pieceSize), m_left(source.left()) {}

    Result<void, SealError> next(Portion& portion) {
        portion.in.resize(m_pieceSize + 1);
        return m_left ? nextOfKnown(portion) : nextOfUnknown(portion);
    }

private:
    Result<void, SealError> nextOfKnown(Portion& portion) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(*m_left, m_pieceSize));
        const auto got = readFully(m_source, std::span(portion.in).first(size));
        if (!got) return Err(got.error());
        // It has become shorter. A piece that was to be followed by another was no last one.
        if (*got == 0 && size > 0 && portion.index > 0) return Err(SealError::ReadFailed);
        m_left = *got < size ? 0 : *m_left - size;
        portion.last = m_left == 0;
        portion.inSize = *got;
        return {};
    }

    Result<void, SealError> nextOfUnknown(Portion& portion) {
        std::size_t size = 0;
        if (m_ahead) portion.in[size++] = *m_ahead;
        const auto got = readFully(m_source, std::span(portion.in).subspan(size));
        if (!got) return Err(got.error());
        size += *got;
        portion.last = size <= m_pieceSize;
        if (!portion.last) m_ahead = portion.in[m_pieceSize];
        portion.inSize = std::min(size, m_pieceSize);
        return {};
    }

    Source& m_source;
    std::size_t m_pieceSize;
    std::optional<std::uint64_t> m_left;
    std::optional<std::uint8_t> m_ahead;
};

/// What sealing and opening share: a cipher for each lane, the trees, the sizes.
class CipherStages : public PortionStages {
public:
    CipherStages(ByteView payloadKey, ChunkCipher::Direction direction, const SecretBytes* salt, Bytes prefix,
                 const Work& work)
        : m_salt(salt),
          m_prefix(std::move(prefix)),
          m_work(work) {
        for (unsigned lane = 0; lane < std::clamp(work.threads, 1u, 16u); ++lane) {
            m_ciphers.emplace_back(payloadKey, direction);
        }
        m_found.sealedSize = m_prefix.size();
    }

    Portions takeFound() {
        if (m_salt) {
            m_found.sealedRoot = m_sealedTree.root();
            m_found.plainRoot = m_plainTree.root();
        }
        return std::move(m_found);
    }

protected:
    /// The leaves want whole portions. Without them, what stays in the cache of a core is faster.
    static std::size_t chunksAtOnce(const SecretBytes* salt) { return salt ? kChunksPerPortion : kChunksInCache; }
    ChunkPlace place(const Portion& portion) const { return {portion.index * chunksAtOnce(m_salt), portion.last}; }
    ChunkCipher& cipher(const Portion& portion) { return m_ciphers[portion.lane]; }
    Leaves leaves(const Portion& portion) const { return {m_salt, portion.index, m_prefix}; }

    void account(const Portion& portion, std::size_t plainSize, std::size_t sealedSize) {
        m_found.plainSize += plainSize;
        m_found.sealedSize += sealedSize;
        if (m_salt) {
            m_sealedTree.add(portion.sealedLeaf);
            m_plainTree.add(portion.plainLeaf);
            m_found.sealedLeaves.push_back(portion.sealedLeaf);
            m_found.plainLeaves.push_back(portion.plainLeaf);
        }
        if (m_work.progress) m_work.progress(m_found.plainSize);
    }

private:
    static constexpr std::size_t kChunksInCache = 4;
    const SecretBytes* m_salt;
    Bytes m_prefix;
    const Work& m_work;
    std::vector<ChunkCipher> m_ciphers;
    Portions m_found;
    crypto::MerkleBuilder m_sealedTree;
    crypto::MerkleBuilder m_plainTree;
};

class SealStages final : public CipherStages {
public:
    SealStages(Source& plain, Sink& sealed, ByteView payloadKey, const SecretBytes* salt, Bytes prefix,
               const Work& work)
        : CipherStages(payloadKey, ChunkCipher::Direction::Seal, salt, std::move(prefix), work),
          m_cutter(plain, chunksAtOnce(salt) * kChunkSize),
          m_sealed(sealed) {}

    Result<void, SealError> read(Portion& portion) override { return m_cutter.next(portion); }

    Result<void, SealError> work(Portion& portion) override {
        portion.out.resize(portion.inSize + (portion.inSize / kChunkSize + 1) * ChunkCipher::kTagSize);
        Leaves leaf = leaves(portion);
        portion.outSize = sealChunks(cipher(portion), place(portion), ByteView(portion.in).first(portion.inSize),
                                     portion.out.data(), leaf);
        leaf.finish(portion.sealedLeaf, portion.plainLeaf);
        return {};
    }

    Result<void, SealError> write(const Portion& portion) override {
        const auto written = m_sealed.write(ByteView(portion.out).first(portion.outSize));
        if (written) account(portion, portion.inSize, portion.outSize);
        return written;
    }

private:
    Cutter m_cutter;
    Sink& m_sealed;
};

class OpenStages final : public CipherStages {
public:
    OpenStages(Source& sealed, Sink& plain, ByteView payloadKey, const SecretBytes* salt, Bytes prefix,
               const Work& work)
        : CipherStages(payloadKey, ChunkCipher::Direction::Open, salt, std::move(prefix), work),
          m_cutter(sealed, chunksAtOnce(salt) * kSealedChunkSize),
          m_plain(plain) {}

    Result<void, SealError> read(Portion& portion) override { return m_cutter.next(portion); }

    Result<void, SealError> work(Portion& portion) override {
        portion.out.resize(portion.inSize);
        Leaves leaf = leaves(portion);
        const auto done = openChunks(cipher(portion), place(portion), ByteView(portion.in).first(portion.inSize),
                                     portion.out.data(), leaf, portion.outSize);
        leaf.finish(portion.sealedLeaf, portion.plainLeaf);
        return done;
    }

    // What is authentic before the failure; the stock program releases it, too.
    void failed(const Portion& portion) override { (void)m_plain.write(ByteView(portion.out).first(portion.outSize)); }

    Result<void, SealError> write(const Portion& portion) override {
        const auto written = m_plain.write(ByteView(portion.out).first(portion.outSize));
        if (written) account(portion, portion.outSize, portion.inSize);
        return written;
    }

private:
    Cutter m_cutter;
    Sink& m_plain;
};

class HashStages final : public PortionStages {
public:
    HashStages(Source& sealed, Bytes prefix) : m_cutter(sealed, kSealedPortionSize), m_prefix(std::move(prefix)) {
        m_found.sealedSize = m_prefix.size();
    }
    Result<void, SealError> read(Portion& portion) override { return m_cutter.next(portion); }
    Result<void, SealError> work(Portion& portion) override {
        // The last chunk must hold a tag, whatever else.
        if (portion.last && portion.inSize % kSealedChunkSize < ChunkCipher::kTagSize &&
            (portion.inSize == 0 || portion.inSize % kSealedChunkSize != 0)) {
            return Err(SealError::Truncated);
        }
        Sha256 leaf;
        leaf.update(kLeafStart);
        if (portion.index == 0) leaf.update(m_prefix);
        leaf.update(ByteView(portion.in).first(portion.inSize));
        portion.sealedLeaf = leaf.finish();
        return {};
    }
    Result<void, SealError> write(const Portion& portion) override {
        const std::size_t chunks = (portion.inSize + kSealedChunkSize - 1) / kSealedChunkSize;
        m_found.sealedSize += portion.inSize;
        m_found.plainSize += portion.inSize - chunks * ChunkCipher::kTagSize;
        m_found.sealedLeaves.push_back(portion.sealedLeaf);
        m_tree.add(portion.sealedLeaf);
        return {};
    }
    Portions takeFound() {
        m_found.sealedRoot = m_tree.root();
        return std::move(m_found);
    }

private:
    Cutter m_cutter;
    Bytes m_prefix;
    Portions m_found;
    crypto::MerkleBuilder m_tree;
};
class PlainHashStages final : public PortionStages {
public:
    PlainHashStages(Source& plain, const SecretBytes& salt, const Work& work)
        : m_cutter(plain, kPortionSize),
          m_salt(salt),
          m_work(work) {}
    Result<void, SealError> read(Portion& portion) override { return m_cutter.next(portion); }
    Result<void, SealError> work(Portion& portion) override {
        Leaves leaf(&m_salt, portion.index, {});
        leaf.add(ByteView(portion.in).first(portion.inSize), {});
        leaf.finish(portion.sealedLeaf, portion.plainLeaf);
        return {};
    }
    Result<void, SealError> write(const Portion& portion) override {
        m_found.plainSize += portion.inSize;
        m_found.plainLeaves.push_back(portion.plainLeaf);
        m_tree.add(portion.plainLeaf);
        if (m_work.progress) m_work.progress(m_found.plainSize);
        return {};
    }
    Portions takeFound() {
        m_found.plainRoot = m_tree.root();
        return std::move(m_found);
    }

private:
    Cutter m_cutter;
    const SecretBytes& m_salt;
    const Work& m_work;
    Portions m_found;
    crypto::MerkleBuilder m_tree;
};
} // namespace

Result<Bytes, SealError> makeFront(const AgeRecipients& recipients, const SecretBytes& fileKey, Random& random) {
    auto front = makeAgeHeader(recipients, fileKey, random);
    if (!front) return front;
    const std::size_t headerSize = front->size();
    front->resize(headerSize + kAgeNonceSize);
    random.fill(std::span(*front).subspan(headerSize));
    return front;
}

Result<Portions, SealError> sealBehind(Source& plain, Sink& sealed, const Bytes& front, const SecretBytes& fileKey,
                                       const SecretBytes* salt, const Work& work) {
    if (const auto written = sealed.write(front); !written) return Err(written.error());
    const SecretBytes payloadKey = agePayloadKey(fileKey, ByteView(front).last(kAgeNonceSize));
    SealStages stages(plain, sealed, payloadKey.view(), salt, front, work);
    if (const auto done = runPortions(stages, work); !done) return Err(done.error());
    return stages.takeFound();
}

static Result<Portions, SealError> sealWith(Source& plain, Sink& sealed, const AgeRecipients& recipients,
                                            const SecretBytes* salt, Random& random, const Work& work) {
    SecretBytes fileKey(kAgeFileKeySize);
    random.fill(fileKey.span());
    const auto front = makeFront(recipients, fileKey, random);
    if (!front) return Err(front.error());
    return sealBehind(plain, sealed, *front, fileKey, salt, work);
}

static Result<void, SealError> readNonce(Source& source, std::span<std::uint8_t> nonce) {
    const auto got = readFully(source, nonce);
    if (!got) return Err(got.error());
    if (*got < nonce.size()) return Err(SealError::Truncated);
    return {};
}

static Result<Portions, SealError> openWith(Source& sealed, Sink& plain, const AgeSecrets& secrets,
                                            const SecretBytes* salt, bool oneRecipient, const Work& work) {
    BufferedSource source(sealed);
    // The header first: whether the key fits is said even when the payload is missing.
    auto header = readAgeHeader(source);
    if (!header) return Err(header.error());
    if (oneRecipient && !header->hasOneRecipient()) return Err(SealError::NotOneRecipient);
    const auto fileKey = header->fileKey(secrets);
    if (!fileKey) return Err(fileKey.error());
    std::array<std::uint8_t, kAgeNonceSize> nonce;
    if (const auto got = readNonce(source, nonce); !got) return Err(got.error());

    Bytes prefix = std::move(header->bytes);
    append(prefix, nonce);
    OpenStages stages(source, plain, agePayloadKey(*fileKey, nonce).view(), salt, std::move(prefix), work);
    if (const auto done = runPortions(stages, work); !done) return Err(done.error());
    return stages.takeFound();
}

Result<Portions, SealError> sealAge(Source& plain, Sink& sealed, const BoxKey& recipient, Random& random,
                                    const Work& work) {
    return sealWith(plain, sealed, {.keys = {&recipient, 1}}, nullptr, random, work);
}

Result<Portions, SealError> sealAge(Source& plain, Sink& sealed, const AgeRecipients& recipients, Random& random,
                                    const Work& work) {
    return sealWith(plain, sealed, recipients, nullptr, random, work);
}

Result<Portions, SealError> openAge(Source& sealed, Sink& plain, const AgeSecrets& secrets, const Work& work) {
    DearmoringSource source(sealed);
    return openWith(source, plain, secrets, nullptr, false, work);
}

Result<Portions, SealError> openAge(Source& sealed, Sink& plain, std::span<const SecretBytes> identities,
                                    const Work& work) {
    return openAge(sealed, plain, AgeSecrets{identities}, work);
}

Result<Portions, SealError> sealPortions(Source& plain, Sink& sealed, const BoxKey& recipient,
                                         const SecretBytes& plainSalt, Random& random, const Work& work) {
    return sealWith(plain, sealed, {.keys = {&recipient, 1}}, &plainSalt, random, work);
}

Result<Portions, SealError> openPortions(Source& sealed, Sink& plain, const SecretBytes& identity,
                                         const SecretBytes& plainSalt, const Work& work) {
    return openWith(sealed, plain, {.identities = {&identity, 1}}, &plainSalt, true, work);
}

Result<Portions, SealError> hashSealed(Source& sealed, const Work& work) {
    BufferedSource source(sealed);
    auto header = readAgeHeader(source);
    if (!header) return Err(header.error());
    if (!header->hasOneRecipient()) return Err(SealError::NotOneRecipient);
    std::array<std::uint8_t, kAgeNonceSize> nonce;
    if (const auto got = readNonce(source, nonce); !got) return Err(got.error());
    Bytes prefix = std::move(header->bytes);
    append(prefix, nonce);
    HashStages stages(source, std::move(prefix));
    if (const auto done = runPortions(stages, work); !done) return Err(done.error());
    return stages.takeFound();
}

Result<Portions, SealError> hashPlain(Source& plain, const SecretBytes& plainSalt, const Work& work) {
    PlainHashStages stages(plain, plainSalt, work);
    if (const auto done = runPortions(stages, work); !done) return Err(done.error());
    return stages.takeFound();
}

} // namespace tallylock::asset
