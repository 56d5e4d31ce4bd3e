#include "core/store/FolderLock.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

Result<FolderLock, StoreFailure> FolderLock::take(const std::string& folder) {
    const auto parent = std::filesystem::path(folder).parent_path();
    std::error_code ignored; // what fails here fails again below, with its name
    if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Err(diskFailure(folder));
    const std::string path = folder + "/lock";
    DiskFile file(path, O_RDWR | O_CREAT);
    if (!file.isOpen()) return Err(diskFailure(path));
    // flock(2), not fcntl(2): a second lock of this same process is refused as well.
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return Err(StoreFailure{StoreError::Locked, path});
        return Err(diskFailure(path));
    }
    return FolderLock(std::move(file));
}

} // namespace tallylock::store
