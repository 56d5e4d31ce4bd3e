// Where a server's journals are, and a coordinator's tables.
#pragma once

#include "core/ports/Projector.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace tallylock::app {

using OpenJournal = std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()>;
using OpenTables = std::function<Result<std::unique_ptr<ports::Projector>, ports::StoreFailure>()>;
/// By its name, such as "journal" or "seen-practice-chain".
using JournalsByName = std::function<OpenJournal(const std::string& name)>;

/// In a file.
OpenJournal sqliteJournal(const std::filesystem::path& path);
/// Each in a file NAME.sqlite of the folder.
JournalsByName sqliteJournals(const std::filesystem::path& folder);
/// In a file projections.sqlite of the folder.
OpenTables sqliteTables(const std::filesystem::path& folder);

} // namespace tallylock::app
