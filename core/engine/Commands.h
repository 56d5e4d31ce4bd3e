// Everything that can be asked of the engine. A command is journaled as it was signed (core/wire) and applied here;
// kType and the field keys are frozen by tests/vectors and never reused.
#pragma once

#include "core/custody/Custody.h"
#include "core/engine/AccountCommands.h"
#include "core/engine/DisputeCommands.h"
#include "core/engine/MarketCommands.h"
#include "core/engine/WatchCommands.h"

#include <variant>

namespace tallylock::engine {

// --- parties (10..) --------------------------------------------------------------------------------------------

/// The signer's identity becomes an account holder, and its first user with every role.
struct RegisterHolder {
    static constexpr std::uint64_t kType = 10;
    std::string name;
    bool institution = false;
    BoxKey box;
    static constexpr void fields(auto use) {
        use(field(1, &RegisterHolder::name), field(2, &RegisterHolder::institution), field(3, &RegisterHolder::box));
    }
};
struct SetFiatAccount {
    static constexpr std::uint64_t kType = 11;
    std::string bank;
    std::string reference;
    std::string insurer;
    Amount coverageLimit;
    std::string evidence;
    static constexpr void fields(auto use) {
        use(field(1, &SetFiatAccount::bank), field(2, &SetFiatAccount::reference), field(3, &SetFiatAccount::insurer),
            field(4, &SetFiatAccount::coverageLimit), field(5, &SetFiatAccount::evidence));
    }
};
/// An administrator of an institution gives another key access to the account.
struct AddUser {
    static constexpr std::uint64_t kType = 12;
    std::string name;
    IdentityKey key;
    std::uint32_t roles = 0; ///< bits of parties::Role
    static constexpr void fields(auto use) {
        use(field(1, &AddUser::name), field(2, &AddUser::key), field(3, &AddUser::roles));
    }
};
/// One of the signer's own records under its vault key: nobody else can read it, and its seed phrase finds it again.
struct KeepRecord {
    static constexpr std::uint64_t kType = 13;
    Bytes sealed;
    static constexpr void fields(auto use) { use(field(1, &KeepRecord::sealed)); }
};

// More of parties and treasury is in AccountCommands.h.

// --- treasury (20.., 70..) -----------------------------------------------------------------------------------------

struct RequestDepositIdentifier {
    static constexpr std::uint64_t kType = 20;
    UnitId unit{};
    static constexpr void fields(auto use) { use(field(1, &RequestDepositIdentifier::unit)); }
};
/// Coordinator: the rail has made the identifier.
struct AssignDepositIdentifier {
    static constexpr std::uint64_t kType = 21;
    HolderId holder;
    UnitId unit{};
    std::string rail;
    std::string identifier;
    static constexpr void fields(auto use) {
        use(field(1, &AssignDepositIdentifier::holder), field(2, &AssignDepositIdentifier::unit),
            field(3, &AssignDepositIdentifier::rail), field(4, &AssignDepositIdentifier::identifier));
    }
};
/// Coordinator: the rail has seen a payment to an identifier (a deposit's or a sale's wallet), or more confirmations
/// of it. `confirmations` is zero while it is in no block; reversed: its block left the chain.
struct ObservePayment {
    static constexpr std::uint64_t kType = 22;
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0;
    std::string identifier;
    Amount amount;
    std::uint32_t confirmations = 0;
    bool reversed = false;
    std::int64_t seenMs = 0; ///< block time, or first sighting
    /// The same, not later than when we looked: what a deadline is compared with. None (old journals): the batch's
    /// time.
    std::optional<std::int64_t> countsFromMs{};
    static constexpr void fields(auto use) {
        use(field(1, &ObservePayment::rail), field(2, &ObservePayment::transaction), field(3, &ObservePayment::output),
            field(4, &ObservePayment::identifier), field(5, &ObservePayment::amount),
            field(6, &ObservePayment::confirmations), field(7, &ObservePayment::reversed),
            field(8, &ObservePayment::seenMs), field(9, &ObservePayment::countsFromMs));
    }
};
/// Coordinator: a booked line of a bank statement.
struct ObserveBankEntry {
    static constexpr std::uint64_t kType = 23;
    std::string bank;
    std::string entry; ///< the bank's own id of the line
    std::string reference;
    Amount amount;
    std::int64_t bookedMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &ObserveBankEntry::bank), field(2, &ObserveBankEntry::entry),
            field(3, &ObserveBankEntry::reference), field(4, &ObserveBankEntry::amount),
            field(5, &ObserveBankEntry::bookedMs));
    }
};

