// What a party and the servers say to each other over a Link, and parties over Peers, one struct a message. Requests
// and replies are encoded as unions (CborCodec of std::variant). Frames are bounded in size by the link.
#pragma once

#include "core/engine/Engine.h"
#include "core/wire/Batch.h"
#include "core/wire/Couriers.h"
#include "core/wire/Portions.h"
#include "core/wire/Practice.h"
#include "core/wire/Release.h"
#include "core/wire/SpotCheck.h"
#include "core/wire/Trail.h"
#include "core/wire/Witness.h"

namespace tallylock::wire {

// --- to the coordinator ------------------------------------------------------------------------------------------

struct Submit {
    static constexpr std::uint64_t kType = 1;
    Bytes envelope;
    static constexpr void fields(auto use) { use(field(1, &Submit::envelope)); }
};
/// Sent when the command is durable. `sequence` is zero when admission refused it (nothing was journaled).
struct Submitted {
    static constexpr std::uint64_t kType = 2;
    std::uint64_t sequence = 0;
    engine::Reply reply;
    static constexpr void fields(auto use) { use(field(1, &Submitted::sequence), field(2, &Submitted::reply)); }
};
/// Who are you, and where does my own state stand? First request of a session.
struct Hello {
    static constexpr std::uint64_t kType = 3;
    std::uint64_t version = kVersion;
    static constexpr void fields(auto use) { use(field(1, &Hello::version)); }
};
struct Welcome {
    static constexpr std::uint64_t kType = 4;
    engine::Config config;
    HolderId holder;               ///< of this session's identity; none if it is not registered
    std::uint64_t lastCounter = 0; ///< the highest command counter of this identity
    std::uint64_t sequence = 0;
    Hash head;
    static constexpr void fields(auto use) {
        use(field(1, &Welcome::config), field(2, &Welcome::holder), field(3, &Welcome::lastCounter),
            field(4, &Welcome::sequence), field(5, &Welcome::head));
    }
};
/// History from the projections: events of one kind (EventBody's kType) that this session's holder may see, newest
/// first.
struct HistoryQuery {
    static constexpr std::uint64_t kType = 5;
    std::uint64_t eventType = 0;
    SaleId sale;                      ///< only of this sale; none: of all
    std::uint64_t beforeSequence = 0; ///< zero: from the newest
    std::uint32_t limit = 100;        ///< at most 1000
    std::uint64_t minSequence = 0;
    static constexpr void fields(auto use) {
        use(field(1, &HistoryQuery::eventType), field(2, &HistoryQuery::sale), field(3, &HistoryQuery::beforeSequence),
            field(4, &HistoryQuery::limit), field(5, &HistoryQuery::minSequence));
    }
};
struct HistoryRow {
    std::uint64_t sequence = 0;
    Bytes event;
    static constexpr void fields(auto use) { use(field(1, &HistoryRow::sequence), field(2, &HistoryRow::event)); }
};
struct HistoryPage {
    static constexpr std::uint64_t kType = 6;
    std::vector<HistoryRow> rows;
    std::uint64_t standsAt = 0; ///< the journal sequence that the projection has reached
    bool stale = false;         ///< it did not reach minSequence within a second
    static constexpr void fields(auto use) {
        use(field(1, &HistoryPage::rows), field(2, &HistoryPage::standsAt), field(3, &HistoryPage::stale));
    }
};
/// The ledger's sum for each unit, for `node` views and verification.
struct TrialBalanceQuery {
    static constexpr std::uint64_t kType = 7;
    static constexpr void fields(auto use) { use(); }
};
struct TrialBalanceLine {
    money::Amount debits; ///< the sum of negative balances, as a negative number
    money::Amount credits;
    static constexpr void fields(auto use) {
        use(field(1, &TrialBalanceLine::debits), field(2, &TrialBalanceLine::credits));
    }
};
struct TrialBalance {
    static constexpr std::uint64_t kType = 8;
    std::vector<TrialBalanceLine> lines;
    static constexpr void fields(auto use) { use(field(1, &TrialBalance::lines)); }
};

/// A device proves that it holds its key: {coordinator, nonce}, under this label. The nonce is from Challenge.
inline constexpr const char* kSessionLabel = "session";
struct SessionNote {
    IdentityKey coordinator;
    Hash nonce;
    static constexpr void fields(auto use) { use(field(1, &SessionNote::coordinator), field(2, &SessionNote::nonce)); }
};
/// Opens the session of the link's identity, until the link ends. Answered by Accepted.
struct OpenSession {
    static constexpr std::uint64_t kType = 9;
    Signature signature; ///< of the SessionNote
    static constexpr void fields(auto use) { use(field(1, &OpenSession::signature)); }
};
/// A command of the kinds that need no signature (Envelope.h), on an open session. Answered by Submitted.
struct SubmitUnsigned {
    static constexpr std::uint64_t kType = 10;
    std::uint64_t counter = 0;
    std::uint64_t type = 0;
    Bytes body;
    static constexpr void fields(auto use) {
        use(field(1, &SubmitUnsigned::counter), field(2, &SubmitUnsigned::type), field(3, &SubmitUnsigned::body));
    }
};

// --- guards and market data, to the coordinator --------------------------------------------------------------------

/// What is to happen when this session ends. Answered by Accepted.
struct SessionSetting {
    static constexpr std::uint64_t kType = 50;
    bool cancelOnDisconnect = false; ///< the open orders of the session's user
    static constexpr void fields(auto use) { use(field(1, &SessionSetting::cancelOnDisconnect)); }
};

enum class FactorAct : std::uint8_t {
    State,
    Enrol,   ///< makes a secret; `code` of the present one, where one is confirmed
    Confirm, ///< the secret's first code: from now on it counts
    Use,     ///< for one signed command, by its hash
    Remove,
    kCount
};
/// About the authenticator of this session's user (docs/decisions/one-time-codes.md). Answered by FactorStatus.
struct FactorRequest {
    static constexpr std::uint64_t kType = 51;
    FactorAct act{};
    std::string code;
    Hash command;
    static constexpr void fields(auto use) {
        use(field(1, &FactorRequest::act), field(2, &FactorRequest::code), field(3, &FactorRequest::command));
    }
};
enum class FactorState : std::uint8_t { None, Offered, Confirmed, kCount };
struct FactorStatus {
    static constexpr std::uint64_t kType = 52;
    FactorState state{};
    Bytes secret; ///< after Enrol, this once
    static constexpr void fields(auto use) { use(field(1, &FactorStatus::state), field(2, &FactorStatus::secret)); }
};

/// A book as the public stream has told it so far, to begin with or to mend a replica.
struct BookQuery {
    static constexpr std::uint64_t kType = 53;
    InstrumentId instrument;
    std::uint32_t levels = 0; ///< of each side, best first; at most 10,000
    static constexpr void fields(auto use) { use(field(1, &BookQuery::instrument), field(2, &BookQuery::levels)); }
};
struct BookLevel {
    money::Amount price;
    money::Amount quantity;
    std::uint32_t orders = 0;
    bool operator==(const BookLevel&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &BookLevel::price), field(2, &BookLevel::quantity), field(3, &BookLevel::orders));
    }
};
struct BookSnapshot {
    static constexpr std::uint64_t kType = 54;
    InstrumentId instrument;
    std::uint64_t position = 0;  ///< of the public stream: everything up to here is in it
    std::vector<BookLevel> bids; ///< best first, like the asks
    std::vector<BookLevel> asks;
    std::uint32_t checksum = 0; ///< BookSum.h
    static constexpr void fields(auto use) {
        using B = BookSnapshot;
        use(field(1, &B::instrument), field(2, &B::position), field(3, &B::bids), field(4, &B::asks),
            field(5, &B::checksum));
    }
};

