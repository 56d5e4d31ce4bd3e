// What the engine says happened. Events are derived: replaying the journal makes the same ones, byte for byte. They
// feed the outbox (internal), the SQL projections (all) and the streams of the parties (by audience). kType and the
// field keys are frozen by tests/vectors and never reused.
#pragma once

#include "core/engine/AccountEvents.h"
#include "core/engine/Commands.h"
#include "core/engine/Large.h"
#include "core/engine/MarketEvents.h"
#include "core/engine/WatchEvents.h"
#include "core/escrow/SaleState.h"
#include "core/ledger/Account.h"

#include <variant>

namespace tallylock::engine {

using escrow::SaleActor;
using escrow::SaleEffect;
using escrow::SaleState;
using escrow::Settlement;

struct HolderRegistered {
    static constexpr std::uint64_t kType = 10;
    HolderId holder;
    std::string name;
    bool institution = false;
    PartyKeys keys;
    static constexpr void fields(auto use) {
        use(field(1, &HolderRegistered::holder), field(2, &HolderRegistered::name),
            field(3, &HolderRegistered::institution), field(4, &HolderRegistered::keys));
    }
};
struct FiatAccountSet {
    static constexpr std::uint64_t kType = 11;
    HolderId holder;
    std::string bank;
    std::string reference;
    std::string insurer;
    Amount coverageLimit;
    std::string evidence;
    static constexpr void fields(auto use) {
        use(field(1, &FiatAccountSet::holder), field(2, &FiatAccountSet::bank), field(3, &FiatAccountSet::reference),
            field(4, &FiatAccountSet::insurer), field(5, &FiatAccountSet::coverageLimit),
            field(6, &FiatAccountSet::evidence));
    }
};
struct UserAdded {
    static constexpr std::uint64_t kType = 12;
    HolderId holder;
    UserId user;
    std::string name;
    IdentityKey key;
    std::uint32_t roles = 0;
    static constexpr void fields(auto use) {
        use(field(1, &UserAdded::holder), field(2, &UserAdded::user), field(3, &UserAdded::name),
            field(4, &UserAdded::key), field(5, &UserAdded::roles));
    }
};
/// To the holder of the identity that keeps it; only that identity can read it.
struct RecordKept {
    static constexpr std::uint64_t kType = 13;
    HolderId holder;
    IdentityKey owner;
    std::uint64_t number = 0; ///< of the owner's, from 1
    Bytes sealed;
    static constexpr void fields(auto use) {
        use(field(1, &RecordKept::holder), field(2, &RecordKept::owner), field(3, &RecordKept::number),
            field(4, &RecordKept::sealed));
    }
};

// More of parties and treasury (14..24, 28, 29) is in AccountEvents.h.

/// One leg of a ledger transfer. Without the account's balance: the other party of an entry sees it too.
struct PostedLeg {
    ledger::AccountKey account;
    Amount delta;
    static constexpr void fields(auto use) { use(field(1, &PostedLeg::account), field(2, &PostedLeg::delta)); }
};
struct LedgerPosted {
    static constexpr std::uint64_t kType = 25;
    EntryId entry;
    std::int64_t timeMs = 0;
    std::string reason; ///< "deposit", "trade", "sale-funding", "escrow", "payout", "coins-moved", "refund",
                        ///< "holdback", "withdrawal"
    SaleId sale;        ///< or none
    std::vector<PostedLeg> legs;
    static constexpr void fields(auto use) {
        use(field(1, &LedgerPosted::entry), field(2, &LedgerPosted::timeMs), field(3, &LedgerPosted::reason),
            field(4, &LedgerPosted::sale), field(5, &LedgerPosted::legs));
    }
};
/// A line of a holder's own statement: a leg of an entry on its available account, and the total after it.
struct StatementLine {
    static constexpr std::uint64_t kType = 27;
    HolderId holder;
    EntryId entry;
    std::int64_t timeMs = 0;
    std::string reason;
    Amount delta;
    Amount balance;
    static constexpr void fields(auto use) {
        using L = StatementLine;
        use(field(1, &L::holder), field(2, &L::entry), field(3, &L::timeMs), field(4, &L::reason), field(5, &L::delta),
            field(6, &L::balance));
    }
};
/// A holder's available account after a change of its total or of what is held of it.
struct BalanceChanged {
    static constexpr std::uint64_t kType = 26;
    HolderId holder;
    Amount total;
    Amount held;
    static constexpr void fields(auto use) {
        use(field(1, &BalanceChanged::holder), field(2, &BalanceChanged::total), field(3, &BalanceChanged::held));
    }
};

/// Public.
struct ListingPublished {
    static constexpr std::uint64_t kType = 40;
    ListingId listing;
    HolderId seller;
    std::string sellerName;
    PartyKeys sellerKeys;
    Hash assetId;
    std::string name;
    std::string description;
    std::string mediaType;
    std::uint64_t sizeBytes = 0;
    std::uint64_t sealedSize = 0;
    Hash manifestHash;
    Hash sealedRoot;
    Hash plainRoot;
    BoxKey recipient;
    Amount price;
    Bytes manifest;
    std::string previewType;
    Bytes preview;
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &ListingPublished::listing), field(2, &ListingPublished::seller),
            field(3, &ListingPublished::sellerName), field(4, &ListingPublished::sellerKeys),
            field(5, &ListingPublished::assetId), field(6, &ListingPublished::name),
            field(7, &ListingPublished::description), field(8, &ListingPublished::mediaType),
            field(9, &ListingPublished::sizeBytes), field(10, &ListingPublished::sealedSize),
            field(11, &ListingPublished::manifestHash), field(12, &ListingPublished::sealedRoot),
            field(13, &ListingPublished::plainRoot), field(14, &ListingPublished::recipient),
            field(15, &ListingPublished::price), field(16, &ListingPublished::manifest),
            field(17, &ListingPublished::previewType), field(18, &ListingPublished::preview),
            field(19, &ListingPublished::timeMs));
    }
};
/// Public: the listing's edition has entered a sale, or is free again.
struct ListingChanged {
    static constexpr std::uint64_t kType = 41;
    ListingId listing;
    bool available = true;
    static constexpr void fields(auto use) {
        use(field(1, &ListingChanged::listing), field(2, &ListingChanged::available));
    }
};

