#include "tests/audit/Workload.h"

#include "core/crypto/Hash.h"
#include "core/parties/Party.h"

#include <algorithm>

namespace tallylock::audit {

using namespace engine;

namespace {
bool mayRest(const PlaceOrder& order) {
    using market::OrderType;
    const OrderType type = order.type.value_or(OrderType::Limit);
    return type == OrderType::Limit || type == OrderType::PostOnly || type == OrderType::StopLimit;
}

constexpr std::size_t kMostHolders = 20;
constexpr std::size_t kMostUsers = 40;
} // namespace

IdentityKey Workload::keyOf(std::uint64_t number) {
    return *IdentityKey::from(crypto::labelledHash("audit-key", crypto::cborList(number)).view());
}
money::Int128 Workload::oneOf(UnitId unit) { return money::powerOfTen(money::findUnit(unit)->ledgerDecimals); }
namespace {
Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
} // namespace

Config Workload::config() const {
    Config c;
    c.coordinator.identity = keyOf(0);
    c.keyServer.identity = keyOf(1);
    c.dollars = money::kUsd;
    c.practice = m_practice;
    return c;
}

Command Workload::next() {
    // What it does, and how often. The first commands lay the ground.
    static constexpr Kind kKinds[] = {
        {"register", 6, &Workload::registerHolder},
        {"fiat account", 1, &Workload::setFiatAccount},
        {"add user", 4, &Workload::addUser},
        {"keep record", 1, &Workload::keepRecord},
        {"device", 2, &Workload::changeDevice},
        {"roles", 2, &Workload::setRoles},
        {"order limit", 1, &Workload::setOrderLimit},
        {"asset account", 1, &Workload::setAssetAccount},
        {"standing", 2, &Workload::setStanding},
        {"payout address", 6, &Workload::payoutAddress},
        {"request withdrawal", 16, &Workload::requestWithdrawal},
        {"approve or cancel", 14, &Workload::decideWithdrawal},
        {"pay", 20, &Workload::payWithdrawal},
        {"withdrawal fee", 1, &Workload::setWithdrawalFee},
        {"policy", 4, &Workload::setPolicy},
        {"approve policy", 5, &Workload::approvePolicy},
        {"request identifier", 3, &Workload::requestIdentifier},
        {"assign identifier", 8, &Workload::assignIdentifier},
        {"new payment", 12, &Workload::newPayment},
        {"old payment", 25, &Workload::oldPayment},
        {"bank entry", 20, &Workload::bankEntry},
        {"assign suspense", 6, &Workload::assignSuspense},
        {"open instrument", 1, &Workload::openInstrument},
        {"place", 220, &Workload::placeOrder},
        {"cancel", 30, &Workload::cancelOrder},
        {"replace", 50, &Workload::replaceOrder},
        {"cancel all", 1, &Workload::cancelAll},
        {"steer", 4, &Workload::steerInstrument},
        {"dead man", 4, &Workload::setDeadMan},
        {"end session", 2, &Workload::endSession},
        {"reference window", 2, &Workload::setReferenceWindow},
        {"watch rule", 5, &Workload::setWatchRule},
        {"watched addresses", 2, &Workload::changeWatched},
        {"decide case", 5, &Workload::decideCase},
    };
    static constexpr std::uint64_t kGround = 1'200;
    static constexpr std::uint64_t kManyHoursMs = std::uint64_t{30} * 3'600'000;
    ++m_steps;
    if (m_queued) {
        m_last = *m_queued;
        m_queued.reset();
        return m_last;
    }
    if (oneIn(5)) m_nowMs += static_cast<std::int64_t>(below(1'000));
    if (oneIn(300)) m_nowMs += static_cast<std::int64_t>(below(kManyHoursMs));
    if (oneIn(50) && !m_sent.empty()) { // again, or its id for something else, or far too late
        const auto someone = std::next(m_sent.begin(), static_cast<std::ptrdiff_t>(below(m_sent.size())));
        const auto busiest = m_sent.find(keyOf(0)); // the coordinator
        const auto& sent = oneIn(3) && busiest != m_sent.end() ? busiest->second : someone->second;
        m_last = sent[oneIn(3) ? 0 : below(sent.size())];
        if (oneIn(3)) m_last.hash = crypto::labelledHash("audit-other", crypto::cborList(m_steps));
        return m_last;
    }
    unsigned all = 0;
    const bool ground = m_steps < kGround;
    const auto weightOf = [&](const Kind& kind) {
        if (kind.make == &Workload::setStanding && !m_practice) return kind.weight * 8;
        if (kind.make == &Workload::openInstrument && m_markets.size() < 5) return kind.weight * 20;
        if (kind.make == &Workload::assignIdentifier && m_identifiers.size() < 100) return kind.weight * 10;
        if (kind.make == &Workload::cancelOrder && m_orders.size() > kMostOpen) return kind.weight * 5;
        if (!ground || kind.make == &Workload::cancelOrder) return kind.weight;
        return kind.make == &Workload::placeOrder ? 5u : kind.weight * 3;
    };
    for (const Kind& kind : kKinds) all += weightOf(kind);
    std::uint64_t at = below(all);
    const Kind* chosen = kKinds;
    while (at >= weightOf(*chosen)) at -= weightOf(*chosen++);

    m_last = signedAs(m_signer, (this->*chosen->make)());
    if (wantsCode(m_last)) {
        m_queued = m_last;
        m_last = signedAs(keyOf(0), codeFor(*m_queued));
    }
    auto& sent = m_sent[m_last.signer];
    if (sent.size() < 8) {
        sent.push_back(m_last);
    } else if (oneIn(4)) {
        sent[1 + below(sent.size() - 1)] = m_last; // the first stays, until it is too old
    }
    return m_last;
}

Command Workload::signedAs(const IdentityKey& signer, Body body) {
    Command command;
    command.body = std::move(body);
    command.signer = signer;
    command.counter = ++m_counters[signer];
    command.hash = crypto::labelledHash("audit-command", crypto::cborList(signer, command.counter, m_steps));
    return command;
}

std::uint64_t Workload::holderOf(const IdentityKey& key) const {
    const auto known = std::find_if(m_users.begin(), m_users.end(), [&](const User& u) { return u.key == key; });
    return known == m_users.end() ? 0 : known->holder;
}

void Workload::heard(const Reply& reply, const std::vector<Event>& events) {
    for (const Event& event : events) {
        if (const auto* changed = std::get_if<CaseChanged>(&event.body)) heardOf(changed->record);
    }
    if (reply.refused == Refused::OrderUnknown) { // filled, or gone
        const auto* change = std::get_if<ReplaceOrder>(&m_last.body);
        const auto* cancel = std::get_if<CancelOrder>(&m_last.body);
        const OrderId gone = change ? change->order : cancel ? cancel->order : OrderId{};
        std::erase_if(m_orders, [&](const Placed& placed) { return placed.order == gone && !oneIn(10); });
    }
    if (reply.refused != Refused::No) return;
    if (const auto* device = std::get_if<AddDevice>(&m_last.body)) {
        const auto of =
            std::find_if(m_users.begin(), m_users.end(), [&](const User& u) { return u.id == device->user; });
        if (of != m_users.end()) m_users.push_back({device->key, of->holder, of->roles, of->id});
        m_devices.push_back(device->key);
    }
    if (const auto* policy = std::get_if<SetWithdrawalPolicy>(&m_last.body)) {
        if (policy->policy.secondFactor) m_withCodes.insert(holderOf(m_last.signer));
        if (reply.value != 0) m_lastChange = {reply.value, holderOf(m_last.signer)};
    } else if (const auto* set = std::get_if<SetRoles>(&m_last.body)) {
        for (User& user : m_users) {
            if (user.id == set->user) user.roles = set->roles;
        }
    } else if (const auto* steered = std::get_if<SteerInstrument>(&m_last.body)) {
        m_halted = steered->halted ? steered->instrument : InstrumentId{};
    } else if (const auto* change = std::get_if<ReplaceOrder>(&m_last.body)) {
        for (Placed& placed : m_orders) {
            if (placed.order != change->order) continue;
            placed.asked.price = change->price.value_or(placed.asked.price);
            placed.asked.quantity = change->quantity.value_or(placed.asked.quantity);
        }
    }
    if (reply.value == 0) return;
    if (std::holds_alternative<RegisterHolder>(m_last.body)) {
        m_users.push_back({m_last.signer, reply.value, parties::kAllRoles, {++m_lastUser}});
    } else if (const auto* add = std::get_if<AddUser>(&m_last.body)) {
        m_lastUser = reply.value;
        m_users.push_back({add->key, holderOf(m_last.signer), add->roles, {reply.value}});
    } else if (const auto* address = std::get_if<AddPayoutAddress>(&m_last.body)) {
        m_addresses.emplace_back(treasury::PayoutAddressId{reply.value}, *address);
        m_addressOwners.push_back(m_last.signer);
    } else if (std::holds_alternative<RequestWithdrawal>(m_last.body)) {
        m_withdrawals.emplace_back(treasury::WithdrawalId{reply.value}, holderOf(m_last.signer));
    } else if (const auto* open = std::get_if<OpenInstrument>(&m_last.body)) {
        m_markets.push_back({{reply.value}, open->base, open->quote, open->tick.value, open->lot.value, 1'000});
    } else if (const auto* asked = std::get_if<PlaceOrder>(&m_last.body)) {
        if (mayRest(*asked) || oneIn(10)) m_orders.push_back({OrderId{reply.value}, m_last.signer, *asked});
    }
}

IdentityKey Workload::freshKey() { return keyOf(100 + ++m_keys); }

void Workload::signAsCoordinator() {
    // Now and then somebody else tries.
    m_signer = oneIn(40) && !m_users.empty() ? m_users[below(m_users.size())].key : keyOf(0);
}

const Workload::User& Workload::someUser(std::uint32_t role) {
    static const User kStranger{keyOf(2), 0, 0, {}};
    if (m_users.empty() || oneIn(60)) return kStranger;
    for (int tries = 0; tries < 20; ++tries) {
        // A few are busier than the rest.
        const User& user = m_users[below(oneIn(3) ? std::min<std::size_t>(m_users.size(), 2) : m_users.size())];
        if ((user.roles & role) != 0 || oneIn(60)) return user;
    }
    return m_users.front();
}

// --- parties
// ----------------------------------------------------------------------------------------------------------

Workload::Body Workload::registerHolder() {
    signAs(freshKey());
    if (m_keys > kMostHolders || oneIn(10)) signAs(someUser(0).key); // registered already
    if (oneIn(20)) signAs(keyOf(below(2)));
    static const std::string kNames[] = {"Harbour Fund", "Ada", "", " blank", "tab\there", std::string(201, 'x')};
    RegisterHolder c;
    c.name = oneIn(6) ? kNames[below(std::size(kNames))] : "Holder " + std::to_string(m_keys);
    c.institution = oneIn(3);
    return c;
}

Workload::Body Workload::setFiatAccount() {
    signAs(someUser(parties::kAdministrator).key);
    SetFiatAccount c{"Bank", "DE00 1234", "", {0, money::kUsd}, ""};
    if (oneIn(2)) c.insurer = "Insurer";
    if (oneIn(2)) c.coverageLimit = usd(100'000);
    if (oneIn(5)) c.bank.clear();
    return c;
}

Workload::Body Workload::addUser() {
    signAs(someUser(parties::kAdministrator).key);
    AddUser c{"User " + std::to_string(m_keys), freshKey(), static_cast<std::uint32_t>(below(15) + 1)};
    if (m_users.size() > kMostUsers || oneIn(8)) c.key = someUser(0).key;
    if (oneIn(20)) c.key = keyOf(below(2)); // a server's
    if (oneIn(10)) c.roles = oneIn(2) ? 0 : 16;
    if (oneIn(10)) c.name = oneIn(2) ? "" : "ends blank ";
    return c;
}

Workload::Body Workload::keepRecord() {
    signAs(someUser(parties::kAllRoles).key);
    static constexpr std::size_t kSizes[] = {1, 100, 4096, 4097, 0};
    return KeepRecord{Bytes(kSizes[below(std::size(kSizes))], 7)};
}

// --- treasury
// ---------------------------------------------------------------------------------------------------------

Workload::Body Workload::requestIdentifier() {
    signAs(someUser(parties::kTreasurer).key);
    return RequestDepositIdentifier{UnitId{static_cast<std::uint16_t>(oneIn(10) ? 9 : 1 + below(6))}};
}

Workload::Body Workload::assignIdentifier() {
    signAsCoordinator();
    if (!m_identifiers.empty() && oneIn(5)) { // the same again, or somebody else's
        AssignDepositIdentifier c = m_identifiers[below(m_identifiers.size())];
        if (oneIn(2)) c.holder = {1 + below(kMostHolders)};
        return c;
    }
    AssignDepositIdentifier c;
    c.holder = {oneIn(20) ? 9'999 : someUser(0).holder};
    c.unit = {static_cast<std::uint16_t>(oneIn(20) ? 0 : 1 + below(6))};
    if (c.unit == money::kEth && !oneIn(4)) c.unit = money::kXmr; // which has markets
    const money::Unit* unit = money::findUnit(c.unit);
    c.rail = unit && unit->kind == money::UnitKind::Fiat ? "bank" : "chain";
    c.identifier = oneIn(20) ? std::string(below(2) * 257, 'i') : "id " + std::to_string(m_steps);
    if (c.identifier.size() < 100) m_identifiers.push_back(c);
    return c;
}

Workload::Body Workload::newPayment() {
    signAsCoordinator();
    ObservePayment c;
    c.rail = "chain";
    c.transaction = crypto::labelledHash("audit-payment", crypto::cborList(m_steps));
    c.output = static_cast<std::uint32_t>(below(3));
    c.identifier = "nobody's " + std::to_string(below(3));
    c.amount.unit = {static_cast<std::uint16_t>(1 + below(3))};
    if (!m_identifiers.empty() && !oneIn(12)) {
        for (int tries = 0; tries < 8; ++tries) { // of a coin, mostly
            const auto& assigned = m_identifiers[below(m_identifiers.size())];
            c.identifier = assigned.identifier;
            if (assigned.rail != c.rail) continue;
            c.amount.unit = assigned.unit;
            break;
        }
    }
    if (oneIn(20)) c.amount.unit = {static_cast<std::uint16_t>(1 + below(6))};
    const money::Unit* unit = money::findUnit(c.amount.unit);
    c.amount.value = (unit ? oneOf(c.amount.unit) : 1) * static_cast<std::int64_t>(1 + below(40)) / 2;
    c.confirmations = static_cast<std::uint32_t>(below(4));
    switch (below(60)) {
    case 0: c.amount.value = 0; break;
    case 1: c.amount.value = -c.amount.value; break;
    case 2: c.amount.value = money::kInt128Max; break;
    case 3: c.amount.unit = {7}; break;
    case 4: c.identifier.clear(); break;
    case 5: c.reversed = true; break; // never seen
    case 6: c.confirmations = 200; break;
    default: break;
    }
    m_payments.push_back(c);
    return c;
}

// More confirmations, the same again, fewer, a reorganisation; and the same name with another content.
Workload::Body Workload::oldPayment() {
    if (m_payments.empty()) return newPayment();
    signAsCoordinator();
    // Mostly of late ones; what is old is buried.
    const std::size_t recent = std::min<std::size_t>(m_payments.size(), 200);
    ObservePayment& known = m_payments[m_payments.size() - 1 - below(oneIn(10) ? m_payments.size() : recent)];
    static constexpr std::uint32_t kConfirmations[] = {0, 1, 2, 2, 3, 3, 6, 50, 99, 100};
    known.confirmations = kConfirmations[below(std::size(kConfirmations))];
    ObservePayment c = known;
    c.reversed = oneIn(5);
    if (oneIn(25)) c.amount.value -= 1;
    if (oneIn(25)) c.identifier += "x";
    if (oneIn(40)) c.amount.unit = {static_cast<std::uint16_t>(1 + below(6))};
    return c;
}

// Any deposit that was ever told of: few are in suspense, and some of these no more.
Workload::Body Workload::assignSuspense() {
    signAsCoordinator();
    AssignSuspense c;
    c.holder = {oneIn(20) ? 9'999 : someUser(0).holder};
    signAsCoordinator();
    c.reason = oneIn(30) ? "" : "a letter";
    if (oneIn(2) && !m_lines.empty()) {
        const ObserveBankEntry& line = m_lines[m_lines.size() - 1 - below(std::min<std::size_t>(m_lines.size(), 20))];
        c.rail = line.bank;
        c.entry = line.entry;
    } else if (!m_payments.empty()) {
        const std::size_t recent = std::min<std::size_t>(m_payments.size(), 40);
        const ObservePayment& payment = m_payments[m_payments.size() - 1 - below(recent)];
        c.rail = payment.rail;
        c.transaction = payment.transaction;
        c.output = payment.output;
    }
    if (oneIn(30)) c.rail = "nowhere";
    if (oneIn(30)) c.output += 1;
    return c;
}

Workload::Body Workload::bankEntry() {
    signAsCoordinator();
    if (!m_lines.empty() && oneIn(4)) { // re-import, and now and then changed
        ObserveBankEntry c = m_lines[below(m_lines.size())];
        if (oneIn(6)) c.amount.value += 1'000'000;
        if (oneIn(6)) c.reference += "x";
        return c;
    }
    if (const auto again = entryAtAnEdge()) return *again;
    ObserveBankEntry c{"bank", "line " + std::to_string(m_steps), "unknown", usd(0), m_nowMs};
    c.amount.unit = oneIn(3) ? money::kEur : money::kUsd;
    for (int tries = 0; tries < 12 && !m_identifiers.empty() && !oneIn(30); ++tries) {
        const auto& assigned = m_identifiers[below(m_identifiers.size())];
        if (assigned.rail != c.bank) continue;
        c.reference = assigned.identifier;
        c.amount.unit = assigned.unit;
        break;
    }
    c.amount.value = money::Int128{1'000'000} * static_cast<std::int64_t>(1 + below(20'000'000));
    switch (below(60)) {
    case 0: c.amount.value = 0; break;
    case 1: c.amount.value = -1; break;
    case 2: c.amount.value = money::kInt128Max; break;
    case 3: c.amount.unit = money::kBtc; break;
    case 4: c.entry.clear(); break;
    case 5: c.bank = std::string(65, 'b'); break;
    default: m_lines.push_back(c); break;
    }
    return c;
}

} // namespace tallylock::audit
