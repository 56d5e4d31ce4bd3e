// A coordinator in its folder: the host, the practice world that its money comes from, and the store of sealed files.
//
//   FOLDER/lock, identity, arbiter, practice-seed   made at the first start
//   FOLDER/journal.sqlite, snapshots/               the history
//   FOLDER/projections.sqlite                       tables, made from it
//   FOLDER/seen-*.sqlite, second-factors.sqlite, practice.sqlite, files/
//
// Journals and tables may be elsewhere (PostgresStore): then a folder without them may be made anew on another machine,
// with identity, arbiter, practice-seed and files/ of this one. The files may be elsewhere, too (S3FileStore).
#pragma once

#include "app/servers/Journals.h"
#include "core/api/Session.h"
#include "core/base/Clock.h"
#include "core/host/Follower.h"
#include "core/host/Host.h"
#include "core/ports/FileStore.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/FolderLock.h"

#include <atomic>
#include <filesystem>

namespace tallylock::app {

/// The rules of a fresh folder. One that has a history goes on under those that it began with, and these must fit.
struct CoordinatorRules {
    engine::PartyKeys keyServer;
    std::optional<engine::PartyKeys> standby{};
    bool isAlsoKeyServer = false; ///< both are one process: recorded in all terms
    std::int64_t practiceBlockMs = 100;
    /// Between two batches at least, for deadlines to be longer; none: time passes whoever is there (stories skip it).
    std::optional<std::int64_t> outageMs = engine::kOutageMs;
    std::int64_t longestPauseMs = INT64_MAX;       ///< behind a longer one an operator confirms the clock
    std::optional<std::int64_t> practiceQuoteMs{}; ///< of the practice exchange; none: as it likes
    host::QuoteSettings quotes{};                  ///< may change from start to start
    std::vector<IdentityKey> deputies{};           ///< of the arbiter, in their order
    /// Called on a thread of the host's when it cannot go on.
    std::function<void(const ports::StoreFailure&)> onFailure{};
};

/// Where it is kept.
struct CoordinatorPlace {
    std::filesystem::path folder;
    JournalsByName journals{};                 ///< nothing: in the folder
    OpenTables tables{};                       ///< nothing: in the folder
    std::filesystem::path files{};             ///< nothing: in the folder
    std::shared_ptr<ports::FileStore> store{}; ///< instead of files
    /// Another process may still be at work with the sealed files: they are left alone until start().
    bool standsBy = false;
};

class Coordinator {
public:
    /// Takes the folder or makes it, and reads what rules it has, and whether they are this identity's. Starts nothing,
    /// and appends to no journal. Waits for the disk.
    static api::Answer<std::unique_ptr<Coordinator>> open(CoordinatorPlace place, Random& random);
    /// Whether its rules know of a standby key server, or may yet: a fresh folder's.
    bool mayHaveStandby() const { return !m_kept || m_kept->standby; }
    /// Whether start() would find these rules to be those that it has.
    api::Answer<void> check(const CoordinatorRules& rules) const;
    /// For one that stands by: what follows its journal, with the snapshots of the folder and the tables as they are
    /// opened, and is taken from before start(). Of a journal that has begun.
    std::unique_ptr<host::Follower> follower() const;
    /// `clock` and `random` outlive it. The key servers are connected to it by whoever has them. `warm`: the
    /// follower's.
    api::Answer<void> start(const CoordinatorRules& rules, Clock& clock, Random& random,
                            std::optional<host::Recovered> warm = std::nullopt);
    /// Takes nothing more, and ends its threads. Twice: no effect.
    void stop() { m_host.reset(); }

    const IdentityKey& key() const { return m_key; }
    const std::shared_ptr<ports::FileStore>& files() const { return m_files; }
    rails::PracticeWorld& world() { return *m_world; }
    host::Host& host() { return *m_host; }
    /// Decides disputes; where the coordinator runs alone it is nobody apart.
    const keys::Identity& arbiter() const { return *m_arbiter; }
    /// The number of the arbiter's next command: the time, so that it rises over starts as well. Any thread.
    std::uint64_t nextOfArbiter(std::int64_t nowMs);
    const std::filesystem::path& folder() const { return m_folder; }

private:
    explicit Coordinator(CoordinatorPlace place)
        : m_folder(place.folder),
          m_filesFolder(place.files.empty() ? place.folder / "files" : std::move(place.files)),
          m_journals(place.journals ? std::move(place.journals) : sqliteJournals(place.folder)),
          m_tables(place.tables ? std::move(place.tables) : sqliteTables(place.folder)),
          m_files(std::move(place.store)) {}
    api::Answer<void> openFiles();
    api::Answer<std::optional<engine::Config>> keptRules() const;
    api::Answer<void> startWorld(const CoordinatorRules& rules, Clock& clock, Random& random);
    api::Answer<void> startHost(const CoordinatorRules& rules, Clock& clock, Random& random,
                                std::optional<host::Recovered> warm);
    api::Answer<void> openMarkets();
    api::Answer<engine::Config> configFor(const CoordinatorRules& rules) const;

    std::filesystem::path m_folder;
    std::filesystem::path m_filesFolder;
    JournalsByName m_journals;
    OpenTables m_tables;
    std::optional<store::FolderLock> m_lock;
    std::shared_ptr<ports::FileStore> m_files;
    std::optional<engine::Config> m_kept;     ///< what the journal began with
    std::optional<keys::Identity> m_identity; ///< until the host has it
    std::optional<keys::Identity> m_arbiter;
    std::atomic<std::uint64_t> m_lastOfArbiter{0};
    IdentityKey m_key;
    std::unique_ptr<rails::PracticeWorld> m_world;
    std::unique_ptr<host::Host> m_host;
};

/// What a coordinator's identity must not be missing beside.
std::string coordinatorState(const std::filesystem::path& folder);

} // namespace tallylock::app