enum class CandleSpan : std::uint8_t { Minute, FiveMinutes, Hour, Day, kCount };
std::int64_t msOf(CandleSpan span);
/// The trades of a stretch of time, summed up. Stretches without a trade have none.
struct CandleQuery {
    static constexpr std::uint64_t kType = 55;
    InstrumentId instrument;
    CandleSpan span{};
    std::int64_t beforeMs = 0; ///< only those that begin before; zero: from the newest
    std::uint32_t limit = 0;   ///< at most 1,000
    static constexpr void fields(auto use) {
        use(field(1, &CandleQuery::instrument), field(2, &CandleQuery::span), field(3, &CandleQuery::beforeMs),
            field(4, &CandleQuery::limit));
    }
};
struct Candle {
    std::int64_t startMs = 0;
    money::Amount open; ///< prices: quote for one whole base unit
    money::Amount high;
    money::Amount low;
    money::Amount close;
    money::Amount volume; ///< base
    money::Amount fiat;   ///< quote
    std::uint64_t trades = 0;
    std::uint64_t sequence = 0; ///< of the command that traded last
    bool operator==(const Candle&) const = default;
    static constexpr void fields(auto use) {
        using C = Candle;
        use(field(1, &C::startMs), field(2, &C::open), field(3, &C::high), field(4, &C::low), field(5, &C::close),
            field(6, &C::volume), field(7, &C::fiat), field(8, &C::trades), field(9, &C::sequence));
    }
};
struct CandlePage {
    static constexpr std::uint64_t kType = 56;
    std::vector<Candle> candles; ///< newest first
    std::uint64_t standsAt = 0;  ///< the journal sequence up to which they count
    static constexpr void fields(auto use) { use(field(1, &CandlePage::candles), field(2, &CandlePage::standsAt)); }
};

