// A sealed file on its way into a bucket.
#pragma once

#include "core/ports/FileStore.h"
#include "core/store/ReceivedFile.h"
#include "core/store/s3/Objects.h"

namespace tallylock::store {

class S3Upload final : public ports::FileStore::Upload {
public:
    /// What `received` has already is sent with what comes next.
    S3Upload(std::shared_ptr<s3::Objects> objects, const Hash& root, std::unique_ptr<ReceivedFile> received);
    ~S3Upload() override;

    std::uint64_t there() const override { return m_received->there(); }
    void discard() override { m_received->discard(); }
    Result<void, ports::StoreFailure> write(ByteView more) override;
    Result<std::size_t, ports::StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) override;
    Result<void, ports::StoreFailure> commit() override;

private:
    using Done = Result<void, ports::StoreFailure>;
    Done begin();
    Done sendPart(std::uint64_t size);
    Done sendWhole();
    Done complete();
    Done kept();
    void abandon();
    std::uint64_t nextPart() const;
    std::optional<s3::Body> received(std::uint64_t from, std::uint64_t size);
    s3::Request requestOf(const char* method) const;
    ports::StoreFailure forgotten() const;

    std::shared_ptr<s3::Objects> m_objects;
    std::string m_key;
    Hash m_root;
    std::unique_ptr<ReceivedFile> m_received;
    std::uint64_t m_sent = 0; ///< in parts
    std::string m_id;         ///< of the upload; empty: not begun
    std::vector<std::string> m_etags;
    bool m_failed = false;
    bool m_committed = false;
};

} // namespace tallylock::store
