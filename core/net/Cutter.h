// Cuts what comes over a connection into messages: four bytes of length, big-endian, then as many bytes. In whatever
// pieces it comes; what is not a whole message yet, or not wanted yet, is kept.
#pragma once

#include "core/base/Bytes.h"

#include <functional>

namespace tallylock::net {

class Cutter {
public:
    static constexpr std::size_t kLengthBytes = 4;
    /// `mostBytes`: of one message.
    explicit Cutter(std::size_t mostBytes) : m_mostBytes(mostBytes) {}

    /// Hands on each whole message, of what was kept and then of `fresh`, until `take` says that it is enough for now;
    /// what is left is kept, and handed on by the next call. False: the other side does not keep to the rules, by a
    /// length of zero or of too much, and nothing more is to be read.
    bool feed(ByteView fresh, const std::function<bool(ByteView message)>& take);
    /// Bytes: at most one message that is not whole, or what one call was fed and nobody wanted.
    std::size_t kept() const { return m_kept.size(); }

private:
    static std::size_t lengthAt(ByteView bytes) {
        return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 | bytes[3];
    }
    bool isAllowed(std::size_t length) const { return length != 0 && length <= m_mostBytes; }
    bool cut(ByteView bytes, const std::function<bool(ByteView)>& take);

    std::size_t m_mostBytes;
    Bytes m_kept;
};

} // namespace tallylock::net
