// Editions: one first password, one sealing, one recipient; what the seller makes, the key server checks, and the buyer
// verifies and opens.
#pragma once

#include "core/asset/SealedFile.h"
#include "core/keys/TwoPasswords.h"

namespace tallylock::asset {

/// What the terms of a sale say of the sealed file.
struct EditionClaim {
    BoxKey recipient;
    Hash sealedRoot;
    Hash plainRoot;
    bool operator==(const EditionClaim&) const = default;
};

struct SealedEdition {
    keys::EditionSecrets secrets; ///< P1 is new; S is the asset's
    EditionClaim claim;
    Portions portions;
    Bytes wrapped; ///< W: the secrets under the asset's fingerprint key
};

/// Seals editions of one asset.
class EditionSealer {
public:
    /// `plainSalt` is S, drawn once per asset (newPlainSalt); `fingerprintKey` is keys::fingerprintKey.
    EditionSealer(Hash assetId, SecretBytes fingerprintKey, SecretBytes plainSalt, Random& random)
        : m_assetId(assetId),
          m_fingerprintKey(std::move(fingerprintKey)),
          m_plainSalt(std::move(plainSalt)),
          m_random(random) {}

    /// Seals under a fresh P1.
    Result<SealedEdition, SealError> seal(std::uint64_t edition, Source& plain, Sink& sealed, const Work& work = {});

private:
    Hash m_assetId;
    SecretBytes m_fingerprintKey;
    SecretBytes m_plainSalt;
    Random& m_random;
};
SecretBytes newPlainSalt(Random& random);

/// The key server's full check (step B4), over the whole file: the first password belongs to the recipient, there is
/// exactly one recipient, the header is authentic, every chunk opens, both roots match. Each failure has its own error.
Result<Portions, SealError> checkEdition(Source& sealed, const keys::EditionSecrets& secrets, const EditionClaim& claim,
                                         const Work& work = {});

/// What the buyer can check without the key (step B8): the bytes are those that the sealed root names.
Result<Portions, SealError> verifySealed(Source& sealed, const Hash& sealedRoot, const Work& work = {});

/// Opens and checks in the same pass (step B14); `plain` is worth keeping only on success.
Result<Portions, SealError> openEdition(Source& sealed, Sink& plain, const keys::EditionSecrets& secrets,
                                        const EditionClaim& claim, const Work& work = {});
/// What was opened once is still the content that the plain root names.
Result<Portions, SealError> verifyOpened(Source& plain, const SecretBytes& plainSalt, const Hash& plainRoot,
                                         const Work& work = {});
/// Between files: NAME.part until all is checked. A run that was killed or interrupted is gone on with.
Result<Portions, SealError> openEditionFile(const std::string& sealedPath, const std::string& plainPath,
                                            const keys::EditionSecrets& secrets, const EditionClaim& claim,
                                            const Work& work = {});

} // namespace tallylock::asset
