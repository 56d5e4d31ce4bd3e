#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

std::optional<Refused> checkAmount(const Amount& amount, UnitId unit) {
    if (amount.unit != unit) return Refused::AmountInvalid;
    if (amount.value < 0) return Refused::AmountNegative;
    if (amount.value == 0) return Refused::AmountZero;
    if (amount.value > kLargestAmount) return Refused::AmountOverflow;
    return std::nullopt;
}

Engine::State::State(const Config& settings) : config(settings) {
    for (const money::Unit& unit : money::allUnits()) {
        const std::uint32_t needed = TALLYLOCK_PLANTED(CreditedEarly) ? config.confirmations - 1 : config.confirmations;
        treasury.setDepth(unit.id, {needed, std::max<std::uint32_t>(config.confirmations, 100)});
    }
}

void Engine::State::beginBatch(std::int64_t timeMs, std::vector<Event>& events) {
    out = &events;
    nowMs = std::max(nowMs, timeMs);
    cause = {config.coordinator.identity, {}};
    market.setTime(nowMs);
    // At the same time a sale's comes before a withdrawal's, and a dead-man switch last.
    for (auto due = nextDeadlineMs(); due && *due <= nowMs; due = nextDeadlineMs()) {
        if (!deadlines.empty() && deadlines.begin()->first == *due) {
            fireDeadline(deadlines.begin()->second);
        } else if (withdrawals.nextDeadlineMs() == due) {
            if (TALLYLOCK_PLANTED(NeverExpires)) break;
            fireWithdrawalDeadline();
        } else {
            fireDeadMan();
        }
        finishCommand();
    }
    out = nullptr;
}

std::optional<std::int64_t> Engine::State::nextDeadlineMs() const {
    std::optional<std::int64_t> next = withdrawals.nextDeadlineMs();
    if (!deadlines.empty()) next = std::min(next.value_or(INT64_MAX), deadlines.begin()->first);
    if (const auto deadMan = deadMen.nextDeadlineMs()) next = std::min(next.value_or(INT64_MAX), *deadMan);
    return next;
}

Reply Engine::State::apply(const Command& command, std::vector<Event>& events) {
    const auto known = devices.find(command.signer);
    if (known != devices.end() && !TALLYLOCK_PLANTED(RepliesForgotten)) {
        const auto& replies = known->second;
        const auto same = std::lower_bound(replies.begin(), replies.end(), command.counter,
                                           [](const RememberedReply& r, std::uint64_t c) { return r.counter < c; });
        if (same != replies.end() && same->counter == command.counter) {
            return same->hash == command.hash ? same->reply : refuse(Refused::IdReused);
        }
        if (replies.size() == kRememberedReplies && command.counter < replies.front().counter) {
            return refuse(Refused::IdTooOld);
        }
    }

    out = &events;
    cause = {command.signer, command.hash};
    const std::size_t before = events.size();
    Reply reply = std::visit([this](const auto& body) { return handle(body); }, command.body);
    assert(reply.refused == Refused::No || events.size() == before);
    (void)before;
    finishCommand();
    out = nullptr;

    // Strangers are answered, but leave nothing behind.
    if (isCoordinator() || isKeyServer() || parties.actorOf(command.signer)) {
        auto& replies = devices[command.signer];
        const auto place = std::lower_bound(replies.begin(), replies.end(), command.counter,
                                            [](const RememberedReply& r, std::uint64_t c) { return r.counter < c; });
        replies.insert(place, {command.counter, command.hash, reply});
        if (replies.size() > kRememberedReplies) replies.pop_front();
    }
    return reply;
}

/// One BalanceChanged for every account of a party that the command has touched.
void Engine::State::finishCommand() {
    for (const auto& [holder, unit] : touched) {
        const ledger::Balance balance = ledger.balance(ledger::availableOf(holder, unit));
        emit(Audience::only(holder), BalanceChanged{holder, {balance.total, unit}, {balance.held, unit}});
    }
    touched.clear();
    // After every command, wherever it runs: money has only moved.
    for (const money::Unit& unit : money::allUnits()) {
        assert(ledger.sumOf(unit.id) == 0);
        (void)unit;
    }
}

void Engine::State::index() {
    deadlines.clear();
    listingByRoot.clear();
    listingByRecipient.clear();
    newestEdition.clear();
    keptInAll = 0;
    market.setTime(nowMs);
    for (const auto& [owner, count] : keptRecords) keptInAll += count;
    for (const auto& [id, sale] : sales) {
        if (sale.view.deadlineMs != 0) deadlines.insert({sale.view.deadlineMs, id});
    }
    for (const auto& [id, listing] : listings) {
        listingByRoot.emplace(listing.sealedRoot, id);
        listingByRecipient.emplace(listing.recipient, id);
        newestEdition[listing.assetId] = id; // they are listed in rising order
    }
}

