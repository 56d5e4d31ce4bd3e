// Looks who answers at an address, for a person who has never been there: the coordinator's identity and those of its
// key servers, each proven by the server itself. Nothing of the person is said: the caller is nobody in particular.
#pragma once

#include "core/api/Session.h"
#include "core/base/Random.h"

#include <atomic>

namespace tallylock::app {

/// Waits, for a minute at most, or until it is to stop. AddressInvalid: it is no "host:port", nor several
/// with commas between. Unreachable: nobody
/// answers there, in `detail` why; or one of its key servers does not. CoordinatorWrong: who answers is no coordinator.
api::Answer<api::FoundCoordinator> lookForCoordinator(const std::string& address, Random& random,
                                                      const std::atomic<bool>& isStopping);

// Which coordinator this folder's node uses: FOLDER/coordinator.toml, or none, and the servers are in its own process.
api::Answer<std::optional<api::CoordinatorRow>> readCoordinator(const std::string& folder);
api::Answer<void> writeCoordinator(const std::string& folder, const std::optional<api::CoordinatorRow>& row);

} // namespace tallylock::app
