#include "core/host/Snapshots.h"

#include <sys/resource.h>
#include <unistd.h>

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

namespace {
/// On Linux each thread has a niceness of its own, which the threads that it starts inherit.
void yieldToOtherThreads() { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19); }
} // namespace

Snapshots::Snapshots(const engine::Config& config, const Hash& genesis, OpenJournal openJournal,
                     ports::SnapshotStore& store, Projection& projection, Fail fail)
    : m_config(config),
      m_genesis(genesis),
      m_openJournal(std::move(openJournal)),
      m_store(store),
      m_projection(projection),
      m_fail(std::move(fail)) {}

Snapshots::~Snapshots() {
    m_stopping = true;
    m_thread.stop();
}

void Snapshots::make(std::uint64_t batch) {
    m_thread.post(
        [this, batch] {
            yieldToOtherThreads();
            const auto made = makeNow(batch);
            if (!made && made.error().error == StoreError::Damaged) m_fail(made.error());
        },
        1);
}

Result<void, StoreFailure> Snapshots::makeNow(std::uint64_t batch) {
    auto journal = m_openJournal();
    if (!journal) return Err(journal.error());
    Recovery recovery(**journal, m_config);
    auto stored = recovery.fromSnapshot(m_store);
    if (!stored) return Err(stored.error());
    Recovered second = *stored ? std::move(**stored) : recovery.beginning(m_genesis);
    while (second.position.batch < batch) {
        if (m_stopping) return {};
        const std::uint64_t last = std::min(batch, second.position.batch + kBatchesAtATime);
        auto replayed = recovery.replay(
            second, [](const wire::Batch&, const Applied&) {}, last);
        if (!replayed) return replayed;
        if (second.position.batch < last) {
            const std::string end = std::to_string(second.position.batch);
            return Err(StoreFailure{StoreError::Damaged, "journal, after batch " + end + ": what was written is gone"});
        }
    }
    // Past `batch` if the store has a newer one by now, which needs no other.
    if (second.position.batch == batch)
        m_projection.saveSnapshot(m_store, recordOfBatch(batch), encodeSnapshot(second.engine, second.position));
    return {};
}

} // namespace tallylock::host
