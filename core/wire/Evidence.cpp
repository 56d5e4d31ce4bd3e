#include "core/wire/Evidence.h"

#include "core/wire/EvidenceCheck.h"

#include <algorithm>

namespace tallylock::wire {

namespace {
using engine::LedgerPosted;
using engine::ReceiptMade;

/// The edge by which a sale has gone from one state to the next, and the row of what may have caused it.
struct Way {
    escrow::SaleEvent event{};
    escrow::SaleActor signer{};
};

bool isCause(const EventCause& cause, escrow::SaleEvent event, std::uint64_t command) {
    return cause.event == event && cause.command == command;
}

class Checker {
public:
    explicit Checker(const Evidence& evidence) : m_trail(evidence.trail), m_facts(evidence.coordinator) {}

    Result<SaleStory, EvidenceFault> run() {
        if (m_trail.links.empty()) return fault(EvidenceError::Empty);
        const auto signedByCoordinator =
            crypto::verify(m_facts.coordinator, "trail", encodeCbor(m_trail.note), m_trail.signature);
        if (!signedByCoordinator) return fault(EvidenceError::NoteForged);
        m_facts.sale = m_trail.links.front().receipt.sale;
        m_facts.buyerSignature = m_trail.buyerSignature;
        for (const TrailLink& link : m_trail.links) {
            ++m_number;
            if (const auto error = check(link)) return fault(*error);
            m_before = &link.receipt;
        }
        m_number = 0;
        const TrailNote expected = trailNoteOf(m_trail.links, m_trail.note.journalHead);
        if (encodeCbor(expected) != encodeCbor(m_trail.note)) return fault(EvidenceError::NoteDiffers);
        if (m_trail.buyerSignature && !m_facts.buyerSigned()) return fault(EvidenceError::SignatureUnneeded);
        if (m_trail.release && !isOfPayout(*m_trail.release)) return fault(EvidenceError::ReleaseForged);
        return story();
    }

private:
    bool isOfPayout(const Release& release) const {
        const auto paid = std::find_if(m_lines.begin(), m_lines.end(), [&release](const StoryLine& line) {
            return line.receipt.stateAfter == engine::SaleState::SellerPaid &&
                   line.receipt.entry == release.payout.entry && release.payout.entry;
        });
        return paid != m_lines.end() && m_facts.contract &&
               isReleaseOf(release, m_facts.sale, *m_facts.contract, m_facts.coordinator);
    }

    Err<EvidenceFault> fault(EvidenceError error) const { return Err(EvidenceFault{error, m_number}); }

    SaleStory story() {
        SaleStory story;
        story.sale = m_facts.sale;
        story.lines = std::move(m_lines);
        story.terms = m_facts.terms;
        story.coordinator = m_facts.coordinator;
        story.buyer = *m_facts.buyer;
        story.seller = m_facts.seller;
        story.contract = m_facts.contract;
        story.journalHead = m_trail.note.journalHead;
        std::copy(std::begin(m_facts.proven), std::end(m_facts.proven), std::begin(story.proven));
        return story;
    }

    std::optional<EvidenceError> check(const TrailLink& link) {
        const ReceiptMade& receipt = link.receipt;
        if (receipt.sale != m_facts.sale) return EvidenceError::OtherSale;
        if (receipt.previous != (m_before ? receiptHash(*m_before) : Hash{})) return EvidenceError::ChainBroken;
        if (m_before && receipt.timeMs < m_before->timeMs) return EvidenceError::TimeReversed;

        if (receipt.command.isZero() && link.command) return EvidenceError::CommandUnneeded;
        if (!receipt.command.isZero() && !link.command) return EvidenceError::CommandMissing;
        std::optional<engine::Command> command;
        if (link.command) {
            auto opened = openCommand(*link.command);
            if (!opened) return EvidenceError::CommandForged;
            if (opened->hash != receipt.command || opened->signer != receipt.signer) {
                return EvidenceError::CommandDiffers;
            }
            command = std::move(*opened);
        }
        const std::uint64_t type = command ? typeOf(command->body) : 0;
        const auto way = wayOf(receipt, type);
        if (!way) return way.error();

        StoryLine line{receipt, way->event, {}, link.entry};
        if (command) line.command = std::move(command->body);
        if (const auto wrong = m_facts.learn(line, way->signer)) return wrong;
        if (const auto wrong = checkEntry(link)) return wrong;
        if (const auto wrong = m_facts.conclude(line)) return wrong;
        m_lines.push_back(std::move(line));
        return std::nullopt;
    }

