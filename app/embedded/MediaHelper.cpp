#include "app/embedded/MediaHelper.h"

#include "core/asset/Text.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace tallylock::app {

namespace fs = std::filesystem;
using asset::MarkForm;
using ports::MediaAnswer;
using ports::MediaError;
using ports::MediaJob;
using ports::MediaLook;
using ports::MediaTask;

namespace {

constexpr int kAskAgainMs = 100; // at whether to stop
constexpr std::size_t kMaxSpliceTail = std::size_t{64} << 10;

class Descriptor {
public:
    explicit Descriptor(int descriptor = -1) : m_descriptor(descriptor) {}
    Descriptor(Descriptor&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() { close(); }
    int get() const { return m_descriptor; }
    explicit operator bool() const { return m_descriptor >= 0; }
    void close() {
        if (m_descriptor >= 0) ::close(std::exchange(m_descriptor, -1));
    }

private:
    int m_descriptor;
};

/// Above those that the child gets, so that none is overwritten before it is copied.
Descriptor lifted(int descriptor) {
    const Descriptor low(descriptor);
    return Descriptor(low ? ::fcntl(low.get(), F_DUPFD_CLOEXEC, 16) : -1);
}

struct Pipe {
    Descriptor out; ///< to read from
    Descriptor in;  ///< to write to
};
std::optional<Pipe> newPipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    Pipe pipe{lifted(ends[0]), lifted(ends[1])};
    if (!pipe.out || !pipe.in) return std::nullopt;
    return pipe;
}

bool writeWhole(int descriptor, ByteView bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

/// A running helper; ended and buried in any case.
class Child {
public:
    Child(const fs::path& program, int job, int answer, int input, int output) {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, job, ports::kMediaJobFd);
        ::posix_spawn_file_actions_adddup2(&actions, answer, ports::kMediaAnswerFd);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, input, ports::kMediaInputFd);
        if (output >= 0) ::posix_spawn_file_actions_adddup2(&actions, output, ports::kMediaOutputFd);
        ::posix_spawn_file_actions_addclosefrom_np(&actions, output >= 0 ? 5 : 4);
        // Nothing of what this program was told by its surroundings.
        std::string name = program.string();
        std::string locale = "LC_ALL=C.UTF-8";
        char* const arguments[] = {name.data(), nullptr};
        char* const surroundings[] = {locale.data(), nullptr};
        if (::posix_spawn(&m_pid, name.c_str(), &actions, nullptr, arguments, surroundings) != 0) m_pid = -1;
        ::posix_spawn_file_actions_destroy(&actions);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
            }
        }
    }
    explicit operator bool() const { return m_pid > 0; }
    /// Its status, as waitpid tells it, once it has ended.
    std::optional<int> ended() {
        int status = 0;
        if (::waitpid(m_pid, &status, WNOHANG) != m_pid) return std::nullopt;
        m_pid = -1;
        return status;
    }

private:
    pid_t m_pid = -1;
};

/// A helper that was ended for its use of the processor, or broke.
MediaError errorOf(int status) {
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return MediaError::TookTooLong;
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 127)) return MediaError::NoHelper;
    return MediaError::Damaged;
}

bool isSound(const MediaLook& look) {
    if (!asset::isMediaType(look.mediaType) || look.lines.size() > ports::kMaxLookLines) return false;
    for (const std::string& line : look.lines)
        if (line.size() > ports::kMaxLookLine || !asset::isUtf8Text(line)) return false;
    if (!look.picture) return true;
    const ports::Picture& picture = *look.picture;
    return picture.width >= 1 && picture.width <= ports::kMaxLookSide && picture.height >= 1 &&
           picture.height <= ports::kMaxLookSide &&
           picture.rgba.size() == std::size_t{4} * picture.width * picture.height;
}

Result<Descriptor, MediaError> openFile(const std::string& path) {
    Descriptor file = lifted(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // a pipe must not hold us
    struct stat about {};
    if (!file || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return Err(MediaError::Unreadable);
    return file;
}

std::uint64_t sizeOf(int descriptor) {
    struct stat about {};
    return ::fstat(descriptor, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

bool copyStart(int from, int to, std::uint64_t size) {
    Bytes buffer(std::size_t{1} << 20);
    std::uint64_t done = 0;
    while (done < size) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - done));
        const auto count = ::pread(from, buffer.data(), wanted, static_cast<off_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0 || !writeWhole(to, ByteView(buffer).first(static_cast<std::size_t>(count)))) return false;
        done += static_cast<std::uint64_t>(count);
    }
    return true;
}

} // namespace

