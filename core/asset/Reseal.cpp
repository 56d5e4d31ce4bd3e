#include "core/asset/Reseal.h"

#include "core/asset/AgeHeader.h"
#include "core/asset/PartFile.h"
#include "core/asset/Payload.h"
#include "core/asset/PortionLine.h"
#include "core/asset/SealResume.h"
#include "core/crypto/Box.h"
#include "core/crypto/Merkle.h"
#include "core/keys/PrivateFile.h"

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

namespace {

/// A further edition under way: its secrets and W, and what its file begins with.
struct Begun {
    keys::EditionSecrets secrets;
    Bytes wrapped;
    Front front;
};

bool areOf(const keys::EditionSecrets& secrets, const EditionClaim& claim) {
    return secrets.firstPassword.size() == keys::kFirstPasswordSize &&
           secrets.plainSalt.size() == keys::kPlainSaltSize &&
           crypto::boxKeyOf(secrets.firstPassword) == claim.recipient;
}

Result<Begun, SealError> begin(const SecretBytes& plainSalt, const NewEdition& edition, Random& random) {
    Begun begun;
    begun.secrets = {crypto::newBoxSecret(random), plainSalt.clone()};
    begun.wrapped =
        keys::wrapForSeller(edition.fingerprintKey, begun.secrets, edition.assetId, edition.edition, random);
    SecretBytes fileKey(kAgeFileKeySize);
    random.fill(fileKey.span());
    const BoxKey recipient = crypto::boxKeyOf(begun.secrets.firstPassword);
    auto front = makeFront({.keys = {&recipient, 1}}, fileKey, random);
    if (!front) return Err(front.error());
    begun.front.payloadKey = agePayloadKey(fileKey, ByteView(*front).last(kAgeNonceSize));
    begun.front.bytes = std::move(*front);
    return begun;
}

Result<SealedEdition, SealError> run(Source& sealed, const keys::EditionSecrets& secrets, const EditionClaim& claim,
                                     const Begun& begun, Sink& resealed, const Work& work) {
    BufferedSource source(sealed);
    const auto before = readFront(source, secrets.firstPassword);
    if (!before) return Err(before.error());
    if (const auto written = resealed.write(begun.front.bytes); !written) return Err(written.error());
    ResealStages stages(source, resealed, *before, begun.front, begun.secrets.plainSalt, work);
    if (const auto ran = runPortions(stages, work); !ran) return Err(ran.error());
    SealedEdition done;
    done.portions = stages.takeFound();
    if (done.portions.plainRoot != claim.plainRoot) return Err(SealError::PlainMismatch);
    done.secrets = begun.secrets.clone();
    done.claim = {crypto::boxKeyOf(begun.secrets.firstPassword), done.portions.sealedRoot, done.portions.plainRoot};
    done.wrapped = begun.wrapped;
    return done;
}

// --- to a file -------------------------------------------------------------------------------------------------------

constexpr std::string_view kResealMagic = "tallylock resealing 1\n";
constexpr std::size_t kMostWrapped = 1024;

Bytes stateHead(const EditionClaim& claim) {
    Bytes head = bytesOf(kResealMagic);
    append(head, claim.sealedRoot.view());
    return head;
}

Result<void, SealError> writeState(const std::string& path, const EditionClaim& claim, const Begun& begun) {
    Bytes state = stateHead(claim);
    append(state, begun.wrapped);
    if (!keys::writePrivateFile(sealStatePath(path), state, keys::Replace::Yes)) return Err(SealError::WriteFailed);
    return {};
}

/// Nothing if there is no part, or none that may be gone on with.
std::optional<Begun> begunBefore(const std::string& path, const EditionClaim& claim, const SecretBytes& plainSalt,
                                 const NewEdition& edition) {
    const Bytes head = stateHead(claim);
    const auto state = keys::readFile(sealStatePath(path), head.size() + kMostWrapped);
    if (!state || state->size() <= head.size() || !std::equal(head.begin(), head.end(), state->begin()))
        return std::nullopt;
    Begun begun;
    begun.wrapped.assign(state->begin() + static_cast<std::ptrdiff_t>(head.size()), state->end());
    auto secrets = keys::unwrapForSeller(edition.fingerprintKey, begun.wrapped, edition.assetId, edition.edition);
    if (!secrets || !secrets->plainSalt.equals(plainSalt.view())) return std::nullopt;
    begun.secrets = std::move(*secrets);
    auto part = FileSource::open(partPath(path));
    if (!part) return std::nullopt;
    BufferedSource source(*part);
    auto front = readFront(source, begun.secrets.firstPassword);
    if (!front) return std::nullopt;
    begun.front = std::move(*front);
    return begun;
}

/// Nothing if the part holds other bytes than the source gives.
std::optional<Result<SealedEdition, SealError>> runToPart(SeekableSource& sealed, const keys::EditionSecrets& secrets,
                                                          const EditionClaim& claim, const Begun& begun,
                                                          const std::string& path, const Work& work) {
    using Outcome = Result<SealedEdition, SealError>;
    auto part = PartFile::open(path, FileSink::Access::OwnerOnly, PartFile::OnDifference::Stop);
    if (!part) return Outcome(Err(part.error()));
    FromBeginning source(sealed); // as often as it takes
    auto done = run(source, secrets, claim, begun, *part, work);
    if (part->differs()) return std::nullopt;
    if (!done) {
        if (!worthGoingOn(done.error())) dropUnfinishedSealing(path);
        return done;
    }
    if (const auto flushed = part->flush(); !flushed) return Outcome(Err(flushed.error()));
    if (const auto committed = part->commit(); !committed) return Outcome(Err(committed.error()));
    dropUnfinishedSealing(path); // the state
    return done;
}

} // namespace

Result<SealedEdition, SealError> resealEdition(Source& sealed, const keys::EditionSecrets& secrets,
                                               const EditionClaim& claim, const NewEdition& edition, Sink& resealed,
                                               Random& random, const Work& work) {
    if (!areOf(secrets, claim)) return Err(SealError::RecipientMismatch);
    const auto begun = begin(secrets.plainSalt, edition, random);
    if (!begun) return Err(begun.error());
    return run(sealed, secrets, claim, *begun, resealed, work);
}

Result<SealedEdition, SealError> resealEditionFile(SeekableSource& sealed, const keys::EditionSecrets& secrets,
                                                   const EditionClaim& claim, const NewEdition& edition,
                                                   const std::string& path, Random& random, const Work& work) {
    if (!areOf(secrets, claim)) return Err(SealError::RecipientMismatch);
    // Another run with the same part would lose its state.
    if (const auto part = PartFile::open(path, FileSink::Access::OwnerOnly, PartFile::OnDifference::Stop); !part)
        return Err(part.error());
    if (const auto before = begunBefore(path, claim, secrets.plainSalt, edition)) {
        if (auto done = runToPart(sealed, secrets, claim, *before, path, work)) return std::move(*done);
    }
    dropUnfinishedSealing(path);
    const auto begun = begin(secrets.plainSalt, edition, random);
    if (!begun) return Err(begun.error());
    // Before the part, so that no part is without it.
    if (const auto kept = writeState(path, claim, *begun); !kept) return Err(kept.error());
    auto done = runToPart(sealed, secrets, claim, *begun, path, work);
    if (!done) return Err(SealError::WriteFailed); // somebody else writes to the part
    return std::move(*done);
}

} // namespace tallylock::asset
