#include "core/party/Trails.h"

#include "core/party/Core.h"
#include "core/wire/Evidence.h"

namespace tallylock::party {

static constexpr std::int64_t kEvidenceBoundMs = 5000; ///< how long somebody waits for the newest of a trail

static wire::Evidence evidenceOf(const KeptTrail& kept) {
    return {wire::kEvidenceFormat, kept.coordinator, kept.trail};
}

bool Trails::isWhole(SaleId sale) const {
    const KnownSale* known = m_core.replica().sale(sale);
    const KeptTrail* kept = m_core.diary().trail(sale);
    return !known || (kept && kept->trail.links.size() >= known->receipts.size());
}

void Trails::look(SaleId sale) {
    if (!m_core.welcome() || isWhole(sale) || m_asking.contains(sale)) return;
    m_asking.try_emplace(sale);
    const KeptTrail* kept = m_core.diary().trail(sale);
    const std::uint64_t after = kept ? kept->trail.links.size() : 0;
    m_core.coordinator().ask<wire::Trail>(
        wire::TrailQuery{sale, after},
        [this, sale, after](Result<wire::Trail, wire::Problem> answer) { answered(sale, after, std::move(answer)); });
}

void Trails::answered(SaleId sale, std::uint64_t after, Result<wire::Trail, wire::Problem> answer) {
    if (!answer && Server::worthRetrying(answer.error())) {
        m_core.poster().postAfter(m_asking[sale].nextMs(), [this, sale] {
            const Backoff backoff = m_asking[sale];
            m_asking.erase(sale);
            look(sale);
            if (m_asking.contains(sale)) m_asking[sale] = backoff;
        });
        return;
    }
    m_asking.erase(sale);
    // What does not fit is asked for again when the sale goes on.
    const bool grows = answer && !answer->links.empty() && keep(sale, after, std::move(*answer));
    if (grows) m_core.drive(sale); // more may have come meanwhile, and somebody may wait for it
}

bool Trails::keep(SaleId sale, std::uint64_t after, wire::Trail fetched) {
    const TrailKept record{sale, m_core.welcome()->config.coordinator.identity, after, std::move(fetched)};
    KeptTrail grown;
    if (const KeptTrail* kept = m_core.diary().trail(sale)) grown = *kept;
    if (!grow(grown, record)) return false;
    const auto story = wire::checkEvidence(evidenceOf(grown));
    if (!story || story->sale != sale) return false;
    m_core.diary().putLater(record); // it can be fetched again
    return true;
}

void Trails::evidence(SaleId sale, const api::Done<Bytes>& done) {
    if (!m_core.replica().sale(sale) && !m_core.diary().trail(sale)) {
        return done(Err(api::Refusal{api::Problem::SaleUnknown, {}}));
    }
    look(sale);
    m_core.until([this, sale] { return isWhole(sale); }, kEvidenceBoundMs,
                 [this, sale, done](bool) {
                     const KeptTrail* kept = m_core.diary().trail(sale);
                     if (!kept) return done(Err(api::Refusal{api::Problem::Unreachable, {}}));
                     done(encodeCbor(evidenceOf(*kept)));
                 });
}

} // namespace tallylock::party
