// What a user interface may ask and hear. Written as if the core were remote: nothing blocks, every answer arrives
// later through the caller's executor, and a watcher is told that a topic has changed and asks again.
//
// Threads: every method may be called from any one thread at a time; callbacks are posted to the Executor that was
// given to Node. After the Session is destroyed no callback runs.
#pragma once

#include "core/api/Couriers.h"
#include "core/api/History.h"
#include "core/api/Problem.h"
#include "core/api/Rows.h"
#include "core/api/Servers.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

#include <functional>
#include <memory>

namespace tallylock::api {

template <class T>
using Answer = Result<T, Refusal>;
template <class T>
using Done = std::function<void(Answer<T>)>;
/// Runs a task later on the caller's thread (a GUI thread's event loop, or a queue).
using Executor = std::function<void(std::function<void()>)>;

enum class Topic : std::uint8_t {
    Account,
    Listings,
    Sales,
    Library,
    Book,
    Orders,
    Trades,
    Balances,
    Node,
    History,
    Servers,
    kCount
};

/// How far a long job has come.
struct JobProgress {
    std::uint64_t doneBytes = 0;
    std::uint64_t totalBytes = 0;
};

/// Steers a running job; dropping the handle leaves it running. A paused job can be resumed or cancelled.
class Job {
public:
    virtual ~Job() = default;
    virtual void cancel() = 0;
    virtual void pause() = 0;
    virtual void resume() = 0;
};

struct SellRequest {
    std::string path; ///< the asset file
    std::string name;
    std::string description;
    std::string mediaType;
    Amount price;      ///< dollars
    Preview preview;   ///< what the seller approved
    bool mark = false; ///< seal a copy that carries a tracking mark; the file itself stays as it is
};

enum class DraftState : std::uint8_t {
    Whole,
    Interrupted, ///< sealing has stopped in the middle: resumeSealing goes on
    Gone,        ///< sealed on another machine, or its file was lost: it can only be discarded
    kCount
};

/// An edition that is not yet published; it survives a restart.
struct DraftRow {
    Hash assetId;
    std::uint64_t edition = 1;
    DraftState state = DraftState::Whole;
    std::uint64_t sealedSoFar = 0; ///< of sizeBytes; where sealing was interrupted
    std::string sourcePath;        ///< where sealing was interrupted
    std::string name;
    Amount price;
    std::uint64_t sizeBytes = 0;
    std::uint64_t sealedBytes = 0;
    std::uint64_t portions = 0;
    Hash sealedRoot;
    std::string recipient; ///< "age1..."
};

struct OfferRequest {
    ListingId listing;
    UnitId coin{};
    Amount bid;     ///< dollars
    Amount minimum; ///< dollars; the seller may not accept below
    std::int64_t expiresInMs = 24 * 3600 * 1000;
    KeyWay keyWay{};           ///< of a renewed offer: as in the first one
    DeliveryKind delivery{};   ///< as well
    FundingMode funding{};     ///< as well
    EscrowAsset escrowAsset{}; ///< as well; of coins that are sold on delivery, Dollars
    /// A usable address of the book (PayoutAddressRow::id), of this coin: where coins go that come back. None: they
    /// stay on the account. Of a renewed offer: as in the first one.
    std::optional<std::uint64_t> refundTo{};
};

struct OrderRequest {
    InstrumentId instrument;
    Side side{};
    Amount price;               ///< quote for one whole base unit; zero in a market order
    Amount quantity;            ///< base
    std::uint64_t clientId = 0; ///< 0: the app makes one
    OrderType type = OrderType::Limit;
    Amount stopPrice{}; ///< of a stop order
    SelfTrade selfTrade = SelfTrade::Allow;
};

/// What is left out stays. The order keeps its place in time only if nothing but its quantity falls.
struct OrderChange {
    std::optional<Amount> price{};
    std::optional<Amount> quantity{};  ///< in all, with what is filled
    std::optional<Amount> stopPrice{}; ///< of a stop order that still waits
};

class Guard;
class MarketData;
class Operator;
class Treasury;

/// One identity's side of everything. Made by Node; its keys are unlocked while it lives.
class Session {
public:
    virtual ~Session() = default;

    virtual std::string profileName() const = 0;
    virtual std::string fingerprint() const = 0;      ///< text form
    virtual std::string fingerprintWords() const = 0; ///< twelve words
    virtual IdentityKey identityKey() const = 0;

    /// `changed` is called, coalesced, whenever a topic has news, until the next call of watch. One watcher.
    virtual void watch(std::function<void(Topic)> changed) = 0;
    /// What was found of the coordinator's history so far.
    /// Empty where they are in this process. Topic::Servers.
    virtual void servers(Done<std::vector<ReachedServerRow>> done) = 0;
    virtual void historyCheck(Done<HistoryCheckRow> done) = 0;

