#include "core/host/TrailDesk.h"

#include <algorithm>

namespace tallylock::host {

using wire::FrameProblem;

namespace {
/// Finds commands in the journal by their sequence.
class CommandFinder {
public:
    explicit CommandFinder(std::unique_ptr<ports::Journal> journal) : m_journal(std::move(journal)) {}

    /// As it was signed; nothing if the journal has no such command, or it came without a signature.
    std::optional<Bytes> find(std::uint64_t sequence) {
        if (!holds(sequence) && !search(sequence)) return std::nullopt;
        return m_batch.entries[sequence - m_batch.firstSequence];
    }

private:
    static constexpr std::uint64_t kFirstBatch = 2; // behind the genesis record
    std::uint64_t end() const { return m_batch.firstSequence + m_batch.entries.size(); }
    bool holds(std::uint64_t sequence) const { return sequence >= m_batch.firstSequence && sequence < end(); }

    bool load(std::uint64_t record) {
        bool fits = false;
        const auto read = m_journal->read(record, [&](std::uint64_t, ByteView bytes) {
            auto batch = decodeCbor<wire::Batch>(bytes);
            fits = batch.ok();
            if (fits) m_batch = std::move(*batch);
            return false;
        });
        return read && fits;
    }
    /// The first batch that ends behind the sequence.
    bool search(std::uint64_t sequence) {
        std::uint64_t low = kFirstBatch;
        std::uint64_t high = m_journal->size() + 1;
        while (low < high) {
            const std::uint64_t middle = low + (high - low) / 2;
            if (!load(middle)) return false;
            if (end() > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low <= m_journal->size() && load(low) && holds(sequence);
    }

    std::unique_ptr<ports::Journal> m_journal;
    wire::Batch m_batch;
};

wire::Problem internalProblem(std::string what) { return {FrameProblem::Internal, std::move(what)}; }

template <class Event>
std::optional<Event> eventIn(const wire::HistoryRow& row) {
    const auto body = wire::decodeEvent(row.event);
    const Event* event = body ? engine::bodyIf<Event>(*body) : nullptr;
    return event ? std::optional(*event) : std::nullopt;
}
} // namespace

bool TrailDesk::ask(HolderId reader, const Position& at, const wire::TrailQuery& query, Done done) {
    return m_thread.post([=, this, done = std::move(done)] { done(answer(reader, at, query)); }, kMostWaiting);
}

std::optional<std::vector<wire::HistoryRow>> TrailDesk::eventsOf(HolderId reader, SaleId sale, std::uint64_t kind,
                                                                 std::uint64_t minSequence) {
    wire::HistoryQuery query;
    query.eventType = kind;
    query.sale = sale;
    query.limit = 1000;
    query.minSequence = minSequence;
    std::vector<wire::HistoryRow> rows;
    for (;;) {
        const auto promise = std::make_shared<std::promise<std::optional<wire::HistoryPage>>>();
        auto answer = promise->get_future();
        auto reply = std::make_shared<Once<std::optional<wire::HistoryPage>>>(
            [promise](auto page) { promise->set_value(std::move(page)); }, std::nullopt);
        m_projection.history(reader, query, [reply](wire::HistoryPage page) { (*reply)(std::move(page)); });
        reply.reset();
        auto page = answer.get();
        if (!page || page->stale) return std::nullopt;
        if (page->rows.empty()) break;
        query.beforeSequence = page->rows.back().sequence;
        std::move(page->rows.begin(), page->rows.end(), std::back_inserter(rows));
    }
    std::reverse(rows.begin(), rows.end());
    return rows;
}

wire::Answer TrailDesk::answer(HolderId reader, const Position& at, const wire::TrailQuery& query) {
    const auto receipts = eventsOf(reader, query.sale, engine::ReceiptMade::kType, at.sequence);
    const auto entries = eventsOf(reader, query.sale, engine::LedgerPosted::kType, at.sequence);
    const auto sales = eventsOf(reader, query.sale, engine::SaleChanged::kType, at.sequence);
    if (!receipts || !entries || !sales) return wire::Problem{FrameProblem::Busy, {}};
    if (!reader || !query.sale || receipts->empty() || sales->empty() || query.after > receipts->size()) {
        return wire::Problem{FrameProblem::NotFound, {}};
    }
    std::map<EntryId, engine::LedgerPosted> posted;
    for (const wire::HistoryRow& row : *entries) {
        if (auto entry = eventIn<engine::LedgerPosted>(row)) posted.emplace(entry->entry, std::move(*entry));
    }
    auto journal = m_openJournal();
    if (!journal) return internalProblem(journal.error().detail);
    CommandFinder commands(std::move(*journal));

    std::vector<wire::TrailLink> links;
    for (const wire::HistoryRow& row : *receipts) {
        auto receipt = eventIn<engine::ReceiptMade>(row);
        if (!receipt) return internalProblem("a receipt in the tables is not readable");
        wire::TrailLink link{*receipt, {}, {}};
        if (const auto found = posted.find(link.receipt.entry); found != posted.end()) link.entry = found->second;
        if (!link.receipt.command.isZero() && links.size() >= query.after) {
            link.command = commands.find(row.sequence);
            const auto read = link.command ? wire::readCommand(*link.command) : Err(wire::WireError::Malformed);
            if (!read || read->hash != link.receipt.command) {
                return internalProblem("the journal has another command at " + std::to_string(row.sequence));
            }
        }
        links.push_back(std::move(link));
    }
    const auto sale = eventIn<engine::SaleChanged>(sales->back());
    // A payout that came between the questions is for the next answer: what it names must be in this one.
    const bool isPaid = sale && sale->payoutEntry && std::any_of(links.begin(), links.end(), [&](const auto& link) {
                            return link.receipt.entry == *sale->payoutEntry;
                        });
    wire::Trail trail;
    if (sale) trail.buyerSignature = sale->buyerSignature;
    if (const auto untilMs = isPaid ? wire::mayBeShownUntilMs(*sale) : std::nullopt)
        trail.release = wire::releaseOf(*sale, m_identity, at.head, untilMs);
    trail.note = wire::trailNoteOf(links, at.head);
    trail.signature = wire::signTrail(trail.note, m_identity);
    trail.links.assign(std::make_move_iterator(links.begin() + static_cast<std::ptrdiff_t>(query.after)),
                       std::make_move_iterator(links.end()));
    return trail;
}

} // namespace tallylock::host
