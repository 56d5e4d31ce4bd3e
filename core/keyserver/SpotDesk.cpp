#include "core/keyserver/SpotDesk.h"

#include <algorithm>

namespace tallylock::keyserver {

using wire::FrameProblem;

SpotDesk::Decided<const Deal*> SpotDesk::dealFor(const IdentityKey& who, const Hash& terms) const {
    const Deal* deal = m_book.deal(terms);
    if (!deal) return Err(FrameProblem::NotFound);
    if (who != deal->terms.buyer.identity) return Err(FrameProblem::SpotNotYours);
    if (deal->failed) return Err(*deal->failed);
    if (!deal->receipt) return Err(FrameProblem::SpotTooEarly);
    if (deal->agreed) return Err(FrameProblem::SpotTooLate);
    if (wire::spotBudgetOf(deal->portionCount) == 0) return Err(FrameProblem::SpotTooSmall);
    return deal;
}

std::vector<std::uint64_t> SpotDesk::openedOf(const Deal& deal) const {
    const auto& opened = m_book.opened(deal.terms.plainRoot);
    return {opened.begin(), opened.end()};
}

bool SpotDesk::isOutdated(const Deal& deal) const {
    return !deal.spot->drawn && deal.spot->nonce.opened != openedOf(deal);
}

wire::SpotNonce SpotDesk::nonceReply(const SpotCheck& spot) const {
    return {spot.nonce, m_identity.sign("spot-nonce", spot.nonce)};
}

SpotDesk::Decided<wire::SpotNonce> SpotDesk::commit(const IdentityKey& who, const wire::SpotCommit& request) {
    const wire::SpotCommitNote& note = request.note;
    const auto found = dealFor(who, note.terms);
    if (!found) return Err(found.error());
    const Deal& deal = **found;
    if (note.server != m_identity.key()) return Err(FrameProblem::WrongServer);
    if (note.wanted == 0 || note.wanted > wire::kMostSpotPortions) return Err(FrameProblem::Malformed);
    if (!crypto::verify(deal.terms.buyer.identity, "spot-commit", note, request.signature))
        return Err(FrameProblem::SignatureInvalid);
    if (deal.spot) {
        const bool same = deal.spot->commit.note == note;
        if (!isOutdated(deal))
            return same ? Decided<wire::SpotNonce>(nonceReply(*deal.spot)) : Err(FrameProblem::SpotDiffers);
        if (same) return Err(FrameProblem::SpotOutdated);
    }
    const wire::SpotNonceNote nonce{note.terms, note.commitment, m_random.fixed<Hash>(), deal.portionCount,
                                    openedOf(deal)};
    if (!m_book.write({SpotCommitted{request, nonce}})) return Err(FrameProblem::Internal);
    return nonceReply(*deal.spot);
}

SpotDesk::Decided<std::vector<std::uint64_t>> SpotDesk::reveal(const IdentityKey& who,
                                                               const wire::SpotReveal& request) {
    const auto found = dealFor(who, request.terms);
    if (!found) return Err(found.error());
    const Deal& deal = **found;
    if (!deal.spot) return Err(FrameProblem::SpotTooEarly);
    const wire::SpotCommitNote& commit = deal.spot->commit.note;
    if (wire::spotCommitment(request.terms, request.nonce) != commit.commitment)
        return Err(FrameProblem::SpotNonceWrong);
    if (deal.spot->drawn) return deal.spot->drawn->indices;
    if (isOutdated(deal)) return Err(FrameProblem::SpotOutdated);
    const wire::SpotNonceNote& nonce = deal.spot->nonce;
    const Hash seed = wire::spotSeed(request.terms, commit.commitment, request.nonce, nonce.nonce);
    const wire::SpotDraw draw = wire::drawSpot(seed, deal.portionCount, commit.wanted, nonce.opened);
    std::vector<std::uint64_t> indices;
    std::ranges::merge(draw.again, draw.fresh, std::back_inserter(indices));
    if (!m_book.write({SpotDrawn{request.terms, request.nonce, indices}})) return Err(FrameProblem::Internal);
    return indices;
}

SpotDesk::Decided<void> SpotDesk::mayOpen(const IdentityKey& who, const wire::SpotOpen& request) const {
    const auto found = dealFor(who, request.terms);
    if (!found) return Err(found.error());
    const std::optional<SpotCheck>& spot = (*found)->spot;
    if (!spot || !spot->drawn || !std::ranges::binary_search(spot->drawn->indices, request.index))
        return Err(FrameProblem::SpotNotDrawn);
    return {};
}

wire::SpotAttest SpotDesk::attest(const Hash& terms, std::vector<wire::SpotSample> samples) const {
    const SpotCheck& spot = *m_book.deal(terms)->spot;
    const wire::SpotNote note{terms, spot.commit.note.commitment, spot.drawn->buyerNonce, spot.nonce.nonce,
                              std::move(samples)};
    return {note, m_identity.sign("spot-check", note)};
}

} // namespace tallylock::keyserver
