// The seller's word that the asset has a new owner: the delivery itself at B8 where only the ownership passes, and
// otherwise after B10, for which nothing waits.
#include "core/party/Core.h"
#include "core/party/SaleChecks.h"
#include "core/party/SellerSide.h"

namespace tallylock::party {

using api::Answer;

std::optional<custody::SignedCustody> SellerSide::custodyEntry(const engine::SaleChanged& sale) const {
    const KnownListing* listing = m_core.replica().listing(sale.listing);
    const auto contract = contractOf(sale);
    if (sale.sellerKeys.identity != m_core.identity().key() || !listing || !contract) return std::nullopt;
    const auto manifest = checkListing(listing->published);
    if (!manifest) return std::nullopt;
    const std::int64_t timeMs = std::max(m_core.nowMs(), manifest->custody.back().entry.timeMs);
    return custody::passCustody(m_core.identity().signingKey(), manifest->custody, sale.buyerKeys.identity,
                                contractHash(*contract), timeMs);
}

void SellerSide::passCustody(const engine::SaleChanged& sale) {
    if (m_core.replica().custody(sale.listing)) return;
    const auto entry = custodyEntry(sale);
    if (!entry || !m_attempts.begin(sale.sale, Act::PassCustody)) return;
    m_core.command(
        engine::PassCustody{sale.sale, sale.listing, encodeCbor(*entry)},
        [this, id = sale.listing](std::uint64_t) { return m_core.replica().custody(id) != nullptr; },
        [this, id = sale.sale](const Answer<std::uint64_t>& value) {
            if (value) return m_attempts.succeeded(id, Act::PassCustody);
            // Refused: another folder of this phrase was first. Unanswered: the outbox still has it.
        });
}

void SellerSide::passOwnership(const engine::SaleChanged& sale) {
    const auto entry = custodyEntry(sale);
    if (!entry || !m_attempts.begin(sale.sale, Act::PassOwnership)) return;
    m_core.command(
        engine::PassOwnership{sale.sale, *entry},
        [this, id = sale.sale](std::uint64_t) { return m_core.replica().sale(id)->last.owner.has_value(); },
        [this, id = sale.sale](const Answer<std::uint64_t>& value) {
            if (value) return m_attempts.succeeded(id, Act::PassOwnership);
            // Refused: the sale has gone on meanwhile. Its next change says what is to be done.
            m_attempts.failed(id, Act::PassOwnership);
        });
}

} // namespace tallylock::party
