#include "core/treasury/Withdrawals.h"

#include <algorithm>
#include <cassert>

namespace tallylock::treasury {

using E = WithdrawalError;
using money::Amount;
using money::Int128;

namespace {
constexpr std::size_t kMaxAddressBytes = 256;
constexpr std::size_t kMaxLabelBytes = 200;
constexpr std::size_t kMaxReferenceBytes = 256;
constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

bool isPrintable(const std::string& text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

/// The limit of a unit, if there is one.
const Amount* limitOf(const std::vector<Amount>& limits, money::UnitId unit) {
    const auto found = std::find_if(limits.begin(), limits.end(), [unit](const Amount& a) { return a.unit == unit; });
    return found == limits.end() ? nullptr : &*found;
}

bool areGoodLimits(const std::vector<Amount>& limits) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
        if (limits[i].value < 0 || !money::findUnit(limits[i].unit)) return false;
        if (i > 0 && limits[i - 1].unit >= limits[i].unit) return false;
    }
    return true;
}

bool someLimitIsLooser(const std::vector<Amount>& next, const std::vector<Amount>& now) {
    return std::any_of(now.begin(), now.end(), [&](const Amount& limit) {
        const Amount* other = limitOf(next, limit.unit);
        return !other || other->value > limit.value;
    });
}

/// What a chain or bank can move is a whole number of these. The unit must be known.
Int128 smallestMove(money::UnitId id) {
    const money::Unit* unit = money::findUnit(id);
    return money::powerOfTen(unit->ledgerDecimals - unit->railDecimals);
}
bool isMovable(const Amount& amount) {
    return money::findUnit(amount.unit) && amount.value % smallestMove(amount.unit) == 0;
}

bool contains(const std::vector<UserId>& users, UserId user) {
    return std::find(users.begin(), users.end(), user) != users.end();
}
} // namespace

const char* nameOf(WithdrawalState state) {
    switch (state) {
    case WithdrawalState::Requested: return "requested";
    case WithdrawalState::Approved: return "approved";
    case WithdrawalState::Paying: return "paying";
    case WithdrawalState::Sent: return "sent";
    case WithdrawalState::Failed: return "failed";
    case WithdrawalState::Cancelled: return "cancelled";
    case WithdrawalState::Expired: return "expired";
    case WithdrawalState::kCount: break;
    }
    return "?";
}

const char* nameOf(WithdrawalError error) {
    switch (error) {
    case E::AddressUnknown: return "address unknown";
    case E::AddressInvalid: return "address invalid";
    case E::AddressInUse: return "address in use";
    case E::AddressesTooMany: return "too many addresses";
    case E::AddressWaiting: return "address waiting";
    case E::AmountInvalid: return "amount invalid";
    case E::WithdrawalUnknown: return "withdrawal unknown";
    case E::WrongState: return "wrong state";
    case E::ApproverIsMaker: return "approver is maker";
    case E::AlreadyApproved: return "already approved";
    case E::WithdrawalsTooMany: return "too many withdrawals";
    case E::UserDayLimit: return "the user's limit of the day";
    case E::HolderDayLimit: return "the holder's limit of the day";
    case E::PolicyInvalid: return "policy invalid";
    case E::PolicyChangeUnknown: return "policy change unknown";
    case E::Overflow: return "overflow";
    }
    return "?";
}

WithdrawalPolicy defaultPolicy(bool institution, bool practice) {
    WithdrawalPolicy policy;
    policy.approvals = institution ? 1 : 0;
    policy.waitingMs = practice ? 0 : kDayMs;
    return policy;
}

bool isLooser(const WithdrawalPolicy& next, const WithdrawalPolicy& now) {
    return next.approvals < now.approvals || next.waitingMs < now.waitingMs ||
           (now.secondFactor && !next.secondFactor) || someLimitIsLooser(next.userDay, now.userDay) ||
           someLimitIsLooser(next.holderDay, now.holderDay);
}

