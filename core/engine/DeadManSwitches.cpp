#include "core/engine/DeadManSwitches.h"

#include "core/base/Planted.h"

#include <cassert>
#include <limits>

namespace tallylock::engine {

const DeadMan& DeadManSwitches::arm(HolderId holder, UserId user, std::int64_t withinMs, std::int64_t nowMs) {
    const Owner owner{holder, user};
    DeadMan& one = m_switches[owner];
    if (one.number) {
        m_deadlines.erase({one.dueMs, one.number, owner});
    } else {
        one = {{++m_last}, holder, user, 0, 0};
    }
    one.withinMs = withinMs;
    if (!TALLYLOCK_PLANTED(DeadManHurried) || one.dueMs == 0) one.dueMs = nowMs + withinMs;
    m_deadlines.insert({one.dueMs, one.number, owner});
    return one;
}

std::optional<DeadMan> DeadManSwitches::end(HolderId holder, UserId user) {
    const auto found = m_switches.find({holder, user});
    if (found == m_switches.end()) return std::nullopt;
    const DeadMan ended = found->second;
    m_deadlines.erase({ended.dueMs, ended.number, found->first});
    m_switches.erase(found);
    return ended;
}

std::optional<std::int64_t> DeadManSwitches::nextDeadlineMs() const {
    if (m_deadlines.empty()) return std::nullopt;
    return std::get<0>(*m_deadlines.begin());
}

DeadMan DeadManSwitches::fireNext() {
    assert(!m_deadlines.empty());
    const auto [holder, user] = std::get<Owner>(*m_deadlines.begin());
    return *end(holder, user);
}

// [last number, switches by owner].
void DeadManSwitches::save(CborWriter& writer) const {
    writer.array(2);
    writer.unsignedInt(m_last);
    writer.array(m_switches.size());
    for (const auto& [owner, one] : m_switches) writeCbor(writer, one);
}

Result<DeadManSwitches, CborError> DeadManSwitches::load(CborReader& reader) {
    DeadManSwitches loaded;
    if (reader.array(2) != 2) reader.fail(CborError::WrongType);
    loaded.m_last = reader.unsignedInt();
    const std::uint64_t count = reader.array(std::numeric_limits<std::uint64_t>::max());
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto one = readCbor<DeadMan>(reader);
        const Owner owner{one.holder, one.user};
        if (!one.number || one.number.value > loaded.m_last) reader.fail(CborError::OutOfRange);
        if (!loaded.m_switches.empty() && owner <= loaded.m_switches.rbegin()->first) {
            reader.fail(CborError::NotCanonical);
        }
        loaded.m_switches.emplace(owner, one);
        loaded.m_deadlines.insert({one.dueMs, one.number, owner});
    }
    if (!reader.ok()) return Err(reader.error());
    return loaded;
}

} // namespace tallylock::engine
