// The seller's side: sealing and publishing, B2 and B3.
//
// What acts by itself, each idempotent and driven by the sale's state: B3 (deposit). The box is journaled before
// anything names it, so that a second run sends the same bytes; the coordinator and the key server take them once.
#pragma once

#include "core/party/Attempts.h"
#include "core/party/Copies.h"
#include "core/party/Diary.h"
#include "core/party/Jobs.h"
#include "core/party/Replica.h"

namespace tallylock::party {

class Core;

/// Worker thread, except where said otherwise.
class SellerSide {
public:
    explicit SellerSide(Core& core) : m_core(core) {}

    using SealProgress = std::function<void(std::uint64_t doneBytes, std::uint64_t totalBytes)>; ///< on the job thread
    void seal(const api::SellRequest& request, const ControlPointer& control, const SealProgress& progress,
              const api::Done<api::DraftRow>& done);
    /// What a crash or the program's end has stopped.
    void resumeSealing(const Hash& assetId, const ControlPointer& control, const SealProgress& progress,
                       const api::Done<api::DraftRow>& done);
    /// An own listed asset again, under a key of its own, for another buyer: a draft.
    void sellAnotherCopy(const Hash& assetId, const ControlPointer& control, const SealProgress& progress,
                         const api::Done<api::DraftRow>& done);
    std::vector<api::DraftRow> drafts() const;
    void discard(const Hash& assetId, const api::Done<void>& done);
    void publish(const Hash& assetId, const api::Done<ListingId>& done);
    void accept(SaleId sale, const Amount& price, const api::Done<void>& done); ///< B2
    void setPayee(SaleId sale, const api::PayeeRow& payee, const api::Done<void>& done);
    void reject(SaleId sale, const api::Done<void>& done);
    void counter(SaleId sale, const Amount& price, std::int64_t expiresInMs, const api::Done<void>& done);

    void drive(const KnownSale& sale);
    /// A listing has been published: one of our drafts?
    void noteListing(ListingId listing);
    void noteListings();
    /// Removes what an interrupted sealing left.
    void tidyFolder();
    /// The own sealed file of what was listed so, whether or not it is still there.
    std::optional<std::string> sealedCopyOf(ListingId listing) const;

private:
    std::string sealedPath(const EditionKey& key) const;
    void upload(const EditionSealed& sealed, const asset::Manifest& manifest, const api::Done<ListingId>& done);
    void submitListing(const EditionSealed& sealed, const asset::Manifest& manifest, const api::Done<ListingId>& done);
    std::optional<api::Refusal> faultOf(const api::SellRequest& request) const;
    /// Durable when it returns.
    api::Answer<SealingBegun> beginSealing(const api::SellRequest& request);
    void runSealing(const SealingBegun& begun, bool isResumed, const ControlPointer& control,
                    const SealProgress& progress, const api::Done<api::DraftRow>& done);
    void keepSealed(const EditionSealed& sealed, const api::Done<api::DraftRow>& done);
    bool isGone(const EditionKey& key, const Edition& edition) const;
    /// Behind all that are known of the asset.
    std::uint64_t nextEdition(const Hash& assetId) const;
    api::Answer<CopyOrder> copyOrderOf(const Hash& assetId) const;
    void removeSealed(const EditionKey& key);
    /// Of a sale that is over: nobody asks for the sealed file any more, unless the listing is on sale again.
    void letGoOfSealed(const engine::SaleChanged& sale);
    void acceptCounter(const engine::SaleChanged& sale);
    api::Answer<engine::AcceptOffer> acceptanceOf(SaleId sale, const Amount& price);

    /// After B10: signs the asset over to the buyer. The sale does not wait for it.
    void passCustody(const engine::SaleChanged& sale);
    void passOwnership(const engine::SaleChanged& sale);
    /// What says that the buyer is the owner now; nothing where this app cannot or may not say it.
    std::optional<custody::SignedCustody> custodyEntry(const engine::SaleChanged& sale) const;
    /// Of a sale, and whether it goes to the standby key server.
    using DepositKey = std::pair<SaleId, bool>;
    /// What the sale waits for from the seller; nothing if it is not the seller's turn.
    static Act actOf(const DepositKey& key);
    std::optional<DepositKey> depositWanted(const engine::SaleChanged& sale);
    Server& depositaryOf(const DepositKey& key);
    void requestDepositKey(const engine::SaleChanged& sale, const Edition& edition, bool toStandby);
    api::Answer<DepositMade> makeDeposit(const engine::SaleChanged& sale, const Edition& edition, bool toStandby,
                                         const wire::DepositKeyReply& key);
    void sendDeposit(const engine::SaleChanged& sale, const DepositMade& deposit);
    void deliverBox(const DepositKey& key, const DepositMade& deposit);
    /// Gives up until the sale changes, or tries again later.
    void depositFailed(const DepositKey& key, bool tryAgain);

    Core& m_core;
    Attempts m_attempts;
    std::set<Hash> m_publishing;
    std::set<Hash> m_copying;
    std::set<Hash> m_sealing;         // in this run
    std::set<DepositKey> m_delivered; // the key server has accepted the deposit in this run
    std::set<DepositKey> m_hopeless;  // the key server has refused it for good
};

} // namespace tallylock::party
