// The proof that the seller is paid: R8, "key ready" and R10. The coordinator makes it, and the trail of the sale
// brings it to both parties, in whose hands it counts for a time: a key server that has the parts hands them to the
// buyer for it, whoever shows it.
#pragma once

#include "core/engine/Events.h"
#include "core/keys/Identity.h"

namespace tallylock::wire {

/// Of the coordinator: rises when another one takes its place.
inline constexpr std::uint64_t kEpoch = 1;

/// B12 and B13: the proof that the seller is paid, from whoever has it.
struct Release {
    static constexpr std::uint64_t kType = 25;
    SaleId sale;
    engine::DeliveryReceipt delivery;
    Signature deliverySignature; ///< the buyer's
    engine::KeyReady keyReady;
    engine::PayoutReceipt payout;
    Signature payoutSignature; ///< the coordinator's
    /// In the buyer's place: then `delivery` says what this does, and `deliverySignature` is empty.
    std::optional<engine::StoreReceipt> stored{};
    std::optional<Signature> storedSignature{}; ///< the coordinator's
    /// For the standby key server, which was not there when it was made.
    std::optional<engine::Contract> contract{};
    /// In the buyer's place, ownership only: the custody entry, which the seller has signed.
    std::optional<custody::SignedCustody> owner{};
    static constexpr void fields(auto use) {
        use(field(1, &Release::sale), field(2, &Release::delivery), field(3, &Release::deliverySignature),
            field(4, &Release::keyReady), field(5, &Release::payout), field(6, &Release::payoutSignature),
            field(7, &Release::stored), field(8, &Release::storedSignature), field(9, &Release::contract),
            field(10, &Release::owner));
    }
};

/// R10, label "r10". The seller has been paid (SaleChanged::payoutEntry). `journalHead`: of a batch that is durable and
/// not before the payout's. `untilMs`: for a party (engine::PayoutReceipt).
Release releaseOf(const engine::SaleChanged& sale, const keys::Identity& coordinator, const Hash& journalHead,
                  std::optional<std::int64_t> untilMs = {});
/// Until when a party may show it: the first moment at which the key can be given up. None: the seller is not paid, or
/// the parts are out, or the key has been given up.
std::optional<std::int64_t> mayBeShownUntilMs(const engine::SaleChanged& sale);
/// Signed by this coordinator, for this sale and contract.
bool isReleaseOf(const Release& release, SaleId sale, const Hash& contract, const IdentityKey& coordinator);

} // namespace tallylock::wire
