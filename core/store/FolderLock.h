// One process a folder. The lock belongs to the open file, so the system releases it when the process ends, however it
// ends; the file itself stays and means nothing.
#pragma once

#include "core/store/Disk.h"

namespace tallylock::store {

class FolderLock {
public:
    /// Makes the folder (0700) if need be. Locked when another process, or this one, has it.
    static Result<FolderLock, ports::StoreFailure> take(const std::string& folder);

private:
    explicit FolderLock(DiskFile file) : m_file(std::move(file)) {}
    DiskFile m_file;
};

} // namespace tallylock::store
