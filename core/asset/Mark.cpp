#include "core/asset/Mark.h"

#include "core/asset/Manifest.h"

#include <algorithm>
#include <cassert>
#include <sodium.h>

namespace tallylock::asset {

static constexpr std::string_view kMarkLabel = "mark";
static constexpr std::string_view kCopyNoteLabel = "copy-note";
static constexpr std::uint64_t kMarkVersion = 1;
static constexpr std::size_t kMarkCheckSize = 16;
static constexpr std::size_t kId3v1Size = 128;
static constexpr std::size_t kApeFootSize = 32;
static constexpr int kMarkBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

const char* nameOf(MarkError error) {
    switch (error) {
    case MarkError::TooLarge: return "mark too large";
    case MarkError::Damaged: return "damaged mark";
    case MarkError::NewerVersion: return "mark of a newer version";
    case MarkError::BadCustody: return "bad custody chain";
    case MarkError::WrongSignature: return "wrong signature";
    case MarkError::WrongCopyNote: return "wrong copy note";
    }
    return "?";
}

Result<Mark, MarkError> makeMark(const crypto::SigningKey& owner, std::vector<custody::SignedCustody> custody,
                                 std::int64_t timeMs) {
    assert(!custody.empty() && custody.back().entry.to == owner.publicKey());
    if (custody.size() > kMaxMarkCustody) return Err(MarkError::TooLarge);
    Mark mark;
    mark.statement.assetId = custody.front().entry.assetId;
    mark.statement.custody = std::move(custody);
    mark.statement.timeMs = timeMs;
    mark.signature = owner.sign(kMarkLabel, mark.statement);
    return mark;
}

Mark withCopyNote(Mark mark, const crypto::SigningKey& buyer, const Hash& contract, std::int64_t timeMs) {
    const CopyNote note{mark.statement.assetId, contract, buyer.publicKey(), timeMs};
    mark.copy = SignedCopyNote{note, buyer.sign(kCopyNoteLabel, note)};
    return mark;
}

// Looks only for the version, so that a mark with fields of tomorrow is not called damaged.
static bool isNewerMark(ByteView bytes) {
    CborReader reader(bytes);
    if (reader.map(64) == 0 || reader.unsignedInt() != 1 || reader.map(64) == 0 || reader.unsignedInt() != 1)
        return false;
    const std::uint64_t version = reader.unsignedInt();
    return reader.ok() && version > kMarkVersion;
}

static Result<void, MarkError> verifyMark(const Mark& mark) {
    const MarkStatement& statement = mark.statement;
    if (statement.version != kMarkVersion) return Err(MarkError::Damaged);
    if (statement.custody.size() > kMaxMarkCustody) return Err(MarkError::TooLarge);
    const auto owner = custody::checkCustody(statement.custody, statement.assetId);
    if (!owner) return Err(MarkError::BadCustody);
    if (!crypto::verify(*owner, kMarkLabel, statement, mark.signature)) return Err(MarkError::WrongSignature);
    if (!mark.copy) return {};
    const CopyNote& note = mark.copy->note;
    if (note.assetId != statement.assetId || !crypto::verify(note.buyer, kCopyNoteLabel, note, mark.copy->signature)) {
        return Err(MarkError::WrongCopyNote);
    }
    return {};
}

Result<Mark, MarkError> readMark(ByteView bytes) {
    if (bytes.size() > kMaxMarkSize) return Err(MarkError::TooLarge);
    if (isNewerMark(bytes)) return Err(MarkError::NewerVersion);
    auto mark = decodeCbor<Mark>(bytes);
    if (!mark) return Err(MarkError::Damaged);
    if (const auto verified = verifyMark(*mark); !verified) return Err(verified.error());
    return std::move(mark).value();
}

std::string markText(ByteView mark) {
    std::string text(sodium_base64_encoded_len(mark.size(), kMarkBase64), '\0');
    sodium_bin2base64(text.data(), text.size(), mark.data(), mark.size(), kMarkBase64);
    text.pop_back(); // the terminating zero
    return text;
}

Result<Bytes, MarkError> markOfText(std::string_view text) {
    if (text.size() > sodium_base64_ENCODED_LEN(kMaxMarkSize, sodium_base64_VARIANT_URLSAFE_NO_PADDING)) {
        return Err(MarkError::TooLarge);
    }
    Bytes bytes(text.size() / 4 * 3 + 2);
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, kMarkBase64) !=
        0) {
        return Err(MarkError::Damaged);
    }
    bytes.resize(size);
    if (size > kMaxMarkSize) return Err(MarkError::TooLarge);
    // libsodium takes '-' and '_' with their highest bit set for the same characters.
    if (markText(bytes) != text) return Err(MarkError::Damaged);
    return bytes;
}

