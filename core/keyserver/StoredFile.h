// A sealed file as the file store holds it, and its portions proven against what the full check has found.
//
// Blocks on the store: for the threads that read, not for the worker.
#pragma once

#include "core/asset/Edition.h"
#include "core/asset/PortionProof.h"
#include "core/asset/SealedReader.h"
#include "core/crypto/Merkle.h"
#include "core/ports/StoredFile.h"
#include "core/wire/Frames.h"

namespace tallylock::keyserver {

using ports::StoredFile;

/// Both trees' leaves, as the full check of B4 found them. A plain leaf is salted, so this is no secret.
struct Leaves {
    std::vector<Hash> sealed;
    std::vector<Hash> plain;
};

/// A portion of the stored file that opens with P1 and fits both roots.
struct ProvenPortion {
    Bytes plain;
    wire::SpotSample sample;
    asset::LeafProof plainProof;
    asset::LeafProof sealedProof;
};

/// Opens single portions, and says of each failure whose doing it is: SealedFileMissing and StoredFileAltered are the
/// store's, PartDamaged is the key server's own, for B4 has seen these very bytes open with this password.
class ProvenFile {
public:
    /// Both leaves lead to the roots of the claim, P1 is the recipient's, the header of the stored file opens. `file`
    /// outlives it.
    static Result<ProvenFile, wire::FrameProblem> open(asset::SeekableSource& file, std::uint64_t sealedSize,
                                                       keys::EditionSecrets secrets, const asset::EditionClaim& claim,
                                                       Leaves leaves);
    std::uint64_t portionCount() const { return m_sealed.count(); }
    Result<ProvenPortion, wire::FrameProblem> portion(std::uint64_t index) const;

private:
    ProvenFile(asset::SeekableSource& file, asset::SealedReader reader, SecretBytes plainSalt,
               crypto::MerkleTree sealed, crypto::MerkleTree plain)
        : m_file(&file),
          m_reader(std::move(reader)),
          m_plainSalt(std::move(plainSalt)),
          m_sealed(std::move(sealed)),
          m_plain(std::move(plain)) {}

    asset::SeekableSource* m_file;
    asset::SealedReader m_reader;
    SecretBytes m_plainSalt;
    crypto::MerkleTree m_sealed;
    crypto::MerkleTree m_plain;
};

/// Why the full check has failed, with the blame where it belongs: bytes that are not those of the sealed root are the
/// store's doing, whatever else is wrong with them. Reads the file again to tell; SealedFileMissing if it cannot,
/// or if the check was not finished.
wire::FrameProblem whyNotWhole(ports::FileStore& files, const Hash& sealedRoot, asset::SealError error,
                               const asset::Work& work);
/// The full check of the file as the store has it. Before anybody but the store is blamed it is made twice: the check
/// and the look at the bytes are two readings, and the first may have been of other bytes.
Result<asset::Portions, wire::FrameProblem> checkStored(ports::FileStore& files, const keys::EditionSecrets& secrets,
                                                        const asset::EditionClaim& claim, const asset::Work& work);
/// The header alone, before a deposit is taken: exactly one stanza, P1 opens it, and the MAC matches. Nothing where the
/// file is not there yet; the full check waits for it.
std::optional<asset::SealError> headerFault(StoredFile& file, const SecretBytes& firstPassword);

} // namespace tallylock::keyserver
