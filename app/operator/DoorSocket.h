// A local socket with a deadline for all that is read and written, for the two ends of an operator's door.
#pragma once

#include "core/base/CborFields.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace tallylock::app {

class DoorSocket {
public:
    explicit DoorSocket(int descriptor = -1) : m_descriptor(descriptor) {}
    ~DoorSocket();
    DoorSocket(DoorSocket&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    DoorSocket& operator=(DoorSocket&& other) noexcept {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }

    int descriptor() const { return m_descriptor; }
    explicit operator bool() const { return m_descriptor >= 0; }
    /// For all that follows together.
    void within(std::chrono::milliseconds time) { m_end = std::chrono::steady_clock::now() + time; }

    // False or nothing: the other end has gone, or is too slow, or says what nobody understands.
    bool write(ByteView bytes);
    std::optional<Bytes> read(std::size_t size);
    template <class T>
    bool writeHeader(const T& header) {
        return writeFramed(encodeCbor(header));
    }
    template <class T>
    std::optional<T> readHeader() {
        const auto bytes = readFramed();
        if (!bytes) return std::nullopt;
        auto header = decodeCbor<T>(*bytes);
        return header ? std::optional<T>(std::move(*header)) : std::nullopt;
    }

    /// For the server: listens in this folder, for whoever may write to it; instead of one that is no more. Whoever
    /// calls has the folder's lock.
    static Result<DoorSocket, std::string> listenIn(const std::filesystem::path& folder);
    /// For the client. Not there: nobody listens.
    static DoorSocket connectTo(const std::filesystem::path& folder);

private:
    bool writeFramed(ByteView bytes);
    std::optional<Bytes> readFramed();
    bool wait(short events);

    int m_descriptor = -1;
    std::chrono::steady_clock::time_point m_end{};
};

} // namespace tallylock::app
