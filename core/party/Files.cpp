#include "core/party/Files.h"

#include "core/asset/AgeKey.h"
#include "core/asset/PartFile.h"
#include "core/asset/SealResume.h"
#include "core/crypto/Box.h"
#include "core/party/Marks.h"
#include "core/party/Problems.h"
#include "core/party/SealedCopy.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Problem;
using api::Refusal;
using asset::SealError;

namespace {

/// Sealing adds 16 bytes to each chunk, and a header.
std::uint64_t sealedSizeOf(std::uint64_t plainSize) {
    return plainSize + (plainSize / asset::kChunkSize + 1) * 16 + 4096;
}

Outcome<void> checkRoom(const std::string& path, std::uint64_t bytes) {
    std::error_code error;
    const fs::space_info space = fs::space(fs::path(path).parent_path(), error);
    if (!error && space.available < bytes) return Err(Refusal{Problem::DiskFull, {}});
    return {};
}

Err<Refusal> sealRefusal(SealError error) { return Err(Refusal{problemOf(error), asset::nameOf(error)}); }

std::string mediaTypeOr(const std::string& mediaType) {
    return mediaType.empty() ? std::string("application/octet-stream") : mediaType;
}

/// Whatever its form, the preview is stored as it is shown: bytes with a type.
asset::Preview previewOf(const SealingBegun& begun) { return {begun.previewType, begun.preview, {}}; }

std::vector<custody::SignedCustody> firstCustody(const SealOrder& order, const keys::Identity& seller) {
    return {
        custody::beginCustody(seller.signingKey(), order.begun.assetId, order.begun.markedMs.value_or(order.nowMs))};
}

/// What is sealed in place of the seller's file, if a mark is asked for. A copy lies beside the sealed file, whose
/// folder is tidied at every start, and only while it is sealed.
class MarkedCopy {
public:
    static Outcome<MarkedCopy> make(const SealOrder& order, const keys::Identity& seller) {
        MarkedCopy copy(order);
        if (!order.begun.markedMs) return copy;
        if (!order.media) return Err(Refusal{Problem::NotAvailable, {}});
        auto marked = markForSale(*order.media, order.begun.path, copy.m_place, firstCustody(order, seller),
                                  seller.signingKey(), *order.begun.markedMs);
        if (!marked) return Err(marked.error());
        copy.m_file = std::move(*marked);
        return copy;
    }
    MarkedCopy(MarkedCopy&& other) noexcept
        : m_place(std::exchange(other.m_place, {})),
          m_file(std::move(other.m_file)) {}
    MarkedCopy& operator=(MarkedCopy&&) = delete;
    ~MarkedCopy() {
        std::error_code ignored;
        if (!m_place.empty()) fs::remove(m_place, ignored);
    }
    const std::string& path() const { return m_file.path; }
    const std::optional<std::string>& trackingMark() const { return m_file.trackingMark; }

private:
    explicit MarkedCopy(const SealOrder& order)
        : m_place(order.sealedPath + ".marked"),
          m_file{order.begun.path, std::nullopt} {
        std::error_code ignored;
        fs::remove(m_place, ignored);
    }
    std::string m_place;
    MarkedFile m_file;
};

asset::Manifest manifestOf(const SealOrder& order, const BoxKey& recipient, const asset::Portions& portions,
                           const keys::Identity& seller, const std::optional<std::string>& trackingMark) {
    const SealingBegun& begun = order.begun;
    asset::Manifest manifest;
    manifest.assetId = begun.assetId;
    manifest.name = fs::path(begun.path).filename().string();
    manifest.mediaType = mediaTypeOr(begun.mediaType);
    manifest.description = begun.description;
    manifest.creator = seller.key();
    manifest.seller = seller.key();
    manifest.edition = 1;
    manifest.plainSize = portions.plainSize;
    manifest.sealedSize = portions.sealedSize;
    manifest.portionCount = portions.sealedLeaves.size();
    manifest.recipient = recipient;
    manifest.sealedRoot = portions.sealedRoot;
    manifest.plainRoot = portions.plainRoot;
    manifest.previewHash = asset::previewHash(previewOf(begun));
    manifest.trackingMark = trackingMark;
    manifest.custody = firstCustody(order, seller);
    manifest.createdMs = order.nowMs;
    return manifest;
}

} // namespace

