// journal_writer PATH APPENDS: opens the journal, appends, and prints the size after each acknowledged append. Its test
// kills it.
#include "core/store/SqliteJournal.h"
#include "tests/core/store/JournalRecords.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>

using namespace tallylock;

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    if (argc != 3) return 2;
    auto journal = store::SqliteJournal::open(argv[1]);
    if (!journal) {
        std::fprintf(stderr, "%s\n", journal.error().detail.c_str());
        return 1;
    }
    const long appends = std::strtol(argv[2], nullptr, 10);
    for (long i = 0; i < appends; ++i) {
        const auto records = test::recordsFrom((*journal)->size() + 1, test::kRecordsAnAppend);
        if (!(*journal)->append(records)) return 1;
        std::printf("%llu\n", static_cast<unsigned long long>((*journal)->size()));
        std::fflush(stdout);
    }
    return 0;
}
