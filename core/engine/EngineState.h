// The engine's memory and the helpers that its handlers share. Private to the room.
//
// One State, one thread. A handler tests everything first, in the order that it documents, and changes nothing before
// the last test has passed; from then on it cannot fail.
#pragma once

#include "core/base/IdTable.h"
#include "core/base/NumberedMap.h"
#include "core/base/Planted.h"
#include "core/crypto/Sign.h"
#include "core/engine/CheckedSignatures.h"
#include "core/engine/DeadManSwitches.h"
#include "core/engine/Engine.h"
#include "core/engine/Replies.h"
#include "core/escrow/SaleMoney.h"
#include "core/escrow/SaleTable.h"
#include "core/ledger/Ledger.h"
#include "core/market/Market.h"
#include "core/parties/Parties.h"
#include "core/treasury/Treasury.h"
#include "core/treasury/Watch.h"
#include "core/treasury/Withdrawals.h"

#include <map>
#include <set>
#include <unordered_map>

namespace tallylock::engine {

/// Of an operator, for the audit: bytes.
inline constexpr std::size_t kMostReasonBytes = 1000;
/// No single amount that a command names may be larger: far beyond all money there is, far below 2^127.
inline constexpr money::Int128 kLargestAmount =
    static_cast<money::Int128>(1'000'000'000'000'000'000) * 1'000'000'000'000;

/// What a listing leaves in memory.
struct Listing {
    ListingId id;
    HolderId seller;
    Hash assetId;
    Hash manifestHash;
    Hash sealedRoot;
    Hash plainRoot;
    BoxKey recipient;
    std::uint64_t sealedSize = 0;
    bool available = true;
    std::uint64_t edition = 1;
    std::optional<SaleId> sold; ///< its seller has been paid
    bool custodyPassed = false;
    static constexpr void fields(auto use) {
        using L = Listing;
        use(field(1, &L::id), field(2, &L::seller), field(3, &L::assetId), field(4, &L::manifestHash),
            field(5, &L::sealedRoot), field(6, &L::plainRoot), field(7, &L::recipient), field(8, &L::sealedSize),
            field(9, &L::available), field(10, &L::edition), field(11, &L::sold), field(12, &L::custodyPassed));
    }
};

/// A payment into a sale's wallet.
struct SalePayment {
    Hash transaction;
    std::uint32_t output = 0;
    Amount amount;
    std::uint32_t confirmations = 0;
    bool final = false;
    bool isOf(const ObservePayment& c) const { return transaction == c.transaction && output == c.output; }
    static constexpr void fields(auto use) {
        using P = SalePayment;
        use(field(1, &P::transaction), field(2, &P::output), field(3, &P::amount), field(4, &P::confirmations),
            field(5, &P::final));
    }
};

struct LostPayment {
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0;
    std::optional<Amount> lost; ///< what could not be taken back; none: all of it
    bool isOf(const ObservePayment& c) const {
        return rail == c.rail && transaction == c.transaction && output == c.output;
    }
    static constexpr void fields(auto use) {
        use(field(1, &LostPayment::rail), field(2, &LostPayment::transaction), field(3, &LostPayment::output),
            field(4, &LostPayment::lost));
    }
};

/// No overflow, whatever a time is.
inline std::int64_t laterBy(std::int64_t timeMs, std::int64_t byMs) {
    return timeMs > INT64_MAX - byMs ? INT64_MAX : timeMs + byMs;
}

/// What the outbox is to do for a sale.
struct OpenEffect {
    std::uint64_t number = 0; ///< rises as effects are opened, over all sales
    SaleEffect effect{};
    std::uint32_t attempt = 1;
};

/// What a sale counts on from its quote on until its coins are sold, in the units of its coin and of the terms.
struct Promise {
    money::Int128 coins = 0;
    money::Int128 dollars = 0;
    bool operator==(const Promise&) const = default;
};

/// A sale that is not over. What its parties may see is `view`, which is also its record.
struct OpenSale {
    SaleChanged view;
    Hash lastReceipt;
    std::vector<SalePayment> payments;
    std::uint32_t attempt = 1; ///< of its effects: a payment that left the chain begins a new one
    std::vector<DisputeStatement> statements;
    std::optional<HolderId> payoutTarget; ///< who is paid in the seller's place; the buyer is not told before
    std::optional<treasury::PayoutAddressId> refundTo; ///< where the buyer's coins go; the seller is not told
    /// Oldest first. They lie here, so that a step of one sale never looks through those of the others; they are saved
    /// as one list of all.
    std::vector<OpenEffect> effects;
    Promise promise;         ///< what State::promised holds of it; derived
    bool waitsForUs = false; ///< in which list its deadline is; derived
    static constexpr void fields(auto use) {
        use(field(1, &OpenSale::view), field(2, &OpenSale::lastReceipt), field(3, &OpenSale::payments),
            field(4, &OpenSale::attempt), field(5, &OpenSale::statements), field(6, &OpenSale::payoutTarget),
            field(7, &OpenSale::refundTo));
    }
};

/// A key that has sent commands: what it was answered, and who it speaks for, so that a command needs one look-up.
struct alignas(64) Device { // two lines of the cache
    IdentityKey key;
    Replies replies;
    // No state, but what Parties said when they had this version:
    std::uint64_t actorVersion = UINT64_MAX;
    HolderId holder;
    UserId user; ///< none: it speaks for nobody
    parties::Roles roles = 0;
    parties::Standing standing = parties::Standing::Pending;
};

/// All of them; none ever leaves.
class Devices {
public:
    Device* find(const IdentityKey& key) { return const_cast<Device*>(std::as_const(*this).find(key)); }
    const Device* find(const IdentityKey& key) const {
        const std::uint64_t id = idOf(key);
        const std::uint32_t place =
            m_places.find(id, [&](std::uint32_t at) { return m_devices[at].key == key ? id : ~id; });
        return place == IdTable::kNone ? nullptr : &m_devices[place];
    }
    /// The key must be new. Moves the others.
    Device& add(const IdentityKey& key) {
        m_places.insert(idOf(key), static_cast<std::uint32_t>(m_devices.size()));
        m_devices.emplace_back();
        m_devices.back().key = key;
        return m_devices.back();
    }
    /// Remembers what one of them was answered.
    void remember(Device& device, std::uint64_t counter, std::span<const std::uint8_t, HashStart::kSize> hash,
                  const Reply& reply) {
        device.replies.add(counter, hash, reply, m_pool);
    }
    /// In the order in which they came.
    const HugeVector<Device>& all() const { return m_devices; }

