// A journal in memory that outlives its owner, as a file outlives a process.
#pragma once

#include "core/ports/Journal.h"

#include <memory>

namespace tallylock::test {

/// What lies on the disk.
struct MemoryRecords {
    std::vector<Bytes> records;
    bool full = false;                 ///< every append fails
    std::function<void()> afterAppend; ///< told after each durable act
};

class MemoryJournal final : public ports::Journal {
public:
    explicit MemoryJournal(std::shared_ptr<MemoryRecords> disk) : m_disk(std::move(disk)) {}
    std::uint64_t size() const override { return m_disk->records.size(); }
    Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
        if (m_disk->full) return Err(ports::StoreFailure{ports::StoreError::DiskFull, "memory"});
        m_disk->records.insert(m_disk->records.end(), records.begin(), records.end());
        if (m_disk->afterAppend) m_disk->afterAppend();
        return {};
    }
    Result<void, ports::StoreFailure> read(std::uint64_t first,
                                           const std::function<bool(std::uint64_t, ByteView)>& visit) override {
        for (std::uint64_t number = first; number <= size(); ++number) {
            if (!visit(number, m_disk->records[static_cast<std::size_t>(number - 1)])) break;
        }
        return {};
    }

private:
    std::shared_ptr<MemoryRecords> m_disk;
};

} // namespace tallylock::test
