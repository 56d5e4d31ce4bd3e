#include "core/store/Backup.h"

#include "core/store/Disk.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <vector>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr int kPagesAtATime = 1024;
constexpr int kPatienceMs = 10'000; ///< for a writer that is at it

bool endsWith(const std::string& name, const char* end) { return name.ends_with(end); }

bool canBeMadeAnew(const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "lock" || name == "projections.sqlite" || endsWith(name, ".part") || endsWith(name, ".new") ||
           endsWith(name, "-wal") || endsWith(name, "-shm") || endsWith(name, "-journal");
}

/// What speaks of others comes before them: a cursor before the journal that it has fed, the key server's state before
/// the parts that it names, sealed files and the practice chain after the sales that are paid by it.
int turnOf(const fs::path& path) {
    const std::string name = path.filename().string();
    if (name.starts_with("seen-") || name == "state.sqlite") return 0;
    if (name == "journal.sqlite" || name == "first-parts.sqlite") return 1;
    if (endsWith(name, ".sqlite")) return 2;
    return 3;
}

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Handle openDatabase(const fs::path& path, int flags) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    Handle handle(opened);
    if (code != SQLITE_OK) return nullptr;
    sqlite3_busy_timeout(opened, kPatienceMs);
    return handle;
}

Result<void, StoreFailure> copyDatabase(const fs::path& from, const fs::path& to) {
    const auto failed = [&](sqlite3* database) {
        return Err(StoreFailure{StoreError::Io, from.string() + ": " + sqlite3_errmsg(database)});
    };
    const Handle source = openDatabase(from, SQLITE_OPEN_READONLY);
    const Handle target = openDatabase(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!source || !target) return Err(StoreFailure{StoreError::Io, from.string() + ": cannot be opened"});
    // One read transaction from here on, or a writer would begin the copy anew at each commit.
    if (sqlite3_exec(source.get(), "BEGIN; SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr) != SQLITE_OK)
        return failed(source.get());
    sqlite3_backup* copy = sqlite3_backup_init(target.get(), "main", source.get(), "main");
    if (!copy) return failed(target.get());
    int code = SQLITE_OK;
    while (code == SQLITE_OK) code = sqlite3_backup_step(copy, kPagesAtATime);
    sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE) return failed(target.get());
    return {};
}

Result<void, StoreFailure> copyFile(const fs::path& from, const fs::path& to) {
    DiskFile source(from.string(), O_RDONLY);
    DiskFile target(to.string(), O_WRONLY | O_CREAT | O_EXCL);
    if (!source.isOpen()) return Err(diskFailure(from.string()));
    if (!target.isOpen()) return Err(diskFailure(to.string()));
    Bytes chunk(kChunk);
    for (std::uint64_t at = 0;;) {
        const auto got = source.readAt(at, chunk);
        if (!got) return Err(diskFailure(from.string()));
        if (*got == 0) break;
        if (!target.write(ByteView(chunk).first(*got))) return Err(diskFailure(to.string()));
        at += *got;
    }
    return {};
}

Result<void, StoreFailure> makeDurable(const fs::path& path) {
    DiskFile file(path.string(), O_RDWR);
    if (!file.isOpen() || !file.sync()) return Err(diskFailure(path.string()));
    return {};
}

} // namespace

Result<BackedUp, StoreFailure> backUp(const std::string& folder, const std::string& to) {
    std::error_code failure;
    const auto failed = [&](const fs::path& path) {
        return Err(StoreFailure{StoreError::Io, path.string() + ": " + failure.message()});
    };
    if (fs::exists(to, failure)) return Err(StoreFailure{StoreError::Io, to + ": is there already"});
    const fs::path fresh = to + ".part";
    fs::remove_all(fresh, failure); // of an earlier attempt
    if (failure || !fs::create_directories(fresh, failure)) return failed(fresh);
    fs::permissions(fresh, fs::perms::owner_all, failure);

    std::vector<fs::path> paths;
    std::vector<fs::path> folders{fresh};
    for (auto at = fs::recursive_directory_iterator(folder, failure); at != fs::recursive_directory_iterator();
         at.increment(failure)) {
        if (failure) return failed(folder);
        const fs::path path = fs::relative(at->path(), folder, failure);
        if (at->is_directory(failure)) {
            folders.push_back(fresh / path);
            fs::create_directory(folders.back(), failure);
            fs::permissions(folders.back(), fs::perms::owner_all, failure);
        } else if (at->is_regular_file(failure) && !canBeMadeAnew(path)) {
            paths.push_back(path);
        }
        if (failure) return failed(at->path());
    }
    if (failure) return failed(folder);
    std::stable_sort(paths.begin(), paths.end(),
                     [](const fs::path& a, const fs::path& b) { return turnOf(a) < turnOf(b); });

    BackedUp done;
    for (const fs::path& path : paths) {
        const fs::path from = fs::path(folder) / path;
        if (!fs::exists(from, failure)) continue; // such as a one-sale key that was used up meanwhile
        const bool isDatabase = path.extension() == ".sqlite";
        auto copied = isDatabase ? copyDatabase(from, fresh / path) : copyFile(from, fresh / path);
        if (copied) copied = makeDurable(fresh / path);
        if (!copied) return Err(copied.error());
        ++done.files;
        done.bytes += fs::file_size(fresh / path, failure);
    }
    for (const fs::path& made : folders) {
        if (!syncFolder(made.string())) return Err(diskFailure(made.string()));
    }
    fs::rename(fresh, to, failure);
    if (failure) return failed(to);
    if (!syncFolder(fs::absolute(to).parent_path().string())) return Err(diskFailure(to));
    return done;
}

} // namespace tallylock::store
