#include "core/treasury/Treasury.h"

#include "core/base/Planted.h"

#include <algorithm>
#include <limits>

namespace tallylock::treasury {

static constexpr std::size_t kMaxRailBytes = 64;
static constexpr std::size_t kMaxIdentifierBytes = 256;
static constexpr Depth kDefaultDepth{1, 100};

static bool isGoodRail(const std::string& rail) { return !rail.empty() && rail.size() <= kMaxRailBytes; }
static bool isGoodIdentifier(const std::string& text) { return !text.empty() && text.size() <= kMaxIdentifierBytes; }

// FNV-1a of 64 bits. It tells an honest bank's mistakes apart, and need not withstand anybody.
static std::uint64_t contentOf(const BankEntry& entry) {
    CborWriter writer;
    writeCbor(writer, entry.reference);
    writeCbor(writer, entry.amount);
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::uint8_t byte : writer.bytes()) hash = (hash ^ byte) * 0x100000001b3u;
    return hash;
}

void Treasury::setDepth(money::UnitId unit, Depth depth) {
    depth.toForget = std::max(depth.toForget, depth.toCredit);
    m_depths[unit] = depth;
}

Depth Treasury::depthOf(money::UnitId unit) const {
    const auto found = m_depths.find(unit);
    return found == m_depths.end() ? kDefaultDepth : found->second;
}

Result<void, TreasuryError> Treasury::assign(const Assignment& assignment) {
    if (!isGoodRail(assignment.rail)) return Err(TreasuryError::RailInvalid);
    if (!isGoodIdentifier(assignment.identifier)) return Err(TreasuryError::IdentifierInvalid);
    if (!money::findUnit(assignment.unit)) return Err(TreasuryError::UnknownUnit);
    if (!assignment.owner.holder && !assignment.owner.sale) return Err(TreasuryError::OwnerInvalid);
    Rail& rail = m_rails[assignment.rail];
    if (rail.assignments.contains(assignment.identifier)) return Err(TreasuryError::IdentifierInUse);
    const auto whose = std::pair{assignment.owner, assignment.unit};
    if (rail.identifiers.contains(whose)) return Err(TreasuryError::AlreadyAssigned);
    rail.assignments.emplace(assignment.identifier, assignment);
    rail.identifiers.emplace(whose, assignment.identifier);
    return {};
}