static constexpr std::string_view kSidecarStart = "sidecar ";

std::optional<std::string> trackingMarkText(MarkForm form, ByteView mark) {
    switch (form) {
    case MarkForm::Xmp: return "xmp";
    case MarkForm::Trailer: return "trailer";
    case MarkForm::Sidecar: {
        std::string text = std::string(kSidecarStart) + markText(mark);
        if (text.size() > kMaxTrackingMark) return std::nullopt;
        return text;
    }
    default: return std::nullopt;
    }
}

MarkForm markFormOf(const std::optional<std::string>& trackingMark) {
    if (trackingMark == "xmp") return MarkForm::Xmp;
    if (trackingMark == "trailer") return MarkForm::Trailer;
    if (trackingMark && trackingMark->starts_with(kSidecarStart)) return MarkForm::Sidecar;
    return MarkForm::None;
}

std::optional<Bytes> sidecarMarkOf(const std::optional<std::string>& trackingMark) {
    if (markFormOf(trackingMark) != MarkForm::Sidecar) return std::nullopt;
    auto mark = markOfText(std::string_view(*trackingMark).substr(kSidecarStart.size()));
    if (!mark) return std::nullopt;
    return std::move(mark).value();
}

static Bytes markCheck(ByteView mark) { return bytesOf(crypto::blake2b256(mark).view().first(kMarkCheckSize)); }

Bytes markBlock(ByteView mark) {
    assert(mark.size() <= kMaxMarkSize);
    Bytes block = bytesOf(kMarkMagic);
    append(block, mark);
    for (int shift = 24; shift >= 0; shift -= 8) block.push_back(static_cast<std::uint8_t>(mark.size() >> shift));
    append(block, markCheck(mark));
    append(block, viewOf(kMarkMagic));
    return block;
}

static bool endsWithMagic(ByteView bytes) {
    const ByteView magic = viewOf(kMarkMagic);
    return bytes.size() >= magic.size() && std::ranges::equal(bytes.last(magic.size()), magic);
}

// `tail` ends with the magic.
static Result<FoundBlock, MarkError> blockAtEnd(ByteView tail) {
    if (tail.size() < kMarkMagic.size() + kMarkFoot) return Err(MarkError::Damaged);
    const ByteView foot = tail.last(kMarkFoot);
    std::size_t size = 0;
    for (const std::uint8_t byte : foot.first(4)) size = size << 8 | byte;
    if (size > kMaxMarkSize) return Err(MarkError::TooLarge);
    if (tail.size() < kMarkMagic.size() + size + kMarkFoot) return Err(MarkError::Damaged);
    const ByteView block = tail.last(kMarkMagic.size() + size + kMarkFoot);
    const ByteView mark = block.subspan(kMarkMagic.size(), size);
    if (!std::ranges::equal(block.first(kMarkMagic.size()), viewOf(kMarkMagic)) ||
        !std::ranges::equal(foot.subspan(4, kMarkCheckSize), markCheck(mark))) {
        return Err(MarkError::Damaged);
    }
    return FoundBlock{bytesOf(mark), block.size(), 0};
}

static bool beginsWith(ByteView bytes, std::string_view text) {
    return bytes.size() >= text.size() && std::ranges::equal(bytes.first(text.size()), viewOf(text));
}

std::optional<Result<FoundBlock, MarkError>> findMarkBlock(ByteView tail) {
    std::size_t after = 0;
    const auto skip = [&](std::size_t size, std::string_view start) {
        if (tail.size() - after >= size && beginsWith(tail.last(after + size), start)) after += size;
    };
    skip(kId3v1Size, "TAG");
    skip(kApeFootSize, "APETAGEX");
    const ByteView before = tail.first(tail.size() - after);
    if (!endsWithMagic(before)) return std::nullopt;
    auto found = blockAtEnd(before);
    if (found) found.value().after = after;
    return found;
}

} // namespace tallylock::asset
