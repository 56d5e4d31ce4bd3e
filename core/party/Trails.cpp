#include "core/party/Trails.h"

#include "core/party/Core.h"
#include "core/wire/Evidence.h"

#include <algorithm>

namespace tallylock::party {

static constexpr std::int64_t kEvidenceBoundMs = 5000; ///< how long somebody waits for the newest of a trail

static wire::Evidence evidenceOf(const KeptTrail& kept) {
    return {wire::kEvidenceFormat, kept.coordinator, kept.trail};
}

static void learn(engine::SaleChanged& sale, const engine::CommandBody& command) {
    if (const auto* c = std::get_if<engine::AcceptOffer>(&command)) sale.sellerSignature = c->signature;
    if (const auto* c = std::get_if<engine::WrapKey>(&command)) sale.keyReceipt = c->receipt;
    if (const auto* c = std::get_if<engine::RewrapKey>(&command)) sale.standbyReceipt = c->receipt;
    if (const auto* c = std::get_if<engine::PassOwnership>(&command)) sale.owner = c->entry;
}

/// Of a sale that is under way, or whose key may still be wanted; nothing before there are terms.
static std::optional<engine::SaleChanged> saleOf(const KeptTrail& kept) {
    using engine::SaleState;
    const auto story = wire::checkEvidence(evidenceOf(kept));
    if (!story || !story->terms) return std::nullopt;
    engine::SaleChanged sale;
    sale.state = story->state();
    if (story->isOver() && sale.state != SaleState::Completed) return std::nullopt;
    for (const wire::StoryLine& line : story->lines) {
        sale.step = std::max(sale.step, line.receipt.step);
        if (line.command) learn(sale, *line.command);
    }
    const engine::Terms& terms = *story->terms;
    sale.sale = story->sale;
    sale.listing = terms.listing;
    sale.buyerKeys = terms.buyer;
    sale.sellerKeys = terms.seller;
    sale.coin = terms.coin;
    sale.bid = sale.minimum = terms.price;
    sale.timeMs = story->lines.back().receipt.timeMs;
    sale.terms = terms;
    sale.termsHash = crypto::labelledHash("terms", terms);
    sale.buyerSignature = kept.trail.buyerSignature;
    sale.contract = story->contract;
    const bool isKeyDue = sale.state == SaleState::Rekeying ||
                          (sale.state >= SaleState::SellerPaid && sale.state <= SaleState::Completed);
    if (isKeyDue && kept.trail.release) sale.payoutEntry = kept.trail.release->payout.entry;
    sale.keyWay = terms.keyWay;
    sale.funding = terms.funding;
    sale.escrowAsset = terms.escrowAsset;
    if (terms.ownership) sale.delivery = engine::DeliveryKind::OwnershipOnly;
    return sale;
}

void Trails::recall() {
    const IdentityKey me = m_core.identity().key();
    for (const auto& [id, kept] : m_core.diary().trails()) {
        if (m_core.replica().sale(id)) continue;
        auto sale = saleOf(kept);
        if (!sale) continue;
        const bool buys = sale->buyerKeys.identity == me;
        const bool isOver = escrow::isTerminal(sale->state);
        const bool isWanted = buys ? !isOver || sale->payoutEntry : !isOver && sale->sellerKeys.identity == me;
        if (!isWanted) continue;
        sale->buyer = buys ? m_core.replica().holder() : Replica::kAnother;
        sale->seller = buys ? Replica::kAnother : m_core.replica().holder();
        m_core.recall(std::move(*sale));
    }
}

bool Trails::isWhole(SaleId sale) const {
    const KnownSale* known = m_core.replica().sale(sale);
    const KeptTrail* kept = m_core.diary().trail(sale);
    if (!known) return true;
    if (!kept || kept->trail.links.size() < known->receipts.size()) return false;
    return kept->trail.release || !wire::mayBeShownUntilMs(known->last);
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
    const bool grows = answer && (!answer->links.empty() || answer->release) && keep(sale, after, std::move(*answer));
    if (grows) m_core.drive(sale); // more may have come meanwhile, and somebody may wait for it
}

bool Trails::keep(SaleId sale, std::uint64_t after, wire::Trail fetched) {
    const TrailKept record{sale, m_core.welcome()->config.coordinator.identity, after, std::move(fetched)};
    KeptTrail grown;
    if (const KeptTrail* kept = m_core.diary().trail(sale)) grown = *kept;
    const bool hadRelease = grown.trail.release.has_value();
    if (!grow(grown, record)) return false;
    const auto story = wire::checkEvidence(evidenceOf(grown));
    if (!story || story->sale != sale) return false;
    // It can be fetched again, but for the proof that is for the time when it cannot.
    if (grown.trail.release && !hadRelease) return m_core.diary().put(record).ok();
    m_core.diary().putLater(record);
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
