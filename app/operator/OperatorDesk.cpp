#include "app/operator/OperatorDesk.h"

#include "app/operator/Words.h"
#include "core/ledger/Ledger.h"
#include "core/party/Problems.h"

#include <algorithm>
#include <future>
#include <set>
#include <sstream>

namespace tallylock::app {

using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;

namespace {
static_assert(static_cast<int>(api::RuleKind::kCount) == static_cast<int>(treasury::RuleKind::kCount));
static_assert(static_cast<int>(api::CaseDecision::kCount) == static_cast<int>(engine::CaseDecision::kCount));

constexpr std::size_t kMostInCommand = 5'000; // watched addresses
constexpr std::uint32_t kStatementPage = 1'000;

Refusal stopping() { return {Problem::Stopping, {}}; }

/// With the engine's own word, where that of the people's apps is another.
Refusal refusalOf(const engine::Reply& reply) {
    Refusal refusal{party::problemOf(reply.refused), reply.detail};
    const std::string word = engine::nameOf(reply.refused);
    if (word != api::nameOf(refusal.problem)) refusal.detail = word + (reply.detail.empty() ? "" : ": " + reply.detail);
    return refusal;
}

api::RuleRow rowOf(const treasury::WatchRule& r) {
    return {r.id.value,
            static_cast<api::RuleKind>(r.kind),
            r.way == treasury::Way::Out,
            r.amount,
            r.windowMs,
            r.count,
            r.nearBasisPoints,
            r.hold};
}

api::CaseRow rowOf(const treasury::Case& c, const std::string& name) {
    return {c.id.value,
            c.holder,
            name,
            c.rule.value,
            static_cast<api::RuleKind>(c.kind),
            c.state == treasury::CaseState::Held,
            c.way == treasury::Way::Out,
            c.amount,
            c.place,
            c.withdrawal.value,
            c.transactions,
            c.raisedMs,
            c.changedMs,
            c.reason};
}
api::Amount priceOf(const market::Instrument& market, std::int64_t ticks) {
    return {market.spec.tick.value * ticks, market.spec.tick.unit};
}

api::InstrumentRow rowOf(const market::Instrument& market, const engine::Engine& engine) {
    const market::InstrumentSpec& spec = market.spec;
    api::InstrumentRow row;
    row.id = market.id;
    row.symbol = spec.name;
    row.base = spec.lot.unit;
    row.quote = spec.tick.unit;
    row.tick = spec.tick;
    row.lot = spec.lot;
    row.halted = market.halted;
    row.minimum = {spec.lot.value * spec.minLots, spec.lot.unit};
    row.maximum = {spec.lot.value * spec.maxLots, spec.lot.unit};
    row.makerBasisPoints = spec.makerBasisPoints;
    row.takerBasisPoints = spec.takerBasisPoints;
    row.collarBasisPoints = spec.collarBasisPoints;
    row.reference = priceOf(market, engine.market().referenceTicks(market.id));
    return row;
}
} // namespace

std::vector<api::LedgerRow> ledgerRowsOf(const ledger::Ledger& ledger) {
    std::vector<api::LedgerRow> rows;
    for (const host::PurposeSum& sum : host::purposeSums(ledger)) {
        rows.push_back({sum.unit,
                        ledger::nameOf(sum.purpose),
                        {sum.balance.total, sum.unit},
                        {sum.balance.held, sum.unit},
                        sum.accounts});
    }
    return rows;
}

std::vector<api::ReconciliationRow> rowsOf(const std::vector<host::Reconciled>& reconciled) {
    std::vector<api::ReconciliationRow> rows;
    for (const host::Reconciled& one : reconciled) {
        const auto in = [unit = one.inside.unit](money::Int128 value) { return api::Amount{value, unit}; };
        rows.push_back({one.place, one.inside.unit, in(one.inside.ledger),
                        one.outside ? std::optional(in(*one.outside)) : std::nullopt, in(one.inside.unconfirmed),
                        in(one.inside.paying), in(one.inside.losses), in(one.difference), in(one.unexplained)});
    }
    return rows;
}

template <class T>
void OperatorDesk::run(Done<T> done, std::function<Answer<T>()> act) {
    m_thread.post([post = m_post, done = std::move(done), act = std::move(act)] {
        const auto answer = std::make_shared<Answer<T>>(act());
        post([done, answer] { done(std::move(*answer)); });
    });
}

Answer<std::uint64_t> OperatorDesk::perform(engine::CommandBody body) {
    const auto replies = m_host.perform({std::move(body)});
    if (!replies) return Err(stopping());
    const engine::Reply& reply = replies->front();
    if (reply.refused != engine::Refused::No) return Err(refusalOf(reply));
    return reply.value;
}

Answer<void> OperatorDesk::performOnly(engine::CommandBody body) {
    const auto done = perform(std::move(body));
    if (!done) return Err(done.error());
    return {};
}

// --- what lies in suspense -----------------------------------------------------------------------------------------

/// As it can be printed and typed.
static std::string nameOf(const treasury::SuspendedDeposit& one) {
    if (!one.entry.empty()) return printable(one.entry);
    return toHex(one.transaction.view()) + ':' + std::to_string(one.output);
}

std::vector<api::SuspenseRow> suspenseOf(const treasury::Treasury& treasury) {
    std::vector<api::SuspenseRow> rows;
    for (const treasury::SuspendedDeposit& one : treasury.suspended())
        rows.push_back({one.rail, nameOf(one), one.identifier, one.owner.holder, one.amount});
    return rows;
}

void OperatorDesk::suspense(Done<std::vector<api::SuspenseRow>> done) {
    using Rows = std::vector<api::SuspenseRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        if (!m_host.visit([&](const engine::Engine& engine) { rows = suspenseOf(engine.treasury()); }))
            return Err(stopping());
        return rows;
    });
}

