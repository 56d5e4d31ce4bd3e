// Deterministic CBOR: RFC 8949, section 4.2.1 (core deterministic encoding), reduced to what Tallylock needs.
//
// Allowed: unsigned and negative integers of 64 bits, byte strings, UTF-8 text, arrays, maps with unsigned integer
// keys in rising order, true and false. Refused: floats, tags, null, indefinite lengths, longer-than-needed heads,
// keys that repeat or fall, text that is not UTF-8, trailing bytes. So equal meaning is equal bytes, and the bytes
// of wire, journal and signature are the same.
//
// CborFields.h builds on this: a struct lists its fields once and is written and read by that list.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <cstdint>
#include <string>

namespace tallylock {

class CborWriter {
public:
    void unsignedInt(std::uint64_t value) { head(0, value); }
    void signedInt(std::int64_t value);
    void byteString(ByteView bytes);
    void text(std::string_view text);
    void array(std::uint64_t count) { head(4, count); }
    /// Followed by `count` pairs; the caller writes the keys in rising order.
    void map(std::uint64_t count) { head(5, count); }
    void boolean(bool value) { m_bytes.push_back(value ? 0xf5 : 0xf4); }
    /// An already encoded item.
    void raw(ByteView item) { append(m_bytes, item); }

    const Bytes& bytes() const { return m_bytes; }
    Bytes take() { return std::move(m_bytes); }
    /// Forgets what was written, and keeps the memory.
    void clear() { m_bytes.clear(); }

private:
    void head(std::uint8_t major, std::uint64_t value) {
        if (value < 24) {
            m_bytes.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5 | value));
        } else {
            longHead(major, value);
        }
    }
    void longHead(std::uint8_t major, std::uint64_t value);
    Bytes m_bytes;
};

enum class CborError {
    Truncated,    ///< ends inside an item
    Trailing,     ///< bytes after the item
    NotCanonical, ///< a longer head than needed, or keys out of order
    WrongType,    ///< another kind of item than the reader expects here
    OutOfRange,   ///< a number, length or count beyond the reader's bound
    NotText,      ///< text that is not UTF-8
    UnknownKey,   ///< a map key, enumerator or union tag that this version does not know
    MissingKey,   ///< a required map key is absent
};
const char* nameOf(CborError error);

/// Reads an item by pulling its parts in order. The first failure sticks: later pulls return zero values, and
/// finish() tells. So a decoder is written as a straight line and checked once. Never allocates more than the
/// input's own size.
class CborReader {
public:
    explicit CborReader(ByteView bytes) : m_rest(bytes) {}

    std::uint64_t unsignedInt(std::uint64_t max = UINT64_MAX);
    std::int64_t signedInt();
    /// A view into the input.
    ByteView byteString(std::size_t maxSize);
    std::string_view text(std::size_t maxSize);
    std::uint64_t array(std::uint64_t maxCount);
    std::uint64_t map(std::uint64_t maxCount);
    bool boolean();
    /// A map key, which must be greater than `previous`.
    std::uint64_t key(std::uint64_t previous, bool first);

    void fail(CborError error) {
        if (!m_failed) {
            m_failed = true;
            m_error = error;
        }
    }
    bool ok() const { return !m_failed; }
    CborError error() const { return m_error; }
    std::size_t remaining() const { return m_rest.size(); }
    /// True when all was read without a failure; trailing bytes are a failure.
    bool finish() {
        if (ok() && !m_rest.empty()) fail(CborError::Trailing);
        return ok();
    }

private:
    std::uint64_t head(std::uint8_t wantedMajor);
    ByteView content(std::uint8_t major, std::size_t maxSize);

    ByteView m_rest;
    bool m_failed = false;
    CborError m_error = CborError::Truncated;
};

} // namespace tallylock