// --- to the key server ---------------------------------------------------------------------------------------------

/// The seller, before B3: give me a one-sale key for these terms.
struct DepositKeyRequest {
    static constexpr std::uint64_t kType = 20;
    engine::Terms terms;
    Signature sellerSignature; ///< TermsAcceptance
    static constexpr void fields(auto use) {
        use(field(1, &DepositKeyRequest::terms), field(2, &DepositKeyRequest::sellerSignature));
    }
};
/// {t, e}, label "deposit-key".
struct DepositKeyNote {
    Hash terms;
    BoxKey key;
    static constexpr void fields(auto use) { use(field(1, &DepositKeyNote::terms), field(2, &DepositKeyNote::key)); }
};
struct DepositKeyReply {
    static constexpr std::uint64_t kType = 21;
    DepositKeyNote note;
    Signature signature;
    static constexpr void fields(auto use) {
        use(field(1, &DepositKeyReply::note), field(2, &DepositKeyReply::signature));
    }
};
/// B3. Answered by Accepted when the deposit is durable; the check of B4 follows by itself.
struct Deposit {
    static constexpr std::uint64_t kType = 22;
    Hash terms;
    SaleId sale;
    Bytes box;
    static constexpr void fields(auto use) {
        use(field(1, &Deposit::terms), field(2, &Deposit::sale), field(3, &Deposit::box));
    }
};
/// B9, from the coordinator: sign a fresh "key ready". The contract is sent along, since the key server has not seen
/// both signatures before.
struct KeyReadyRequest {
    static constexpr std::uint64_t kType = 23;
    engine::Contract contract;
    engine::KeyReady ready;
    static constexpr void fields(auto use) {
        use(field(1, &KeyReadyRequest::contract), field(2, &KeyReadyRequest::ready));
    }
};
struct KeyReadyReply {
    static constexpr std::uint64_t kType = 24;
    Signature signature;
    static constexpr void fields(auto use) { use(field(1, &KeyReadyReply::signature)); }
};
/// In a dispute, from the coordinator: the buyer says that the file is not what the seller has signed. Answered by
/// Accepted once a verdict is signed; it goes to the coordinator as a command.
struct JudgeRequest {
    static constexpr std::uint64_t kType = 45;
    SaleId sale;
    engine::UnlockReceipt complaint; ///< R14
    Signature signature;             ///< the buyer's
    static constexpr void fields(auto use) {
        use(field(1, &JudgeRequest::sale), field(2, &JudgeRequest::complaint), field(3, &JudgeRequest::signature));
    }
};
/// B8 where the terms say KeyWay::PartOneEarly, from the coordinator: the money is final. Answered by Accepted; part 1
/// goes to the coordinator as a command.
struct GivePart1 {
    static constexpr std::uint64_t kType = 58;
    SaleId sale;
    engine::Contract contract;
    static constexpr void fields(auto use) { use(field(1, &GivePart1::sale), field(2, &GivePart1::contract)); }
};
/// {k, part, nonce}, label "auth": the buyer asks for a part (again). The nonce is the key server's, from Challenge.
struct FetchNote {
    IdentityKey server;
    Hash contract;
    std::uint8_t part = 0;
    Hash nonce;
    static constexpr void fields(auto use) {
        use(field(1, &FetchNote::server), field(2, &FetchNote::contract), field(3, &FetchNote::part),
            field(4, &FetchNote::nonce));
    }
};
/// To either server.
struct ChallengeRequest {
    static constexpr std::uint64_t kType = 26;
    static constexpr void fields(auto use) { use(); }
};
struct Challenge {
    static constexpr std::uint64_t kType = 27;
    Hash nonce;
    static constexpr void fields(auto use) { use(field(1, &Challenge::nonce)); }
};
struct FetchPart {
    static constexpr std::uint64_t kType = 28;
    FetchNote note;
    Signature signature; ///< the buyer's
    static constexpr void fields(auto use) { use(field(1, &FetchPart::note), field(2, &FetchPart::signature)); }
};
struct KeyPart {
    static constexpr std::uint64_t kType = 29;
    engine::KeyPartNote note;
    Signature signature;
    Bytes box;
    static constexpr void fields(auto use) {
        use(field(1, &KeyPart::note), field(2, &KeyPart::signature), field(3, &KeyPart::box));
    }
};

