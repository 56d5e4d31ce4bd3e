// An append-only list of records, durable one by one: the only way in which anything here survives. Each host, key
// server and party has its own and is rebuilt by replaying it.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <functional>
#include <string>

namespace tallylock::ports {

enum class StoreError {
    Locked,  ///< another process has the folder
    Newer,   ///< written by a newer version
    Damaged, ///< see detail
    DiskFull,
    ReadOnly,
    OtherOwner, ///< made by another identity, or with other settings
    Io,
};
const char* nameOf(StoreError error);
struct StoreFailure {
    StoreError error = StoreError::Io;
    std::string detail; ///< file and place; never contents
};

/// Owned by one thread at a time.
class Journal {
public:
    virtual ~Journal() = default;
    /// Number of records; they are numbered from 1 without gaps.
    virtual std::uint64_t size() const = 0;
    /// Returns when all of them are durable, as one act: after a crash all are there or none.
    virtual Result<void, StoreFailure> append(const std::vector<Bytes>& records) = 0;
    /// Visits records from `first` on, in order, until the visitor returns false.
    virtual Result<void, StoreFailure> read(std::uint64_t first,
                                            const std::function<bool(std::uint64_t, ByteView)>& visit) = 0;
};

/// Whole-state pictures, so that a start need not replay everything. Written aside and completed by rename.
class SnapshotStore {
public:
    virtual ~SnapshotStore() = default;
    virtual Result<void, StoreFailure> save(std::uint64_t journalSize, ByteView state) = 0;
    /// The newest whole one; {0, empty} if there is none. A torn one is passed over.
    virtual Result<std::pair<std::uint64_t, Bytes>, StoreFailure> newest() = 0;
};

} // namespace tallylock::ports
