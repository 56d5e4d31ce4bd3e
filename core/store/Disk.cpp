#include "core/store/Disk.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tallylock::store {

using ports::StoreError;

ports::StoreFailure diskFailure(const std::string& path) {
    const int reason = errno;
    StoreError error = StoreError::Io;
    if (reason == ENOSPC || reason == EDQUOT) error = StoreError::DiskFull;
    if (reason == EROFS || reason == EACCES || reason == EPERM) error = StoreError::ReadOnly;
    return {error, path + ": " + std::strerror(reason)};
}

DiskFile::DiskFile(const std::string& path, int flags) : m_number(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}

DiskFile::~DiskFile() {
    if (m_number >= 0) ::close(m_number);
}

DiskFile::DiskFile(DiskFile&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}

DiskFile& DiskFile::operator=(DiskFile&& other) noexcept {
    std::swap(m_number, other.m_number);
    return *this;
}

bool DiskFile::write(ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_number, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

bool DiskFile::sync() { return ::fsync(m_number) == 0; }

bool DiskFile::cutAt(std::uint64_t size) {
    const auto end = static_cast<off_t>(size);
    return ::ftruncate(m_number, end) == 0 && ::lseek(m_number, end, SEEK_SET) == end;
}

std::optional<std::uint64_t> DiskFile::size() const {
    struct stat facts {};
    if (::fstat(m_number, &facts) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(facts.st_size);
}

std::optional<std::size_t> DiskFile::readAt(std::uint64_t offset, std::span<std::uint8_t> into) {
    std::size_t size = 0;
    while (size < into.size()) {
        const ssize_t got =
            ::pread(m_number, into.data() + size, into.size() - size, static_cast<off_t>(offset + size));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    return size;
}

bool syncFolder(const std::string& folder) {
    DiskFile directory(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    return directory.isOpen() && directory.sync();
}

} // namespace tallylock::store