/// The whole of a sale as its two parties may see it; sent at every change, so that a reader needs only the last one.
struct SaleChanged {
    static constexpr std::uint64_t kType = 42;
    SaleId sale;
    ListingId listing;
    HolderId buyer;
    HolderId seller;
    std::string buyerName;
    std::string sellerName;
    PartyKeys buyerKeys;
    PartyKeys sellerKeys;
    SaleState state{};
    std::uint8_t step = 0; ///< the last finished of the fourteen
    Settlement settlement{};
    UnitId coin{};
    Amount bid;
    Amount minimum;
    Hash buyerNonce;
    std::int64_t deadlineMs = 0; ///< of the present state; 0: none
    std::int64_t timeMs = 0;     ///< of this change
    // From B2 on.
    std::optional<Terms> terms;
    std::optional<Hash> termsHash; ///< t
    std::optional<Signature> sellerSignature;
    std::optional<Signature> buyerSignature;
    // From B4 on.
    std::optional<KeyReceipt> keyReceipt;
    std::optional<Hash> contract; ///< k, once both have signed and R4 is there
    // From B5 on.
    std::optional<Amount> coins;
    // From B6 on.
    std::optional<OpenWallet> wallet;
    std::optional<Hash> walletReceipt; ///< labelledHash("r6", wallet): what the buyer's funding signature names
    std::optional<bool> fundingSigned;
    std::optional<Amount> received; ///< seen in the wallet, final or not
    std::optional<std::uint32_t> confirmations;
    std::optional<std::uint32_t> confirmationsNeeded;
    // From B10 on.
    std::optional<EntryId> payoutEntry;
    // From B8 and B9 on: what R10 must name.
    std::optional<DeliveryReceipt> deliveryReceipt;
    std::optional<Signature> deliverySignature;
    std::optional<KeyReady> keyReady;
    /// What the seller has asked for instead of the bid, until the buyer bids less than that anew.
    std::optional<Amount> counter;
    std::optional<Dispute> dispute;
    /// Until the buyer's own receipt is there: the store's, of which R10 must speak if the buyer stays silent.
    std::optional<StoreReceipt> stored;
    std::optional<Signature> storedSignature;
    std::optional<std::int64_t> inspectionEndsMs; ///< from B14 on, where the terms give the buyer time to look
    std::optional<KeyReceipt> standbyReceipt;     ///< R4 of the standby key server, once it has taken over
    std::optional<KeyWay> keyWay;                 ///< as the buyer has offered; none: TwoChannels
    std::optional<bool> partOneConfirmed;         ///< part 1 has come early; true: B12 has confirmed it
    std::optional<DeliveryKind> delivery;         ///< as the buyer has offered; none: SealedFile
    std::optional<custody::SignedCustody> owner;  ///< B8, ownership only: the seller's word who owns the asset
    std::optional<FundingMode> funding;           ///< as the buyer has offered; none: Fronted
    std::optional<Amount> converted;              ///< from B9 on, where the sale's coins were sold for it: so many
    std::optional<std::int64_t> quoteUntilMs;     ///< from B5 on, where the quote lapses
    std::optional<bool> quoteLapsed;              ///< it has; `coins` is what it was, and nothing may be paid on it
    std::optional<EscrowAsset> escrowAsset;       ///< as the buyer has offered; none: Dollars
    static constexpr void fields(auto use) {
        use(field(1, &SaleChanged::sale), field(2, &SaleChanged::listing), field(3, &SaleChanged::buyer),
            field(4, &SaleChanged::seller), field(5, &SaleChanged::buyerName), field(6, &SaleChanged::sellerName),
            field(7, &SaleChanged::buyerKeys), field(8, &SaleChanged::sellerKeys), field(9, &SaleChanged::state),
            field(10, &SaleChanged::step), field(11, &SaleChanged::settlement), field(12, &SaleChanged::coin),
            field(13, &SaleChanged::bid), field(14, &SaleChanged::minimum), field(15, &SaleChanged::buyerNonce),
            field(16, &SaleChanged::deadlineMs), field(17, &SaleChanged::timeMs), field(18, &SaleChanged::terms),
            field(19, &SaleChanged::termsHash), field(20, &SaleChanged::sellerSignature),
            field(21, &SaleChanged::buyerSignature), field(22, &SaleChanged::keyReceipt),
            field(23, &SaleChanged::contract), field(24, &SaleChanged::coins), field(25, &SaleChanged::wallet),
            field(26, &SaleChanged::walletReceipt), field(27, &SaleChanged::fundingSigned),
            field(28, &SaleChanged::received), field(29, &SaleChanged::confirmations),
            field(30, &SaleChanged::confirmationsNeeded), field(31, &SaleChanged::payoutEntry),
            field(32, &SaleChanged::deliveryReceipt), field(33, &SaleChanged::deliverySignature),
            field(34, &SaleChanged::keyReady), field(35, &SaleChanged::counter), field(36, &SaleChanged::dispute),
            field(37, &SaleChanged::stored), field(38, &SaleChanged::storedSignature),
            field(39, &SaleChanged::inspectionEndsMs), field(40, &SaleChanged::standbyReceipt),
            field(41, &SaleChanged::keyWay), field(42, &SaleChanged::partOneConfirmed),
            field(43, &SaleChanged::delivery), field(44, &SaleChanged::owner), field(45, &SaleChanged::funding),
            field(46, &SaleChanged::converted), field(47, &SaleChanged::quoteUntilMs),
            field(48, &SaleChanged::quoteLapsed), field(49, &SaleChanged::escrowAsset));
    }
};
/// The key server whose parts count now. Only where there are terms.
inline const PartyKeys& keyServerOf(const SaleChanged& sale) {
    return sale.standbyReceipt ? *sale.terms->standby : sale.terms->keyServer;
}
/// And its R4; null before B4.
inline const KeyReceipt* keyReceiptOf(const SaleChanged& sale) {
    if (sale.standbyReceipt) return &*sale.standbyReceipt;
    return sale.keyReceipt ? &*sale.keyReceipt : nullptr;
}
/// To both parties: what one of them, or whoever decides, has said in a dispute.
struct DisputeStatement {
    static constexpr std::uint64_t kType = 48;
    SaleId sale;
    SaleActor by{};
    std::string text;
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &DisputeStatement::sale), field(2, &DisputeStatement::by), field(3, &DisputeStatement::text),
            field(4, &DisputeStatement::timeMs));
    }
};
/// To the seller alone: who gets the price now.
struct PayoutTargetChanged {
    static constexpr std::uint64_t kType = 91;
    SaleId sale;
    HolderId target;
    std::string name;
    static constexpr void fields(auto use) {
        use(field(1, &PayoutTargetChanged::sale), field(2, &PayoutTargetChanged::target),
            field(3, &PayoutTargetChanged::name));
    }
};
/// To the buyer alone: where the coins go that come back from now on.
struct RefundTargetChanged {
    static constexpr std::uint64_t kType = 92;
    SaleId sale;
    std::optional<treasury::PayoutAddress> to; ///< none: they stay on the buyer's account
    static constexpr void fields(auto use) {
        use(field(1, &RefundTargetChanged::sale), field(2, &RefundTargetChanged::to));
    }
};
/// To both parties: one executed step. The command in the journal carries the actor's signature; the batch that holds
/// both is signed by the coordinator.
struct ReceiptMade {
    static constexpr std::uint64_t kType = 43;
    SaleId sale;
    Hash contract;         ///< k; t before there is one; zero before B2
    std::uint8_t step = 0; ///< 1 to 14; 0: void or refund
    std::uint32_t attempt = 1;
    SaleActor actor{};
    IdentityKey signer; ///< of the command; the coordinator's for a deadline
    Hash command;       ///< hash of the signed command; zero for a deadline
    SaleState stateAfter{};
    std::int64_t timeMs = 0;
    Hash previous; ///< hash of the sale's receipt before this one; zero for the first
    EntryId entry; ///< the ledger entry that the step made; or none
    static constexpr void fields(auto use) {
        use(field(1, &ReceiptMade::sale), field(2, &ReceiptMade::contract), field(3, &ReceiptMade::step),
            field(4, &ReceiptMade::attempt), field(5, &ReceiptMade::actor), field(6, &ReceiptMade::signer),
            field(7, &ReceiptMade::command), field(8, &ReceiptMade::stateAfter), field(9, &ReceiptMade::timeMs),
            field(10, &ReceiptMade::previous), field(11, &ReceiptMade::entry));
    }
};
/// To the buyer: part 1, as the key server boxed it.
struct KeyPartRelayed {
    static constexpr std::uint64_t kType = 44;
    SaleId sale;
    KeyPartNote note;
    Signature signature;
    Bytes box;
    static constexpr void fields(auto use) {
        use(field(1, &KeyPartRelayed::sale), field(2, &KeyPartRelayed::note), field(3, &KeyPartRelayed::signature),
            field(4, &KeyPartRelayed::box));
    }
};
/// Internal: the outbox is to do this; it stays open until EffectClosed. Done again with the same id after a crash.
struct EffectOpened {
    static constexpr std::uint64_t kType = 45;
    SaleId sale;
    SaleEffect effect{};
    std::uint32_t attempt = 1;
    static constexpr void fields(auto use) {
        use(field(1, &EffectOpened::sale), field(2, &EffectOpened::effect), field(3, &EffectOpened::attempt));
    }
};
struct EffectClosed {
    static constexpr std::uint64_t kType = 46;
    SaleId sale;
    SaleEffect effect{};
    static constexpr void fields(auto use) { use(field(1, &EffectClosed::sale), field(2, &EffectClosed::effect)); }
};
/// Public: the seller's app says who owns an edition of the asset now. Whoever reads the entry checks it.
struct CustodyPassed {
    static constexpr std::uint64_t kType = 47;
    SaleId sale;
    ListingId listing;
    Hash assetId;
    Bytes entry; ///< as core/asset writes it
    static constexpr void fields(auto use) {
        use(field(1, &CustodyPassed::sale), field(2, &CustodyPassed::listing), field(3, &CustodyPassed::assetId),
            field(4, &CustodyPassed::entry));
    }
};

