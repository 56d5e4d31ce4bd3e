#include "core/store/s3/S3Upload.h"

#include "core/crypto/Hash.h"
#include "core/store/s3/Answers.h"

#include <algorithm>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;
using s3::Body;
using s3::Request;

S3Upload::S3Upload(std::shared_ptr<s3::Objects> objects, const Hash& root, std::unique_ptr<ReceivedFile> received)
    : m_objects(std::move(objects)),
      m_key(root.hex()),
      m_root(root),
      m_received(std::move(received)) {}

S3Upload::~S3Upload() {
    if (!m_committed) abandon();
}

Result<void, StoreFailure> S3Upload::write(ByteView more) {
    if (m_committed) return {};
    if (m_failed) return Err(StoreFailure{StoreError::Io, m_key + ": a part of it could not be written"});
    auto done = m_received->write(more);
    while (done && m_received->size() - m_sent >= nextPart()) done = sendPart(nextPart());
    m_failed = !done;
    return done;
}

Result<std::size_t, StoreFailure> S3Upload::readAt(std::uint64_t offset, std::span<std::uint8_t> into) {
    return m_received->readAt(offset, into);
}

/// What fails here may be done again: nothing that was sent is forgotten.
Result<void, StoreFailure> S3Upload::commit() {
    if (m_committed) return {};
    if (m_failed) return Err(StoreFailure{StoreError::Io, m_key + ": a part of it could not be written"});
    const std::lock_guard lock(m_objects->committing());
    const auto before = m_objects->find(m_root);
    if (!before) return Err(before.error());
    if (*before) { // its bytes never change
        abandon();
        return kept();
    }
    if (auto sent = m_etags.empty() ? sendWhole() : complete(); !sent) return sent;
    const auto after = m_objects->find(m_root);
    if (!after) return Err(after.error());
    if (*after != m_received->size())
        return Err(StoreFailure{StoreError::Damaged, m_key + ": has another size in the bucket"});
    return kept();
}

/// In the bucket, so nobody needs what was received.
Result<void, StoreFailure> S3Upload::kept() {
    m_received->remove();
    m_committed = true;
    return {};
}

std::uint64_t S3Upload::nextPart() const {
    const s3::Sizes& sizes = m_objects->sizes();
    return sizes.part << (m_etags.size() / sizes.partsOfASize);
}

Request S3Upload::requestOf(const char* method) const {
    Request request;
    request.method = method;
    request.key = m_key;
    return request;
}

StoreFailure S3Upload::forgotten() const { return {StoreError::Io, m_key + ": the store has forgotten its parts"}; }

/// What was received, to be sent. Nothing if it cannot be read.
std::optional<Body> S3Upload::received(std::uint64_t from, std::uint64_t size) {
    constexpr std::size_t kPiece = 64U << 10U;
    crypto::Sha256 sum;
    Bytes piece(kPiece);
    for (std::uint64_t at = 0; at < size; at += kPiece) {
        const auto wanted =
            std::span(piece).first(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, size - at)));
        const auto got = m_received->readAt(from + at, wanted);
        if (!got || *got != wanted.size()) return std::nullopt;
        sum.update(wanted);
    }
    return Body{size, sum.finish(), [this, from](std::uint64_t offset, std::span<std::uint8_t> into) {
                    const auto got = m_received->readAt(from + offset, into);
                    return got ? std::optional(*got) : std::nullopt;
                }};
}

Result<void, StoreFailure> S3Upload::begin() {
    Request request = requestOf("POST");
    request.query = {{"uploads", ""}};
    const auto answer = m_objects->connection().ask(request);
    if (!answer) return Err(answer.error());
    auto id = s3::uploadIdIn(answer->body);
    if (!id) return Err(StoreFailure{StoreError::Io, m_key + ": the store does not name the upload"});
    m_id = std::move(*id);
    return {};
}

Result<void, StoreFailure> S3Upload::sendPart(std::uint64_t size) {
    if (m_id.empty()) {
        if (auto begun = begin(); !begun) return begun;
    }
    Request request = requestOf("PUT");
    request.query = {{"partNumber", std::to_string(m_etags.size() + 1)}, {"uploadId", m_id}};
    request.body = received(m_sent, size);
    if (!request.body) return Err(diskFailure(m_received->path()));
    auto answer = m_objects->connection().ask(request);
    if (!answer) return Err(answer.error());
    if (!answer->isThere || answer->etag.empty()) return Err(forgotten());
    m_etags.push_back(std::move(answer->etag));
    m_sent += size;
    return {};
}

/// Of a file that is smaller than a part.
Result<void, StoreFailure> S3Upload::sendWhole() {
    Request request = requestOf("PUT");
    request.body = received(0, m_received->size());
    if (!request.body) return Err(diskFailure(m_received->path()));
    const auto answer = m_objects->connection().ask(request);
    if (!answer) return Err(answer.error());
    if (!answer->isThere) return Err(forgotten());
    return {};
}

Result<void, StoreFailure> S3Upload::complete() {
    if (m_sent < m_received->size()) {
        if (auto sent = sendPart(m_received->size() - m_sent); !sent) return sent;
    }
    Request request = requestOf("POST");
    request.query = {{"uploadId", m_id}};
    request.body = Body::of(s3::completion(m_etags));
    request.mayTakeLong = true;
    const auto answer = m_objects->connection().ask(request);
    if (!answer) return Err(answer.error());
    // An upload that is not there may have been completed by a request whose answer did not arrive: whoever calls
    // looks.
    const auto now = m_objects->find(m_root);
    if (!now) return Err(now.error());
    if (!*now) return Err(forgotten());
    return {};
}

/// What stays behind if the store cannot be reached is dropped at the next start.
void S3Upload::abandon() {
    if (m_id.empty()) return;
    Request request = requestOf("DELETE");
    request.query = {{"uploadId", std::exchange(m_id, {})}};
    request.isTriedOnce = true;
    (void)m_objects->connection().ask(request);
}

} // namespace tallylock::store
