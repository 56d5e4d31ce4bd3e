// Identifiers and deposits: credited once, when final, to whom they are for; back when they vanish.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr std::uint64_t kLeastToForget = 100; // confirmations after which nothing can vanish

bool isGoodRail(const std::string& rail) { return !rail.empty() && rail.size() <= 64; }
bool isGoodIdentifier(const std::string& text) { return !text.empty() && text.size() <= 256; }

Account custodyOf(unsigned unit) { return {0, unit, unitOf(unit)->isFiat ? BankCustody : Custody, 0}; }
} // namespace

static Whole largestAmount() {
    Whole largest = 1;
    for (int i = 0; i < 30; ++i) largest *= 10;
    return largest;
}

std::string amountRefusal(const Money& amount) {
    if (amount.value < 0) return "amount-negative";
    if (amount.value == 0) return "amount-zero";
    if (amount.value > largestAmount()) return "amount-overflow";
    return {};
}

/// A hundred times the largest amount, of one unit and in all.
bool Books::fitsOutside(const Money& more) const { return arrived(more.unit) + more.value <= 100 * largestAmount(); }

Outcome Books::requestIdentifier(const Item& c) {
    if (auto why = mayNot(4); !why.empty()) return refuse(why);
    const auto unit = static_cast<unsigned>(c.at(1).number());
    if (!unitOf(unit)) return refuse("unit-unknown");
    Outcome out;
    const std::uint64_t holder = actor()->holder;
    if (m_wanted.insert({holder, unit}).second) {
        out.records.push_back({20, {{1, std::to_string(holder)}, {2, std::to_string(unit)}}});
    }
    return out;
}

Outcome Books::assignIdentifier(const Item& c) {
    const std::uint64_t holder = c.at(1).number();
    const auto unit = static_cast<unsigned>(c.at(2).number());
    const std::string& rail = c.at(3).text();
    const std::string& identifier = c.at(4).text();
    if (!isCoordinator()) return refuse("not-permitted");
    if (!m_holders.contains(holder)) return refuse("not-registered");
    if (!unitOf(unit)) return refuse("unit-unknown");
    const auto present = m_identifierOf.find({rail, holder, unit});
    if (present != m_identifierOf.end() && present->second != identifier) return refuse("identifier-in-use");
    if (present == m_identifierOf.end()) {
        if (!isGoodRail(rail) || !isGoodIdentifier(identifier)) return refuse("identifier-in-use");
        if (m_identifiers.contains({rail, identifier})) return refuse("identifier-in-use");
        m_identifiers[{rail, identifier}] = {holder, unit};
        m_identifierOf[{rail, holder, unit}] = identifier;
    }
    m_wanted.erase({holder, unit});
    Outcome out;
    out.records.push_back({21, {{1, std::to_string(holder)}, {2, std::to_string(unit)}, {3, rail}, {4, identifier}}});
    return out;
}

void Books::expectOwner(const std::string& rail, Deposit& deposit) const {
    const auto found = m_identifiers.find({rail, deposit.identifier});
    deposit.holder = found == m_identifiers.end() ? 0 : found->second.holder;
    deposit.toSuspense = found == m_identifiers.end() || found->second.unit != deposit.amount.unit;
}

Account Books::accountOf(const Deposit& deposit) const {
    if (deposit.toSuspense) return {0, deposit.amount.unit, Suspense, 0};
    return {deposit.holder, deposit.amount.unit, Available, 0};
}

// What the house has borne is the house's again when the money comes back.
void Books::credit(Deposit& deposit, Outcome& out) {
    const Money& amount = deposit.amount;
    const bool isAllLost = deposit.borne == amount.value;
    Posting posting{Invariant::DepositsCreditOnce, isAllLost ? "custody loss" : "deposit", {}};
    posting.add(custodyOf(amount.unit), -amount.value);
    if (!isAllLost) posting.add(accountOf(deposit), amount.value - deposit.borne);
    if (deposit.borne != 0) posting.add({0, amount.unit, Loss, 0}, deposit.borne);
    m_arrived[amount.unit] += amount.value;
    deposit.borne = 0;
    post(std::move(posting), out);
}

