// The projections in one SQLite file, apart from the journal.
#pragma once

#include "core/ports/Projector.h"

namespace tallylock::store {

class SqliteProjector {
public:
    /// A file that is missing, damaged or of another version is made anew: it then stands at batch 0. Lives on the
    /// thread that opened it. Needs a QCoreApplication.
    static Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> open(const std::string& path);
};

} // namespace tallylock::store
