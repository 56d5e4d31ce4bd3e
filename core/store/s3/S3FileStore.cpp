#include "core/store/s3/S3FileStore.h"

#include "core/store/s3/Answers.h"
#include "core/store/s3/S3Upload.h"

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;
using s3::Request;

namespace {

/// A page of the uploads below the prefix that are begun and not complete.
Request pageRequest(const s3::Place& place, const s3::UploadPage& before, std::size_t most) {
    Request request;
    if (!before.nextKey.empty()) request.query.emplace_back("key-marker", before.nextKey);
    request.query.emplace_back("max-uploads", std::to_string(most));
    if (!place.prefix.empty()) request.query.emplace_back("prefix", place.prefix);
    if (!before.nextId.empty()) request.query.emplace_back("upload-id-marker", before.nextId);
    request.query.emplace_back("uploads", "");
    return request;
}

Result<s3::UploadPage, StoreFailure> pageOf(s3::Connection& connection, const s3::UploadPage& before,
                                            std::size_t most) {
    const auto answer = connection.ask(pageRequest(connection.place(), before, most));
    if (!answer) return Err(answer.error());
    auto page = s3::uploadPageIn(answer->body);
    if (!page) return Err(StoreFailure{StoreError::Io, connection.place().endpoint + ": is no S3-compatible store"});
    return std::move(*page);
}

/// Whether that is the key of a sealed file below our prefix: others may use the bucket, too.
std::optional<Hash> rootIn(const std::string& key, const std::string& prefix) {
    if (!key.starts_with(prefix)) return std::nullopt;
    const auto bytes = fromHex(std::string_view(key).substr(prefix.size()));
    const auto root = bytes ? Hash::from(*bytes) : std::nullopt;
    return root && prefix + root->hex() == key ? root : std::nullopt;
}

} // namespace

Result<std::unique_ptr<S3FileStore>, StoreFailure>
S3FileStore::open(s3::Place place, s3::AccessKey key, std::string folder, s3::Patience patience, s3::Sizes sizes) {
    if (auto fault = s3::faultOf(place)) return Err(StoreFailure{StoreError::Io, std::move(*fault)});
    if (auto tidied = ReceivedFile::tidy(folder); !tidied) return Err(std::move(tidied).error());
    auto objects = std::make_shared<s3::Objects>(std::move(place), std::move(key), patience, sizes);
    if (const auto page = pageOf(objects->connection(), {}, 1); !page) return Err(page.error());
    return std::unique_ptr<S3FileStore>(new S3FileStore(std::move(objects), std::move(folder)));
}

Result<std::size_t, StoreFailure> S3FileStore::dropAbandoned() {
    constexpr int kMostPages = 1'000;
    constexpr std::size_t kOfAPage = 1'000;
    s3::Connection& connection = m_objects->connection();
    const std::string& prefix = connection.place().prefix;
    std::size_t dropped = 0;
    s3::UploadPage before;
    for (int pages = 0; pages < kMostPages; ++pages) {
        auto page = pageOf(connection, before, kOfAPage);
        if (!page) return Err(page.error());
        for (const auto& upload : page->uploads) {
            const auto root = rootIn(upload.key, prefix);
            if (!root || !s3::isUploadId(upload.id)) continue;
            Request request;
            request.method = "DELETE";
            request.key = root->hex();
            request.query = {{"uploadId", upload.id}};
            if (const auto gone = connection.ask(request); !gone) return Err(gone.error());
            ++dropped;
        }
        if (page->isLast || page->nextKey.empty()) break;
        before = std::move(*page);
    }
    return dropped;
}

Result<std::uint64_t, StoreFailure> S3FileStore::sizeOf(const Hash& sealedRoot) {
    const auto size = m_objects->find(sealedRoot);
    if (!size) return Err(size.error());
    return size->value_or(0);
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> S3FileStore::upload(const Hash& sealedRoot) {
    auto received = ReceivedFile::fresh(m_folder, sealedRoot, ++m_uploads);
    if (!received) return Err(received.error());
    return std::unique_ptr<Upload>(std::make_unique<S3Upload>(m_objects, sealedRoot, std::move(*received)));
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> S3FileStore::resume(const Hash& sealedRoot,
                                                                                    const Hash& name) {
    auto received = ReceivedFile::resumed(m_folder, sealedRoot, name);
    if (!received) return Err(received.error());
    return std::unique_ptr<Upload>(std::make_unique<S3Upload>(m_objects, sealedRoot, std::move(*received)));
}

Result<std::size_t, StoreFailure> S3FileStore::read(const Hash& sealedRoot, std::uint64_t offset,
                                                    std::span<std::uint8_t> into) {
    return m_objects->read(sealedRoot, offset, into);
}

} // namespace tallylock::store
