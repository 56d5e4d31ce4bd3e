#include "core/party/Files.h"

#include "core/asset/AgeKey.h"
#include "core/party/Problems.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace tallylock::party {

namespace fs = std::filesystem;
using api::Problem;
using api::Refusal;
using asset::SealError;

namespace {

/// What tells that a file has been written to meanwhile.
struct FileMark {
    std::uint64_t size = 0;
    fs::file_time_type time;
    bool operator==(const FileMark&) const = default;
};

Outcome<FileMark> markOf(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error) return Err(Refusal{Problem::FileUnreadable, error.message()});
    if (!fs::is_regular_file(status)) return Err(Refusal{Problem::FileUnreadable, "not a file"});
    FileMark mark;
    mark.size = fs::file_size(path, error);
    if (!error) mark.time = fs::last_write_time(path, error);
    if (error) return Err(Refusal{Problem::FileUnreadable, error.message()});
    return mark;
}

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
asset::Preview previewOf(const api::Preview& preview) { return {preview.mediaType, preview.bytes, {}}; }

asset::Manifest manifestOf(const SealOrder& order, const asset::SealedEdition& edition, const keys::Identity& seller) {
    asset::Manifest manifest;
    manifest.assetId = order.assetId;
    manifest.name = fs::path(order.request.path).filename().string();
    manifest.mediaType = mediaTypeOr(order.request.mediaType);
    manifest.description = order.request.description;
    manifest.creator = seller.key();
    manifest.seller = seller.key();
    manifest.edition = 1;
    manifest.plainSize = edition.portions.plainSize;
    manifest.sealedSize = edition.portions.sealedSize;
    manifest.portionCount = edition.portions.sealedLeaves.size();
    manifest.recipient = edition.claim.recipient;
    manifest.sealedRoot = edition.claim.sealedRoot;
    manifest.plainRoot = edition.claim.plainRoot;
    manifest.previewHash = asset::previewHash(previewOf(order.request.preview));
    manifest.custody = {asset::beginCustody(seller.signingKey(), order.assetId, order.nowMs)};
    manifest.createdMs = order.nowMs;
    return manifest;
}

Outcome<asset::SealedEdition> sealBytes(const SealOrder& order, const keys::Identity& seller, Random& random,
                                        const asset::Work& work) {
    auto plain = asset::FileSource::open(order.request.path);
    if (!plain) return Err(Refusal{Problem::FileUnreadable, std::strerror(errno)});
    auto sealed = asset::FileSink::create(order.sealedPath, asset::FileSink::Access::OwnerOnly);
    if (!sealed) return sealRefusal(sealed.error());
    const SecretBytes child = seller.assetChild(order.assetIndex);
    asset::EditionSealer sealer(order.assetId, keys::fingerprintKey(child, order.assetId), asset::newPlainSalt(random),
                                random);
    auto edition = sealer.seal(1, *plain, *sealed, work);
    if (!edition) return sealRefusal(edition.error());
    if (const auto done = sealed->commit(); !done) return sealRefusal(done.error());
    return std::move(*edition);
}

} // namespace

Result<std::size_t, SealError> StoreSource::read(std::span<std::uint8_t> out) {
    const auto count = m_store.read(m_root, m_offset, out);
    if (!count) return Err(SealError::ReadFailed);
    m_offset += *count;
    return *count;
}

Outcome<EditionSealed> sealEdition(const SealOrder& order, const keys::Identity& seller, Random& random,
                                   const asset::Work& work) {
    const auto before = markOf(order.request.path);
    if (!before) return Err(before.error());
    if (before->size == 0) return Err(Refusal{Problem::FileEmpty, {}});
    if (const auto room = checkRoom(order.sealedPath, sealedSizeOf(before->size)); !room) return Err(room.error());
    if (const auto preview = asset::checkPreview(previewOf(order.request.preview)); !preview)
        return Err(Refusal{Problem::ManifestInvalid, asset::nameOf(preview.error())});

    auto edition = sealBytes(order, seller, random, work);
    if (!edition) return Err(edition.error());
    const auto drop = [&](Refusal refusal) {
        std::error_code ignored;
        fs::remove(order.sealedPath, ignored);
        return Err(std::move(refusal));
    };
    const auto after = markOf(order.request.path);
    if (!after || !(*after == *before) || edition->portions.plainSize != before->size)
        return drop({Problem::FileChanged, {}});
    const asset::SignedManifest manifest =
        asset::signManifest(manifestOf(order, *edition, seller), seller.signingKey());
    if (const auto sound = asset::verifyManifest(manifest); !sound)
        return drop({problemOf(sound.error()), asset::nameOf(sound.error())});

    const api::SellRequest& request = order.request;
    EditionSealed record;
    record.assetId = order.assetId;
    record.assetIndex = order.assetIndex;
    record.edition = 1;
    record.wrapped = std::move(edition->wrapped);
    record.manifest = encodeCbor(manifest);
    record.name = request.name;
    record.description = request.description;
    record.mediaType = mediaTypeOr(request.mediaType);
    record.price = request.price;
    record.previewType = request.preview.mediaType;
    record.preview = request.preview.bytes;
    return record;
}

Outcome<void> uploadSealed(const std::string& path, ports::FileStore& store, const Hash& sealedRoot,
                           std::uint64_t sealedSize, JobControl& control) {
    if (store.sizeOf(sealedRoot) == sealedSize) return {};
    auto source = asset::FileSource::open(path);
    if (!source) return Err(Refusal{Problem::FileUnreadable, std::strerror(errno)});
    auto upload = store.upload(sealedRoot);
    if (!upload) return Err(refusalOf(upload.error()));
    Bytes buffer(asset::kSealedPortionSize);
    for (;;) {
        if (!control.goOn()) return Err(Refusal{Problem::Cancelled, {}});
        const auto count = source->read(buffer);
        if (!count) return sealRefusal(count.error());
        if (*count == 0) break;
        if (const auto written = (*upload)->write(ByteView(buffer).first(*count)); !written)
            return Err(refusalOf(written.error()));
    }
    if (const auto done = (*upload)->commit(); !done) return Err(refusalOf(done.error()));
    return {};
}

Outcome<void> verifyStored(ports::FileStore& store, const Hash& sealedRoot, std::uint64_t sealedSize,
                           const asset::Work& work) {
    const std::uint64_t size = store.sizeOf(sealedRoot);
    if (size == 0) return Err(Refusal{Problem::FileUnreadable, "not in the file store"});
    if (size != sealedSize) return Err(Refusal{Problem::SealedFileDamaged, "size"});
    StoreSource source(store, sealedRoot);
    if (const auto portions = asset::verifySealed(source, sealedRoot, work); !portions)
        return sealRefusal(portions.error());
    return {};
}

Outcome<void> openStored(ports::FileStore& store, const asset::EditionClaim& claim, const keys::EditionSecrets& secrets,
                         const std::string& path, const asset::Work& work) {
    if (store.sizeOf(claim.sealedRoot) == 0) return Err(Refusal{Problem::FileUnreadable, "not in the file store"});
    auto sink = asset::FileSink::create(path, asset::FileSink::Access::OwnerOnly);
    if (!sink) return Err(Refusal{Problem::FileUnreadable, std::strerror(errno)});
    StoreSource source(store, claim.sealedRoot);
    if (const auto opened = asset::openEdition(source, *sink, secrets, claim, work); !opened)
        return sealRefusal(opened.error());
    if (const auto done = sink->commit(); !done) return sealRefusal(done.error());
    return {};
}

std::uint64_t sizeOfFile(const std::string& path) {
    const auto mark = markOf(path);
    return mark ? mark->size : 0;
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
