#include "core/party/SpotChecks.h"

#include "core/crypto/Kdf.h"

#include <algorithm>

namespace tallylock::party {

using api::Problem;
using api::Refusal;

static Err<Refusal> spotRefusal(const char* what) { return Err(Refusal{Problem::SpotCheckFailed, what}); }

Hash spotNonce(const SecretBytes& vaultKey, const Hash& terms, std::uint64_t attempt) {
    const SecretBytes nonce =
        crypto::labelledKdf(vaultKey.view(), terms.view(), "spot-nonce", crypto::cborList(attempt));
    return *Hash::from(nonce.view());
}

Check checkSpotNonce(const SpotSubject& subject, const wire::SpotCommitNote& commit, const wire::SpotNonce& nonce) {
    const wire::SpotNonceNote& note = nonce.note;
    if (!crypto::verify(subject.keyServer, "spot-nonce", note, nonce.signature)) return spotRefusal("signature");
    if (note.terms != subject.terms) return spotRefusal("another sale");
    if (note.commitment != commit.commitment) return spotRefusal("another commitment");
    if (note.portionCount != subject.portionCount) return spotRefusal("number of portions");
    const auto& opened = note.opened;
    if (opened.size() > wire::spotBudgetOf(note.portionCount)) return spotRefusal("beyond the budget");
    if (std::ranges::adjacent_find(opened, std::greater_equal()) != opened.end()) return spotRefusal("open portions");
    if (!opened.empty() && opened.back() >= note.portionCount) return spotRefusal("open portions");
    return {};
}

Result<wire::SpotDraw, Refusal> checkSpotAttest(const SpotSubject& subject, const wire::SpotCommitNote& commit,
                                                const Hash& buyerNonce, const wire::SpotNonceNote& nonce,
                                                const wire::SpotAttest& attest) {
    const wire::SpotNote& note = attest.note;
    if (!crypto::verify(subject.keyServer, "spot-check", note, attest.signature)) return spotRefusal("signature");
    if (note.terms != subject.terms) return spotRefusal("another sale");
    if (note.commitment != commit.commitment || note.buyerNonce != buyerNonce || note.serverNonce != nonce.nonce)
        return spotRefusal("other nonces");
    const Hash seed = wire::spotSeed(subject.terms, commit.commitment, buyerNonce, nonce.nonce);
    wire::SpotDraw draw = wire::drawSpot(seed, subject.portionCount, commit.wanted, nonce.opened);
    std::vector<std::uint64_t> expected;
    std::ranges::merge(draw.again, draw.fresh, std::back_inserter(expected));
    const bool same = std::ranges::equal(expected, note.samples, {}, {}, &wire::SpotSample::index);
    if (!same) return spotRefusal("other portions than were drawn");
    return draw;
}

Check checkSpotPortion(const SpotSubject& subject, const wire::SpotSample& sample, const wire::SpotPortion& portion) {
    if (portion.plainProof.index != sample.index || portion.sealedProof.index != sample.index)
        return spotRefusal("another portion");
    if (asset::plainLeaf(sample.salt, portion.plain) != sample.plainLeaf) return spotRefusal("other content");
    if (!asset::verifyPlainPortion(portion.plain, sample.salt, portion.plainProof, subject.portionCount,
                                   subject.plainRoot))
        return spotRefusal("plain root");
    if (!asset::verifyLeaf(sample.sealedLeaf, portion.sealedProof, subject.portionCount, subject.sealedRoot))
        return spotRefusal("sealed root");
    return {};
}

} // namespace tallylock::party
