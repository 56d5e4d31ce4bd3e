// The servers of an embedded node, started in the order in which they need each other.
#pragma once

#include "app/embedded/EmbeddedNode.h"
#include "core/api/Session.h"
#include "core/base/Clock.h"
#include "core/host/Host.h"
#include "core/keyserver/KeyServer.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/FolderFileStore.h"
#include "core/store/FolderLock.h"

#include <filesystem>
#include <optional>

namespace tallylock::app {

/// Destroyed in the opposite order. Links may outlive it: they are then Closed.
struct Servers {
    std::optional<store::FolderLock> coordinatorLock;
    std::optional<store::FolderLock> keyServerLock;
    std::optional<store::FolderLock> standbyLock;
    std::shared_ptr<store::FolderFileStore> files;
    std::unique_ptr<rails::PracticeWorld> world;
    std::unique_ptr<keyserver::KeyServer> keyServer;
    std::unique_ptr<keyserver::KeyServer> standby; ///< takes over from a silent one; null in a folder of old rules
    std::optional<keys::Identity> arbiter;         ///< decides disputes; in this process it is nobody apart
    std::unique_ptr<host::Host> host;
    IdentityKey coordinatorKey;
    Silence silence{};

    std::unique_ptr<ports::Link> toKeyServer(const IdentityKey& from) const;
    std::unique_ptr<ports::Link> toStandby(const IdentityKey& from) const;
};

/// Waits for the disk. `clock` and `random` outlive the servers.
api::Answer<std::unique_ptr<Servers>> startServers(const std::filesystem::path& folder, std::int64_t practiceBlockMs,
                                                   Silence silence, Clock& clock, Random& random);

} // namespace tallylock::app
