// Runs a workload through an engine with the auditor beside it, then again from what was written down.
#pragma once

#include "tests/audit/auditor/Auditor.h"

#include <functional>

namespace tallylock::audit {

struct Plan {
    std::uint64_t seed = 1;
    std::uint64_t commands = 20'000;
    bool practice = true;
};

/// What was found, at which step (from 1; 0: of the whole run).
struct Finding {
    Violation violation;
    std::uint64_t step = 0;
};

struct Report {
    std::optional<Finding> finding;
    std::map<std::string, std::uint64_t> answers;
    std::uint64_t trades = 0;
    std::uint64_t openOrders = 0;
};

Report runAudit(const Plan& plan);

} // namespace tallylock::audit
