#include "core/store/SqliteProjector.h"

#include "core/money/Unit.h"
#include "core/store/Schema.h"

#include <QSqlError>

#include <algorithm>
#include <unistd.h>

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

void removeProjection(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
}

Done createTables(Database& database) {
    auto done = database.begin();
    if (done) done = database.run(kProjectionSchema);
    for (const money::Unit& unit : money::allUnits()) {
        if (!done) break;
        done = database.change("INSERT INTO unit VALUES (?, ?, ?)",
                               {unit.id.value, std::string(unit.code), unit.ledgerDecimals});
    }
    if (done) {
        done = database.change("INSERT INTO place VALUES (1, 0, 0, ?, 0)", {Hash{}.view()});
    }
    if (done) done = database.run("PRAGMA user_version=8"); // kProjectionVersion
    if (done) done = database.commit();
    return done;
}

/// Nothing if there is no file of this version that is at all readable.
std::unique_ptr<Database> openExisting(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) return nullptr;
    auto database = Database::open(path, Database::Durability::Rebuildable);
    if (!database) return nullptr;
    const auto version = (*database)->valueOf("PRAGMA user_version");
    if (!version || version->toInt() != kProjectionVersion) return nullptr;
    return std::move(*database);
}

} // namespace

Result<std::unique_ptr<ports::Projector>, StoreFailure> SqliteProjector::open(const std::string& path) {
    if (auto existing = openExisting(path)) {
        std::unique_ptr<SqliteProjector> projector(new SqliteProjector(std::move(existing)));
        if (projector->readPlace()) return std::unique_ptr<ports::Projector>(std::move(projector));
    }
    removeProjection(path);
    auto database = Database::open(path, Database::Durability::Rebuildable);
    if (!database) return Err(database.error());
    const auto created = createTables(**database);
    if (!created) return Err(created.error());
    return std::unique_ptr<ports::Projector>(new SqliteProjector(std::move(*database)));
}

Done SqliteProjector::readPlace() {
    const auto rows = m_database->query("SELECT batch, sequence, head FROM place", {});
    if (!rows) return Err(rows.error());
    const auto head = (*rows)->next() ? Hash::from(viewOf((*rows)->value(2).toByteArray())) : std::nullopt;
    if (!head) return Err(StoreFailure{StoreError::Damaged, m_database->path() + ": it does not say where it stands"});
    m_place = {unsignedOf((*rows)->value(0)), unsignedOf((*rows)->value(1)), *head};
    (*rows)->finish();
    const auto last = m_database->valueOf("SELECT coalesce(max(id), 0) FROM event");
    if (!last) return Err(last.error());
    m_lastEvent = unsignedOf(*last);
    if (auto loaded = m_history.load(); !loaded) return loaded;
    return m_market.load();
}

Done SqliteProjector::clear() {
    const std::string path = m_database->path();
    m_database.reset();
    removeProjection(path);
    auto database = Database::open(path, Database::Durability::Rebuildable);
    if (!database) return Err(database.error());
    m_database = std::move(*database);
    m_tables = Tables(m_database.get());
    m_market = MarketTables(m_database.get());
    m_history = HistoryTables(m_database.get());
    m_place = {};
    m_lastEvent = 0;
    m_streamEnds.clear();
    return createTables(*m_database);
}

Done SqliteProjector::project(std::span<const ports::ProjectedBatch> batches) {
    const std::uint64_t lastEvent = m_lastEvent;
    auto done = m_database->begin();
    if (done) done = writeAll(batches);
    if (done) done = m_database->commit();
    if (!done) {
        m_database->rollback();
        m_lastEvent = lastEvent;
        m_streamEnds.clear(); // they are read again
        m_tables.forget();
        (void)m_market.load();
        (void)m_history.load();
        return done;
    }
    m_place = batches.back().place;
    return {};
}

Done SqliteProjector::writeAll(std::span<const ports::ProjectedBatch> batches) {
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
    return m_database->change("UPDATE place SET batch = ?, sequence = ?, head = ?, day = ?",
                              {before.batch, before.sequence, before.head.view(), m_history.day()});
}

Done SqliteProjector::writeBatch(const ports::ProjectedBatch& batch) {
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

Done SqliteProjector::writeEvent(const ports::Projected& cause, std::uint64_t index, std::uint64_t leaf,
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
    auto done = m_database->change("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                   {m_lastEvent, cause.sequence, index, static_cast<int>(audience.kind),
                                    audience.first.value, audience.second.value, entry.type, entry.sale.value,
                                    cause.timeMs, ByteView(wire::encodeEvent(event.body)), leaf});
    if (done && audience.kind == Kind::Public) done = addToStream({}, entry);
    if (audience.kind == Kind::Holders) {
        if (done && audience.first) done = addToStream(audience.first, entry);
        if (done && audience.second && audience.second != audience.first) done = addToStream(audience.second, entry);
    }
    if (!done) return done;
    return m_tables.write(event.body, cause.sequence);
}

