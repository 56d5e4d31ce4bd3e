// A copy of a folder of ours while whoever has it goes on working: its databases as all of them stood at one moment,
// through SQLite's own backup (www.sqlite.org/backup.html), and the files that were there then, which are only ever
// replaced as a whole.
#pragma once

#include "core/ports/Journal.h"

#include <cstdint>
#include <string>

namespace tallylock::store {

struct BackedUp {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

/// Copies `folder`, with its folders, to `to`, which must not exist; what is durable in `folder` when the call begins
/// is in the copy, which is what a power cut at one moment of the call would have left; whoever writes is held up for
/// that moment, a third of a second at most. What can be made anew (tables, locks, what is being received) is left out.
/// Locked if the databases are never at rest, for ten seconds. Durable when it returns; a copy that did not become
/// whole is named `to`.part.
Result<BackedUp, ports::StoreFailure> backUp(const std::string& folder, const std::string& to);

} // namespace tallylock::store
