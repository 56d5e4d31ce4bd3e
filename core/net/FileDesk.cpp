#include "core/net/FileDesk.h"

#include "core/asset/PortionHashes.h"
#include "core/crypto/Hash.h"
#include "core/net/Channel.h"
#include "core/ports/StoredFile.h"

#include <algorithm>

namespace tallylock::net {

using wire::FileRefused;

namespace {

/// What has been brought, to be read before it is kept.
class UploadedFile final : public asset::SeekableSource {
public:
    UploadedFile(ports::FileStore::Upload& upload, std::uint64_t size) : m_upload(upload), m_size(size) {}
    Result<std::size_t, asset::SealError> read(std::span<std::uint8_t> out) override {
        const auto got = readAt(m_at, out);
        if (got) m_at += *got;
        return got;
    }
    std::uint64_t size() const override { return m_size; }
    Result<std::size_t, asset::SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override {
        const auto got = m_upload.readAt(offset, out);
        if (!got) return Err(asset::SealError::ReadFailed);
        return *got;
    }

private:
    ports::FileStore::Upload& m_upload;
    std::uint64_t m_size;
    std::uint64_t m_at = 0;
};

/// Under which name a store keeps what this one has brought of a file.
Hash nameOf(const IdentityKey& who, const Hash& root) {
    return crypto::labelledHash("upload", crypto::cborList(who, root));
}

template <class Query>
FileDesk::Reply refusal(const Query& query, FileRefused why) {
    return wire::FileNotDone{query.number, why};
}

} // namespace

void FileDesk::ask(const IdentityKey& who, wire::ToServer message, std::function<void(Reply)> done) {
    const auto number = std::visit(
        [](const auto& query) -> std::uint64_t {
            if constexpr (requires { query.number; }) return query.number;
            return 0;
        },
        message);
    const auto reply = std::make_shared<std::function<void(Reply)>>(std::move(done));
    const auto shared = std::make_shared<wire::ToServer>(std::move(message)); // a task is copied, a piece need not be
    const bool taken = m_service.files && m_thread.post(
                                              [this, who, shared, reply] {
                                                  std::visit(
                                                      [&](const auto& query) {
                                                          if constexpr (requires { answer(who, query); })
                                                              (*reply)(answer(who, query));
                                                      },
                                                      *shared);
                                              },
                                              kMostWaiting);
    if (!taken) (*reply)(wire::FileNotDone{number, m_service.files ? FileRefused::Busy : FileRefused::NotHere});
}

FileDesk::Reply FileDesk::answer(const IdentityKey&, const wire::FileQuery& query) {
    const auto size = m_service.files->sizeOf(query.root);
    if (!size) return refusal(query, FileRefused::StoreFailed);
    return wire::FileState{query.number, *size};
}

FileDesk::Reply FileDesk::answer(const IdentityKey&, const wire::FileRead& query) {
    if (query.size > wire::kMostPiece) return refusal(query, FileRefused::OutOfOrder);
    const auto size = m_service.files->sizeOf(query.root);
    if (!size) return refusal(query, FileRefused::StoreFailed);
    if (*size == 0) return refusal(query, FileRefused::NotHere);
    wire::FilePiece piece{query.number, Bytes(query.size)};
    std::size_t there = 0;
    while (there < piece.piece.size()) {
        const auto got = m_service.files->read(query.root, query.offset + there, std::span(piece.piece).subspan(there));
        if (!got) return refusal(query, FileRefused::StoreFailed);
        if (*got == 0) break;
        there += *got;
    }
    piece.piece.resize(there);
    return piece;
}

/// What is there already needs no bringing: it is whole.
FileDesk::Reply FileDesk::answer(const IdentityKey& who, const wire::FileBegin& query) {
    if (!m_service.mayUpload || !m_service.mayUpload(who)) return refusal(query, FileRefused::NotAllowed);
    const auto whole = m_service.files->sizeOf(query.root);
    if (whole && *whole != 0) return wire::FileState{query.number, *whole};
    forgetOld();
    if (const auto found = m_begun.find({who, query.root}); found != m_begun.end())
        return wire::FileState{query.number, found->second.size};
    if (!whole) return refusal(query, FileRefused::StoreFailed);
    const auto ofOne = static_cast<std::size_t>(
        std::count_if(m_begun.begin(), m_begun.end(), [&](const auto& one) { return one.first.first == who; }));
    if (m_begun.size() >= m_limits.uploads || ofOne >= m_limits.uploadsOfOne)
        return refusal(query, FileRefused::TooMany);
    auto upload = m_service.files->resume(query.root, nameOf(who, query.root));
    if (!upload) return refusal(query, FileRefused::StoreFailed);
    const std::uint64_t there = (*upload)->there();
    m_begun[{who, query.root}] = {std::move(*upload), there, Channel::nowMs()};
    return wire::FileState{query.number, there};
}

FileDesk::Reply FileDesk::answer(const IdentityKey& who, const wire::FileWrite& query) {
    const auto found = m_begun.find({who, query.root});
    if (found == m_begun.end()) return refusal(query, FileRefused::NotHere);
    Begun& begun = found->second;
    if (query.offset != begun.size || query.piece.size() > wire::kMostPiece)
        return refusal(query, FileRefused::OutOfOrder);
    if (begun.size + query.piece.size() > m_limits.uploadBytes) {
        begun.upload->discard();
        m_begun.erase(found);
        return refusal(query, FileRefused::TooMany);
    }
    if (!begun.upload->write(query.piece)) {
        m_begun.erase(found);
        return refusal(query, FileRefused::StoreFailed);
    }
    begun.size += query.piece.size();
    begun.movedMs = Channel::nowMs();
    return wire::FileState{query.number, begun.size};
}

FileDesk::Reply FileDesk::answer(const IdentityKey& who, const wire::FileEnd& query) {
    const auto found = m_begun.find({who, query.root});
    if (found == m_begun.end()) { // said again, perhaps
        const auto whole = m_service.files->sizeOf(query.root);
        if (!whole) return refusal(query, FileRefused::StoreFailed);
        return *whole != 0 ? Reply(wire::FileState{query.number, *whole}) : refusal(query, FileRefused::NotHere);
    }
    const std::uint64_t size = found->second.size;
    const auto fault = keep(found->second, query.root);
    m_begun.erase(found);
    if (fault) return refusal(query, *fault);
    return wire::FileState{query.number, size};
}

std::optional<FileRefused> FileDesk::keep(Begun& begun, const Hash& root) {
    UploadedFile file(*begun.upload, begun.size);
    const auto hashes = asset::hashPortions(file, root);
    if (!hashes) {
        if (hashes.error() == asset::SealError::ReadFailed) return FileRefused::StoreFailed;
        begun.upload->discard(); // there is nothing to go on with
        return FileRefused::OtherFile;
    }
    auto list = m_service.files->upload(ports::storedHashesName(root));
    const bool kept = list && (*list)->write(encodeHashes(*hashes)) && (*list)->commit() && begun.upload->commit();
    return kept ? std::nullopt : std::optional(FileRefused::StoreFailed);
}

void FileDesk::forgetOld() {
    const std::int64_t now = Channel::nowMs();
    std::erase_if(m_begun, [&](const auto& one) {
        if (now - one.second.movedMs <= m_limits.uploadMs) return false;
        one.second.upload->discard();
        return true;
    });
}

} // namespace tallylock::net