void OperatorDesk::assignSuspense(std::string rail, std::string name, HolderId holder, std::string reason,
                                  Done<void> done) {
    run<void>(std::move(done), [this, rail, name, holder, reason]() -> Answer<void> {
        engine::AssignSuspense command{rail, {}, 0, {}, holder, reason};
        bool isThere = false;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const treasury::SuspendedDeposit& one : engine.treasury().suspended()) {
                if (one.rail != rail || nameOf(one) != name) continue;
                isThere = true;
                command.transaction = one.transaction;
                command.output = one.output;
                command.entry = one.entry;
            }
        });
        if (!seen) return Err(stopping());
        if (!isThere) return Err(Refusal{Problem::DepositUnknown, {}});
        return performOnly(command);
    });
}

// --- the books ------------------------------------------------------------------------------------------------------

void OperatorDesk::trialBalance(Done<std::vector<api::LedgerRow>> done) {
    using Rows = std::vector<api::LedgerRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        if (!m_host.visit([&](const engine::Engine& engine) { rows = ledgerRowsOf(engine.ledger()); }))
            return Err(stopping());
        return rows;
    });
}

void OperatorDesk::statement(HolderId holder, api::UnitId unit, std::uint32_t limit,
                             Done<std::vector<api::StatementRow>> done) {
    using Rows = std::vector<api::StatementRow>;
    run<Rows>(std::move(done), [this, holder, unit, limit]() -> Answer<Rows> {
        Rows rows;
        wire::HistoryQuery query;
        query.eventType = engine::StatementLine::kType;
        query.limit = kStatementPage;
        query.minSequence = m_host.status().sequence;
        for (std::size_t found = kStatementPage; found >= kStatementPage && rows.size() < limit;) {
            const auto page = m_host.history(holder, query);
            if (!page) return Err(stopping());
            if (page->stale) return Err(Refusal{Problem::Stale, std::to_string(page->standsAt)});
            found = page->rows.size();
            for (const wire::HistoryRow& row : page->rows) {
                query.beforeSequence = row.sequence;
                const auto event = wire::decodeEvent(row.event);
                const auto* line = event ? std::get_if<engine::StatementLine>(&*event) : nullptr;
                if (line && line->delta.unit == unit && rows.size() < limit)
                    rows.push_back({line->entry, line->timeMs, line->reason, line->delta, line->balance});
            }
        }
        return rows;
    });
}