Movers whoCouldMove(const WithdrawalPolicy& policy, const Amount& amount, std::vector<UserId> treasurers) {
    Movers movers{0, std::move(treasurers)};
    std::sort(movers.of.begin(), movers.of.end());
    movers.of.erase(std::unique(movers.of.begin(), movers.of.end()), movers.of.end());
    if (!amount.isPositive()) return movers;
    if (const Amount* most = limitOf(policy.holderDay, amount.unit); most && amount.value > most->value) return movers;
    movers.needed = std::size_t{policy.approvals} + 1;
    const Amount* each = limitOf(policy.userDay, amount.unit);
    if (!each) return movers;
    if (each->value == 0) return {0, std::move(movers.of)};
    // Whoever is above the limit of one lets others ask for the rest.
    const Int128 makers = (amount.value - 1) / each->value + 1;
    if (makers > static_cast<Int128>(movers.of.size())) return {movers.of.size() + 1, std::move(movers.of)};
    movers.needed = std::max(movers.needed, static_cast<std::size_t>(makers));
    return movers;
}

// --- policy ---------------------------------------------------------------------------------------------------------

const WithdrawalPolicy* Withdrawals::policyOf(HolderId holder) const {
    const auto found = m_policies.find(holder);
    return found == m_policies.end() ? nullptr : &found->second;
}

const PolicyChange* Withdrawals::pendingChange(HolderId holder) const {
    const auto found = m_changes.find(holder);
    return found == m_changes.end() ? nullptr : &found->second;
}

Result<void, E> Withdrawals::checkPolicy(const WithdrawalPolicy& policy) {
    const bool good = policy.approvals <= kMaxApprovals && policy.waitingMs >= 0 && policy.waitingMs <= kMaxWaitingMs &&
                      areGoodLimits(policy.userDay) && areGoodLimits(policy.holderDay);
    if (!good) return Err(E::PolicyInvalid);
    return {};
}

void Withdrawals::dropChange(HolderId holder) {
    const auto found = m_changes.find(holder);
    if (found == m_changes.end()) return;
    m_deadlines.erase({found->second.dueMs, DeadlineKind::PolicyChange, holder.value});
    m_changes.erase(found);
}

void Withdrawals::setPolicy(HolderId holder, WithdrawalPolicy policy) {
    dropChange(holder);
    m_policies[holder] = std::move(policy);
}

const PolicyChange& Withdrawals::propose(HolderId holder, UserId proposer, WithdrawalPolicy policy,
                                         const WithdrawalPolicy& inForce, std::int64_t nowMs) {
    dropChange(holder);
    PolicyChange change;
    change.id = {++m_lastChange};
    change.holder = holder;
    change.proposer = proposer;
    change.policy = std::move(policy);
    change.approvalsNeeded = inForce.approvals;
    change.approved = change.approvalsNeeded == 0;
    change.dueMs = nowMs + (change.approved ? inForce.waitingMs : kApprovalMs);
    m_deadlines.insert({change.dueMs, DeadlineKind::PolicyChange, holder.value});
    return m_changes[holder] = std::move(change);
}

Result<PolicyChange, E> Withdrawals::approveChange(HolderId holder, UserId by, PolicyChangeId id,
                                                   const WithdrawalPolicy& inForce, std::int64_t nowMs) {
    const auto found = m_changes.find(holder);
    if (found == m_changes.end() || found->second.id != id) return Err(E::PolicyChangeUnknown);
    PolicyChange& change = found->second;
    if (change.approved) return Err(E::WrongState);
    if (change.proposer == by) return Err(E::ApproverIsMaker);
    if (contains(change.approvedBy, by)) return Err(E::AlreadyApproved);
    change.approvedBy.push_back(by);
    if (change.approvedBy.size() >= change.approvalsNeeded) {
        m_deadlines.erase({change.dueMs, DeadlineKind::PolicyChange, holder.value});
        change.approved = true;
        change.dueMs = nowMs + inForce.waitingMs;
        m_deadlines.insert({change.dueMs, DeadlineKind::PolicyChange, holder.value});
    }
    return change;
}

// --- devices --------------------------------------------------------------------------------------------------------

void Withdrawals::holdBack(const IdentityKey& device, std::int64_t usableFromMs, std::int64_t nowMs) {
    std::erase_if(m_heldBack, [nowMs](const auto& one) { return one.second <= nowMs; });
    if (usableFromMs > nowMs) m_heldBack[device] = usableFromMs;
}

bool Withdrawals::isHeldBack(const IdentityKey& device, std::int64_t nowMs) const {
    const auto found = m_heldBack.find(device);
    return found != m_heldBack.end() && nowMs < found->second;
}

// --- address book ---------------------------------------------------------------------------------------------------

