// A library to preload into a program under test: it ends the program, as `kill -9` would, at the n-th call
// that changes something lasting. The programs themselves carry no hook.
//
// Counted are writes, syncs, renames, removals and changes of length of what lies below one folder, and
// whatever is sent on a socket. Set by the environment:
//
//   TALLYLOCK_KILL_DIR    the folder, as `realpath` gives it
//   TALLYLOCK_KILL_AT     the number of the fatal call, from 1; 0 or unset: none
//   TALLYLOCK_KILL_WHEN   before (the default), after, or torn: only the first half of the bytes is written
//                         (calls that carry no bytes: as before)
//   TALLYLOCK_KILL_COUNT  a file that gets the number of calls at a normal end
//
// What glibc does inside itself does not pass here: a FILE* is not seen, an std::ofstream and a QFile are.
// Any thread: calls are numbered in the order in which they come, and none after the fatal one gets through.
// Programs that the program starts are left alone.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

using Path = std::array<char, PATH_MAX>;
using Vectors = std::array<iovec, IOV_MAX>;

enum class When { Before, After, Torn };

std::atomic<bool> active = false;
std::atomic<unsigned long> calls = 0;
unsigned long fatalCall = 0;
When when = When::Before;
Path folder{};
Path countFile{};

[[noreturn]] void die() {
    for (;;) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

bool isBelowFolder(const char* path) {
    const auto length = std::strlen(folder.data());
    return std::strncmp(path, folder.data(), length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/// What a descriptor stands for, as the kernel names it.
Path nameOf(int descriptor) {
    Path link{};
    Path name{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
    if (readlink(link.data(), name.data(), name.size() - 1) < 0) name[0] = '\0';
    return name;
}

bool counts(int descriptor) {
    if (!active) return false;
    const auto name = nameOf(descriptor);
    return std::strncmp(name.data(), "socket:", 7) == 0 || isBelowFolder(name.data());
}

bool counts(int directory, const char* path) {
    if (!active || path == nullptr) return false;
    Path full{};
    if (path[0] == '/') {
        std::snprintf(full.data(), full.size(), "%s", path);
    } else {
        Path base{};
        if (directory != AT_FDCWD)
            base = nameOf(directory);
        else if (getcwd(base.data(), base.size()) == nullptr)
            return false;
        std::strncat(base.data(), "/", base.size() - std::strlen(base.data()) - 1);
        std::strncat(base.data(), path, base.size() - std::strlen(base.data()) - 1);
        full = base;
    }
    // The last part may be a link that is itself renamed or removed: only the folder is followed.
    char* const slash = std::strrchr(full.data(), '/');
    *slash = '\0';
    Path parent{};
    if (realpath(full.data(), parent.data()) == nullptr) return false;
    return isBelowFolder(parent.data());
}

/// Does a call that was found to count: `whole` does all of it, `half` the first half of its bytes.
template <class Whole, class Half>
auto numbered(Whole whole, Half half) {
    const auto number = ++calls;
    if (fatalCall == 0 || number < fatalCall) return whole();
    if (number == fatalCall) {
        if (when == When::After) whole();
        if (when == When::Torn) half();
    } else {
        for (;;) pause();
    }
    die();
}

template <class Whole>
auto numbered(Whole whole) {
    return numbered(whole, [] {});
}

long total(const iovec* parts, int count) {
    std::size_t sum = 0;
    for (int i = 0; i < count; ++i) sum += parts[i].iov_len;
    return static_cast<long>(sum);
}

/// The first half of the bytes; gives the number of parts used.
int halve(const iovec* parts, int count, Vectors& out) {
    auto left = static_cast<std::size_t>(total(parts, count) / 2);
    int used = 0;
    for (; used < count && used < IOV_MAX && left > 0; ++used) {
        const auto length = std::min(left, parts[used].iov_len);
        out[static_cast<std::size_t>(used)] = {parts[used].iov_base, length};
        left -= length;
    }
    return used;
}

ssize_t countedWrite(int fd, const void* data, size_t size) {
    const auto write = [=](size_t length) { return syscall(SYS_write, fd, data, length); };
    if (!counts(fd)) return write(size);
    return numbered([=] { return write(size); }, [=] { write(size / 2); });
}

ssize_t countedPwrite(int fd, const void* data, size_t size, off64_t at) {
    const auto write = [=](size_t length) { return syscall(SYS_pwrite64, fd, data, length, at); };
    if (!counts(fd)) return write(size);
    return numbered([=] { return write(size); }, [=] { write(size / 2); });
}

ssize_t countedWritev(int fd, const iovec* parts, int count) {
    const auto whole = [=] { return syscall(SYS_writev, fd, parts, count); };
    if (!counts(fd)) return whole();
    return numbered(whole, [=] {
        Vectors first;
        syscall(SYS_writev, fd, first.data(), halve(parts, count, first));
    });
}

ssize_t countedPwritev(int fd, const iovec* parts, int count, off64_t at) {
    const auto whole = [=] { return syscall(SYS_pwritev, fd, parts, count, at, 0); };
    if (!counts(fd)) return whole();
    return numbered(whole, [=] {
        Vectors first;
        syscall(SYS_pwritev, fd, first.data(), halve(parts, count, first), at, 0);
    });
}

ssize_t countedSend(int fd, const void* data, size_t size, int flags, const sockaddr* to, socklen_t toSize) {
    const auto send = [=](size_t length) { return syscall(SYS_sendto, fd, data, length, flags, to, toSize); };
    if (!counts(fd)) return send(size);
    return numbered([=] { return send(size); }, [=] { send(size / 2); });
}

int countedTruncate(int fd, off64_t length) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_ftruncate, fd, length)); };
    return counts(fd) ? numbered(whole) : whole();
}

