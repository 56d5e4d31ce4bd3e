#include "core/keys/Normal.h"

#include <cstdlib>
#include <utf8proc.h>

namespace tallylock::keys {

namespace {

/// Code points of 32 bits, in secret memory.
class CodePoints {
public:
    static std::optional<CodePoints> decompose(std::string_view text) {
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
        const auto size = static_cast<utf8proc_ssize_t>(text.size());
        const auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
        const utf8proc_ssize_t count = utf8proc_decompose(bytes, size, nullptr, 0, options);
        if (count < 0) return std::nullopt;
        CodePoints points;
        points.m_count = static_cast<std::size_t>(count);
        points.m_memory = SecretBytes(points.m_count * sizeof(utf8proc_int32_t));
        // The second call puts marks into their canonical order, too.
        if (count > 0 && utf8proc_decompose(bytes, size, points.data(), count, options) != count) std::abort();
        return points;
    }
    std::size_t size() const { return m_count; }
    utf8proc_int32_t operator[](std::size_t index) const {
        return reinterpret_cast<const utf8proc_int32_t*>(m_memory.data())[index];
    }

private:
    // The memory of a secret ends at the end of a page, so that whole code points lie aligned in it.
    utf8proc_int32_t* data() { return reinterpret_cast<utf8proc_int32_t*>(m_memory.data()); }
    SecretBytes m_memory;
    std::size_t m_count = 0;
};

/// Writes UTF-8 into secret memory of a size that suffices.
class Writer {
public:
    explicit Writer(std::size_t points) : m_memory(points * 4) {}
    void put(utf8proc_int32_t point) {
        m_size += static_cast<std::size_t>(utf8proc_encode_char(point, m_memory.data() + m_size));
    }
    bool empty() const { return m_size == 0; }
    SecretBytes take() const { return SecretBytes::copyOf(m_memory.view().first(m_size)); }

private:
    SecretBytes m_memory;
    std::size_t m_size = 0;
};

bool isBlank(utf8proc_int32_t point) {
    if (point == 0x85 || (point >= '\t' && point <= '\r')) return true;
    if (point == 0x200b || point == 0xfeff) return true; // zero width: nobody sees it, no word has it
    const utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool isIdeograph(utf8proc_int32_t point) {
    return (point >= 0x3400 && point <= 0x9fff) || (point >= 0x20000 && point <= 0x3ffff);
}

} // namespace

std::optional<SecretBytes> nfkd(std::string_view text) {
    const auto points = CodePoints::decompose(text);
    if (!points) return std::nullopt;
    Writer writer(points->size());
    for (std::size_t i = 0; i < points->size(); ++i) writer.put((*points)[i]);
    return writer.take();
}

std::optional<SecretBytes> normalWords(std::string_view text) {
    const auto points = CodePoints::decompose(text);
    if (!points) return std::nullopt;
    Writer writer(points->size() * 2);
    bool between = true; // two words: a space is due before the next character
    for (std::size_t i = 0; i < points->size(); ++i) {
        const utf8proc_int32_t point = (*points)[i];
        if (isBlank(point)) {
            between = true;
            continue;
        }
        if ((between || isIdeograph(point)) && !writer.empty()) writer.put(' ');
        writer.put(utf8proc_tolower(point));
        between = isIdeograph(point);
    }
    return writer.take();
}

} // namespace tallylock::keys