std::optional<Assignment> Treasury::find(const std::string& railName, const std::string& identifier) const {
    const auto rail = m_rails.find(railName);
    if (rail == m_rails.end()) return std::nullopt;
    const auto found = rail->second.assignments.find(identifier);
    if (found == rail->second.assignments.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> Treasury::identifierOf(const std::string& railName, DepositOwner owner,
                                                  money::UnitId unit) const {
    const auto rail = m_rails.find(railName);
    if (rail == m_rails.end()) return std::nullopt;
    const auto found = rail->second.identifiers.find({owner, unit});
    if (found == rail->second.identifiers.end()) return std::nullopt;
    return found->second;
}

bool Treasury::unassign(const std::string& railName, const std::string& identifier) {
    const auto known = m_rails.find(railName);
    if (known == m_rails.end()) return false;
    Rail& rail = known->second;
    const auto found = rail.assignments.find(identifier);
    if (found == rail.assignments.end()) return false;
    rail.identifiers.erase({found->second.owner, found->second.unit});
    rail.assignments.erase(found);
    return true;
}

DepositOutcome Treasury::outcomeOf(DepositEffect effect, const Active& deposit) const {
    return {effect,        deposit.owner,         deposit.amount,
            deposit.cause, deposit.confirmations, depthOf(deposit.amount.unit).toCredit};
}

// Whose it would be by the assignments of now.
void Treasury::expect(const Rail& rail, Active& deposit) {
    const auto found = rail.assignments.find(deposit.identifier);
    deposit.owner = {};
    if (found == rail.assignments.end()) {
        deposit.cause = SuspenseCause::UnknownIdentifier;
    } else if (found->second.unit != deposit.amount.unit) {
        deposit.cause = SuspenseCause::WrongUnit;
        deposit.owner = found->second.owner;
    } else {
        deposit.cause = SuspenseCause::None;
        deposit.owner = found->second.owner;
    }
}

static DepositEffect effectOf(SuspenseCause cause) {
    return cause == SuspenseCause::None ? DepositEffect::Credit : DepositEffect::Suspense;
}

Result<DepositOutcome, TreasuryError> Treasury::observe(const ChainDeposit& seen) {
    if (!isGoodRail(seen.rail)) return Err(TreasuryError::RailInvalid);
    if (!isGoodIdentifier(seen.identifier)) return Err(TreasuryError::IdentifierInvalid);
    if (!money::findUnit(seen.amount.unit)) return Err(TreasuryError::UnknownUnit);
    if (!seen.amount.isPositive()) return Err(TreasuryError::NotPositive);
    Rail& rail = m_rails[seen.rail];
    const OutputName name{seen.transaction, seen.output};
    const Depth depth = depthOf(seen.amount.unit);
    if (rail.finishedOutputs.find(name)) {
        return DepositOutcome{DepositEffect::Ignored, {}, seen.amount, SuspenseCause::None, seen.confirmations,
                              depth.toCredit};
    }
    const auto [place, isNew] = rail.chain.try_emplace(name);
    Active& deposit = place->second;
    if (!isNew && (deposit.identifier != seen.identifier || deposit.amount != seen.amount))
        return Err(TreasuryError::Conflict);
    if (isNew) {
        deposit.identifier = seen.identifier;
        deposit.amount = seen.amount;
    }
    const bool moved = isNew || deposit.confirmations != seen.confirmations;
    deposit.confirmations = seen.confirmations;
    const DepositOutcome outcome = outcomeOf(follow(rail, deposit, moved), deposit);
    forgetIfDeep(rail, place);
    return outcome;
}

void Treasury::forgetIfDeep(Rail& rail, std::map<OutputName, Active>::iterator place) {
    const Active& deposit = place->second;
    if (deposit.state != State::Credited || deposit.cause != SuspenseCause::None) return;
    if (deposit.confirmations < depthOf(deposit.amount.unit).toForget) return;
    rail.finishedOutputs.insert(place->first);
    rail.chain.erase(place);
}

// What the number of confirmations means in this state. `moved`: it is another than before.
DepositEffect Treasury::follow(const Rail& rail, Active& deposit, bool moved) const {
    const bool isFinal = deposit.confirmations >= depthOf(deposit.amount.unit).toCredit;
    switch (deposit.state) {
    case State::Pending: {
        const DepositOwner before = deposit.owner;
        expect(rail, deposit);
        if (!isFinal) return moved || deposit.owner != before ? DepositEffect::Pending : DepositEffect::Ignored;
        deposit.state = State::Credited;
        return effectOf(deposit.cause);
    }
    case State::Credited:
        if (deposit.confirmations > 0 || isFinal) return DepositEffect::Ignored;
        deposit.state = State::Undone;
        return DepositEffect::Undone;
    case State::Undone:
        if (!isFinal) return DepositEffect::Ignored;
        deposit.state = State::Credited;
        return DepositEffect::Restored;
    case State::kCount: break;
    }
    return DepositEffect::Ignored;
}

Result<DepositOutcome, TreasuryError> Treasury::vanish(const std::string& railName, const Hash& transaction,
                                                       std::uint32_t output) {
    const auto found = m_rails.find(railName);
    if (found == m_rails.end()) return Err(TreasuryError::UnknownDeposit);
    Rail& rail = found->second;
    const OutputName name{transaction, output};
    if (rail.finishedOutputs.find(name)) return Err(TreasuryError::Final);
    const auto known = rail.chain.find(name);
    if (known == rail.chain.end()) return Err(TreasuryError::UnknownDeposit);
    Active& deposit = known->second;
    deposit.confirmations = 0;
    if (deposit.state == State::Undone) return outcomeOf(DepositEffect::Ignored, deposit);
    if (deposit.state == State::Credited) {
        deposit.state = State::Undone;
        return outcomeOf(DepositEffect::Undone, deposit);
    }
    const DepositOutcome outcome = outcomeOf(DepositEffect::Reversed, deposit);
    rail.chain.erase(known); // nothing came of it, so nothing needs to be remembered
    return outcome;
}

Result<DepositOutcome, TreasuryError> Treasury::observe(const BankEntry& entry) {
    if (!isGoodRail(entry.rail)) return Err(TreasuryError::RailInvalid);
    if (!isGoodIdentifier(entry.entry) || entry.reference.size() > kMaxIdentifierBytes) {
        return Err(TreasuryError::IdentifierInvalid);
    }
    if (!money::findUnit(entry.amount.unit)) return Err(TreasuryError::UnknownUnit);
    if (!entry.amount.isPositive()) return Err(TreasuryError::NotPositive);
    Rail& rail = m_rails[entry.rail];
    Active deposit{entry.reference, entry.amount, State::Pending, {}, SuspenseCause::None, 0};
    const EntryName name{entry.entry, contentOf(entry)};
    if (const EntryName* finished = rail.finishedEntries.find(name)) {
        if (entry.booked && finished->content != name.content) return Err(TreasuryError::Conflict);
        return outcomeOf(DepositEffect::Ignored, deposit);
    }
    expect(rail, deposit);
    if (!entry.booked) {
        // An announcement may change until it is booked.
        const bool known = rail.bank.contains(entry.entry) && rail.bank[entry.entry] == deposit;
        rail.bank[entry.entry] = deposit;
        return outcomeOf(known ? DepositEffect::Ignored : DepositEffect::Pending, deposit);
    }
    rail.bank.erase(entry.entry);
    rail.finishedEntries.insert(name);
    deposit.confirmations = depthOf(deposit.amount.unit).toCredit;
    deposit.state = State::Credited;
    if (isSuspended(deposit)) rail.bank[entry.entry] = deposit;
    return outcomeOf(effectOf(deposit.cause), deposit);
}

std::vector<SuspendedDeposit> Treasury::suspended() const {
    std::vector<SuspendedDeposit> rows;
    for (const auto& [railName, rail] : m_rails) {
        for (const auto& [name, one] : rail.chain) {
            if (!isSuspended(one)) continue;
            rows.push_back(
                {railName, name.transaction, name.output, {}, one.identifier, one.owner, one.amount, one.cause});
        }
        for (const auto& [entry, one] : rail.bank) {
            if (isSuspended(one))
                rows.push_back({railName, {}, 0, entry, one.identifier, one.owner, one.amount, one.cause});
        }
    }
    return rows;
}

Result<DepositOutcome, TreasuryError> Treasury::settle(const std::string& railName, const Hash& transaction,
                                                       std::uint32_t output, const std::string& entry,
                                                       HolderId holder) {
    const auto found = m_rails.find(railName);
    if (found == m_rails.end()) return Err(TreasuryError::UnknownDeposit);
    Rail& rail = found->second;
    const OutputName name{transaction, output};
    Active* deposit = nullptr;
    if (entry.empty()) {
        if (const auto one = rail.chain.find(name); one != rail.chain.end()) deposit = &one->second;
    } else {
        if (const auto line = rail.bank.find(entry); line != rail.bank.end()) deposit = &line->second;
    }
    if (!deposit || !isSuspended(*deposit)) return Err(TreasuryError::UnknownDeposit);
    if (deposit->owner.holder && deposit->owner.holder != holder) return Err(TreasuryError::OwnerInvalid);
    deposit->owner = {holder, {}};
    if (!TALLYLOCK_PLANTED(SuspenseTwice)) deposit->cause = SuspenseCause::None;
    const DepositOutcome outcome = outcomeOf(DepositEffect::Credit, *deposit);
    if (entry.empty())
        forgetIfDeep(rail, rail.chain.find(name));
    else
        rail.bank.erase(entry);
    return outcome;
}

std::vector<PendingDeposit> Treasury::pendingOf(DepositOwner owner) const {
    std::vector<PendingDeposit> rows = pending();
    std::erase_if(rows, [&](const PendingDeposit& row) { return row.owner != owner; });
    return rows;
}

std::vector<PendingDeposit> Treasury::pending() const {
    std::vector<PendingDeposit> rows;
    for (const auto& [railName, rail] : m_rails) {
        const auto add = [&, &name = railName](const Active& deposit) {
            if (deposit.state != State::Pending) return;
            rows.push_back({name, deposit.identifier, deposit.owner, deposit.amount, deposit.confirmations,
                            depthOf(deposit.amount.unit).toCredit});
        };
        for (const auto& [key, deposit] : rail.chain) add(deposit);
        for (const auto& [key, deposit] : rail.bank) add(deposit);
    }
    return rows;
}

std::size_t Treasury::activeCount() const {
    std::size_t count = 0;
    for (const auto& [name, rail] : m_rails) count += rail.chain.size() + rail.bank.size();
    return count;
}

// A rail is [assignments, chain, bank, finished outputs, finished entries], each sorted by its name.
void Treasury::saveRail(CborWriter& writer, const Rail& rail) {
    writer.array(5);
    writer.array(rail.assignments.size());
    for (const auto& [identifier, assignment] : rail.assignments) writeCbor(writer, assignment);
    writer.array(rail.chain.size());
    for (const auto& [name, deposit] : rail.chain) {
        writer.array(2);
        writeCbor(writer, name);
        writeCbor(writer, deposit);
    }
    writer.array(rail.bank.size());
    for (const auto& [entry, deposit] : rail.bank) {
        writer.array(2);
        writeCbor(writer, entry);
        writeCbor(writer, deposit);
    }
    writer.array(rail.finishedOutputs.size());
    rail.finishedOutputs.forEach([&](const OutputName& name) { writeCbor(writer, name); });
    writer.array(rail.finishedEntries.size());
    rail.finishedEntries.forEach([&](const EntryName& name) { writeCbor(writer, name); });
}

void Treasury::save(CborWriter& writer) const {
    writer.array(2);
    writer.array(m_depths.size());
    for (const auto& [unit, depth] : m_depths) {
        writer.array(2);
        writeCbor(writer, unit);
        writeCbor(writer, depth);
    }
    // A rail that was only asked about is no state.
    const auto isEmpty = [](const Rail& rail) {
        return rail.assignments.empty() && rail.chain.empty() && rail.bank.empty() &&
               rail.finishedOutputs.size() == 0 && rail.finishedEntries.size() == 0;
    };
    std::uint64_t count = 0;
    for (const auto& [name, rail] : m_rails) count += isEmpty(rail) ? 0u : 1u;
    writer.array(count);
    for (const auto& [name, rail] : m_rails) {
        if (isEmpty(rail)) continue;
        writer.array(2);
        writeCbor(writer, name);
        saveRail(writer, rail);
    }
}

// Reads a list whose elements rise by `less`.
template <class T, class Less, class Put>
static void readRising(CborReader& reader, Less less, Put put) {
    std::optional<T> previous;
    const std::uint64_t count = reader.array(std::numeric_limits<std::uint64_t>::max());
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        T element = readCbor<T>(reader);
        if (previous && !less(*previous, element)) reader.fail(CborError::NotCanonical);
        if (reader.ok()) put(element);
        previous = std::move(element);
    }
}

template <class Key, class Value>
static void readMap(CborReader& reader, std::map<Key, Value>& map) {
    const std::uint64_t count = reader.array(std::numeric_limits<std::uint64_t>::max());
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        Key key = readCbor<Key>(reader);
        if (!map.empty() && !(map.rbegin()->first < key)) reader.fail(CborError::NotCanonical);
        const auto at = map.emplace_hint(map.end(), std::move(key), Value());
        at->second = readCbor<Value>(reader);
    }
}

