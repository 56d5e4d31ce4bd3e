#include "core/asset/Edition.h"

#include "core/asset/PartFile.h"
#include "core/crypto/Box.h"

namespace tallylock::asset {

SecretBytes newPlainSalt(Random& random) {
    SecretBytes salt(keys::kPlainSaltSize);
    random.fill(salt.span());
    return salt;
}

Result<SealedEdition, SealError> EditionSealer::seal(std::uint64_t edition, Source& plain, Sink& sealed,
                                                     const Work& work) {
    SecretBytes firstPassword = crypto::newBoxSecret(m_random);
    const BoxKey recipient = crypto::boxKeyOf(firstPassword);
    auto portions = sealPortions(plain, sealed, recipient, m_plainSalt, m_random, work);
    if (!portions) return Err(portions.error());

    SealedEdition done;
    done.secrets = {std::move(firstPassword), m_plainSalt.clone()};
    done.claim = {recipient, portions->sealedRoot, portions->plainRoot};
    done.portions = std::move(portions).value();
    done.wrapped = keys::wrapForSeller(m_fingerprintKey, done.secrets, m_assetId, edition, m_random);
    return done;
}

Result<Portions, SealError> openEdition(Source& sealed, Sink& plain, const keys::EditionSecrets& secrets,
                                        const EditionClaim& claim, const Work& work) {
    // These were unwrapped from what others sent, so their sizes are not taken for granted. And the AEAD around them
    // does not commit to its key: only this comparison says that it is the first password of the terms.
    if (secrets.firstPassword.size() != keys::kFirstPasswordSize || secrets.plainSalt.size() != keys::kPlainSaltSize ||
        crypto::boxKeyOf(secrets.firstPassword) != claim.recipient) {
        return Err(SealError::RecipientMismatch);
    }
    auto portions = openPortions(sealed, plain, secrets.firstPassword, secrets.plainSalt, work);
    if (!portions) return portions;
    if (portions->sealedRoot != claim.sealedRoot) return Err(SealError::SealedMismatch);
    if (portions->plainRoot != claim.plainRoot) return Err(SealError::PlainMismatch);
    return portions;
}

Result<Portions, SealError> checkEdition(Source& sealed, const keys::EditionSecrets& secrets, const EditionClaim& claim,
                                         const Work& work) {
    NullSink nowhere;
    return openEdition(sealed, nowhere, secrets, claim, work);
}

Result<Portions, SealError> verifySealed(Source& sealed, const Hash& sealedRoot, const Work& work) {
    auto portions = hashSealed(sealed, work);
    if (portions && portions->sealedRoot != sealedRoot) return Err(SealError::SealedMismatch);
    return portions;
}

Result<Portions, SealError> verifyOpened(Source& plain, const SecretBytes& plainSalt, const Hash& plainRoot,
                                         const Work& work) {
    if (plainSalt.size() != keys::kPlainSaltSize) return Err(SealError::PlainMismatch);
    auto portions = hashPlain(plain, plainSalt, work);
    if (portions && portions->plainRoot != plainRoot) return Err(SealError::PlainMismatch);
    return portions;
}

Result<Portions, SealError> openEditionFile(const std::string& sealedPath, const std::string& plainPath,
                                            const keys::EditionSecrets& secrets, const EditionClaim& claim,
                                            const Work& work) {
    auto sealed = FileSource::open(sealedPath);
    if (!sealed) return Err(sealed.error());
    return writeThroughPart(plainPath, FileSink::Access::OwnerOnly,
                            [&](Sink& plain) { return openEdition(*sealed, plain, secrets, claim, work); });
}

} // namespace tallylock::asset