void Books::takeBack(Deposit& deposit, Outcome& out) {
    const Money& amount = deposit.amount;
    const Account account = accountOf(deposit);
    const Whole free = balance(account) - (account.holder == 0 ? 0 : held(account.holder, account.unit));
    const Whole taken = std::clamp<Whole>(free, 0, amount.value);
    deposit.borne = amount.value - taken;
    Posting posting{Invariant::DepositsCreditOnce, taken == 0 ? "custody loss" : "deposit reversed", {}};
    posting.add(custodyOf(amount.unit), amount.value);
    if (taken != 0) posting.add(account, -taken);
    if (deposit.borne != 0) posting.add({0, amount.unit, Loss, 0}, -deposit.borne);
    m_arrived[amount.unit] -= amount.value;
    post(std::move(posting), out);
}

bool Books::isDeep(std::uint64_t confirmations) const {
    return confirmations >= std::max(m_confirmations, kLeastToForget);
}

void Books::observe(const std::string& rail, Deposit& deposit, std::uint64_t confirmations, Outcome& out) {
    using State = Deposit::State;
    const bool isFinal = confirmations >= m_confirmations;
    const auto tell = [&](DepositState state) {
        out.deposit = DepositNote{deposit.holder, deposit.amount, confirmations, m_confirmations, state};
    };
    deposit.confirmations = confirmations;
    if (deposit.state == State::Pending) {
        expectOwner(rail, deposit);
        if (!isFinal) return tell(Pending);
        deposit.state = State::Credited;
        tell(deposit.toSuspense ? InSuspense : Credited);
        credit(deposit, out);
        if (!deposit.toSuspense) look(deposit.holder, false, deposit.amount, rail, 0, out);
    } else if (deposit.state == State::Credited && confirmations == 0) {
        deposit.state = State::Undone;
        tell(Reversed);
        takeBack(deposit, out);
    } else if (deposit.state == State::Undone && isFinal) {
        deposit.state = State::Credited;
        tell(deposit.toSuspense ? InSuspense : Credited);
        credit(deposit, out);
    }
    if (deposit.state == State::Credited) {
        deposit.finished = isDeep(confirmations) && !deposit.toSuspense;
    }
}

void Books::vanish(Deposit& deposit, Outcome& out) {
    deposit.confirmations = 0;
    if (deposit.state == Deposit::State::Undone) return;
    out.deposit = DepositNote{deposit.holder, deposit.amount, 0, m_confirmations, Reversed};
    if (deposit.state == Deposit::State::Pending) return;
    deposit.state = Deposit::State::Undone;
    takeBack(deposit, out);
}

Outcome Books::observePayment(const Item& c) {
    const std::string& rail = c.at(1).text();
    const std::string& identifier = c.at(4).text();
    const Money amount = Money::of(c.at(5));
    const std::uint64_t confirmations = c.at(6).number();
    if (!isCoordinator()) return refuse("not-permitted");
    if (!unitOf(amount.unit)) return refuse("unit-unknown");
    if (auto why = amountRefusal(amount); !why.empty()) return refuse(why);
    if (!c.at(7).flag() && !fitsOutside(amount)) return refuse("amount-overflow");

    const DepositName name{rail, c.at(2).bytes(), c.at(3).number()};
    const auto known = m_deposits.find(name);
    Outcome out;
    if (c.at(7).flag()) { // it left the chain
        if (known == m_deposits.end() || known->second.finished) return refuse("amount-invalid");
        vanish(known->second, out);
        if (known->second.state == Deposit::State::Pending) m_deposits.erase(known); // nothing came of it
        return out;
    }
    if (!isGoodRail(rail) || !isGoodIdentifier(identifier)) return refuse("amount-invalid");
    if (known == m_deposits.end()) {
        observe(rail, m_deposits[name] = {identifier, amount}, confirmations, out);
        return out;
    }
    Deposit& deposit = known->second;
    if (deposit.finished) return out;
    if (deposit.identifier != identifier || deposit.amount != amount) return refuse("amount-invalid");
    Deposit now = deposit;
    expectOwner(rail, now);
    const bool isRepeated = deposit.state == Deposit::State::Pending && deposit.confirmations == confirmations &&
                            deposit.holder == now.holder;
    if (!isRepeated) observe(rail, deposit, confirmations, out);
    return out;
}