void OperatorDesk::reconciliation(Done<std::vector<api::ReconciliationRow>> done) {
    using Rows = std::vector<api::ReconciliationRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        const auto reconciled = m_host.reconcile();
        if (!reconciled) return Err(stopping());
        return rowsOf(*reconciled);
    });
}

// --- cases ----------------------------------------------------------------------------------------------------------

void OperatorDesk::cases(Done<std::vector<api::CaseRow>> done) {
    using Rows = std::vector<api::CaseRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const auto& [id, one] : engine.watch().cases()) {
                const parties::Holder* holder = engine.parties().holder(one.holder);
                rows.push_back(rowOf(one, holder ? holder->name : std::string()));
            }
        });
        if (!seen) return Err(stopping());
        return rows;
    });
}

void OperatorDesk::decide(std::uint64_t id, api::CaseDecision decision, std::string reason, Done<void> done) {
    const engine::DecideCase command{{id}, static_cast<engine::CaseDecision>(decision), std::move(reason)};
    run<void>(std::move(done), [this, command] { return performOnly(command); });
}

void OperatorDesk::rules(Done<std::vector<api::RuleRow>> done) {
    using Rows = std::vector<api::RuleRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const auto& [id, rule] : engine.watch().rules()) rows.push_back(rowOf(rule));
        });
        if (!seen) return Err(stopping());
        return rows;
    });
}

void OperatorDesk::setRule(api::RuleRow rule, Done<void> done) {
    engine::SetWatchRule command;
    command.rule = {{rule.id},
                    static_cast<treasury::RuleKind>(rule.kind),
                    rule.out ? treasury::Way::Out : treasury::Way::In,
                    rule.amount,
                    rule.windowMs,
                    rule.count,
                    rule.nearBasisPoints,
                    rule.hold};
    run<void>(std::move(done), [this, command] { return performOnly(command); });
}

void OperatorDesk::removeRule(std::uint64_t id, Done<void> done) {
    engine::SetWatchRule command;
    command.rule.id = {id};
    command.rule.amount.unit = money::kUsd;
    command.removed = true;
    run<void>(std::move(done), [this, command] { return performOnly(command); });
}

/// What is new comes in before what is old goes out, so that no address is unwatched meanwhile.
Answer<std::uint64_t> OperatorDesk::watchList(const std::string& list) {
    std::istringstream lines(list);
    std::set<Hash> wanted;
    for (std::string line; std::getline(lines, line);) {
        line.resize(std::min(line.find('#'), line.size()));
        const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
        if (!blank) wanted.insert(engine::watchedAddress(line));
    }
    std::set<Hash> present;
    if (!m_host.visit([&](const engine::Engine& engine) { present = engine.watch().listed(); })) return Err(stopping());
    std::vector<Hash> add;
    std::vector<Hash> remove;
    std::set_difference(wanted.begin(), wanted.end(), present.begin(), present.end(), std::back_inserter(add));
    std::set_difference(present.begin(), present.end(), wanted.begin(), wanted.end(), std::back_inserter(remove));
    const auto send = [this](const std::vector<Hash>& all, bool adds) -> Answer<void> {
        for (std::size_t at = 0; at < all.size(); at += kMostInCommand) {
            const auto first = all.begin() + static_cast<std::ptrdiff_t>(at);
            const std::vector<Hash> some(
                first, first + static_cast<std::ptrdiff_t>(std::min(kMostInCommand, all.size() - at)));
            engine::ChangeWatchedAddresses command;
            (adds ? command.add : command.remove) = some;
            if (auto done = performOnly(command); !done) return done;
        }
        return {};
    };
    Answer<void> done = send(add, true);
    if (done) done = send(remove, false);
    if (!done) return Err(done.error());
    return std::uint64_t{wanted.size()};
}

