// A key server in its folder:
//
//   FOLDER/lock, identity, master   made at the first start
//   FOLDER/*.sqlite                 its journals
//   FOLDER/deposit-keys/            one-sale keys
#pragma once

#include "core/api/Session.h"
#include "core/keyserver/KeyServer.h"
#include "core/store/FolderLock.h"

#include <filesystem>

namespace tallylock::app {

/// Destroyed in the opposite order.
struct KeyServing {
    std::optional<store::FolderLock> lock;
    std::unique_ptr<keyserver::KeyServer> server;
};

/// Opens or makes the folder, and starts. `files` and `random` outlive it. Without couriers part 2 is at the endpoint
/// alone. Waits for the disk.
api::Answer<KeyServing> startKeyServing(const std::filesystem::path& folder, ports::FileStore& files, Random& random,
                                        keyserver::WordCouriers couriers = {});

/// For its owner alone.
api::Answer<void> makeFolder(const std::filesystem::path& folder);
/// Where in the folder the identity of a server lies.
std::string identityPath(const std::filesystem::path& folder);
/// What the identity of a key server must not be missing beside.
std::string keyServerState(const std::filesystem::path& folder);

} // namespace tallylock::app
