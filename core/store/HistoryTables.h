// The history as a tree (wire/Witness.h), and what was owed at the end of each day, as tables.
//
// A batch is a row with the leaves of its events hash, and one or two nodes of the tree. Inside a transaction of the
// caller's; after one that failed, load() anew.
#pragma once

#include "core/ports/Projector.h"
#include "core/store/TableStore.h"

#include <map>

namespace tallylock::store {

class HistoryTables {
public:
    explicit HistoryTables(TableStore& store) : m_db(&store) {}
    /// What the tables hold.
    Done load();

    /// The day (UTC, since 1970-01-01) of the last batch; 0 before the first.
    std::uint32_t day() const { return m_day; }
    /// Whether this batch is the first of a later day than the last one's.
    bool endsDay(const ports::ProjectedBatch& batch) const;
    /// Keeps the balances as they stand for the day before this batch's. `last`: the batch before it.
    Done closeDay(const ports::ProjectedBatch& batch, const ports::ProjectedPlace& last);
    Done add(const ports::ProjectedBatch& batch, std::uint64_t lastEvent);

    Result<std::optional<ports::EventPlace>, ports::StoreFailure> placeOf(HolderId reader, std::uint64_t position);
    Result<ports::HistoryBatch, ports::StoreFailure> batch(std::uint64_t number);
    Result<Hash, ports::StoreFailure> node(unsigned level, std::uint64_t index);
    Result<std::optional<ports::OwedDay>, ports::StoreFailure> owedDay();
    Result<std::vector<ports::OwedRow>, ports::StoreFailure> owed(std::uint32_t day, const ports::OwedRow& after,
                                                                  std::size_t limit);

private:
    ports::StoreFailure missing(const std::string& what) const;
    /// The node that a batch needs is mostly the last one of its level.
    Result<Hash, ports::StoreFailure> leftOf(unsigned level, std::uint64_t index);

    TableStore* m_db;
    std::uint32_t m_day = 0;
    std::map<unsigned, std::pair<std::uint64_t, Hash>> m_lastNodes; ///< by level: index and hash
};

} // namespace tallylock::store
