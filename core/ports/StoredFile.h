// A sealed file as the file store holds it: a source that one can read from anywhere. Blocks on the store.
#pragma once

#include "core/asset/Stream.h"
#include "core/ports/FileStore.h"

namespace tallylock::ports {

/// Under which name a store keeps the list of a sealed file's portion hashes (asset/PortionHashes.h).
Hash storedHashesName(const Hash& sealedRoot);

class StoredFile final : public asset::SeekableSource {
public:
    /// The store outlives it.
    StoredFile(FileStore& files, const Hash& root) : m_files(files), m_root(root) {
        const auto size = files.sizeOf(root);
        m_isKnown = bool(size);
        if (size) m_size = *size;
    }
    Result<std::size_t, asset::SealError> read(std::span<std::uint8_t> out) override;
    /// 0: it is not there, or the store cannot tell.
    std::uint64_t size() const override { return m_size; }
    /// Whether the store could tell.
    bool isKnown() const { return m_isKnown; }
    Result<std::size_t, asset::SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override;

private:
    FileStore& m_files;
    Hash m_root;
    bool m_isKnown = false;
    std::uint64_t m_size = 0;
    std::uint64_t m_offset = 0;
};

} // namespace tallylock::ports
