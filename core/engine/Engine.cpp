#include "core/engine/EngineState.h"
#include "core/engine/TradeMoney.h"

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
    if (config.outageMs) outageMs = std::clamp(*config.outageMs, kShortestOutageMs, kLongestOutageMs);
    promised.dollars.unit = config.dollars;
    for (const money::Unit& unit : money::allUnits()) {
        const std::uint32_t needed = TALLYLOCK_PLANTED(CreditedEarly) ? config.confirmations - 1 : config.confirmations;
        treasury.setDepth(unit.id, {needed, std::max<std::uint32_t>(config.confirmations, 100)});
    }
}

/// The earlier of the first ones; none, if both are empty.
static const std::pair<std::int64_t, SaleId>* firstOf(const std::set<std::pair<std::int64_t, SaleId>>& one,
                                                      const std::set<std::pair<std::int64_t, SaleId>>& other) {
    if (one.empty()) return other.empty() ? nullptr : &*other.begin();
    return other.empty() ? &*one.begin() : &std::min(*one.begin(), *other.begin());
}

void Engine::State::beginBatch(std::int64_t timeMs, std::vector<Event>& events) {
    out = &events;
    const bool wasOut = isOutage(timeMs);
    const std::int64_t beforeMs = std::exchange(nowMs, std::max(nowMs, timeMs));
    cause = {config.coordinator.identity, {}};
    asking.reset();
    market.setTime(nowMs);
    if (wasOut) extendDeadlines(nowMs - beforeMs);
    // At the same time a sale's comes before a withdrawal's, and a dead-man switch last.
    for (auto due = nextDeadlineMs(); due && *due <= nowMs; due = nextDeadlineMs()) {
        if (const auto* sale = firstOf(deadlinesOnUs, deadlinesOnOthers); sale && sale->first == *due) {
            fireDeadline(sale->second);
        } else if (withdrawals.nextDeadlineMs() == due) {
            if (TALLYLOCK_PLANTED(NeverExpires)) break;
            fireWithdrawalDeadline();
        } else {
            if (TALLYLOCK_PLANTED(DeadManAsleep)) break;
            fireDeadMan();
        }
        finishCommand();
    }
    out = nullptr;
}

std::optional<std::int64_t> Engine::State::nextDeadlineMs() const {
    std::optional<std::int64_t> next = withdrawals.nextDeadlineMs();
    if (const auto* sale = firstOf(deadlinesOnUs, deadlinesOnOthers))
        next = std::min(next.value_or(INT64_MAX), sale->first);
    if (const auto deadMan = deadMen.nextDeadlineMs()) next = std::min(next.value_or(INT64_MAX), *deadMan);
    return next;
}

/// Of a batch at this time. Behind an outage those that wait for us are later than that, all of them.
std::optional<std::int64_t> Engine::State::nextDeadlineMs(std::int64_t atMs) const {
    if (!isOutage(atMs)) return nextDeadlineMs();
    std::optional<std::int64_t> next = withdrawals.nextDeadlineMs();
    if (!deadlinesOnOthers.empty()) next = std::min(next.value_or(INT64_MAX), deadlinesOnOthers.begin()->first);
    if (const auto deadMan = deadMen.nextDeadlineMs()) next = std::min(next.value_or(INT64_MAX), *deadMan);
    return next;
}

bool Engine::State::isOutage(std::int64_t atMs) const {
    return outageMs != 0 && nowMs > 0 && atMs > nowMs && atMs - nowMs > outageMs;
}

/// Deadlines aside, time is noted twice as often as an outage takes, while one would matter to a sale.
std::optional<std::int64_t> Engine::State::nextTickMs() const {
    const auto deadlineMs = nextDeadlineMs();
    if (outageMs == 0 || deadlinesOnUs.empty()) return deadlineMs;
    return std::min(deadlineMs.value_or(INT64_MAX), laterBy(nowMs, outageMs / 2));
}