void OperatorDesk::watchAddresses(std::string list, Done<std::uint64_t> done) {
    run<std::uint64_t>(std::move(done), [this, list = std::move(list)] { return watchList(list); });
}

// --- users ----------------------------------------------------------------------------------------------------------

void OperatorDesk::accounts(Done<std::vector<api::OperatedAccountRow>> done) {
    using Rows = std::vector<api::OperatedAccountRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const parties::Holder& holder : engine.parties().holders()) {
                api::OperatedAccountRow row{holder.id,
                                            holder.name,
                                            holder.kind == parties::HolderKind::Institution,
                                            static_cast<api::Standing>(holder.standing),
                                            holder.evidence,
                                            {}};
                for (const UserId id : holder.users) {
                    const parties::User& user = *engine.parties().user(id);
                    row.users.push_back({id, user.name, user.roles, user.devices.size()});
                }
                rows.push_back(std::move(row));
            }
        });
        if (!seen) return Err(stopping());
        return rows;
    });
}

void OperatorDesk::setStanding(HolderId holder, api::Standing standing, std::string evidence, Done<void> done) {
    const engine::SetStanding command{holder, static_cast<std::uint8_t>(standing), std::move(evidence)};
    run<void>(std::move(done), [this, command] { return performOnly(command); });
}

void OperatorDesk::resetFactor(UserId user, Done<void> done) {
    run<void>(std::move(done), [this, user]() -> Answer<void> {
        bool known = false;
        if (!m_host.visit([&](const engine::Engine& engine) { known = engine.parties().user(user) != nullptr; }))
            return Err(stopping());
        if (!known) return Err(Refusal{Problem::UserUnknown, {}});
        if (!m_host.resetFactor(user)) return Err(Refusal{Problem::DiskFull, {}});
        return {};
    });
}

// --- markets --------------------------------------------------------------------------------------------------------

void OperatorDesk::markets(Done<std::vector<api::InstrumentRow>> done) {
    using Rows = std::vector<api::InstrumentRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const market::Instrument& one : engine.market().instruments()) rows.push_back(rowOf(one, engine));
        });
        if (!seen) return Err(stopping());
        return rows;
    });
}

void OperatorDesk::openMarket(api::InstrumentRow row, Done<void> done) {
    engine::OpenInstrument command{
        row.symbol,          row.base, row.quote, row.tick, row.lot, row.minimum, row.maximum, row.makerBasisPoints,
        row.takerBasisPoints};
    if (row.collarBasisPoints != 0) command.collarBasisPoints = row.collarBasisPoints;
    run<void>(std::move(done), [this, command] { return performOnly(command); });
}

void OperatorDesk::steer(InstrumentId market, std::function<void(engine::SteerInstrument&)> change, Done<void> done) {
    run<void>(std::move(done), [this, market, change = std::move(change)]() -> Answer<void> {
        engine::SteerInstrument command{market, false, {}};
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            const market::Instrument* one = engine.market().instrument(market);
            if (!one) return;
            command.halted = one->halted;
            command.reference = priceOf(*one, one->referenceTicks);
        });
        if (!seen) return Err(stopping());
        change(command);
        return performOnly(command);
    });
}

void OperatorDesk::haltMarket(InstrumentId market, bool halted, Done<void> done) {
    steer(
        market, [halted](engine::SteerInstrument& command) { command.halted = halted; }, std::move(done));
}

void OperatorDesk::setReference(InstrumentId market, api::Amount price, Done<void> done) {
    steer(
        market, [price](engine::SteerInstrument& command) { command.reference = price; }, std::move(done));
}

