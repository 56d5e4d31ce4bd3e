// Sealed files in a folder, named by the hexadecimal digits of their root. What is being received lies beside them
// (ReceivedFile.h) until it is whole and durable.
#pragma once

#include "core/ports/FileStore.h"

#include <atomic>

namespace tallylock::store {

/// Any thread.
class FolderFileStore final : public ports::FileStore {
public:
    /// Makes the folder if need be. One process a folder: see FolderLock.
    static Result<std::unique_ptr<FolderFileStore>, ports::StoreFailure> open(const std::string& folder);

    Result<std::uint64_t, ports::StoreFailure> sizeOf(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& sealedRoot) override;
    Result<std::unique_ptr<Upload>, ports::StoreFailure> resume(const Hash& sealedRoot, const Hash& name) override;
    Result<std::size_t, ports::StoreFailure> read(const Hash& sealedRoot, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override;

private:
    explicit FolderFileStore(std::string folder) : m_folder(std::move(folder)) {}
    std::string pathOf(const Hash& sealedRoot) const { return m_folder + "/" + sealedRoot.hex(); }

    std::string m_folder;
    std::atomic<std::uint64_t> m_uploads{0};
};

} // namespace tallylock::store