int countedRename(int fromDir, const char* from, int toDir, const char* to, unsigned flags) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_renameat2, fromDir, from, toDir, to, flags)); };
    return counts(fromDir, from) || counts(toDir, to) ? numbered(whole) : whole();
}

int countedUnlink(int directory, const char* path, int flags) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_unlinkat, directory, path, flags)); };
    return counts(directory, path) ? numbered(whole) : whole();
}

int countedLink(int fromDir, const char* from, int toDir, const char* to, int flags) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_linkat, fromDir, from, toDir, to, flags)); };
    return counts(toDir, to) ? numbered(whole) : whole();
}

int countedSync(long number, int fd) {
    const auto whole = [=] { return static_cast<int>(syscall(number, fd)); };
    return counts(fd) ? numbered(whole) : whole();
}

int countedAllocate(int fd, int mode, off64_t at, off64_t length) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_fallocate, fd, mode, at, length)); };
    return counts(fd) ? numbered(whole) : whole();
}

void take(const char* name, Path& into) {
    if (const char* value = std::getenv(name)) std::snprintf(into.data(), into.size(), "%s", value);
}

__attribute__((constructor)) void begin() {
    take("TALLYLOCK_KILL_DIR", folder);
    take("TALLYLOCK_KILL_COUNT", countFile);
    if (const char* at = std::getenv("TALLYLOCK_KILL_AT")) fatalCall = std::strtoul(at, nullptr, 10);
    if (const char* value = std::getenv("TALLYLOCK_KILL_WHEN")) {
        if (std::strcmp(value, "after") == 0) when = When::After;
        if (std::strcmp(value, "torn") == 0) when = When::Torn;
    }
    unsetenv("LD_PRELOAD");
    active = folder[0] == '/';
}

__attribute__((destructor)) void end() {
    if (!active || countFile[0] == '\0') return;
    active = false;
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%lu\n", calls.load());
    const auto fd = syscall(SYS_openat, AT_FDCWD, countFile.data(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    syscall(SYS_write, fd, text.data(), length);
    syscall(SYS_close, fd);
}

} // namespace

extern "C" {

ssize_t write(int fd, const void* data, size_t size) { return countedWrite(fd, data, size); }
ssize_t pwrite(int fd, const void* data, size_t size, off_t at) { return countedPwrite(fd, data, size, at); }
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) { return countedPwrite(fd, data, size, at); }
ssize_t writev(int fd, const iovec* parts, int count) { return countedWritev(fd, parts, count); }
ssize_t pwritev(int fd, const iovec* parts, int count, off_t at) { return countedPwritev(fd, parts, count, at); }
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t at) { return countedPwritev(fd, parts, count, at); }