// --- the sale (40..): the step that each belongs to stands beside it ----------------------------------------------

/// What the coordinator must know of a manifest; the signed manifest itself travels with it and is checked by every
/// reader.
struct PublishListing {
    static constexpr std::uint64_t kType = 40;
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
    Bytes manifest; ///< signed, as core/asset writes it
    std::string previewType;
    Bytes preview;
    static constexpr void fields(auto use) {
        use(field(1, &PublishListing::assetId), field(2, &PublishListing::name), field(3, &PublishListing::description),
            field(4, &PublishListing::mediaType), field(5, &PublishListing::sizeBytes),
            field(6, &PublishListing::sealedSize), field(7, &PublishListing::manifestHash),
            field(8, &PublishListing::sealedRoot), field(9, &PublishListing::plainRoot),
            field(10, &PublishListing::recipient), field(11, &PublishListing::price),
            field(12, &PublishListing::manifest), field(13, &PublishListing::previewType),
            field(14, &PublishListing::preview));
    }
};
/// B1.
struct MakeOffer {
    static constexpr std::uint64_t kType = 41;
    ListingId listing;
    UnitId coin{};
    Amount bid;
    Amount minimum;
    std::int64_t expiresMs = 0;
    Hash nonce;
    std::optional<KeyWay> keyWay{};         ///< none: TwoChannels
    std::optional<DeliveryKind> delivery{}; ///< none: SealedFile
    std::optional<FundingMode> funding{};   ///< none: Fronted
    /// Of the buyer's book: where the coins go that come back. None, or one that was removed since: they stay on the
    /// buyer's account.
    std::optional<treasury::PayoutAddressId> refundTo{};
    std::optional<EscrowAsset> escrowAsset{}; ///< none: Dollars
    static constexpr void fields(auto use) {
        use(field(1, &MakeOffer::listing), field(2, &MakeOffer::coin), field(3, &MakeOffer::bid),
            field(4, &MakeOffer::minimum), field(5, &MakeOffer::expiresMs), field(6, &MakeOffer::nonce),
            field(7, &MakeOffer::keyWay), field(8, &MakeOffer::delivery), field(9, &MakeOffer::funding),
            field(10, &MakeOffer::refundTo), field(11, &MakeOffer::escrowAsset));
    }
};
/// The buyer, before acceptance.
struct WithdrawOffer {
    static constexpr std::uint64_t kType = 42;
    SaleId sale;
    static constexpr void fields(auto use) { use(field(1, &WithdrawOffer::sale)); }
};
/// B2.
struct AcceptOffer {
    static constexpr std::uint64_t kType = 43;
    SaleId sale;
    Terms terms;
    Signature signature; ///< TermsAcceptance, label "accept-terms"
    static constexpr void fields(auto use) {
        use(field(1, &AcceptOffer::sale), field(2, &AcceptOffer::terms), field(3, &AcceptOffer::signature));
    }
};
/// The seller, or to take a counter-offer back.
struct RejectOffer {
    static constexpr std::uint64_t kType = 44;
    SaleId sale;
    static constexpr void fields(auto use) { use(field(1, &RejectOffer::sale)); }
};
/// The buyer's app, after it has compared the terms with the offer and the manifest. Needed before B5.
struct SignTerms {
    static constexpr std::uint64_t kType = 45;
    SaleId sale;
    Signature signature; ///< TermsAcceptance, label "accept-terms"
    static constexpr void fields(auto use) { use(field(1, &SignTerms::sale), field(2, &SignTerms::signature)); }
};
/// B3: the seller's notice; the deposit itself goes to the key server directly.
struct DepositKey {
    static constexpr std::uint64_t kType = 46;
    SaleId sale;
    Hash depositHash; ///< labelledHash("deposit-box", boxed bytes)
    static constexpr void fields(auto use) { use(field(1, &DepositKey::sale), field(2, &DepositKey::depositHash)); }
};
/// B4, from the key server.
struct WrapKey {
    static constexpr std::uint64_t kType = 47;
    SaleId sale;
    KeyReceipt receipt;
    static constexpr void fields(auto use) { use(field(1, &WrapKey::sale), field(2, &WrapKey::receipt)); }
};
/// B5, coordinator.
struct FreezeQuote {
    static constexpr std::uint64_t kType = 48;
    SaleId sale;
    Amount coins; ///< q
    std::int64_t validUntilMs = 0;
    std::optional<bool> lapses{}; ///< true: unless paid by then; none: it holds for as long as there is to pay
    static constexpr void fields(auto use) {
        use(field(1, &FreezeQuote::sale), field(2, &FreezeQuote::coins), field(3, &FreezeQuote::validUntilMs),
            field(4, &FreezeQuote::lapses));
    }
};
/// The buyer, behind a quote that has lapsed.
struct AskQuote {
    static constexpr std::uint64_t kType = 69;
    SaleId sale;
    static constexpr void fields(auto use) { use(field(1, &AskQuote::sale)); }
};
/// B6, coordinator; this signed command is R6.
struct OpenWallet {
    static constexpr std::uint64_t kType = 49;
    SaleId sale;
    Hash contract; ///< k
    std::string rail;
    std::string address;
    Amount coins;
    std::int64_t deadlineMs = 0;
    std::uint64_t epoch = 1;
    static constexpr void fields(auto use) {
        use(field(1, &OpenWallet::sale), field(2, &OpenWallet::contract), field(3, &OpenWallet::rail),
            field(4, &OpenWallet::address), field(5, &OpenWallet::coins), field(6, &OpenWallet::deadlineMs),
            field(7, &OpenWallet::epoch));
    }
};
/// The buyer's app, before the address is shown: this signed command is Sig_buyer("fund", k, H(R6)).
struct SignFunding {
    static constexpr std::uint64_t kType = 50;
    SaleId sale;
    Hash contract;
    Hash walletReceipt; ///< the hash of R6's body
    static constexpr void fields(auto use) {
        use(field(1, &SignFunding::sale), field(2, &SignFunding::contract), field(3, &SignFunding::walletReceipt));
    }
};
/// B8, the buyer's app: R8.
struct ConfirmDelivery {
    static constexpr std::uint64_t kType = 51;
    SaleId sale;
    DeliveryReceipt receipt;
    Signature signature; ///< label "r8"
    static constexpr void fields(auto use) {
        use(field(1, &ConfirmDelivery::sale), field(2, &ConfirmDelivery::receipt),
            field(3, &ConfirmDelivery::signature));
    }
};
/// The order that sells a sale's coins on our own book at B9: wholly at once, or not at all.
struct Conversion {
    InstrumentId instrument; ///< against dollars
    Amount price;            ///< the least: dollars for one whole coin
    Amount quantity;         ///< q', at most what the buyer has paid in
    static constexpr void fields(auto use) {
        use(field(1, &Conversion::instrument), field(2, &Conversion::price), field(3, &Conversion::quantity));
    }
};
/// B9, coordinator: the dollars are there, or are to come from the sale's coins, and the key server has said that the
/// key is ready.
struct ProvideEscrow {
    static constexpr std::uint64_t kType = 52;
    SaleId sale;
    std::string reference; ///< the first exchange's
    KeyReady keyReady;
    Signature keyReadySignature;            ///< label "key-ready"
    std::optional<Conversion> conversion{}; ///< where the terms say Converted, and only there
    static constexpr void fields(auto use) {
        use(field(1, &ProvideEscrow::sale), field(2, &ProvideEscrow::reference), field(3, &ProvideEscrow::keyReady),
            field(4, &ProvideEscrow::keyReadySignature), field(5, &ProvideEscrow::conversion));
    }
};
/// B10, coordinator: the dollar exchange has paid.
struct PaySeller {
    static constexpr std::uint64_t kType = 53;
    SaleId sale;
    std::string reference;
    static constexpr void fields(auto use) { use(field(1, &PaySeller::sale), field(2, &PaySeller::reference)); }
};
/// B11, coordinator: the coins are at the second exchange.
struct MoveCoins {
    static constexpr std::uint64_t kType = 54;
    SaleId sale;
    std::string reference;
    Amount used; ///< q', at most what the buyer paid; zero where B9 has sold the coins
    static constexpr void fields(auto use) {
        use(field(1, &MoveCoins::sale), field(2, &MoveCoins::reference), field(3, &MoveCoins::used));
    }
};
/// B12 and B13, from the key server. Part 1 carries the box where the coordinator relays it; part 2 is never here.
struct SendPart {
    static constexpr std::uint64_t kType = 55;
    SaleId sale;
    KeyPartNote note;
    Signature signature; ///< label "key-part"
    Bytes box;           ///< part 1 only: sealed box to the buyer's box key
    static constexpr void fields(auto use) {
        use(field(1, &SendPart::sale), field(2, &SendPart::note), field(3, &SendPart::signature),
            field(4, &SendPart::box));
    }
};
/// B14, the buyer's app: R14.
struct ConfirmUnlock {
    static constexpr std::uint64_t kType = 56;
    SaleId sale;
    UnlockReceipt receipt;
    Signature signature; ///< label "r14"
    static constexpr void fields(auto use) {
        use(field(1, &ConfirmUnlock::sale), field(2, &ConfirmUnlock::receipt), field(3, &ConfirmUnlock::signature));
    }
};
/// Coordinator: the first exchange has closed the wallet of a sale that is being refunded.
struct CloseWallet {
    static constexpr std::uint64_t kType = 57;
    SaleId sale;
    std::string reference;
    static constexpr void fields(auto use) { use(field(1, &CloseWallet::sale), field(2, &CloseWallet::reference)); }
};
/// After B10, the seller's app: the asset has a new owner. Once a sale; the sale waits for nobody here.
struct PassCustody {
    static constexpr std::uint64_t kType = 58;
    SaleId sale;
    ListingId listing;
    Bytes entry; ///< signed, as core/asset writes it, and checked by every reader
    static constexpr void fields(auto use) {
        use(field(1, &PassCustody::sale), field(2, &PassCustody::listing), field(3, &PassCustody::entry));
    }
};
/// A further copy of an asset, sealed anew under a first password of its own.
struct PublishEdition {
    static constexpr std::uint64_t kType = 59;
    std::uint64_t edition = 0; ///< above every edition of the asset that is listed; the first is PublishListing's
    PublishListing listing;
    static constexpr void fields(auto use) {
        use(field(1, &PublishEdition::edition), field(2, &PublishEdition::listing));
    }
};

