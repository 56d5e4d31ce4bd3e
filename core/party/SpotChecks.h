// What the buyer checks of a joint spot check (core/wire/SpotCheck.h): everything that the key server says, against the
// terms that both have signed and the listing's manifest. Pure: no journal, file or clock.
#pragma once

#include "core/party/SaleChecks.h"
#include "core/wire/SpotCheck.h"

namespace tallylock::party {

/// What a spot check of one sale is about.
struct SpotSubject {
    Hash terms;
    Hash sealedRoot;
    Hash plainRoot;
    std::uint64_t portionCount = 0; ///< of the signed manifest
    IdentityKey keyServer;          ///< pinned
};

/// KDF(vault key, salt t, "spot-nonce", [try]): the same after a crash or a restore, and unknown to anybody else.
Hash spotNonce(const SecretBytes& vaultKey, const Hash& terms, std::uint64_t attempt);

/// The key server's nonce is for this commitment, and what it says is open already can be so.
Check checkSpotNonce(const SpotSubject& subject, const wire::SpotCommitNote& commit, const wire::SpotNonce& nonce);
/// The portions are those that both nonces draw, and signed for. Gives the draw.
Result<wire::SpotDraw, api::Refusal> checkSpotAttest(const SpotSubject& subject, const wire::SpotCommitNote& commit,
                                                     const Hash& buyerNonce, const wire::SpotNonceNote& nonce,
                                                     const wire::SpotAttest& attest);
/// These bytes are the portion that was signed for, and it belongs to both roots of the terms.
Check checkSpotPortion(const SpotSubject& subject, const wire::SpotSample& sample, const wire::SpotPortion& portion);

} // namespace tallylock::party
