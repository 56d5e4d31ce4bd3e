// Carries out withdrawals: names a rail, durably, and then has it pay.
//
//   Approved -> StartWithdrawal (journaled) -> rail.pay("withdrawal/N") -> ReportWithdrawal (journaled)
//
// Like the outbox it keeps nothing on disk: after a restart it begins with what the engine says is approved or being
// paid. A crash after pay asks the same rail for the same key again, and is answered as before. A withdrawal whose rail
// cannot be reached, or is not there, waits; only the rail's own refusal ends it.
#pragma once

#include "core/host/Outbox.h"
#include "core/ports/Bank.h"

namespace tallylock::host {

/// A rail or a bank, as far as money going out is concerned.
struct Payer {
    std::string name;
    std::function<bool(money::UnitId)> carries;
    std::function<Result<std::string, ports::RailError>(const std::string& key, const std::string& to,
                                                        const money::Amount& amount)>
        pay;
};
template <class RailOrBank>
Payer payerOf(RailOrBank& rail) {
    return {rail.name(), [&rail](money::UnitId unit) { return rail.carries(unit); },
            [&rail](const std::string& key, const std::string& to, const money::Amount& amount) {
                return rail.pay(key, to, amount);
            }};
}

class Payouts {
public:
    /// Of several that carry a unit, the first pays it.
    Payouts(std::vector<Payer> payers, Sequencer& sequencer, Outbox::Pace pace);
    ~Payouts();

    void start();
    /// Any thread: what has become of a withdrawal.
    void changed(const treasury::Withdrawal& withdrawal);
    /// Ends after the call that is running. Does not wait.
    void close();
    void stop();

private:
    using SteadyTime = std::chrono::steady_clock::time_point;
    struct Job {
        unsigned tries = 0;
        SteadyTime due;
    };
    /// Done: nothing is left to do, or the engine's next word brings it back.
    enum class Outcome { Done, Again, Refused };

    void run();
    std::map<treasury::WithdrawalId, Job>::iterator nextJob();
    void reschedule(treasury::WithdrawalId id, Outcome outcome);
    Outcome carryOut(treasury::WithdrawalId id);
    Outcome perform(engine::CommandBody body);
    const Payer* payerNamed(const std::string& name) const;
    const Payer* payerFor(money::UnitId unit) const;

    std::vector<Payer> m_payers;
    Sequencer& m_sequencer;
    Outbox::Pace m_pace;

    std::mutex m_mutex;
    std::condition_variable m_news;
    std::map<treasury::WithdrawalId, Job> m_jobs;
    bool m_closed = false;
    std::thread m_thread;
};

} // namespace tallylock::host