/// The seller would sell, but not for this bid.
struct CounterOffer {
    static constexpr std::uint64_t kType = 60;
    SaleId sale;
    Amount price; ///< above the bid
    std::int64_t expiresMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &CounterOffer::sale), field(2, &CounterOffer::price), field(3, &CounterOffer::expiresMs));
    }
};
/// The buyer's answer to a counter-offer: a whole new offer in the place of the old one.
struct RenewOffer {
    static constexpr std::uint64_t kType = 61;
    SaleId sale;
    MakeOffer offer; ///< for the same listing
    static constexpr void fields(auto use) { use(field(1, &RenewOffer::sale), field(2, &RenewOffer::offer)); }
};

/// From the seller, until B10: the price is to go to another account of this coordinator. It is named twice, so that a
/// mistyped number pays nobody else.
struct SetPayoutTarget {
    static constexpr std::uint64_t kType = 67;
    SaleId sale;
    HolderId target;  ///< the seller's own takes an earlier word back
    std::string name; ///< that the account goes by
    static constexpr void fields(auto use) {
        use(field(1, &SetPayoutTarget::sale), field(2, &SetPayoutTarget::target), field(3, &SetPayoutTarget::name));
    }
};

/// B8 where the terms ask for ownership only, the seller's app: the signed entry is the delivery. It is made public
/// once the seller is paid.
struct PassOwnership {
    static constexpr std::uint64_t kType = 68;
    SaleId sale;
    custody::SignedCustody entry; ///< as Terms::ownership and the contract have it
    static constexpr void fields(auto use) { use(field(1, &PassOwnership::sale), field(2, &PassOwnership::entry)); }
};

