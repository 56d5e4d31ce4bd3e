// What whoever runs an embedded node may ask and do: implements api::Operator on the coordinator in this process.
//
// A thread of its own waits for the coordinator and the rails; answers arrive where the node's answers arrive.
#pragma once

#include "core/api/Operator.h"
#include "core/base/TaskThread.h"
#include "core/host/Host.h"

namespace tallylock::app {

class OperatorDesk final : public api::Operator {
public:
    using Post = std::function<void(std::function<void()>)>;
    /// These outlive it.
    OperatorDesk(host::Host& host, const keys::Identity& arbiter, Clock& clock, Post post)
        : m_host(host),
          m_arbiter(arbiter),
          m_clock(clock),
          m_post(std::move(post)) {}
    /// Waits for what is running; what waits is dropped.
    ~OperatorDesk() override { m_thread.stop(); }

    void trialBalance(api::Done<std::vector<api::LedgerRow>> done) override;
    void statement(HolderId holder, api::UnitId unit, std::uint32_t limit,
                   api::Done<std::vector<api::StatementRow>> done) override;
    void reconciliation(api::Done<std::vector<api::ReconciliationRow>> done) override;
    void cases(api::Done<std::vector<api::CaseRow>> done) override;
    void decide(std::uint64_t id, api::CaseDecision decision, std::string reason, api::Done<void> done) override;
    void rules(api::Done<std::vector<api::RuleRow>> done) override;
    void setRule(api::RuleRow rule, api::Done<void> done) override;
    void removeRule(std::uint64_t id, api::Done<void> done) override;
    void watchAddresses(std::string path, api::Done<std::uint64_t> done) override;
    void disputes(api::Done<std::vector<api::DisputedSaleRow>> done) override;
    void decideDispute(SaleId sale, api::Amount toBuyer, std::string reason, api::Done<void> done) override;
    void resetFactor(UserId user, api::Done<void> done) override;

private:
    template <class T>
    void run(api::Done<T> done, std::function<api::Answer<T>()> act);
    /// The coordinator's own command; its reply's value.
    api::Answer<std::uint64_t> perform(engine::CommandBody body);
    api::Answer<void> performOnly(engine::CommandBody body);
    api::Answer<std::uint64_t> watchList(const std::string& path);

    /// Signed by the arbiter, on a link of its own.
    api::Answer<void> performAsArbiter(const engine::CommandBody& body);

    host::Host& m_host;
    const keys::Identity& m_arbiter;
    Clock& m_clock;
    std::uint64_t m_lastCounter = 0; ///< of the arbiter's commands: the time, so that it rises over starts as well
    Post m_post;
    TaskThread m_thread; // last: its tasks use the others
};

/// As the node's own, for whoever has a ledger at hand.
std::vector<api::LedgerRow> ledgerRowsOf(const ledger::Ledger& ledger);
std::vector<api::ReconciliationRow> rowsOf(const std::vector<host::Reconciled>& reconciled);

} // namespace tallylock::app
