#include "core/host/Reconcile.h"

#include "core/ledger/Ledger.h"

#include <algorithm>
#include <map>

namespace tallylock::host {

using money::Int128;

std::vector<PurposeSum> purposeSums(const ledger::Ledger& ledger) {
    std::map<std::pair<money::UnitId, ledger::Purpose>, PurposeSum> sums;
    for (const ledger::BalanceRow& row : ledger.trialBalance()) {
        const auto& [holder, unit, purpose, ref] = row.account;
        PurposeSum& sum = sums.try_emplace({unit, purpose}, PurposeSum{unit, purpose, {}, 0}).first->second;
        sum.balance.total += row.balance.total; // the ledger keeps a unit's sum within its range
        sum.balance.held += row.balance.held;
        ++sum.accounts;
    }
    std::vector<PurposeSum> rows;
    rows.reserve(sums.size());
    for (const auto& [key, sum] : sums) rows.push_back(sum);
    return rows;
}

std::vector<Inside> insideOf(const engine::Engine& engine) {
    std::map<money::UnitId, Inside> units;
    for (const money::Unit& unit : money::allUnits()) {
        const bool fiat = unit.kind == money::UnitKind::Fiat;
        const auto balance = [&](ledger::Purpose purpose) {
            return engine.ledger().balance(ledger::houseAccount(purpose, unit.id)).total;
        };
        Inside& inside = units[unit.id];
        inside.unit = unit.id;
        inside.ledger = -balance(fiat ? ledger::Purpose::BankCustody : ledger::Purpose::Custody);
        inside.losses = -balance(ledger::Purpose::Loss);
    }
    for (const treasury::PendingDeposit& deposit : engine.treasury().pending()) {
        if (deposit.confirmations > 0) units[deposit.amount.unit].unconfirmed += deposit.amount.value;
    }
    for (const treasury::Withdrawal& withdrawal : engine.withdrawals().toCarryOut()) {
        if (withdrawal.state == treasury::WithdrawalState::Paying)
            units[withdrawal.amount.unit].paying += withdrawal.amount.value;
    }
    std::vector<Inside> rows;
    rows.reserve(units.size());
    for (const auto& [unit, inside] : units) rows.push_back(inside);
    return rows;
}

std::vector<Reconciled> reconcile(const std::vector<Inside>& inside, const std::vector<Holding>& holdings) {
    std::vector<Reconciled> rows;
    for (const Inside& unit : inside) {
        Reconciled row;
        row.inside = unit;
        const auto holding =
            std::find_if(holdings.begin(), holdings.end(), [&](const Holding& one) { return one.carries(unit.unit); });
        if (holding != holdings.end()) {
            row.place = holding->name;
            if (const auto balance = holding->balance(unit.unit)) row.outside = balance->value;
        }
        // Nobody carries it: nothing lies anywhere.
        const bool known = row.outside || row.place.empty();
        row.difference = known ? row.outside.value_or(0) - unit.ledger : 0;
        const Int128 rest = row.difference - unit.unconfirmed;
        row.unexplained = rest > 0 ? rest : std::min<Int128>(rest + unit.paying, 0);
        if (!known) row.unexplained = 0;
        rows.push_back(row);
    }
    return rows;
}

} // namespace tallylock::host
