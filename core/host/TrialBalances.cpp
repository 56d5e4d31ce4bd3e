#include "core/host/TrialBalances.h"

#include <chrono>
#include <map>

namespace tallylock::host {

wire::TrialBalance trialBalanceOf(const ledger::Ledger& ledger) {
    std::map<money::UnitId, wire::TrialBalanceLine> lines;
    for (const ledger::BalanceRow& row : ledger.trialBalance()) {
        const money::UnitId unit = row.account.unit;
        auto& line = lines.try_emplace(unit, wire::TrialBalanceLine{{0, unit}, {0, unit}}).first->second;
        (row.balance.total < 0 ? line.debits : line.credits).value += row.balance.total;
    }
    wire::TrialBalance balance;
    for (auto& [unit, line] : lines) balance.lines.push_back(line);
    return balance;
}

std::int64_t TrialBalances::steadyNs() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

const Bytes& TrialBalances::of(const ledger::Ledger& ledger) {
    const std::int64_t beganNs = m_nowNs();
    if (!m_frame.empty() && beganNs < m_againNs) return m_frame;
    m_frame = encodeCbor(wire::Answer(trialBalanceOf(ledger)));
    const std::int64_t endedNs = m_nowNs();
    m_againNs = endedNs + kRest * (endedNs - beganNs);
    return m_frame;
}

} // namespace tallylock::host
