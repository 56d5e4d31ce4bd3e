#include "core/host/Rereading.h"

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

Result<std::unique_ptr<Rereading>, StoreFailure> Rereading::begin(const Source& source, std::uint64_t last) {
    auto journal = source.openJournal();
    if (!journal) return Err(journal.error());
    Recovery recovery(**journal, source.config);
    auto stored = recovery.fromSnapshot(source.snapshots);
    if (!stored) return Err(stored.error());
    const bool usable = *stored && (*stored)->position.batch <= last;
    Recovered from = usable ? std::move(**stored) : recovery.beginning(source.genesis);
    return std::unique_ptr<Rereading>(new Rereading(source, std::move(*journal), std::move(from)));
}

Result<void, StoreFailure> Rereading::goOn(std::uint64_t batch, const Recovery::Visit& visit) {
    if (m_now.position.batch >= batch) return {};
    auto replayed = Recovery(*m_journal, m_config).replay(m_now, visit, batch);
    if (!replayed) return replayed;
    if (m_now.position.batch < batch) {
        const std::string end = std::to_string(m_now.position.batch);
        return Err(StoreFailure{StoreError::Damaged, "journal, after batch " + end + ": what was written is gone"});
    }
    return {};
}

} // namespace tallylock::host
