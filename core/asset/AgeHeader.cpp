#include "core/asset/AgeHeader.h"

#include "core/asset/AgeBase64.h"
#include "core/crypto/Kdf.h"

#include <algorithm>

namespace tallylock::asset {

static constexpr std::size_t kBase64Columns = 64;

Result<std::size_t, SealError> readFully(Source& source, std::span<std::uint8_t> out) {
    std::size_t size = 0;
    while (size < out.size()) {
        const auto got = source.read(out.subspan(size));
        if (!got) return Err(got.error());
        if (*got == 0) break;
        size += *got;
    }
    return size;
}

Result<std::size_t, SealError> BufferedSource::read(std::span<std::uint8_t> out) {
    if (m_at == m_buffer.size()) return m_source.read(out);
    const std::size_t size = std::min(out.size(), m_buffer.size() - m_at);
    std::copy_n(m_buffer.data() + m_at, size, out.data());
    m_at += size;
    return size;
}

Result<std::optional<std::uint8_t>, SealError> BufferedSource::next() {
    if (m_at == m_buffer.size()) {
        m_buffer.resize(4096);
        m_at = 0;
        const auto got = m_source.read(m_buffer);
        m_buffer.resize(got ? *got : 0);
        if (!got) return Err(got.error());
        if (*got == 0) return std::optional<std::uint8_t>();
    }
    return std::optional(m_buffer[m_at++]);
}

namespace {
/// Takes a header apart line by line.
class HeaderParser {
public:
    explicit HeaderParser(BufferedSource& source) : m_source(source) {}

    Result<AgeHeader, SealError> parse() {
        auto line = intro();
        if (!line) return Err(line.error());
        for (;;) {
            const auto text = nextLine();
            if (!text) return Err(text.error());
            const auto more = text->starts_with("---") ? finish(*text) : stanza(*text);
            if (!more) return Err(more.error());
            if (text->starts_with("---")) return std::move(m_header);
        }
    }

private:
    using Line = Result<std::string, SealError>;

    // The first line decides whether this is an age file at all, so that a picture is not called a long header.
    Result<void, SealError> intro() {
        for (const char expected : std::string(kAgeIntro) + '\n') {
            const auto byte = m_source.next();
            if (!byte) return Err(byte.error());
            if (!*byte || static_cast<char>(**byte) != expected) return Err(SealError::NotAge);
            m_header.bytes.push_back(**byte);
        }
        return {};
    }

    Line nextLine() {
        std::string line;
        for (;;) {
            const auto byte = m_source.next();
            if (!byte) return Err(byte.error());
            if (!*byte) return Err(SealError::Truncated);
            if (m_header.bytes.size() == kMaxAgeHeader) return Err(SealError::HeaderTooLong);
            m_header.bytes.push_back(**byte);
            if (**byte == '\n') return line;
            line.push_back(static_cast<char>(**byte));
        }
    }

    Result<void, SealError> stanza(std::string_view line) {
        if (!line.starts_with("-> ")) return Err(SealError::HeaderMalformed);
        AgeStanza stanza;
        line.remove_prefix(3);
        for (;;) {
            const std::size_t end = std::min(line.find(' '), line.size());
            const std::string_view argument = line.substr(0, end);
            const auto isVisible = [](char c) { return c >= 0x21 && c <= 0x7e; };
            if (argument.empty() || !std::all_of(argument.begin(), argument.end(), isVisible)) {
                return Err(SealError::HeaderMalformed);
            }
            stanza.arguments.emplace_back(argument);
            if (end == line.size()) break;
            line.remove_prefix(end + 1);
        }
        std::string body;
        for (;;) {
            const auto part = nextLine();
            if (!part) return Err(part.error());
            if (part->size() > kBase64Columns) return Err(SealError::HeaderMalformed);
            body += *part;
            if (part->size() < kBase64Columns) break;
        }
        auto bytes = fromAgeBase64(body);
        if (!bytes) return Err(SealError::HeaderMalformed);
        stanza.body = std::move(*bytes);
        m_header.stanzas.push_back(std::move(stanza));
        return {};
    }

    Result<void, SealError> finish(std::string_view line) {
        if (!line.starts_with("--- ") || m_header.stanzas.empty()) return Err(SealError::HeaderMalformed);
        const auto bytes = fromAgeBase64(line.substr(4));
        const auto mac = bytes ? Hash::from(*bytes) : std::nullopt;
        if (!mac) return Err(SealError::HeaderMalformed);
        // A passphrase stanza stands alone, or its authenticity would be lost.
        const auto isScrypt = [](const AgeStanza& stanza) { return stanza.type() == kScryptType; };
        if (m_header.stanzas.size() > 1 && std::any_of(m_header.stanzas.begin(), m_header.stanzas.end(), isScrypt)) {
            return Err(SealError::HeaderMalformed);
        }
        m_header.mac = *mac;
        m_header.macSize = m_header.bytes.size() - line.size() - 1 + 3;
        return {};
    }

    BufferedSource& m_source;
    AgeHeader m_header;
};
} // namespace

Result<AgeHeader, SealError> readAgeHeader(BufferedSource& source) { return HeaderParser(source).parse(); }

SecretBytes agePayloadKey(const SecretBytes& fileKey, ByteView nonce) {
    return crypto::hkdfSha256(fileKey.view(), nonce, viewOf("payload"));
}

} // namespace tallylock::asset
