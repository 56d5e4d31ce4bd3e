// Which room of the house may use which, and the checks that hold the sources to it.
//
// A room is named after its folder: `ledger` is core/ledger, `ui` is all of ui, `app/cli` is app/cli.
// Every check answers with sentences, one for each fault; none means that all is well.
#pragma once

#include "tests/tidy/Sources.h"

#include <map>
#include <set>

namespace tallylock::tidy {

using Arrows = std::map<std::string, std::set<std::string>>;
using Faults = std::vector<std::string>;

/// The arrows of the house. docs/architecture.md and the CMake files must say the same.
const Arrows& houseArrows();

/// The room that a file (or folder) belongs to; empty for one outside the house.
std::string roomOf(const std::string& path);

/// All rooms that a room may include: itself, `base`, its targets, and what those may use.
std::set<std::string> reachOf(const std::string& room, const Arrows& arrows);

/// Every way round in a graph, written `a -> b -> a`.
Faults circlesIn(const Arrows& graph);

/// Includes that the arrows forbid, that lead nowhere or upwards, Qt where it may not be, circles of files.
Faults checkIncludes(const std::vector<Source>& files, const Arrows& arrows);

/// The arrows drawn by the `tallylock_room(... USES ...)` lines; unknown rooms are added to the faults.
Arrows arrowsOfBuild(const std::vector<Source>& cmakeFiles, Faults& faults);

/// Rooms and arrows that only the build has, and arrows that it lacks (the programs in app are not rooms to it).
Faults checkBuild(const Arrows& drawn, const Arrows& arrows);

/// The arrows in the table of a document whose first two columns are `room` and `uses`.
Arrows arrowsOfDocument(const std::string& text);

} // namespace tallylock::tidy
