#include "core/keys/PrivateFile.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace tallylock::keys {

const char* nameOf(FileError error) {
    switch (error) {
    case FileError::NotFound: return "not found";
    case FileError::Exists: return "exists already";
    case FileError::Denied: return "access denied";
    case FileError::TooLarge: return "too large";
    case FileError::Failed: return "the disk failed";
    }
    return "?";
}

static Err<FileError> lastFileError() {
    switch (errno) {
    case ENOENT: return Err(FileError::NotFound);
    case EEXIST: return Err(FileError::Exists);
    case EACCES:
    case EPERM:
    case EROFS: return Err(FileError::Denied);
    default: return Err(FileError::Failed);
    }
}

namespace {
class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() {
        if (m_number >= 0) ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_number; }
    bool ok() const { return m_number >= 0; }

private:
    int m_number;
};
} // namespace

static bool writeFully(int file, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

static void syncFolderOf(const std::string& path) {
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.ok()) ::fsync(directory.get()); // a file system that cannot do this has nothing better either
}

Result<void, FileError> writePrivateFile(const std::string& path, ByteView bytes, Replace replace) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str()); // what a crash left behind
    {
        const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file.ok()) return lastFileError();
        if (!writeFully(file.get(), bytes) || ::fsync(file.get()) != 0) {
            const auto failure = lastFileError();
            ::unlink(fresh.c_str());
            return failure;
        }
    }
    // link() refuses an existing name, rename() replaces it: each is a single step for whoever looks.
    const bool placed =
        replace == Replace::Yes ? ::rename(fresh.c_str(), path.c_str()) == 0 : ::link(fresh.c_str(), path.c_str()) == 0;
    if (!placed) {
        const auto failure = lastFileError();
        ::unlink(fresh.c_str());
        return failure;
    }
    if (replace == Replace::No) ::unlink(fresh.c_str());
    syncFolderOf(path);
    return {};
}

Result<Bytes, FileError> readFile(const std::string& path, std::size_t most) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.ok()) return lastFileError();
    Bytes bytes(most + 1);
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return lastFileError();
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > most) return Err(FileError::TooLarge);
    bytes.resize(size);
    return bytes;
}

} // namespace tallylock::keys