Outcome Books::observeBankEntry(const Item& c) {
    const std::string& bank = c.at(1).text();
    const std::string& line = c.at(2).text();
    const std::string& reference = c.at(3).text();
    const Money amount = Money::of(c.at(4));
    if (!isCoordinator()) return refuse("not-permitted");
    if (!unitOf(amount.unit) || !unitOf(amount.unit)->isFiat) return refuse("unit-unknown");
    if (auto why = amountRefusal(amount); !why.empty()) return refuse(why);
    if (!fitsOutside(amount)) return refuse("amount-overflow");
    if (!isGoodRail(bank) || !isGoodIdentifier(line) || reference.size() > 256) return refuse("amount-invalid");
    const auto known = m_bankLines.find({bank, line});
    Outcome out;
    if (known != m_bankLines.end()) {
        const bool same = known->second.reference == reference && known->second.amount == amount;
        return same ? out : refuse("amount-invalid");
    }
    Deposit deposit{reference, amount};
    expectOwner(bank, deposit);
    m_bankLines[{bank, line}] = {reference, amount, deposit.toSuspense, deposit.holder};
    out.deposit = DepositNote{deposit.holder, amount, 1, 1, deposit.toSuspense ? InSuspense : Credited};
    credit(deposit, out);
    if (!deposit.toSuspense) look(deposit.holder, false, amount, bank, 0, out);
    return out;
}

/// What nobody was known for is somebody's, once.
Outcome Books::assignSuspense(const Item& c) {
    const std::string& rail = c.at(1).text();
    const std::string& line = c.at(4).text();
    const std::uint64_t holder = c.at(5).number();
    const std::string& reason = c.at(6).text();
    if (!isCoordinator()) return refuse("not-permitted");
    if (!m_holders.contains(holder)) return refuse("not-registered");
    if (reason.empty() || reason.size() > 1000) return refuse("info-invalid");
    Money amount;
    std::uint64_t confirmations = 1;
    std::uint64_t needed = 1;
    if (!line.empty()) {
        const auto known = m_bankLines.find({rail, line});
        if (known == m_bankLines.end() || !known->second.toSuspense) return refuse("deposit-unknown");
        if (known->second.holder != 0 && known->second.holder != holder) return refuse("not-permitted");
        known->second.toSuspense = false;
        amount = known->second.amount;
    } else {
        const auto known = m_deposits.find({rail, c.at(2).bytes(), c.at(3).number()});
        if (known == m_deposits.end()) return refuse("deposit-unknown");
        Deposit& deposit = known->second;
        if (!deposit.toSuspense || deposit.state != Deposit::State::Credited) return refuse("deposit-unknown");
        if (deposit.holder != 0 && deposit.holder != holder) return refuse("not-permitted");
        deposit.toSuspense = false;
        deposit.holder = holder;
        deposit.finished = isDeep(deposit.confirmations);
        amount = deposit.amount;
        confirmations = deposit.confirmations;
        needed = m_confirmations;
    }
    Outcome out;
    out.deposit = DepositNote{holder, amount, confirmations, needed, Credited};
    Posting posting{Invariant::DepositsCreditOnce, "deposit", {}};
    posting.add({0, amount.unit, Suspense, 0}, -amount.value);
    posting.add({holder, amount.unit, Available, 0}, amount.value);
    post(std::move(posting), out);
    look(holder, false, amount, rail, 0, out);
    return out;
}

} // namespace tallylock::audit
