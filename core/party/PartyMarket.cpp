// The account and the market part of a Party.
#include "core/party/Inside.h"

namespace tallylock::party {

using api::Answer;
using api::Done;
using api::Problem;
using api::Refusal;

namespace {

constexpr std::int64_t kIdentifierBoundMs = 15'000;
constexpr std::uint32_t kPage = 1000;

/// Passes a refusal on, or goes on with the value.
template <class T>
std::function<void(Answer<std::uint64_t>)> orRefuse(const Done<T>& reply, std::function<void(std::uint64_t)> then) {
    return [reply, then = std::move(then)](const Answer<std::uint64_t>& value) {
        if (!value) return reply(Err(value.error()));
        then(*value);
    };
}

/// Runs `then` once this identity has a holder.
template <class T>
void needHolder(Core& core, const Done<T>& reply, std::function<void()> then) {
    core.withHolder([reply, then = std::move(then)](const Answer<HolderId>& holder) {
        if (!holder) return reply(Err(holder.error()));
        then();
    });
}

/// Reads the statement page by page, newest first.
struct StatementReader : std::enable_shared_from_this<StatementReader> {
    Core& core;
    api::UnitId unit;
    std::uint32_t limit;
    wire::HistoryQuery query;
    Done<std::vector<api::StatementRow>> reply;
    std::vector<api::StatementRow> rows;

    StatementReader(Core& inner, api::UnitId which, std::uint32_t most, std::uint64_t minSequence,
                    Done<std::vector<api::StatementRow>> answer)
        : core(inner),
          unit(which),
          limit(most),
          reply(std::move(answer)) {
        query.eventType = engine::StatementLine::kType;
        query.limit = kPage;
        query.minSequence = minSequence;
    }

    void read() {
        core.coordinator().ask<wire::HistoryPage>(
            query, [self = shared_from_this()](Result<wire::HistoryPage, wire::Problem> page) {
                if (!page) return self->reply(Err(refusalOf(page.error())));
                if (page->stale) return self->reply(Err(Refusal{Problem::Stale, std::to_string(page->standsAt)}));
                self->take(*page);
            });
    }

