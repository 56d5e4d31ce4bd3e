// Money going out: the address book, requests, approvals, and what the coordinator reports.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr std::size_t kMostAddresses = 200; // of one holder
constexpr std::size_t kMostOpen = 1000;     // of one holder
constexpr std::size_t kMostReferenceBytes = 256;
constexpr std::int64_t kApprovalMs = 3 * 86'400'000ll;
enum State : unsigned { Requested = 0, Approved = 1, Paying = 2, Sent = 3, Failed = 4, Stopped = 5, Expired = 6 };

bool isPrintable(const std::string& text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A bank moves whole cents, of which the ledger's parts are a millionth; the digital dollar's chain a hundred parts.
bool isMovable(const Money& amount) {
    constexpr unsigned kDigitalDollar = 6;
    if (amount.unit == kDigitalDollar) return amount.value % 100 == 0;
    return !unitOf(amount.unit)->isFiat || amount.value % 1'000'000 == 0;
}
} // namespace

Record Books::told(std::uint64_t id, const PayoutAddress& address, bool removed) {
    return {kPayoutAddressChanged,
            {{2, removed ? "true" : "false"}},
            {{1, std::to_string(id)},
             {2, std::to_string(address.holder)},
             {3, std::to_string(address.unit)},
             {4, address.address},
             {5, address.label},
             {6, std::to_string(address.usableFromMs)}}};
}

Outcome Books::addPayoutAddress(const Item& c) {
    if (auto why = mayNotMoveOut(); !why.empty()) return refuse(why);
    const auto unit = static_cast<unsigned>(c.at(1).number());
    const std::string& address = c.at(2).text();
    const std::string& label = c.at(3).text();
    if (address.empty() || address.size() > 256 || !isPrintable(address) || label.size() > 200 || !isPrintable(label) ||
        !unitOf(unit)) {
        return refuse("address-invalid");
    }
    const std::uint64_t holder = actor()->holder;
    std::size_t count = 0;
    for (const auto& [id, known] : m_addresses) {
        if (known.holder != holder) continue;
        ++count;
        if (known.unit == unit && known.address == address) return refuse("address-in-use");
    }
    if (count >= kMostAddresses) return refuse("addresses-too-many");
    Outcome out;
    out.value = ++m_lastAddress;
    const PayoutAddress& added =
        m_addresses[out.value] = {holder, unit, address, label, m_nowMs + policyOf(holder).waitingMs};
    out.records.push_back(told(out.value, added, false));
    look(holder, true, {0, unit}, address, 0, out);
    return out;
}

/// Of what only takes money back: a treasurer or an administrator, whatever the standing.
std::string Books::mayNotEnd() const {
    const User* by = actor();
    if (!by) return "not-registered";
    return (by->roles & 5) != 0 ? "" : "not-permitted";
}

Outcome Books::removePayoutAddress(const Item& c) {
    if (auto why = mayNotEnd(); !why.empty()) return refuse(why);
    const auto found = m_addresses.find(c.at(1).number());
    if (found == m_addresses.end() || found->second.holder != actor()->holder) return refuse("address-unknown");
    Outcome out;
    out.records.push_back(told(found->first, found->second, true));
    m_addresses.erase(found);
    return out;
}

Outcome Books::told(const Withdrawal& w, std::uint64_t entry) const {
    std::string approvedBy;
    for (const std::uint64_t user : w.approvedBy) approvedBy += (approvedBy.empty() ? "" : ",") + std::to_string(user);
    Outcome out;
    out.records.push_back({kWithdrawalChanged,
                           {{2, std::to_string(entry)}},
                           {{1, std::to_string(w.id)},
                            {2, std::to_string(w.holder)},
                            {3, std::to_string(w.user)},
                            {4, std::to_string(w.address)},
                            {5, w.to},
                            {6, textOf(w.amount)},
                            {7, textOf(w.fee)},
                            {8, std::to_string(w.state)},
                            {9, std::to_string(w.needed)},
                            {10, "[" + approvedBy + "]"},
                            {11, std::to_string(w.requestedMs)},
                            {12, std::to_string(w.changedMs)},
                            {13, std::to_string(w.expiresMs)},
                            {15, w.rail},
                            {16, w.reference}}});
    return out;
}

Outcome Books::requestWithdrawal(const Item& c) {
    if (auto why = mayNotMoveOut(); !why.empty()) return refuse(why);
    const Money amount = Money::of(c.at(2));
    if (auto why = amountRefusal(amount); !why.empty()) return refuse(why);
    const User& by = *actor();
    const auto address = m_addresses.find(c.at(1).number());
    if (address == m_addresses.end() || address->second.holder != by.holder) return refuse("address-unknown");
    if (m_nowMs < address->second.usableFromMs) return refuse("address-waiting");
    if (amount.unit != address->second.unit || !isMovable(amount)) return refuse("amount-invalid");
    if (m_withdrawalsOf[by.holder].size() >= kMostOpen) return refuse("withdrawals-too-many");
    const Policy policy = policyOf(by.holder);
    if (isAboveDay(policy.userDay, false, by.id, amount)) return refuse("user-day-limit");
    if (isAboveDay(policy.holderDay, true, by.holder, amount)) return refuse("holder-day-limit");
    const Money fee = m_fees.contains(amount.unit) ? m_fees.at(amount.unit) : Money{0, amount.unit};
    const Whole free = balance({by.holder, amount.unit, Available, 0}) - held(by.holder, amount.unit);
    if (free < amount.value + fee.value) return refuse("insufficient-funds");
    Withdrawal w;
    w.id = ++m_lastWithdrawal;
    w.holder = by.holder;
    w.user = by.id;
    w.address = address->first;
    w.to = address->second.address;
    w.amount = amount;
    w.fee = fee;
    w.needed = policy.approvals;
    w.state = w.needed > 0 ? Requested : Approved;
    w.requestedMs = w.changedMs = m_nowMs;
    w.expiresMs = w.needed > 0 ? m_nowMs + kApprovalMs : 0;
    m_withdrawals[w.id] = w;
    m_withdrawalsOf[w.holder].insert(w.id);
    count(w, 1);
    Outcome out = told(w);
    out.value = w.id;
    out.touched.insert({w.holder, amount.unit});
    look(w.holder, true, amount, w.to, w.id, out);
    return out;
}

