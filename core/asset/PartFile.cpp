#include "core/asset/PartFile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tallylock::asset {

std::string partPath(const std::string& path) { return path + ".part"; }

// An old part that nobody else could have laid there or read from. -1 if there is none such.
static int openOldPart(const std::string& part, FileSink::Access access, std::uint64_t& size) {
    const int descriptor = ::open(part.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return -1;
    struct stat status;
    const bool usable = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
                        status.st_uid == ::geteuid() &&
                        (access == FileSink::Access::Shared || (status.st_mode & 077) == 0);
    if (!usable) {
        ::close(descriptor);
        return -1;
    }
    size = static_cast<std::uint64_t>(status.st_size);
    return descriptor;
}

Result<PartFile, SealError> PartFile::open(const std::string& path, FileSink::Access access,
                                           OnDifference onDifference) {
    const std::string part = partPath(path);
    std::uint64_t oldSize = 0;
    int descriptor = openOldPart(part, access, oldSize);
    if (descriptor < 0) {
        ::unlink(part.c_str());
        const mode_t mode = access == FileSink::Access::OwnerOnly ? 0600 : 0666;
        descriptor = ::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    }
    if (descriptor < 0) return Err(SealError::WriteFailed);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return Err(SealError::WriteFailed);
    }
    return PartFile(descriptor, path, oldSize, onDifference);
}

PartFile::PartFile(int descriptor, std::string path, std::uint64_t oldSize, OnDifference onDifference)
    : m_descriptor(descriptor),
      m_path(std::move(path)),
      m_oldSize(oldSize),
      m_onDifference(onDifference) {}

PartFile::PartFile(PartFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_path(std::move(other.m_path)),
      m_oldSize(other.m_oldSize),
      m_at(other.m_at),
      m_onDifference(other.m_onDifference),
      m_differs(other.m_differs),
      m_buffer(std::move(other.m_buffer)) {}

PartFile::~PartFile() {
    if (m_descriptor < 0) return;
    wipe(m_buffer);
    ::close(m_descriptor);
}

// Whether the old part holds these bytes at m_at.
Result<bool, SealError> PartFile::isSame(ByteView bytes) {
    m_buffer.resize(std::max(m_buffer.size(), bytes.size()));
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got =
            ::pread(m_descriptor, m_buffer.data() + size, bytes.size() - size, static_cast<off_t>(m_at + size));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Err(SealError::WriteFailed);
        size += static_cast<std::size_t>(got);
    }
    return std::memcmp(m_buffer.data(), bytes.data(), bytes.size()) == 0;
}

Result<void, SealError> PartFile::write(ByteView bytes) {
    if (m_at < m_oldSize) {
        const ByteView known =
            bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), m_oldSize - m_at)));
        const auto same = isSame(known);
        if (!same) return Err(same.error());
        if (*same) {
            m_at += known.size();
            bytes = bytes.subspan(known.size());
        } else if (m_onDifference == OnDifference::Stop) {
            m_differs = true;
            return Err(SealError::WriteFailed);
        } else {
            if (::ftruncate(m_descriptor, static_cast<off_t>(m_at)) != 0) return Err(SealError::WriteFailed);
            m_oldSize = m_at;
        }
    }
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(m_at));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return Err(SealError::WriteFailed);
        m_at += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void, SealError> PartFile::flush() {
    const bool cut = m_at >= m_oldSize || ::ftruncate(m_descriptor, static_cast<off_t>(m_at)) == 0;
    if (!cut || ::fsync(m_descriptor) != 0) return Err(SealError::WriteFailed);
    return {};
}

Result<void, SealError> PartFile::commit() {
    if (::rename(partPath(m_path).c_str(), m_path.c_str()) != 0) return Err(SealError::WriteFailed);
    ::close(std::exchange(m_descriptor, -1));
    return {};
}

void PartFile::discard() {
    ::unlink(partPath(m_path).c_str());
    ::close(std::exchange(m_descriptor, -1));
}

bool worthGoingOn(SealError error) {
    return error == SealError::Interrupted || error == SealError::ReadFailed || error == SealError::WriteFailed;
}

Result<Portions, SealError> writeThroughPart(const std::string& path, FileSink::Access access,
                                             const std::function<Result<Portions, SealError>(Sink&)>& fill) {
    auto part = PartFile::open(path, access, PartFile::OnDifference::Overwrite);
    if (!part) return Err(part.error());
    auto done = fill(*part);
    if (!done) {
        if (!worthGoingOn(done.error())) part->discard();
        return done;
    }
    if (const auto flushed = part->flush(); !flushed) return Err(flushed.error());
    if (const auto committed = part->commit(); !committed) return Err(committed.error());
    return done;
}

} // namespace tallylock::asset