Result<std::uint64_t*, StoreFailure> SqliteProjector::streamEnd(HolderId reader) {
    auto end = m_streamEnds.find(reader);
    if (end == m_streamEnds.end()) {
        const auto last = m_database->valueOf("SELECT coalesce(max(position), 0) FROM stream WHERE holder = ?",
                                              {numberOf(reader.value)});
        if (!last) return Err(last.error());
        end = m_streamEnds.emplace(reader, unsignedOf(*last)).first;
    }
    return &end->second;
}

Done SqliteProjector::addToStream(HolderId reader, const Entry& entry) {
    const auto end = streamEnd(reader);
    if (!end) return Err(end.error());
    return m_database->change("INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)",
                              {reader.value, ++**end, m_lastEvent, entry.type, entry.sale.value, entry.sequence,
                               entry.checksum ? Value(*entry.checksum) : Value()});
}

Result<wire::BookSnapshot, StoreFailure> SqliteProjector::book(const wire::BookQuery& query) {
    const auto end = streamEnd({});
    if (!end) return Err(end.error());
    return m_market.book(query, **end);
}

Result<wire::CandlePage, StoreFailure> SqliteProjector::candles(const wire::CandleQuery& query) {
    auto candles = m_market.candles(query);
    if (!candles) return Err(candles.error());
    return wire::CandlePage{std::move(*candles), m_place.sequence};
}

Result<std::vector<SqliteProjector::Place>, StoreFailure>
SqliteProjector::placesOf(HolderId reader, const wire::HistoryQuery& query, std::size_t limit) {
    const std::uint64_t before = query.beforeSequence == 0 ? INT64_MAX : query.beforeSequence;
    const auto rows = m_database->query("SELECT event, sequence FROM stream WHERE holder = ? AND type = ?"
                                        " AND sequence < ? AND (? = 0 OR sale = ?)"
                                        " ORDER BY sequence DESC, event DESC",
                                        {numberOf(reader.value), numberOf(query.eventType), numberOf(before),
                                         numberOf(query.sale.value), numberOf(query.sale.value)});
    if (!rows) return Err(rows.error());
    std::vector<Place> places;
    while ((*rows)->next()) {
        const Place place{unsignedOf((*rows)->value(0)), unsignedOf((*rows)->value(1))};
        // A page ends between commands: the next one starts before its last sequence.
        if (places.size() >= limit && place.sequence != places.back().sequence) break;
        places.push_back(place);
    }
    if ((*rows)->lastError().isValid()) return Err(m_database->failureOf(**rows));
    (*rows)->finish();
    return places;
}

Result<Bytes, StoreFailure> SqliteProjector::bodyOf(std::uint64_t event) {
    const auto body = m_database->valueOf("SELECT body FROM event WHERE id = ?", {numberOf(event)});
    if (!body) return Err(body.error());
    return bytesOf(viewOf(body->toByteArray()));
}

Result<std::vector<wire::HistoryRow>, StoreFailure> SqliteProjector::history(HolderId reader,
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

Result<std::vector<wire::StreamItem>, StoreFailure> SqliteProjector::stream(HolderId reader, std::uint64_t cursor,
                                                                            std::size_t limit) {
    std::vector<wire::StreamItem> items;
    if (cursor >= INT64_MAX) return items;
    const auto rows = m_database->query(
        "SELECT s.position, s.sequence, e.body, s.checksum FROM stream s JOIN event e ON e.id = s.event"
        " WHERE s.holder = ? AND s.position > ? ORDER BY s.position LIMIT ?",
        {numberOf(reader.value), numberOf(cursor), numberOf(limit)});
    if (!rows) return Err(rows.error());
    std::size_t pageBytes = 0;
    while (pageBytes < kMaxPageBytes && (*rows)->next()) {
        const QByteArray body = (*rows)->value(2).toByteArray();
        pageBytes += static_cast<std::size_t>(body.size());
        items.push_back({unsignedOf((*rows)->value(1)), unsignedOf((*rows)->value(0)), bytesOf(viewOf(body)), {}});
        if (const QVariant checksum = (*rows)->value(3); !checksum.isNull()) items.back().checksum = checksum.toUInt();
    }
    if ((*rows)->lastError().isValid()) return Err(m_database->failureOf(**rows));
    (*rows)->finish();
    return items;
}

} // namespace tallylock::store
