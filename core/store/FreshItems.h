// What the last transaction has added to the streams: whoever follows them is served from here, and only who is further
// back from the tables. Bounded; when it was too much, nothing is kept. One thread.
#pragma once

#include "core/wire/Frames.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace tallylock::store {

/// Positions in `stream` and `event` follow those of the tables.
class FreshItems {
public:
    explicit FreshItems(std::size_t mostBytes = kMostBytes) : m_mostBytes(mostBytes) {}

    /// A transaction begins, or has failed.
    void clear();
    /// An event, as it is encoded. What is added behind it is of this one.
    void addEvent(Bytes body);
    struct Place {
        std::uint64_t position = 0; ///< one above the last of this reader's
        std::uint64_t sequence = 0;
        std::optional<std::uint32_t> checksum{};
    };
    void add(HolderId reader, const Place& place);
    /// What follows the cursor, at most `limit` items and not much more than `mostBytes`. Nothing: the tables must
    /// tell.
    std::optional<std::vector<wire::StreamItem>> after(HolderId reader, std::uint64_t cursor, std::size_t limit,
                                                       std::size_t mostBytes) const;

private:
    static constexpr std::size_t kMostBytes = std::size_t{16} << 20;
    struct Item {
        Place place;
        std::size_t event = 0; ///< in m_events
    };
    /// Counts what is taken; false, and nothing is left here, if it is too much.
    bool take(std::size_t bytes);

    std::size_t m_mostBytes;
    std::vector<Bytes> m_events;
    std::unordered_map<HolderId, std::vector<Item>> m_streams;
    std::size_t m_bytes = 0;
    bool m_isTooMuch = false;
};

} // namespace tallylock::store
