#include "core/asset/Stream.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tallylock::asset {

Result<std::size_t, SealError> BytesSource::read(std::span<std::uint8_t> out) {
    const auto got = readAt(m_at, out);
    m_at += *got;
    return got;
}

Result<std::size_t, SealError> BytesSource::readAt(std::uint64_t offset, std::span<std::uint8_t> out) {
    const ByteView rest = m_bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(offset, m_bytes.size())));
    const std::size_t size = std::min(out.size(), rest.size());
    std::copy_n(rest.begin(), size, out.begin());
    return size;
}

Result<void, SealError> BytesSink::write(ByteView bytes) {
    append(m_bytes, bytes);
    return {};
}

Result<FileSource, SealError> FileSource::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return Err(SealError::ReadFailed);
    return FileSource(descriptor, true);
}

FileSource::FileSource(FileSource&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_owned(std::exchange(other.m_owned, false)) {}

FileSource::~FileSource() {
    if (m_owned) ::close(m_descriptor);
}

Result<std::size_t, SealError> FileSource::read(std::span<std::uint8_t> out) {
    for (;;) {
        const ssize_t got = ::read(m_descriptor, out.data(), out.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return Err(SealError::ReadFailed);
    }
}

Result<std::size_t, SealError> FileSource::readAt(std::uint64_t offset, std::span<std::uint8_t> out) {
    for (;;) {
        const ssize_t got = ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return Err(SealError::ReadFailed);
    }
}

std::uint64_t FileSource::size() const {
    struct stat status;
    if (::fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return static_cast<std::uint64_t>(status.st_size);
}

std::optional<std::uint64_t> FileSource::left() const {
    const std::uint64_t all = size(); // 0 also for files whose size the system does not tell, as in /proc
    const off_t at = ::lseek(m_descriptor, 0, SEEK_CUR);
    if (all == 0 || at < 0 || static_cast<std::uint64_t>(at) >= all) return std::nullopt;
    return all - static_cast<std::uint64_t>(at);
}

static Result<void, SealError> writeFully(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return Err(SealError::WriteFailed);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

static std::string partOf(const std::string& path) { return path + ".part"; }

Result<FileSink, SealError> FileSink::create(const std::string& path, Access access) {
    const std::string part = partOf(path);
    ::unlink(part.c_str()); // what a crash left behind; O_EXCL then follows no link that somebody else laid
    const mode_t mode = access == Access::OwnerOnly ? 0600 : 0666;
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) return Err(SealError::WriteFailed);
    return FileSink(descriptor, path);
}

FileSink::FileSink(FileSink&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_path(std::move(other.m_path)) {}

FileSink::~FileSink() {
    if (m_descriptor < 0) return;
    ::close(m_descriptor);
    ::unlink(partOf(m_path).c_str());
}

Result<void, SealError> FileSink::write(ByteView bytes) { return writeFully(m_descriptor, bytes); }

Result<void, SealError> FileSink::commit() {
    if (::fsync(m_descriptor) != 0 || ::rename(partOf(m_path).c_str(), m_path.c_str()) != 0) {
        return Err(SealError::WriteFailed);
    }
    ::close(std::exchange(m_descriptor, -1));
    return {};
}

Result<void, SealError> StreamSink::write(ByteView bytes) { return writeFully(m_descriptor, bytes); }

} // namespace tallylock::asset
