#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
enum Role : unsigned { Administrator = 1, Trader = 2, Treasurer = 4, AllRoles = 15 };

bool isGoodName(const std::string& name) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !name.empty() && name.size() <= 200 && !isBlank(name.front()) && !isBlank(name.back()) &&
           std::none_of(name.begin(), name.end(), isControl);
}

bool isGoodInfo(const std::string& text) { return !text.empty() && text.size() <= 1000; }
} // namespace

const UnitRow* unitOf(unsigned id) {
    static constexpr UnitRow kUnits[] = {{8, false}, {18, false}, {12, false}, {8, true}, {8, true}, {8, false}};
    return id >= 1 && id <= 6 ? &kUnits[id - 1] : nullptr;
}

bool mayBeNegative(unsigned purpose) {
    return purpose == Treasury || purpose == Custody || purpose == BankCustody || purpose == Loss;
}

Money Money::of(const Item& item) {
    const auto& parts = item.list();
    if (parts.size() != 2) throw Malformed("an amount of other than two parts");
    const std::string& bytes = parts[1].bytes();
    if (bytes.size() != 16 || parts[0].number() > 0xffff) throw Malformed("an amount out of range");
    __extension__ unsigned __int128 bits = 0;
    for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
    return {static_cast<Whole>(bits), static_cast<unsigned>(parts[0].number())};
}

Account Account::of(const Item& item) {
    return {item.at(1).number(), static_cast<unsigned>(item.at(2).number()), static_cast<unsigned>(item.at(3).number()),
            item.at(4).number()};
}

std::string textOf(Whole value) {
    if (value < 0) return "-" + textOf(-value);
    std::string digits(1, static_cast<char>('0' + static_cast<int>(value % 10)));
    return value < 10 ? digits : textOf(value / 10) + digits;
}
std::string textOf(const Money& money) { return textOf(money.value) + " of unit " + std::to_string(money.unit); }

Books::Books(const Item& config)
    : m_coordinator(config.at(1).at(1).bytes()),
      m_keyServer(config.at(2).at(1).bytes()),
      m_confirmations(config.at(7).number()),
      m_practice(config.at(8).flag()) {}

Outcome Books::apply(const std::string& signer, const std::string& hash, std::uint64_t type, const Item& body) {
    static const std::map<std::uint64_t, Outcome (Books::*)(const Item&)> kCommands = {
        {10, &Books::registerHolder},
        {11, &Books::setFiatAccount},
        {12, &Books::addUser},
        {13, &Books::keepRecord},
        {14, &Books::addDevice},
        {15, &Books::removeDevice},
        {16, &Books::setRoles},
        {17, &Books::setOrderLimit},
        {18, &Books::setAssetAccount},
        {19, &Books::setStanding},
        {24, &Books::addPayoutAddress},
        {25, &Books::removePayoutAddress},
        {26, &Books::requestWithdrawal},
        {27, &Books::approveWithdrawal},
        {28, &Books::cancelWithdrawal},
        {29, &Books::startWithdrawal},
        {70, &Books::reportWithdrawal},
        {73, &Books::setWithdrawalFee},
        {20, &Books::requestIdentifier},
        {21, &Books::assignIdentifier},
        {22, &Books::observePayment},
        {23, &Books::observeBankEntry},
        {83, &Books::assignSuspense},
        {30, &Books::openInstrument},
        {31, &Books::placeOrder},
        {32, &Books::cancelOrder},
        {33, &Books::replaceOrder},
        {34, &Books::cancelAllOrders},
        {35, &Books::steerInstrument},
        {36, &Books::setDeadMan},
        {37, &Books::endSession},
        {38, &Books::setReferenceWindow},
        {71, &Books::setWithdrawalPolicy},
        {72, &Books::approvePolicyChange},
        {74, &Books::confirmSecondFactor},
        {75, &Books::setWatchRule},
        {76, &Books::changeWatchedAddresses},
        {77, &Books::decideCase},
    };
    const auto found = kCommands.find(type);
    if (found == kCommands.end()) throw Malformed("a command that the auditor does not know");
    m_signer = signer;
    m_hash = hash;
    return (this->*found->second)(body);
}

bool Books::isKnown(const std::string& signer) const { return isServer(signer) || m_userOf.contains(signer); }

const Books::User* Books::actor() const {
    const auto found = m_userOf.find(m_signer);
    return found == m_userOf.end() ? nullptr : &m_users.at(found->second);
}

std::string Books::mayNot(std::uint64_t role, bool takingOut) const {
    const User* by = actor();
    if (!by) return "not-registered";
    if ((by->roles & role) != role) return "not-permitted";
    switch (m_holders.at(by->holder).standing) {
    case Standing::Pending: return "account-pending";
    case Standing::Verified: break;
    case Standing::Restricted: return takingOut ? "" : "account-restricted";
    case Standing::Frozen: return "account-frozen";
    }
    return {};
}

