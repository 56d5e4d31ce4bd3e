#include "core/media/ArchiveLook.h"

#include "core/asset/Text.h"

#include <algorithm>

namespace tallylock::media {
namespace {

constexpr std::size_t kZipEndSize = 22;
constexpr std::size_t kMaxZipComment = 65535;
constexpr std::size_t kZipEntrySize = 46;
constexpr std::size_t kMaxZipList = std::size_t{4} << 20;
constexpr std::size_t kTarBlock = 512;
constexpr int kMaxTarEntries = 10'000;

std::uint32_t littleEndian(ByteView bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | bytes[at + i];
    return value;
}

bool hasSignature(ByteView bytes, std::size_t at, std::uint32_t signature) {
    return littleEndian(bytes, at, 4) == signature;
}

/// A name as a line: cut, and with a mark where it is not text.
std::string lineOf(std::string name) {
    if (name.size() > ports::kMaxLookLine) name.resize(ports::kMaxLookLine);
    while (!name.empty() && !asset::isUtf8Text(name) && (name.back() & 0x80) != 0) name.pop_back();
    for (char& c : name)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    if (asset::isUtf8Text(name)) return name;
    for (char& c : name)
        if ((c & 0x80) != 0) c = '?';
    return name;
}

std::vector<std::string> bounded(std::vector<std::string> names, std::size_t total) {
    if (total > names.size() || names.size() > ports::kMaxLookLines) {
        names.resize(std::min(names.size(), ports::kMaxLookLines - 1));
        names.push_back("+ " + std::to_string(total - names.size()));
    }
    return names;
}

} // namespace

std::optional<ZipEnd> findZipEnd(const Input& input) {
    const Bytes tail = input.tail(kZipEndSize + kMaxZipComment);
    if (tail.size() < kZipEndSize) return std::nullopt;
    for (std::size_t at = tail.size() - kZipEndSize + 1; at-- > 0;) {
        if (!hasSignature(tail, at, 0x06054b50)) continue;
        ZipEnd end;
        end.commentSize = static_cast<std::uint16_t>(littleEndian(tail, at + 20, 2));
        if (at + kZipEndSize + end.commentSize != tail.size()) continue;
        end.offset = input.size() - tail.size() + at;
        end.entries = static_cast<std::uint16_t>(littleEndian(tail, at + 10, 2));
        end.listSize = littleEndian(tail, at + 12, 4);
        end.listOffset = littleEndian(tail, at + 16, 4);
        return end;
    }
    return std::nullopt;
}

Outcome<std::vector<std::string>> listZip(const Input& input) {
    const auto end = findZipEnd(input);
    if (!end) return Err(MediaError::Damaged);
    const Bytes list = input.read(end->listOffset, std::min<std::size_t>(end->listSize, kMaxZipList));
    std::vector<std::string> names;
    std::size_t at = 0;
    while (names.size() < ports::kMaxLookLines && at + kZipEntrySize <= list.size()) {
        if (!hasSignature(list, at, 0x02014b50)) return Err(MediaError::Damaged);
        const std::size_t nameSize = littleEndian(list, at + 28, 2);
        const std::size_t rest = littleEndian(list, at + 30, 2) + littleEndian(list, at + 32, 2);
        if (at + kZipEntrySize + nameSize > list.size()) return Err(MediaError::Damaged);
        names.push_back(lineOf(textOf(ByteView(list).subspan(at + kZipEntrySize, nameSize))));
        at += kZipEntrySize + nameSize + rest;
    }
    if (names.empty() && end->entries != 0) return Err(MediaError::Damaged);
    const std::size_t total = std::max<std::size_t>(end->entries, names.size());
    return bounded(std::move(names), total);
}

Outcome<std::vector<std::string>> listTar(const Input& input) {
    std::vector<std::string> names;
    std::size_t total = 0;
    std::uint64_t at = 0;
    for (int count = 0; count < kMaxTarEntries; ++count) {
        const Bytes head = input.read(at, kTarBlock);
        if (head.size() < kTarBlock || head[0] == 0) break;
        if (textOf(ByteView(head).subspan(257, 5)) != "ustar") return Err(MediaError::Damaged);
        // The size in octal digits; a number in base 256 begins with the high bit and is left to real programs.
        std::uint64_t size = 0;
        for (std::size_t i = 124; i < 136 && head[i] >= '0' && head[i] <= '7'; ++i) size = size * 8 + (head[i] - '0');
        const std::uint8_t kind = head[156];
        if (kind == '0' || kind == 0 || kind == '2' || kind == '1') {
            ++total;
            const auto upToNull = [](const std::string& padded) { return padded.substr(0, padded.find('\0')); };
            std::string name = upToNull(textOf(ByteView(head).subspan(345, 155))); // the folder
            if (!name.empty()) name += '/';
            name += upToNull(textOf(ByteView(head).first(100)));
            if (names.size() < ports::kMaxLookLines) names.push_back(lineOf(std::move(name)));
        }
        at += kTarBlock + (size + kTarBlock - 1) / kTarBlock * kTarBlock;
    }
    if (names.empty()) return Err(MediaError::NotSupported);
    return bounded(std::move(names), total);
}

} // namespace tallylock::media
