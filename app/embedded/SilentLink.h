// Links to key servers that have fallen silent.
#pragma once

#include "core/ports/Link.h"

namespace tallylock::app {

/// Carries everything but what a key server is asked once the seller is paid, which is answered as by one that is gone.
std::unique_ptr<ports::Link> silentAfterPayment(std::unique_ptr<ports::Link> link);

/// Carries nothing.
std::unique_ptr<ports::Link> silent();

} // namespace tallylock::app
