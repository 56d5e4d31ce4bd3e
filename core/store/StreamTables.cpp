#include "core/store/StreamTables.h"

namespace tallylock::store {

using ports::StoreFailure;
using Kind = engine::Audience::Kind;

Done StreamTables::add(const engine::Audience& audience, const Entry& entry, Bytes body) {
    if (audience.kind == Kind::Internal) return {};
    m_fresh.addEvent(std::move(body));
    if (audience.kind == Kind::Public) return addTo({}, entry);
    if (audience.first) {
        if (auto done = addTo(audience.first, entry); !done) return done;
    }
    return audience.second && audience.second != audience.first ? addTo(audience.second, entry) : Done{};
}

Done StreamTables::addTo(HolderId reader, const Entry& entry) {
    const auto end = endOf(reader);
    if (!end) return Err(end.error());
    const std::uint64_t position = ++**end;
    m_fresh.add(reader, {position, entry.sequence, entry.checksum});
    if (position % kBlock == 0) m_full.push_back({reader, position / kBlock - 1});
    return m_db->addRow("INSERT INTO stream VALUES (?, ?, ?, ?, ?, ?, ?)",
                        {reader.value, position, entry.event, entry.type, entry.sale.value, entry.sequence,
                         entry.checksum ? Value(*entry.checksum) : Value()});
}

Done StreamTables::flush() {
    if (m_full.empty()) return {};
    auto done = m_db->writeRows();
    for (const Block& block : std::exchange(m_full, {})) {
        if (!done) return done;
        done = m_db->change("INSERT INTO stream_block SELECT holder, type, min(sequence), CAST(? AS BIGINT) FROM stream"
                            " WHERE holder = ? AND position > ? AND position <= ? GROUP BY holder, type",
                            {block.number, block.reader.value, block.number * kBlock, (block.number + 1) * kBlock});
    }
    return done;
}

void StreamTables::forget() {
    m_ends.clear(); // they are read again
    m_full.clear();
    m_fresh.clear();
}

Result<std::uint64_t*, StoreFailure> StreamTables::endOf(HolderId reader) {
    auto end = m_ends.find(reader);
    if (end == m_ends.end()) {
        const auto last =
            m_db->number("SELECT coalesce(max(position), 0) FROM stream WHERE holder = ?", {reader.value});
        if (!last) return Err(last.error());
        end = m_ends.emplace(reader, last->value_or(0)).first;
    }
    return &end->second;
}

Result<std::uint64_t, StoreFailure> StreamTables::end(HolderId reader) {
    const auto end = endOf(reader);
    if (!end) return Err(end.error());
    return **end;
}

Result<std::vector<wire::StreamItem>, StoreFailure> StreamTables::items(HolderId reader, std::uint64_t cursor,
                                                                        std::size_t limit, std::size_t mostBytes) {
    std::vector<wire::StreamItem> items;
    const auto last = end(reader);
    if (!last) return Err(last.error());
    if (cursor >= *last) return items; // nothing has come: most readers, after most batches
    if (auto fresh = m_fresh.after(reader, cursor, limit, mostBytes)) return std::move(*fresh);
    std::size_t bytes = 0;
    const auto done =
        m_db->read("SELECT s.position, s.sequence, e.body, s.checksum FROM stream s JOIN event e ON e.id = s.event"
                   " WHERE s.holder = ? AND s.position > ? ORDER BY s.position LIMIT ?",
                   {reader.value, cursor, limit}, [&](const Row& row) {
                       items.push_back({row.number(1), row.number(0), bytesOf(row.bytes(2)), {}});
                       if (!row.isNull(3)) items.back().checksum = row.numberAs<std::uint32_t>(3);
                       bytes += items.back().event.size();
                       return bytes < mostBytes;
                   });
    if (!done) return Err(done.error());
    return items;
}

/// The block that is not full yet, and then the full ones that have the type, newest first.
Result<std::vector<StreamTables::Place>, StoreFailure>
StreamTables::placesOf(HolderId reader, const wire::HistoryQuery& query, std::size_t limit) {
    Found found;
    const auto last = end(reader);
    if (!last) return Err(last.error());
    auto done = readBlock(reader, *last / kBlock, query, limit, found);
    struct {
        std::uint64_t sequence = 0;
        std::uint64_t number = 0;
    } block{query.beforeSequence == 0 ? INT64_MAX : query.beforeSequence};
    while (done && !found.isOver) {
        found.isOver = true;
        done = m_db->read("SELECT sequence, block FROM stream_block WHERE holder = ? AND type = ?"
                          " AND (sequence, block) < (?, ?) ORDER BY sequence DESC, block DESC LIMIT 1",
                          {reader.value, query.eventType, block.sequence, block.number}, [&](const Row& row) {
                              block = {row.number(0), row.number(1)};
                              found.isOver = false;
                              return false;
                          });
        if (done && !found.isOver) done = readBlock(reader, block.number, query, limit, found);
    }
    if (!done) return Err(done.error());
    return std::move(found.places);
}

Done StreamTables::readBlock(HolderId reader, std::uint64_t block, const wire::HistoryQuery& query, std::size_t limit,
                             Found& found) {
    return m_db->read("SELECT event, sequence FROM stream WHERE holder = ? AND position > ? AND position <= ?"
                      " AND type = ? AND (CAST(? AS BIGINT) = 0 OR sequence < ?)"
                      " AND (CAST(? AS BIGINT) = 0 OR sale = ?) ORDER BY position DESC",
                      {reader.value, block * kBlock, (block + 1) * kBlock, query.eventType, query.beforeSequence,
                       query.beforeSequence, query.sale.value, query.sale.value},
                      [&](const Row& row) {
                          const Place place{row.number(0), row.number(1)};
                          // A page ends between commands: the next one starts before its last sequence.
                          found.isOver = found.places.size() >= limit && place.sequence != found.places.back().sequence;
                          if (!found.isOver) found.places.push_back(place);
                          return !found.isOver;
                      });
}

} // namespace tallylock::store
