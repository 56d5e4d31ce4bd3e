#include "core/store/ReceivedFile.h"

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
namespace fs = std::filesystem;

constexpr std::string_view kPartSuffix = ".part";
constexpr std::string_view kKeptSuffix = ".kept";

bool isLeftOver(const fs::directory_entry& entry) {
    const auto suffix = entry.path().extension();
    if (suffix == kPartSuffix) return true;
    if (suffix != kKeptSuffix) return false;
    std::error_code failure;
    const auto written = entry.last_write_time(failure);
    constexpr std::chrono::milliseconds kKeptFor{ReceivedFile::kKeptForMs};
    return !failure && fs::file_time_type::clock::now() - written > kKeptFor;
}
} // namespace

Result<void, StoreFailure> ReceivedFile::tidy(const std::string& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) return Err(StoreFailure{StoreError::Io, folder + ": " + failure.message()});
    for (const auto& entry : fs::directory_iterator(folder, failure)) {
        if (isLeftOver(entry)) ::unlink(entry.path().c_str());
    }
    if (failure) return Err(StoreFailure{StoreError::Io, folder + ": " + failure.message()});
    return {};
}

ReceivedFile::Begun ReceivedFile::fresh(const std::string& folder, const Hash& root, std::uint64_t number) {
    return begin(folder + '/' + root.hex() + '.' + std::to_string(number) + std::string(kPartSuffix),
                 O_RDWR | O_CREAT | O_EXCL, false);
}

ReceivedFile::Begun ReceivedFile::resumed(const std::string& folder, const Hash& root, const Hash& name) {
    return begin(folder + '/' + root.hex() + '.' + name.hex() + std::string(kKeptSuffix), O_RDWR | O_CREAT, true);
}

ReceivedFile::Begun ReceivedFile::begin(std::string path, int flags, bool isKept) {
    std::unique_ptr<ReceivedFile> begun(new ReceivedFile(std::move(path), flags, isKept));
    DiskFile& file = begun->m_file;
    if (!file.isOpen()) return Err(diskFailure(begun->m_path)); // it is not ours to remove
    const auto size = file.size();
    if (!size) return Err(diskFailure(begun->m_path));
    begun->m_there = begun->m_size = *size - *size % kStep; // beyond that a crash may have left anything
    if (!file.cutAt(begun->m_there)) return Err(diskFailure(begun->m_path));
    return begun;
}

ReceivedFile::ReceivedFile(std::string path, int flags, bool isKept)
    : m_path(std::move(path)),
      m_file(m_path, flags),
      m_isKept(isKept) {}

ReceivedFile::~ReceivedFile() {
    if (!m_isKept && m_file.isOpen()) ::unlink(m_path.c_str());
}

void ReceivedFile::remove() {
    ::unlink(m_path.c_str());
    m_file = DiskFile();
}

Result<void, StoreFailure> ReceivedFile::write(ByteView more) {
    if (!m_file.write(more)) return Err(diskFailure(m_path));
    const std::uint64_t step = m_size / kStep;
    m_size += more.size();
    if (m_isKept && m_size / kStep != step) return sync();
    return {};
}

Result<std::size_t, StoreFailure> ReceivedFile::readAt(std::uint64_t offset, std::span<std::uint8_t> into) {
    const auto got = m_file.readAt(offset, into);
    if (!got) return Err(diskFailure(m_path));
    return *got;
}

Result<void, StoreFailure> ReceivedFile::sync() {
    if (!m_file.sync()) return Err(diskFailure(m_path));
    return {};
}

} // namespace tallylock::store