    void take(const wire::HistoryPage& page) {
        for (const wire::HistoryRow& row : page.rows) {
            const auto event = wire::decodeEvent(row.event);
            const auto* line = event ? std::get_if<engine::StatementLine>(&*event) : nullptr;
            if (line && line->delta.unit == unit && rows.size() < limit)
                rows.push_back({line->entry, line->timeMs, line->reason, line->delta, line->balance});
            query.beforeSequence = row.sequence;
        }
        if (page.rows.size() < kPage || rows.size() >= limit) return reply(std::move(rows));
        read();
    }
};

} // namespace

// --- account -------------------------------------------------------------------------------------------------------

void Party::account(Done<api::AccountInfo> done) {
    m_inside->call<api::AccountInfo>(std::move(done), [](Core& core, const Done<api::AccountInfo>& reply) {
        core.whenSynced([&core, reply] {
            if (!core.welcome()) return reply(RowMaker(core).account());
            core.refreshHolder([&core, reply] { reply(RowMaker(core).account()); });
        });
    });
}

void Party::registerHolder(std::string name, bool institution, Done<HolderId> done) {
    m_inside->call<HolderId>(std::move(done), [name, institution](Core& core, const Done<HolderId>& reply) {
        core.registerHolder(name, institution, reply);
    });
}

void Party::setFiatAccount(api::FiatAccount account, Done<void> done) {
    m_inside->call<void>(std::move(done), [account](Core& core, const Done<void>& reply) {
        needHolder<void>(core, reply, [&core, account, reply] {
            const auto landed = [&core, account](std::uint64_t) {
                const auto& fiat = core.replica().fiatAccount();
                return fiat && fiat->reference == account.reference && fiat->bank == account.bank;
            };
            core.command(engine::SetFiatAccount{account.bank, account.reference, account.insurer, account.coverageLimit,
                                                account.evidence},
                         landed, orRefuse<void>(reply, [reply](std::uint64_t) { reply({}); }));
        });
    });
}

void Party::addUser(std::string name, IdentityKey key, std::uint32_t roles, Done<UserId> done) {
    m_inside->call<UserId>(std::move(done), [name, key, roles](Core& core, const Done<UserId>& reply) {
        needHolder<UserId>(core, reply, [&core, name, key, roles, reply] {
            const auto landed = [&core, key](std::uint64_t) {
                for (const engine::UserAdded& user : core.replica().users())
                    if (user.key == key) return true;
                return false;
            };
            core.command(engine::AddUser{name, key, roles}, landed,
                         orRefuse<UserId>(reply, [reply](std::uint64_t value) { reply(UserId{value}); }));
        });
    });
}

void Party::units(Done<std::vector<api::UnitRow>> done) {
    m_inside->call<std::vector<api::UnitRow>>(
        std::move(done), [](Core&, const Done<std::vector<api::UnitRow>>& reply) { reply(RowMaker::units()); });
}

void Party::balances(Done<std::vector<api::BalanceRow>> done) {
    m_inside->query<std::vector<api::BalanceRow>>(std::move(done),
                                                  [](RowMaker&, Core& core) { return core.replica().balances(); });
}

void Party::statement(api::UnitId unit, std::uint32_t limit, std::uint64_t minSeq,
                      Done<std::vector<api::StatementRow>> done) {
    using Rows = std::vector<api::StatementRow>;
    m_inside->call<Rows>(std::move(done), [unit, limit, minSeq](Core& core, const Done<Rows>& reply) {
        core.whenSynced([&core, unit, limit, minSeq, reply] {
            if (!core.replica().holder()) return reply(Rows{});
            std::make_shared<StatementReader>(core, unit, limit, minSeq, reply)->read();
        });
    });
}

void Party::depositIdentifier(api::UnitId unit, Done<api::DepositRow> done) {
    m_inside->call<api::DepositRow>(std::move(done), [unit](Core& core, const Done<api::DepositRow>& reply) {
        const auto answer = [&core, unit, reply] {
            const auto found = core.replica().identifiers().find(unit);
            if (found == core.replica().identifiers().end()) return false;
            reply(api::DepositRow{unit, found->second});
            return true;
        };
        core.whenSynced([&core, unit, reply, answer] {
            needHolder<api::DepositRow>(core, reply, [&core, unit, reply, answer] {
                if (answer()) return;
                core.command(engine::RequestDepositIdentifier{unit}, {},
                             orRefuse<api::DepositRow>(reply, [&core, unit, reply, answer](std::uint64_t) {
                                 // The rail makes it, and the coordinator tells.
                                 core.until([&core, unit] { return core.replica().identifiers().contains(unit); },
                                            kIdentifierBoundMs,
                                            [reply, answer](bool) {
                                                if (!answer()) reply(Err(Refusal{Problem::Unreachable, "rail"}));
                                            });
                             }));
            });
        });
    });
}

// --- market --------------------------------------------------------------------------------------------------------

void Party::instruments(Done<std::vector<api::InstrumentRow>> done) {
    m_inside->query<std::vector<api::InstrumentRow>>(std::move(done),
                                                     [](RowMaker& rows, Core&) { return rows.instruments(); });
}
void Party::book(InstrumentId instrument, std::uint32_t levels, Done<std::vector<api::BookRow>> done) {
    m_inside->query<std::vector<api::BookRow>>(std::move(done), [instrument, levels](RowMaker&, Core& core) {
        return core.replica().book(instrument, levels);
    });
}
void Party::trades(InstrumentId instrument, std::uint32_t limit, Done<std::vector<api::TradeRow>> done) {
    m_inside->query<std::vector<api::TradeRow>>(std::move(done), [instrument, limit](RowMaker&, Core& core) {
        return core.replica().trades(instrument, limit);
    });
}
void Party::orders(Done<std::vector<api::OrderRow>> done) {
    m_inside->query<std::vector<api::OrderRow>>(std::move(done), [](RowMaker& rows, Core&) { return rows.orders(); });
}
void Party::instructions(std::uint32_t limit, Done<std::vector<api::InstructionRow>> done) {
    m_inside->query<std::vector<api::InstructionRow>>(
        std::move(done), [limit](RowMaker& rows, Core&) { return rows.instructions(limit); });
}

void Party::placeOrder(api::OrderRequest request, Done<api::OrderRow> done) {
    m_inside->call<api::OrderRow>(std::move(done), [request](Core& core, const Done<api::OrderRow>& reply) {
        needHolder<api::OrderRow>(core, reply, [&core, request, reply] {
            engine::PlaceOrder body;
            body.instrument = request.instrument;
            body.side = request.side == api::Side::Buy ? 0 : 1;
            body.price = request.price;
            body.quantity = request.quantity;
            body.clientId = request.clientId;
            while (body.clientId == 0) body.clientId = getBigEndian64(core.random().fixed<Hash>().data());
            core.command(
                std::move(body), [&core](std::uint64_t value) { return core.replica().order({value}) != nullptr; },
                orRefuse<api::OrderRow>(reply, [&core, reply](std::uint64_t value) {
                    const KnownOrder* known = core.replica().order({value});
                    if (!known) return reply(Err(Refusal{Problem::Stale, std::to_string(value)}));
                    reply(RowMaker::order(*known));
                }));
        });
    });
}

void Party::cancelOrder(OrderId order, Done<void> done) {
    m_inside->call<void>(std::move(done), [order](Core& core, const Done<void>& reply) {
        needHolder<void>(core, reply, [&core, order, reply] {
            const auto landed = [&core, order](std::uint64_t) {
                const KnownOrder* known = core.replica().order(order);
                return !known || known->state != engine::OrderState::Open;
            };
            core.command(engine::CancelOrder{order}, landed,
                         orRefuse<void>(reply, [reply](std::uint64_t) { reply({}); }));
        });
    });
}

} // namespace tallylock::party
