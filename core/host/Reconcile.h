// The ledger against the outside world: what a rail or bank should hold, what it says that it holds, and what explains
// the difference.
#pragma once

#include "core/engine/Engine.h"
#include "core/ports/Bank.h"

#include <functional>
#include <optional>
#include <vector>

namespace tallylock::host {

/// All accounts of one purpose and unit together.
struct PurposeSum {
    money::UnitId unit{};
    ledger::Purpose purpose{};
    ledger::Balance balance;
    std::uint64_t accounts = 0;
    bool operator==(const PurposeSum&) const = default;
};
/// By unit, then by purpose; the totals of a unit sum to zero.
std::vector<PurposeSum> purposeSums(const ledger::Ledger& ledger);

/// What the engine knows of a unit outside.
struct Inside {
    money::UnitId unit{};
    money::Int128 ledger = 0;      ///< what should lie outside: the custody account, with the other sign
    money::Int128 unconfirmed = 0; ///< deposits that are in a block and do not count yet
    money::Int128 paying = 0;      ///< withdrawals that a rail has been asked to pay
    money::Int128 losses = 0;      ///< borne by the house for payments that vanished; they are off `ledger` already
    bool operator==(const Inside&) const = default;
};
/// Every unit, used or not.
std::vector<Inside> insideOf(const engine::Engine& engine);

/// A rail or a bank, as far as what it holds is concerned.
struct Holding {
    std::string name;
    std::function<bool(money::UnitId)> carries;
    std::function<Result<money::Amount, ports::RailError>(money::UnitId)> balance;
};
template <class RailOrBank>
Holding holdingOf(RailOrBank& rail) {
    return {rail.name(), [&rail](money::UnitId unit) { return rail.carries(unit); },
            [&rail](money::UnitId unit) { return rail.balance(unit); }};
}

struct Reconciled {
    Inside inside;
    std::string place;                    ///< of the first that carries the unit; empty: nobody does
    std::optional<money::Int128> outside; ///< none: it does not answer
    money::Int128 difference = 0;         ///< outside - ledger
    /// What is left of the difference after the unconfirmed deposits, and after as much of what is being paid as fits:
    /// a rail that was asked may have paid, and not said so yet.
    money::Int128 unexplained = 0;
};
/// Asks the rails and banks; waits for them.
std::vector<Reconciled> reconcile(const std::vector<Inside>& inside, const std::vector<Holding>& holdings);

} // namespace tallylock::host