Outcome<SourceMark> sourceMark(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error) return Err(Refusal{Problem::FileUnreadable, error.message()});
    if (!fs::is_regular_file(status)) return Err(Refusal{Problem::FileUnreadable, "not a file"});
    SourceMark mark;
    mark.size = fs::file_size(path, error);
    if (!error) {
        const auto time = fs::last_write_time(path, error).time_since_epoch();
        mark.timeNs = std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
    }
    if (error) return Err(Refusal{Problem::FileUnreadable, error.message()});
    return mark;
}

Outcome<EditionSealed> sealEdition(const SealOrder& order, const keys::Identity& seller, Random& random,
                                   const asset::Work& work) {
    const SealingBegun& begun = order.begun;
    const SourceMark expected{begun.sourceSize, begun.sourceTimeNs};
    const auto before = sourceMark(begun.path);
    if (!before) return Err(before.error());
    if (*before != expected) return Err(Refusal{Problem::FileChanged, {}});
    if (const auto room = checkRoom(order.sealedPath, sealedSizeOf(before->size)); !room) return Err(room.error());
    const auto secrets = keys::unwrapForSeller(keys::fingerprintKey(seller.assetChild(begun.assetIndex), begun.assetId),
                                               begun.wrapped, begun.assetId, 1);
    if (!secrets) return Err(Refusal{Problem::WrongKey, keys::nameOf(secrets.error())});

    const auto marked = MarkedCopy::make(order, seller);
    if (!marked) return Err(marked.error());
    // A copy that is made anew need not be the same to the last byte, so its sealing begins anew too.
    if (begun.markedMs) asset::dropUnfinishedSealing(order.sealedPath);
    const std::uint64_t size = sizeOfFile(marked->path());
    const auto portions = asset::sealPortionsFile(marked->path(), order.sealedPath, secrets->firstPassword,
                                                  secrets->plainSalt, random, work);
    if (!portions) return sealRefusal(portions.error());
    const auto drop = [&](Refusal refusal) {
        std::error_code ignored;
        fs::remove(order.sealedPath, ignored);
        return Err(std::move(refusal));
    };
    const auto after = sourceMark(begun.path);
    if (!after || *after != expected || portions->plainSize != size) return drop({Problem::FileChanged, {}});
    const asset::SignedManifest manifest = asset::signManifest(
        manifestOf(order, crypto::boxKeyOf(secrets->firstPassword), *portions, seller, marked->trackingMark()),
        seller.signingKey());
    if (const auto sound = asset::verifyManifest(manifest); !sound)
        return drop({problemOf(sound.error()), asset::nameOf(sound.error())});
    keepHashes(order.sealedPath, portions->sealedLeaves);

    EditionSealed record;
    record.assetId = begun.assetId;
    record.assetIndex = begun.assetIndex;
    record.edition = 1;
    record.wrapped = begun.wrapped;
    record.manifest = encodeCbor(manifest);
    record.name = begun.name;
    record.description = begun.description;
    record.mediaType = mediaTypeOr(begun.mediaType);
    record.price = begun.price;
    record.previewType = begun.previewType;
    record.preview = begun.preview;
    return record;
}

/// A buyer without a way to the seller proves each portion by them.
static Outcome<void> uploadHashes(const std::string& path, asset::SeekableSource& sealed, ports::FileStore& store,
                                  const Hash& sealedRoot, const asset::Work& work) {
    const auto hashes = hashesOf(path, sealed, sealedRoot, work);
    if (!hashes) return Err(hashes.error());
    const Bytes bytes = encodeHashes(*hashes);
    const auto size = store.sizeOf(ports::storedHashesName(sealedRoot));
    if (!size) return Err(refusalOf(size.error()));
    if (*size == bytes.size()) return {};
    auto upload = store.upload(ports::storedHashesName(sealedRoot));
    if (!upload) return Err(refusalOf(upload.error()));
    if (const auto written = (*upload)->write(bytes); !written) return Err(refusalOf(written.error()));
    if (const auto done = (*upload)->commit(); !done) return Err(refusalOf(done.error()));
    return {};
}

