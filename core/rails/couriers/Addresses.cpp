#include "core/rails/couriers/Addresses.h"

#include <algorithm>
#include <cstdint>
#include <utf8proc.h>

namespace tallylock::rails {

namespace {

bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool isAtom(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return isLetterOrDigit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
    });
}

bool isLabel(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLetterOrDigit(c) || c == '-'; });
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> pieces;
    for (std::size_t from = 0;;) {
        const std::size_t to = text.find(at, from);
        pieces.push_back(text.substr(from, to - from));
        if (to == std::string_view::npos) return pieces;
        from = to + 1;
    }
}

/// Not control, format, surrogate, private or unassigned; not a line or paragraph separator.
bool isSeen(utf8proc_int32_t point) {
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
    }
}

bool isAddressLine(std::string_view line) {
    if (line.find_first_not_of(' ') == std::string_view::npos) return false;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(line.data());
    auto left = static_cast<utf8proc_ssize_t>(line.size());
    std::size_t columns = 0;
    while (left > 0) {
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t length = utf8proc_iterate(at, left, &point);
        if (length <= 0 || !isSeen(point) || ++columns > kMostAddressColumns) return false;
        at += length;
        left -= length;
    }
    return true;
}

} // namespace

bool isMailAddress(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > 254 || at > 64) return false;
    const auto atoms = split(text.substr(0, at), '.');
    const auto labels = split(text.substr(at + 1), '.');
    const std::string_view top = labels.back();
    const bool isNumber = std::all_of(top.begin(), top.end(), [](char c) { return c >= '0' && c <= '9'; });
    return labels.size() >= 2 && !isNumber && std::all_of(atoms.begin(), atoms.end(), isAtom) &&
           std::all_of(labels.begin(), labels.end(), isLabel);
}

std::vector<std::string> postalLines(std::string_view text) {
    const auto lines = split(text, '\n');
    if (lines.size() < 2 || lines.size() > kMostAddressLines || !std::all_of(lines.begin(), lines.end(), isAddressLine))
        return {};
    return {lines.begin(), lines.end()};
}

} // namespace tallylock::rails
