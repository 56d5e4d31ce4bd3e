#include "tests/audit/auditor/Item.h"

#include <algorithm>
#include <bit>

namespace tallylock::audit {

class ItemReader {
public:
    explicit ItemReader(const Bytes& bytes) : m_bytes(bytes) {}

    Item whole() {
        Item item = next(0);
        if (m_at != m_bytes.size()) throw Malformed("bytes behind the item");
        return item;
    }

private:
    struct Head {
        unsigned major;
        unsigned info;
        std::uint64_t value;
    };

    std::uint8_t byte() {
        if (m_at == m_bytes.size()) throw Malformed("ends inside an item");
        return m_bytes[m_at++];
    }

    Head head() {
        const unsigned first = byte();
        Head h{first >> 5, first & 31u, first & 31u};
        if (h.info < 24) return h;
        if (h.info > 27) throw Malformed("a head of no known length");
        const unsigned size = 1u << (h.info - 24);
        h.value = 0;
        for (unsigned i = 0; i < size; ++i) h.value = h.value << 8 | byte();
        const std::uint64_t least[] = {24, 0x100, 0x10000, 0x100000000};
        if (h.value < least[h.info - 24]) throw Malformed("a longer head than needed");
        return h;
    }

    std::size_t count(std::uint64_t value) const {
        if (value > m_bytes.size() - m_at) throw Malformed("longer than the bytes");
        return static_cast<std::size_t>(value);
    }

    void content(Item& item, std::uint64_t length) {
        const std::size_t size = count(length);
        const auto from = m_bytes.begin() + static_cast<std::ptrdiff_t>(m_at);
        item.m_text.assign(from, from + static_cast<std::ptrdiff_t>(size));
        m_at += size;
    }

    void mapOf(Item& item, std::uint64_t length, unsigned depth) {
        for (std::size_t left = count(length); left > 0; --left) {
            const Head key = head();
            if (key.major != 0) throw Malformed("a key that is no unsigned integer");
            if (!item.m_keys.empty() && key.value <= item.m_keys.back()) throw Malformed("keys that do not rise");
            item.m_keys.push_back(key.value);
            item.m_items.push_back(next(depth + 1));
        }
    }

    Item next(unsigned depth) {
        if (depth > 16) throw Malformed("too deep");
        const Head h = head();
        Item item;
        item.m_number = h.value;
        switch (h.major) {
        case 0: item.m_kind = Item::Kind::Unsigned; return item;
        case 1: item.m_kind = Item::Kind::Negative; return item;
        case 2:
            item.m_kind = Item::Kind::Octets;
            content(item, h.value);
            return item;
        case 3:
            item.m_kind = Item::Kind::Text;
            content(item, h.value);
            return item;
        case 4:
            item.m_kind = Item::Kind::Array;
            for (std::size_t left = count(h.value); left > 0; --left) item.m_items.push_back(next(depth + 1));
            return item;
        case 5:
            item.m_kind = Item::Kind::Map;
            mapOf(item, h.value, depth);
            return item;
        default: break;
        }
        if (h.major != 7 || (h.info != 20 && h.info != 21)) throw Malformed("a kind of item that is not allowed");
        item.m_kind = Item::Kind::Bool;
        item.m_number = h.info - 20;
        return item;
    }

    const Bytes& m_bytes;
    std::size_t m_at = 0;
};

Item Item::parse(const Bytes& bytes) { return ItemReader(bytes).whole(); }

const Item& Item::as(Kind kind) const {
    if (m_kind != kind) throw Malformed("another kind of item than known here");
    return *this;
}

std::uint64_t Item::number() const { return as(Kind::Unsigned).m_number; }
bool Item::flag() const { return as(Kind::Bool).m_number != 0; }
const std::string& Item::text() const { return as(Kind::Text).m_text; }
const std::string& Item::bytes() const { return as(Kind::Octets).m_text; }
const std::vector<Item>& Item::list() const { return as(Kind::Array).m_items; }

std::int64_t Item::integer() const {
    if (m_number > INT64_MAX) throw Malformed("an integer beyond 63 bits");
    const auto value = static_cast<std::int64_t>(m_number);
    return m_kind == Kind::Negative ? -1 - value : (void(number()), value);
}

const Item* Item::find(std::uint64_t key) const {
    const auto& keys = as(Kind::Map).m_keys;
    const auto found = std::lower_bound(keys.begin(), keys.end(), key);
    return found == keys.end() || *found != key ? nullptr : &m_items[static_cast<std::size_t>(found - keys.begin())];
}

const Item& Item::at(std::uint64_t key) const {
    const Item* found = find(key);
    if (!found) throw Malformed("lacks field " + std::to_string(key));
    return *found;
}

namespace {
void putHead(Bytes& out, unsigned major, std::uint64_t value) {
    const unsigned size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
    const unsigned info = size == 0 ? static_cast<unsigned>(value) : 24 + static_cast<unsigned>(std::countr_zero(size));
    out.push_back(static_cast<std::uint8_t>(major << 5 | info));
    for (unsigned left = size; left > 0; --left) out.push_back(static_cast<std::uint8_t>(value >> 8 * (left - 1)));
}
} // namespace

void Item::encodeInto(Bytes& out) const {
    switch (m_kind) {
    case Kind::Unsigned: putHead(out, 0, m_number); return;
    case Kind::Negative: putHead(out, 1, m_number); return;
    case Kind::Bool: putHead(out, 7, 20 + m_number); return;
    case Kind::Octets:
    case Kind::Text:
        putHead(out, m_kind == Kind::Octets ? 2 : 3, m_text.size());
        out.insert(out.end(), m_text.begin(), m_text.end());
        return;
    case Kind::Array: putHead(out, 4, m_items.size()); break;
    case Kind::Map: putHead(out, 5, m_items.size()); break;
    }
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (m_kind == Kind::Map) putHead(out, 0, m_keys[i]);
        m_items[i].encodeInto(out);
    }
}

Bytes Item::encoded() const {
    Bytes out;
    encodeInto(out);
    return out;
}

} // namespace tallylock::audit
