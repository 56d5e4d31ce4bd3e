// Sales as they go in a bad week: buyers, sellers, a key server, rails and exchanges that are late, silent, repeat
// themselves, act out of turn and for each other; payments that are short, too much, come in parts and leave the chain,
// also when they were final; a coordinator that crashes before, in and after a write and starts from its journal, a
// disk that is full for a while, and a clock that jumps forward and is put back. Whoever was not answered sends again.
// On a real engine with real batches and recovery (SaleNode.h), one seed a world, with the auditor beside it.
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
    std::uint64_t restarts = 0;            ///< between two batches
    std::array<std::uint64_t, 5> writes{}; ///< by what became of them (WriteFault)
    std::uint64_t deepReversals = 0;       ///< payments that left the chain after they were final
    std::uint64_t ownersMade = 0;          ///< completed sales in which only the ownership passed
    std::uint64_t conversions = 0;         ///< completed sales whose own coins were sold for the seller
    std::uint64_t conversionsUndone = 0;   ///< such a sale's payment left the chain before the seller was paid
    std::uint64_t digitalPaid = 0;         ///< sellers paid with digital dollars in escrow
    std::uint64_t coinsPaid = 0;           ///< and with the coins themselves
    std::uint64_t quotesLapsed = 0;
    std::uint64_t extensions = 0;                ///< deadlines that an outage of the coordinator has made longer
    std::uint64_t soldByNewQuote = 0;            ///< completed sales whose first quote had lapsed
    std::uint64_t sentBack = 0;                  ///< times that coins went on to where the offer has said
    std::uint64_t coinSales = 0;                 ///< orders of the house that have sold what sales brought
    std::map<std::uint64_t, std::uint64_t> ends; ///< by state
};

SaleReport runSales(const SalePlan& plan);

} // namespace tallylock::audit
