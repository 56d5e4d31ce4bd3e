#include "core/ledger/Ledger.h"

#include "core/base/Planted.h"

#include <algorithm>

namespace tallylock::ledger {

static constexpr std::uint32_t kNoAccount = UINT32_MAX;

static bool isAvailableOfSomebody(const AccountKey& key) {
    return key.purpose == Purpose::Available && key.ref == 0 && key.holder;
}

std::uint32_t Ledger::lookUp(const AccountKey& key) const {
    if (isAvailableOfSomebody(key) && key.unit.value < m_available.size()) {
        const std::vector<std::uint32_t>& indexes = m_available[key.unit.value];
        if (key.holder.value < indexes.size() && indexes[key.holder.value] != kNoAccount) {
            return indexes[key.holder.value];
        }
    }
    const std::uint32_t* known = m_indexOf.find(key);
    return known ? *known : kNoAccount;
}

void Ledger::prefetchPlace(const AccountKey& key) const {
    if (!isAvailableOfSomebody(key) || key.unit.value >= m_available.size()) return;
    const std::vector<std::uint32_t>& indexes = m_available[key.unit.value];
    if (key.holder.value < indexes.size()) prefetchLine(&indexes[key.holder.value]);
}

void Ledger::prefetch(const AccountKey& account) const {
    const std::uint32_t index = lookUp(account);
    if (index != kNoAccount) prefetchLine(&m_accounts[index]);
}

// A holder whose number lies far beyond those that are known goes into the hash table: no number, however wrong, asks
// for more memory than twice what is there.
void Ledger::enterIndex(const AccountKey& key, std::uint32_t index) {
    constexpr std::uint64_t kFew = 1024;
    if (isAvailableOfSomebody(key)) {
        if (m_available.size() <= key.unit.value) m_available.resize(key.unit.value + std::size_t{1});
        std::vector<std::uint32_t>& indexes = m_available[key.unit.value];
        if (key.holder.value >= indexes.size() && key.holder.value < kFew + 2 * m_accounts.size()) {
            indexes.resize(std::max<std::size_t>(key.holder.value + 1, indexes.size() * 3 / 2), kNoAccount);
        }
        if (key.holder.value < indexes.size()) {
            indexes[key.holder.value] = index;
            return;
        }
    }
    m_indexOf.insert(key, index);
}

std::uint32_t Ledger::open(const AccountKey& key) {
    if (const std::uint32_t known = lookUp(key); known != kNoAccount) return known;
    std::uint32_t index = 0;
    if (m_freeAccounts.empty()) {
        assert(m_accounts.size() < UINT32_MAX);
        index = static_cast<std::uint32_t>(m_accounts.size());
        m_accounts.push_back({key, 0, 0});
    } else {
        index = m_freeAccounts.back();
        m_freeAccounts.pop_back();
        m_accounts[index] = {key, 0, 0};
    }
    enterIndex(key, index);
    if (m_sums.size() <= key.unit.value) m_sums.resize(key.unit.value + std::size_t{1});
    return index;
}

// Only accounts of one sale come and go. The others stay, so that handles to them stay good.
void Ledger::closeIfEmpty(std::uint32_t index) {
    Account& account = m_accounts[index];
    if (account.key.ref == 0 || account.total != 0 || account.held != 0) return;
    m_indexOf.erase(account.key);
    account.key = {};
    m_freeAccounts.push_back(index);
}

AccountHandle Ledger::handleOf(const AccountKey& account) {
    assert(account.ref == 0 && "accounts of a sale have no handle");
    return {open(account)};
}

std::span<const FastLeg> Ledger::place(std::span<const Leg> legs) {
    m_scratch.clear();
    for (const Leg& leg : legs) m_scratch.push_back({AccountHandle{open(leg.account)}, leg.delta});
    return m_scratch;
}

// Unit by unit, in the order in which the legs name them.
std::optional<LedgerError> Ledger::checkBalanced(std::span<const FastLeg> legs) {
    m_unitSums.clear();
    for (const FastLeg& leg : legs) {
        const UnitId unit = m_accounts[leg.account.index].key.unit;
        auto one = std::find_if(m_unitSums.begin(), m_unitSums.end(), [&](const UnitSum& s) { return s.unit == unit; });
        if (one == m_unitSums.end()) {
            m_unitSums.push_back({unit, false, leg.delta});
        } else if (!one->overflowed && !money::addTo(one->sum, leg.delta)) {
            one->overflowed = true;
        }
    }
    for (const UnitSum& one : m_unitSums) {
        if (one.overflowed) return LedgerError::Overflow;
        if (one.sum != 0 && !TALLYLOCK_PLANTED(MadeMoney)) return LedgerError::Unbalanced;
    }
    return std::nullopt;
}

void Ledger::putBackHolds(std::span<const HoldUse> uses) {
    for (std::size_t i = 0; i < m_taken.size(); ++i) {
        m_taken[i]->remaining += uses[i].amount;
        m_accounts[m_taken[i]->account].held += uses[i].amount;
    }
}

std::optional<LedgerError> Ledger::takeHolds(std::span<const HoldUse> uses) {
    m_taken.clear();
    for (const HoldUse& use : uses) {
        Hold* hold = m_holds.find(use.hold);
        std::optional<LedgerError> refusal;
        if (use.amount <= 0) {
            refusal = LedgerError::NotPositive;
        } else if (!hold) {
            refusal = LedgerError::UnknownHold;
        } else if (use.amount > hold->remaining) {
            refusal = LedgerError::HoldTooSmall;
        }
        if (refusal) {
            putBackHolds(uses);
            return refusal;
        }
        hold->remaining -= use.amount;
        m_accounts[hold->account].held -= use.amount;
        m_taken.push_back(hold);
    }
    return std::nullopt;
}

bool Ledger::isCovered(const Account& account) const {
    if (TALLYLOCK_PLANTED(TakenBackTooMuch)) return true;
    return account.total >= account.held || mayBeNegative(account.key.purpose);
}

void Ledger::undoLegs(std::span<const FastLeg> legs) {
    for (const FastLeg& leg : legs) m_accounts[leg.account.index].total -= leg.delta;
}

// The legs are added in their order, and judged when all are in: an account may be named twice.
std::optional<LedgerError> Ledger::applyLegs(std::span<const FastLeg> legs) {
    for (std::size_t i = 0; i < legs.size(); ++i) {
        Int128 total = m_accounts[legs[i].account.index].total;
        if (!money::addTo(total, legs[i].delta)) {
            undoLegs(legs.first(i));
            return LedgerError::Overflow;
        }
        if (TALLYLOCK_PLANTED(LegTwice) && legs[i].delta > 0) total += legs[i].delta;
        m_accounts[legs[i].account.index].total = total;
    }
    for (const FastLeg& leg : legs) {
        if (!isCovered(m_accounts[leg.account.index])) {
            undoLegs(legs);
            return LedgerError::InsufficientFunds;
        }
    }
    return std::nullopt;
}

std::optional<LedgerError> Ledger::tryPost(std::span<const FastLeg> legs, std::span<const HoldUse> uses) {
    if (legs.size() < 2) return LedgerError::NoLegs;
    if (const auto refusal = checkBalanced(legs)) return refusal;
    if (const auto refusal = takeHolds(uses)) return refusal;
    if (const auto refusal = applyLegs(legs)) {
        putBackHolds(uses);
        return refusal;
    }
    for (const FastLeg& leg : legs) {
        // Unsigned, because a single leg may pass the range on the way to zero.
        Int128& sum = m_sums[m_accounts[leg.account.index].key.unit.value];
        sum = static_cast<Int128>(static_cast<money::UInt128>(sum) + static_cast<money::UInt128>(leg.delta));
    }
    // After every entry, wherever it runs: money has only moved. Nothing else changes these sums.
    for (const UnitSum& moved : m_unitSums) {
        assert(m_sums[moved.unit.value] == 0);
        (void)moved;
    }
    for (Hold* hold : m_taken) {
        if (hold->id && hold->remaining == 0) m_holds.drop(*hold); // a hold may be used twice
    }
    return std::nullopt;
}

Result<EntryId, LedgerError> Ledger::post(std::span<const FastLeg> legs, std::span<const HoldUse> uses) {
    const auto refusal = tryPost(legs, uses);
    for (const FastLeg& leg : legs) closeIfEmpty(leg.account.index);
    if (refusal) return Err(*refusal);
    if (TALLYLOCK_PLANTED(SkippedEntry) && m_lastEntry.value % 64 == 63) ++m_lastEntry.value;
    return EntryId{++m_lastEntry.value};
}

Result<EntryId, LedgerError> Ledger::post(std::span<const Leg> legs, std::span<const HoldUse> uses) {
    return post(place(legs), uses);
}

Result<HoldId, LedgerError> Ledger::hold(AccountHandle handle, Int128 amount, Reason reason, std::uint64_t ref) {
    if (amount <= 0) return Err(LedgerError::NotPositive);
    Account& account = m_accounts[handle.index];
    Int128 held = account.held;
    if (!money::addTo(held, amount)) return Err(LedgerError::Overflow);
    const bool isThere = held <= account.total || TALLYLOCK_PLANTED(HoldOfNothing);
    if (!isThere && !mayBeNegative(account.key.purpose)) return Err(LedgerError::InsufficientFunds);
    if (!TALLYLOCK_PLANTED(LostHold)) account.held = held;
    m_holds.add({amount, ref, HoldId{++m_lastHold.value}, handle.index, reason});
    return m_lastHold;
}

Result<HoldId, LedgerError> Ledger::hold(const AccountKey& account, Int128 amount, Reason reason, std::uint64_t ref) {
    const std::uint32_t index = open(account);
    const auto made = hold(AccountHandle{index}, amount, reason, ref);
    closeIfEmpty(index);
    return made;
}

Result<Int128, LedgerError> Ledger::release(HoldId id) {
    Hold* hold = m_holds.find(id);
    if (!hold) return Err(LedgerError::UnknownHold);
    const Int128 left = hold->remaining;
    const std::uint32_t account = hold->account;
    if (!TALLYLOCK_PLANTED(KeptHold)) m_accounts[account].held -= left;
    m_holds.drop(*hold);
    closeIfEmpty(account);
    return left;
}

Result<void, LedgerError> Ledger::resize(HoldId id, Int128 amount) {
    if (amount <= 0) return Err(LedgerError::NotPositive);
    Hold* hold = m_holds.find(id);
    if (!hold) return Err(LedgerError::UnknownHold);
    Account& account = m_accounts[hold->account];
    Int128 held = account.held - hold->remaining;
    if (!money::addTo(held, amount)) return Err(LedgerError::Overflow);
    if (amount > hold->remaining && held > account.total && !mayBeNegative(account.key.purpose)) {
        return Err(LedgerError::InsufficientFunds);
    }
    account.held = held;
    hold->remaining = amount;
    return {};
}

Result<void, LedgerError> Ledger::releasePart(HoldId id, Int128 amount) {
    if (amount <= 0) return Err(LedgerError::NotPositive);
    Hold* hold = m_holds.find(id);
    if (!hold) return Err(LedgerError::UnknownHold);
    if (amount > hold->remaining) return Err(LedgerError::HoldTooSmall);
    const std::uint32_t account = hold->account;
    hold->remaining -= amount;
    m_accounts[account].held -= amount;
    if (hold->remaining == 0) m_holds.drop(*hold);
    closeIfEmpty(account);
    return {};
}

Balance Ledger::balance(const AccountKey& account) const {
    const std::uint32_t index = lookUp(account);
    return index == kNoAccount ? Balance{} : balance(AccountHandle{index});
}

HoldRow Ledger::rowOf(const Hold& hold) const {
    return {hold.id, m_accounts[hold.account].key, hold.remaining, hold.reason, hold.ref};
}

std::optional<HoldRow> Ledger::findHold(HoldId id) const {
    const Hold* hold = m_holds.find(id);
    if (!hold) return std::nullopt;
    return rowOf(*hold);
}

std::vector<HoldRow> Ledger::holdsOf(const AccountKey& account) const {
    std::vector<HoldRow> rows;
    m_holds.forEach([&](const Hold& hold) {
        if (m_accounts[hold.account].key == account) rows.push_back(rowOf(hold));
    });
    std::sort(rows.begin(), rows.end(), [](const HoldRow& a, const HoldRow& b) { return a.id < b.id; });
    return rows;
}

template <class F>
std::vector<BalanceRow> Ledger::rowsWhere(F&& wanted) const {
    std::vector<BalanceRow> rows;
    for (const Account& account : m_accounts) {
        if ((account.total != 0 || account.held != 0) && wanted(account.key)) {
            rows.push_back({account.key, {account.total, account.held}});
        }
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.account < b.account; });
    return rows;
}

