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

/// Answers with an order as it now stands; the value is its number.
std::function<void(std::uint64_t)> tellOrder(Core& core, const Done<api::OrderRow>& reply) {
    return [&core, reply](std::uint64_t value) {
        const KnownOrder* known = core.replica().order({value});
        if (!known) return reply(Err(Refusal{Problem::Stale, std::to_string(value)}));
        reply(RowMaker::order(*known));
    };
}

/// Reads the statement piece by piece, newest first, until there are enough rows: whole commands, so that nothing is
/// missed or told twice where the next page begins.
struct StatementReader : std::enable_shared_from_this<StatementReader> {
    Core& core;
    api::UnitId unit;
    std::uint32_t limit;
    wire::HistoryQuery query;
    Done<api::StatementPage> reply;
    api::StatementPage page;

    StatementReader(Core& inner, api::UnitId which, std::uint32_t most, std::uint64_t before, std::uint64_t minSequence,
                    Done<api::StatementPage> answer)
        : core(inner),
          unit(which),
          limit(std::max<std::uint32_t>(most, 1)),
          reply(std::move(answer)) {
        query.eventType = engine::StatementLine::kType;
        query.limit = std::min(limit, kPage);
        query.beforeSequence = before;
        query.minSequence = minSequence;
    }

    void read() {
        core.coordinator().ask<wire::HistoryPage>(
            query, [self = shared_from_this()](Result<wire::HistoryPage, wire::Problem> answer) {
                if (!answer) return self->reply(Err(refusalOf(answer.error())));
                if (answer->stale) return self->reply(Err(Refusal{Problem::Stale, std::to_string(answer->standsAt)}));
                self->take(*answer);
            });
    }

    void take(const wire::HistoryPage& piece) {
        for (const wire::HistoryRow& row : piece.rows) {
            const auto event = wire::decodeEvent(row.event);
            const auto* line = event ? std::get_if<engine::StatementLine>(&*event) : nullptr;
            if (line && line->delta.unit == unit)
                page.rows.push_back({line->entry, line->timeMs, line->reason, line->delta, line->balance});
            query.beforeSequence = row.sequence;
        }
        const bool wasLast = piece.rows.empty();
        if (!wasLast && page.rows.size() < limit) return read();
        page.next = wasLast ? 0 : query.beforeSequence;
        reply(std::move(page));
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
            const auto cut = [limit, reply](Answer<api::StatementPage> page) {
                if (!page) return reply(Err(page.error()));
                if (page->rows.size() > limit) page->rows.erase(page->rows.begin() + limit, page->rows.end());
                reply(std::move(page->rows));
            };
            std::make_shared<StatementReader>(core, unit, limit, 0, minSeq, cut)->read();
        });
    });
}

void Party::statementPage(api::UnitId unit, std::uint64_t before, std::uint32_t limit, Done<api::StatementPage> done) {
    using Page = api::StatementPage;
    m_inside->call<Page>(std::move(done), [unit, before, limit](Core& core, const Done<Page>& reply) {
        core.whenSynced([&core, unit, before, limit, reply] {
            if (!core.replica().holder()) return reply(Page{});
            std::make_shared<StatementReader>(core, unit, limit, before, 0, reply)->read();
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
            const auto traded = core.replica().instruments().find(request.instrument);
            if (body.price.isZero() && traded != core.replica().instruments().end())
                body.price.unit = traded->second.quote;
            // What is left out has the bytes that it always had.
            if (request.type != api::OrderType::Limit) body.type = static_cast<market::OrderType>(request.type);
            if (request.selfTrade != api::SelfTrade::Allow)
                body.selfTrade = static_cast<market::SelfTrade>(request.selfTrade);
            if (request.type == api::OrderType::StopLimit || !request.stopPrice.isZero())
                body.stopPrice = request.stopPrice;
            core.command(
                body, [&core](std::uint64_t value) { return core.replica().order({value}) != nullptr; },
                orRefuse<api::OrderRow>(reply, tellOrder(core, reply)));
        });
    });
}

void Party::replaceOrder(OrderId order, api::OrderChange change, Done<api::OrderRow> done) {
    m_inside->call<api::OrderRow>(std::move(done), [order, change](Core& core, const Done<api::OrderRow>& reply) {
        needHolder<api::OrderRow>(core, reply, [&core, order, change, reply] {
            const KnownOrder* known = core.replica().order(order);
            const auto landed = [&core, order, before = known ? known->changes : 0](std::uint64_t) {
                const KnownOrder* now = core.replica().order(order);
                return now && now->changes != before;
            };
            core.command(engine::ReplaceOrder{order, change.price, change.quantity, change.stopPrice}, landed,
                         orRefuse<api::OrderRow>(reply, tellOrder(core, reply)));
        });
    });
}

void Party::cancelAllOrders(std::optional<InstrumentId> instrument, Done<std::uint64_t> done) {
    m_inside->call<std::uint64_t>(std::move(done), [instrument](Core& core, const Done<std::uint64_t>& reply) {
        needHolder<std::uint64_t>(
            core, reply, [&core, instrument, reply] { core.command(engine::CancelAllOrders{instrument}, {}, reply); });
    });
}

void Party::cancelOrder(OrderId order, Done<void> done) {
    m_inside->call<void>(std::move(done), [order](Core& core, const Done<void>& reply) {
        needHolder<void>(core, reply, [&core, order, reply] {
            const auto landed = [&core, order](std::uint64_t) {
                const KnownOrder* known = core.replica().order(order);
                return !known || !known->isLive();
            };
            core.command(engine::CancelOrder{order}, landed,
                         orRefuse<void>(reply, [reply](std::uint64_t) { reply({}); }));
        });
    });
}

} // namespace tallylock::party