static Outcome<void> uploadFile(asset::SeekableSource& source, ports::FileStore& store, const Hash& sealedRoot,
                                JobControl& control) {
    auto upload = store.upload(sealedRoot);
    if (!upload) return Err(refusalOf(upload.error()));
    Bytes buffer(asset::kSealedPortionSize);
    for (std::uint64_t at = (*upload)->there();;) {
        if (!control.goOn()) return Err(Refusal{Problem::Cancelled, {}});
        const auto count = source.readAt(at, buffer);
        if (!count) return sealRefusal(count.error());
        if (*count == 0) break;
        at += *count;
        if (const auto written = (*upload)->write(ByteView(buffer).first(*count)); !written)
            return Err(refusalOf(written.error()));
    }
    if (const auto done = (*upload)->commit(); !done) return Err(refusalOf(done.error()));
    return {};
}

Outcome<void> uploadSealed(const std::string& path, ports::FileStore& store, const Hash& sealedRoot,
                           std::uint64_t sealedSize, JobControl& control) {
    auto source = asset::FileSource::open(path);
    if (!source) return Err(Refusal{Problem::FileUnreadable, std::strerror(errno)});
    asset::Work work;
    work.control = &control;
    const auto size = store.sizeOf(sealedRoot);
    if (!size) return Err(refusalOf(size.error()));
    if (*size != sealedSize) {
        if (const auto done = uploadFile(*source, store, sealedRoot, control); !done) return done;
    }
    return uploadHashes(path, *source, store, sealedRoot, work); // a store that checks has made them itself by now
}

Outcome<void> verifyFile(const std::string& path, const SecretBytes& plainSalt, const Hash& plainRoot,
                         const asset::Work& work) {
    if (const auto there = sourceMark(path); !there) return Err(there.error());
    auto source = asset::FileSource::open(path);
    if (!source) return Err(Refusal{Problem::FileUnreadable, std::strerror(errno)});
    const auto portions = asset::verifyOpened(*source, plainSalt, plainRoot, work);
    if (!portions && portions.error() == SealError::PlainMismatch) return Err(Refusal{Problem::FileNotAsSold, {}});
    if (!portions) return sealRefusal(portions.error());
    return {};
}

std::uint64_t sizeOfFile(const std::string& path) {
    const auto mark = sourceMark(path);
    return mark ? mark->size : 0;
}

api::DraftRow draftRow(const SealingBegun& begun, const std::string& sealedPath) {
    api::DraftRow row;
    row.assetId = begun.assetId;
    row.state = api::DraftState::Interrupted;
    row.name = begun.name;
    row.price = begun.price;
    row.sizeBytes = begun.sourceSize;
    row.sealedSoFar = std::min(sizeOfFile(sealedPath + ".part"), begun.sourceSize);
    row.sourcePath = begun.path;
    return row;
}

api::DraftRow draftRow(const EditionSealed& sealed) {
    api::DraftRow row;
    row.assetId = sealed.assetId;
    row.edition = sealed.edition;
    row.name = sealed.name;
    row.price = sealed.price;
    if (const auto manifest = asset::readManifest(sealed.manifest)) {
        row.sizeBytes = manifest->manifest.plainSize;
        row.sealedBytes = manifest->manifest.sealedSize;
        row.portions = manifest->manifest.portionCount;
        row.sealedRoot = manifest->manifest.sealedRoot;
        row.recipient = asset::recipientText(manifest->manifest.recipient);
    }
    return row;
}

} // namespace tallylock::party
