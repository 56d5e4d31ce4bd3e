#include "core/store/TablesProjector.h"

#include "core/money/Unit.h"

#include <algorithm>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::size_t kMaxHistoryRows = 1000;
/// A page stays well below what a frame may hold.
constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20;

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
    m_streamEnds.clear();
    m_fresh.clear();
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
    m_fresh.clear();
    auto done = m_store->begin();
    if (done) done = writeAll(batches);
    if (done) done = m_store->commit();
    if (!done) {
        m_store->rollback();
        m_lastEvent = lastEvent;
        m_streamEnds.clear(); // they are read again
        m_fresh.clear();
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
    using Kind = engine::Audience::Kind;
    const engine::Audience& audience = event.audience;
    Entry entry{typeOf(event.body), saleOf(event.body), cause.sequence};
    if (const auto* level = std::get_if<engine::LevelChanged>(&event.body)) {
        entry.checksum = m_market.apply(*level, cause.sequence);
    } else if (const auto* trade = std::get_if<engine::TradePublished>(&event.body)) {
        if (auto counted = m_market.apply(*trade, cause.sequence); !counted) return counted;
    }
    ++m_lastEvent;
    Bytes body = wire::encodeEvent(event.body);
    auto done =
        m_store->addRow("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {m_lastEvent, cause.sequence, index, static_cast<int>(audience.kind), audience.first.value,
                         audience.second.value, entry.type, entry.sale.value, cause.timeMs, ByteView(body), leaf});
    if (audience.kind != Kind::Internal) m_fresh.addEvent(std::move(body));
    if (done && audience.kind == Kind::Public) done = addToStream({}, entry);
    if (audience.kind == Kind::Holders) {
        if (done && audience.first) done = addToStream(audience.first, entry);
        if (done && audience.second && audience.second != audience.first) done = addToStream(audience.second, entry);
    }
    if (!done) return done;
    return m_tables.write(event.body, cause.sequence);
}

Result<std::uint64_t*, StoreFailure> TablesProjector::streamEnd(HolderId reader) {
    auto end = m_streamEnds.find(reader);
    if (end == m_streamEnds.end()) {
        const auto last =
            m_store->number("SELECT coalesce(max(position), 0) FROM stream WHERE holder = ?", {reader.value});
        if (!last) return Err(last.error());
        end = m_streamEnds.emplace(reader, last->value_or(0)).first;
    }
    return &end->second;
}

Done TablesProjector::addToStream(HolderId reader, const Entry& entry) {
    const auto end = streamEnd(reader);
    if (!end) return Err(end.error());
    m_fresh.add(reader, {**end + 1, entry.sequence, entry.checksum});
    return m_store->addRow("INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)",
                           {reader.value, ++**end, m_lastEvent, entry.type, entry.sale.value, entry.sequence,
                            entry.checksum ? Value(*entry.checksum) : Value()});
}

Result<wire::BookSnapshot, StoreFailure> TablesProjector::book(const wire::BookQuery& query) {
    const auto end = streamEnd({});
    if (!end) return Err(end.error());
    return m_market.book(query, **end);
}

Result<wire::CandlePage, StoreFailure> TablesProjector::candles(const wire::CandleQuery& query) {
    auto candles = m_market.candles(query);
    if (!candles) return Err(candles.error());
    return wire::CandlePage{std::move(*candles), m_place.sequence};
}

Result<std::vector<TablesProjector::Place>, StoreFailure>
TablesProjector::placesOf(HolderId reader, const wire::HistoryQuery& query, std::size_t limit) {
    Place before{0, query.beforeSequence == 0 ? INT64_MAX : query.beforeSequence};
    std::vector<Place> places;
    bool isOver = false;
    while (!isOver) {
        std::size_t rows = 0;
        const auto done = m_store->read(
            "SELECT event, sequence FROM stream WHERE holder = ? AND type = ? AND (sequence, event) < (?, ?)"
            " AND (CAST(? AS BIGINT) = 0 OR sale = ?) ORDER BY sequence DESC, event DESC LIMIT ?",
            {reader.value, query.eventType, before.sequence, before.event, query.sale.value, query.sale.value,
             limit + 1},
            [&](const Row& row) {
                ++rows;
                before = {row.number(0), row.number(1)};
                // A page ends between commands: the next one starts before its last sequence.
                isOver = places.size() >= limit && before.sequence != places.back().sequence;
                if (!isOver) places.push_back(before);
                return !isOver;
            });
        if (!done) return Err(done.error());
        isOver = isOver || rows <= limit;
    }
    return places;
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
    auto places = placesOf({}, query, limit);
    if (!places) return Err(places.error());
    if (reader) {
        const auto own = placesOf(reader, query, limit);
        if (!own) return Err(own.error());
        places->insert(places->end(), own->begin(), own->end());
        std::sort(places->begin(), places->end(), [](Place a, Place b) { return a.event > b.event; });
    }
    std::vector<wire::HistoryRow> page;
    std::size_t pageBytes = 0;
    for (const Place place : *places) {
        const bool full = page.size() >= limit || pageBytes >= kMaxPageBytes;
        if (full && place.sequence != page.back().sequence) break;
        auto body = bodyOf(place.event);
        if (!body) return Err(body.error());
        pageBytes += body->size();
        page.push_back({place.sequence, std::move(*body)});
    }
    return page;
}

Result<std::vector<wire::StreamItem>, StoreFailure> TablesProjector::stream(HolderId reader, std::uint64_t cursor,
                                                                            std::size_t limit) {
    std::vector<wire::StreamItem> items;
    const auto end = streamEnd(reader);
    if (!end) return Err(end.error());
    if (cursor >= **end) return items; // nothing has come: most readers, after most batches
    if (auto fresh = m_fresh.after(reader, cursor, limit, kMaxPageBytes)) return std::move(*fresh);
    std::size_t pageBytes = 0;
    const auto done =
        m_store->read("SELECT s.position, s.sequence, e.body, s.checksum FROM stream s JOIN event e ON e.id = s.event"
                      " WHERE s.holder = ? AND s.position > ? ORDER BY s.position LIMIT ?",
                      {reader.value, cursor, limit}, [&](const Row& row) {
                          items.push_back({row.number(1), row.number(0), bytesOf(row.bytes(2)), {}});
                          if (!row.isNull(3)) items.back().checksum = row.numberAs<std::uint32_t>(3);
                          pageBytes += items.back().event.size();
                          return pageBytes < kMaxPageBytes;
                      });
    if (!done) return Err(done.error());
    return items;
}

} // namespace tallylock::store
