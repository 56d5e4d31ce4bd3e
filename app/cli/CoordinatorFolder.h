// A coordinator's folder that no node is running on: its journal, replayed from the first command.
#pragma once

#include "core/host/Recovery.h"
#include "core/store/FolderLock.h"

#include <filesystem>
#include <memory>

namespace tallylock::cli {

class CoordinatorFolder {
public:
    /// Takes the lock and reads the genesis; `folder` holds coordinator/. What is wrong is the error's text.
    static Result<CoordinatorFolder, std::string> open(const std::filesystem::path& folder);

    const engine::Config& config() const { return m_genesis->config; }
    const std::filesystem::path& path() const { return m_path; }
    /// Replays everything; the visitor sees each batch with what came of it.
    Result<host::Recovered, std::string> replay(const host::Recovery::Visit& visit);

private:
    CoordinatorFolder(std::filesystem::path path, store::FolderLock lock, std::unique_ptr<ports::Journal> journal)
        : m_path(std::move(path)),
          m_lock(std::move(lock)),
          m_journal(std::move(journal)) {}

    std::filesystem::path m_path;
    store::FolderLock m_lock;
    std::unique_ptr<ports::Journal> m_journal;
    std::unique_ptr<wire::Genesis> m_genesis;
};

} // namespace tallylock::cli
