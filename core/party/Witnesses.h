// Asks the coordinator for signed heads, for proofs of what concerns this identity, and for its place in what was owed
// at the end of each day; what comes is checked and kept by HistoryWatch.
//
// State               one writer   durable where         if it arrives twice
// heads, how far      worker       party's own journal   the newest counts; an alarm stays
#pragma once

#include "core/api/Session.h"
#include "core/party/HistoryWatch.h"
#include "core/party/Server.h"

namespace tallylock::party {

class Core;

/// Worker thread.
class Witnesses {
public:
    explicit Witnesses(Core& core) : m_core(core) {}

    void onItem(const wire::StreamItem& item);
    /// The streams have caught up with the coordinator.
    void begin();
    void onWelcome(const wire::Welcome& welcome);
    /// What is not kept yet.
    void keep();
    api::HistoryCheckRow row() const { return m_watch ? m_watch->row() : api::HistoryCheckRow(); }

private:
    void askIn(std::int64_t delayMs);
    void ask();
    void asked(bool goesOn);
    void askWhereItStands();
    void askOwed();
    void changed();

    Core& m_core;
    std::optional<HistoryWatch> m_watch;   ///< once the coordinator is known
    std::vector<wire::StreamItem> m_early; ///< items before that
    bool m_begun = false;
    bool m_asking = false;
    std::uint64_t m_round = 0; ///< of what is planned: what an earlier one has planned is passed over
    bool m_isSoon = false;     ///< the next question is planned for an event
    std::int64_t m_keptMs = 0;
    bool m_isKept = true;
    bool m_hadAlarm = false;
};

} // namespace tallylock::party
