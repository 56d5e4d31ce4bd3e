#include "core/base/Cbor.h"

namespace tallylock {

void CborWriter::longHead(std::uint8_t major, std::uint64_t value) {
    constexpr std::size_t kUsual = 256; // bytes of a message: most are written without a second allocation
    if (m_bytes.capacity() < kUsual) m_bytes.reserve(kUsual); // a short head has often come first
    const auto top = static_cast<std::uint8_t>(major << 5);
    int width = 8;
    std::uint8_t info = 27;
    if (value <= 0xff) {
        width = 1;
        info = 24;
    } else if (value <= 0xffff) {
        width = 2;
        info = 25;
    } else if (value <= 0xffffffff) {
        width = 4;
        info = 26;
    }
    std::uint8_t bytes[9];
    bytes[0] = static_cast<std::uint8_t>(top | info);
    for (int i = 0; i < width; ++i) bytes[1 + i] = static_cast<std::uint8_t>(value >> ((width - 1 - i) * 8));
    m_bytes.insert(m_bytes.end(), bytes, bytes + 1 + width);
}

void CborWriter::signedInt(std::int64_t value) {
    if (value >= 0) {
        head(0, static_cast<std::uint64_t>(value));
    } else {
        head(1, ~static_cast<std::uint64_t>(value)); // -1 - value, without overflow
    }
}

void CborWriter::byteString(ByteView bytes) {
    head(2, bytes.size());
    append(m_bytes, bytes);
}

void CborWriter::text(std::string_view text) {
    head(3, text.size());
    append(m_bytes, viewOf(text));
}

const char* nameOf(CborError error) {
    switch (error) {
    case CborError::Truncated: return "truncated";
    case CborError::Trailing: return "trailing bytes";
    case CborError::NotCanonical: return "not canonical";
    case CborError::WrongType: return "wrong type";
    case CborError::OutOfRange: return "out of range";
    case CborError::NotText: return "not UTF-8";
    case CborError::UnknownKey: return "unknown key";
    case CborError::MissingKey: return "missing key";
    }
    return "?";
}

std::uint64_t CborReader::head(std::uint8_t wantedMajor) {
    if (!ok()) return 0;
    if (m_rest.empty()) {
        fail(CborError::Truncated);
        return 0;
    }
    const std::uint8_t first = m_rest[0];
    if (first >> 5 != wantedMajor) {
        fail(CborError::WrongType);
        return 0;
    }
    const std::uint8_t info = first & 31;
    if (info < 24) {
        m_rest = m_rest.subspan(1);
        return info;
    }
    if (info > 27) { // reserved, or an indefinite length
        fail(CborError::NotCanonical);
        return 0;
    }
    const std::size_t width = std::size_t{1} << (info - 24);
    if (m_rest.size() < 1 + width) {
        fail(CborError::Truncated);
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = (value << 8) | m_rest[1 + i];
    const std::uint64_t least = width == 1 ? 24 : std::uint64_t{1} << (width * 4);
    if (value < least) {
        fail(CborError::NotCanonical);
        return 0;
    }
    m_rest = m_rest.subspan(1 + width);
    return value;
}

std::uint64_t CborReader::unsignedInt(std::uint64_t max) {
    const std::uint64_t value = head(0);
    if (value > max) {
        fail(CborError::OutOfRange);
        return 0;
    }
    return value;
}

std::int64_t CborReader::signedInt() {
    const bool negative = !m_rest.empty() && m_rest[0] >> 5 == 1;
    const std::uint64_t value = head(negative ? 1 : 0);
    if (value > static_cast<std::uint64_t>(INT64_MAX)) {
        fail(CborError::OutOfRange);
        return 0;
    }
    const auto magnitude = static_cast<std::int64_t>(value);
    return negative && ok() ? -1 - magnitude : magnitude;
}

ByteView CborReader::content(std::uint8_t major, std::size_t maxSize) {
    const std::uint64_t size = head(major);
    if (!ok()) return {};
    if (size > maxSize) {
        fail(CborError::OutOfRange);
        return {};
    }
    if (size > m_rest.size()) {
        fail(CborError::Truncated);
        return {};
    }
    const ByteView view = m_rest.first(static_cast<std::size_t>(size));
    m_rest = m_rest.subspan(static_cast<std::size_t>(size));
    return view;
}

ByteView CborReader::byteString(std::size_t maxSize) { return content(2, maxSize); }

// Well-formed UTF-8 as in the Unicode standard, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF.
static bool isUtf8(ByteView text) {
    std::size_t i = 0;
    const auto continues = [&](std::size_t at, std::uint8_t low, std::uint8_t high) {
        return at < text.size() && text[at] >= low && text[at] <= high;
    };
    while (i < text.size()) {
        const std::uint8_t c = text[i];
        if (c < 0x80) {
            i += 1;
        } else if (c >= 0xc2 && c <= 0xdf) {
            if (!continues(i + 1, 0x80, 0xbf)) return false;
            i += 2;
        } else if (c >= 0xe0 && c <= 0xef) {
            const std::uint8_t low = c == 0xe0 ? 0xa0 : 0x80;
            const std::uint8_t high = c == 0xed ? 0x9f : 0xbf;
            if (!continues(i + 1, low, high) || !continues(i + 2, 0x80, 0xbf)) return false;
            i += 3;
        } else if (c >= 0xf0 && c <= 0xf4) {
            const std::uint8_t low = c == 0xf0 ? 0x90 : 0x80;
            const std::uint8_t high = c == 0xf4 ? 0x8f : 0xbf;
            if (!continues(i + 1, low, high) || !continues(i + 2, 0x80, 0xbf) || !continues(i + 3, 0x80, 0xbf)) {
                return false;
            }
            i += 4;
        } else {
            return false;
        }
    }
    return true;
}

std::string_view CborReader::text(std::size_t maxSize) {
    const ByteView view = content(3, maxSize);
    if (ok() && !isUtf8(view)) fail(CborError::NotText);
    if (!ok()) return {};
    return {reinterpret_cast<const char*>(view.data()), view.size()};
}

std::uint64_t CborReader::array(std::uint64_t maxCount) {
    const std::uint64_t count = head(4);
    if (count > maxCount) fail(CborError::OutOfRange);
    if (count > m_rest.size()) fail(CborError::Truncated); // every element takes at least a byte
    return ok() ? count : 0;
}

std::uint64_t CborReader::map(std::uint64_t maxCount) {
    const std::uint64_t count = head(5);
    if (count > maxCount) fail(CborError::OutOfRange);
    if (count > m_rest.size()) fail(CborError::Truncated);
    return ok() ? count : 0;
}

bool CborReader::boolean() {
    if (!ok()) return false;
    if (m_rest.empty()) {
        fail(CborError::Truncated);
        return false;
    }
    if (m_rest[0] != 0xf4 && m_rest[0] != 0xf5) {
        fail(CborError::WrongType);
        return false;
    }
    const bool value = m_rest[0] == 0xf5;
    m_rest = m_rest.subspan(1);
    return value;
}

std::uint64_t CborReader::key(std::uint64_t previous, bool first) {
    const std::uint64_t value = unsignedInt();
    if (ok() && !first && value <= previous) fail(CborError::NotCanonical);
    return value;
}

} // namespace tallylock