std::vector<BalanceRow> Ledger::accountsOf(HolderId holder) const {
    return rowsWhere([&](const AccountKey& key) { return key.holder == holder; });
}

std::vector<BalanceRow> Ledger::trialBalance() const {
    return rowsWhere([](const AccountKey&) { return true; });
}

bool Ledger::checkSums() const {
    std::vector<Int128> sums(m_sums.size());
    std::vector<Int128> held(m_accounts.size());
    bool good = true;
    m_holds.forEach([&](const Hold& hold) {
        good = good && hold.remaining > 0 && hold.account < held.size() &&
               money::addTo(held[hold.account], hold.remaining);
    });
    for (std::size_t i = 0; i < m_accounts.size() && good; ++i) {
        const Account& account = m_accounts[i];
        good = account.held == held[i] && isCovered(account);
        // Around the range and back is allowed: only the end counts, and single balances were checked.
        Int128& sum = sums[account.key.unit.value];
        sum = static_cast<Int128>(static_cast<money::UInt128>(sum) + static_cast<money::UInt128>(account.total));
    }
    const auto isZero = [](Int128 sum) { return sum == 0; };
    return good && std::all_of(sums.begin(), sums.end(), isZero) && std::all_of(m_sums.begin(), m_sums.end(), isZero);
}

