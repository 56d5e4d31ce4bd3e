// The servers of an embedded node, started in the order in which they need each other.
#pragma once

#include "app/embedded/AppNode.h"
#include "app/servers/Coordinator.h"
#include "app/servers/KeyServing.h"

namespace tallylock::app {

/// Destroyed in the opposite order. Links may outlive it: they are then Closed.
struct Servers {
    std::unique_ptr<Coordinator> coordinator;
    KeyServing keyServer;
    KeyServing standby; ///< takes over from a silent one; none in a folder of old rules
    Silence silence{};
    ~Servers();

    std::unique_ptr<ports::Link> toKeyServer(const IdentityKey& from) const;
    std::unique_ptr<ports::Link> toStandby(const IdentityKey& from) const;
};

/// `outageMs`: for a new folder, see CoordinatorRules. Waits for the disk. `clock` and `random` outlive the servers.
api::Answer<std::unique_ptr<Servers>> startServers(const std::filesystem::path& folder, std::int64_t practiceBlockMs,
                                                   Silence silence, std::optional<std::int64_t> outageMs, Clock& clock,
                                                   Random& random);

} // namespace tallylock::app
