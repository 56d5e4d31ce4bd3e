#include "core/store/FolderFileStore.h"

#include "core/store/ReceivedFile.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {

class FolderUpload final : public ports::FileStore::Upload {
public:
    FolderUpload(std::string folder, std::string path, std::unique_ptr<ReceivedFile> received)
        : m_folder(std::move(folder)),
          m_path(std::move(path)),
          m_received(std::move(received)) {}

    std::uint64_t there() const override { return m_received->there(); }
    void discard() override { m_received->discard(); }
    Result<void, StoreFailure> write(ByteView more) override {
        if (m_committed) return {};
        auto written = m_received->write(more);
        if (!written) m_failed = true;
        return written;
    }
    Result<std::size_t, StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        return m_received->readAt(offset, into);
    }
    Result<void, StoreFailure> commit() override {
        if (m_committed) return {};
        if (m_failed) return Err(StoreFailure{StoreError::Io, m_path + ": a part of it could not be written"});
        if (auto synced = m_received->sync(); !synced) return failed(std::move(synced).error());
        // link() leaves a complete file of this name alone: its bytes never change.
        if (::link(m_received->path().c_str(), m_path.c_str()) != 0 && errno != EEXIST)
            return failed(diskFailure(m_path));
        m_received->remove();
        if (!syncFolder(m_folder)) return failed(diskFailure(m_path));
        m_committed = true;
        return {};
    }

private:
    Err<StoreFailure> failed(StoreFailure failure) {
        m_failed = true;
        return Err(std::move(failure));
    }
    std::string m_folder;
    std::string m_path;
    std::unique_ptr<ReceivedFile> m_received;
    bool m_failed = false;
    bool m_committed = false;
};

} // namespace

Result<std::unique_ptr<FolderFileStore>, StoreFailure> FolderFileStore::open(const std::string& folder) {
    if (auto tidied = ReceivedFile::tidy(folder); !tidied) return Err(std::move(tidied).error());
    return std::unique_ptr<FolderFileStore>(new FolderFileStore(folder));
}

Result<std::uint64_t, StoreFailure> FolderFileStore::sizeOf(const Hash& sealedRoot) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(pathOf(sealedRoot), failure);
    if (!failure) return size;
    if (failure == std::errc::no_such_file_or_directory) return std::uint64_t{0};
    return Err(StoreFailure{StoreError::Io, pathOf(sealedRoot) + ": " + failure.message()});
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> FolderFileStore::upload(const Hash& sealedRoot) {
    auto received = ReceivedFile::fresh(m_folder, sealedRoot, ++m_uploads);
    if (!received) return Err(received.error());
    return std::unique_ptr<Upload>(std::make_unique<FolderUpload>(m_folder, pathOf(sealedRoot), std::move(*received)));
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> FolderFileStore::resume(const Hash& sealedRoot,
                                                                                        const Hash& name) {
    auto received = ReceivedFile::resumed(m_folder, sealedRoot, name);
    if (!received) return Err(received.error());
    return std::unique_ptr<Upload>(std::make_unique<FolderUpload>(m_folder, pathOf(sealedRoot), std::move(*received)));
}

Result<std::size_t, StoreFailure> FolderFileStore::read(const Hash& sealedRoot, std::uint64_t offset,
                                                        std::span<std::uint8_t> into) {
    const std::string path = pathOf(sealedRoot);
    DiskFile file(path, O_RDONLY);
    if (!file.isOpen()) return Err(diskFailure(path));
    const auto got = file.readAt(offset, into);
    if (!got) return Err(diskFailure(path));
    return *got;
}

} // namespace tallylock::store
