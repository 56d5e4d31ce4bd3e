#include "core/store/HistoryTables.h"

#include "core/crypto/MerkleLog.h"
#include "core/store/Tables.h"
#include "core/wire/Witness.h"

#include <QSqlError>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;
constexpr std::uint32_t kKeptDays = 3; ///< of which the single balances are kept

/// 0 if nothing in it tells its time.
std::uint32_t dayOf(const ports::ProjectedBatch& batch) {
    const std::int64_t timeMs = batch.causes.empty() ? 0 : batch.causes.front().timeMs;
    return timeMs < 0 ? 0 : static_cast<std::uint32_t>(timeMs / kDayMs);
}
} // namespace

StoreFailure HistoryTables::missing(const std::string& what) const {
    return {StoreError::Damaged, m_db->path() + ": " + what};
}

Done HistoryTables::load() {
    const auto day = m_db->valueOf("SELECT day FROM place");
    if (!day) return Err(day.error());
    m_day = day->toUInt();
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
    auto done = m_db->change("INSERT INTO batch VALUES (?, ?, ?, ?)",
                             {batch.place.batch, lastEvent, batch.place.head.view(), ByteView(leaves)});
    if (!done) return done;
    StoreFailure failure;
    const crypto::MerkleNodes nodes = [&](unsigned level, std::uint64_t index) -> std::optional<Hash> {
        auto hash = node(level, index);
        if (hash) return *hash;
        failure = hash.error();
        return std::nullopt;
    };
    const Hash leaf = wire::historyLeaf(batch.place.head, crypto::merkleRoot(batch.leaves));
    const auto added = crypto::merkleAdd(nodes, batch.place.batch - 1, leaf);
    if (!added) return Err(failure);
    for (const crypto::MerkleAddition& one : *added) {
        done = m_db->change("INSERT INTO history_node VALUES (?, ?, ?)", {one.level, one.index, one.hash.view()});
        if (!done) return done;
    }
    return done;
}

Result<std::optional<ports::EventPlace>, StoreFailure> HistoryTables::placeOf(HolderId reader, std::uint64_t position) {
    std::optional<ports::EventPlace> place;
    if (position > INT64_MAX) return place;
    const auto event = m_db->query("SELECT e.id, e.leaf FROM stream s JOIN event e ON e.id = s.event"
                                   " WHERE s.holder = ? AND s.position = ?",
                                   {numberOf(reader.value), numberOf(position)});
    if (!event) return Err(event.error());
    if (!(*event)->next()) return place;
    const std::uint64_t id = unsignedOf((*event)->value(0));
    const std::uint64_t leaf = unsignedOf((*event)->value(1));
    (*event)->finish();
    const auto batch = m_db->valueOf(
        "SELECT number FROM batch WHERE last_event >= ? ORDER BY last_event, number LIMIT 1", {numberOf(id)});
    if (!batch) return Err(batch.error());
    if (!batch->isValid()) return Err(missing("an event lies in no batch"));
    place = ports::EventPlace{unsignedOf(*batch), leaf};
    return place;
}

Result<ports::HistoryBatch, StoreFailure> HistoryTables::batch(std::uint64_t number) {
    const auto row = m_db->query("SELECT head, leaves FROM batch WHERE number = ?", {numberOf(number)});
    if (!row) return Err(row.error());
    if (!(*row)->next()) return Err(missing("there is no batch " + std::to_string(number)));
    const QByteArray head = (*row)->value(0).toByteArray();
    const QByteArray leaves = (*row)->value(1).toByteArray();
    (*row)->finish();
    const auto isHash = Hash::from(viewOf(head));
    if (!isHash || leaves.size() % static_cast<int>(Hash::kSize) != 0) return Err(missing("a batch is damaged"));
    ports::HistoryBatch batch{*isHash, {}};
    for (ByteView rest = viewOf(leaves); !rest.empty(); rest = rest.subspan(Hash::kSize))
        batch.leaves.push_back(*Hash::from(rest.first(Hash::kSize)));
    return batch;
}

Result<Hash, StoreFailure> HistoryTables::node(unsigned level, std::uint64_t index) {
    const auto hash = m_db->valueOf("SELECT hash FROM history_node WHERE level = ? AND idx = ?",
                                    {numberOf(std::uint64_t{level}), numberOf(index)});
    if (!hash) return Err(hash.error());
    const auto found = Hash::from(viewOf(hash->toByteArray()));
    if (!found) return Err(missing("a node of the history is missing"));
    return *found;
}

Result<std::optional<ports::OwedDay>, StoreFailure> HistoryTables::owedDay() {
    std::optional<ports::OwedDay> day;
    const auto row = m_db->query("SELECT day, batch, sequence, head FROM owed_day ORDER BY day DESC LIMIT 1", {});
    if (!row) return Err(row.error());
    if (!(*row)->next()) return day;
    const auto head = Hash::from(viewOf((*row)->value(3).toByteArray()));
    if (!head) return Err(missing("a day is damaged"));
    day =
        ports::OwedDay{(*row)->value(0).toUInt(), {unsignedOf((*row)->value(1)), unsignedOf((*row)->value(2)), *head}};
    (*row)->finish();
    return day;
}

Result<std::vector<ports::OwedRow>, StoreFailure> HistoryTables::owed(std::uint32_t day, const ports::OwedRow& after,
                                                                      std::size_t limit) {
    const auto rows = m_db->query("SELECT holder, unit, total FROM owed WHERE day = ? AND (holder, unit) > (?, ?)"
                                  " ORDER BY holder, unit LIMIT ?",
                                  {numberOf(std::uint64_t{day}), numberOf(after.holder.value),
                                   numberOf(std::uint64_t{after.total.unit.value}), numberOf(std::uint64_t{limit})});
    if (!rows) return Err(rows.error());
    std::vector<ports::OwedRow> owed;
    while ((*rows)->next()) {
        const money::UnitId unit = unitFrom((*rows)->value(1));
        owed.push_back({{unsignedOf((*rows)->value(0))}, amountOf((*rows)->value(2), unit)});
    }
    if ((*rows)->lastError().isValid()) return Err(m_db->failureOf(**rows));
    (*rows)->finish();
    return owed;
}

} // namespace tallylock::store
