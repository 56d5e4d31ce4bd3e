// Snapshots as files of one folder.
//
//   snapshot-N         N: the journal's size, in decimal
//   content            "tallysnp" | u8 1 | u64 N | state | SHA-256 of everything before
//
// A file is written under another name, synced and renamed, so one that is there is whole, unless the disk has changed
// it since: then the sum tells, and the one before is taken. The newest two are kept.
#pragma once

#include "core/ports/Journal.h"

namespace tallylock::store {

/// One thread at a time.
class FileSnapshots final : public ports::SnapshotStore {
public:
    /// The folder exists.
    explicit FileSnapshots(std::string folder) : m_folder(std::move(folder)) {}

    Result<void, ports::StoreFailure> save(std::uint64_t journalSize, ByteView state) override;
    Result<std::pair<std::uint64_t, Bytes>, ports::StoreFailure> newest() override;

private:
    std::vector<std::uint64_t> sizes() const; ///< of those that are there, falling
    std::string pathOf(std::uint64_t journalSize) const;

    std::string m_folder;
};

} // namespace tallylock::store
