// A further copy of an own asset for another buyer: sealed anew from an edition that lies in the file store, without
// the plain file. For the job thread; nothing of the party's state is touched.
#pragma once

#include "core/party/Files.h"

namespace tallylock::party {

struct CopyOrder {
    EditionSealed from;           ///< an own edition that is listed; W and child index are what counts
    asset::Manifest fromManifest; ///< as its listing shows it
    std::uint64_t edition = 0;    ///< of the copy
    std::string sealedPath;       ///< where its sealed file is to lie
    std::int64_t nowMs = 0;
};
/// Seals and signs the copy's manifest; name, price and preview stay those of `from`. On failure nothing is left at the
/// path; what a run has left beside it that was killed or interrupted is gone on with.
Outcome<EditionSealed> sealCopy(const CopyOrder& order, ports::FileStore& store, const keys::Identity& seller,
                                Random& random, const asset::Work& work);

} // namespace tallylock::party
