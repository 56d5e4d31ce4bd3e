// A sealed file on its way into a bucket.
#pragma once

#include "core/ports/FileStore.h"
#include "core/store/Disk.h"
#include "core/store/s3/Objects.h"

namespace tallylock::store {

class S3Upload final : public ports::FileStore::Upload {
public:
    /// `path` is a file that nobody has; it loses its name at once.
    S3Upload(std::shared_ptr<s3::Objects> objects, const Hash& root, const std::string& path);
    ~S3Upload() override;
    bool isOpen() const { return m_received.isOpen(); }

    Result<void, ports::StoreFailure> write(ByteView more) override;
    Result<std::size_t, ports::StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) override;
    Result<void, ports::StoreFailure> commit() override;

private:
    using Done = Result<void, ports::StoreFailure>;
    Done begin();
    Done sendPart(std::uint64_t size);
    Done sendWhole();
    Done complete();
    void abandon();
    std::uint64_t nextPart() const;
    std::optional<s3::Body> received(std::uint64_t from, std::uint64_t size);
    s3::Request requestOf(const char* method) const;
    ports::StoreFailure forgotten() const;

    std::shared_ptr<s3::Objects> m_objects;
    std::string m_key;
    Hash m_root;
    std::string m_path;
    DiskFile m_received;
    std::uint64_t m_size = 0;
    std::uint64_t m_sent = 0; ///< in parts
    std::string m_id;         ///< of the upload; empty: not begun
    std::vector<std::string> m_etags;
    bool m_failed = false;
    bool m_committed = false;
};

} // namespace tallylock::store
