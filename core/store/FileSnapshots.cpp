#include "core/store/FileSnapshots.h"

#include "core/crypto/Hash.h"
#include "core/store/Disk.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tallylock::store {

using ports::StoreFailure;

namespace {
constexpr std::string_view kMagic = "tallysnp";
constexpr std::string_view kNamePrefix = "snapshot-";
constexpr std::uint8_t kSnapshotFormat = 1;
constexpr std::size_t kHeadSize = kMagic.size() + 1 + 8;
constexpr std::size_t kKept = 2;

Bytes headOf(std::uint64_t journalSize) {
    Bytes head = bytesOf(kMagic);
    head.push_back(kSnapshotFormat);
    head.resize(kHeadSize);
    putBigEndian64(head.data() + kMagic.size() + 1, journalSize);
    return head;
}

/// The state, if the file is whole and is of this number.
std::optional<Bytes> readWhole(const std::string& path, std::uint64_t journalSize) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    if (failed || size < kHeadSize + Hash::kSize) return std::nullopt;
    DiskFile file(path, O_RDONLY);
    if (!file.isOpen()) return std::nullopt;
    Bytes head(kHeadSize);
    Bytes state(size - kHeadSize - Hash::kSize);
    Hash sum;
    const auto reads = [&](std::uint64_t offset, std::span<std::uint8_t> into) {
        return file.readAt(offset, into) == into.size();
    };
    if (!reads(0, head) || !reads(kHeadSize, state) || !reads(size - Hash::kSize, sum.bytes)) return std::nullopt;
    crypto::Sha256 found;
    found.update(head);
    found.update(state);
    if (found.finish() != sum || head != headOf(journalSize)) return std::nullopt;
    return state;
}
} // namespace

std::string FileSnapshots::pathOf(std::uint64_t journalSize) const {
    return m_folder + "/" + std::string(kNamePrefix) + std::to_string(journalSize);
}

std::vector<std::uint64_t> FileSnapshots::sizes() const {
    std::vector<std::uint64_t> found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(kNamePrefix)) continue;
        std::uint64_t number = 0;
        const char* const end = name.data() + name.size();
        const auto read = std::from_chars(name.data() + kNamePrefix.size(), end, number);
        if (read.ec == std::errc{} && read.ptr == end) found.push_back(number);
    }
    std::sort(found.rbegin(), found.rend());
    return found;
}

Result<void, StoreFailure> FileSnapshots::save(std::uint64_t journalSize, ByteView state) {
    const std::string path = pathOf(journalSize);
    const std::string fresh = path + ".new";
    const Bytes head = headOf(journalSize);
    crypto::Sha256 sum;
    sum.update(head);
    sum.update(state);
    {
        DiskFile file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
        const bool written =
            file.isOpen() && file.write(head) && file.write(state) && file.write(sum.finish().view()) && file.sync();
        if (!written) {
            auto failure = diskFailure(fresh);
            ::unlink(fresh.c_str());
            return Err(std::move(failure));
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0 || !syncFolder(m_folder)) return Err(diskFailure(path));
    const auto all = sizes();
    for (std::size_t i = kKept; i < all.size(); ++i) ::unlink(pathOf(all[i]).c_str());
    return {};
}

Result<std::pair<std::uint64_t, Bytes>, StoreFailure> FileSnapshots::newest() {
    for (const std::uint64_t size : sizes()) {
        if (auto state = readWhole(pathOf(size), size)) return std::pair{size, std::move(*state)};
    }
    return std::pair{std::uint64_t{0}, Bytes{}};
}

} // namespace tallylock::store
