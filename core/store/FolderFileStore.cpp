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
namespace fs = std::filesystem;

constexpr std::string_view kUploadSuffix = ".part";
constexpr std::string_view kKeptSuffix = ".kept";

class FolderUpload final : public ports::FileStore::Upload {
public:
    FolderUpload(std::string folder, std::string path, std::string fresh, bool isKept)
        : m_folder(std::move(folder)),
          m_path(std::move(path)),
          m_fresh(std::move(fresh)),
          m_file(m_fresh, isKept ? O_RDWR | O_CREAT : O_RDWR | O_CREAT | O_EXCL),
          m_isKept(isKept) {}
    ~FolderUpload() override {
        if (m_file.isOpen() && !m_isKept) ::unlink(m_fresh.c_str());
    }
    /// False if there is no such file to write to.
    bool open() {
        if (!m_file.isOpen()) return false;
        const auto size = m_file.size();
        if (!size) return false;
        m_there = m_size = *size - *size % FolderFileStore::kKeptStep; // beyond that a crash may have left anything
        return m_file.cutAt(m_there);
    }

    std::uint64_t there() const override { return m_there; }
    void discard() override { m_isKept = false; }
    Result<void, StoreFailure> write(ByteView more) override {
        if (m_committed) return {};
        if (!m_file.write(more)) return failed();
        const std::uint64_t step = m_size / FolderFileStore::kKeptStep;
        m_size += more.size();
        if (m_isKept && m_size / FolderFileStore::kKeptStep != step && !m_file.sync()) return failed();
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
    bool m_isKept; ///< for whoever goes on with it
    std::uint64_t m_there = 0;
    std::uint64_t m_size = 0;
    bool m_failed = false;
    bool m_committed = false;
};

bool isLeftOver(const fs::directory_entry& entry) {
    const auto suffix = entry.path().extension();
    if (suffix == kUploadSuffix) return true;
    if (suffix != kKeptSuffix) return false;
    std::error_code failure;
    const auto written = entry.last_write_time(failure);
    constexpr std::chrono::milliseconds kKeptFor{FolderFileStore::kKeptForMs};
    return !failure && fs::file_time_type::clock::now() - written > kKeptFor;
}
} // namespace

Result<std::unique_ptr<FolderFileStore>, StoreFailure> FolderFileStore::open(const std::string& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) return Err(StoreFailure{StoreError::Io, folder + ": " + failure.message()});
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        if (isLeftOver(entry)) ::unlink(entry.path().c_str());
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
    return begin(path, fresh, false);
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure> FolderFileStore::resume(const Hash& sealedRoot,
                                                                                        const Hash& name) {
    const std::string path = pathOf(sealedRoot);
    return begin(path, path + "." + name.hex() + std::string(kKeptSuffix), true);
}

Result<std::unique_ptr<ports::FileStore::Upload>, StoreFailure>
FolderFileStore::begin(const std::string& path, const std::string& fresh, bool isKept) const {
    auto upload = std::make_unique<FolderUpload>(m_folder, path, fresh, isKept);
    if (!upload->open()) return Err(diskFailure(fresh));
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
