#include "app/cli/CoordinatorFolder.h"

#include "app/cli/Command.h"
#include "core/store/SqliteJournal.h"

namespace tallylock::cli {

namespace fs = std::filesystem;

static std::string textOfStore(const ports::StoreFailure& failure) {
    if (failure.error == ports::StoreError::Locked) return folderInUse(failure.detail);
    return std::string(ports::nameOf(failure.error)) + (failure.detail.empty() ? "" : ": " + failure.detail);
}

Result<CoordinatorFolder, std::string> CoordinatorFolder::open(const fs::path& folder) {
    const fs::path coordinator = folder / "coordinator";
    if (!fs::exists(coordinator / "journal.sqlite")) return Err("no journal in " + coordinator.string());
    auto lock = store::FolderLock::take(coordinator.string());
    if (!lock) return Err(textOfStore(lock.error()));
    auto journal = store::SqliteJournal::open((coordinator / "journal.sqlite").string());
    if (!journal) return Err(textOfStore(journal.error()));
    CoordinatorFolder opened(coordinator, std::move(*lock), std::move(*journal));
    const auto read = opened.m_journal->read(1, [&](std::uint64_t, ByteView record) {
        if (auto decoded = decodeCbor<wire::Genesis>(record))
            opened.m_genesis = std::make_unique<wire::Genesis>(*decoded);
        return false;
    });
    if (!read) return Err(textOfStore(read.error()));
    if (!opened.m_genesis) return Err(std::string("the journal's first record is not a genesis"));
    return opened;
}

Result<host::Recovered, std::string> CoordinatorFolder::replay(const host::Recovery::Visit& visit) {
    host::Recovery recovery(*m_journal, m_genesis->config);
    host::Recovered state = recovery.beginning(wire::genesisHash(*m_genesis));
    const auto replayed = recovery.replay(state, visit);
    if (!replayed) return Err(textOfStore(replayed.error()));
    return state;
}

} // namespace tallylock::cli
