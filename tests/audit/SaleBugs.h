// The sale auditor's own test: an engine with one bug on purpose must be caught, and by the promise that is named for
// it. For programs over an engine with TALLYLOCK_PLANTED_BUGS only.
#pragma once

#include <cstddef>

namespace tallylock::audit {

struct SaleBugs {
    std::size_t caught = 0;
    std::size_t planted = 0;
};
/// Prints a line for each.
SaleBugs catchSaleBugs();

} // namespace tallylock::audit