struct Accepted {
    static constexpr std::uint64_t kType = 40;
    static constexpr void fields(auto use) { use(); }
};

/// Why a server does not do what a frame asks.
enum class FrameProblem : std::uint8_t {
    Malformed,
    UnknownVersion,
    SignatureInvalid,
    Busy, ///< a queue is full; try again
    Stopping,
    NotFound, ///< no such sale, deposit or part (yet)
    // key server, B3 and B4
    WrongServer,       ///< the terms name another key server
    DepositDiffers,    ///< another deposit was accepted for these terms
    DepositUnreadable, ///< the box does not open or does not fit its signature
    PasswordWrong,     ///< P1 is not the recipient's
    SealedFileMissing,
    SealedFileWrong, ///< P1 does not open it, or a root differs
    // key server, B9, B12, B13
    ContractWrong,
    NotPaid, ///< the receipts do not prove that the seller is paid
    Internal,
    // key server, checks of P1: at the deposit, B4, B9
    RecipientsWrong,   ///< not exactly one stanza of type X25519
    HeaderForged,      ///< no header that P1 opens, or its MAC does not match
    ContentWrong,      ///< P1 opens the agreed bytes, but to other content than the plain root names
    StoredFileAltered, ///< the file store holds other bytes than the sealed root names
    PartDamaged,       ///< what the key server keeps does not open what it vouched for
    // key server, spot check
    SpotTooEarly,   ///< before B4
    SpotTooLate,    ///< from B9 on
    SpotNotYours,   ///< only the buyer of the terms may ask
    SpotTooSmall,   ///< under 100 portions: the budget is none
    SpotDiffers,    ///< another commitment was made for these terms
    SpotOutdated,   ///< other portions were opened since the commitment: commit again, with another nonce
    SpotNonceWrong, ///< not the nonce that was committed to
    SpotNotDrawn,   ///< the portion is not among those drawn
    // coordinator
    SessionNeeded,   ///< the link's identity has not proved its key
    SignatureNeeded, ///< a command of this kind is signed by itself
    // coordinator, one-time codes
    CodeWrong,      ///< not of now, or it counted before
    CodesTooMany,   ///< wrong ones; detail: how many seconds none is looked at
    FactorMissing,  ///< nothing is enrolled, or confirmed, yet
    FactorExists,   ///< one is confirmed: changing it takes a code of it
    ClockUncertain, ///< the coordinator's clock waits for its operator
    // seller's app, B8
    DeliveryNotYours,  ///< only the buyer of the sale may ask
    DeliveryTooEarly,  ///< the money is not final
    DeliveryOver,      ///< the sale has ended without a delivery
    SealedCopyMissing, ///< the seller's app has let go of its sealed file, or never had it
    SealedCopyDamaged, ///< it is not what was sold any more
    // key server, couriers
    CourierNotOffered, ///< this key server does not send part 2 this way
    AddressUnfit,      ///< nothing can be sent there
    CourierNotYours,   ///< only the buyer of the terms may ask
    // seller's app, B8
    DeliveryCrowded, ///< too many ask just now that have bought nothing here: again in a moment
    kCount
};
const char* nameOf(FrameProblem problem);

