// Dead-man switches, who vouches for orders, one-time codes and market data of a Party: implements api::Guard and
// api::MarketData.
#include "core/crypto/Totp.h"
#include "core/party/Inside.h"

namespace tallylock::party {

using api::Answer;
using api::Done;

namespace {
static_assert(static_cast<int>(api::DeadManState::kCount) == static_cast<int>(engine::DeadManState::kCount));
static_assert(static_cast<int>(api::FactorState::kCount) == static_cast<int>(wire::FactorState::kCount));
static_assert(static_cast<int>(api::CandleSpan::kCount) == static_cast<int>(wire::CandleSpan::kCount));

constexpr const char* kIssuer = "Tallylock";

template <class T>
void askNow(Core& core, const Done<T>& reply, const wire::FactorRequest& request,
            std::function<void(wire::FactorStatus)> then) {
    core.coordinator().ask<wire::FactorStatus>(
        request, [reply, then = std::move(then)](Result<wire::FactorStatus, wire::Problem> status) {
            if (!status) return reply(Err(refusalOf(status.error())));
            then(std::move(*status));
        });
}

/// Asks once this identity has a holder; `then` gets the coordinator's word.
template <class T>
void askFactor(Core& core, const Done<T>& reply, wire::FactorAct act, std::string code,
               std::function<void(wire::FactorStatus)> then) {
    core.whenSynced([&core, reply, act, code = std::move(code), then = std::move(then)] {
        core.withHolder([&core, reply, act, code, then](const Answer<HolderId>& holder) {
            if (!holder) return reply(Err(holder.error()));
            askNow(core, reply, {act, code, {}}, then);
        });
    });
}
} // namespace

// --- orders that nobody looks after ---------------------------------------------------------------------------------

void Party::armDeadMan(std::int64_t withinMs, bool account, Done<void> done) {
    m_inside->call<void>(std::move(done), [withinMs, account](Core& core, const Done<void>& reply) {
        core.whenSynced([&core, reply, withinMs, account] {
            core.withHolder([&core, reply, withinMs, account](const Answer<HolderId>& holder) {
                if (!holder) return reply(Err(holder.error()));
                core.command(engine::SetDeadMan{withinMs, account}, {}, [reply](const Answer<std::uint64_t>& value) {
                    if (!value) return reply(Err(value.error()));
                    reply({});
                });
            });
        });
    });
}

void Party::deadMen(Done<std::vector<api::DeadManRow>> done) {
    using Rows = std::vector<api::DeadManRow>;
    m_inside->query<Rows>(std::move(done), [](RowMaker&, Core& core) {
        Rows rows;
        for (const auto& [user, last] : core.replica().deadMen()) {
            rows.push_back(
                {!user, user, last.withinMs, last.dueMs, static_cast<api::DeadManState>(last.state), last.cancelled});
        }
        return rows;
    });
}

void Party::cancelOnDisconnect(bool on, Done<void> done) {
    m_inside->call<void>(std::move(done), [on](Core& core, const Done<void>& reply) {
        core.session().setCancelOnDisconnect(on, [reply](const Result<wire::Accepted, wire::Problem>& said) {
            if (!said) return reply(Err(refusalOf(said.error())));
            reply({});
        });
    });
}

// --- who vouches for orders -----------------------------------------------------------------------------------------

void Party::signOrders(bool each, Done<void> done) {
    m_inside->call<void>(std::move(done), [each](Core& core, const Done<void>& reply) {
        if (const auto put = core.diary().put(SigningChosen{each}); !put) return reply(Err(refusalOf(put.error())));
        reply({});
    });
}

void Party::signsOrders(Done<bool> done) {
    m_inside->call<bool>(std::move(done),
                         [](Core& core, const Done<bool>& reply) { reply(core.diary().signsOrders()); });
}

// --- one-time codes -------------------------------------------------------------------------------------------------

/// Whoever only looks is not registered by it: that would make an account of its own for somebody who is to join one.
void Party::factorState(Done<api::FactorState> done) {
    m_inside->call<api::FactorState>(std::move(done), [](Core& core, const Done<api::FactorState>& reply) {
        core.whenSynced([&core, reply] {
            core.refreshHolder([&core, reply] {
                if (!core.welcome()) return reply(Err(Refusal{Problem::Unreachable, {}}));
                if (!core.replica().holder()) return reply(api::FactorState::None);
                askNow(core, reply, {wire::FactorAct::State, {}, {}}, [reply](const wire::FactorStatus& status) {
                    reply(static_cast<api::FactorState>(status.state));
                });
            });
        });
    });
}

void Party::enrolFactor(std::string code, Done<api::FactorOffer> done) {
    const std::string account = m_inside->profileName;
    m_inside->call<api::FactorOffer>(std::move(done), [code, account](Core& core, const Done<api::FactorOffer>& reply) {
        askFactor<api::FactorOffer>(
            core, reply, wire::FactorAct::Enrol, code, [reply, account](wire::FactorStatus status) {
                const SecretBytes secret = SecretBytes::takeFrom(status.secret);
                api::FactorOffer offer;
                offer.uri = std::make_shared<const SecretBytes>(crypto::otpauthUri(secret.view(), kIssuer, account));
                offer.base32 = std::make_shared<const SecretBytes>(crypto::base32Of(secret.view()));
                reply(std::move(offer));
            });
    });
}

void Party::confirmFactor(std::string code, Done<void> done) {
    m_inside->call<void>(std::move(done), [code](Core& core, const Done<void>& reply) {
        askFactor<void>(core, reply, wire::FactorAct::Confirm, code, [reply](const wire::FactorStatus&) { reply({}); });
    });
}

void Party::removeFactor(std::string code, Done<void> done) {
    m_inside->call<void>(std::move(done), [code](Core& core, const Done<void>& reply) {
        askFactor<void>(core, reply, wire::FactorAct::Remove, code, [reply](const wire::FactorStatus&) { reply({}); });
    });
}

void Party::nextCode(std::string code) {
    m_inside->call<void>([](const Answer<void>&) {}, [code](Core& core, const Done<void>&) { core.setNextCode(code); });
}

// --- market data ----------------------------------------------------------------------------------------------------

void Party::candles(InstrumentId instrument, api::CandleSpan span, std::int64_t beforeMs, std::uint32_t limit,
                    Done<std::vector<api::CandleRow>> done) {
    using Rows = std::vector<api::CandleRow>;
    const wire::CandleQuery query{instrument, static_cast<wire::CandleSpan>(span), beforeMs, limit};
    m_inside->call<Rows>(std::move(done), [query](Core& core, const Done<Rows>& reply) {
        core.whenSynced([&core, reply, query] {
            core.coordinator().ask<wire::CandlePage>(query, [reply](Result<wire::CandlePage, wire::Problem> page) {
                if (!page) return reply(Err(refusalOf(page.error())));
                Rows rows;
                for (const wire::Candle& c : page->candles) {
                    rows.push_back({c.startMs, c.open, c.high, c.low, c.close, c.volume, c.fiat, c.trades});
                }
                reply(std::move(rows));
            });
        });
    });
}

void Party::bookHealth(InstrumentId instrument, Done<api::BookHealth> done) {
    m_inside->query<api::BookHealth>(std::move(done), [instrument](RowMaker&, Core& core) {
        const Replica& replica = core.replica();
        return api::BookHealth{replica.cursor(Stream::Public), replica.bookChecksum(instrument),
                               replica.isSound(instrument), core.resyncs(), core.gaps()};
    });
}

} // namespace tallylock::party
