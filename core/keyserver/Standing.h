// How a key server stands, for whoever watches over it.
#pragma once

#include "core/ports/Journal.h"

#include <optional>

namespace tallylock::keyserver {

/// What there is, what there is to do, and what went wrong.
struct Standing {
    std::uint64_t terms = 0;                    ///< of sales for which a key was to be deposited
    std::uint64_t keys = 0;                     ///< that are kept, as two parts
    std::uint64_t released = 0;                 ///< of these, whose second part is out
    std::uint64_t checks = 0;                   ///< sealed files that are still to be read
    std::uint64_t commands = 0;                 ///< signed, and not yet taken by the coordinator
    std::uint64_t letters = 0;                  ///< to be sent
    std::optional<ports::StoreFailure> failure; ///< of a journal whose last write was not kept
};

} // namespace tallylock::keyserver
