#include "core/store/TablesProjector.h"

#include "core/money/Unit.h"

#include <algorithm>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::size_t kMaxHistoryRows = 1000;

std::uint64_t typeOf(const engine::EventBody& event) {
    return std::visit([](const auto& body) { return std::decay_t<decltype(body)>::kType; }, event);
}
SaleId saleOf(const engine::EventBody& event) {
    return engine::visitBody(
        [](const auto& body) {
            if constexpr (requires { body.sale; }) {
                return SaleId{body.sale};
            } else {
                return SaleId{};
            }
        },
        event);
}

} // namespace

Result<std::unique_ptr<ports::Projector>, StoreFailure> TablesProjector::open(std::unique_ptr<TableStore> store) {
    std::unique_ptr<TablesProjector> projector(new TablesProjector(std::move(store)));
    if (!projector->m_store->hasTables() || !projector->readPlace()) {
        if (const auto made = projector->clear(); !made) return Err(made.error());
    }
    return std::unique_ptr<ports::Projector>(std::move(projector));
}

Done TablesProjector::readPlace() {
    std::optional<Hash> head;
    auto done = m_store->read("SELECT batch, sequence, head FROM place", {}, [&](const Row& row) {
        head = Hash::from(row.bytes(2));
        if (head) m_place = {row.number(0), row.number(1), *head};
        return false;
    });
    if (!done) return done;
    if (!head) return Err(StoreFailure{StoreError::Damaged, m_store->name() + ": they do not say where they stand"});
    const auto last = m_store->number("SELECT coalesce(max(id), 0) FROM event");
    if (!last) return Err(last.error());
    m_lastEvent = last->value_or(0);
    if (auto loaded = m_history.load(); !loaded) return loaded;
    return m_market.load();
}

Done TablesProjector::clear() {
    m_place = {};
    m_lastEvent = 0;
    m_streams.forget();
    m_tables.forget();
    auto done = makeTables();
    if (done) done = m_history.load();
    if (done) done = m_market.load();
    return done;
}

Done TablesProjector::makeTables() {
    auto done = m_store->beginAnew();
    if (done) done = fillAnew();
    if (done) done = m_store->commit();
    if (!done) m_store->rollback();
    return done;
}

Done TablesProjector::fillAnew() {
    for (const money::Unit& unit : money::allUnits()) {
        auto done = m_store->change("INSERT INTO unit VALUES (?, ?, ?)",
                                    {unit.id.value, std::string(unit.code), unit.ledgerDecimals});
        if (!done) return done;
    }
    return m_store->change("INSERT INTO place VALUES (1, 0, 0, ?, 0)", {Hash{}.view()});
}

Done TablesProjector::project(std::span<const ports::ProjectedBatch> batches) {
    const std::uint64_t lastEvent = m_lastEvent;
    m_streams.begin();
    auto done = m_store->begin();
    if (done) done = writeAll(batches);
    if (done) done = m_store->commit();
    if (!done) {
        m_store->rollback();
        m_lastEvent = lastEvent;
        m_streams.forget();
        m_tables.forget();
        (void)m_market.load();
        (void)m_history.load();
        return done;
    }
    m_place = batches.back().place;
    return {};
}

Done TablesProjector::writeAll(std::span<const ports::ProjectedBatch> batches) {
    ports::ProjectedPlace before = m_place;
    for (const ports::ProjectedBatch& batch : batches) {
        if (m_history.endsDay(batch)) { // the balances as they are when the day ends
            if (auto flushed = m_tables.flush(); !flushed) return flushed;
            if (auto closed = m_history.closeDay(batch, before); !closed) return closed;
        }
        if (auto written = writeBatch(batch); !written) return written;
        before = batch.place;
    }
    if (auto flushed = m_tables.flush(); !flushed) return flushed;
    if (auto flushed = m_market.flush(); !flushed) return flushed;
    if (auto flushed = m_streams.flush(); !flushed) return flushed;
    return m_store->change("UPDATE place SET batch = ?, sequence = ?, head = ?, day = ?",
                           {before.batch, before.sequence, before.head.view(), m_history.day()});
}

Done TablesProjector::writeBatch(const ports::ProjectedBatch& batch) {
    std::uint64_t leaf = 0;
    for (const ports::Projected& cause : batch.causes) {
        std::uint64_t index = 0;
        for (const engine::Event& event : cause.events) {
            if (auto written = writeEvent(cause, index++, leaf++, event); !written) return written;
        }
        if (cause.isRefused) ++leaf;
    }
    return m_history.add(batch, m_lastEvent);
}

Done TablesProjector::writeEvent(const ports::Projected& cause, std::uint64_t index, std::uint64_t leaf,
                                 const engine::Event& event) {
    const engine::Audience& audience = event.audience;
    StreamTables::Entry entry{++m_lastEvent, typeOf(event.body), saleOf(event.body), cause.sequence};
    if (const auto* level = std::get_if<engine::LevelChanged>(&event.body)) {
        entry.checksum = m_market.apply(*level, cause.sequence);
    } else if (const auto* trade = std::get_if<engine::TradePublished>(&event.body)) {
        if (auto counted = m_market.apply(*trade, cause.sequence); !counted) return counted;
    }
    Bytes body = wire::encodeEvent(event.body);
    auto done =
        m_store->addRow("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {entry.event, cause.sequence, index, static_cast<int>(audience.kind), audience.first.value,
                         audience.second.value, entry.type, entry.sale.value, cause.timeMs, ByteView(body), leaf});
    if (done) done = m_streams.add(audience, entry, std::move(body));
    if (!done) return done;
    return m_tables.write(event.body, cause.sequence);
}

Result<wire::BookSnapshot, StoreFailure> TablesProjector::book(const wire::BookQuery& query) {
    const auto end = m_streams.end({});
    if (!end) return Err(end.error());
    return m_market.book(query, *end);
}

Result<wire::CandlePage, StoreFailure> TablesProjector::candles(const wire::CandleQuery& query) {
    auto candles = m_market.candles(query);
    if (!candles) return Err(candles.error());
    return wire::CandlePage{std::move(*candles), m_place.sequence};
}

Result<Bytes, StoreFailure> TablesProjector::bodyOf(std::uint64_t event) {
    auto body = m_store->bytes("SELECT body FROM event WHERE id = ?", {event});
    if (!body) return Err(body.error());
    if (!*body) return Err(StoreFailure{StoreError::Damaged, m_store->name() + ": an event is missing"});
    return std::move(**body);
}

Result<std::vector<wire::HistoryRow>, StoreFailure> TablesProjector::history(HolderId reader,
                                                                             const wire::HistoryQuery& query) {
    const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, kMaxHistoryRows);
    auto places = m_streams.placesOf({}, query, limit);
    if (!places) return Err(places.error());
    if (reader) {
        const auto own = m_streams.placesOf(reader, query, limit);
        if (!own) return Err(own.error());
        places->insert(places->end(), own->begin(), own->end());
        std::sort(places->begin(), places->end(), [](auto a, auto b) { return a.event > b.event; });
    }
    std::vector<wire::HistoryRow> page;
    std::size_t pageBytes = 0;
    for (const StreamTables::Place place : *places) {
        const bool full = page.size() >= limit || pageBytes >= kMaxPageBytes;
        if (full && place.sequence != page.back().sequence) break;
        auto body = bodyOf(place.event);
        if (!body) return Err(body.error());
        pageBytes += body->size();
        page.push_back({place.sequence, std::move(*body)});
    }
    return page;
}

} // namespace tallylock::store
