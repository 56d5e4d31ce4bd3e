// What whoever runs a coordinator may ask and do: implements api::Operator on the one in this process.
//
// A thread of its own waits for the coordinator and the rails; answers arrive where `post` brings them.
#pragma once

#include "app/servers/Coordinator.h"
#include "core/api/Operator.h"
#include "core/base/TaskThread.h"

namespace tallylock::app {

class OperatorDesk final : public api::Operator {
public:
    using Post = std::function<void(std::function<void()>)>;
    /// The coordinator, which has started, and the clock outlive it.
    OperatorDesk(Coordinator& coordinator, Clock& clock, Post post)
        : m_coordinator(coordinator),
          m_host(coordinator.host()),
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
    void watchAddresses(std::string list, api::Done<std::uint64_t> done) override;
    void suspense(api::Done<std::vector<api::SuspenseRow>> done) override;
    void assignSuspense(std::string rail, std::string name, HolderId holder, std::string reason,
                        api::Done<void> done) override;
    void disputes(api::Done<std::vector<api::DisputedSaleRow>> done) override;
    void decideDispute(SaleId sale, api::Amount toBuyer, std::string reason, api::Done<void> done) override;
    void accounts(api::Done<std::vector<api::OperatedAccountRow>> done) override;
    void setStanding(HolderId holder, api::Standing standing, std::string evidence, api::Done<void> done) override;
    void resetFactor(UserId user, api::Done<void> done) override;
    void markets(api::Done<std::vector<api::InstrumentRow>> done) override;
    void openMarket(api::InstrumentRow row, api::Done<void> done) override;
    void haltMarket(InstrumentId market, bool halted, api::Done<void> done) override;
    void setReference(InstrumentId market, api::Amount price, api::Done<void> done) override;
    void setReferenceWindow(InstrumentId market, std::int64_t windowMs, api::Done<void> done) override;
    void status(api::Done<api::NodeRow> done) override;
    void confirmClock(api::Done<void> done) override;
    void setWithdrawalFee(api::Amount fee, api::Done<void> done) override;

private:
    template <class T>
    void run(api::Done<T> done, std::function<api::Answer<T>()> act);
    /// The coordinator's own command; its reply's value.
    api::Answer<std::uint64_t> perform(engine::CommandBody body);
    api::Answer<void> performOnly(engine::CommandBody body);
    api::Answer<std::uint64_t> watchList(const std::string& list);
    /// Both are set at once: `change` changes what is there.
    void steer(InstrumentId market, std::function<void(engine::SteerInstrument&)> change, api::Done<void> done);

    /// Signed by the arbiter, on a link of its own.
    api::Answer<void> performAsArbiter(const engine::CommandBody& body);

    Coordinator& m_coordinator;
    host::Host& m_host;
    Clock& m_clock;
    Post m_post;
    TaskThread m_thread; // last: its tasks use the others
};

/// As the node's own, for whoever has a ledger at hand.
std::vector<api::LedgerRow> ledgerRowsOf(const ledger::Ledger& ledger);
std::vector<api::ReconciliationRow> rowsOf(const std::vector<host::Reconciled>& reconciled);
std::vector<api::SuspenseRow> suspenseOf(const treasury::Treasury& treasury);

} // namespace tallylock::app
