// Makes the api's rows from what a party knows. Reads only; worker thread.
#pragma once

#include "core/party/Core.h"

namespace tallylock::party {

class RowMaker {
public:
    explicit RowMaker(Core& core) : m_core(core), m_replica(core.replica()) {}

    api::AccountInfo account() const;
    static std::vector<api::UnitRow> units();
    std::vector<api::ListingRow> listings() const;
    std::vector<api::SaleRow> sales() const; ///< newest change first
    api::SaleRow sale(const KnownSale& sale) const;
    api::SaleDetail detail(const KnownSale& sale) const;
    std::vector<api::ReceiptRow> receipts(const KnownSale& sale) const;
    std::vector<api::CustodyRow> custody(const Hash& assetId) const;
    std::vector<api::LibraryRow> library() const;
    std::optional<api::LibraryRow> libraryRow(const KnownSale& sale) const; ///< none: not bought
    std::vector<api::InstrumentRow> instruments() const;
    std::vector<api::OrderRow> orders() const;
    static api::OrderRow order(const KnownOrder& order);
    std::vector<api::IncomingRow> deposits() const;
    std::vector<api::InstructionRow> instructions(std::uint32_t limit) const;

private:
    api::UserRow user(const engine::UserAdded& added) const;
    api::ListingRow listing(const KnownListing& listing) const;
    api::ReceiptRow receipt(const KnownSale& sale, const KnownReceipt& receipt) const;
    std::vector<api::StepRow> steps(const KnownSale& sale) const;
    std::optional<api::DisputeRow> dispute(const KnownSale& sale) const; // Disputes.cpp
    std::optional<api::PaymentRequest> payment(const engine::SaleChanged& sale) const;
    std::optional<api::NewQuote> newQuote(const engine::SaleChanged& sale) const;
    bool isQuoteForMe(const engine::SaleChanged& sale) const;
    std::vector<api::MoneyLeg> legs(EntryId entry, HolderId buyer, HolderId seller) const;
    std::string listingName(ListingId listing) const;
    std::string holderName(HolderId holder) const;
    bool isUnlockable(const KnownSale& sale) const;

    Core& m_core;
    const Replica& m_replica;
};

api::MarkForm markFormOf(asset::MarkForm form);
/// "bitcoin:ADDRESS?amount=0.001" and its like; empty for a unit without such a scheme.
std::string paymentUri(const std::string& address, const Amount& amount);
/// "buyer BTC available", "escrow of sale 3", "custody BTC".
std::string accountName(const ledger::AccountKey& account, HolderId buyer, HolderId seller);
/// Who acts next, in a state that is not terminal.
api::Actor nextActor(const engine::SaleChanged& sale);

} // namespace tallylock::party
