#include "tests/scenario/JournalFacts.h"

#include "core/host/Recovery.h"
#include "core/ledger/Ledger.h"
#include "tests/audit/Told.h"
#include "tests/audit/auditor/SaleAuditor.h"

#include <optional>

namespace tallylock::marketplace {

namespace {

class Reader {
public:
    explicit Reader(const engine::Config& config)
        : m_dollars(config.dollars),
          m_auditor(encodeCbor(config), audit::hasSigned) {}

    void read(const wire::Batch& batch, const host::Applied& applied) {
        const auto commands = wire::readCommands(batch);
        if (!commands) return fail("batch " + std::to_string(batch.number) + " cannot be read");
        // The deadlines come first, if any was due.
        static const std::vector<engine::Event> kNoEvents;
        const bool hasFired = applied.projected.size() > commands->size();
        const auto& fired = hasFired ? applied.projected.front().events : kNoEvents;
        audit::Step deadlines;
        deadlines.timeMs = batch.timeMs;
        if (commands->empty()) audit(std::move(deadlines), fired, kNoEvents);
        for (std::size_t i = 0; i < commands->size(); ++i) {
            const engine::Command& command = (*commands)[i];
            audit::Step step;
            step.timeMs = batch.timeMs;
            step.signer = std::string(command.signer.view().begin(), command.signer.view().end());
            step.counter = command.counter;
            step.command = encodeCbor(command.body);
            step.refused = engine::nameOf(applied.replies[i].refused);
            if (applied.replies[i].refused != engine::Refused::No) ++m_facts.refused;
            audit(std::move(step), i == 0 ? fired : kNoEvents, applied.projected[i + (hasFired ? 1 : 0)].events);
        }
    }
    JournalFacts take(const host::Recovered& end) {
        m_facts.sequence = end.position.sequence;
        if (!end.engine.ledger().checkSums()) fail("the ledger does not sum to zero");
        for (const ledger::BalanceRow& row : end.engine.ledger().trialBalance()) {
            if (row.account.purpose == ledger::Purpose::Available)
                m_facts.available[{row.account.holder, row.account.unit}] = row.balance.total;
        }
        return std::move(m_facts);
    }
    void fail(const std::string& what) {
        if (m_facts.wrong.empty()) m_facts.wrong = what;
    }

private:
    void audit(audit::Step step, const std::vector<engine::Event>& fired, const std::vector<engine::Event>& made) {
        step.fired = audit::told(fired);
        step.events = audit::told(made);
        if (!m_facts.wrong.empty()) return; // the auditor is of no more use
        if (const auto violation = m_auditor.audit(step))
            fail(std::string(audit::nameOf(violation->invariant)) + ": " + violation->what);
        m_traded = 0;
        for (const auto* events : {&fired, &made}) {
            for (const engine::Event& event : *events) note(event.body);
        }
    }
    void note(const engine::EventBody& body) {
        if (const auto* listed = engine::bodyIf<engine::ListingPublished>(body)) {
            m_facts.listings[listed->listing] = {listed->seller, listed->name};
        } else if (const auto* sale = engine::bodyIf<engine::SaleChanged>(body)) {
            note(*sale);
        } else if (const auto* posted = engine::bodyIf<engine::LedgerPosted>(body)) {
            if (posted->sale == SaleId{}) noteTrade(*posted);
        } else if (const auto* placed = engine::bodyIf<engine::OrderPlaced>(body)) {
            m_facts.orders[placed->order] = {placed->holder, {}};
        } else if (const auto* changed = engine::bodyIf<engine::OrderChanged>(body)) {
            m_facts.orders[changed->order].state = changed->state;
        } else if (const auto* paid = engine::bodyIf<engine::WithdrawalChanged>(body)) {
            m_facts.withdrawals[paid->withdrawal.id.value] = paid->withdrawal;
        } else if (engine::bodyIf<engine::InstructionExecuted>(body)) {
            ++m_facts.trades;
        }
    }

    void note(const engine::SaleChanged& sale) {
        SaleFacts& facts = m_facts.sales[sale.sale];
        if (sale.quoteUntilMs && sale.quoteUntilMs != facts.last.quoteUntilMs) ++facts.quotes;
        if (sale.quoteLapsed && !facts.last.quoteLapsed) ++m_facts.quotesLapsed;
        if (sale.converted && !facts.last.converted) facts.fetched = m_traded;
        facts.hasLapsed = facts.hasLapsed || sale.quoteLapsed;
        const bool isSigned = sale.fundingSigned.value_or(false) && !sale.quoteLapsed;
        if (isSigned && facts.hasLapsed) facts.signedAnew.insert(sale.coins->value);
        facts.been.insert(sale.state);
        facts.last = sale;
    }
    /// What the house sells is its treasury's while it is sold.
    void noteTrade(const engine::LedgerPosted& posted) {
        for (const engine::PostedLeg& leg : posted.legs) {
            if (leg.account == ledger::houseAccount(ledger::Purpose::Treasury, m_dollars)) m_traded += leg.delta.value;
        }
    }

    const money::UnitId m_dollars;
    money::Int128 m_traded = 0; ///< dollars that the house's coins have brought in this step
    JournalFacts m_facts;
    audit::SaleAuditor m_auditor;
};

} // namespace

JournalFacts factsOf(ports::Journal& journal) {
    std::optional<wire::Genesis> genesis;
    const auto first = journal.read(1, [&](std::uint64_t, ByteView record) {
        if (auto decoded = decodeCbor<wire::Genesis>(record)) genesis = std::move(*decoded);
        return false;
    });
    JournalFacts none;
    none.wrong = "the journal does not begin with its rules";
    if (!first || !genesis) return none;
    host::Recovery recovery(journal, genesis->config);
    host::Recovered state = recovery.beginning(wire::genesisHash(*genesis));
    Reader reader(genesis->config);
    const auto replayed = recovery.replay(
        state, [&](const wire::Batch& batch, const host::Applied& applied) { reader.read(batch, applied); });
    if (!replayed) reader.fail(replayed.error().detail);
    return reader.take(state);
}

} // namespace tallylock::marketplace
