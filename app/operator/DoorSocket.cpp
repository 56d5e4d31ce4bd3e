#include "app/operator/DoorSocket.h"

#include "app/operator/OperatorWire.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace tallylock::app {

namespace {

constexpr std::size_t kMostPiece = std::size_t{1} << 16;

/// A socket's address holds 107 bytes; the folder's path may be longer, so it goes by the folder's descriptor.
struct DoorPlace {
    explicit DoorPlace(const std::filesystem::path& path)
        : folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
        address.sun_family = AF_UNIX;
        std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder.descriptor(), kDoorName);
    }
    const sockaddr* at() const { return reinterpret_cast<const sockaddr*>(&address); }
    DoorSocket folder;
    sockaddr_un address{};
};

std::string why() { return std::strerror(errno); }

} // namespace

DoorSocket::~DoorSocket() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

bool DoorSocket::wait(short events) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd one{m_descriptor, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left.count()));
    return ready > 0 || (ready < 0 && errno == EINTR);
}

bool DoorSocket::write(ByteView bytes) {
    while (!bytes.empty()) {
        if (!wait(POLLOUT)) return false;
        const auto sent = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (sent <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
}

std::optional<Bytes> DoorSocket::read(std::size_t size) {
    Bytes bytes;
    std::array<std::uint8_t, kMostPiece> piece;
    while (bytes.size() < size) { // memory is taken for what has come, not for what is announced
        if (!wait(POLLIN)) return std::nullopt;
        const auto got = ::recv(m_descriptor, piece.data(), std::min(piece.size(), size - bytes.size()), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) return std::nullopt;
        bytes.insert(bytes.end(), piece.begin(), piece.begin() + got);
    }
    return bytes;
}

bool DoorSocket::writeFramed(ByteView bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::array<std::uint8_t, 4> length{static_cast<std::uint8_t>(size >> 24),
                                             static_cast<std::uint8_t>(size >> 16),
                                             static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    return write(length) && write(bytes);
}

std::optional<Bytes> DoorSocket::readFramed() {
    const auto length = read(4);
    if (!length) return std::nullopt;
    std::size_t size = 0;
    for (const std::uint8_t byte : *length) size = size << 8 | byte;
    if (size > kMostDoorHeader) return std::nullopt;
    return read(size);
}

Result<DoorSocket, std::string> DoorSocket::listenIn(const std::filesystem::path& folder) {
    const DoorPlace place(folder);
    if (!place.folder) return Err(why());
    if (::unlinkat(place.folder.descriptor(), kDoorName, 0) != 0 && errno != ENOENT) return Err(why());
    DoorSocket listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listening) return Err(why());
    if (::bind(listening.descriptor(), place.at(), sizeof place.address) != 0) return Err(why());
    // Nobody is let in before listen(), and from here on only whoever owns the folder.
    if (::fchmodat(place.folder.descriptor(), kDoorName, S_IRUSR | S_IWUSR, 0) != 0) return Err(why());
    constexpr int kWaiting = 8;
    if (::listen(listening.descriptor(), kWaiting) != 0) return Err(why());
    return listening;
}

DoorSocket DoorSocket::connectTo(const std::filesystem::path& folder) {
    const DoorPlace place(folder);
    if (!place.folder) return DoorSocket();
    DoorSocket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.descriptor(), place.at(), sizeof place.address) != 0) return DoorSocket();
    return socket;
}

} // namespace tallylock::app
