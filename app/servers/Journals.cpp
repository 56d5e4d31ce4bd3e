#include "app/servers/Journals.h"

#include "core/store/SqliteJournal.h"

namespace tallylock::app {

OpenJournal sqliteJournal(const std::filesystem::path& path) {
    return [file = path.string()] { return store::SqliteJournal::open(file); };
}

JournalsByName sqliteJournals(const std::filesystem::path& folder) {
    return [folder](const std::string& name) { return sqliteJournal(folder / (name + ".sqlite")); };
}

} // namespace tallylock::app