// [last entry, last hold, [[account, total]...], [[hold, position of its account, remaining, reason, ref]...]]
void Ledger::save(CborWriter& writer) const {
    const std::vector<BalanceRow> rows = trialBalance();
    std::vector<std::uint64_t> positionOf(m_accounts.size());
    writer.array(4);
    writer.unsignedInt(m_lastEntry.value);
    writer.unsignedInt(m_lastHold.value);
    writer.array(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        positionOf[lookUp(rows[i].account)] = i;
        writer.array(2);
        writeCbor(writer, rows[i].account);
        writeCbor(writer, rows[i].balance.total);
    }
    std::vector<std::pair<HoldId, const Hold*>> holds;
    m_holds.forEach([&](const Hold& hold) { holds.emplace_back(hold.id, &hold); });
    std::sort(holds.begin(), holds.end());
    writer.array(holds.size());
    for (const auto& [id, hold] : holds) {
        writer.array(5);
        writeCbor(writer, id);
        writer.unsignedInt(positionOf[hold->account]);
        writeCbor(writer, hold->remaining);
        writeCbor(writer, hold->reason);
        writer.unsignedInt(hold->ref);
    }
}

void Ledger::loadAccounts(CborReader& reader) {
    const std::uint64_t count = reader.array(UINT32_MAX - 1);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        const auto key = readCbor<AccountKey>(reader);
        const auto total = readCbor<Int128>(reader);
        if (!reader.ok()) return;
        if (i > 0 && key <= m_accounts.back().key) return reader.fail(CborError::NotCanonical);
        m_accounts[open(key)].total = total;
        Int128& sum = m_sums[key.unit.value];
        sum = static_cast<Int128>(static_cast<money::UInt128>(sum) + static_cast<money::UInt128>(total));
    }
}

