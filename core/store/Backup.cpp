#include "core/store/Backup.h"

#include "core/store/Disk.h"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <thread>
#include <vector>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr int kPagesAtATime = 1024;

bool endsWith(const std::string& name, const char* end) { return name.ends_with(end); }

bool canBeMadeAnew(const fs::path& path) {
    const std::string name = path.filename().string();
    return name == "lock" || name == "projections.sqlite" || endsWith(name, ".part") || endsWith(name, ".new") ||
           endsWith(name, "-wal") || endsWith(name, "-shm") || endsWith(name, "-journal");
}

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Handle openDatabase(const fs::path& path, int flags, int patienceMs) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    Handle handle(opened);
    if (code != SQLITE_OK) return nullptr;
    sqlite3_busy_timeout(opened, patienceMs);
    return handle;
}
StoreFailure failureOf(const fs::path& path, sqlite3* database) {
    if (!database) return {StoreError::Io, path.string() + ": cannot be opened"};
    const bool isBusy = (sqlite3_errcode(database) & 0xff) == SQLITE_BUSY;
    return {isBusy ? StoreError::Locked : StoreError::Io, path.string() + ": " + sqlite3_errmsg(database)};
}

/// One-sale keys are destroyed as soon as the key server's journal needs them no more, and not before.
bool endsWithItsUse(const fs::path& path) { return path.extension() == ".key"; }

/// Nothing: gone already, or longer than any of them.
std::optional<Bytes> readKey(const fs::path& path) {
    constexpr std::size_t kLongest = 4'096;
    DiskFile file(path.string(), O_RDONLY);
    Bytes whole(kLongest);
    const auto got = file.isOpen() ? file.readAt(0, whole) : std::nullopt;
    if (!got || *got == kLongest) return std::nullopt;
    whole.resize(*got);
    return whole;
}

/// What is to be copied.
struct Listing {
    std::vector<fs::path> folders;   ///< each before those within it
    std::vector<fs::path> databases; ///< by name
    std::vector<fs::path> files;
};
Result<Listing, StoreFailure> list(const fs::path& folder) {
    std::error_code failure;
    Listing listing;
    const fs::recursive_directory_iterator end;
    for (auto at = fs::recursive_directory_iterator(folder, failure); at != end; at.increment(failure)) {
        const fs::path& path = at->path();
        if (at->is_directory(failure)) {
            listing.folders.push_back(path);
        } else if (at->is_regular_file(failure) && !canBeMadeAnew(path)) {
            (path.extension() == ".sqlite" ? listing.databases : listing.files).push_back(path);
        }
        if (failure) break;
    }
    if (failure) return Err(StoreFailure{StoreError::Io, folder.string() + ": " + failure.message()});
    std::sort(listing.databases.begin(), listing.databases.end());
    return listing;
}

/// What a folder held at one moment. Each database speaks of what another did: a cursor of what the journal was told,
/// the key server of the coordinator, the coordinator of both apps. Copied one after the other, one would have been
/// told what another had yet to do. So there is a moment at which all of them are held up; what is read afterwards is
/// what they held then.
class Moment {
public:
    Result<void, StoreFailure> take(const fs::path& folder) {
        for (int tries = 1;; ++tries) {
            auto held = holdUp(folder);
            if (held || held.error().error != StoreError::Locked || tries == kTries) return held;
            std::this_thread::sleep_for(std::chrono::milliseconds(kBetweenTriesMs));
        }
    }
    /// Each holds up what its database would clean away, until it is closed.
    std::map<fs::path, Handle>& databases() { return m_databases; }
    /// Of the moment; those that have come since speak of what has.
    const Listing& listing() const { return m_listing; }
    /// What may be gone by now.
    const std::map<fs::path, Bytes>& keys() const { return m_keys; }

private:
    // Whoever writes waits for a second (Database), and then takes the disk to be broken.
    static constexpr int kHeldUpMs = 300;
    static constexpr int kTries = 100;
    static constexpr int kBetweenTriesMs = 100;