// --- money
// ------------------------------------------------------------------------------------------------------------

Whole Books::balance(const Account& account) const {
    const auto found = m_accounts.find(account);
    return found == m_accounts.end() ? 0 : found->second;
}

void Books::post(Posting posting, Outcome& out) {
    for (const auto& [account, delta] : posting.legs) {
        m_accounts[account] += delta;
        if (account.holder != 0) out.touched.insert({account.holder, account.unit});
    }
    ++m_entries;
    out.postings.push_back(std::move(posting));
}

Whole Books::arrived(unsigned unit) const {
    const auto found = m_arrived.find(unit);
    return found == m_arrived.end() ? 0 : found->second;
}

// --- parties
// ----------------------------------------------------------------------------------------------------------

Outcome Books::registerHolder(const Item& c) {
    const std::string& name = c.at(1).text();
    if (isServer(m_signer)) return refuse("not-permitted");
    if (actor()) return refuse("already-registered");
    if (!isGoodName(name)) return refuse("name-invalid");
    Outcome out;
    out.value = m_holders.size() + 1;
    m_holders[out.value] = {c.at(2).flag(), m_practice ? Standing::Verified : Standing::Pending};
    const User user{m_users.size() + 1, out.value, AllRoles, {m_signer}, {}};
    m_users[user.id] = user;
    m_userOf[m_signer] = user.id;
    const std::string holder = std::to_string(out.value);
    out.records.push_back({10, {{1, holder}, {2, name}, {3, c.at(2).flag() ? "true" : "false"}}});
    out.records.push_back({12, {{1, holder}, {2, std::to_string(user.id)}, {3, name}, {4, m_signer}, {5, "15"}}});
    return out;
}

Outcome Books::setFiatAccount(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & Administrator) == 0) return refuse("not-permitted");
    const std::string& insurer = c.at(3).text();
    const std::string& evidence = c.at(5).text();
    const Money limit = Money::of(c.at(4));
    const bool goodInsurance =
        insurer.empty() ? limit.value == 0 && evidence.empty()
                        : isGoodInfo(insurer) && limit.value > 0 && unitOf(limit.unit) && evidence.size() <= 1000;
    if (!isGoodInfo(c.at(1).text()) || !isGoodInfo(c.at(2).text()) || !goodInsurance) return refuse("info-invalid");
    Outcome out;
    out.records.push_back({11, {{1, std::to_string(by->holder)}, {2, c.at(1).text()}, {3, c.at(2).text()}}});
    return out;
}

Outcome Books::addUser(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    const std::uint64_t roles = c.at(3).number();
    const std::string& key = c.at(2).bytes();
    if (isServer(key)) return refuse("key-in-use");
    if ((by->roles & Administrator) == 0) return refuse("not-permitted");
    if (!m_holders.at(by->holder).institution) return refuse("not-an-institution");
    if (!isGoodName(c.at(1).text())) return refuse("name-invalid");
    if (roles == 0 || roles > AllRoles) return refuse("roles-invalid");
    if (m_userOf.contains(key)) return refuse("key-in-use");
    Outcome out;
    out.value = m_users.size() + 1;
    const std::uint64_t holder = by->holder;
    m_users[out.value] = {out.value, holder, roles, {key}, {}};
    m_userOf[key] = out.value;
    holdBack(holder, key);
    out.records.push_back({12,
                           {{1, std::to_string(holder)},
                            {2, std::to_string(out.value)},
                            {3, c.at(1).text()},
                            {4, c.at(2).bytes()},
                            {5, std::to_string(roles)}}});
    return out;
}