/// False when an owner has two identifiers of one unit. Sorted first: putting them at the end of a map takes a fraction
/// of the time.
bool Treasury::indexIdentifiers(Rail& rail) {
    std::vector<const Assignment*> sorted;
    sorted.reserve(rail.assignments.size());
    for (const auto& [identifier, assignment] : rail.assignments) sorted.push_back(&assignment);
    const auto keyOf = [](const Assignment* a) { return std::pair{a->owner, a->unit}; };
    std::sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) { return keyOf(a) < keyOf(b); });
    for (const Assignment* one : sorted)
        rail.identifiers.emplace_hint(rail.identifiers.end(), keyOf(one), one->identifier);
    return rail.identifiers.size() == sorted.size();
}

void Treasury::loadRail(CborReader& reader, const std::string& name, Rail& rail) {
    if (reader.array(5) != 5) reader.fail(CborError::WrongType);
    const auto byIdentifier = [](const Assignment& a, const Assignment& b) { return a.identifier < b.identifier; };
    readRising<Assignment>(reader, byIdentifier, [&](const Assignment& a) {
        if (a.rail != name) reader.fail(CborError::OutOfRange);
        rail.assignments.emplace_hint(rail.assignments.end(), a.identifier, a);
    });
    if (!indexIdentifiers(rail)) reader.fail(CborError::OutOfRange);
    readMap(reader, rail.chain);
    readMap(reader, rail.bank);
    readRising<OutputName>(reader, std::less<OutputName>(),
                           [&](const OutputName& one) { rail.finishedOutputs.append(one); });
    readRising<EntryName>(reader, std::less<EntryName>(),
                          [&](const EntryName& one) { rail.finishedEntries.append(one); });
}

Result<Treasury, CborError> Treasury::load(CborReader& reader) {
    Treasury treasury;
    if (reader.array(2) != 2) reader.fail(CborError::WrongType);
    readMap(reader, treasury.m_depths);
    const std::uint64_t rails = reader.array(std::numeric_limits<std::uint64_t>::max());
    for (std::uint64_t i = 0; i < rails && reader.ok(); ++i) {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        const auto name = readCbor<std::string>(reader);
        if (!treasury.m_rails.empty() && !(treasury.m_rails.rbegin()->first < name)) {
            reader.fail(CborError::NotCanonical);
        }
        loadRail(reader, name, treasury.m_rails[name]);
    }
    if (!reader.ok()) return Err(reader.error());
    return treasury;
}

} // namespace tallylock::treasury