    Result<void, StoreFailure> holdUp(const fs::path& folder) {
        using std::chrono::milliseconds;
        m_databases.clear();
        m_keys.clear();
        const auto listing = list(folder);
        if (!listing) return Err(listing.error());
        const auto end = std::chrono::steady_clock::now() + milliseconds(kHeldUpMs);
        std::vector<Handle> locks; // which end with this call
        for (const fs::path& path : listing->databases) {
            const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
            locks.push_back(openDatabase(path, SQLITE_OPEN_READWRITE, std::max(0, static_cast<int>(left.count()))));
            sqlite3* lock = locks.back().get();
            if (!lock || sqlite3_exec(lock, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK)
                return Err(failureOf(path, lock));
        }
        for (const fs::path& path : listing->databases) {
            Handle& database = m_databases[path];
            database = openDatabase(path, SQLITE_OPEN_READONLY, 0);
            // A transaction that only reads begins with the first look.
            if (!database || sqlite3_exec(database.get(), "BEGIN; SELECT count(*) FROM sqlite_master", nullptr, nullptr,
                                          nullptr) != SQLITE_OK)
                return Err(failureOf(path, database.get()));
        }
        auto now = list(folder);
        if (!now) return Err(now.error());
        if (now->databases != listing->databases)
            return Err(StoreFailure{StoreError::Locked, folder.string() + ": a database came or went"});
        m_listing = std::move(*now);
        for (const fs::path& path : m_listing.files) {
            if (!endsWithItsUse(path)) continue;
            if (auto key = readKey(path)) m_keys.emplace(path, std::move(*key));
        }
        return {};
    }

    std::map<fs::path, Handle> m_databases;
    std::map<fs::path, Bytes> m_keys;
    Listing m_listing;
};

Result<void, StoreFailure> copyDatabase(sqlite3* source, const fs::path& to) {
    const Handle target = openDatabase(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 0);
    sqlite3_backup* copy = target ? sqlite3_backup_init(target.get(), "main", source, "main") : nullptr;
    if (!copy) return Err(failureOf(to, target.get()));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) code = sqlite3_backup_step(copy, kPagesAtATime);
    sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE) return Err(failureOf(to, target.get()));
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

Result<void, StoreFailure> writeFile(ByteView content, const fs::path& to) {
    DiskFile target(to.string(), O_WRONLY | O_CREAT | O_EXCL);
    if (!target.isOpen() || !target.write(content)) return Err(diskFailure(to.string()));
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

    Moment moment;
    if (auto taken = moment.take(folder); !taken) return Err(taken.error());
    const auto placeOf = [&](const fs::path& path) { return fresh / path.lexically_relative(folder); };
    std::vector<fs::path> folders{fresh};
    for (const fs::path& path : moment.listing().folders) {
        folders.push_back(placeOf(path));
        fs::create_directory(folders.back(), failure);
        if (!failure) fs::permissions(folders.back(), fs::perms::owner_all, failure);
        if (failure) return failed(folders.back());
    }

    BackedUp done;
    const auto count = [&](Result<void, StoreFailure> copied, const fs::path& path) {
        if (copied) copied = makeDurable(path);
        if (!copied) return copied;
        ++done.files;
        done.bytes += fs::file_size(path, failure);
        return copied;
    };
    for (auto& [path, database] : moment.databases()) {
        const fs::path copy = placeOf(path);
        if (auto copied = count(copyDatabase(database.get(), copy), copy); !copied) return Err(copied.error());
        database.reset();
    }
    for (const auto& [path, content] : moment.keys()) {
        const fs::path copy = placeOf(path);
        if (auto copied = count(writeFile(content, copy), copy); !copied) return Err(copied.error());
    }
    for (const fs::path& path : moment.listing().files) {
        if (moment.keys().contains(path)) continue;
        if (!fs::exists(path, failure)) continue; // such as a snapshot that was one too many
        const fs::path copy = placeOf(path);
        if (auto copied = count(copyFile(path, copy), copy); !copied) return Err(copied.error());
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
