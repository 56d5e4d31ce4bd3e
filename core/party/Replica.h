// What the coordinator's streams have told this identity: public things and its holder's own. In memory, rebuilt from
// cursor 0 at every start. Written by the worker thread alone; an item that comes twice is passed over by its position.
#pragma once

#include "core/api/Rows.h"
#include "core/api/Session.h"
#include "core/engine/Events.h"
#include "core/party/Records.h"
#include "core/ports/Link.h"
#include "core/wire/BookSum.h"

#include <map>
#include <set>

namespace tallylock::party {

using Stream = ports::Link::Stream;

struct KnownListing {
    engine::ListingPublished published;
    bool available = true;
    bool sound = false; ///< its manifest is signed by the seller and says what the listing says
    std::uint64_t edition = 1;
};

struct KnownReceipt {
    engine::ReceiptMade made;
    Hash hash;
    std::uint64_t sequence = 0;
};

struct KnownSale {
    engine::SaleChanged last;
    std::vector<KnownReceipt> receipts;               ///< oldest first
    std::optional<engine::KeyPartRelayed> part1;      ///< as it came; checked by whoever uses it
    std::vector<engine::DisputeStatement> statements; ///< oldest first
    std::optional<engine::PayoutTargetChanged> payee; ///< whom the seller, which is this identity, has named
    std::optional<treasury::PayoutAddress> refundTo;  ///< where the buyer's coins go, which is this identity
    std::optional<engine::SaleChanged> countered;     ///< as it was when the seller last asked for more
};

/// The buyer bids what the seller has asked for, and nothing else of the offer is other than it was then.
bool meetsCounter(const KnownSale& sale);

struct KnownOrder {
    engine::OrderPlaced placed;
    Amount remaining;
    engine::OrderState state{};
    std::optional<market::CancelCause> cause{};
    Amount fiat{}; ///< of all fills, without fees
    Amount fees{};
    std::uint64_t changes = 0; ///< how often it was replaced

    bool isLive() const { return state == engine::OrderState::Open || state == engine::OrderState::Waiting; }
};

struct KnownDeposit {
    engine::DepositChanged last;
    std::uint64_t firstSequence = 0;
};

class Replica {
public:
    /// What an item changed.
    struct News {
        std::set<api::Topic> topics;
        std::optional<SaleId> sale;       ///< it changed, or a key part came
        std::optional<ListingId> listing; ///< it was published
        std::optional<engine::RecordKept> kept;
        bool gap = false;                        ///< items before it are missing; it was passed over
        std::optional<InstrumentId> unsoundBook; ///< its checksum differs since this item
    };
    News apply(Stream stream, const wire::StreamItem& item);
    /// Stands for the other side of a recalled sale, whose number is not known.
    static constexpr HolderId kAnother{UINT64_MAX};
    /// From another source, until the stream has come as far. Its other side is kAnother.
    void recall(engine::SaleChanged sale) {
        m_recalled.insert(sale.sale);
        m_sales[sale.sale].last = std::move(sale);
    }
    bool isRecalled(SaleId sale) const { return m_recalled.contains(sale); }

    std::uint64_t cursor(Stream stream) const { return m_progress[indexOf(stream)].position; }
    /// The journal sequence of the newest item; zero before the first.
    std::uint64_t sequence(Stream stream) const { return m_progress[indexOf(stream)].sequence; }

    /// This session's holder, from Hello or a registration.
    void setHolder(HolderId holder);
    HolderId holder() const { return m_holder; }
    const engine::HolderRegistered* registration() const { return m_registration ? &*m_registration : nullptr; }
    const std::optional<engine::FiatAccountSet>& fiatAccount() const { return m_fiat; }
    const std::vector<engine::UserAdded>& users() const { return m_users; }
    const std::map<UnitId, std::string>& identifiers() const { return m_identifiers; }

