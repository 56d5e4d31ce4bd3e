// The state of withdrawals as bytes: a list of nine, each sorted by its key.
#include "core/treasury/Withdrawals.h"

#include <limits>

namespace tallylock::treasury {

namespace {
template <class Key, class Value>
void writePairs(CborWriter& writer, const std::map<Key, Value>& map) {
    writer.array(map.size());
    for (const auto& [key, value] : map) {
        writer.array(2);
        writeCbor(writer, key);
        writeCbor(writer, value);
    }
}

template <class Key, class Value>
void readPairs(CborReader& reader, std::map<Key, Value>& map) {
    const std::uint64_t count = reader.array(std::numeric_limits<std::uint64_t>::max());
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        Key key = readCbor<Key>(reader);
        if (!map.empty() && !(map.rbegin()->first < key)) reader.fail(CborError::NotCanonical);
        map[std::move(key)] = readCbor<Value>(reader);
    }
}
} // namespace

void Withdrawals::save(CborWriter& writer) const {
    writer.array(9);
    writePairs(writer, m_policies);
    writePairs(writer, m_changes);
    writePairs(writer, m_heldBack);
    writePairs(writer, m_addresses);
    writePairs(writer, m_open);
    writePairs(writer, m_fees);
    writePairs(writer, m_confirmed);
    writePairs(writer, m_spent);
    writer.array(4);
    writer.signedInt(m_day);
    writer.unsignedInt(m_lastAddress);
    writer.unsignedInt(m_lastWithdrawal);
    writer.unsignedInt(m_lastChange);
}

Result<Withdrawals, CborError> Withdrawals::load(CborReader& reader) {
    Withdrawals loaded;
    if (reader.array(9) != 9) reader.fail(CborError::WrongType);
    readPairs(reader, loaded.m_policies);
    readPairs(reader, loaded.m_changes);
    readPairs(reader, loaded.m_heldBack);
    readPairs(reader, loaded.m_addresses);
    readPairs(reader, loaded.m_open);
    readPairs(reader, loaded.m_fees);
    readPairs(reader, loaded.m_confirmed);
    readPairs(reader, loaded.m_spent);
    if (reader.array(4) != 4) reader.fail(CborError::WrongType);
    loaded.m_day = reader.signedInt();
    loaded.m_lastAddress = reader.unsignedInt();
    loaded.m_lastWithdrawal = reader.unsignedInt();
    loaded.m_lastChange = reader.unsignedInt();
    if (reader.ok() && !loaded.index()) reader.fail(CborError::OutOfRange);
    if (!reader.ok()) return Err(reader.error());
    return loaded;
}

/// False if keys and values disagree, or something is open that should not be.
bool Withdrawals::index() {
    for (const auto& [id, address] : m_addresses) {
        if (address.id != id || id.value > m_lastAddress) return false;
        m_addressesOf[address.holder].insert(id);
    }
    for (const auto& [id, w] : m_open) {
        const bool waits = w.state == WithdrawalState::Requested;
        if (w.id != id || id.value > m_lastWithdrawal || w.isOver() || waits != (w.expiresMs != 0)) return false;
        ++m_openOf[w.holder];
        if (waits) m_deadlines.insert({w.expiresMs, DeadlineKind::Withdrawal, id.value});
    }
    for (const auto& [holder, change] : m_changes) {
        if (change.holder != holder || change.id.value > m_lastChange) return false;
        m_deadlines.insert({change.dueMs, DeadlineKind::PolicyChange, holder.value});
    }
    return true;
}

} // namespace tallylock::treasury
