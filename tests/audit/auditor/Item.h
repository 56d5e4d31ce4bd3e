// The auditor's own reader of the bytes that engine and journal write: deterministic CBOR (RFC 8949, section 4.2.1)
// with integers, byte strings, text, arrays, maps with rising unsigned keys, true and false. Shares no code with core.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace tallylock::audit {

using Bytes = std::vector<std::uint8_t>;

/// Not such bytes, or not of the shape that the auditor knows.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One item with all that is in it. Every accessor throws Malformed for another kind of item.
class Item {
public:
    enum class Kind { Unsigned, Negative, Octets, Text, Array, Map, Bool };
    Kind kind() const { return m_kind; }
    /// All of the bytes, and nothing behind them. No deeper than 16, no longer than the bytes say.
    static Item parse(const Bytes& bytes);

    std::uint64_t number() const;
    std::int64_t integer() const;
    bool flag() const;
    const std::string& text() const;
    const std::string& bytes() const;
    const std::vector<Item>& list() const;
    /// Of a map.
    const Item& at(std::uint64_t key) const;
    const Item* find(std::uint64_t key) const;
    const std::vector<std::uint64_t>& keys() const { return as(Kind::Map).m_keys; }
    /// The bytes that it was read from.
    Bytes encoded() const;

private:
    friend class ItemReader;
    const Item& as(Kind kind) const;
    void encodeInto(Bytes& out) const;

    Kind m_kind = Kind::Unsigned;
    std::uint64_t m_number = 0; // of a negative: -1 minus it
    std::string m_text;
    std::vector<std::uint64_t> m_keys; // of a map: one for each item
    std::vector<Item> m_items;
};

} // namespace tallylock::audit