    // --- account -----------------------------------------------------------------------------------------------
    virtual void account(Done<AccountInfo> done) = 0;
    /// Registration happens by itself as an individual named like the profile; an institution asks for it first.
    virtual void registerHolder(std::string name, bool institution, Done<HolderId> done) = 0;
    virtual void setFiatAccount(FiatAccount account, Done<void> done) = 0;
    /// Gives another identity's key access to this institution's account.
    virtual void addUser(std::string name, IdentityKey key, std::uint32_t roles, Done<UserId> done) = 0;
    virtual void units(Done<std::vector<UnitRow>> done) = 0;
    virtual void balances(Done<std::vector<BalanceRow>> done) = 0;
    /// Newest first. Waits up to a second for the entries up to `minSeq`, then says Stale.
    virtual void statement(UnitId unit, std::uint32_t limit, std::uint64_t minSeq,
                           Done<std::vector<StatementRow>> done) = 0;
    /// Page after page of all there is: at least `limit` rows, fewer only at the end. `before` is 0, then the `next` of
    /// the page before.
    virtual void statementPage(UnitId unit, std::uint64_t before, std::uint32_t limit, Done<StatementPage> done) = 0;
    virtual void depositIdentifier(UnitId unit, Done<DepositRow> done) = 0;
    /// Users, devices, withdrawals (core/api/Treasury.h). Lives as long as the session.
    virtual Treasury& treasury() = 0;
    /// What protects the account: dead-man switches, one-time codes (core/api/Guard.h).
    virtual Guard& guard() = 0;
    /// Candles, and how sound the book is (core/api/MarketData.h).
    virtual MarketData& marketData() = 0;

    // --- selling -----------------------------------------------------------------------------------------------
    /// Seals the file into a new edition: the encryption of the wizard.
    virtual std::shared_ptr<Job> seal(SellRequest request, std::function<void(JobProgress)> progress,
                                      Done<DraftRow> done) = 0;
    virtual void drafts(Done<std::vector<DraftRow>> done) = 0;
    /// Goes on with an interrupted draft. FileChanged: the file is not what it was; discard the draft and begin anew.
    virtual std::shared_ptr<Job> resumeSealing(Hash assetId, std::function<void(JobProgress)> progress,
                                               Done<DraftRow> done) = 0;
    /// Seals an own listed asset anew, under a key of its own, from its own sealed file: a draft to publish.
    virtual std::shared_ptr<Job> sellAnotherCopy(Hash assetId, std::function<void(JobProgress)> progress,
                                                 Done<DraftRow> done) = 0;
    virtual void discardDraft(Hash assetId, Done<void> done) = 0;
    /// Uploads the sealed file and publishes the listing.
    virtual void publish(Hash assetId, Done<ListingId> done) = 0;
    virtual void acceptOffer(SaleId sale, Amount price, Done<void> done) = 0; ///< B2
    /// Or takes a counter-offer back.
    virtual void rejectOffer(SaleId sale, Done<void> done) = 0;
    /// Asks for more than the bid. If the buyer then bids that much, the offer is accepted at this price by itself.
    virtual void counterOffer(SaleId sale, Amount price, std::int64_t expiresInMs, Done<void> done) = 0;

    /// The seller, until the money is sent: to which account of this coordinator it is to go. Both must fit each other.
    virtual void setPayee(SaleId sale, PayeeRow payee, Done<void> done) = 0;

    // --- buying ------------------------------------------------------------------------------------------------
    virtual void listings(Done<std::vector<ListingRow>> done) = 0;
    virtual void makeOffer(OfferRequest request, Done<SaleId> done) = 0; ///< B1
    virtual void withdrawOffer(SaleId sale, Done<void> done) = 0;
    /// Answers a counter-offer with a new bid; the request's listing is the sale's.
    virtual void renewOffer(SaleId sale, OfferRequest request, Done<void> done) = 0;
    /// The buyer, behind a quote that has lapsed: what is to be paid now. Its app signs it while nothing is paid.
    virtual void askQuote(SaleId sale, Done<void> done) = 0;
    /// The buyer, with coins in the wallet: signs for what the new quote asks, `coins` as it was shown.
    virtual void agreeToQuote(SaleId sale, Amount coins, Done<void> done) = 0;
    /// The buyer, once both parts of the key are there: about what was held back from the seller.
    virtual void raiseDispute(SaleId sale, Claim claim, std::string text, Done<void> done) = 0;
    /// Either side of a dispute.
    virtual void stateInDispute(SaleId sale, std::string text, Done<void> done) = 0;
    /// A deputy of the arbiter whom the sale's terms name, in its time: so much of what was held back is the buyer's,
    /// and the rest the seller's. Ends it.
    virtual void decideDispute(SaleId sale, Amount toBuyer, std::string reason, Done<void> done) = 0;
    /// The buyer is content: the seller gets what was held back now.
    virtual void releaseHoldback(SaleId sale, Done<void> done) = 0;
    virtual void sales(Done<std::vector<SaleRow>> done) = 0;
    virtual void sale(SaleId sale, Done<SaleDetail> done) = 0;
    /// As they stand in the journal, oldest first.
    virtual void receipts(SaleId sale, Done<std::vector<ReceiptRow>> done) = 0;
    /// A file for people who were not there: what was signed in this sale so far. `tallylock-cli verify` checks it.
    virtual void evidence(SaleId sale, Done<Bytes> done) = 0;