    const std::map<IdentityKey, engine::DeviceAdded>& devices() const { return m_devices; }
    const std::map<UnitId, std::string>& assetAccounts() const { return m_assetAccounts; }
    const std::optional<engine::StandingChanged>& standing() const { return m_standing; }
    const std::map<treasury::PayoutAddressId, treasury::PayoutAddress>& payoutAddresses() const {
        return m_payoutAddresses;
    }
    const std::map<treasury::WithdrawalId, treasury::Withdrawal>& withdrawals() const { return m_withdrawals; }
    const std::optional<engine::WithdrawalPolicyChanged>& withdrawalPolicy() const { return m_policy; }
    const std::map<UnitId, Amount>& withdrawalFees() const { return m_withdrawalFees; }
    /// The most that one order of a user may be worth, by unit.
    std::vector<Amount> orderLimits(UserId user) const;
    using PaymentKey = std::tuple<std::string, Hash, std::uint32_t>; // rail, transaction, output
    const std::map<PaymentKey, KnownDeposit>& deposits() const { return m_deposits; }
    /// Each user's, and none's for the account's.
    const std::map<UserId, engine::DeadManChanged>& deadMen() const { return m_deadMen; }

    const KnownListing* listing(ListingId id) const;
    /// What the seller of this listing has said of its new owner, as it came; nullptr before.
    const engine::CustodyPassed* custody(ListingId id) const;
    const std::map<ListingId, KnownListing>& listings() const { return m_listings; }
    const KnownSale* sale(SaleId id) const;
    const std::map<SaleId, KnownSale>& sales() const { return m_sales; }
    const KnownOrder* order(OrderId id) const;
    const std::map<OrderId, KnownOrder>& orders() const { return m_orders; }
    const std::map<InstrumentId, engine::InstrumentOpened>& instruments() const { return m_instruments; }
    bool isHalted(InstrumentId instrument) const;
    /// What a collar is measured from: as the operator set it, or the last trade's price; zero: none.
    Amount referencePrice(InstrumentId instrument) const;
    const std::vector<engine::InstructionExecuted>& instructions() const { return m_instructions; } ///< oldest first
    const engine::LedgerPosted* entry(EntryId id) const;
    /// What was posted for a sale for this reason, oldest first.
    std::vector<EntryId> entriesOf(SaleId sale, std::string_view reason) const;

    std::vector<api::BalanceRow> balances() const;
    /// Takes the coordinator's word for a book, and what came since. False if the snapshot contradicts itself.
    bool mend(const wire::BookSnapshot& snapshot);
    bool isSound(InstrumentId instrument) const { return !m_unsound.contains(instrument); }
    std::uint32_t bookChecksum(InstrumentId instrument) const;
    /// Bids falling, then asks rising.
    std::vector<api::BookRow> book(InstrumentId instrument, std::uint32_t levels) const;
    /// Newest first.
    std::vector<api::TradeRow> trades(InstrumentId instrument, std::uint32_t limit) const;

private:
    static constexpr std::size_t kMostTrades = 1000; ///< kept for each instrument
    static std::size_t indexOf(Stream stream) { return stream == Stream::Public ? 0 : 1; }

