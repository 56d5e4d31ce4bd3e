// What is being received of a sealed file, in a folder of this machine. It has a name that is no root until whoever
// receives it is done: a crash leaves it, and the next start removes it; of one that is to be gone on with (resume),
// when nothing has come for a day.
//
//   ROOT.N.part       what is being received
//   ROOT.NAME.kept    the same, to be gone on with: of every eight MiB of it the bytes are on the disk
#pragma once

#include "core/base/Fixed.h"
#include "core/store/Disk.h"

#include <memory>

namespace tallylock::store {

/// Belongs to one thread at a time. One at a time has a name.
class ReceivedFile {
public:
    /// A crash loses no more than this of what is gone on with.
    static constexpr std::uint64_t kStep = std::uint64_t{8} << 20;
    static constexpr std::int64_t kKeptForMs = std::int64_t{24} * 3'600'000;

    /// Makes the folder if need be, and removes from it what nobody goes on with. One process a folder.
    static Result<void, ports::StoreFailure> tidy(const std::string& folder);

    using Begun = Result<std::unique_ptr<ReceivedFile>, ports::StoreFailure>;
    /// `number` is no other's while this process runs.
    static Begun fresh(const std::string& folder, const Hash& root, std::uint64_t number);
    /// With what the last one of this name has left.
    static Begun resumed(const std::string& folder, const Hash& root, const Hash& name);
    ~ReceivedFile(); ///< of one that is not to be gone on with nothing is left
    ReceivedFile(const ReceivedFile&) = delete;
    ReceivedFile& operator=(const ReceivedFile&) = delete;

    const std::string& path() const { return m_path; }
    std::uint64_t there() const { return m_there; } ///< already, from an earlier attempt
    std::uint64_t size() const { return m_size; }
    Result<void, ports::StoreFailure> write(ByteView more);
    Result<std::size_t, ports::StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into);
    Result<void, ports::StoreFailure> sync();
    void discard() { m_isKept = false; } ///< nobody goes on with it
    void remove();                       ///< at once, for good: another may have its name from now on

private:
    ReceivedFile(std::string path, int flags, bool isKept);
    static Begun begin(std::string path, int flags, bool isKept);

    std::string m_path;
    DiskFile m_file;
    bool m_isKept;
    std::uint64_t m_there = 0;
    std::uint64_t m_size = 0;
};

} // namespace tallylock::store