    // For a key that will be asked for in a moment: the way to it, then the device.
    void prefetchPlace(const IdentityKey& key) const { m_places.prefetch(idOf(key)); }
    void prefetch(const IdentityKey& key) const {
        if (const Device* device = guess(key)) {
            prefetchLine(device);
            prefetchLine(&device->actorVersion);
        }
    }
    /// Most likely this one.
    const Device* guess(const IdentityKey& key) const {
        const std::uint32_t place = m_places.guess(idOf(key));
        return place == IdTable::kNone ? nullptr : &m_devices[place];
    }

private:
    static std::uint64_t idOf(const IdentityKey& key) { return std::hash<IdentityKey>{}(key); }
    IdTable m_places;
    HugeVector<Device> m_devices;
    BlockPool m_pool; ///< their replies
};

/// Who asks, for receipts.
struct Cause {
    IdentityKey signer;
    Hash command; ///< zero for a deadline
};

struct Engine::State {
    explicit State(const Config& settings);

    // --- state: everything here is in save() ---
    Config config;
    std::int64_t nowMs = 0;
    ledger::Ledger ledger;
    parties::Parties parties;
    treasury::Treasury treasury;
    treasury::Withdrawals withdrawals;
    market::Market market;
    DeadManSwitches deadMen;
    treasury::Watch watch;
    std::map<HolderId, PartyKeys> holderKeys;
    NumberedMap<ListingId, Listing> listings;
    NumberedMap<SaleId, OpenSale> sales;
    std::uint64_t lastListing = 0;
    std::uint64_t lastSale = 0;
    std::uint64_t lastInstruction = 0;
    std::vector<IdentifierWanted> identifiersWanted;
    /// Payments that left the chain after their money was spent: the house bears that until they come back.
    std::vector<LostPayment> lostPayments;
    Devices devices;
    std::map<IdentityKey, std::uint64_t> keptRecords; ///< how many each identity keeps; not what
    std::map<UnitId, CoinStock> coinStocks;           ///< by coin; none where coins are sold outside

