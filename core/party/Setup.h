// What a party is made from.
#pragma once

#include "core/api/Session.h"
#include "core/base/Clock.h"
#include "core/keys/Identity.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"
#include "core/ports/Media.h"
#include "core/ports/Peer.h"
#include "core/ports/Reachability.h"

namespace tallylock::party {

/// How often the coordinator's history is looked at, in milliseconds.
struct WitnessPace {
    std::int64_t soonMs = 2'000;     ///< from an own event until it is asked about
    std::int64_t seldomMs = 600'000; ///< when nothing happens
    std::int64_t keepMs = 60'000;    ///< between two records of it; alarms are kept at once
};

struct Setup {
    keys::Identity identity;
    std::string profileName;
    std::string folder; ///< exists, and is the party's alone; sealed/, arrived/ and library/ are made in it
    /// Called once, on the worker thread, on which the journal is also used and destroyed.
    std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()> openJournal;
    std::shared_ptr<ports::Link> coordinator; ///< opened for this identity
    std::shared_ptr<ports::Link> keyServer;
    std::shared_ptr<ports::FileStore> files;
    IdentityKey keyServerIdentity; ///< pinned: known independently of the coordinator
    Clock& clock;                  ///< outlives the party, as does random
    Random& random;
    api::Executor executor;                        ///< runs the callbacks, on the thread that calls the party
    std::shared_ptr<ports::Media> media = nullptr; ///< none: files are sold without a tracking mark
    /// The key server that takes over from a silent one, pinned as that is. None: nobody does.
    std::shared_ptr<ports::Link> standby = nullptr;
    std::optional<IdentityKey> standbyIdentity{};
    std::shared_ptr<ports::Peers> peers = nullptr; ///< opened for this identity; none: all goes through the file store
    WitnessPace witnessPace{};
    std::shared_ptr<ports::Reachability> reachability = nullptr; ///< none: its servers are in this process
    /// From the payout on: then the buyer's party shows the proof of it to the key server itself.
    std::int64_t keyPatienceMs = 60'000;
    /// Between two looks whether the coordinator is still there at all.
    std::int64_t goneLookMs = 3'600'000;
};

} // namespace tallylock::party
