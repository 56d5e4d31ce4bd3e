// The state of watching as bytes: [rules, watched addresses, past transactions, cases, last case], each sorted.
#include "core/treasury/Watch.h"

#include <limits>

namespace tallylock::treasury {

static constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();

void Watch::save(CborWriter& writer) const {
    writer.array(5);
    writer.array(m_rules.size());
    for (const auto& [id, rule] : m_rules) writeCbor(writer, rule);
    writer.array(m_listed.size());
    for (const Hash& one : m_listed) writeCbor(writer, one);
    writer.array(m_past.size());
    for (const auto& [flow, past] : m_past) {
        writer.array(2);
        writeCbor(writer, flow);
        writer.array(past.size());
        for (const Past& one : past) writeCbor(writer, one);
    }
    writer.array(m_cases.size());
    for (const auto& [id, one] : m_cases) writeCbor(writer, one);
    writer.unsignedInt(m_lastCase);
}

Result<Watch, CborError> Watch::load(CborReader& reader) {
    Watch loaded;
    const auto each = [&reader](auto&& readOne) {
        const std::uint64_t count = reader.array(kAnyNumber);
        for (std::uint64_t i = 0; i < count && reader.ok(); ++i) readOne();
    };
    const auto inOrder = [&reader](const auto& sorted, const auto& next) {
        if (!sorted.empty() && !(*sorted.rbegin() < next)) reader.fail(CborError::NotCanonical);
    };
    if (reader.array(5) != 5) reader.fail(CborError::WrongType);
    std::set<std::uint64_t> rules;
    each([&] {
        const auto rule = readCbor<WatchRule>(reader);
        inOrder(rules, rule.id.value);
        rules.insert(rule.id.value);
        if (reader.ok() && !loaded.setRule(rule, 0)) reader.fail(CborError::OutOfRange);
    });
    each([&] {
        const auto one = readCbor<Hash>(reader);
        inOrder(loaded.m_listed, one);
        loaded.m_listed.insert(loaded.m_listed.end(), one);
    });
    std::set<Flow> flows;
    each([&] {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        const auto flow = readCbor<Flow>(reader);
        inOrder(flows, flow);
        flows.insert(flow);
        auto& past = loaded.m_past[flow];
        each([&] { past.push_back(readCbor<Past>(reader)); });
    });
    std::set<std::uint64_t> cases;
    each([&] {
        auto one = readCbor<Case>(reader);
        inOrder(cases, one.id.value);
        cases.insert(one.id.value);
        loaded.m_cases.emplace(one.id, std::move(one));
    });
    loaded.m_lastCase = reader.unsignedInt();
    if (reader.ok() && !loaded.index()) reader.fail(CborError::OutOfRange);
    if (!reader.ok()) return Err(reader.error());
    return loaded;
}

/// False if something is kept that should not be.
bool Watch::index() {
    for (const auto& [flow, past] : m_past) {
        if (past.empty() || past.size() > kMostCount) return false;
        std::int64_t lastMs = past.front().timeMs;
        for (const Past& one : past) {
            if (one.timeMs < lastMs || one.amount.unit != flow.unit || !one.amount.isPositive()) return false;
            lastMs = one.timeMs;
            m_byTime.emplace(one.timeMs, flow);
        }
    }
    for (const auto& [id, one] : m_cases) {
        if (!one.id || id.value > m_lastCase || one.isOver()) return false;
        if (!m_caseOf.try_emplace({one.holder, one.rule}, id).second) return false;
        if (one.state == CaseState::Held) ++m_heldOf[one.holder];
    }
    return true;
}

} // namespace tallylock::treasury