/// Whose doing a problem is, as far as it tells.
enum class Blame : std::uint8_t { Nobody, Asker, Seller, FileStore, KeyServer, kCount };
Blame blameOf(FrameProblem problem);
struct Problem {
    static constexpr std::uint64_t kType = 41;
    FrameProblem problem{};
    std::string detail;
    static constexpr void fields(auto use) { use(field(1, &Problem::problem), field(2, &Problem::detail)); }
};

/// What copies, moves and ends one is compiled in Frames.cpp alone, since it takes long.
struct Request : std::variant<Submit, Hello, HistoryQuery, TrialBalanceQuery, DepositKeyRequest, Deposit,
                              KeyReadyRequest, Release, ChallengeRequest, FetchPart, SpotCommit, SpotReveal, SpotOpen,
                              OpenSession, SubmitUnsigned, SessionSetting, FactorRequest, BookQuery, CandleQuery,
                              JudgeRequest, TrailQuery, PortionHashQuery, SealedPortionQuery, GivePart1, PracticePay,
                              PracticeQuery, SetCourier, CourierQuery, WitnessQuery, OwedQuery> {
    using variant::variant;
    Request();
    Request(const Request& other);
    Request(Request&& other) noexcept;
    Request& operator=(const Request& other);
    Request& operator=(Request&& other) noexcept;
    ~Request();
};
/// The kType of an encoded request; zero if it is none.
std::uint64_t requestTypeOf(ByteView frame);
/// What copies, moves and ends one is compiled in Frames.cpp alone, since it takes long.
struct Answer
    : std::variant<Submitted, Welcome, HistoryPage, TrialBalance, DepositKeyReply, KeyReadyReply, Challenge, KeyPart,
                   SpotNonce, SpotAttest, SpotPortion, Accepted, Problem, FactorStatus, BookSnapshot, CandlePage, Trail,
                   PortionHashPage, SealedPortion, PracticeSum, CourierState, Witness, Owed> {
    using variant::variant;
    Answer();
    Answer(const Answer& other);
    Answer(Answer&& other) noexcept;
    Answer& operator=(const Answer& other);
    Answer& operator=(Answer&& other) noexcept;
    ~Answer();
};

/// What flows out of a subscription: an event, with its place in the journal.
struct StreamItem {
    std::uint64_t sequence = 0; ///< of the command that caused it; deadlines: of the last command before
    std::uint64_t position = 0; ///< rises by one an item of this stream: the cursor
    Bytes event;
    std::optional<std::uint32_t> checksum{}; ///< LevelChanged: of its instrument's book after it (BookSum.h)
    static constexpr void fields(auto use) {
        use(field(1, &StreamItem::sequence), field(2, &StreamItem::position), field(3, &StreamItem::event),
            field(4, &StreamItem::checksum));
    }
};

} // namespace tallylock::wire

// Coded once, in Frames.cpp: what takes long to compile is not compiled wherever it is used.
namespace tallylock {
extern template Bytes encodeCbor(const wire::Request&);
extern template Bytes encodeCbor(const wire::Answer&);
extern template Result<wire::Request, CborError> decodeCbor(ByteView);
extern template Result<wire::Answer, CborError> decodeCbor(ByteView);
} // namespace tallylock
