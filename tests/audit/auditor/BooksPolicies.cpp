// Who must agree before money leaves: policies and their changes, what waits, limits of a day, one-time codes; and what
// happens by itself when its time has come.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kApprovalMs = 3 * kDayMs;
constexpr std::int64_t kMostWaitingMs = 90 * kDayMs;
constexpr std::uint64_t kMostApprovals = 100;

/// By rising unit, none negative; else nothing.
std::optional<std::map<unsigned, Whole>> limitsFrom(const Item& list) {
    std::map<unsigned, Whole> limits;
    for (const Item& one : list.list()) {
        const Money most = Money::of(one);
        const bool rises = limits.empty() || limits.rbegin()->first < most.unit;
        if (!rises || most.value < 0 || !unitOf(most.unit)) return std::nullopt;
        limits[most.unit] = most.value;
    }
    return limits;
}

/// A limit of `now` that is gone or higher in `next`.
bool isSomeLooser(const std::map<unsigned, Whole>& next, const std::map<unsigned, Whole>& now) {
    return std::any_of(now.begin(), now.end(), [&](const auto& limit) {
        const auto found = next.find(limit.first);
        return found == next.end() || found->second > limit.second;
    });
}
} // namespace

// --- who may move money out
// ------------------------------------------------------------------------------------------

std::string Books::mayNotMoveOut() const {
    if (auto why = mayNot(4, true); !why.empty()) return why;
    if (isHeldBack(m_signer)) return "device-waiting";
    return lacksCode(policyOf(actor()->holder)) ? "second-factor-missing" : "";
}

bool Books::isHeldBack(const std::string& device) const {
    const auto found = m_heldBack.find(device);
    return found != m_heldBack.end() && m_nowMs < found->second;
}

/// What is new waits as the policy says; answers until when.
std::int64_t Books::holdBack(std::uint64_t holder, const std::string& device) {
    const std::int64_t usableFromMs = m_nowMs + policyOf(holder).waitingMs;
    if (usableFromMs > m_nowMs) m_heldBack[device] = usableFromMs;
    return usableFromMs;
}

bool Books::lacksCode(const Policy& policy) const {
    const auto found = m_codes.find(actor()->id);
    return policy.codes && (found == m_codes.end() || found->second.command != m_hash);
}

Outcome Books::confirmSecondFactor(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const auto user = m_userOf.find(c.at(1).bytes());
    if (user == m_userOf.end()) return refuse("not-registered");
    const std::uint64_t step = c.at(3).number();
    const auto known = m_codes.find(user->second);
    if (known != m_codes.end() && step <= known->second.step) return refuse("second-factor-used");
    m_codes[user->second] = {step, c.at(2).bytes()};
    return {};
}

// --- limits of a day of UTC
// ------------------------------------------------------------------------------------------

bool Books::isAboveDay(const std::map<unsigned, Whole>& limits, bool ofHolder, std::uint64_t who,
                       const Money& amount) const {
    const auto limit = limits.find(amount.unit);
    if (limit == limits.end()) return false;
    const auto spent = m_spent.find({m_nowMs / kDayMs, ofHolder, who, amount.unit});
    return amount.value + (spent == m_spent.end() ? 0 : spent->second) > limit->second;
}

/// What was asked for today counts today.
void Books::count(const Withdrawal& w, int sign) {
    const std::int64_t today = m_nowMs / kDayMs;
    if (w.requestedMs / kDayMs != today) return;
    m_spent[{today, false, w.user, w.amount.unit}] += sign * w.amount.value;
    m_spent[{today, true, w.holder, w.amount.unit}] += sign * w.amount.value;
}

// --- policies
// ---------------------------------------------------------------------------------------------------------

Books::Policy Books::policyOf(std::uint64_t holder) const {
    if (const auto own = m_policies.find(holder); own != m_policies.end()) return own->second;
    Policy usual;
    usual.approvals = m_holders.at(holder).institution ? 1 : 0;
    usual.waitingMs = m_practice ? 0 : kDayMs;
    usual.text =
        "{1:" + std::to_string(usual.approvals) + ",2:" + std::to_string(usual.waitingMs) + ",3:[],4:[],5:false}";
    return usual;
}

/// Nothing: it is invalid.
std::optional<Books::Policy> Books::policyFrom(const Item& item) {
    const std::uint64_t approvals = item.at(1).number();
    const std::int64_t waitingMs = item.at(2).integer();
    const auto userDay = limitsFrom(item.at(3));
    const auto holderDay = limitsFrom(item.at(4));
    if (approvals > kMostApprovals || waitingMs < 0 || waitingMs > kMostWaitingMs) return std::nullopt;
    if (!userDay || !holderDay) return std::nullopt;
    return Policy{approvals, waitingMs, *userDay, *holderDay, item.at(5).flag(), wordOf(item)};
}

bool Books::isLooser(const Policy& next, const Policy& now) {
    return next.approvals < now.approvals || next.waitingMs < now.waitingMs || (now.codes && !next.codes) ||
           isSomeLooser(next.userDay, now.userDay) || isSomeLooser(next.holderDay, now.holderDay);
}

