#include "core/asset/AgeArmor.h"

#include <algorithm>
#include <sodium.h>

namespace tallylock::asset {

static constexpr std::string_view kArmorBegin = "-----BEGIN AGE ENCRYPTED FILE-----";
static constexpr std::string_view kArmorEnd = "-----END AGE ENCRYPTED FILE-----";
static constexpr std::size_t kArmorColumns = 64;
static constexpr std::size_t kArmorLineBytes = kArmorColumns / 4 * 3;
static constexpr std::size_t kMostSpace = 1024;
static constexpr std::size_t kReadAhead = 16 * 1024;

static bool isArmorSpace(std::uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

// Reads on; afterwards m_sourceEnded, or there is a byte at m_at.
Result<void, SealError> DearmoringSource::fill() {
    if (m_at < m_ahead.size() || m_sourceEnded) return {};
    m_ahead.resize(kReadAhead);
    m_at = 0;
    const auto got = m_source.read(m_ahead);
    m_ahead.resize(got ? *got : 0);
    if (!got) return Err(got.error());
    m_sourceEnded = *got == 0;
    return {};
}

// Sees what it is, and reads on to the first line inside.
Result<void, SealError> DearmoringSource::begin() {
    if (const auto filled = fill(); !filled) return filled;
    if (m_sourceEnded || (m_ahead[m_at] != '-' && !isArmorSpace(m_ahead[m_at]))) {
        m_state = State::Plain;
        return {};
    }
    for (std::size_t space = 0;; ++space, ++m_at) {
        if (const auto filled = fill(); !filled) return filled;
        if (m_sourceEnded || space > kMostSpace) return Err(SealError::ArmorMalformed);
        if (!isArmorSpace(m_ahead[m_at])) break;
    }
    if (const auto line = nextLine(kArmorBegin.size()); !line) return line;
    if (m_line != kArmorBegin) return Err(SealError::ArmorMalformed);
    m_state = State::Lines;
    return {};
}

// A line up to LF, CR LF or the end of the source.
Result<void, SealError> DearmoringSource::nextLine(std::size_t longest) {
    m_line.clear();
    for (;;) {
        if (const auto filled = fill(); !filled) return filled;
        if (m_sourceEnded) {
            if (m_line.empty()) return Err(SealError::ArmorMalformed); // before the last line
            break;
        }
        const auto from = m_ahead.begin() + static_cast<std::ptrdiff_t>(m_at);
        const auto end = std::find(from, m_ahead.end(), std::uint8_t{'\n'});
        m_line.append(from, end);
        if (m_line.size() > longest + 1) return Err(SealError::ArmorMalformed);
        m_at += static_cast<std::size_t>(end - from);
        if (end == m_ahead.end()) continue;
        ++m_at;
        break;
    }
    if (m_line.ends_with('\r')) m_line.pop_back();
    return {};
}

Result<void, SealError> DearmoringSource::decodeLine() {
    if (const auto line = nextLine(kArmorColumns); !line) return line;
    if (m_line == kArmorEnd) return expectEnd();
    const bool isShort = m_line.size() < kArmorColumns;
    // Nothing comes after a short line but the end.
    if (m_state == State::LastLine || m_line.empty() || m_line.size() > kArmorColumns) {
        return Err(SealError::ArmorMalformed);
    }
    // libsodium takes '+' and '/' with their highest bit set for the same characters.
    const auto isForeign = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    std::size_t size = 0;
    if (std::any_of(m_line.begin(), m_line.end(), isForeign) ||
        sodium_base642bin(m_decoded.data(), m_decoded.size(), m_line.data(), m_line.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        return Err(SealError::ArmorMalformed);
    }
    m_decodedAt = 0;
    m_decodedEnd = size;
    if (isShort || size < kArmorLineBytes) m_state = State::LastLine;
    return {};
}

Result<void, SealError> DearmoringSource::expectEnd() {
    for (std::size_t space = 0;; ++space, ++m_at) {
        if (const auto filled = fill(); !filled) return filled;
        if (m_sourceEnded) break;
        if (space == kMostSpace || !isArmorSpace(m_ahead[m_at])) return Err(SealError::ArmorMalformed);
    }
    m_state = State::Ended;
    return {};
}

Result<std::size_t, SealError> DearmoringSource::read(std::span<std::uint8_t> out) {
    if (m_state == State::Unknown) {
        if (const auto begun = begin(); !begun) return Err(begun.error());
    }
    if (m_state == State::Plain) {
        if (m_at == m_ahead.size()) return m_source.read(out);
        const std::size_t size = std::min(out.size(), m_ahead.size() - m_at);
        std::copy_n(m_ahead.begin() + static_cast<std::ptrdiff_t>(m_at), size, out.begin());
        m_at += size;
        return size;
    }
    std::size_t size = 0;
    while (size < out.size()) {
        if (m_decodedAt == m_decodedEnd) {
            if (m_state == State::Ended) break;
            // What stands before a malformed line is not handed out with it: the armor is refused as a whole.
            if (const auto line = decodeLine(); !line) return Err(line.error());
            continue;
        }
        const std::size_t piece = std::min(out.size() - size, m_decodedEnd - m_decodedAt);
        std::copy_n(m_decoded.begin() + m_decodedAt, piece, out.begin() + static_cast<std::ptrdiff_t>(size));
        m_decodedAt += piece;
        size += piece;
    }
    return size;
}

void ArmoringSink::putLine(ByteView bytes) {
    std::array<char, kArmorColumns + 1> line;
    sodium_bin2base64(line.data(), line.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    m_text += line.data();
    m_text += '\n';
}

Result<void, SealError> ArmoringSink::flush() {
    const auto written = m_sink.write(viewOf(m_text));
    m_text.clear();
    return written;
}

Result<void, SealError> ArmoringSink::write(ByteView bytes) {
    if (!m_begun) m_text = std::string(kArmorBegin) + '\n';
    m_begun = true;
    if (!m_rest.empty()) {
        const std::size_t missing = std::min(kArmorLineBytes - m_rest.size(), bytes.size());
        append(m_rest, bytes.first(missing));
        bytes = bytes.subspan(missing);
        if (m_rest.size() < kArmorLineBytes) return {};
        putLine(m_rest);
        m_rest.clear();
    }
    for (; bytes.size() >= kArmorLineBytes; bytes = bytes.subspan(kArmorLineBytes)) {
        putLine(bytes.first(kArmorLineBytes));
    }
    append(m_rest, bytes);
    return flush();
}

Result<void, SealError> ArmoringSink::finish() {
    if (!m_begun) m_text = std::string(kArmorBegin) + '\n';
    if (!m_rest.empty()) putLine(m_rest);
    m_text += std::string(kArmorEnd) + '\n';
    return flush();
}

} // namespace tallylock::asset
