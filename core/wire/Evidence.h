// Evidence: the file that a buyer or seller gives to people who were not there, and what they can conclude from it with
// nothing but the file. See docs/decisions/evidence.md, which also says what it cannot prove.
//
//   {1: "tallylock-evidence-v1", 2: coordinator's identity, 3: trail}        canonical CBOR
#pragma once

#include "core/escrow/SaleTable.h"
#include "core/wire/Trail.h"

namespace tallylock::wire {

inline constexpr const char* kEvidenceFormat = "tallylock-evidence-v1";
inline constexpr std::size_t kMaxEvidenceSize = std::size_t{16} << 20;

struct Evidence {
    std::string format = kEvidenceFormat;
    IdentityKey coordinator;
    Trail trail; ///< from the first receipt on
    static constexpr void fields(auto use) {
        use(field(1, &Evidence::format), field(2, &Evidence::coordinator), field(3, &Evidence::trail));
    }
};

enum class EvidenceError : std::uint8_t {
    Malformed, ///< not canonical CBOR of this form
    UnknownFormat,
    TooLarge,
    Empty,             ///< no receipt
    NoteForged,        ///< the coordinator has not signed this note
    NoteDiffers,       ///< the note is of another trail: receipts are missing at the end, or there are more
    OtherSale,         ///< a receipt of another sale
    ChainBroken,       ///< it does not name the receipt before it: one is missing, changed or out of order
    TimeReversed,      ///< it is from before the receipt before it
    StepImpossible,    ///< no sale goes from that state to this one by this step
    CommandMissing,    ///< the signed command that it names is not here
    CommandUnneeded,   ///< a command, though it names none
    CommandForged,     ///< not of a known form, or its signature is wrong
    CommandDiffers,    ///< another command than the one that it names
    CommandUnfit,      ///< a command that does not cause this step, or of another sale
    SignerWrong,       ///< not signed by whom the step takes
    TermsWrong,        ///< the terms are not those of the offer, or name another coordinator
    ContractWrong,     ///< it names another contract
    StatementForged,   ///< a signed statement inside the command is wrong: R4, R8, "key ready", a key part, R14
    EntryMissing,      ///< the ledger entry that it names is not here
    EntryDiffers,      ///< another entry than the one that it names, or its sums are not zero
    PaymentDiffers,    ///< the seller was not paid what the terms say, or another end did not move what it has to
    SignatureUnneeded, ///< a buyer's signature without terms that it fits
    ReleaseForged,     ///< R10 that is not the coordinator's, or not of this sale's payout
    DeadlineEarly,     ///< silence counts before the time that the terms give
    kCount
};
const char* nameOf(EvidenceError error);

struct EvidenceFault {
    EvidenceError error{};
    std::size_t receipt = 0; ///< which one, from 1; 0: the file as a whole
};

/// What the signatures prove.
enum class Proven : std::uint8_t {
    TermsAgreed,     ///< buyer and seller: the same terms
    KeyVouched,      ///< key server: P1 opens these bytes, and is wrapped
    BuyerPaid,       ///< coordinator: the coins are final
    Delivered,       ///< buyer: holds the whole sealed file
    SellerPaid,      ///< coordinator: the ledger entry that paid the seller
    Part1Sent,       ///< key server
    Part2Sent,       ///< key server
    Opened,          ///< buyer: the file has opened
    Refunded,        ///< coordinator
    BuyerMadeWhole,  ///< coordinator: the key was lost
    DataFoundBad,    ///< key server: the file is not what was vouched for
    Decided,         ///< arbiter or deputy: who gets what was held back
    OwnershipPassed, ///< seller: the buyer owns the asset
    kCount
};

struct StoryLine {
    engine::ReceiptMade receipt;
    escrow::SaleEvent event{};
    std::optional<engine::CommandBody> command; ///< none behind a deadline
    std::optional<engine::LedgerPosted> entry;
};
struct SaleStory {
    SaleId sale;
    std::vector<StoryLine> lines;
    std::optional<engine::Terms> terms; ///< signed by the seller
    IdentityKey coordinator;
    IdentityKey buyer;
    std::optional<IdentityKey> seller; ///< once it has signed anything
    std::optional<Hash> contract;
    Hash journalHead;
    bool proven[static_cast<std::size_t>(Proven::kCount)]{};

    bool has(Proven what) const { return proven[static_cast<std::size_t>(what)]; }
    engine::SaleState state() const { return lines.back().receipt.stateAfter; }
    bool isOver() const { return escrow::isTerminal(state()); }
};

/// Reads the form alone.
Result<Evidence, EvidenceError> readEvidence(ByteView file);
/// Checks everything; names the first thing that does not fit.
Result<SaleStory, EvidenceFault> checkEvidence(const Evidence& evidence);

/// Which command, signed by whom, may be behind an event. Several may; a deadline has none.
struct EventCause {
    escrow::SaleEvent event;
    std::uint64_t command; ///< kType; 0: a deadline
    escrow::SaleActor signer;
};
std::span<const EventCause> eventCauses();

} // namespace tallylock::wire
