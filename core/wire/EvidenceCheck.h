// What a trail has told so far, while Evidence.cpp goes through its receipts. Not for other rooms.
#pragma once

#include "core/wire/Batch.h"
#include "core/wire/Evidence.h"

#include <map>

namespace tallylock::wire {

/// Every unit of it; false also where a sum leaves the range.
bool sumsToZero(const engine::LedgerPosted& entry);

struct TrailFacts {
    explicit TrailFacts(const IdentityKey& by) : coordinator(by) {}

    /// Takes in the command behind a receipt, which `signer` has to have signed.
    std::optional<EvidenceError> learn(const StoryLine& line, escrow::SaleActor signer);
    /// After everything about the receipt has been found to fit.
    std::optional<EvidenceError> conclude(const StoryLine& line);
    /// The buyer's signature fits the terms.
    bool buyerSigned() const;

    const IdentityKey coordinator;
    SaleId sale;
    std::optional<Signature> buyerSignature;
    std::optional<IdentityKey> buyer;
    std::optional<IdentityKey> seller;
    std::optional<engine::MakeOffer> offer; ///< the newest
    std::optional<engine::Terms> terms;
    std::optional<Hash> termsHash; ///< t
    std::optional<Signature> sellerSignature;
    std::optional<engine::KeyReceipt> keyReceipt;
    std::optional<engine::OpenWallet> wallet;
    std::optional<Hash> contract; ///< k, once a receipt has named it
    bool isRekeyed = false;       ///< the standby key server has taken over
    bool proven[static_cast<std::size_t>(Proven::kCount)]{};

private:
    using Wrong = std::optional<EvidenceError>;
    Wrong on(const engine::MakeOffer& c);
    Wrong on(const engine::RenewOffer& c);
    Wrong on(const engine::AcceptOffer& c);
    Wrong on(const engine::WrapKey& c);
    Wrong on(const engine::RewrapKey& c);
    Wrong on(const engine::FreezeQuote& c);
    Wrong on(const engine::OpenWallet& c);
    Wrong on(const engine::SignFunding& c) const;
    Wrong on(const engine::ObservePayment& c) const;
    Wrong on(const engine::ConfirmDelivery& c) const;
    Wrong on(const engine::PassOwnership& c) const;
    Wrong on(const engine::ProvideEscrow& c) const;
    Wrong on(const engine::SendPart& c) const;
    Wrong on(const engine::ConfirmUnlock& c) const;
    Wrong on(const engine::RaiseDispute& c) const;
    Wrong on(const engine::JudgeData& c) const;
    Wrong on(const engine::DecideDispute& c) const;
    /// The others say nothing more than that somebody has done it.
    template <class Other>
    Wrong on(const Other&) const {
        return std::nullopt;
    }
    /// The receipt is for these terms, and signed by this key server.
    bool isVouched(const engine::KeyReceipt& receipt, const IdentityKey& by) const;
    /// The one whose parts count now. Only where there are terms.
    const IdentityKey& keyServer() const { return isRekeyed ? terms->standby->identity : terms->keyServer.identity; }
    bool isArbiter(const IdentityKey& key) const;
    const IdentityKey* keyOf(escrow::SaleActor signer);
    Wrong checkSigner(const engine::ReceiptMade& receipt, escrow::SaleActor signer);
    /// t or k, whichever there is.
    Wrong checkContract(const engine::ReceiptMade& receipt);
    bool isContract(const Hash& named) const;
    /// k as the signatures make it; nothing while one is missing.
    std::optional<Hash> contractMade() const;
    bool mayFollow(const StoryLine& line) const;
    /// What each holder gets of the dollars; nothing if anything else is moved for one.
    std::optional<std::map<HolderId, money::Int128>> paidTo(const engine::LedgerPosted& entry) const;
    bool isPaidAsAgreed(const engine::LedgerPosted& entry);
    bool isRefund(const engine::LedgerPosted& entry) const;
    bool isMadeWhole(const engine::LedgerPosted& entry) const;
    bool isDividedAsDecided(const std::optional<engine::LedgerPosted>& entry) const;
    bool isDue(const StoryLine& line) const;
    Wrong concludeState(const StoryLine& line);
    bool isEscrowedAsAgreed(const engine::LedgerPosted& entry, bool isPaidOut) const;
    void prove(Proven what) { proven[static_cast<std::size_t>(what)] = true; }

    escrow::SaleState m_state{};            ///< after the receipt before
    std::int64_t m_sinceMs = 0;             ///< when it came to be in it
    HolderId m_payee;                       ///< whom B10 has paid
    std::optional<money::Amount> m_toBuyer; ///< of what was held back, as somebody has decided
};

} // namespace tallylock::wire