void OperatorDesk::setReferenceWindow(InstrumentId market, std::int64_t windowMs, Done<void> done) {
    run<void>(std::move(done), [this, market, windowMs] {
        return performOnly(engine::SetReferenceWindow{market, windowMs});
    });
}

// --- the coordinator itself -----------------------------------------------------------------------------------------

void OperatorDesk::status(Done<api::NodeRow> done) {
    run<api::NodeRow>(std::move(done), [this]() -> Answer<api::NodeRow> {
        const host::Status status = m_host.status();
        api::NodeRow row{status.batch, status.sequence, status.head, status.clockHeld, {}};
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const money::Unit& unit : money::allUnits()) {
                const api::Amount fee = engine.withdrawals().feeOf(unit.id);
                if (!fee.isZero()) row.withdrawalFees.push_back(fee);
            }
        });
        if (!seen) return Err(stopping());
        return row;
    });
}

void OperatorDesk::confirmClock(Done<void> done) {
    run<void>(std::move(done), [this]() -> Answer<void> {
        m_host.confirmClock();
        return {};
    });
}

void OperatorDesk::setWithdrawalFee(api::Amount fee, Done<void> done) {
    run<void>(std::move(done), [this, fee] { return performOnly(engine::SetWithdrawalFee{fee}); });
}

// --- disputes ------------------------------------------------------------------------------------------------------

void OperatorDesk::disputes(Done<std::vector<api::DisputedSaleRow>> done) {
    using Rows = std::vector<api::DisputedSaleRow>;
    run<Rows>(std::move(done), [this]() -> Answer<Rows> {
        Rows rows;
        const bool seen = m_host.visit([&](const engine::Engine& engine) {
            for (const SaleId id : engine.disputedSales()) {
                const engine::SaleChanged& sale = *engine.sale(id);
                api::DisputedSaleRow row{
                    id, sale.buyerName, sale.sellerName, sale.terms->price, sale.terms->holdback, sale.deadlineMs, {}};
                row.dispute.claim = static_cast<api::Claim>(sale.dispute->claim);
                row.dispute.raisedMs = sale.dispute->raisedMs;
                row.dispute.sellerAnswered = sale.dispute->sellerAnswered;
                if (sale.dispute->verdict) row.dispute.foundBad = sale.dispute->verdict->bad;
                for (const engine::DisputeStatement& said : engine.statements(id))
                    row.dispute.statements.push_back({static_cast<api::Actor>(said.by), said.text, said.timeMs});
                rows.push_back(std::move(row));
            }
        });
        if (!seen) return Err(stopping());
        return rows;
    });
}

void OperatorDesk::decideDispute(SaleId sale, api::Amount toBuyer, std::string reason, Done<void> done) {
    const engine::DecideDispute command{sale, toBuyer, std::move(reason)};
    run<void>(std::move(done), [this, command] { return performAsArbiter(command); });
}

Answer<void> OperatorDesk::performAsArbiter(const engine::CommandBody& body) {
    const auto answered = std::make_shared<std::promise<Result<Bytes, ports::LinkError>>>();
    const keys::Identity& arbiter = m_coordinator.arbiter();
    const auto link = m_host.connect(arbiter.key());
    const wire::Request request =
        wire::Submit{wire::sealCommand(arbiter, m_coordinator.nextOfArbiter(m_clock.wallMs()), body)};
    link->request(encodeCbor(request),
                  [answered](Result<Bytes, ports::LinkError> frame) { answered->set_value(std::move(frame)); });
    const auto frame = answered->get_future().get();
    if (!frame) return Err(stopping());
    const auto answer = decodeCbor<wire::Answer>(*frame);
    const auto* submitted = answer ? std::get_if<wire::Submitted>(&*answer) : nullptr;
    if (!submitted) return Err(Refusal{Problem::Internal, "no answer to the arbiter"});
    const engine::Reply& reply = submitted->reply;
    if (reply.refused != engine::Refused::No) return Err(refusalOf(reply));
    return {};
}

} // namespace tallylock::app
