#include "core/wire/Release.h"

#include "core/crypto/Sign.h"

namespace tallylock::wire {

Release releaseOf(const engine::SaleChanged& sale, const keys::Identity& coordinator, const Hash& journalHead,
                  std::optional<std::int64_t> untilMs) {
    Release release;
    release.sale = sale.sale;
    if (sale.deliveryReceipt) {
        release.delivery = *sale.deliveryReceipt;
        release.deliverySignature = *sale.deliverySignature;
        release.payout.deliveryReceipt = crypto::labelledHash("r8", release.delivery);
    } else if (sale.owner) {
        release.delivery = {*sale.contract, sale.terms->sealedRoot};
        release.owner = sale.owner;
        release.payout.deliveryReceipt = custody::custodyHash(*sale.owner);
    } else {
        release.delivery = {sale.stored->contract, sale.stored->sealedRoot};
        release.stored = sale.stored;
        release.storedSignature = sale.storedSignature;
        release.payout.deliveryReceipt = crypto::labelledHash("r8-store", *sale.stored);
    }
    release.keyReady = *sale.keyReady;
    release.payout.contract = *sale.contract;
    release.payout.keyReady = crypto::labelledHash("key-ready", release.keyReady);
    release.payout.entry = *sale.payoutEntry;
    release.payout.journalHead = journalHead;
    release.payout.epoch = kEpoch;
    release.payout.untilMs = untilMs;
    release.payoutSignature = coordinator.sign("r10", release.payout);
    if (sale.standbyReceipt)
        release.contract = engine::Contract{*sale.terms, *sale.sellerSignature, *sale.buyerSignature, *sale.keyReceipt};
    return release;
}

std::optional<std::int64_t> mayBeShownUntilMs(const engine::SaleChanged& sale) {
    using engine::SaleState;
    if (!sale.payoutEntry || !sale.terms) return std::nullopt;
    if (sale.state == SaleState::Rekeying) return sale.deadlineMs;
    if (sale.state != SaleState::SellerPaid && sale.state != SaleState::KeySent1) return std::nullopt;
    return sale.deadlineMs + sale.terms->deadlines.late.value_or(engine::LateDeadlines{}).rekeyingMs;
}

bool isReleaseOf(const Release& release, SaleId sale, const Hash& contract, const IdentityKey& coordinator) {
    return release.sale == sale && release.delivery.contract == contract && release.payout.contract == contract &&
           crypto::verify(coordinator, "r10", release.payout, release.payoutSignature);
}

} // namespace tallylock::wire
