#include "core/party/Witnesses.h"

#include "core/party/Core.h"

namespace tallylock::party {

void Witnesses::onWelcome(const wire::Welcome& welcome) {
    const IdentityKey& coordinator = welcome.config.coordinator.identity;
    if (!m_watch) {
        m_watch.emplace(coordinator, m_core.diary().history());
        for (const wire::StreamItem& item : std::exchange(m_early, {})) m_watch->onItem(item, m_core.nowMs());
    }
    m_watch->onSequence(welcome.sequence, m_core.nowMs());
    changed();
}

void Witnesses::onItem(const wire::StreamItem& item) {
    if (!m_watch) {
        m_early.push_back(item);
        return;
    }
    m_watch->onItem(item, m_core.nowMs());
    if (m_begun && !m_isSoon && !m_asking) {
        m_isSoon = true;
        askIn(m_core.setup().witnessPace.soonMs);
    }
}

void Witnesses::begin() {
    m_begun = true;
    if (m_watch) ask();
}

void Witnesses::askIn(std::int64_t delayMs) {
    m_core.poster().postAfter(delayMs, [this, round = ++m_round] {
        if (round == m_round) ask();
    });
}

void Witnesses::ask() {
    if (m_asking) return;
    m_asking = true;
    m_isSoon = false;
    ++m_round;
    const wire::WitnessQuery query = m_watch->query();
    m_core.coordinator().ask<wire::Witness>(query, [this, query](Result<wire::Witness, wire::Problem> witness) {
        m_asking = false;
        const bool goesOn = witness && m_watch->onWitness(query, *witness, m_core.nowMs());
        if (witness) {
            m_core.heard();
            m_isKept = false;
        }
        if (witness && witness->head.batches < query.known) askWhereItStands();
        changed();
        if (!witness) return askIn(m_core.setup().witnessPace.seldomMs / 10); // it cannot, or is not there
        asked(goesOn);
    });
}

void Witnesses::asked(bool goesOn) {
    const WitnessPace& pace = m_core.setup().witnessPace;
    if (!m_watch->hasUnproven() || m_watch->kept().alarm) {
        askOwed();
        return askIn(pace.seldomMs);
    }
    if (goesOn) return ask();
    m_isSoon = true;
    askIn(pace.soonMs);
}

/// Its tables are behind what it has signed: is its journal, too?
void Witnesses::askWhereItStands() {
    m_core.coordinator().ask<wire::Welcome>(wire::Hello{}, [this](Result<wire::Welcome, wire::Problem> welcome) {
        if (welcome) onWelcome(*welcome);
    });
}

void Witnesses::askOwed() {
    m_core.coordinator().ask<wire::Owed>(wire::OwedQuery{}, [this](Result<wire::Owed, wire::Problem> owed) {
        // Too early: it is asked for again with the next head.
        if (!owed || !m_watch->onOwed(*owed, m_core.replica().holder(), m_core.nowMs())) return;
        m_isKept = false;
        changed();
    });
}

void Witnesses::changed() {
    const bool hasAlarm = m_watch->kept().alarm.has_value();
    const bool isNews = hasAlarm && !std::exchange(m_hadAlarm, hasAlarm);
    const std::int64_t nowMs = m_core.nowMs();
    if (isNews) m_isKept = false;
    if (isNews || (!m_isKept && nowMs - m_keptMs >= m_core.setup().witnessPace.keepMs)) {
        m_keptMs = nowMs;
        keep();
    }
    m_core.changed(api::Topic::History);
}

void Witnesses::keep() {
    if (!m_watch || std::exchange(m_isKept, true)) return;
    // If this fails nothing is lost but the memory of having looked.
    (void)m_core.diary().put(m_watch->kept());
}

} // namespace tallylock::party
