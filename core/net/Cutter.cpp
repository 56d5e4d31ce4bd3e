#include "core/net/Cutter.h"

#include <utility>

namespace tallylock::net {

bool Cutter::feed(ByteView fresh, const std::function<bool(ByteView)>& take) {
    if (m_kept.empty()) return cut(fresh, take); // mostly whole messages: they are not copied
    append(m_kept, fresh);
    if (m_kept.size() < kLengthBytes) return true;
    const std::size_t length = lengthAt(m_kept);
    if (!isAllowed(length)) return false;
    if (m_kept.size() - kLengthBytes < length) return true; // a long one is not looked through at each piece
    const Bytes all = std::exchange(m_kept, {});
    return cut(all, take);
}

bool Cutter::cut(ByteView bytes, const std::function<bool(ByteView)>& take) {
    bool goesOn = true;
    while (goesOn && bytes.size() >= kLengthBytes) {
        const std::size_t length = lengthAt(bytes);
        if (!isAllowed(length)) return false;
        if (bytes.size() - kLengthBytes < length) break;
        const ByteView message = bytes.subspan(kLengthBytes, length);
        bytes = bytes.subspan(kLengthBytes + length);
        goesOn = take(message);
    }
    append(m_kept, bytes);
    return true;
}

} // namespace tallylock::net
