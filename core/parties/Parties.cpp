#include "core/parties/Parties.h"

#include <algorithm>

namespace tallylock::parties {

static bool isBlank(char c) { return c == ' ' || c == '\t'; }

static bool isGoodName(const std::string& name) {
    if (name.empty() || name.size() > kMaxNameBytes || isBlank(name.front()) || isBlank(name.back())) return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

static bool isGoodInfo(const std::string& text) { return !text.empty() && text.size() <= kMaxInfoBytes; }

static bool areGoodRoles(Roles roles) { return roles != 0 && (roles & ~kAllRoles) == 0; }

const Holder* Parties::holder(HolderId id) const {
    return id && id.value <= m_holders.size() ? &m_holders[id.value - 1] : nullptr;
}

const User* Parties::user(UserId id) const {
    return id && id.value <= m_users.size() ? &m_users[id.value - 1] : nullptr;
}

UserId Parties::putUser(Holder& holder, std::string name, const IdentityKey& key, Roles roles) {
    User user;
    user.id = UserId{m_users.size() + 1};
    user.holder = holder.id;
    user.name = std::move(name);
    user.roles = roles;
    user.devices.push_back(key);
    holder.users.push_back(user.id);
    m_userOf.insert(key, user.id);
    m_users.push_back(std::move(user));
    return m_users.back().id;
}

Result<HolderId, PartyError> Parties::openHolder(HolderKind kind, std::string name, std::string user,
                                                 const IdentityKey& key, Checked checked) {
    if (!isGoodName(name) || !isGoodName(user)) return Err(PartyError::NameInvalid);
    if (m_userOf.contains(key)) return Err(PartyError::KeyInUse);
    Holder holder;
    holder.id = HolderId{m_holders.size() + 1};
    holder.kind = kind;
    holder.name = std::move(name);
    holder.standing = checked.standing;
    holder.evidence = std::move(checked.evidence);
    m_holders.push_back(std::move(holder));
    putUser(m_holders.back(), std::move(user), key, kAllRoles);
    return m_holders.back().id;
}

Result<HolderId, PartyError> Parties::openIndividual(std::string name, const IdentityKey& key, Checked checked) {
    std::string user = name;
    return openHolder(HolderKind::Individual, std::move(name), std::move(user), key, std::move(checked));
}

Result<HolderId, PartyError> Parties::openInstitution(std::string name, std::string administrator,
                                                      const IdentityKey& key, Checked checked) {
    return openHolder(HolderKind::Institution, std::move(name), std::move(administrator), key, std::move(checked));
}

Result<Holder*, PartyError> Parties::holderToChange(const Actor& by) {
    if (!holder(by.holder)) return Err(PartyError::UnknownHolder);
    if (!by.has(kAdministrator)) return Err(PartyError::NotPermitted);
    return &m_holders[by.holder.value - 1];
}

Result<User*, PartyError> Parties::userToChange(const Actor& by, UserId user) {
    if (!user || user.value > m_users.size()) return Err(PartyError::UnknownUser);
    User& found = m_users[user.value - 1];
    if (found.holder != by.holder || !by.has(kAdministrator)) return Err(PartyError::NotPermitted);
    return &found;
}

Result<UserId, PartyError> Parties::addUser(const Actor& by, std::string name, const IdentityKey& key, Roles roles) {
    const auto holder = holderToChange(by);
    if (!holder) return Err(holder.error());
    if ((*holder)->kind != HolderKind::Institution) return Err(PartyError::NotAnInstitution);
    if (!isGoodName(name)) return Err(PartyError::NameInvalid);
    if (!areGoodRoles(roles)) return Err(PartyError::RolesInvalid);
    if (m_userOf.contains(key)) return Err(PartyError::KeyInUse);
    return putUser(**holder, std::move(name), key, roles);
}

Result<void, PartyError> Parties::addDevice(const Actor& by, UserId id, const IdentityKey& key) {
    const auto user = userToChange(by, id);
    if (!user) return Err(user.error());
    if (m_userOf.contains(key)) return Err(PartyError::KeyInUse);
    if ((*user)->devices.size() >= kMaxDevices) return Err(PartyError::TooManyDevices);
    (*user)->devices.push_back(key);
    m_userOf.insert(key, id);
    return {};
}

// A user without a device can do nothing, so does not count.
std::size_t Parties::administratorsOf(HolderId id) const {
    std::size_t count = 0;
    for (const UserId member : holder(id)->users) {
        const User& one = *user(member);
        if ((one.roles & kAdministrator) != 0 && !one.devices.empty()) ++count;
    }
    return count;
}

Result<void, PartyError> Parties::removeDevice(const Actor& by, const IdentityKey& key) {
    const UserId* owner = m_userOf.find(key);
    if (!owner) return Err(PartyError::UnknownKey);
    const auto user = userToChange(by, *owner);
    if (!user) return Err(user.error());
    User& changed = **user;
    const bool losesAdministrator = changed.devices.size() == 1 && (changed.roles & kAdministrator) != 0;
    if (losesAdministrator && administratorsOf(by.holder) == 1) return Err(PartyError::LastAdministrator);
    changed.devices.erase(std::find(changed.devices.begin(), changed.devices.end(), key));
    m_userOf.erase(key);
    ++m_version;
    return {};
}

Result<void, PartyError> Parties::setRoles(const Actor& by, UserId id, Roles roles) {
    const auto user = userToChange(by, id);
    if (!user) return Err(user.error());
    if (holder(by.holder)->kind != HolderKind::Institution) return Err(PartyError::NotAnInstitution);
    if (!areGoodRoles(roles)) return Err(PartyError::RolesInvalid);
    User& changed = **user;
    const bool isAdministrator = (changed.roles & kAdministrator) != 0 && !changed.devices.empty();
    if (isAdministrator && (roles & kAdministrator) == 0 && administratorsOf(by.holder) == 1) {
        return Err(PartyError::LastAdministrator);
    }
    changed.roles = roles;
    ++m_version;
    return {};
}

// Replaces the element with the same unit, or inserts: the list stays sorted by unit.
template <class T, class UnitOf>
static void putByUnit(std::vector<T>& list, T element, UnitOf unitOf) {
    const auto at = std::lower_bound(list.begin(), list.end(), element,
                                     [&](const T& a, const T& b) { return unitOf(a) < unitOf(b); });
    if (at != list.end() && unitOf(*at) == unitOf(element)) {
        *at = std::move(element);
    } else {
        list.insert(at, std::move(element));
    }
}

void Parties::markLimited(UserId id) {
    if (id.value >= m_isLimited.size()) m_isLimited.resize(id.value + 1);
    m_isLimited[id.value] = true;
}

Result<void, PartyError> Parties::setOrderLimit(const Actor& by, UserId id, const money::Amount& most) {
    const auto user = userToChange(by, id);
    if (!user) return Err(user.error());
    if (most.value < 0 || !money::findUnit(most.unit)) return Err(PartyError::InfoInvalid);
    putByUnit((*user)->orderLimits, most, [](const money::Amount& a) { return a.unit; });
    markLimited(id);
    return {};
}

Result<void, PartyError> Parties::setFiatAccount(const Actor& by, FiatAccount account) {
    const auto holder = holderToChange(by);
    if (!holder) return Err(holder.error());
    // Insurance may be missing; then all of its three fields are empty or zero.
    const bool insured = !account.insurer.empty();
    const bool goodInsurance = insured ? isGoodInfo(account.insurer) && account.coverageLimit.isPositive() &&
                                             account.evidence.size() <= kMaxInfoBytes
                                       : account.coverageLimit.isZero() && account.evidence.empty();
    if (!isGoodInfo(account.bank) || !isGoodInfo(account.accountReference) || !goodInsurance ||
        (insured && !money::findUnit(account.coverageLimit.unit))) {
        return Err(PartyError::InfoInvalid);
    }
    (*holder)->fiatAccount = std::move(account);
    return {};
}

Result<void, PartyError> Parties::setAssetAccount(const Actor& by, AssetAccount account) {
    const auto holder = holderToChange(by);
    if (!holder) return Err(holder.error());
    if (!isGoodInfo(account.address) || !money::findUnit(account.unit)) return Err(PartyError::InfoInvalid);
    putByUnit((*holder)->assetAccounts, std::move(account), [](const AssetAccount& a) { return a.unit; });
    return {};
}

Result<void, PartyError> Parties::setStanding(HolderId id, Standing standing, std::string evidence) {
    if (!holder(id)) return Err(PartyError::UnknownHolder);
    if (evidence.size() > kMaxInfoBytes) return Err(PartyError::InfoInvalid);
    m_holders[id.value - 1].standing = standing;
    ++m_version;
    m_holders[id.value - 1].evidence = std::move(evidence);
    return {};
}

Result<Actor, PartyError> Parties::actorOf(const IdentityKey& key) const {
    const UserId* id = m_userOf.find(key);
    if (!id) return Err(PartyError::UnknownKey);
    const User& found = *user(*id);
    return Actor{key, found.holder, found.id, found.roles, holder(found.holder)->standing};
}

Result<void, PartyError> Parties::checkMay(const Actor& actor, Role role) const {
    if (!actor.has(role)) return Err(PartyError::NotPermitted);
    switch (actor.standing) {
    case Standing::Verified: return {};
    case Standing::Restricted: return Err(PartyError::HolderRestricted);
    case Standing::Frozen: return Err(PartyError::HolderFrozen);
    case Standing::Pending:
    case Standing::kCount: break;
    }
    return Err(PartyError::HolderPending);
}

Result<void, PartyError> Parties::checkWithdraw(const Actor& actor) const {
    const auto may = checkMay(actor, kTreasurer);
    if (!may && may.error() == PartyError::HolderRestricted) return {};
    return may;
}

Result<void, PartyError> Parties::checkOrder(const Actor& actor, const money::Amount& value) const {
    if (const auto may = checkMay(actor, kTrader); !may) return may;
    const User* found = user(actor.user);
    if (!found) return Err(PartyError::UnknownUser);
    if (!isLimited(actor.user)) return {}; // spares memory a visit
    for (const money::Amount& limit : found->orderLimits) {
        if (limit.unit == value.unit && value.value > limit.value) return Err(PartyError::LimitExceeded);
    }
    return {};
}

void Parties::save(CborWriter& writer) const {
    writer.array(2);
    writer.array(m_holders.size());
    for (const Holder& one : m_holders) writeCbor(writer, one);
    writer.array(m_users.size());
    for (const User& one : m_users) writeCbor(writer, one);
}

// What is read twice in the two lists must agree, and every key speaks for one user.
bool Parties::indexLoaded() {
    for (std::size_t i = 0; i < m_users.size(); ++i) {
        const User& one = m_users[i];
        if (one.id.value != i + 1 || !holder(one.holder)) return false;
        for (const IdentityKey& key : one.devices) {
            if (m_userOf.contains(key)) return false;
            m_userOf.insert(key, one.id);
        }
        if (!one.orderLimits.empty()) markLimited(one.id);
    }
    std::size_t listed = 0; // users whom their holder lists
    for (std::size_t i = 0; i < m_holders.size(); ++i) {
        const Holder& one = m_holders[i];
        if (one.id.value != i + 1) return false;
        for (std::size_t n = 0; n < one.users.size(); ++n) {
            const User* theirs = user(one.users[n]);
            if (!theirs || theirs->holder != one.id) return false;
            if (n > 0 && one.users[n] <= one.users[n - 1]) return false;
        }
        listed += one.users.size();
    }
    return listed == m_users.size();
}

Result<Parties, CborError> Parties::load(CborReader& reader) {
    Parties parties;
    if (reader.array(2) != 2) reader.fail(CborError::WrongType);
    const std::uint64_t holders = reader.array(UINT64_MAX);
    // Most take more bytes than this; a wrong count asks for no memory out of proportion to the input.
    constexpr std::size_t kFewBytes = 64;
    parties.m_holders.reserve(std::min<std::uint64_t>(holders, reader.remaining() / kFewBytes));
    for (std::uint64_t i = 0; i < holders && reader.ok(); ++i) parties.m_holders.push_back(readCbor<Holder>(reader));
    const std::uint64_t users = reader.array(UINT64_MAX);
    parties.m_users.reserve(std::min<std::uint64_t>(users, reader.remaining() / kFewBytes));
    for (std::uint64_t i = 0; i < users && reader.ok(); ++i) parties.m_users.push_back(readCbor<User>(reader));
    if (reader.ok() && !parties.indexLoaded()) reader.fail(CborError::OutOfRange);
    if (!reader.ok()) return Err(reader.error());
    return parties;
}

} // namespace tallylock::parties
