// A file store in memory.
#pragma once

#include "core/ports/FileStore.h"

#include <atomic>
#include <map>
#include <mutex>

namespace tallylock::test {

class MemoryFileStore final : public ports::FileStore {
public:
    std::atomic<bool> cannotTell{false}; ///< what it has
    std::atomic<int> failing{0};         ///< so many of the next reads
    std::atomic<int> lying{0};           ///< the same: another byte at their end
    void put(const Hash& root, Bytes bytes) {
        const std::lock_guard lock(m_mutex);
        m_files[root] = std::move(bytes);
    }
    /// What a faulty store does. Twice: as before.
    void flip(const Hash& root, std::size_t at) {
        const std::lock_guard lock(m_mutex);
        m_files.at(root).at(at) ^= 1;
    }
    void remove(const Hash& root) {
        const std::lock_guard lock(m_mutex);
        m_files.erase(root);
    }
    void clear() {
        const std::lock_guard lock(m_mutex);
        m_files.clear();
    }
    Result<std::uint64_t, ports::StoreFailure> sizeOf(const Hash& root) override {
        const std::lock_guard lock(m_mutex);
        if (cannotTell) return Err(ports::StoreFailure{ports::StoreError::Io, "away"});
        const auto found = m_files.find(root);
        return found == m_files.end() ? std::uint64_t{0} : found->second.size();
    }
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& root) override {
        return std::unique_ptr<Upload>(std::make_unique<MemoryUpload>(*this, root));
    }
    Result<std::size_t, ports::StoreFailure> read(const Hash& root, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override {
        const std::lock_guard lock(m_mutex);
        if (failing > 0) return --failing, Err(ports::StoreFailure{ports::StoreError::Io, "for once"});
        const auto found = m_files.find(root);
        if (found == m_files.end()) return Err(ports::StoreFailure{ports::StoreError::Io, "no such file"});
        const Bytes& bytes = found->second;
        if (offset >= bytes.size()) return std::size_t{0};
        const std::size_t count = std::min(into.size(), bytes.size() - static_cast<std::size_t>(offset));
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
        if (lying > 0 && count != 0) --lying, into[count - 1] ^= 1;
        return count;
    }

private:
    class MemoryUpload final : public Upload {
    public:
        MemoryUpload(MemoryFileStore& store, const Hash& root) : m_store(store), m_root(root) {}
        Result<void, ports::StoreFailure> write(ByteView more) override {
            append(m_bytes, more);
            return {};
        }
        Result<std::size_t, ports::StoreFailure> readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
            const auto from = static_cast<std::size_t>(std::min<std::uint64_t>(offset, m_bytes.size()));
            const std::size_t count = std::min(into.size(), m_bytes.size() - from);
            std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
            return count;
        }
        Result<void, ports::StoreFailure> commit() override {
            m_store.put(m_root, std::move(m_bytes));
            return {};
        }

    private:
        MemoryFileStore& m_store;
        Hash m_root;
        Bytes m_bytes;
    };
    std::mutex m_mutex;
    std::map<Hash, Bytes> m_files;
};

} // namespace tallylock::test