Result<PayoutAddress, E> Withdrawals::addAddress(HolderId holder, money::UnitId unit, const std::string& address,
                                                 const std::string& label, std::int64_t usableFromMs) {
    if (address.empty() || address.size() > kMaxAddressBytes || !isPrintable(address) ||
        label.size() > kMaxLabelBytes || !isPrintable(label) || !money::findUnit(unit)) {
        return Err(E::AddressInvalid);
    }
    const auto own = m_addressesOf.find(holder);
    if (own != m_addressesOf.end()) {
        for (const PayoutAddressId id : own->second) {
            const PayoutAddress& known = m_addresses.at(id);
            if (known.unit == unit && known.address == address) return Err(E::AddressInUse);
        }
        if (own->second.size() >= kMaxPayoutAddresses) return Err(E::AddressesTooMany);
    }
    PayoutAddress added{{++m_lastAddress}, holder, unit, address, label, usableFromMs};
    m_addressesOf[holder].insert(added.id);
    m_addresses.emplace(added.id, added);
    return added;
}

Result<PayoutAddress, E> Withdrawals::removeAddress(HolderId holder, PayoutAddressId id) {
    const auto found = m_addresses.find(id);
    if (found == m_addresses.end() || found->second.holder != holder) return Err(E::AddressUnknown);
    PayoutAddress removed = std::move(found->second);
    m_addresses.erase(found);
    m_addressesOf[holder].erase(id);
    return removed;
}

std::vector<PayoutAddress> Withdrawals::addressesOf(HolderId holder) const {
    std::vector<PayoutAddress> list;
    const auto own = m_addressesOf.find(holder);
    if (own == m_addressesOf.end()) return list;
    for (const PayoutAddressId id : own->second) list.push_back(m_addresses.at(id));
    return list;
}

Result<PayoutAddress, E> Withdrawals::usableAddress(HolderId holder, PayoutAddressId id, money::UnitId unit,
                                                    std::int64_t nowMs) const {
    const auto found = m_addresses.find(id);
    const bool isKnown = found != m_addresses.end() && found->second.holder == holder && found->second.unit == unit;
    if (!isKnown) return Err(E::AddressUnknown);
    if (nowMs < found->second.usableFromMs) return Err(E::AddressWaiting);
    return found->second;
}

// --- withdrawals ----------------------------------------------------------------------------------------------------

void Withdrawals::setFee(const Amount& fee) {
    if (fee.isZero()) {
        m_fees.erase(fee.unit);
    } else {
        m_fees[fee.unit] = fee;
    }
}

Amount Withdrawals::feeOf(money::UnitId unit) const {
    const auto found = m_fees.find(unit);
    return found == m_fees.end() ? Amount{0, unit} : found->second;
}

Int128 Withdrawals::spent(const Spent& key, std::int64_t nowMs) const {
    if (nowMs / kDayMs != m_day) return 0;
    const auto found = m_spent.find(key);
    return found == m_spent.end() ? Int128{0} : found->second.value;
}

Result<Withdrawal, E> Withdrawals::prepare(HolderId holder, UserId user, PayoutAddressId id, const Amount& amount,
                                           const WithdrawalPolicy& policy, std::int64_t nowMs) const {
    const auto found = m_addresses.find(id);
    if (found == m_addresses.end() || found->second.holder != holder) return Err(E::AddressUnknown);
    const PayoutAddress& address = found->second;
    if (nowMs < address.usableFromMs) return Err(E::AddressWaiting);
    if (amount.unit != address.unit || !amount.isPositive() || !isMovable(amount)) return Err(E::AmountInvalid);
    const Amount fee = feeOf(amount.unit);
    if (!(amount + fee)) return Err(E::Overflow);
    if (openOf(holder) >= kMaxOpenWithdrawals) return Err(E::WithdrawalsTooMany);

    const auto exceeds = [&](const std::vector<Amount>& limits, const Spent& key) {
        const Amount* most = limitOf(limits, amount.unit);
        Int128 sum = spent(key, nowMs);
        return most && (!money::addTo(sum, amount.value) || sum > most->value);
    };
    if (exceeds(policy.userDay, {user.value, false, amount.unit})) return Err(E::UserDayLimit);
    if (exceeds(policy.holderDay, {holder.value, true, amount.unit})) return Err(E::HolderDayLimit);
    Int128 all = spent({holder.value, true, amount.unit}, nowMs);
    if (!money::addTo(all, amount.value)) return Err(E::Overflow);

    Withdrawal withdrawal;
    withdrawal.holder = holder;
    withdrawal.user = user;
    withdrawal.address = id;
    withdrawal.to = address.address;
    withdrawal.amount = amount;
    withdrawal.fee = fee;
    withdrawal.approvalsNeeded = policy.approvals;
    withdrawal.state = policy.approvals == 0 ? WithdrawalState::Approved : WithdrawalState::Requested;
    withdrawal.requestedMs = nowMs;
    withdrawal.changedMs = nowMs;
    withdrawal.expiresMs = policy.approvals == 0 ? 0 : nowMs + kApprovalMs;
    return withdrawal;
}

