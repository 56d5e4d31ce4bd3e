// The buyer's side of the joint spot check, between B4 and B7: asks, checks everything, and remembers how it went. What
// is kept of it holds no plain text; the portions themselves are saved only where the person wants them.
#pragma once

#include "core/party/Replica.h"
#include "core/party/SpotChecks.h"

#include <set>

namespace tallylock::party {

class Core;

/// Worker thread.
class SpotSide {
public:
    explicit SpotSide(Core& core) : m_core(core) {}

    /// `folder` empty: nothing is saved. A check that failed answers with its row, too; a refusal means that none was
    /// made. The same again gives the same portions.
    void check(SaleId sale, const std::string& folder, const api::Done<api::SpotCheckRow>& done);
    /// What is known, and whether a check can be made now.
    api::SpotCheckRow row(const KnownSale& sale) const;

private:
    struct Run; // one check on its way
    using RunPointer = std::shared_ptr<Run>;
    std::optional<SpotSubject> subjectOf(const KnownSale& sale) const;
    std::string nameFor(const KnownSale& sale, std::uint64_t index) const;
    void commit(const RunPointer& run);
    void reveal(const RunPointer& run, const wire::SpotNonce& nonce);
    void open(const RunPointer& run);
    void take(const RunPointer& run, const std::shared_ptr<wire::SpotPortion>& portion);
    void passed(const RunPointer& run);
    /// The key server does not do what was asked.
    void refused(const RunPointer& run, const wire::Problem& problem);
    void failed(const RunPointer& run, const std::string& what, api::Blame blame);
    void stopped(const RunPointer& run, api::Refusal refusal);

    Core& m_core;
    std::set<SaleId> m_running;
    std::map<SaleId, api::SpotCheckRow> m_failed; // since the start; a failed check may be tried again
};

} // namespace tallylock::party
