#include "core/store/FolderFileStore.h"

#include "core/store/Disk.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::string_view kUploadSuffix = ".part";

class FolderUpload final : public ports::FileStore::Upload {
public:
    FolderUpload(std::string folder, std::string path, std::string fresh)
        : m_folder(std::move(folder)),
          m_path(std::move(path)),
          m_fresh(std::move(fresh)),
          m_file(m_fresh, O_RDWR | O_CREAT | O_EXCL) {}
    ~FolderUpload() override {
        if (m_file.isOpen()) ::unlink(m_fresh.c_str());
    }
    bool isOpen() const { return m_file.isOpen(); }

    Result<void, StoreFailure> write(ByteView more) override {
        if (m_committed) return {};
        if (!m_file.write(more)) return failed();
        return {};
    }
    Result<std::size_t, StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        const auto got = m_file.readAt(offset, into);
        if (!got) return Err(diskFailure(m_fresh));
        return *got;
    }
    Result<void, StoreFailure> commit() override {
        if (m_committed) return {};
        if (m_failed) return Err(StoreFailure{StoreError::Io, m_path + ": a part of it could not be written"});
        if (!m_file.sync()) return failed();
        // link() leaves a complete file of this name alone: its bytes never change.
        if (::link(m_fresh.c_str(), m_path.c_str()) != 0 && errno != EEXIST) return failed();
        ::unlink(m_fresh.c_str());
        m_file = DiskFile();
        if (!syncFolder(m_folder)) return failed();
        m_committed = true;
        return {};
    }

private:
    Err<StoreFailure> failed() {
        m_failed = true;
        return Err(diskFailure(m_path));
    }
    std::string m_folder;
    std::string m_path;
    std::string m_fresh;
    DiskFile m_file;
    bool m_failed = false;
    bool m_committed = false;
};
} // namespace

Result<std::unique_ptr<FolderFileStore>, StoreFailure> FolderFileStore::open(const std::string& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return Err(StoreFailure{StoreError::Io, folder + ": " + failure.message()});
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
        if (entry.path().extension() == kUploadSuffix) ::unlink(entry.path().c_str());
    }
    if (failure) return Err(StoreFailure{StoreError::Io, folder + ": " + failure.message()});
    return std::unique_ptr<FolderFileStore>(new FolderFileStore(folder));
}

std::uint64_t FolderFileStore::sizeOf(const Hash& sealedRoot) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(pathOf(sealedRoot), failure);
    return failure ? 0 : size;
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> FolderFileStore::upload(const Hash& sealedRoot) {
    const std::string path = pathOf(sealedRoot);
    const std::string fresh = path + "." + std::to_string(++m_uploads) + std::string(kUploadSuffix);
    auto upload = std::make_unique<FolderUpload>(m_folder, path, fresh);
    if (!upload->isOpen()) return Err(diskFailure(fresh));
    return std::unique_ptr<Upload>(std::move(upload));
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
