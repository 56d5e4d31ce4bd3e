#include "core/asset/Reseal.h"

#include "core/asset/AgeHeader.h"
#include "core/asset/Payload.h"
#include "core/asset/PortionLine.h"
#include "core/crypto/Box.h"
#include "core/crypto/Merkle.h"

#include <algorithm>
#include <array>

namespace tallylock::asset {

using crypto::ChunkCipher;

namespace {

/// Header and nonce, and the key that they lead to.
struct Front {
    Bytes bytes;
    SecretBytes payloadKey;
};

Result<Front, SealError> readFront(BufferedSource& source, const SecretBytes& firstPassword) {
    auto header = readAgeHeader(source);
    if (!header) return Err(header.error());
    if (!header->hasOneRecipient()) return Err(SealError::NotOneRecipient);
    const auto fileKey = header->fileKey(std::span<const SecretBytes>(&firstPassword, 1));
    if (!fileKey) return Err(fileKey.error());
    std::array<std::uint8_t, kAgeNonceSize> nonce{};
    const auto got = readFully(source, nonce);
    if (!got) return Err(got.error());
    if (*got < nonce.size()) return Err(SealError::Truncated);
    Front front{std::move(header->bytes), agePayloadKey(*fileKey, nonce)};
    append(front.bytes, nonce);
    return front;
}

Result<Front, SealError> makeFront(const BoxKey& recipient, Random& random) {
    SecretBytes fileKey(kAgeFileKeySize);
    random.fill(fileKey.span());
    auto header = makeAgeHeader({{&recipient, 1}}, fileKey, random);
    if (!header) return Err(header.error());
    std::array<std::uint8_t, kAgeNonceSize> nonce{};
    random.fill(nonce);
    Front front{std::move(*header), agePayloadKey(fileKey, nonce)};
    append(front.bytes, nonce);
    return front;
}

/// What one thread works with.
struct Lane {
    ChunkCipher open;
    ChunkCipher seal;
    Bytes plain = Bytes(kPortionSize);
};

class ResealStages final : public PortionStages {
public:
    ResealStages(Source& sealed, Sink& resealed, const Front& before, const Front& after, const SecretBytes& salt,
                 const Work& work)
        : m_source(sealed),
          m_sink(resealed),
          m_front(after.bytes),
          m_salt(salt),
          m_work(work) {
        for (unsigned i = 0; i < std::clamp(work.threads, 1u, 16u); ++i)
            m_lanes.push_back({{before.payloadKey.view(), ChunkCipher::Direction::Open},
                               {after.payloadKey.view(), ChunkCipher::Direction::Seal}});
        m_found.sealedSize = m_front.size();
    }

    // One byte ahead, which tells the last portion.
    Result<void, SealError> read(Portion& portion) override {
        portion.in.resize(kSealedPortionSize + 1);
        std::size_t size = 0;
        if (m_ahead) portion.in[size++] = *m_ahead;
        const auto got = readFully(m_source, std::span(portion.in).subspan(size));
        if (!got) return Err(got.error());
        size += *got;
        portion.last = size <= kSealedPortionSize;
        if (!portion.last) m_ahead = portion.in[kSealedPortionSize];
        portion.inSize = std::min(size, kSealedPortionSize);
        return {};
    }

    Result<void, SealError> work(Portion& portion) override {
        Lane& lane = m_lanes[portion.lane];
        const ChunkPlace place = placeOfPortion(portion.index, portion.last);
        Leaves none(nullptr, portion.index, {});
        std::size_t size = 0;
        const auto opened =
            openChunks(lane.open, place, ByteView(portion.in).first(portion.inSize), lane.plain.data(), none, size);
        if (!opened) return opened;
        portion.out.resize(kSealedPortionSize);
        Leaves leaves(&m_salt, portion.index, m_front);
        portion.outSize = sealChunks(lane.seal, place, ByteView(lane.plain).first(size), portion.out.data(), leaves);
        leaves.finish(portion.sealedLeaf, portion.plainLeaf);
        return {};
    }

    Result<void, SealError> write(const Portion& portion) override {
        if (const auto written = m_sink.write(ByteView(portion.out).first(portion.outSize)); !written) return written;
        const std::size_t chunks = (portion.outSize + kSealedChunkSize - 1) / kSealedChunkSize;
        m_found.plainSize += portion.outSize - chunks * ChunkCipher::kTagSize;
        m_found.sealedSize += portion.outSize;
        m_found.sealedLeaves.push_back(portion.sealedLeaf);
        m_found.plainLeaves.push_back(portion.plainLeaf);
        m_sealedTree.add(portion.sealedLeaf);
        m_plainTree.add(portion.plainLeaf);
        if (m_work.progress) m_work.progress(m_found.plainSize);
        return {};
    }

    Portions takeFound() {
        m_found.sealedRoot = m_sealedTree.root();
        m_found.plainRoot = m_plainTree.root();
        return std::move(m_found);
    }

private:
    Source& m_source;
    Sink& m_sink;
    const Bytes& m_front;
    const SecretBytes& m_salt;
    const Work& m_work;
    std::vector<Lane> m_lanes;
    std::optional<std::uint8_t> m_ahead;
    Portions m_found;
    crypto::MerkleBuilder m_sealedTree;
    crypto::MerkleBuilder m_plainTree;
};

} // namespace

Result<SealedEdition, SealError> resealEdition(Source& sealed, const keys::EditionSecrets& secrets,
                                               const EditionClaim& claim, const NewEdition& edition, Sink& resealed,
                                               Random& random, const Work& work) {
    if (secrets.firstPassword.size() != keys::kFirstPasswordSize || secrets.plainSalt.size() != keys::kPlainSaltSize ||
        crypto::boxKeyOf(secrets.firstPassword) != claim.recipient) {
        return Err(SealError::RecipientMismatch);
    }
    BufferedSource source(sealed);
    const auto before = readFront(source, secrets.firstPassword);
    if (!before) return Err(before.error());
    SealedEdition done;
    done.secrets = {crypto::newBoxSecret(random), secrets.plainSalt.clone()};
    done.claim.recipient = crypto::boxKeyOf(done.secrets.firstPassword);
    const auto after = makeFront(done.claim.recipient, random);
    if (!after) return Err(after.error());
    if (const auto written = resealed.write(after->bytes); !written) return Err(written.error());

    ResealStages stages(source, resealed, *before, *after, done.secrets.plainSalt, work);
    if (const auto ran = runPortions(stages, work); !ran) return Err(ran.error());
    done.portions = stages.takeFound();
    if (done.portions.plainRoot != claim.plainRoot) return Err(SealError::PlainMismatch);
    done.claim.sealedRoot = done.portions.sealedRoot;
    done.claim.plainRoot = done.portions.plainRoot;
    done.wrapped = keys::wrapForSeller(edition.fingerprintKey, done.secrets, edition.assetId, edition.edition, random);
    return done;
}

} // namespace tallylock::asset
