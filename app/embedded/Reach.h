// What a node reaches: a coordinator and its key servers, in this process or far away. Everything above is the same for
// both.
#pragma once

#include "core/api/Session.h"
#include "core/keys/Identity.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"
#include "core/ports/Peer.h"
#include "core/ports/Reachability.h"

namespace tallylock::app {

/// One identity's ways. They may outlive what they lead to: they are then Closed.
struct Ways {
    std::shared_ptr<ports::Link> coordinator;
    std::shared_ptr<ports::Link> keyServer;
    std::shared_ptr<ports::Link> standby; ///< null: there is none
    std::shared_ptr<ports::FileStore> files;
    std::shared_ptr<ports::Reachability> reachability; ///< null: all are in this process
    std::shared_ptr<ports::Peers> peers;
};

/// The node's thread.
class Reach {
public:
    virtual ~Reach() = default;
    virtual Ways waysFor(const keys::Identity& who) = 0;
    /// The node's own way to the coordinator, as nobody in particular.
    virtual ports::Link& ownLink() = 0;
    virtual const IdentityKey& coordinator() const = 0;
    virtual const IdentityKey& keyServer() const = 0;
    virtual std::optional<IdentityKey> standby() const = 0;
    /// Null where the money is worth something.
    virtual api::Practice* practice() = 0;
    /// Null where somebody else runs the coordinator.
    virtual api::Operator* operatorDesk() = 0;
    /// Where it is, if it is not in this process.
    virtual std::optional<api::CoordinatorRow> place() const = 0;
};

} // namespace tallylock::app
