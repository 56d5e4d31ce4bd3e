#include "core/store/HistoryTables.h"

#include "core/crypto/MerkleLog.h"
#include "core/wire/Witness.h"

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr std::uint32_t kKeptDays = 3; ///< of which the single balances are kept

/// 0 if nothing in it tells its time.
std::uint32_t dayOf(const ports::ProjectedBatch& batch) {
    const std::int64_t timeMs = batch.causes.empty() ? batch.timeMs : batch.causes.front().timeMs;
    return timeMs < 0 ? 0 : static_cast<std::uint32_t>(timeMs / kDayMs);
}
} // namespace

StoreFailure HistoryTables::missing(const std::string& what) const {
    return {StoreError::Damaged, m_db->name() + ": " + what};
}

Done HistoryTables::load() {
    m_lastNodes.clear();
    const auto day = m_db->number("SELECT day FROM place");
    if (!day) return Err(day.error());
    m_day = static_cast<std::uint32_t>(day->value_or(0));
    return {};
}

bool HistoryTables::endsDay(const ports::ProjectedBatch& batch) const {
    return batch.place.batch > 1 && dayOf(batch) > m_day;
}

Done HistoryTables::closeDay(const ports::ProjectedBatch& batch, const ports::ProjectedPlace& last) {
    const std::uint32_t day = dayOf(batch) - 1;
    auto done =
        m_db->change("INSERT INTO owed_day VALUES (?, ?, ?, ?)", {day, last.batch, last.sequence, last.head.view()});
    if (done)
        done = m_db->change("INSERT INTO owed SELECT ?, holder, unit, total FROM balance WHERE total <> '0'", {day});
    if (done) done = m_db->change("DELETE FROM owed WHERE day + ? <= ?", {kKeptDays, day});
    return done;
}

Done HistoryTables::add(const ports::ProjectedBatch& batch, std::uint64_t lastEvent) {
    m_day = std::max(m_day, dayOf(batch));
    Bytes leaves;
    leaves.reserve(batch.leaves.size() * Hash::kSize);
    for (const Hash& leaf : batch.leaves) append(leaves, leaf.view());
    auto done = m_db->addRow("INSERT INTO batch VALUES (?, ?, ?, ?)",
                             {batch.place.batch, lastEvent, batch.place.head.view(), ByteView(leaves)});
    if (!done) return done;
    StoreFailure failure;
    const crypto::MerkleNodes nodes = [&](unsigned level, std::uint64_t index) -> std::optional<Hash> {
        auto hash = leftOf(level, index);
        if (hash) return *hash;
        failure = hash.error();
        return std::nullopt;
    };
    const Hash leaf = wire::historyLeaf(batch.place.head, crypto::merkleRoot(batch.leaves));
    const auto added = crypto::merkleAdd(nodes, batch.place.batch - 1, leaf);
    if (!added) return Err(failure);
    for (const crypto::MerkleAddition& one : *added) {
        done = m_db->addRow("INSERT INTO history_node VALUES (?, ?, ?)", {one.level, one.index, one.hash.view()});
        if (!done) return done;
        m_lastNodes[one.level] = {one.index, one.hash};
    }
    return done;
}

Result<Hash, StoreFailure> HistoryTables::leftOf(unsigned level, std::uint64_t index) {
    const auto last = m_lastNodes.find(level);
    if (last != m_lastNodes.end() && last->second.first == index) return last->second.second;
    return node(level, index);
}

Result<std::optional<ports::EventPlace>, StoreFailure> HistoryTables::placeOf(HolderId reader, std::uint64_t position) {
    std::optional<ports::EventPlace> place;
    if (position > INT64_MAX) return place;
    std::uint64_t id = 0;
    std::uint64_t leaf = 0;
    const auto done = m_db->read("SELECT e.id, e.leaf FROM stream s JOIN event e ON e.id = s.event"
                                 " WHERE s.holder = ? AND s.position = ?",
                                 {reader.value, position}, [&](const Row& row) {
                                     id = row.number(0);
                                     leaf = row.number(1);
                                     return false;
                                 });
    if (!done) return Err(done.error());
    if (id == 0) return place;
    const auto batch =
        m_db->number("SELECT number FROM batch WHERE last_event >= ? ORDER BY last_event, number LIMIT 1", {id});
    if (!batch) return Err(batch.error());
    if (!*batch) return Err(missing("an event lies in no batch"));
    place = ports::EventPlace{**batch, leaf};
    return place;
}

Result<ports::HistoryBatch, StoreFailure> HistoryTables::batch(std::uint64_t number) {
    std::optional<Hash> head;
    Bytes leaves;
    const auto done = m_db->read("SELECT head, leaves FROM batch WHERE number = ?", {number}, [&](const Row& row) {
        head = Hash::from(row.bytes(0));
        leaves = bytesOf(row.bytes(1));
        return false;
    });
    if (!done) return Err(done.error());
    if (!head || leaves.size() % Hash::kSize != 0) return Err(missing("batch " + std::to_string(number)));
    ports::HistoryBatch batch{*head, {}};
    for (ByteView rest = leaves; !rest.empty(); rest = rest.subspan(Hash::kSize))
        batch.leaves.push_back(*Hash::from(rest.first(Hash::kSize)));
    return batch;
}

Result<Hash, StoreFailure> HistoryTables::node(unsigned level, std::uint64_t index) {
    const auto hash = m_db->bytes("SELECT hash FROM history_node WHERE level = ? AND idx = ?", {level, index});
    if (!hash) return Err(hash.error());
    const auto found = *hash ? Hash::from(**hash) : std::nullopt;
    if (!found) return Err(missing("a node of the history is missing"));
    return *found;
}

Result<std::optional<ports::OwedDay>, StoreFailure> HistoryTables::owedDay() {
    std::optional<ports::OwedDay> day;
    bool isDamaged = false;
    const auto done = m_db->read(
        "SELECT day, batch, sequence, head FROM owed_day ORDER BY day DESC LIMIT 1", {}, [&](const Row& row) {
            const auto head = Hash::from(row.bytes(3));
            isDamaged = !head;
            if (head) {
                day = ports::OwedDay{row.numberAs<std::uint32_t>(0), {row.number(1), row.number(2), *head}};
            }
            return false;
        });
    if (!done) return Err(done.error());
    if (isDamaged) return Err(missing("a day is damaged"));
    return day;
}

Result<std::vector<ports::OwedRow>, StoreFailure> HistoryTables::owed(std::uint32_t day, const ports::OwedRow& after,
                                                                      std::size_t limit) {
    std::vector<ports::OwedRow> owed;
    const auto done = m_db->read("SELECT holder, unit, total FROM owed WHERE day = ? AND (holder, unit) > (?, ?)"
                                 " ORDER BY holder, unit LIMIT ?",
                                 {day, after.holder.value, after.total.unit.value, limit}, [&](const Row& row) {
                                     owed.push_back({{row.number(0)}, row.amount(2, row.unit(1))});
                                     return true;
                                 });
    if (!done) return Err(done.error());
    return owed;
}

} // namespace tallylock::store
