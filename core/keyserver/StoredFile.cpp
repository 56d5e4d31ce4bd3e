#include "core/keyserver/StoredFile.h"

#include "core/asset/AgeHeader.h"
#include "core/crypto/Box.h"

namespace tallylock::keyserver {

using asset::SealError;
using wire::FrameProblem;

/// Of a file that B4 has seen whole: its bytes are altered, or cannot be had.
static FrameProblem storeFault(SealError error) {
    return error == SealError::ReadFailed ? FrameProblem::SealedFileMissing : FrameProblem::StoredFileAltered;
}

/// A portion that does not open: are these still the bytes that once did?
static FrameProblem whyClosed(asset::SeekableSource& file, std::uint64_t index, const Hash& sealedLeaf) {
    const auto layout = asset::portionLayout(file);
    if (!layout) return storeFault(layout.error());
    const auto bytes = asset::readSealedPortion(file, *layout, index);
    if (!bytes) return storeFault(bytes.error());
    return asset::sealedLeaf(*bytes) == sealedLeaf ? FrameProblem::PartDamaged : FrameProblem::StoredFileAltered;
}

Result<ProvenFile, FrameProblem> ProvenFile::open(asset::SeekableSource& file, std::uint64_t sealedSize,
                                                  keys::EditionSecrets secrets, const asset::EditionClaim& claim,
                                                  Leaves leaves) {
    crypto::MerkleTree sealed(std::move(leaves.sealed));
    crypto::MerkleTree plain(std::move(leaves.plain));
    if (sealed.root() != claim.sealedRoot || plain.root() != claim.plainRoot || sealed.count() != plain.count() ||
        crypto::boxKeyOf(secrets.firstPassword) != claim.recipient)
        return Err(FrameProblem::PartDamaged);
    if (file.size() == 0) return Err(FrameProblem::SealedFileMissing);
    if (file.size() != sealedSize) return Err(FrameProblem::StoredFileAltered);
    auto reader = asset::SealedReader::open(file, {&secrets.firstPassword, 1});
    if (!reader) return Err(whyClosed(file, 0, sealed.leaf(0)));
    if (reader->layout().portionCount() != sealed.count()) return Err(FrameProblem::StoredFileAltered);
    return ProvenFile(file, std::move(*reader), std::move(secrets.plainSalt), std::move(sealed), std::move(plain));
}

Result<ProvenPortion, FrameProblem> ProvenFile::portion(std::uint64_t index) const {
    assert(index < portionCount());
    auto opened = m_reader.portion(index, &m_plainSalt);
    if (!opened) return Err(whyClosed(*m_file, index, m_sealed.leaf(index)));
    const std::uint64_t count = portionCount();
    ProvenPortion proven{std::move(opened->plain),
                         {index, asset::portionSalt(m_plainSalt, index), opened->plainLeaf, opened->sealedLeaf},
                         {index, count, m_plain.path(index)},
                         {index, count, m_sealed.path(index)}};
    if (!asset::verifyLeaf(proven.sample.sealedLeaf, proven.sealedProof, count, m_sealed.root()))
        return Err(FrameProblem::StoredFileAltered);
    if (!asset::verifyPlainPortion(proven.plain, proven.sample.salt, proven.plainProof, count, m_plain.root()))
        return Err(FrameProblem::PartDamaged);
    return proven;
}

FrameProblem whyNotWhole(ports::FileStore& files, const Hash& sealedRoot, SealError error, const asset::Work& work) {
    if (error == SealError::RecipientMismatch) return FrameProblem::PasswordWrong;
    // A check that could not be finished says nothing, whatever the store can give by now.
    if (error == SealError::ReadFailed || error == SealError::Interrupted) return FrameProblem::SealedFileMissing;
    auto file = StoredFile::open(files, sealedRoot);
    if (!file) return FrameProblem::SealedFileMissing;
    const auto whole = asset::verifySealed(*file, sealedRoot, work);
    if (!whole && (whole.error() == SealError::ReadFailed || whole.error() == SealError::Interrupted))
        return FrameProblem::SealedFileMissing;
    // Only of a file with a header of the right shape it can be said that it is another than was sealed.
    if (!whole && (whole.error() == SealError::SealedMismatch || whole.error() == SealError::Truncated))
        return FrameProblem::StoredFileAltered;
    switch (error) {
    case SealError::NotOneRecipient: return FrameProblem::RecipientsWrong;
    case SealError::WrongKey:
    case SealError::HeaderForged: return FrameProblem::HeaderForged;
    case SealError::PlainMismatch: return FrameProblem::ContentWrong;
    default: return FrameProblem::SealedFileWrong;
    }
}

Result<asset::Portions, FrameProblem> checkStored(ports::FileStore& files, const keys::EditionSecrets& secrets,
                                                  const asset::EditionClaim& claim, const asset::Work& work) {
    for (bool again = false;; again = true) {
        auto file = StoredFile::open(files, claim.sealedRoot);
        if (!file) return Err(FrameProblem::SealedFileMissing);
        auto whole = asset::checkEdition(*file, secrets, claim, work);
        if (whole) return std::move(*whole);
        const FrameProblem why = whyNotWhole(files, claim.sealedRoot, whole.error(), work);
        const bool isOfTheStore = why == FrameProblem::SealedFileMissing || why == FrameProblem::StoredFileAltered;
        if (again || isOfTheStore) return Err(why);
    }
}

std::optional<SealError> headerFault(StoredFile& file, const SecretBytes& firstPassword) {
    if (file.size() == 0) return std::nullopt;
    asset::BufferedSource source(file);
    const auto header = asset::readAgeHeader(source);
    if (!header && header.error() == SealError::ReadFailed) return std::nullopt;
    if (!header) return header.error();
    if (!header->hasOneRecipient()) return SealError::NotOneRecipient;
    const auto fileKey = header->fileKey({&firstPassword, 1});
    if (!fileKey) return fileKey.error();
    return std::nullopt;
}

} // namespace tallylock::keyserver