    /// Who has owned this asset: for each edition that was sold, from its creator on.
    virtual void custody(Hash assetId, Done<std::vector<CustodyRow>> done) = 0;

    /// Before paying: opens some portions of the content, drawn by both sides, with the key server, and checks them
    /// against the terms. `folder`: where they are saved; empty: nowhere. A failed check answers with its row, too.
    virtual void spotCheck(SaleId sale, std::string folder, Done<SpotCheckRow> done) = 0;

    // --- library -----------------------------------------------------------------------------------------------
    virtual void library(Done<std::vector<LibraryRow>> done) = 0;
    /// B14: joins the two parts, opens the file to `path` (empty: the profile's own folder) and signs the receipt.
    virtual std::shared_ptr<Job> unlock(SaleId sale, std::string path, std::function<void(JobProgress)> progress,
                                        Done<LibraryRow> done) = 0;
    /// Whether an opened file is still, to the last byte, what the terms of its sale name; needs no network.
    /// FileUnreadable: it is gone. FileNotAsSold.
    virtual std::shared_ptr<Job> verifyOpened(SaleId sale, std::function<void(JobProgress)> progress,
                                              Done<void> done) = 0;
    /// Writes a copy of the opened file that also says, signed, whose copy it is; `path` empty: beside it. Answers with
    /// the path. MarkMissing: the seller has marked nothing.
    virtual void markCopy(SaleId sale, std::string path, Done<std::string> done) = 0;

    /// Asks the key server for both parts again and says how they stand then.
    virtual void fetchKeysAgain(SaleId sale, Done<std::vector<KeyPartRow>> done) = 0;
    /// Part 2 as twelve words, kept if it is this sale's. SecondPasswordWrong says no more than that it is not.
    virtual void enterSecondPassword(SaleId sale, SecretBytes words, Done<void> done) = 0;
    /// Part 2 as twelve words, separated by single spaces, for its owner's eyes.
    virtual void secondPasswordWords(SaleId sale, Done<std::shared_ptr<const SecretBytes>> done) = 0;
    /// By which way part 2 comes besides, and how that stands; asked of the key server. KeyPartsMissing: it has no key
    /// yet (B4).
    virtual void courier(SaleId sale, Done<CourierRow> done) = 0;
    /// The last wish counts; once part 2 is out it is sent at once. `address`: one of mail, or the lines of a postal
    /// one; empty for the endpoint. NotAvailable: the key server does not send so, or was asked too often.
    /// AddressInvalid.
    virtual void setCourier(SaleId sale, PartTwoWay way, std::string address, Done<CourierRow> done) = 0;

