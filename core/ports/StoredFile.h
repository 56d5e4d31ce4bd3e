// A sealed file as the file store holds it: a source that one can read from anywhere. Blocks on the store.
#pragma once

#include "core/asset/Stream.h"
#include "core/ports/FileStore.h"

namespace tallylock::ports {

/// Under which name a store keeps the list of a sealed file's portion hashes (asset/PortionHashes.h).
Hash storedHashesName(const Hash& sealedRoot);

class StoredFile final : public asset::SeekableSource {
public:
    /// The store outlives it. A failure: the store cannot tell whether it is there.
    static Result<StoredFile, StoreFailure> open(FileStore& files, const Hash& root);
    Result<std::size_t, asset::SealError> read(std::span<std::uint8_t> out) override;
    /// 0: it is not there.
    std::uint64_t size() const override { return m_size; }
    Result<std::size_t, asset::SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override;

private:
    StoredFile(FileStore& files, const Hash& root, std::uint64_t size) : m_files(&files), m_root(root), m_size(size) {}

    FileStore* m_files;
    Hash m_root;
    std::uint64_t m_size;
    std::uint64_t m_offset = 0;
};

} // namespace tallylock::ports