    // --- derived: rebuilt by load() ---
    std::set<std::pair<std::int64_t, SaleId>> deadlinesOnUs; ///< that an outage makes longer
    std::set<std::pair<std::int64_t, SaleId>> deadlinesOnOthers;
    std::int64_t outageMs = 0; ///< of the config, within reason; 0: there are none
    std::unordered_map<Hash, ListingId> listingByRoot;
    std::unordered_map<BoxKey, ListingId> listingByRecipient;
    std::unordered_map<Hash, ListingId> newestEdition; ///< by asset
    std::uint64_t keptInAll = 0;
    std::uint64_t lastEffect = 0; ///< only the order of their numbers counts
    OpenQuotes promised;          ///< the promises of all sales, without the coin stocks

    // --- lent by the host, if at all ---
    CheckedSignatures* signatures = nullptr;

    // --- of the command under way ---
    std::vector<Event>* out = nullptr;
    Cause cause;
    std::optional<parties::Actor> asking;       ///< whom the signer speaks for; nothing if it is registered nowhere
    std::vector<ledger::AccountHandle> touched; ///< accounts of people
    std::vector<ledger::FastLeg> ownLegs;       ///< of the entry under way: of people, one an account, by key

    // Engine.cpp
    void beginBatch(std::int64_t timeMs, std::vector<Event>& events);
    Reply apply(const Command& command, std::vector<Event>& events);
    void identify(Device* device);
    void expect(std::span<const Command* const> next) const;
    ledger::AccountKey accountOf(const market::Order& order) const;
    const market::Order* makerFor(const PlaceOrder& order) const;
    void finishCommand();
    void index();
    std::optional<std::int64_t> nextDeadlineMs() const;
    std::optional<std::int64_t> nextDeadlineMs(std::int64_t atMs) const;
    bool isOutage(std::int64_t atMs) const;
    std::optional<std::int64_t> nextTickMs() const;

    // Save.cpp
    void save(CborWriter& writer) const;
    static Result<std::unique_ptr<State>, CborError> load(CborReader& reader);

