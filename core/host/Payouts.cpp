#include "core/host/Payouts.h"

#include <algorithm>

namespace tallylock::host {

using treasury::Withdrawal;
using treasury::WithdrawalId;
using treasury::WithdrawalState;

namespace {
/// A refusal is journaled each time, so it is not asked for often.
constexpr std::int64_t kRefusedPayoutRetryMs = 60'000;
} // namespace

Payouts::Payouts(std::vector<Payer> payers, Sequencer& sequencer, Outbox::Pace pace)
    : m_payers(std::move(payers)),
      m_sequencer(sequencer),
      m_pace(pace) {}

Payouts::~Payouts() { stop(); }

void Payouts::start() {
    m_thread = std::thread([this] { run(); });
}

void Payouts::changed(const Withdrawal& withdrawal) {
    const std::lock_guard lock(m_mutex);
    if (withdrawal.isOver()) {
        m_jobs.erase(withdrawal.id);
    } else if (withdrawal.state != WithdrawalState::Requested) {
        m_jobs.try_emplace(withdrawal.id);
        m_news.notify_one();
    }
}

void Payouts::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_news.notify_one();
}

void Payouts::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
}

void Payouts::run() {
    std::unique_lock lock(m_mutex);
    while (!m_closed) {
        const auto next = nextJob();
        if (next == m_jobs.end()) {
            m_news.wait(lock);
        } else if (const SteadyTime due = next->second.due; due > std::chrono::steady_clock::now()) {
            m_news.wait_until(lock, due);
        } else {
            const WithdrawalId id = next->first;
            lock.unlock();
            const Outcome outcome = carryOut(id);
            lock.lock();
            reschedule(id, outcome);
        }
    }
}

/// The one that is due first; of those, the oldest.
std::map<WithdrawalId, Payouts::Job>::iterator Payouts::nextJob() {
    return std::min_element(m_jobs.begin(), m_jobs.end(),
                            [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
}

void Payouts::reschedule(WithdrawalId id, Outcome outcome) {
    const auto found = m_jobs.find(id);
    if (found == m_jobs.end()) return; // over, meanwhile
    if (outcome == Outcome::Done) {
        m_jobs.erase(found);
        return;
    }
    Job& job = found->second;
    std::int64_t waitMs = std::min(m_pace.firstRetryMs << std::min(job.tries, 20u), m_pace.lastRetryMs);
    if (outcome == Outcome::Refused) waitMs = std::min(waitMs << std::min(job.tries, 10u), kRefusedPayoutRetryMs);
    ++job.tries;
    job.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(waitMs);
}

Payouts::Outcome Payouts::carryOut(WithdrawalId id) {
    struct Seen {
        std::optional<Withdrawal> withdrawal;
        bool frozen = false;
    };
    const auto seen = m_sequencer.askNow([id](const Sight& sight) {
        Seen now;
        const Withdrawal* found = sight.engine.withdrawals().find(id);
        if (!found) return now;
        now.withdrawal = *found;
        now.frozen = sight.engine.parties().holder(found->holder)->standing == parties::Standing::Frozen;
        return now;
    });
    if (!seen) return Outcome::Again;
    if (!seen->withdrawal) return Outcome::Done;
    Withdrawal w = *seen->withdrawal;

    if (w.state == WithdrawalState::Approved) {
        const Payer* payer = payerFor(w.amount.unit);
        if (!payer || seen->frozen) return Outcome::Again;
        const Outcome started = perform(engine::StartWithdrawal{id, payer->name});
        if (started != Outcome::Done) return started;
        w.rail = payer->name;
    } else if (w.state != WithdrawalState::Paying) {
        return Outcome::Done;
    }

    // Whichever rail was named pays, and no other, though it were gone for a while.
    const Payer* payer = payerNamed(w.rail);
    if (!payer) return Outcome::Again;
    const auto paid = payer->pay("withdrawal/" + std::to_string(id.value), w.to, w.amount);
    if (!paid && paid.error() == ports::RailError::Unreachable) return Outcome::Again;
    return perform(engine::ReportWithdrawal{id, paid.ok(), paid ? *paid : ports::nameOf(paid.error())});
}

Payouts::Outcome Payouts::perform(engine::CommandBody body) {
    const auto replies = m_sequencer.perform({std::move(body)});
    if (!replies) return Outcome::Again; // the host is stopping
    return replies->front().refused == engine::Refused::No ? Outcome::Done : Outcome::Refused;
}

const Payer* Payouts::payerNamed(const std::string& name) const {
    const auto found = std::find_if(m_payers.begin(), m_payers.end(), [&](const Payer& p) { return p.name == name; });
    return found == m_payers.end() ? nullptr : &*found;
}

const Payer* Payouts::payerFor(money::UnitId unit) const {
    const auto found = std::find_if(m_payers.begin(), m_payers.end(), [&](const Payer& p) { return p.carries(unit); });
    return found == m_payers.end() ? nullptr : &*found;
}

} // namespace tallylock::host