/// The few that are large lie behind a pointer: visitBody() and bodyIf() see through it.
/// What copies, moves and ends one is compiled in Coding.cpp alone, since it takes long.
struct EventBody
    : std::variant<HolderRegistered, FiatAccountSet, UserAdded, IdentifierWanted, IdentifierAssigned, DepositChanged,
                   LedgerPosted, StatementLine, BalanceChanged, InstrumentOpened, OrderPlaced, OrderChanged,
                   LevelChanged, InstructionExecuted, TradePublished, Large<ListingPublished>, ListingChanged,
                   Large<SaleChanged>, ReceiptMade, KeyPartRelayed, EffectOpened, EffectClosed, RecordKept,
                   CustodyPassed, DeviceAdded, DeviceRemoved, RolesSet, OrderLimitSet, AssetAccountSet, StandingChanged,
                   PayoutAddressChanged, Large<WithdrawalChanged>, Large<WithdrawalPolicyChanged>, WithdrawalFeeSet,
                   OrderReplaced, InstrumentSteered, DeadManChanged, ReferenceWindowSet, CaseChanged, WatchRuleChanged,
                   WatchedAddressesChanged, DisputeStatement, CoinStockChanged, PayoutTargetChanged,
                   RefundTargetChanged> {
    using variant::variant;
    EventBody();
    EventBody(const EventBody& other);
    EventBody(EventBody&& other) noexcept;
    EventBody& operator=(const EventBody& other);
    EventBody& operator=(EventBody&& other) noexcept;
    ~EventBody();
};

/// Who may see an event. Not encoded: the reader of a stream knows whose stream it is.
struct Audience {
    enum class Kind : std::uint8_t { Public, Holders, Internal } kind = Kind::Internal;
    HolderId first;
    HolderId second;
    static Audience everybody() { return {Kind::Public, {}, {}}; }
    static Audience only(HolderId holder) { return {Kind::Holders, holder, {}}; }
    static Audience both(HolderId one, HolderId other) { return {Kind::Holders, one, other}; }
    static Audience internal() { return {Kind::Internal, {}, {}}; }
};

struct Event {
    Event() = default;
    template <class Body>
    Event(Audience to, Body&& what) : audience(to),
                                      body(std::forward<Body>(what)) {}
    Audience audience;
    EventBody body;
};
static_assert(sizeof(Event) <= 352, "an event is written for every order: keep large bodies behind a pointer");

} // namespace tallylock::engine

// Coded once, in Coding.cpp: what takes long to compile is not compiled wherever it is used.
namespace tallylock {
extern template Bytes encodeCbor(const engine::EventBody&);
extern template Result<engine::EventBody, CborError> decodeCbor(ByteView);
} // namespace tallylock
