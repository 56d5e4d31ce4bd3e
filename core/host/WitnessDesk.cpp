#include "core/host/WitnessDesk.h"

#include "core/base/Once.h"
#include "core/crypto/MerkleLog.h"

#include <future>

namespace tallylock::host {

using wire::FrameProblem;

namespace {
/// A query costs about as much as the batches that it names have events: whoever wants more asks again.
constexpr std::size_t kMostLeavesRead = 65'536;
constexpr std::size_t kRowsAPage = 4'096;

crypto::MerkleNodes nodesOf(ports::Projector& tables) {
    return [&tables](unsigned level, std::uint64_t index) -> std::optional<Hash> {
        auto node = tables.historyNode(level, index);
        if (!node) return std::nullopt;
        return *node;
    };
}

wire::Problem unreadable() { return {FrameProblem::Internal, "the history cannot be read"}; }

/// Proofs for events of one batch after the other.
class Includer {
public:
    Includer(ports::Projector& tables, std::uint64_t batches)
        : m_tables(tables),
          m_nodes(nodesOf(tables)),
          m_batches(batches) {}

    /// False when the tables cannot be read.
    bool add(std::uint64_t position, const ports::EventPlace& place) {
        if (place.batch != m_batch && !load(place.batch)) return false;
        if (place.leaf >= m_tree->count()) return false;
        m_proofs.push_back(
            {position, place.batch, m_head, place.leaf, m_tree->count(), m_tree->path(place.leaf), m_inHistory});
        return true;
    }
    bool isEnough() const { return m_read >= kMostLeavesRead; }
    std::vector<wire::Inclusion> take() { return std::move(m_proofs); }

private:
    bool load(std::uint64_t number) {
        auto batch = m_tables.historyBatch(number);
        auto path = crypto::merkleLogPath(m_nodes, number - 1, m_batches);
        if (!batch || !path) return false;
        m_batch = number;
        m_read += batch->leaves.size();
        m_head = batch->head;
        m_tree.emplace(std::move(batch->leaves));
        m_inHistory = std::move(*path);
        return true;
    }

    ports::Projector& m_tables;
    crypto::MerkleNodes m_nodes;
    std::uint64_t m_batches;
    std::uint64_t m_batch = 0; ///< that is loaded
    std::size_t m_read = 0;
    Hash m_head;
    std::optional<crypto::MerkleTree> m_tree;
    std::vector<Hash> m_inHistory;
    std::vector<wire::Inclusion> m_proofs;
};
} // namespace

void WitnessDesk::witness(HolderId reader, const wire::WitnessQuery& query, Done done) {
    m_projection.read([this, reader, query, done = std::move(done)](ports::Projector& tables) {
        done(answer(reader, query, tables));
    });
}

wire::Answer WitnessDesk::answer(HolderId reader, const wire::WitnessQuery& query, ports::Projector& tables) const {
    const ports::ProjectedPlace at = tables.standsAt();
    if (query.positions.size() > wire::kMostWitnessed) return wire::Problem{FrameProblem::Malformed, "too many"};
    if (at.batch == 0) return wire::Problem{FrameProblem::NotFound, "no history yet"};
    const crypto::MerkleNodes nodes = nodesOf(tables);
    const auto root = crypto::merkleLogRoot(nodes, at.batch);
    if (!root) return unreadable();
    wire::Witness witness;
    witness.head = {at.batch, *root, at.head, at.sequence};
    witness.signature = wire::signHistory(witness.head, m_identity);
    if (query.known > 0 && query.known <= at.batch) {
        auto proof = crypto::merkleLogConsistency(nodes, query.known, at.batch);
        if (!proof) return unreadable();
        witness.consistency = std::move(*proof);
    }
    Includer includer(tables, at.batch);
    for (const std::uint64_t position : query.positions) {
        if (!reader || includer.isEnough()) break;
        const auto place = tables.placeOf(reader, position);
        if (!place) return unreadable();
        if (*place && !includer.add(position, **place)) return unreadable();
    }
    witness.inclusions = includer.take();
    return witness;
}

bool WitnessDesk::owed(HolderId reader, Done done) {
    return m_thread.post([this, reader, done = std::move(done)] { done(answerOwed(reader)); }, kMostWaiting);
}

template <class T>
std::optional<T> WitnessDesk::read(std::function<std::optional<T>(ports::Projector&)> question) {
    const auto promise = std::make_shared<std::promise<std::optional<T>>>();
    auto answer = promise->get_future();
    auto reply = std::make_shared<Once<std::optional<T>>>(
        [promise](std::optional<T> value) { promise->set_value(std::move(value)); }, std::nullopt);
    m_projection.read(
        [reply, question = std::move(question)](ports::Projector& tables) { (*reply)(question(tables)); });
    reply.reset();
    return answer.get();
}

wire::Answer WitnessDesk::answerOwed(HolderId reader) {
    const auto day = read<std::optional<ports::OwedDay>>([](ports::Projector& tables) {
        auto found = tables.owedDay();
        return found ? std::optional(std::move(*found)) : std::nullopt;
    });
    if (!day) return unreadable();
    if (!*day) return wire::Problem{FrameProblem::NotFound, "no day is over yet"};
    if (!isMade(**day)) return unreadable();
    return wire::Owed{m_note, m_signature, m_tree->proofsOf(reader)};
}

/// Of this day: made now if it is not that of the last question.
bool WitnessDesk::isMade(const ports::OwedDay& day) {
    if (m_tree && m_tree->day() == day.day) return m_tree->root().has_value();
    std::vector<ports::OwedRow> rows;
    for (;;) {
        const ports::OwedRow after = rows.empty() ? ports::OwedRow{} : rows.back();
        auto page = read<std::vector<ports::OwedRow>>([number = day.day, after](ports::Projector& tables) {
            auto found = tables.owed(number, after, kRowsAPage);
            return found ? std::optional(std::move(*found)) : std::nullopt;
        });
        if (!page) return false;
        if (page->empty()) break;
        std::move(page->begin(), page->end(), std::back_inserter(rows));
    }
    m_tree.emplace(day.day, std::move(rows), m_identity.vaultKey());
    if (!m_tree->root()) return false;
    m_note = {day.day, day.place.batch, day.place.sequence, day.place.head, m_tree->leaves(), *m_tree->root()};
    m_signature = wire::signOwed(m_note, m_identity);
    return true;
}

} // namespace tallylock::host