    // Handlers, one a command: PartyHandlers.cpp, TreasuryHandlers.cpp, WithdrawalHandlers.cpp, MarketHandlers.cpp,
    // GuardHandlers.cpp, WatchHandlers.cpp, SaleHandlers.cpp, SaleServerHandlers.cpp
    Reply handle(const RegisterHolder&);
    Reply handle(const SetFiatAccount&);
    Reply handle(const AddUser&);
    Reply handle(const RequestDepositIdentifier&);
    Reply handle(const AssignDepositIdentifier&);
    Reply handle(const ObservePayment&);
    Reply handle(const ObserveBankEntry&);
    Reply handle(const AssignSuspense&);
    Reply handle(const OpenInstrument&);
    bool isWithinLimits(const parties::Actor& by, const Amount& worth, const Amount& quantity) const;
    Reply handle(const PlaceOrder&);
    Reply handle(const CancelOrder&);
    Reply handle(const ReplaceOrder&);
    Reply handle(const CancelAllOrders&);
    Reply handle(const SteerInstrument&);
    Reply handle(const PublishListing&);
    Reply handle(const MakeOffer&);
    Reply handle(const WithdrawOffer&);
    Reply handle(const AcceptOffer&);
    Reply handle(const RejectOffer&);
    Reply handle(const SignTerms&);
    Reply handle(const DepositKey&);
    Reply handle(const WrapKey&);
    Reply handle(const FreezeQuote&);
    Reply handle(const AskQuote&);
    Reply handle(const OpenWallet&);
    Reply handle(const SignFunding&);
    Reply handle(const ConfirmDelivery&);
    Reply handle(const ProvideEscrow&);
    Reply handle(const PaySeller&);
    Reply handle(const MoveCoins&);
    Reply handle(const SendPart&);
    Reply handle(const ConfirmUnlock&);
    Reply handle(const CloseWallet&);
    Reply handle(const KeepRecord&);
    Reply handle(const PassCustody&);
    Reply handle(const PublishEdition&);
    Reply handle(const AddDevice&);
    Reply handle(const RemoveDevice&);
    Reply handle(const SetRoles&);
    Reply handle(const SetOrderLimit&);
    Reply handle(const SetAssetAccount&);
    Reply handle(const SetStanding&);
    Reply handle(const AddPayoutAddress&);
    Reply handle(const RemovePayoutAddress&);
    Reply handle(const RequestWithdrawal&);
    Reply handle(const ApproveWithdrawal&);
    Reply handle(const CancelWithdrawal&);
    Reply handle(const StartWithdrawal&);
    Reply handle(const ReportWithdrawal&);
    Reply handle(const SetWithdrawalPolicy&);
    Reply handle(const ApprovePolicyChange&);
    Reply handle(const SetWithdrawalFee&);
    Reply handle(const ConfirmSecondFactor&);
    Reply handle(const SetDeadMan&);
    Reply handle(const EndSession&);
    Reply handle(const SetReferenceWindow&);
    Reply handle(const SetWatchRule&);
    Reply handle(const ChangeWatchedAddresses&);
    Reply handle(const DecideCase&);
    Reply handle(const CounterOffer&);
    Reply handle(const RenewOffer&);
    Reply handle(const RaiseDispute&);
    Reply handle(const MakeStatement&);
    Reply handle(const JudgeData&);
    Reply handle(const DecideDispute&);
    Reply handle(const ConfirmStored&);
    Reply handle(const ReleaseHoldback&);
    Reply handle(const RewrapKey&);
    Reply handle(const SellCoins&);
    Reply handle(const SetPayoutTarget&);
    Reply handle(const PassOwnership&);

    // Shared helpers
    bool sellsOnOwnBook() const { return engine::sellsOnOwnBook(config); }
    bool isCoordinator() const { return cause.signer == config.coordinator.identity; }
    template <HasCborFields T>
    bool isSigned(const IdentityKey& by, std::string_view name, const T& value, const Signature& signature) const {
        if (TALLYLOCK_PLANTED(SignatureIgnored)) return true;
        return signatures ? signatures->verify(by, name, encodeCbor(value), signature)
                          : crypto::verify(by, name, value, signature);
    }
    bool isServer(const IdentityKey& key) const {
        return key == config.coordinator.identity || key == config.keyServer.identity ||
               (config.standby && key == config.standby->identity);
    }
    template <class Body>
    void emit(Audience audience, Body&& body) {
        out->emplace_back(audience, std::forward<Body>(body));
    }
    std::string nameOfHolder(HolderId holder) const;
    /// The signer as somebody who may do this, or the refusal.
    Result<parties::Actor, Refused> actor(parties::Role role) const;
    /// The refusal alone; of `asking`.
    std::optional<Refused> mayNot(parties::Role role) const;
    /// Posts a transfer that was proven possible; says so to everybody whose account is in it.
    EntryId post(ledger::Reason reason, SaleId sale, std::span<const ledger::Leg> legs,
                 std::span<const ledger::HoldUse> uses = {});
    EntryId move(ledger::Reason reason, SaleId sale, const ledger::AccountKey& from, const ledger::AccountKey& to,
                 const money::Int128& amount) {
        const ledger::Leg legs[] = {{from, -amount}, {to, amount}};
        return post(reason, sale, legs);
    }
    void touch(HolderId holder, UnitId unit) {
        if (holder) touch(ledger.handleOf(ledger::availableOf(holder, unit)));
    }
    void touch(ledger::AccountHandle account) {
        if (touched.empty() || touched.back() != account) touched.push_back(account);
    }

