// The tables as a coordinator finds them that stands by: in the replica of another one's database, which that one
// writes. It writes none and answers nothing; it says how far the replica's have come, so that a snapshot is never
// ahead of them.
#pragma once

#include "core/ports/Projector.h"
#include "core/store/PostgresStore.h"

namespace tallylock::store {

class ReplicaProjector {
public:
    /// Lives on the thread that opened it.
    static Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> open(const PostgresPlace& place);
};

} // namespace tallylock::store