Outcome Books::approveWithdrawal(const Item& c) {
    if (auto why = mayNotMoveOut(); !why.empty()) return refuse(why);
    const auto found = m_withdrawals.find(c.at(1).number());
    if (found == m_withdrawals.end() || found->second.holder != actor()->holder) return refuse("withdrawal-unknown");
    Withdrawal& w = found->second;
    if (w.state != Requested) return refuse("withdrawal-wrong-state");
    if (w.user == actor()->id) return refuse("approver-is-maker");
    if (std::count(w.approvedBy.begin(), w.approvedBy.end(), actor()->id) > 0) return refuse("already-approved");
    w.approvedBy.push_back(actor()->id);
    w.changedMs = m_nowMs;
    if (w.approvedBy.size() >= w.needed) {
        w.state = Approved;
        w.expiresMs = 0;
    }
    return told(w);
}

/// It is over. What has not been paid, on the day it was asked for, does not count for that day.
Outcome Books::end(Withdrawal w, unsigned state, const std::string& reference) {
    w.state = state;
    w.changedMs = m_nowMs;
    w.expiresMs = 0;
    w.reference = reference.substr(0, kMostReferenceBytes);
    m_withdrawals.erase(w.id);
    m_withdrawalsOf[w.holder].erase(w.id);
    if (state != Sent) count(w, -1);
    Outcome out = told(w, state == Sent ? m_entries + 1 : 0);
    out.touched.insert({w.holder, w.amount.unit});
    return out;
}

Outcome Books::expire(std::uint64_t withdrawal) { return end(m_withdrawals.at(withdrawal), Expired); }

Outcome Books::cancelWithdrawal(const Item& c) {
    if (auto why = mayNotEnd(); !why.empty()) return refuse(why);
    const auto found = m_withdrawals.find(c.at(1).number());
    if (found == m_withdrawals.end() || found->second.holder != actor()->holder) return refuse("withdrawal-unknown");
    if (found->second.state == Paying) return refuse("withdrawal-wrong-state");
    return end(found->second, Stopped);
}

Outcome Books::startWithdrawal(const Item& c) {
    const std::string& rail = c.at(2).text();
    if (!isCoordinator()) return refuse("not-permitted");
    if (rail.empty() || rail.size() > 64) return refuse("rail-invalid");
    const auto found = m_withdrawals.find(c.at(1).number());
    if (found == m_withdrawals.end()) return refuse("withdrawal-unknown");
    Withdrawal& w = found->second;
    if (m_holders.at(w.holder).standing == Standing::Frozen && w.state != Paying) return refuse("account-frozen");
    if (isHeldByCase(w.holder) && w.state != Paying) return refuse("withdrawal-held");
    if (w.state == Paying && w.rail == rail) return {};
    if (w.state != Approved) return refuse("withdrawal-wrong-state");
    w.state = Paying;
    w.rail = rail;
    w.changedMs = m_nowMs;
    return told(w);
}

Outcome Books::reportWithdrawal(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const auto found = m_withdrawals.find(c.at(1).number());
    if (found == m_withdrawals.end()) return refuse("withdrawal-unknown");
    if (found->second.state != Paying) return refuse("withdrawal-wrong-state");
    const Withdrawal w = found->second;
    const bool sent = c.at(2).flag();
    Outcome out = end(w, sent ? Sent : Failed, c.at(3).text());
    if (!sent) return out;
    const unsigned unit = w.amount.unit;
    Posting posting{Invariant::WithdrawalsPayOnce, "withdrawal", {}};
    posting.add({w.holder, unit, Available, 0}, -(w.amount.value + w.fee.value));
    posting.add({0, unit, unitOf(unit)->isFiat ? BankCustody : Custody, 0}, w.amount.value);
    if (w.fee.value != 0) posting.add({0, unit, Fees, 0}, w.fee.value);
    m_arrived[unit] -= w.amount.value;
    post(std::move(posting), out);
    out.value = m_entries;
    return out;
}

Outcome Books::setWithdrawalFee(const Item& c) {
    const Money fee = Money::of(c.at(1));
    if (!isCoordinator()) return refuse("not-permitted");
    if (!unitOf(fee.unit)) return refuse("unit-unknown");
    if (auto why = amountRefusal(fee); !why.empty() && why != "amount-zero") return refuse(why);
    m_fees[fee.unit] = fee;
    Outcome out;
    out.records.push_back({kWithdrawalFeeSet, {{1, textOf(fee)}}});
    return out;
}

} // namespace tallylock::audit