// Whom the signer of the command under way speaks for. A device of somebody remembers it until Parties change.
void Engine::State::identify(Device* device) {
    if (device && device->user && device->actorVersion == parties.version()) {
        asking = parties::Actor{cause.signer, device->holder, device->user, device->roles, device->standing};
        return;
    }
    const auto found = parties.actorOf(cause.signer);
    asking = found ? std::optional(*found) : std::nullopt;
    if (!device) return;
    const parties::Actor actor = asking.value_or(parties::Actor{});
    device->actorVersion = parties.version();
    device->holder = actor.holder;
    device->user = actor.user;
    device->roles = actor.roles;
    device->standing = actor.standing;
}

static UnitId unitHeldFor(const PlaceOrder& order) { return order.side == 0 ? order.price.unit : order.quantity.unit; }
static UnitId unitGotFor(const PlaceOrder& order) { return order.side == 0 ? order.quantity.unit : order.price.unit; }

/// The order that this one would meet first if it came now.
const market::Order* Engine::State::makerFor(const PlaceOrder& order) const {
    const market::Side side = order.side == 0 ? market::Side::Buy : market::Side::Sell;
    const market::Order* best = market.bestOrder(order.instrument, market::opposite(side));
    if (!best) return nullptr;
    const money::Int128 price = market.instrument(order.instrument)->scale.priceOf(best->priceTicks).value;
    const bool meets = side == market::Side::Buy ? price <= order.price.value : price >= order.price.value;
    return meets ? best : nullptr;
}

// A command's memory is reached in steps, each of which needs what the one before has fetched: so the further away a
// command is, the earlier its step. Whatever is not there, or not yet, is passed over.
void Engine::State::expect(std::span<const Command* const> next) const {
    constexpr std::size_t kSteps[] = {40, 28, 16, 8}; // commands away
    if (next.size() > kSteps[0]) {
        const Command& command = *next[kSteps[0]];
        devices.prefetchPlace(command.signer);
        if (const auto* c = std::get_if<CancelOrder>(&command.body)) market.prefetchPlace(c->order);
    }
    if (next.size() > kSteps[1]) {
        const Command& command = *next[kSteps[1]];
        devices.prefetch(command.signer);
        if (const auto* c = std::get_if<CancelOrder>(&command.body)) market.prefetch(c->order);
    }
    if (next.size() > kSteps[2]) {
        const Command& command = *next[kSteps[2]];
        const Device* device = devices.guess(command.signer);
        if (!device) return;
        device->replies.prefetch();
        if (const auto* c = std::get_if<PlaceOrder>(&command.body)) {
            market.prefetch(device->holder);
            ledger.prefetchPlace(ledger::availableOf(device->holder, unitHeldFor(*c)));
            if (const market::Order* maker = makerFor(*c)) {
                ledger.prefetchPlace(maker->hold);
                ledger.prefetchPlace(ledger::availableOf(device->holder, unitGotFor(*c)));
                ledger.prefetchPlace(ledger::availableOf(maker->holder, c->price.unit));
                ledger.prefetchPlace(ledger::availableOf(maker->holder, c->quantity.unit));
            }
        } else if (const auto* cancel = std::get_if<CancelOrder>(&command.body)) {
            const market::Order* order = market.prefetchNeighbours(cancel->order);
            if (!order) return;
            ledger.prefetchPlace(order->hold);
            ledger.prefetchPlace(accountOf(*order));
        }
    }
    if (next.size() > kSteps[3]) {
        const Command& command = *next[kSteps[3]];
        if (const auto* c = std::get_if<PlaceOrder>(&command.body)) {
            const Device* device = devices.guess(command.signer);
            if (!device) return;
            ledger.prefetch(ledger::availableOf(device->holder, unitHeldFor(*c)));
            market.prefetchRecent(device->holder);
            if (const market::Order* maker = makerFor(*c)) {
                ledger.prefetch(maker->hold);
                ledger.prefetch(ledger::availableOf(device->holder, unitGotFor(*c)));
                ledger.prefetch(ledger::availableOf(maker->holder, c->price.unit));
                ledger.prefetch(ledger::availableOf(maker->holder, c->quantity.unit));
            }
        } else if (const auto* cancel = std::get_if<CancelOrder>(&command.body)) {
            const market::Order* order = market.guess(cancel->order);
            if (!order) return;
            ledger.prefetch(order->hold);
            ledger.prefetch(accountOf(*order));
        }
    }
}