std::string Engine::State::nameOfHolder(HolderId holder) const {
    const parties::Holder* found = parties.holder(holder);
    return found ? found->name : std::string();
}

Result<parties::Actor, Refused> Engine::State::actor(parties::Role role) const {
    const auto found = parties.actorOf(cause.signer);
    if (!found) return Err(Refused::NotRegistered);
    const auto may = parties.checkMay(*found, role);
    if (!may) return Err(refusedBy(may.error()));
    return *found;
}

EntryId Engine::State::post(ledger::Reason reason, std::uint64_t ref, SaleId sale, std::vector<ledger::Leg> legs,
                            std::span<const ledger::HoldUse> uses) {
    const ledger::Transfer transfer{reason, ref, std::move(legs)};
    const auto entry = ledger.post(transfer, uses);
    assert(entry && "a transfer was proven possible before it was posted");
    LedgerPosted posted{*entry, nowMs, ledger::nameOf(reason), sale, {}};
    std::set<HolderId> holders;
    std::map<ledger::AccountKey, money::Int128> own; // of people, by account
    for (const ledger::Leg& leg : transfer.legs) {
        posted.legs.push_back({leg.account, {leg.delta, leg.account.unit}});
        if (!leg.account.holder) continue;
        holders.insert(leg.account.holder);
        own[leg.account] += leg.delta;
        touch(leg.account.holder, leg.account.unit);
    }
    Audience audience = Audience::internal();
    if (!holders.empty()) audience = Audience::both(*holders.begin(), *holders.rbegin());
    // Both parties of a sale see what each of its steps moved, also between accounts of the house.
    if (const OpenSale* open = sale ? findSale(sale) : nullptr)
        audience = Audience::both(open->view.buyer, open->view.seller);
    emit(audience, std::move(posted));
    for (const auto& [account, delta] : own) {
        emit(Audience::only(account.holder), StatementLine{account.holder,
                                                           *entry,
                                                           nowMs,
                                                           ledger::nameOf(reason),
                                                           {delta, account.unit},
                                                           {ledger.balance(account).total, account.unit}});
    }
    return *entry;
}

// --- the public face ------------------------------------------------------------------------------------------------

Engine::Engine(const Config& config) : m_state(std::make_unique<State>(config)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::beginBatch(std::int64_t nowMs, std::vector<Event>& events) { m_state->beginBatch(nowMs, events); }
Reply Engine::apply(const Command& command, std::vector<Event>& events) { return m_state->apply(command, events); }

std::optional<std::int64_t> Engine::nextDeadlineMs() const { return m_state->nextDeadlineMs(); }

void Engine::save(CborWriter& writer) const { m_state->save(writer); }

Result<Engine, CborError> Engine::load(CborReader& reader) {
    auto state = State::load(reader);
    if (!state) return Err(state.error());
    Engine engine((*state)->config);
    engine.m_state = std::move(*state);
    return engine;
}

Hash Engine::stateHash() const {
    CborWriter writer;
    save(writer);
    return crypto::labelledHash("state", writer.bytes());
}

const Config& Engine::config() const { return m_state->config; }
const ledger::Ledger& Engine::ledger() const { return m_state->ledger; }
std::vector<EffectOpened> Engine::openEffects() const { return m_state->effects; }
std::vector<IdentifierWanted> Engine::openIdentifierRequests() const { return m_state->identifiersWanted; }

const SaleChanged* Engine::sale(SaleId id) const {
    const OpenSale* sale = m_state->findSale(id);
    return sale ? &sale->view : nullptr;
}

const parties::Parties& Engine::parties() const { return m_state->parties; }
const treasury::Treasury& Engine::treasury() const { return m_state->treasury; }
const treasury::Withdrawals& Engine::withdrawals() const { return m_state->withdrawals; }
const treasury::Watch& Engine::watch() const { return m_state->watch; }
const market::Market& Engine::market() const { return m_state->market; }
treasury::WithdrawalPolicy Engine::withdrawalPolicy(HolderId holder) const { return m_state->policyOf(holder); }

treasury::Movers Engine::whoCouldMove(HolderId holder, const treasury::WithdrawalPolicy& policy,
                                      const Amount& amount) const {
    return treasury::whoCouldMove(policy, amount, m_state->treasurersOf(holder));
}

HolderId Engine::holderOf(const IdentityKey& key) const {
    const auto actor = m_state->parties.actorOf(key);
    return actor ? actor->holder : HolderId{};
}

std::uint64_t Engine::lastCounter(const IdentityKey& device) const {
    const auto found = m_state->devices.find(device);
    return found == m_state->devices.end() || found->second.empty() ? 0 : found->second.back().counter;
}

} // namespace tallylock::engine
