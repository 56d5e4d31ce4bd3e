#include "app/embedded/OperatorDesk.h"

#include "core/ledger/Ledger.h"
#include "core/party/Problems.h"

#include <algorithm>
#include <fstream>
#include <future>
#include <set>

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
    if (reply.refused != engine::Refused::No) return Err(party::refusalOf(reply));
    return reply.value;
}

Answer<void> OperatorDesk::performOnly(engine::CommandBody body) {
    const auto done = perform(std::move(body));
    if (!done) return Err(done.error());
    return {};
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
Answer<std::uint64_t> OperatorDesk::watchList(const std::string& path) {
    std::ifstream file(path);
    if (!file) return Err(Refusal{Problem::FileUnreadable, path});
    std::set<Hash> wanted;
    for (std::string line; std::getline(file, line);) {
        line.resize(std::min(line.find('#'), line.size()));
        const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
        if (!blank) wanted.insert(engine::watchedAddress(line));
    }
    if (file.bad()) return Err(Refusal{Problem::FileUnreadable, path});
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

void OperatorDesk::watchAddresses(std::string path, Done<std::uint64_t> done) {
    run<std::uint64_t>(std::move(done), [this, path = std::move(path)] { return watchList(path); });
}

// --- users ----------------------------------------------------------------------------------------------------------

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
    m_lastCounter = std::max(m_lastCounter + 1, static_cast<std::uint64_t>(m_clock.wallMs()));
    const auto answered = std::make_shared<std::promise<Result<Bytes, ports::LinkError>>>();
    const auto link = m_host.connect(m_arbiter.key());
    const wire::Request request = wire::Submit{wire::sealCommand(m_arbiter, m_lastCounter, body)};
    link->request(encodeCbor(request),
                  [answered](Result<Bytes, ports::LinkError> frame) { answered->set_value(std::move(frame)); });
    const auto frame = answered->get_future().get();
    if (!frame) return Err(stopping());
    const auto answer = decodeCbor<wire::Answer>(*frame);
    const auto* submitted = answer ? std::get_if<wire::Submitted>(&*answer) : nullptr;
    if (!submitted) return Err(Refusal{Problem::Internal, "no answer to the arbiter"});
    const engine::Reply& reply = submitted->reply;
    if (reply.refused != engine::Refused::No) return Err(Refusal{party::problemOf(reply.refused), reply.detail});
    return {};
}

} // namespace tallylock::app