/// Where the money for an open order is held.
ledger::AccountKey Engine::State::accountOf(const market::Order& order) const {
    const auto& scale = market.instrument(order.instrumentId())->scale;
    return tradingAccountOf(order.holder, order.side == market::Side::Buy ? scale.quote() : scale.base());
}

Reply Engine::State::apply(const Command& command, std::vector<Event>& events) {
    Device* device = devices.find(command.signer);
    if (device && !TALLYLOCK_PLANTED(RepliesForgotten)) {
        if (const auto same = device->replies.find(command.counter)) {
            return same->isOf(command.hash) ? same->reply : refuse(Refused::IdReused);
        }
        if (device->replies.isTooOld(command.counter)) return refuse(Refused::IdTooOld);
    }

    out = &events;
    cause = {command.signer, command.hash};
    identify(device);
    const std::size_t before = events.size();
    Reply reply = std::visit([this](const auto& body) { return handle(body); }, command.body);
    assert(reply.refused == Refused::No || events.size() == before);
    (void)before;
    finishCommand();
    out = nullptr;

    // Who asks may have changed just now. Strangers are answered, but leave nothing behind.
    if (!asking || !device || device->actorVersion != parties.version()) identify(device);
    if (!asking && !isServer(cause.signer)) return reply;
    if (!device) {
        device = &devices.add(command.signer);
        identify(device);
    }
    devices.remember(*device, command.counter, startOf(command.hash), reply);
    return reply;
}

/// One BalanceChanged for every account of a party that the command has touched.
void Engine::State::finishCommand() {
    if (touched.size() > 1) {
        std::sort(touched.begin(), touched.end(), [this](ledger::AccountHandle a, ledger::AccountHandle b) {
            return ledger.keyOf(a) < ledger.keyOf(b);
        });
        touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    }
    for (const ledger::AccountHandle account : touched) {
        const auto& [holder, unit, purpose, ref] = ledger.keyOf(account);
        const ledger::Balance balance = ledger.balance(account);
        emit(Audience::only(holder), BalanceChanged{holder, {balance.total, unit}, {balance.held, unit}});
    }
    touched.clear();
}

