// A further edition from the sealed file of an earlier one: opened and sealed anew in one pass, portion by portion, so
// that the plain text is never on a disk and memory does not grow with the file.
#pragma once

#include "core/asset/Edition.h"

namespace tallylock::asset {

struct NewEdition {
    Hash assetId;
    std::uint64_t edition = 0;
    SecretBytes fingerprintKey; ///< keys::fingerprintKey of the asset's child
};

/// Seals under a fresh P1; S stays the asset's. `secrets` and `claim` are those of the sealed file that is read:
/// RecipientMismatch, WrongKey or PlainMismatch if they are not. What a failed call has written is worthless.
Result<SealedEdition, SealError> resealEdition(Source& sealed, const keys::EditionSecrets& secrets,
                                               const EditionClaim& claim, const NewEdition& edition, Sink& resealed,
                                               Random& random, const Work& work = {});
/// The same to a file, readable by its owner alone, which appears under its name only when it is whole. A run that was
/// killed or interrupted is gone on with: NAME.part.key holds W beside NAME.part, and what the part holds already is
/// compared with what the source gives. A part of another source or edition is begun anew.
Result<SealedEdition, SealError> resealEditionFile(SeekableSource& sealed, const keys::EditionSecrets& secrets,
                                                   const EditionClaim& claim, const NewEdition& edition,
                                                   const std::string& path, Random& random, const Work& work = {});

} // namespace tallylock::asset