    void on(const engine::HolderRegistered& e, News& news);
    void on(const engine::FiatAccountSet& e, News& news);
    void on(const engine::UserAdded& e, News& news);
    void on(const engine::IdentifierAssigned& e, News& news);
    void on(const engine::DepositChanged& e, News& news);
    void on(const engine::LedgerPosted& e, News& news);
    void on(const engine::BalanceChanged& e, News& news);
    void on(const engine::InstrumentOpened& e, News& news);
    void on(const engine::OrderPlaced& e, News& news);
    void on(const engine::OrderChanged& e, News& news);
    void on(const engine::OrderReplaced& e, News& news);
    void on(const engine::InstrumentSteered& e, News& news);
    void on(const engine::LevelChanged& e, News& news);
    void on(const engine::InstructionExecuted& e, News& news);
    void on(const engine::TradePublished& e, News& news);
    void on(const engine::ListingPublished& e, News& news);
    void on(const engine::ListingChanged& e, News& news);
    void on(const engine::SaleChanged& e, News& news);
    void on(const engine::ReceiptMade& e, News& news);
    void on(const engine::KeyPartRelayed& e, News& news);
    void on(const engine::DisputeStatement& e, News& news);
    void on(const engine::PayoutTargetChanged& e, News& news);
    void on(const engine::RefundTargetChanged& e, News& news);
    void on(const engine::StatementLine&, News&) {} // asked for page by page
    void on(const engine::RecordKept& e, News& news);
    void on(const engine::CustodyPassed& e, News& news);
    void on(const engine::DeviceAdded& e, News& news);
    void on(const engine::DeviceRemoved& e, News& news);
    void on(const engine::RolesSet& e, News& news);
    void on(const engine::OrderLimitSet& e, News& news);
    void on(const engine::AssetAccountSet& e, News& news);
    void on(const engine::StandingChanged& e, News& news);
    void on(const engine::PayoutAddressChanged& e, News& news);
    void on(const engine::WithdrawalChanged& e, News& news);
    void on(const engine::WithdrawalPolicyChanged& e, News& news);
    void on(const engine::WithdrawalFeeSet& e, News& news);
    void on(const engine::DeadManChanged& e, News& news);
    void on(const engine::ReferenceWindowSet&, News&) {}
    // Never streamed.
    void on(const engine::IdentifierWanted&, News&) {}
    void on(const engine::EffectOpened&, News&) {}
    void on(const engine::EffectClosed&, News&) {}
    void on(const engine::CoinStockChanged&, News&) {}
    void on(const engine::CaseChanged&, News&) {}
    void on(const engine::WatchRuleChanged&, News&) {}
    void on(const engine::WatchedAddressesChanged&, News&) {}

    struct Progress {
        std::uint64_t position = 0;
        std::uint64_t sequence = 0;
    };
    struct Sides {
        std::map<money::Int128, api::BookRow> bids;
        std::map<money::Int128, api::BookRow> asks;
    };
    void count(OrderId order, const market::Instruction& instruction);

    Progress m_progress[2];
    std::uint64_t m_sequence = 0;            // of the item being applied
    std::uint64_t m_position = 0;            // likewise
    std::optional<std::uint32_t> m_checksum; // likewise
    HolderId m_holder;
    std::optional<engine::HolderRegistered> m_registration;
    std::optional<engine::FiatAccountSet> m_fiat;
    std::vector<engine::UserAdded> m_users;
    std::map<UnitId, std::string> m_identifiers;
    std::map<PaymentKey, KnownDeposit> m_deposits;
    std::map<UnitId, engine::BalanceChanged> m_balances;
    std::map<EntryId, engine::LedgerPosted> m_entries;
    std::map<InstrumentId, engine::InstrumentOpened> m_instruments;
    std::map<InstrumentId, engine::InstrumentSteered> m_steered;
    std::map<InstrumentId, wire::StreamedBook> m_books;
    /// Books that differ from the coordinator's, with what has come since that was seen.
    std::map<InstrumentId, std::vector<std::pair<std::uint64_t, engine::LevelChanged>>> m_unsound;
    std::map<InstrumentId, std::vector<engine::TradePublished>> m_trades; // oldest first
    std::map<OrderId, KnownOrder> m_orders;
    std::vector<engine::InstructionExecuted> m_instructions;
    std::set<InstructionId> m_myInstructions;
    std::map<ListingId, KnownListing> m_listings;
    std::map<SaleId, KnownSale> m_sales;
    std::set<SaleId> m_recalled;
    std::map<ListingId, engine::CustodyPassed> m_custody;
    std::map<IdentityKey, engine::DeviceAdded> m_devices; // the first of each user among them
    std::map<std::pair<UserId, UnitId>, Amount> m_orderLimits;
    std::map<UnitId, std::string> m_assetAccounts;
    std::optional<engine::StandingChanged> m_standing;
    std::map<treasury::PayoutAddressId, treasury::PayoutAddress> m_payoutAddresses;
    std::map<treasury::WithdrawalId, treasury::Withdrawal> m_withdrawals;
    std::optional<engine::WithdrawalPolicyChanged> m_policy; // none: the default
    std::map<UnitId, Amount> m_withdrawalFees;
    std::map<UserId, engine::DeadManChanged> m_deadMen;
};

} // namespace tallylock::party
