// Sealed files in a folder, named by the hexadecimal digits of their root. A file that is being received has another
// name until it is whole and durable. What a crash leaves of it is removed at the next start; of one that is to be gone
// on with (resume), when nothing has come for a day.
//
//   ROOT.N.part       what is being received
//   ROOT.NAME.kept    the same, to be gone on with: of every eight MiB of it the bytes are on the disk
#pragma once

#include "core/ports/FileStore.h"

#include <atomic>

namespace tallylock::store {

/// Any thread.
class FolderFileStore final : public ports::FileStore {
public:
    /// A crash loses no more than this of what is gone on with.
    static constexpr std::uint64_t kKeptStep = std::uint64_t{8} << 20;
    static constexpr std::int64_t kKeptForMs = std::int64_t{24} * 3'600'000;

    /// Makes the folder if need be. One process a folder: see FolderLock.
    static Result<std::unique_ptr<FolderFileStore>, ports::StoreFailure> open(const std::string& folder);

    std::uint64_t sizeOf(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> resume(const Hash& sealedRoot, const Hash& name) override;
    Result<std::size_t, ports::StoreFailure> read(const Hash& sealedRoot, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override;

private:
    explicit FolderFileStore(std::string folder) : m_folder(std::move(folder)) {}
    Result<std::unique_ptr<Upload>, ports::StoreFailure> begin(const std::string& path, const std::string& fresh,
                                                               bool isKept) const;
    std::string pathOf(const Hash& sealedRoot) const { return m_folder + "/" + sealedRoot.hex(); }

    std::string m_folder;
    std::atomic<std::uint64_t> m_uploads{0};
};

} // namespace tallylock::store