Result<MediaAnswer, MediaError> MediaHelper::run(const MediaJob& job, int input, int output) const {
    if (m_program.empty()) return Err(MediaError::NoHelper);
    auto toChild = newPipe();
    auto fromChild = newPipe();
    if (!toChild || !fromChild) return Err(MediaError::NoHelper);
    // Before there is a child: it fits into the pipe, and nobody can hang up.
    const Bytes question = encodeCbor(job);
    static_assert(ports::kMaxMediaJob < 65536);
    if (question.size() > ports::kMaxMediaJob) return Err(MediaError::TooLarge);
    if (!writeWhole(toChild->in.get(), question)) return Err(MediaError::NoHelper);
    Child child(m_program, toChild->out.get(), fromChild->in.get(), input, output);
    if (!child) return Err(MediaError::NoHelper);
    toChild->in.close();
    toChild->out.close();
    fromChild->in.close();

    Bytes bytes;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_mostMs);
    for (;;) {
        if (m_stopped || std::chrono::steady_clock::now() >= end) return Err(MediaError::TookTooLong);
        pollfd waiting{fromChild->out.get(), POLLIN, 0};
        if (::poll(&waiting, 1, kAskAgainMs) <= 0) continue;
        std::uint8_t piece[16384];
        const auto count = ::read(waiting.fd, piece, sizeof piece);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        append(bytes, ByteView(piece, static_cast<std::size_t>(count)));
        if (bytes.size() > ports::kMaxMediaAnswer) return Err(MediaError::Damaged);
    }
    // A child that has hung up is at its end, unless a file has taken it over.
    std::optional<int> status;
    while (!(status = child.ended())) {
        if (m_stopped || std::chrono::steady_clock::now() >= end) return Err(MediaError::TookTooLong);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) return Err(errorOf(*status));
    auto answer = decodeCbor<MediaAnswer>(bytes);
    if (!answer) return Err(MediaError::Damaged);
    if (answer->error) return Err(*answer->error);
    return std::move(answer).value();
}

Result<MediaLook, MediaError> MediaHelper::look(const std::string& path) {
    const auto file = openFile(path);
    if (!file) return Err(file.error());
    auto answer = run({MediaTask::Look, {}}, file->get(), -1);
    if (!answer) return Err(answer.error());
    if (!answer->look || !isSound(*answer->look)) return Err(MediaError::Damaged);
    return std::move(*answer->look);
}

Result<MarkForm, MediaError> MediaHelper::mark(const std::string& in, const std::string& out, ByteView mark) {
    const auto file = openFile(in);
    if (!file) return Err(file.error());
    const Descriptor copy = lifted(::open(out.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!copy) return Err(MediaError::Unreadable);
    const auto drop = [&](MediaError error) {
        ::unlink(out.c_str());
        return Err(error);
    };
    const auto answer = run({MediaTask::Mark, bytesOf(mark)}, file->get(), copy.get());
    if (!answer) return drop(answer.error());
    if (!answer->splice) {
        if (sizeOf(copy.get()) == 0) return drop(MediaError::Damaged);
        if (::fsync(copy.get()) != 0) return drop(MediaError::Unreadable);
        return MarkForm::Xmp;
    }
    // A helper that lies may add a mark, and take away an old one, but no more of the file.
    const std::uint64_t size = sizeOf(file->get());
    if (answer->splice->keep > size || size - answer->splice->keep > kMaxSpliceTail ||
        answer->splice->tail.size() > kMaxSpliceTail) {
        return drop(MediaError::Damaged);
    }
    if (::ftruncate(copy.get(), 0) != 0 || ::lseek(copy.get(), 0, SEEK_SET) != 0 ||
        !copyStart(file->get(), copy.get(), answer->splice->keep) || !writeWhole(copy.get(), answer->splice->tail) ||
        ::fsync(copy.get()) != 0) {
        return drop(MediaError::Unreadable);
    }
    return MarkForm::Trailer;
}

Result<Bytes, MediaError> MediaHelper::findMark(const std::string& path) {
    const auto file = openFile(path);
    if (!file) return Err(file.error());
    auto answer = run({MediaTask::FindMark, {}}, file->get(), -1);
    if (!answer) return Err(answer.error());
    if (!answer->mark || answer->mark->size() > asset::kMaxMarkSize) return Err(MediaError::Damaged);
    return std::move(*answer->mark);
}

fs::path findMediaProgram() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {"tallylock-media", "../libexec/tallylock/tallylock-media"})
        if (fs::path program = folder / place; fs::exists(program, error)) return program;
    return {};
}

} // namespace tallylock::app
