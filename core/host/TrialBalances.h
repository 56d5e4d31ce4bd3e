// The sums of the whole ledger, for whoever asks.
//
// To add them up takes the longer the more accounts there are, and it is done where commands are executed. So it takes
// no more than a small share of that thread's time, however many ask: for so many times as long as it has taken, the
// sums of before are given again.
#pragma once

#include "core/ledger/Ledger.h"
#include "core/wire/Frames.h"

#include <functional>

namespace tallylock::host {

/// One line a unit that is in use, by unit.
wire::TrialBalance trialBalanceOf(const ledger::Ledger& ledger);

/// The sequencer's thread.
class TrialBalances {
public:
    static constexpr std::int64_t kRest = 20; ///< times what it took

    /// `nowNs`: of a clock that never goes back.
    explicit TrialBalances(std::function<std::int64_t()> nowNs = steadyNs) : m_nowNs(std::move(nowNs)) {}
    /// The answer's frame.
    const Bytes& of(const ledger::Ledger& ledger);

private:
    static std::int64_t steadyNs();
    std::function<std::int64_t()> m_nowNs;
    Bytes m_frame; ///< empty: never asked for
    std::int64_t m_againNs = 0;
};

} // namespace tallylock::host