    // --- market ------------------------------------------------------------------------------------------------
    virtual void instruments(Done<std::vector<InstrumentRow>> done) = 0;
    /// Bids falling, then asks rising; at most `levels` of each.
    virtual void book(InstrumentId instrument, std::uint32_t levels, Done<std::vector<BookRow>> done) = 0;
    virtual void trades(InstrumentId instrument, std::uint32_t limit, Done<std::vector<TradeRow>> done) = 0;
    virtual void placeOrder(OrderRequest request, Done<OrderRow> done) = 0;
    /// The order keeps its number. It may trade, and then answers as it stands afterwards.
    virtual void replaceOrder(OrderId order, OrderChange change, Done<OrderRow> done) = 0;
    virtual void cancelOrder(OrderId order, Done<void> done) = 0;
    /// All that are open or waiting, in every market or in one. Answers how many there were.
    virtual void cancelAllOrders(std::optional<InstrumentId> instrument, Done<std::uint64_t> done) = 0;
    virtual void orders(Done<std::vector<OrderRow>> done) = 0;
    virtual void instructions(std::uint32_t limit, Done<std::vector<InstructionRow>> done) = 0;
};

/// The world outside, as far as it can be practised: coins and bank money that are worth nothing.
class Practice {
public:
    virtual ~Practice() = default;
    /// Sends practice coins to an address, as a wallet outside would (B7, or a deposit).
    virtual void payToAddress(UnitId coin, std::string address, Amount amount, Done<void> done) = 0;
    /// How much has been paid to an address or bank reference from here: what a wallet outside remembers.
    virtual void paidTo(UnitId unit, std::string place, Done<Amount> done) = 0;
    /// A bank transfer with this reference shows up on the practice bank's next statement.
    virtual void bankTransfer(UnitId fiat, std::string reference, Amount amount, Done<void> done) = 0;
    virtual bool hasCounterparty() const { return true; } ///< that can be started here
    /// Starts the marked practice counterparty: it lists a sample file, buys what is listed, and accepts offers.
    virtual void startCounterparty(Done<void> done) = 0;
};

/// A profile that is to be made from a phrase, new or restored.
struct NewProfile {
    std::string name;
    SecretBytes phrase;           ///< of any language of BIP-39, 12 to 24 words
    SecretBytes phrasePassphrase; ///< that of BIP-39, UTF-8: it belongs to the phrase. Mostly empty
    Keeping keeping = Keeping::Passphrase;
    SecretBytes passphrase; ///< locks the profile on this machine; not used with a keychain
};

/// A running node with its profiles.
class Node {
public:
    virtual ~Node() = default;

    virtual void info(Done<NodeInfo> done) = 0;
    virtual void trialBalance(Done<std::vector<TrialBalanceRow>> done) = 0;
    /// For whoever runs the node (core/api/Operator.h). Lives as long as the node; null where somebody else runs it.
    virtual Operator* operatorDesk() = 0;
    /// Which coordinator this node uses; none: it is in this process.
    virtual std::optional<CoordinatorRow> coordinator() const = 0;
    /// Looks who answers at "host:port". ServerAddressInvalid, ServerUnreachable, ServerWrong.
    virtual void findCoordinator(std::string address, Done<FoundCoordinator> done) = 0;
    /// From the next start of the node on. None: the one in its own process.
    virtual Answer<void> useCoordinator(const std::optional<CoordinatorRow>& coordinator) = 0;
    virtual std::vector<ProfileRow> profiles() = 0;

    /// A fresh seed phrase of 12 or 24 words, separated by single spaces. Pure and quick.
    virtual SecretBytes newPhrase(int words) = 0;
    virtual Answer<void> checkPhrase(ByteView phrase) = 0;
    /// Words of the lists that begin with the prefix, English first, at most `limit`; NFKD.
    virtual std::vector<std::string> phraseWords(std::string_view prefix, std::size_t limit) = 0;
    virtual bool isPhraseWord(std::string_view word) = 0;

    /// Looks into a file of anybody's with bounds on size, time and memory. MediaTooLarge, MediaDamaged and their kin
    /// only if nothing at all can be said; a missing picture is told in the look.
    virtual void lookInto(std::string path, Done<FileLook> done) = 0;

    /// Whether the system keychain can keep a profile. KeychainUnavailable says why not. May make the system ask the
    /// person to unlock it.
    virtual void checkKeychain(Done<void> done) = 0;
    /// Creates a profile and opens it. One of this name that belongs to the same phrase is kept and only locked anew:
    /// so a forgotten passphrase or a lost keychain entry is mended. ProfileExists: it belongs to another.
    virtual void createProfile(NewProfile profile, Done<std::shared_ptr<Session>> done) = 0;
    /// The same with a passphrase, and none for the phrase.
    void createProfile(std::string name, SecretBytes phrase, SecretBytes passphrase,
                       Done<std::shared_ptr<Session>> done) {
        createProfile({std::move(name), std::move(phrase), {}, Keeping::Passphrase, std::move(passphrase)},
                      std::move(done));
    }
    /// Unlocks. `passphrase` is not used where a keychain keeps the profile.
    virtual void openProfile(std::string name, SecretBytes passphrase, Done<std::shared_ptr<Session>> done) = 0;
    /// Ends the profile's session, whoever still holds it, and wipes its keys: questions are answered with Stopping
    /// from now on, and those under way not at all. Waits for work that is being cancelled. No effect if it is not
    /// open.
    virtual void lockProfile(const std::string& name) = 0;
    /// Locks a profile, open or not, with a new passphrase, or moves it to the keychain or back. `passphrase` is the
    /// one that it has now. In one step: after a crash the old way works or the new one.
    virtual void changeKeeping(std::string name, SecretBytes passphrase, Keeping keeping, SecretBytes fresh,
                               Done<void> done) = 0;

    /// Null unless the node runs on the practice rail.
    virtual Practice* practice() = 0;
};

} // namespace tallylock::api
