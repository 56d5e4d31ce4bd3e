// A second engine that reads back what the first has written: for snapshots, and for tables that have fallen behind.
#pragma once

#include "core/engine/CheckedSignatures.h"
#include "core/host/Recovery.h"

namespace tallylock::host {

/// Belongs to the thread that begins it.
class Rereading {
public:
    struct Source {
        const engine::Config& config;
        Hash genesis;
        OpenJournal openJournal;
        ports::SnapshotStore& snapshots;
        std::shared_ptr<engine::CheckedSignatures> checked; ///< what was checked once need not be again
    };
    /// At the newest snapshot; before the first batch if there is none, or if it lies beyond `last`.
    static Result<std::unique_ptr<Rereading>, ports::StoreFailure> begin(const Source& source, std::uint64_t last);

    const Recovered& now() const { return m_now; }
    /// Goes on to this batch, which is durable. Damaged if the journal does not lead there.
    Result<void, ports::StoreFailure> goOn(std::uint64_t batch, const Recovery::Visit& visit);

private:
    Rereading(const Source& source, std::unique_ptr<ports::Journal> journal, Recovered from)
        : m_config(source.config),
          m_journal(std::move(journal)),
          m_checked(source.checked),
          m_now(std::move(from)) {
        m_now.engine.consult(*m_checked);
    }

    const engine::Config& m_config;
    std::unique_ptr<ports::Journal> m_journal;
    std::shared_ptr<engine::CheckedSignatures> m_checked; ///< outlives the engine
    Recovered m_now;
};

} // namespace tallylock::host
