// What one identity keeps of its coordinator's history, and what it finds wrong with it (wire/Witness.h). It asks
// nothing by itself: Witnesses does.
//
// Every event of the own stream is to be proven once; what was proven in another run is recognised by a running hash
// over the stream, which comes from its beginning at every start. So neither a changed event nor a changed proof goes
// unnoticed, whatever was proven when.
#pragma once

#include "core/api/History.h"
#include "core/party/Records.h"
#include "core/wire/Frames.h"

#include <deque>

namespace tallylock::party {

/// Worker thread.
class HistoryWatch {
public:
    HistoryWatch(const IdentityKey& coordinator, const HistoryKept* kept);

    /// An item of the own stream, in order, each once.
    void onItem(const wire::StreamItem& item, std::int64_t nowMs);
    /// How far the coordinator says it is.
    void onSequence(std::uint64_t sequence, std::int64_t nowMs);
    wire::WitnessQuery query() const;
    /// Gives whether it has led further: another question at once may bring more.
    bool onWitness(const wire::WitnessQuery& asked, const wire::Witness& witness, std::int64_t nowMs);
    /// Of a day that was not looked at yet. False: too early, events up to it are not proven.
    bool onOwed(const wire::Owed& owed, HolderId holder, std::int64_t nowMs);

    bool hasUnproven() const { return !m_unproven.empty(); }
    const HistoryKept& kept() const { return m_kept; }
    api::HistoryCheckRow row() const;

private:
    struct Unproven {
        std::uint64_t position = 0;
        std::uint64_t sequence = 0;
        Hash leaf;
        Hash digest; ///< of the stream up to here
        std::int64_t sinceMs = 0;
        std::optional<money::Amount> total{};
    };
    static constexpr std::size_t kMostBalances = 4'096; ///< of a unit that are remembered

    void missed(bool isDue, std::int64_t nowMs);
    void alarm(api::HistoryAlarm alarm, std::string detail, std::int64_t nowMs);
    bool isSameHistory(const wire::Witness& witness, std::int64_t nowMs);
    bool isProven(const wire::Inclusion& proof, const wire::HistoryHead& head, std::int64_t nowMs);
    void remember(std::uint64_t batch, const money::Amount& total);
    /// Nothing: it cannot be told any more.
    std::optional<money::Amount> totalAt(std::uint64_t batch, money::UnitId unit) const;

    HistoryKept m_kept;
    std::uint64_t m_position = 0; ///< of the last item
    Hash m_digest;
    std::deque<Unproven> m_unproven;
    std::uint64_t m_misses = 0; ///< answers in a row that should have had the first of them, and had not
    /// What the account held after a batch that changed it; the first is what was before all of them.
    std::map<money::UnitId, std::map<std::uint64_t, money::Amount>> m_totals;
    std::int64_t m_checkedMs = 0;
};

} // namespace tallylock::party
