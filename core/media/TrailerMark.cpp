#include "core/media/TrailerMark.h"

#include "core/media/ArchiveLook.h"

#include <algorithm>

namespace tallylock::media {
namespace {

using ports::MediaSplice;

/// The type of our box in ISO base media files (ISO/IEC 14496-12, section 4.2).
constexpr std::uint8_t kBoxUuid[] = {0x5e, 0x1f, 0x0a, 0x8c, 0x93, 0x27, 0x4b, 0x6d,
                                     0xa1, 0x70, 0x3c, 0xd4, 0x18, 0xee, 0x52, 0xb9};
constexpr std::size_t kBoxHead = 4 + 4 + sizeof kBoxUuid;
constexpr int kMaxBoxes = 100'000;
constexpr std::string_view kApeItem("TallylockMark\0", 14);
constexpr std::size_t kApeFoot = 32;

std::uint64_t bigEndian(ByteView bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[at + i];
    return value;
}

/// Where the boxes end, without one of ours. Nothing if they do not fill the file, or the last one counts from its end.
std::optional<std::uint64_t> endOfBoxes(const Input& input) {
    std::uint64_t at = 0;
    std::uint64_t end = 0;
    for (int count = 0; at < input.size(); ++count) {
        const Bytes head = input.read(at, kBoxHead);
        if (count == kMaxBoxes || head.size() < 8) return std::nullopt;
        std::uint64_t size = bigEndian(head, 0, 4);
        if (size == 1 && head.size() >= 16) size = bigEndian(head, 8, 8);
        if (size < 8 || size > input.size() - at) return std::nullopt;
        const std::string type = textOf(ByteView(head).subspan(4, 4));
        if (type == "mfra") return std::nullopt; // found from the end of the file
        at += size;
        const bool ours =
            type == "uuid" && head.size() == kBoxHead && std::ranges::equal(ByteView(head).subspan(8), kBoxUuid);
        if (!ours)
            end = at;
        else if (at != input.size())
            return std::nullopt;
    }
    return end;
}

Outcome<MediaSplice> boxFor(const Input& input, ByteView mark) {
    const auto end = endOfBoxes(input);
    if (!end) return Err(MediaError::NotSupported);
    const Bytes block = asset::markBlock(mark);
    MediaSplice splice;
    splice.keep = *end;
    const std::size_t size = kBoxHead + block.size();
    for (int shift = 24; shift >= 0; shift -= 8) splice.tail.push_back(static_cast<std::uint8_t>(size >> shift));
    append(splice.tail, viewOf("uuid"));
    append(splice.tail, kBoxUuid);
    append(splice.tail, block);
    return splice;
}

/// An Android package is signed over the record that holds the comment.
bool isSignedPackage(const Input& input, const ZipEnd& end) {
    return end.listOffset >= 16 && textOf(input.read(end.listOffset - 16, 16)) == "APK Sig Block 42";
}

Outcome<MediaSplice> commentFor(const Input& input, ByteView mark) {
    const auto end = findZipEnd(input);
    if (!end || isSignedPackage(input, *end)) return Err(MediaError::NotSupported);
    const std::uint64_t comment = end->offset + 22;
    if (end->commentSize != 0) { // somebody's own, or an old mark
        const auto old = asset::findMarkBlock(input.read(comment, end->commentSize));
        if (!old || !*old || (*old)->size != end->commentSize) return Err(MediaError::NotSupported);
    }
    const Bytes block = asset::markBlock(mark);
    MediaSplice splice;
    splice.keep = comment - 2;
    splice.tail = {static_cast<std::uint8_t>(block.size() & 0xff), static_cast<std::uint8_t>(block.size() >> 8)};
    append(splice.tail, block);
    return splice;
}

void appendLittleEndian(Bytes& to, std::size_t value) {
    for (int shift = 0; shift < 32; shift += 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// An APEv2 tag whose only item is the block; players pass over it.
Bytes apeTagWith(ByteView block) {
    Bytes tag;
    appendLittleEndian(tag, block.size());
    appendLittleEndian(tag, 2); // the value is binary
    append(tag, viewOf(kApeItem));
    append(tag, block);
    const std::size_t size = tag.size() + kApeFoot;
    append(tag, viewOf("APETAGEX"));
    for (const std::size_t value :
         {std::size_t{2000}, size, std::size_t{1}, std::size_t{0}, std::size_t{0}, std::size_t{0}})
        appendLittleEndian(tag, value);
    return tag;
}

Outcome<MediaSplice> afterFrames(const Input& input, ByteView mark) {
    constexpr std::size_t kId3v1 = 128;
    Bytes last = input.tail(kId3v1);
    if (last.size() < kId3v1 || textOf(ByteView(last).first(3)) != "TAG") last.clear();
    std::uint64_t end = input.size() - last.size();
    const Bytes foot = end >= kApeFoot ? input.read(end - kApeFoot, kApeFoot) : Bytes();
    if (foot.size() == kApeFoot && textOf(ByteView(foot).first(8)) == "APETAGEX") {
        // Somebody's own tag, unless our block is all that is in it.
        const auto old = asset::findMarkBlock(input.tail(asset::kMarkTail));
        if (!old || !*old || apeTagWith(asset::markBlock((*old)->mark)).size() > end)
            return Err(MediaError::NotSupported);
        const Bytes ours = apeTagWith(asset::markBlock((*old)->mark));
        if (input.read(end - ours.size(), ours.size()) != ours) return Err(MediaError::NotSupported);
        end -= ours.size();
    }
    MediaSplice splice;
    splice.keep = end;
    splice.tail = apeTagWith(asset::markBlock(mark));
    append(splice.tail, last);
    return splice;
}

} // namespace

Outcome<MediaSplice> trailerFor(const Input& input, FileKind kind, ByteView mark) {
    switch (kind) {
    case FileKind::Mp4: return boxFor(input, mark);
    case FileKind::Zip: return commentFor(input, mark);
    case FileKind::Mp3: return afterFrames(input, mark);
    default: return Err(MediaError::NotSupported);
    }
}

Outcome<Bytes> markAtEnd(const Input& input) {
    auto found = asset::findMarkBlock(input.tail(asset::kMarkTail));
    if (!found) return Bytes();
    if (!*found) return Err(MediaError::Damaged);
    return std::move(found->value().mark);
}

} // namespace tallylock::media
