#include "core/wire/BookSum.h"

#include <array>

namespace tallylock::wire {

namespace {
constexpr std::array<std::uint32_t, 256> makeCrcTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest & 1u) != 0 ? 0xedb88320u ^ (rest >> 1) : rest >> 1;
        table[byte] = rest;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> kCrcTable = makeCrcTable();

void putBigEndian(Bytes& bytes, money::Int128 value) {
    for (int shift = 120; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}
} // namespace

std::uint32_t crc32(ByteView bytes) {
    std::uint32_t rest = 0xffffffffu;
    for (const std::uint8_t byte : bytes) rest = kCrcTable[(rest ^ byte) & 0xffu] ^ (rest >> 8);
    return ~rest;
}

void StreamedBook::apply(const engine::LevelChanged& change) {
    const bool isBid = change.side == 0;
    Levels& levels = isBid ? m_bids : m_asks;
    const money::Int128 key = isBid ? -change.price.value : change.price.value;
    if (change.orders == 0) {
        levels.erase(key);
    } else {
        levels[key] = {change.price, change.quantity, change.orders};
    }
}

void StreamedBook::reset(const BookSnapshot& snapshot) {
    m_bids.clear();
    m_asks.clear();
    for (const BookLevel& level : snapshot.bids) m_bids[-level.price.value] = level;
    for (const BookLevel& level : snapshot.asks) m_asks[level.price.value] = level;
}

std::uint32_t StreamedBook::checksum() const {
    Bytes bytes;
    bytes.reserve(2 * kSummedLevels * 33);
    for (const Levels* side : {&m_bids, &m_asks}) {
        std::size_t left = kSummedLevels;
        for (auto level = side->begin(); level != side->end() && left > 0; ++level, --left) {
            bytes.push_back(side == &m_bids ? 0 : 1);
            putBigEndian(bytes, level->second.price.value);
            putBigEndian(bytes, level->second.quantity.value);
        }
    }
    return crc32(bytes);
}

std::vector<BookLevel> StreamedBook::best(const Levels& levels, std::size_t most) {
    std::vector<BookLevel> rows;
    for (auto level = levels.begin(); level != levels.end() && rows.size() < most; ++level)
        rows.push_back(level->second);
    return rows;
}

std::vector<BookLevel> StreamedBook::bids(std::size_t most) const { return best(m_bids, most); }
std::vector<BookLevel> StreamedBook::asks(std::size_t most) const { return best(m_asks, most); }

} // namespace tallylock::wire