void Engine::State::index() {
    deadlinesOnUs.clear();
    deadlinesOnOthers.clear();
    listingByRoot.clear();
    listingByRecipient.clear();
    newestEdition.clear();
    keptInAll = 0;
    promised = {{}, {0, config.dollars}};
    market.setTime(nowMs);
    for (const auto& [owner, count] : keptRecords) keptInAll += count;
    for (auto& [id, sale] : sales) {
        indexDeadline(sale);
        sale.promise = {};
        recount(sale);
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
    if (const auto refusal = mayNot(role)) return Err(*refusal);
    return *asking;
}

std::optional<Refused> Engine::State::mayNot(parties::Role role) const {
    if (!asking) return Refused::NotRegistered;
    const auto may = parties.checkMay(*asking, role);
    return may ? std::nullopt : std::optional(refusedBy(may.error()));
}

EntryId Engine::State::post(ledger::Reason reason, SaleId sale, std::span<const ledger::Leg> legs,
                            std::span<const ledger::HoldUse> uses) {
    const std::span<const ledger::FastLeg> placed = ledger.place(legs);
    const auto entry = ledger.post(placed, uses);
    assert(entry && "a transfer was proven possible before it was posted");
    const std::string name = ledger::nameOf(reason);
    LedgerPosted posted{*entry, nowMs, name, sale, {}};
    posted.legs.reserve(legs.size());
    ownLegs.clear();
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const ledger::AccountKey& key = legs[i].account;
        posted.legs.push_back({key, {legs[i].delta, key.unit}});
        if (!key.holder) continue;
        touch(placed[i].account);
        auto at = ownLegs.end();
        while (at != ownLegs.begin() && key < ledger.keyOf(std::prev(at)->account)) --at;
        if (at != ownLegs.begin() && std::prev(at)->account == placed[i].account) {
            std::prev(at)->delta += legs[i].delta;
        } else {
            ownLegs.insert(at, placed[i]);
        }
    }
    Audience audience = Audience::internal();
    if (!ownLegs.empty()) {
        audience =
            Audience::both(ledger.keyOf(ownLegs.front().account).holder, ledger.keyOf(ownLegs.back().account).holder);
    }
    // Both parties of a sale see what each of its steps moved, also between accounts of the house.
    if (const OpenSale* open = sale ? findSale(sale) : nullptr)
        audience = Audience::both(open->view.buyer, open->view.seller);
    emit(audience, std::move(posted));
    for (const ledger::FastLeg& leg : ownLegs) {
        const auto& [holder, unit, purpose, ref] = ledger.keyOf(leg.account);
        const Amount balance{ledger.balance(leg.account).total, unit};
        emit(Audience::only(holder), StatementLine{holder, *entry, nowMs, name, {leg.delta, unit}, balance});
    }
    return *entry;
}

void complete(std::span<Event> events) {
    for (Event& event : events) {
        auto* executed = std::get_if<InstructionExecuted>(&event.body);
        if (executed) executed->hash = crypto::labelledHash("instruction", executed->instruction);
    }
}

// --- the public face ------------------------------------------------------------------------------------------------

Engine::Engine(const Config& config) : m_state(std::make_unique<State>(config)) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::beginBatch(std::int64_t nowMs, std::vector<Event>& events) { m_state->beginBatch(nowMs, events); }
Reply Engine::apply(const Command& command, std::vector<Event>& events) { return m_state->apply(command, events); }
void Engine::expect(std::span<const Command* const> next) const { m_state->expect(next); }
void Engine::consult(CheckedSignatures& checked) { m_state->signatures = &checked; }

std::optional<std::int64_t> Engine::nextDeadlineMs() const { return m_state->nextDeadlineMs(); }
std::optional<std::int64_t> Engine::nextDeadlineMs(std::int64_t atMs) const { return m_state->nextDeadlineMs(atMs); }
std::optional<std::int64_t> Engine::nextTickMs() const { return m_state->nextTickMs(); }
std::optional<std::int64_t> Engine::longestStepMs() const {
    const bool isNoted = m_state->outageMs != 0 && !m_state->deadlinesOnUs.empty();
    return isNoted ? std::optional(m_state->outageMs) : std::nullopt;
}

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
std::vector<EffectOpened> Engine::openEffects() const { return m_state->openEffects(); }
std::vector<IdentifierWanted> Engine::openIdentifierRequests() const { return m_state->identifiersWanted; }

const SaleChanged* Engine::sale(SaleId id) const {
    const OpenSale* sale = m_state->findSale(id);
    return sale ? &sale->view : nullptr;
}

const parties::Parties& Engine::parties() const { return m_state->parties; }
const treasury::Treasury& Engine::treasury() const { return m_state->treasury; }
const treasury::Withdrawals& Engine::withdrawals() const { return m_state->withdrawals; }
const treasury::Watch& Engine::watch() const { return m_state->watch; }
const std::map<UnitId, CoinStock>& Engine::coinStocks() const { return m_state->coinStocks; }
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
    const Device* found = m_state->devices.find(device);
    return found ? found->replies.lastCounter() : 0;
}

} // namespace tallylock::engine