std::size_t Books::treasurersOf(std::uint64_t holder) const {
    std::size_t count = 0;
    for (const auto& [id, user] : m_users) {
        if (user.holder == holder && (user.roles & 4) != 0 && !user.devices.empty()) ++count;
    }
    return count;
}

std::string Books::changeText(const PolicyChange& change) {
    std::string approvedBy;
    for (const std::uint64_t user : change.approvedBy) {
        approvedBy += (approvedBy.empty() ? "" : ",") + std::to_string(user);
    }
    return "{1:" + std::to_string(change.id) + ",2:" + std::to_string(change.holder) +
           ",3:" + std::to_string(change.proposer) + ",4:" + change.policy.text +
           ",5:" + std::to_string(change.needed) + ",6:[" + approvedBy + "],7:" + (change.approved ? "true" : "false") +
           ",8:" + std::to_string(change.dueMs) + "}";
}

Outcome Books::policyTold(std::uint64_t holder) const {
    const auto pending = m_changes.find(holder);
    Outcome out;
    out.records.push_back({kPolicyChanged,
                           {{1, std::to_string(holder)},
                            {2, policyOf(holder).text},
                            {3, pending == m_changes.end() ? kNone : changeText(pending->second)}}});
    return out;
}

void Books::begin(std::uint64_t holder, const Policy& policy) {
    m_changes.erase(holder);
    m_policies[holder] = policy;
}

Outcome Books::setWithdrawalPolicy(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & 1) == 0) return refuse("not-permitted");
    if (isHeldBack(m_signer)) return refuse("device-waiting");
    const auto policy = policyFrom(c.at(1));
    if (!policy) return refuse("policy-invalid");
    if (policy->approvals > 0 && treasurersOf(by->holder) <= policy->approvals) return refuse("policy-impossible");
    const Policy inForce = policyOf(by->holder);
    if (lacksCode(inForce) || lacksCode(*policy)) return refuse("second-factor-missing");
    const bool nobodyToAsk = inForce.approvals == 0 && inForce.waitingMs == 0;
    std::uint64_t number = 0;
    if (isLooser(*policy, inForce) && !nobodyToAsk) {
        number = ++m_lastChange;
        const bool approved = inForce.approvals == 0;
        const std::int64_t dueMs = m_nowMs + (approved ? inForce.waitingMs : kApprovalMs);
        m_changes[by->holder] = {number, by->holder, by->id, *policy, inForce.approvals, {}, approved, dueMs};
    } else {
        begin(by->holder, *policy);
    }
    Outcome out = policyTold(by->holder);
    out.value = number;
    return out;
}

Outcome Books::approvePolicyChange(const Item& c) {
    if (auto why = mayNotMoveOut(); !why.empty()) return refuse(why);
    const User& by = *actor();
    const auto found = m_changes.find(by.holder);
    if (found == m_changes.end() || found->second.id != c.at(1).number()) return refuse("policy-change-unknown");
    PolicyChange& change = found->second;
    if (change.approved) return refuse("withdrawal-wrong-state");
    if (change.proposer == by.id) return refuse("approver-is-maker");
    const bool again = std::count(change.approvedBy.begin(), change.approvedBy.end(), by.id) > 0;
    if (again) return refuse("already-approved");
    change.approvedBy.push_back(by.id);
    if (change.approvedBy.size() >= change.needed) {
        const std::int64_t waitingMs = policyOf(by.holder).waitingMs;
        change.approved = true;
        change.dueMs = m_nowMs + waitingMs;
        if (waitingMs == 0) begin(by.holder, Policy(change.policy));
    }
    return policyTold(by.holder);
}

// --- what happens by itself
// ------------------------------------------------------------------------------------------

/// In the order of their time; of one time a withdrawal's before a policy's before a dead-man switch, each by
/// number.
std::optional<Outcome> Books::fireNext() {
    std::set<Deadline> due;
    for (const auto& [id, w] : m_withdrawals) {
        if (w.expiresMs != 0 && w.expiresMs <= m_nowMs) due.insert({w.expiresMs, OfWithdrawal, id});
    }
    for (const auto& [holder, change] : m_changes) {
        if (change.dueMs <= m_nowMs) due.insert({change.dueMs, OfPolicyChange, holder});
    }
    for (const auto& [owner, one] : m_deadMen) {
        if (one.dueMs <= m_nowMs) due.insert({one.dueMs, OfDeadMan, one.number});
    }
    if (due.empty()) return std::nullopt;
    const auto [time, kind, number] = *due.begin();
    if (kind == OfWithdrawal) return expire(number);
    if (kind == OfDeadMan) return fireDeadMan(number);
    const PolicyChange change = m_changes.at(number);
    m_changes.erase(number);
    if (change.approved) m_policies[number] = change.policy; // else nobody has agreed in time
    return policyTold(number);
}

} // namespace tallylock::audit
