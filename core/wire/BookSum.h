// A book as the public stream tells it, and the checksum by which two copies of it are compared.
//
// The checksum is CRC-32 (IEEE 802.3, as zlib's) over the best ten bids, best first, and then the best ten asks: of
// each level one byte (0 bid, 1 ask), the price and the quantity, each as 16 bytes big-endian, in ledger units. A side
// with fewer levels gives fewer bytes. A level's number of orders is not in it.
#pragma once

#include "core/wire/Frames.h"

#include <map>

namespace tallylock::wire {

inline constexpr std::size_t kSummedLevels = 10; ///< of each side

std::uint32_t crc32(ByteView bytes);

class StreamedBook {
public:
    void apply(const engine::LevelChanged& change);
    /// Takes the place of everything.
    void reset(const BookSnapshot& snapshot);
    std::uint32_t checksum() const;

    /// At most `most`, best first.
    std::vector<BookLevel> bids(std::size_t most) const;
    std::vector<BookLevel> asks(std::size_t most) const;
    bool isEmpty() const { return m_bids.empty() && m_asks.empty(); }

private:
    using Levels = std::map<money::Int128, BookLevel>; ///< best first: a bid's key is its negated price
    static std::vector<BookLevel> best(const Levels& levels, std::size_t most);

    Levels m_bids;
    Levels m_asks;
};

} // namespace tallylock::wire
