#include "app/servers/Journals.h"

#include "core/store/SqliteJournal.h"
#include "core/store/SqliteProjector.h"

namespace tallylock::app {

OpenJournal sqliteJournal(const std::filesystem::path& path) {
    return [file = path.string()] { return store::SqliteJournal::open(file); };
}

JournalsByName sqliteJournals(const std::filesystem::path& folder) {
    return [folder](const std::string& name) { return sqliteJournal(folder / (name + ".sqlite")); };
}

OpenTables sqliteTables(const std::filesystem::path& folder) {
    return [path = (folder / "projections.sqlite").string()] { return store::SqliteProjector::open(path); };
}

} // namespace tallylock::app