    void cancelOrder(const market::Order& order, std::optional<market::CancelCause> why = std::nullopt);
    // GuardHandlers.cpp
    /// All open orders of a user, or of the whole account; says how many there were.
    std::uint64_t cancelOrdersOf(HolderId holder, UserId user, market::CancelCause why);
    void fireDeadMan();
    // WatchHandlers.cpp
    /// Shows a transaction of a holder to the rules, which may raise cases.
    void watchMove(HolderId holder, treasury::Way way, const Amount& amount, const std::string& place,
                   treasury::WithdrawalId withdrawal = {});
    // SaleHandlers.cpp
    Reply publish(const PublishListing& c, std::uint64_t edition);
    std::optional<Refused> checkOffer(const MakeOffer& c, HolderId buyer) const;
    void setRefundTarget(OpenSale& sale, std::optional<treasury::PayoutAddressId> to);
    // WithdrawalHandlers.cpp
    treasury::WithdrawalPolicy policyOf(HolderId holder) const;
    std::vector<UserId> treasurersOf(HolderId holder) const;
    /// A user who may move money out now: registered, treasurer, standing, device, second factor.
    Result<parties::Actor, Refused> mover() const;
    bool lacksSecondFactor(const parties::Actor& by, const treasury::WithdrawalPolicy& policy) const;
    /// A device that now may move money waits first, as the policy says; says from when it may.
    std::int64_t holdBack(HolderId holder, const IdentityKey& device);
    void withdrawalChanged(const treasury::Withdrawal& withdrawal, EntryId entry = {});
    void policyChanged(HolderId holder);
    treasury::WithdrawalId begin(treasury::Withdrawal prepared, HoldId hold);
    void sendBack(HolderId buyer, SaleId sale, std::optional<treasury::PayoutAddressId> to, const Amount& coins);
    std::vector<treasury::Withdrawal> keepBack(SaleId sale, const Amount& needed);
    void releaseHold(const treasury::Withdrawal& withdrawal);
    void fireWithdrawalDeadline();

    bool bookPayment(const ObservePayment& payment, const treasury::DepositOutcome& outcome, bool paysSale);

