// The projections, wherever their tables are: tables for people (Schema.h), the events themselves, and the streams of
// the parties.
//
// A stream is numbered from 1 for each reader: 0 is the public one, every other is a holder's. The numbers follow from
// the journal alone, so rebuilt tables give the same ones and a cursor stays good.
#pragma once

#include "core/ports/Projector.h"
#include "core/store/HistoryTables.h"
#include "core/store/MarketTables.h"
#include "core/store/StreamTables.h"
#include "core/store/Tables.h"

namespace tallylock::store {

/// Owned by one thread.
class TablesProjector final : public ports::Projector {
public:
    /// Tables that are missing, damaged or of another version are made anew: they then stand at batch 0.
    static Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> open(std::unique_ptr<TableStore> store);

    ports::ProjectedPlace standsAt() const override { return m_place; }
    Done project(std::span<const ports::ProjectedBatch> batches) override;
    Done clear() override;
    Result<std::vector<wire::HistoryRow>, ports::StoreFailure> history(HolderId reader,
                                                                       const wire::HistoryQuery& query) override;
    Result<wire::BookSnapshot, ports::StoreFailure> book(const wire::BookQuery& query) override;
    Result<wire::CandlePage, ports::StoreFailure> candles(const wire::CandleQuery& query) override;
    Result<std::vector<wire::StreamItem>, ports::StoreFailure> stream(HolderId reader, std::uint64_t cursor,
                                                                      std::size_t limit) override {
        return m_streams.items(reader, cursor, limit, kMaxPageBytes);
    }
    Result<std::optional<ports::EventPlace>, ports::StoreFailure> placeOf(HolderId reader,
                                                                          std::uint64_t position) override {
        return m_history.placeOf(reader, position);
    }
    Result<ports::HistoryBatch, ports::StoreFailure> historyBatch(std::uint64_t number) override {
        return m_history.batch(number);
    }
    Result<Hash, ports::StoreFailure> historyNode(unsigned level, std::uint64_t index) override {
        return m_history.node(level, index);
    }
    Result<std::optional<ports::OwedDay>, ports::StoreFailure> owedDay() override { return m_history.owedDay(); }
    Result<std::vector<ports::OwedRow>, ports::StoreFailure> owed(std::uint32_t day, const ports::OwedRow& after,
                                                                  std::size_t limit) override {
        return m_history.owed(day, after, limit);
    }

private:
    /// A page stays well below what a frame may hold.
    static constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20;

    explicit TablesProjector(std::unique_ptr<TableStore> store)
        : m_store(std::move(store)),
          m_tables(*m_store),
          m_streams(*m_store),
          m_market(*m_store),
          m_history(*m_store) {}
    Done makeTables();
    Done fillAnew();
    Done readPlace();
    Done writeAll(std::span<const ports::ProjectedBatch> batches);
    Done writeBatch(const ports::ProjectedBatch& batch);
    /// `index` within its command, `leaf` within its batch.
    Done writeEvent(const ports::Projected& cause, std::uint64_t index, std::uint64_t leaf, const engine::Event& event);
    Result<Bytes, ports::StoreFailure> bodyOf(std::uint64_t event);

    std::unique_ptr<TableStore> m_store;
    Tables m_tables;
    StreamTables m_streams;
    MarketTables m_market;
    HistoryTables m_history;
    ports::ProjectedPlace m_place;
    std::uint64_t m_lastEvent = 0;
};

} // namespace tallylock::store