Outcome Books::keepRecord(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    const std::string& sealed = c.at(1).bytes();
    if (sealed.empty() || sealed.size() > 4096) return refuse("record-too-large");
    if (m_records[m_signer] >= 20'000) return refuse("records-too-many");
    Outcome out;
    out.value = ++m_records[m_signer];
    out.records.push_back(
        {13, {{1, std::to_string(by->holder)}, {2, m_signer}, {3, std::to_string(out.value)}, {4, sealed}}});
    return out;
}

// --- users, devices, limits, standing
// ---------------------------------------------------------------------------------

std::string Books::mayNotChange(std::uint64_t user) const {
    const User* by = actor();
    if (!by) return "not-registered";
    const auto found = m_users.find(user);
    if (found == m_users.end()) return "user-unknown";
    return found->second.holder == by->holder && (by->roles & Administrator) != 0 ? "" : "not-permitted";
}

bool Books::isLastAdministrator(const User& user) const {
    const auto counts = [](const User& u) { return (u.roles & Administrator) != 0 && !u.devices.empty(); };
    std::size_t others = 0;
    for (const auto& [id, other] : m_users) {
        if (other.holder == user.holder && id != user.id && counts(other)) ++others;
    }
    return counts(user) && others == 0;
}

Outcome Books::addDevice(const Item& c) {
    const std::uint64_t id = c.at(1).number();
    const std::string& key = c.at(2).bytes();
    if (!actor()) return refuse("not-registered");
    if (isServer(key)) return refuse("key-in-use");
    if (auto why = mayNotChange(id); !why.empty()) return refuse(why);
    if (m_userOf.contains(key)) return refuse("key-in-use");
    User& user = m_users.at(id);
    if (user.devices.size() >= 16) return refuse("devices-too-many");
    user.devices.insert(key);
    m_userOf[key] = id;
    Outcome out;
    out.records.push_back({14,
                           {{1, std::to_string(user.holder)},
                            {2, std::to_string(id)},
                            {3, key},
                            {4, std::to_string(holdBack(user.holder, key))}}});
    return out;
}

Outcome Books::removeDevice(const Item& c) {
    const std::string& key = c.at(1).bytes();
    if (!actor()) return refuse("not-registered");
    const auto owner = m_userOf.find(key);
    if (owner == m_userOf.end()) return refuse("device-unknown");
    if (auto why = mayNotChange(owner->second); !why.empty()) return refuse(why);
    User& user = m_users.at(owner->second);
    if (user.devices.size() == 1 && isLastAdministrator(user)) return refuse("last-administrator");
    user.devices.erase(key);
    m_userOf.erase(owner);
    m_heldBack.erase(key);
    Outcome out;
    out.records.push_back({15, {{1, std::to_string(user.holder)}, {2, std::to_string(user.id)}, {3, key}}});
    return out;
}

Outcome Books::setRoles(const Item& c) {
    const std::uint64_t id = c.at(1).number();
    const std::uint64_t roles = c.at(2).number();
    if (auto why = mayNotChange(id); !why.empty()) return refuse(why);
    User& user = m_users.at(id);
    if (!m_holders.at(user.holder).institution) return refuse("not-an-institution");
    if (roles == 0 || roles > AllRoles) return refuse("roles-invalid");
    if ((roles & Administrator) == 0 && isLastAdministrator(user)) return refuse("last-administrator");
    const bool becomesTreasurer = (user.roles & Treasurer) == 0 && (roles & Treasurer) != 0;
    user.roles = roles;
    if (becomesTreasurer) {
        for (const std::string& device : user.devices) holdBack(user.holder, device);
    }
    Outcome out;
    out.records.push_back(
        {16, {{1, std::to_string(user.holder)}, {2, std::to_string(id)}, {3, std::to_string(roles)}}});
    return out;
}

Outcome Books::setOrderLimit(const Item& c) {
    const std::uint64_t id = c.at(1).number();
    const Money most = Money::of(c.at(2));
    if (auto why = mayNotChange(id); !why.empty()) return refuse(why);
    if (most.value < 0 || !unitOf(most.unit)) return refuse("info-invalid");
    User& user = m_users.at(id);
    user.limits[most.unit] = most.value;
    Outcome out;
    out.records.push_back({17, {{1, std::to_string(user.holder)}, {2, std::to_string(id)}, {3, textOf(most)}}});
    return out;
}

Outcome Books::setAssetAccount(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & Administrator) == 0) return refuse("not-permitted");
    const auto unit = static_cast<unsigned>(c.at(1).number());
    if (!isGoodInfo(c.at(2).text()) || !unitOf(unit)) return refuse("info-invalid");
    Outcome out;
    out.records.push_back({18, {{1, std::to_string(by->holder)}, {2, std::to_string(unit)}, {3, c.at(2).text()}}});
    return out;
}

Outcome Books::setStanding(const Item& c) {
    const std::uint64_t holder = c.at(1).number();
    const std::uint64_t standing = c.at(2).number();
    const std::string& evidence = c.at(3).text();
    if (!isCoordinator()) return refuse("not-permitted");
    if (!m_holders.contains(holder)) return refuse("not-registered");
    if (standing > 3 || (standing == 1 && evidence.empty()) || evidence.size() > 1000) return refuse("info-invalid");
    m_holders[holder].standing = static_cast<Standing>(standing);
    Outcome out;
    out.records.push_back(
        {kStandingChanged, {{1, std::to_string(holder)}, {2, std::to_string(standing)}, {3, evidence}}});
    return out;
}

} // namespace tallylock::audit