    // Sales.cpp
    OpenSale* findSale(SaleId id);
    /// The sale, if it may take this event now; `who`: only this party of it. Else the refusal.
    Result<OpenSale*, Reply> saleFor(SaleId id, escrow::SaleEvent event, SaleActor who);
    std::optional<Refused> mayNotBind(HolderId holder) const;
    std::optional<Refused> mayNotDispose(HolderId holder) const;
    /// Takes the edge of this event, which must be there: money, state, deadline, effects, receipt. Answers the last
    /// ledger entry that it made, or none. `known`: what the coins of B9 have fetched, or how many B11 has used, where
    /// that has been named.
    EntryId advance(OpenSale& sale, escrow::SaleEvent event, std::optional<Amount> known = std::nullopt);
    EntryId moveMoney(OpenSale& sale, escrow::Movement movement, const std::optional<Amount>& known);
    void addToStock(const SaleChanged& sale, const Amount& coins);
    // Promises.cpp
    /// Sums up anew what the sale counts on. advance() does, and nothing that it looks at changes without an edge.
    void recount(OpenSale& sale);
    // MarketHandlers.cpp
    /// What an order of the house has done; it trades at once.
    struct HouseSale {
        OrderId order;
        Amount sold;
        Amount fetched; ///< less the fee
    };
    HouseSale sellForHouse(const market::Ticket& ticket);
    /// Whether this order can bring a converted sale its price, whoever it meets; else the refusal.
    Result<market::Ticket, Reply> checkConversion(const OpenSale& sale, const Conversion& c) const;
    /// Sells the sale's coins: what they have fetched lies with the treasury then.
    Amount convert(OpenSale& sale, const market::Ticket& ticket);
    // Sales.cpp
    EntryId postMoves(const OpenSale& sale, ledger::Reason reason, const std::vector<escrow::MoneyMove>& moves);
    void enterDeadline(OpenSale& sale, SaleState before);
    static LateDeadlines lateDeadlines(const SaleChanged& view);
    std::optional<Refused> faultOf(const KeyReceipt& receipt, const SaleChanged& view) const;
    static bool isArbiter(const SaleChanged& view, const IdentityKey& who);
    static bool isKeyServer(const SaleChanged& view, const IdentityKey& who) {
        return view.terms && who == keyServerOf(view).identity;
    }
    static bool isStandby(const SaleChanged& view, const IdentityKey& who) {
        return view.terms && view.terms->standby && who == view.terms->standby->identity;
    }
    // DisputeHandlers.cpp
    static Arbitration arbitrationOf(const SaleChanged& view);
    void say(OpenSale& sale, SaleActor by, const std::string& text);
    void decide(OpenSale& sale, const Amount& toBuyer);
    void publishOwner(const SaleChanged& view);
    void makeReceipt(OpenSale& sale, const escrow::SaleEdge& edge, EntryId entry);
    void setDeadline(OpenSale& sale, std::int64_t deadlineMs);
    void indexDeadline(OpenSale& sale);
    void extendDeadlines(std::int64_t byMs);
    void openEffect(OpenSale& sale, SaleEffect effect);
    void closeEffect(OpenSale& sale, SaleEffect effect);
    void closeAllEffects(OpenSale& sale);
    /// Of all sales, oldest first.
    std::vector<EffectOpened> openEffects() const;
    void setListingAvailable(ListingId listing, bool available);
    void completeIfSettled(OpenSale& sale);
    void dropIfOver(SaleId sale);
    static escrow::SaleEvent whatSilenceMeans(SaleChanged& view);
    void fireDeadline(SaleId sale);
    Amount fundsOf(const OpenSale& sale) const;
    Amount spareOf(const OpenSale& sale) const;
    /// The funds, and what B9 has sold of them.
    Amount paidIn(const OpenSale& sale) const;
    escrow::Escrowed escrowedOf(const OpenSale& sale) const;
    Amount coinsInEscrow(const OpenSale& sale) const;
    void bringCoinsBack(OpenSale& sale, const Amount& leaving);
    void paymentChanged(OpenSale& sale);
    static bool isPaid(const SaleChanged& view);
    void passDeadlinesBefore(const ObservePayment& c, SaleId id);
    static std::int64_t unpaidUntil(const SaleChanged& view);
    void timePayment(OpenSale& sale, bool wasPaid);
    static bool isQuotesDeadline(const SaleChanged& view);
    void lapseIfOver(OpenSale& sale);
    void lapseQuote(OpenSale& sale);
    void fundIfPaid(OpenSale& sale);
    void makeContractIfSigned(OpenSale& sale);
    escrow::SalePrice priceOf(const OpenSale& sale) const;
};

Refused refusedBy(parties::PartyError error);
Refused refusedBy(treasury::WithdrawalError error);

inline Reply done(std::uint64_t value = 0) { return {Refused::No, value, {}}; }
inline Reply refuse(Refused why, std::string detail = {}) { return {why, 0, std::move(detail)}; }

/// The house's account that stands for what lies on the chain, or at the bank, of this unit.
ledger::AccountKey custodyAccount(UnitId unit);

/// Positive, of this unit, not absurdly large.
std::optional<Refused> checkAmount(const Amount& amount, UnitId unit);

} // namespace tallylock::engine