void Ledger::loadHolds(CborReader& reader) {
    HoldId previous;
    const std::uint64_t count = reader.array(UINT64_MAX);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(5) != 5) reader.fail(CborError::WrongType);
        const auto id = readCbor<HoldId>(reader);
        const std::uint64_t position = reader.unsignedInt();
        const auto remaining = readCbor<Int128>(reader);
        const auto reason = readCbor<Reason>(reader);
        const std::uint64_t ref = reader.unsignedInt();
        if (!reader.ok()) return;
        if (id <= previous) return reader.fail(CborError::NotCanonical);
        if (id > m_lastHold || position >= m_accounts.size() || remaining <= 0 ||
            !money::addTo(m_accounts[position].held, remaining)) {
            return reader.fail(CborError::OutOfRange);
        }
        m_holds.add({remaining, ref, id, static_cast<std::uint32_t>(position), reason});
        previous = id;
    }
}

Result<Ledger, CborError> Ledger::load(CborReader& reader) {
    Ledger ledger;
    if (reader.array(4) != 4) reader.fail(CborError::WrongType);
    ledger.m_lastEntry = readCbor<EntryId>(reader);
    ledger.m_lastHold = readCbor<HoldId>(reader);
    ledger.loadAccounts(reader);
    ledger.loadHolds(reader);
    if (reader.ok() && !ledger.checkSums()) reader.fail(CborError::OutOfRange);
    if (!reader.ok()) return Err(reader.error());
    return ledger;
}

} // namespace tallylock::ledger