    Result<Way, EvidenceError> wayOf(const ReceiptMade& receipt, std::uint64_t command) const {
        if (!m_before) {
            const bool first = receipt.stateAfter == escrow::SaleState::Offered && receipt.step == 1 &&
                               receipt.actor == escrow::SaleActor::Buyer;
            if (!first) return Err(EvidenceError::StepImpossible);
            if (command != engine::MakeOffer::kType) return Err(EvidenceError::CommandUnfit);
            return Way{escrow::SaleEvent::OfferMade, escrow::SaleActor::Buyer};
        }
        bool possible = false;
        for (const escrow::SaleEdge& edge : escrow::saleTable()) {
            if (edge.from != m_before->stateAfter || edge.to != receipt.stateAfter || edge.step != receipt.step ||
                edge.actor != receipt.actor) {
                continue;
            }
            possible = true;
            for (const EventCause& cause : eventCauses()) {
                if (isCause(cause, edge.event, command)) return Way{edge.event, cause.signer};
            }
        }
        return Err(possible ? EvidenceError::CommandUnfit : EvidenceError::StepImpossible);
    }

    std::optional<EvidenceError> checkEntry(const TrailLink& link) const {
        const EntryId named = link.receipt.entry;
        if (!named) return link.entry ? std::optional(EvidenceError::EntryDiffers) : std::nullopt;
        if (!link.entry) return EvidenceError::EntryMissing;
        const LedgerPosted& entry = *link.entry;
        const bool same = entry.entry == named && entry.sale == link.receipt.sale &&
                          entry.timeMs == link.receipt.timeMs && sumsToZero(entry);
        return same ? std::nullopt : std::optional(EvidenceError::EntryDiffers);
    }

    const Trail& m_trail;
    TrailFacts m_facts;
    const ReceiptMade* m_before = nullptr;
    std::size_t m_number = 0; ///< of the receipt that is being looked at
    std::vector<StoryLine> m_lines;
};
} // namespace

Result<Evidence, EvidenceError> readEvidence(ByteView file) {
    if (file.size() > kMaxEvidenceSize) return Err(EvidenceError::TooLarge);
    auto evidence = decodeCbor<Evidence>(file);
    if (!evidence) return Err(EvidenceError::Malformed);
    if (evidence->format != kEvidenceFormat) return Err(EvidenceError::UnknownFormat);
    return std::move(*evidence);
}

Result<SaleStory, EvidenceFault> checkEvidence(const Evidence& evidence) { return Checker(evidence).run(); }

const char* nameOf(EvidenceError error) {
    switch (error) {
    case EvidenceError::Malformed: return "malformed";
    case EvidenceError::UnknownFormat: return "unknown format";
    case EvidenceError::TooLarge: return "too large";
    case EvidenceError::Empty: return "empty";
    case EvidenceError::NoteForged: return "note forged";
    case EvidenceError::NoteDiffers: return "note differs";
    case EvidenceError::OtherSale: return "other sale";
    case EvidenceError::ChainBroken: return "chain broken";
    case EvidenceError::TimeReversed: return "time reversed";
    case EvidenceError::StepImpossible: return "step impossible";
    case EvidenceError::CommandMissing: return "command missing";
    case EvidenceError::CommandUnneeded: return "command unneeded";
    case EvidenceError::CommandForged: return "command forged";
    case EvidenceError::CommandDiffers: return "command differs";
    case EvidenceError::CommandUnfit: return "command unfit";
    case EvidenceError::SignerWrong: return "signer wrong";
    case EvidenceError::TermsWrong: return "terms wrong";
    case EvidenceError::ContractWrong: return "contract wrong";
    case EvidenceError::StatementForged: return "statement forged";
    case EvidenceError::EntryMissing: return "entry missing";
    case EvidenceError::EntryDiffers: return "entry differs";
    case EvidenceError::PaymentDiffers: return "payment differs";
    case EvidenceError::SignatureUnneeded: return "signature unneeded";
    case EvidenceError::ReleaseForged: return "release forged";
    case EvidenceError::DeadlineEarly: return "deadline early";
    case EvidenceError::kCount: break;
    }
    return "?";
}

} // namespace tallylock::wire
