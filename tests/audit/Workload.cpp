#include "tests/audit/Workload.h"

#include "core/crypto/Hash.h"
#include "core/parties/Party.h"

#include <algorithm>

namespace tallylock::audit {

using namespace engine;

namespace {
constexpr std::size_t kMostHolders = 20;
constexpr std::size_t kMostUsers = 40;
constexpr std::size_t kMostOpen = 1'500; // orders; above, more is cancelled than placed

} // namespace

IdentityKey Workload::keyOf(std::uint64_t number) {
    return *IdentityKey::from(crypto::labelledHash("audit-key", crypto::cborList(number)).view());
}
namespace {
Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
money::Int128 oneOf(UnitId unit) { return money::powerOfTen(money::findUnit(unit)->ledgerDecimals); }
} // namespace

Config Workload::config() {
    Config c;
    c.coordinator.identity = keyOf(0);
    c.keyServer.identity = keyOf(1);
    c.dollars = money::kUsd;
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
        {"request identifier", 3, &Workload::requestIdentifier},
        {"assign identifier", 8, &Workload::assignIdentifier},
        {"new payment", 12, &Workload::newPayment},
        {"old payment", 25, &Workload::oldPayment},
        {"bank entry", 20, &Workload::bankEntry},
        {"open instrument", 1, &Workload::openInstrument},
        {"place", 220, &Workload::placeOrder},
        {"cancel", 50, &Workload::cancelOrder},
    };
    static constexpr std::uint64_t kGround = 800;
    ++m_steps;
    if (oneIn(5)) m_nowMs += static_cast<std::int64_t>(below(1'000));
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
        if (kind.make == &Workload::cancelOrder && m_orders.size() > kMostOpen) return kind.weight * 5;
        if (!ground || kind.make == &Workload::cancelOrder) return kind.weight;
        return kind.make == &Workload::placeOrder ? 5u : kind.weight * 3;
    };
    for (const Kind& kind : kKinds) all += weightOf(kind);
    std::uint64_t at = below(all);
    const Kind* chosen = kKinds;
    while (at >= weightOf(*chosen)) at -= weightOf(*chosen++);

    m_last = {};
    m_last.body = (this->*chosen->make)();
    m_last.signer = m_signer;
    m_last.counter = ++m_counters[m_signer];
    m_last.hash = crypto::labelledHash("audit-command", crypto::cborList(m_signer, m_last.counter, m_steps));
    auto& sent = m_sent[m_signer];
    if (sent.size() < 8) {
        sent.push_back(m_last);
    } else if (oneIn(4)) {
        sent[1 + below(sent.size() - 1)] = m_last; // the first stays, until it is too old
    }
    return m_last;
}

void Workload::heard(const Reply& reply) {
    if (reply.refused != Refused::No) return;
    const auto holderOf = [&](const IdentityKey& key) {
        const auto known = std::find_if(m_users.begin(), m_users.end(), [&](const User& u) { return u.key == key; });
        return known == m_users.end() ? 0 : known->holder;
    };
    if (const auto* device = std::get_if<AddDevice>(&m_last.body)) {
        const auto of =
            std::find_if(m_users.begin(), m_users.end(), [&](const User& u) { return u.id == device->user; });
        if (of != m_users.end()) m_users.push_back({device->key, of->holder, of->roles, of->id});
        m_devices.push_back(device->key);
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
        m_lastWithdrawal = reply.value;
    } else if (const auto* open = std::get_if<OpenInstrument>(&m_last.body)) {
        m_markets.push_back({{reply.value}, open->base, open->quote, open->tick.value, open->lot.value, 1'000});
    } else if (std::holds_alternative<PlaceOrder>(m_last.body)) {
        m_orders.emplace_back(OrderId{reply.value}, m_last.signer);
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
    return RequestDepositIdentifier{UnitId{static_cast<std::uint16_t>(oneIn(10) ? 9 : 1 + below(5))}};
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
    c.unit = {static_cast<std::uint16_t>(oneIn(20) ? 0 : 1 + below(5))};
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
    if (oneIn(20)) c.amount.unit = {static_cast<std::uint16_t>(1 + below(5))};
    const money::Unit* unit = money::findUnit(c.amount.unit);
    c.amount.value = (unit ? oneOf(c.amount.unit) : 1) * static_cast<std::int64_t>(1 + below(40)) / 10;
    c.confirmations = static_cast<std::uint32_t>(below(4));
    switch (below(60)) {
    case 0: c.amount.value = 0; break;
    case 1: c.amount.value = -c.amount.value; break;
    case 2: c.amount.value = money::kInt128Max; break;
    case 3: c.amount.unit = {6}; break;
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
    if (oneIn(40)) c.amount.unit = {static_cast<std::uint16_t>(1 + below(5))};
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

// --- market
// -----------------------------------------------------------------------------------------------------------

Workload::Body Workload::openInstrument() {
    signAsCoordinator();
    // Fees that need rounding; a tick of 3.33 dollars on a lot of a hundred-thousandth keeps trades exact and odd.
    struct Row {
        const char* symbol;
        UnitId base;
        UnitId quote;
        std::uint32_t maker;
        std::uint32_t taker;
    };
    static constexpr Row kRows[] = {{"BTC/USD", money::kBtc, money::kUsd, 10, 25},
                                    {"BTC/EUR", money::kBtc, money::kEur, 7, 3},
                                    {"XMR/USD", money::kXmr, money::kUsd, 0, 0},
                                    {"XMR/BTC", money::kXmr, money::kBtc, 13, 10'000},
                                    {"EUR/USD", money::kEur, money::kUsd, 1, 1}};
    const Row& row = kRows[m_markets.size() % std::size(kRows)];
    const bool exists = m_markets.size() >= std::size(kRows);
    OpenInstrument c;
    c.symbol = row.symbol;
    c.base = row.base;
    c.quote = row.quote;
    // One lot at one tick is 333 parts of the quote unit: fees of it are never whole.
    c.tick = {333'000, c.quote};
    c.lot = {oneOf(c.base) / 1'000, c.base};
    c.minimum = {c.lot.value * 2, c.base};
    c.maximum = {c.lot.value * 5'000, c.base};
    c.makerBasisPoints = row.maker;
    c.takerBasisPoints = row.taker;
    if (!exists && !oneIn(3)) return c;
    if (oneIn(2)) c.symbol = "NEW/" + std::to_string(m_steps);
    switch (below(exists ? 12 : 13)) {
    case 0: c.tick.value = 0; break;
    case 1: c.lot.value = -1; break;
    case 2:
        c.lot = {1, c.base};
        c.tick = {1, c.quote};
        break; // not exact
    case 3: c.quote = c.base; break;
    case 4: c.minimum.value = c.maximum.value + c.lot.value; break;
    case 5: c.makerBasisPoints = 10'001; break;
    case 6: c.symbol = std::string(33, 's'); break;
    case 7: c.symbol.clear(); break;
    case 8: c.minimum.value = 0; break;
    case 9: c.tick.value = money::kInt128Max; break;
    case 10: c.base = {9}; break;
    case 11: // its largest trade fits, but not with the fee
        c.base = money::kBtc;
        c.quote = money::kUsd;
        c.tick = {money::Int128{120'000'000'000} * 1'000'000'000, c.quote};
        c.lot = c.minimum = {100'000'000, c.base};
        c.maximum = {money::Int128{100'000'000} * 1'000'000, c.base};
        break;
    default: break;
    }
    return c;
}

Workload::Body Workload::placeOrder() {
    const User& user = someUser(parties::kTrader);
    signAs(user.key);
    PlaceOrder c;
    if (m_markets.empty()) return c;
    Market& market = m_markets[oneIn(2) ? 0 : below(m_markets.size())];
    if (oneIn(100)) market.midTicks += static_cast<std::int64_t>(below(7)) - 3; // the price wanders
    market.midTicks = std::max<std::int64_t>(market.midTicks, 50);
    c.instrument = market.id;
    c.side = static_cast<std::uint8_t>(below(2));
    // Ten ticks around the mid, so that many orders share a level and many meet.
    std::int64_t ticks = market.midTicks + static_cast<std::int64_t>(below(20)) - (c.side == 0 ? 13 : 6);
    if (oneIn(50)) ticks += c.side == 0 ? -40 : 40;
    c.price = {market.tick * std::max<std::int64_t>(ticks, 1), market.quote};
    c.quantity = {market.lot * static_cast<std::int64_t>(2 + below(oneIn(3) ? 4'000 : 60)), market.base};
    if (oneIn(80)) c.quantity.value = market.lot; // below the minimum
    std::uint64_t& lastId = m_clientIds[user.holder];
    if (!oneIn(3)) c.clientId = ++lastId;
    if (oneIn(40)) c.clientId = 1 + below(lastId + 1); // still open, lately used, or long ago
    if (oneIn(12)) spoil(c);
    return c;
}

// One or two faults at a time: which reason comes first is tested, too.
void Workload::spoil(PlaceOrder& c) {
    for (std::uint64_t faults = 1 + below(2); faults > 0; --faults) {
        switch (below(13)) {
        case 0: c.instrument = {oneIn(2) ? 0u : 99u}; break;
        case 1: c.price.unit = money::kEth; break;
        case 2: c.quantity.unit = money::kUsd; break;
        case 3: c.side = 2; break;
        case 4: c.price.value = 0; break;
        case 5: c.price.value = -c.price.value; break;
        case 6: c.price.value += 1; break;
        case 7: c.price.value *= 1'000'000'000'000; break;
        case 8: c.quantity.value = 0; break;
        case 9: c.quantity.value = -c.quantity.value; break;
        case 10: c.quantity.value += 1; break;
        case 11: c.quantity.value *= 100'000; break;
        default: c.quantity.value /= 60; break; // too small, or off the lot
        }
    }
}

Workload::Body Workload::cancelOrder() {
    if (m_orders.empty() || oneIn(40)) {
        signAs(someUser(parties::kTrader).key);
        return CancelOrder{{below(m_orders.size() * 2 + 2)}}; // hardly its own
    }
    // Late ones are mostly still open; when there are many, the oldest go.
    const std::size_t many = std::min<std::size_t>(m_orders.size(), 400);
    const std::size_t at = m_orders.size() > kMostOpen ? below(many) : m_orders.size() - 1 - below(many);
    const auto [order, key] = m_orders[at];
    signAs(key);
    if (oneIn(30)) signAs(someUser(parties::kAuditor).key);
    if (!oneIn(10)) {
        m_orders[at] = m_orders.back();
        m_orders.pop_back();
    }
    return CancelOrder{order};
}

} // namespace tallylock::audit