std::size_t Withdrawals::openOf(HolderId holder) const {
    const auto open = m_openOf.find(holder);
    return open == m_openOf.end() ? 0 : open->second;
}

Result<Withdrawal, E> Withdrawals::prepareRefund(HolderId holder, SaleId sale, PayoutAddressId id,
                                                 const Amount& cameBack, std::int64_t nowMs) const {
    const auto address = usableAddress(holder, id, cameBack.unit, nowMs);
    if (!address) return Err(address.error());
    const Amount fee = feeOf(cameBack.unit);
    Amount amount{cameBack.value - fee.value, cameBack.unit};
    amount.value -= amount.value % smallestMove(amount.unit);
    if (!amount.isPositive()) return Err(E::AmountInvalid);
    if (openOf(holder) >= kMaxOpenForRefunds) return Err(E::WithdrawalsTooMany);

    Withdrawal withdrawal;
    withdrawal.holder = holder;
    withdrawal.address = id;
    withdrawal.to = address->address;
    withdrawal.amount = amount;
    withdrawal.fee = fee;
    withdrawal.state = WithdrawalState::Approved;
    withdrawal.requestedMs = nowMs;
    withdrawal.changedMs = nowMs;
    withdrawal.sale = sale;
    return withdrawal;
}

/// What users ask for counts for its day, whether it is paid that day or later.
void Withdrawals::count(const Withdrawal& w) {
    if (w.sale) return;
    if (const std::int64_t day = w.requestedMs / kDayMs; day != m_day) {
        m_day = day;
        m_spent.clear();
    }
    for (const Spent& key : {Spent{w.user.value, false, w.amount.unit}, Spent{w.holder.value, true, w.amount.unit}}) {
        Amount& sum = m_spent.try_emplace(key, Amount{0, w.amount.unit}).first->second;
        const bool fits = money::addTo(sum.value, w.amount.value);
        assert(fits && "prepare has added it up");
        (void)fits;
    }
}

void Withdrawals::giveBack(const Withdrawal& w, std::int64_t nowMs) {
    if (w.sale || w.requestedMs / kDayMs != m_day || nowMs / kDayMs != m_day) return;
    for (const Spent& key : {Spent{w.user.value, false, w.amount.unit}, Spent{w.holder.value, true, w.amount.unit}}) {
        const auto found = m_spent.find(key);
        if (found == m_spent.end()) continue;
        found->second.value -= w.amount.value;
        if (found->second.isZero()) m_spent.erase(found);
    }
}

const Withdrawal& Withdrawals::begin(Withdrawal prepared, HoldId hold) {
    prepared.id = {++m_lastWithdrawal};
    prepared.hold = hold;
    count(prepared);
    ++m_openOf[prepared.holder];
    if (prepared.expiresMs != 0) m_deadlines.insert({prepared.expiresMs, DeadlineKind::Withdrawal, prepared.id.value});
    const WithdrawalId id = prepared.id;
    return m_open.emplace(id, std::move(prepared)).first->second;
}

Result<Withdrawal*, E> Withdrawals::openOne(HolderId holder, WithdrawalId id) {
    const auto found = m_open.find(id);
    if (found == m_open.end() || (holder && found->second.holder != holder)) return Err(E::WithdrawalUnknown);
    return &found->second;
}

Result<Withdrawal, E> Withdrawals::approve(HolderId holder, UserId by, WithdrawalId id, std::int64_t nowMs) {
    const auto found = openOne(holder, id);
    if (!found) return Err(found.error());
    Withdrawal& w = **found;
    if (w.state != WithdrawalState::Requested) return Err(E::WrongState);
    if (w.user == by) return Err(E::ApproverIsMaker);
    if (contains(w.approvedBy, by)) return Err(E::AlreadyApproved);
    w.approvedBy.push_back(by);
    w.changedMs = nowMs;
    if (w.approvedBy.size() >= w.approvalsNeeded) {
        m_deadlines.erase({w.expiresMs, DeadlineKind::Withdrawal, w.id.value});
        w.expiresMs = 0;
        w.state = WithdrawalState::Approved;
    }
    return w;
}

