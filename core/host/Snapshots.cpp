#include "core/host/Snapshots.h"

#include "core/base/ThreadPriority.h"

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

Snapshots::Snapshots(Rereading::Source source, Projection& projection, std::uint64_t smallBytes, Fail fail)
    : m_source(std::move(source)),
      m_projection(projection),
      m_smallBytes(smallBytes),
      m_fail(std::move(fail)) {}

Snapshots::~Snapshots() {
    m_stopping = true;
    m_thread.stop();
}

void Snapshots::make(std::uint64_t batch) {
    m_thread.post(
        [this, batch] {
            yieldToOthers(Niceness::LeftOver);
            const auto made = makeNow(batch);
            if (!made && made.error().error == StoreError::Damaged) m_fail(made.error());
        },
        1);
}

Result<void, StoreFailure> Snapshots::makeNow(std::uint64_t batch) {
    const auto second = Rereading::begin(m_source, UINT64_MAX);
    if (!second) return Err(second.error());
    const Recovered& now = (*second)->now();
    while (now.position.batch < batch) {
        if (m_stopping) return {};
        const std::uint64_t last = std::min(batch, now.position.batch + kBatchesAtATime);
        auto read = (*second)->goOn(last, [](const wire::Batch&, const Applied&) {});
        if (!read) return read;
    }
    // Past `batch` if the store has a newer one by now, which needs no other.
    if (now.position.batch != batch) return {};
    Bytes snapshot = encodeSnapshot(now.engine, now.position);
    m_lastBytes = snapshot.size();
    m_projection.saveSnapshot(m_source.snapshots, batch, std::move(snapshot));
    return {};
}

} // namespace tallylock::host