/// In Rekeying, from the standby key server: the seller has deposited the key with it. From here on the parts are its
/// own, and what the first one has sent or may still send counts no more: parts of two servers do not fit each other.
struct RewrapKey {
    static constexpr std::uint64_t kType = 82;
    SaleId sale;
    KeyReceipt receipt; ///< its own R4, for the same terms
    static constexpr void fields(auto use) { use(field(1, &RewrapKey::sale), field(2, &RewrapKey::receipt)); }
};

/// What copies, moves and ends one is compiled in Coding.cpp alone, since it takes long.
struct CommandBody
    : std::variant<RegisterHolder, SetFiatAccount, AddUser, RequestDepositIdentifier, AssignDepositIdentifier,
                   ObservePayment, ObserveBankEntry, OpenInstrument, PlaceOrder, CancelOrder, PublishListing, MakeOffer,
                   WithdrawOffer, AcceptOffer, RejectOffer, SignTerms, DepositKey, WrapKey, FreezeQuote, OpenWallet,
                   SignFunding, ConfirmDelivery, ProvideEscrow, PaySeller, MoveCoins, SendPart, ConfirmUnlock,
                   CloseWallet, KeepRecord, PassCustody, PublishEdition, AddDevice, RemoveDevice, SetRoles,
                   SetOrderLimit, SetAssetAccount, SetStanding, AddPayoutAddress, RemovePayoutAddress,
                   RequestWithdrawal, ApproveWithdrawal, CancelWithdrawal, StartWithdrawal, ReportWithdrawal,
                   SetWithdrawalPolicy, ApprovePolicyChange, SetWithdrawalFee, ConfirmSecondFactor, ReplaceOrder,
                   CancelAllOrders, SteerInstrument, SetDeadMan, EndSession, SetReferenceWindow, SetWatchRule,
                   ChangeWatchedAddresses, DecideCase, CounterOffer, RenewOffer, RaiseDispute, MakeStatement, JudgeData,
                   DecideDispute, ConfirmStored, ReleaseHoldback, RewrapKey, SellCoins, SetPayoutTarget, PassOwnership,
                   AskQuote, AssignSuspense> {
    using variant::variant;
    CommandBody();
    CommandBody(const CommandBody& other);
    CommandBody(CommandBody&& other) noexcept;
    CommandBody& operator=(const CommandBody& other);
    CommandBody& operator=(CommandBody&& other) noexcept;
    ~CommandBody();
};

/// A command whose signature has been checked. (signer, counter) is its id.
struct Command {
    IdentityKey signer;
    std::uint64_t counter = 0; ///< rises by use; from 1
    Hash hash;                 ///< of everything that was signed
    CommandBody body;
};

} // namespace tallylock::engine

// Coded once, in Coding.cpp: what takes long to compile is not compiled wherever it is used.
namespace tallylock {
extern template Bytes encodeCbor(const engine::CommandBody&);
extern template Result<engine::CommandBody, CborError> decodeCbor(ByteView);
} // namespace tallylock