Withdrawal Withdrawals::end(Withdrawal& w, WithdrawalState state, std::int64_t nowMs) {
    if (w.expiresMs != 0) m_deadlines.erase({w.expiresMs, DeadlineKind::Withdrawal, w.id.value});
    if (state != WithdrawalState::Sent) giveBack(w, nowMs);
    if (--m_openOf[w.holder] == 0) m_openOf.erase(w.holder);
    Withdrawal ended = std::move(w);
    m_open.erase(ended.id);
    ended.state = state;
    ended.expiresMs = 0;
    ended.changedMs = nowMs;
    return ended;
}

Result<Withdrawal, E> Withdrawals::cancel(HolderId holder, WithdrawalId id, std::int64_t nowMs) {
    const auto found = openOne(holder, id);
    if (!found) return Err(found.error());
    if ((*found)->state == WithdrawalState::Paying) return Err(E::WrongState);
    return end(**found, WithdrawalState::Cancelled, nowMs);
}

Result<Withdrawal, E> Withdrawals::start(WithdrawalId id, const std::string& rail, std::int64_t nowMs) {
    const auto found = openOne({}, id);
    if (!found) return Err(found.error());
    Withdrawal& w = **found;
    if (w.state == WithdrawalState::Paying && w.rail == rail) return w;
    if (w.state != WithdrawalState::Approved) return Err(E::WrongState);
    w.state = WithdrawalState::Paying;
    w.rail = rail;
    w.changedMs = nowMs;
    return w;
}

Result<Withdrawal, E> Withdrawals::finish(WithdrawalId id, bool sent, const std::string& reference,
                                          std::int64_t nowMs) {
    const auto found = openOne({}, id);
    if (!found) return Err(found.error());
    if ((*found)->state != WithdrawalState::Paying) return Err(E::WrongState);
    Withdrawal ended = end(**found, sent ? WithdrawalState::Sent : WithdrawalState::Failed, nowMs);
    ended.reference = reference.substr(0, kMaxReferenceBytes);
    return ended;
}

const Withdrawal* Withdrawals::find(WithdrawalId id) const {
    const auto found = m_open.find(id);
    return found == m_open.end() ? nullptr : &found->second;
}

std::vector<Withdrawal> Withdrawals::toCarryOut() const {
    std::vector<Withdrawal> list;
    for (const auto& [id, w] : m_open) {
        if (w.state == WithdrawalState::Approved || w.state == WithdrawalState::Paying) list.push_back(w);
    }
    return list;
}

std::vector<Withdrawal> Withdrawals::refundsNotBegun(SaleId sale) const {
    std::vector<Withdrawal> list;
    for (auto one = m_open.rbegin(); one != m_open.rend(); ++one) {
        const Withdrawal& w = one->second;
        if (w.sale == sale && w.state == WithdrawalState::Approved) list.push_back(w);
    }
    return list;
}

// --- one-time codes -------------------------------------------------------------------------------------------------

bool Withdrawals::confirm(UserId user, const Hash& command, std::uint64_t step) {
    const auto found = m_confirmed.find(user);
    if (found != m_confirmed.end() && step <= found->second.step) return false;
    m_confirmed[user] = {step, command};
    return true;
}

bool Withdrawals::isConfirmed(UserId user, const Hash& command) const {
    const auto found = m_confirmed.find(user);
    return found != m_confirmed.end() && found->second.command == command;
}

// --- deadlines ------------------------------------------------------------------------------------------------------

std::optional<std::int64_t> Withdrawals::nextDeadlineMs() const {
    if (m_deadlines.empty()) return std::nullopt;
    return std::get<0>(*m_deadlines.begin());
}

Withdrawals::Fired Withdrawals::fireNext(std::int64_t nowMs) {
    assert(!m_deadlines.empty());
    const auto [dueMs, kind, number] = *m_deadlines.begin();
    if (kind == DeadlineKind::Withdrawal) {
        return end(m_open.at(WithdrawalId{number}), WithdrawalState::Expired, nowMs);
    }
    const HolderId holder{number};
    PolicyChange change = m_changes.at(holder);
    dropChange(holder);
    if (change.approved) m_policies[holder] = change.policy;
    return change;
}

} // namespace tallylock::treasury
