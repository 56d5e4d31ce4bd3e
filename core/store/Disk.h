// The few calls of POSIX that this room makes on files, with their failures named.
#pragma once

#include "core/base/Bytes.h"
#include "core/ports/Journal.h"

#include <span>
#include <string>

namespace tallylock::store {

/// A failure named after errno, with the file in its detail.
ports::StoreFailure diskFailure(const std::string& path);

/// An open file. Can be moved; closed at the end.
class DiskFile {
public:
    DiskFile() = default;
    /// `flags` as of open(2); 0600 for a new file. Check isOpen().
    DiskFile(const std::string& path, int flags);
    ~DiskFile();
    DiskFile(DiskFile&& other) noexcept;
    DiskFile& operator=(DiskFile&& other) noexcept;

    bool isOpen() const { return m_number >= 0; }
    int number() const { return m_number; }
    [[nodiscard]] bool write(ByteView bytes);
    [[nodiscard]] bool sync();
    /// What is written from now on follows the first `size` bytes; the rest is gone.
    [[nodiscard]] bool cutAt(std::uint64_t size);
    std::optional<std::uint64_t> size() const;
    /// Reads until `into` is full or the file ends; nothing on a failure.
    std::optional<std::size_t> readAt(std::uint64_t offset, std::span<std::uint8_t> into);

private:
    int m_number = -1;
};

/// Makes the names in a folder durable.
[[nodiscard]] bool syncFolder(const std::string& folder);

} // namespace tallylock::store
