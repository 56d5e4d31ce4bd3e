// The streams as tables: what each reader may see, numbered from 1 for each of them, and where in it the events of a
// type are.
//
// A type is not looked up by an index: its rows would come in no order, each into a page of its own. A stream is cut
// into blocks of equally many positions instead, and of each block that is full a row a type says that it is in there.
//
// Inside a transaction of the caller's; after one that failed, forget().
#pragma once

#include "core/store/FreshItems.h"
#include "core/store/TableStore.h"

namespace tallylock::store {

/// Owned by one thread.
class StreamTables {
public:
    /// Positions. Stored: another number needs another kProjectionVersion.
    static constexpr std::uint64_t kBlock = 128;

    explicit StreamTables(TableStore& store) : m_db(&store) {}

    /// Before a transaction.
    void begin() { m_fresh.clear(); }
    /// What of an event is looked up by.
    struct Entry {
        std::uint64_t event = 0; ///< its row
        std::uint64_t type = 0;
        SaleId sale;
        std::uint64_t sequence = 0;
        std::optional<std::uint32_t> checksum{}; ///< of a book
    };
    /// To the streams of all that may see it. `body` as it is encoded.
    Done add(const engine::Audience& audience, const Entry& entry, Bytes body);
    /// At the end of a transaction.
    Done flush();
    void forget();

    /// The last position of a reader; 0: none.
    Result<std::uint64_t, ports::StoreFailure> end(HolderId reader);
    /// What follows the cursor, at most `limit` and not much more than `mostBytes`.
    Result<std::vector<wire::StreamItem>, ports::StoreFailure> items(HolderId reader, std::uint64_t cursor,
                                                                     std::size_t limit, std::size_t mostBytes);
    struct Place {
        std::uint64_t event = 0;
        std::uint64_t sequence = 0;
    };
    /// Where the events of a query lie in one stream, newest first: `limit`, and the rest of the last one's command.
    Result<std::vector<Place>, ports::StoreFailure> placesOf(HolderId reader, const wire::HistoryQuery& query,
                                                             std::size_t limit);

private:
    struct Found {
        std::vector<Place> places;
        bool isOver = false;
    };
    Done addTo(HolderId reader, const Entry& entry);
    Result<std::uint64_t*, ports::StoreFailure> endOf(HolderId reader);
    Done readBlock(HolderId reader, std::uint64_t block, const wire::HistoryQuery& query, std::size_t limit,
                   Found& found);

    TableStore* m_db;
    std::unordered_map<HolderId, std::uint64_t> m_ends; ///< of those that were asked for since the start
    struct Block {
        HolderId reader;
        std::uint64_t number = 0;
    };
    std::vector<Block> m_full; ///< by this transaction
    FreshItems m_fresh;
};

} // namespace tallylock::store
