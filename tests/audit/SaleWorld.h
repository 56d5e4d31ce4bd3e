// Sales as they go in a bad week: buyers, sellers, a key server, rails and exchanges that are late, silent, repeat
// themselves, act out of turn and for each other; payments that are short, too much, come in parts and leave the chain;
// an engine that is killed and loaded, and a clock that jumps. On a real engine, one seed a world, with the auditor
// beside it.
#pragma once

#include "tests/audit/auditor/SaleAuditor.h"
#include "tests/support/SaleCommands.h"

#include <array>
#include <map>
#include <memory>
#include <random>

namespace tallylock::audit {

struct SalePlan {
    std::uint64_t seed = 1;
    std::uint64_t sales = 50;             ///< at once, in one world
    std::uint64_t mostSteps = UINT64_MAX; ///< a shorter run of the same
};

struct SaleFinding {
    SaleViolation violation;
    std::uint64_t step = 0; ///< from 1
};

struct SaleReport {
    std::optional<SaleFinding> finding;
    std::uint64_t steps = 0;
    std::uint64_t refused = 0;
    std::uint64_t restarts = 0;
    std::map<std::uint64_t, std::uint64_t> ends; ///< by state
};

SaleReport runSales(const SalePlan& plan);

} // namespace tallylock::audit