int fsync(int fd) { return countedSync(SYS_fsync, fd); }
int fdatasync(int fd) { return countedSync(SYS_fdatasync, fd); }
int syncfs(int fd) noexcept { return countedSync(SYS_syncfs, fd); }
int sync_file_range(int fd, off64_t at, off64_t length, unsigned flags) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_sync_file_range, fd, at, length, flags)); };
    const bool promises = flags != SYNC_FILE_RANGE_WRITE; // which only begins, and changes nothing
    return promises && counts(fd) ? numbered(whole) : whole();
}
/// A mapping does not tell its file cheaply: every one counts.
int msync(void* at, size_t length, int flags) {
    const auto whole = [=] { return static_cast<int>(syscall(SYS_msync, at, length, flags)); };
    return active ? numbered(whole) : whole();
}

int ftruncate(int fd, off_t length) noexcept { return countedTruncate(fd, length); }
int ftruncate64(int fd, off64_t length) noexcept { return countedTruncate(fd, length); }
int fallocate(int fd, int mode, off_t at, off_t length) { return countedAllocate(fd, mode, at, length); }
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return countedAllocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) { return countedAllocate(fd, 0, at, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off64_t at, off64_t length) {
    return countedAllocate(fd, 0, at, length) == 0 ? 0 : errno;
}

int rename(const char* from, const char* to) noexcept { return countedRename(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int fromDir, const char* from, int toDir, const char* to) noexcept {
    return countedRename(fromDir, from, toDir, to, 0);
}
int renameat2(int fromDir, const char* from, int toDir, const char* to, unsigned flags) noexcept {
    return countedRename(fromDir, from, toDir, to, flags);
}
int link(const char* from, const char* to) noexcept { return countedLink(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int fromDir, const char* from, int toDir, const char* to, int flags) noexcept {
    return countedLink(fromDir, from, toDir, to, flags);
}
int unlink(const char* path) noexcept { return countedUnlink(AT_FDCWD, path, 0); }
int unlinkat(int directory, const char* path, int flags) noexcept { return countedUnlink(directory, path, flags); }
int rmdir(const char* path) noexcept { return countedUnlink(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char* path) noexcept {
    struct stat about {};
    const bool isFolder = lstat(path, &about) == 0 && S_ISDIR(about.st_mode);
    return countedUnlink(AT_FDCWD, path, isFolder ? AT_REMOVEDIR : 0);
}

ssize_t sendfile(int to, int from, off_t* at, size_t size) noexcept {
    const auto send = [=](size_t length) { return syscall(SYS_sendfile, to, from, at, length); };
    if (!counts(to)) return send(size);
    return numbered([=] { return send(size); }, [=] { send(size / 2); });
}
ssize_t sendfile64(int to, int from, off64_t* at, size_t size) noexcept { return sendfile(to, from, at, size); }
ssize_t copy_file_range(int from, off64_t* fromAt, int to, off64_t* toAt, size_t size, unsigned flags) {
    const auto copy = [=](size_t length) {
        return syscall(SYS_copy_file_range, from, fromAt, to, toAt, length, flags);
    };
    if (!counts(to)) return copy(size);
    return numbered([=] { return copy(size); }, [=] { copy(size / 2); });
}

ssize_t send(int fd, const void* data, size_t size, int flags) {
    return countedSend(fd, data, size, flags, nullptr, 0);
}
ssize_t sendto(int fd, const void* data, size_t size, int flags, const sockaddr* to, socklen_t toSize) {
    return countedSend(fd, data, size, flags, to, toSize);
}
ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    const auto whole = [=] { return syscall(SYS_sendmsg, fd, message, flags); };
    if (!counts(fd)) return whole();
    return numbered(whole, [=] {
        Vectors first;
        msghdr half = *message;
        half.msg_iovlen = static_cast<size_t>(halve(message->msg_iov, static_cast<int>(message->msg_iovlen), first));
        half.msg_iov = first.data();
        syscall(SYS_sendmsg, fd, &half, flags);
    });
}

} // extern "C"
