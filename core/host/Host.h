// The coordinator ("second server"): runs the engine behind a journal, follows it with tables and streams, carries out
// what sales ask for, and looks at the rails.
//
// The room `host` owns admission, batches, deadlines and the outbox. It refuses to decide who may do what: that is the
// engine's. It knows no SQL, chain or window: those come in as ports.
//
// Threads: one for engine and journal and one that applies ahead of its writes (Sequencer), one for snapshots, one for
// tables and streams (Projection), one for effects (Outbox), one for withdrawals (Payouts), one for the house's own
// orders (CoinSeller), and one for each rail and bank (Watcher). See docs/decisions/journal-and-batches.md.
#pragma once

#include "core/host/CoinSeller.h"
#include "core/host/Outbox.h"
#include "core/host/Reconcile.h"
#include "core/host/Watcher.h"

namespace tallylock::host {

struct Options {
    keys::Identity identity; ///< the coordinator's; its keys stand in the config
    engine::Config config;   ///< for a fresh folder; an existing one was made with the same
    /// Each is called on the thread that then owns what it gives: the tables' once, the journal's also by those who
    /// only read it, at a start and for each snapshot, while batches are written.
    OpenJournal openJournal;
    OpenProjector openProjector;
    /// Where a rail's or bank's cursor is kept, by its name. Empty: they are looked at from the beginning at each
    /// start.
    std::function<OpenJournal(const std::string& source)> cursorsOf;
    std::unique_ptr<ports::SnapshotStore> snapshots;

    // These outlive the host.
    std::vector<ports::Rail*> rails;
    std::vector<ports::Bank*> banks;
    ports::FirstExchange& firstExchange;
    ports::DollarExchange& dollarExchange;
    ports::SecondExchange& secondExchange; ///< not asked where the config says that our own book is it
    Clock& clock;
    Random& random;

    std::size_t queueLimit = 4096;        ///< waiting commands; beyond that, Busy
    std::size_t batchLimit = 4096;        ///< commands of one batch
    std::uint64_t snapshotEvery = 10'000; ///< batches
    /// Bytes. A larger one is made only when as much has been written to the journal, too.
    std::uint64_t smallSnapshot = std::uint64_t{16} << 20;
    /// Behind a longer pause time stands still until confirmClock(): most likely the clock is wrong.
    std::int64_t longestPauseMs = INT64_MAX;
    std::size_t tablesBacklog = Projection::kMostBacklog; ///< events that are kept for the tables; beyond, read back
    Watcher::Pace watch{};
    Outbox::Pace outbox{};
    QuoteSettings quotes{};
    /// Called on a thread of the host's when it cannot go on: nothing more is taken. Be quick, post on.
    std::function<void(const ports::StoreFailure&)> onFailure{};
    /// The store of the one-time codes' secrets, sealed under the coordinator's vault key. Empty: nobody can enrol.
    OpenJournal openFactors{};
    /// Outlives the host. Where sealed files lie that count as delivered when the buyer is silent; none: none does.
    ports::FileStore* files = nullptr;
    /// An engine that has followed this very journal (Follower): then only what it lacks is replayed.
    std::optional<Recovered> warm{};
};

struct Status {
    std::uint64_t batch = 0;
    std::uint64_t sequence = 0;
    Hash head;
    bool clockHeld = false; ///< deadlines wait for confirmClock()
    std::optional<ports::StoreFailure> failure;
};

/// Any thread may call.
class Host {
public:
    /// Recovers and starts. Damaged names the batch; OtherOwner: the folder was made with another config; Locked and
    /// the others come from the factories.
    static Result<std::unique_ptr<Host>, ports::StoreFailure> start(Options options);
    /// Stops.
    ~Host();
    /// Takes nothing more, answers what waits with Closed, writes a snapshot, ends all threads. Twice: no effect.
    void stop();

    const engine::Config& config() const;
    /// Whoever opens the link has proved to be `who`. It may outlive the host: it is then Closed.
    std::unique_ptr<ports::Link> connect(const IdentityKey& who);
    /// Effects that need the key server wait for it.
    void setKeyServer(std::unique_ptr<ports::Link> link);
    /// The one that takes over from a silent one.
    void setStandby(std::unique_ptr<ports::Link> link);

    /// The coordinator's own commands, signed and numbered as one. Waits; nothing when it has stopped.
    std::optional<std::vector<engine::Reply>> perform(std::vector<engine::CommandBody> commands);

    /// Looks at the engine between two batches. Waits; false when it has stopped.
    bool visit(const std::function<void(const engine::Engine&)>& visitor) const;
    /// The same, and false also when that takes longer: then it is called later, or never. It owns what it needs.
    bool visitWithin(std::chrono::milliseconds patience, std::function<void(const engine::Engine&)> visitor) const;
    /// What a holder may see. Waits; nothing when it has stopped.
    std::optional<wire::HistoryPage> history(HolderId reader, const wire::HistoryQuery& query) const;
    /// The ledger against rails and banks. Waits for them; nothing when it has stopped.
    std::optional<std::vector<Reconciled>> reconcile() const;
    /// For a user who has lost the authenticator. Waits; false if it cannot be written.
    bool resetFactor(UserId user);

    Status status() const;
    /// The operator has looked: the wall clock is right.
    void confirmClock();
    /// Looks at the clock now, instead of within half a second.
    void wake();
    /// Waits; nothing when it has stopped.
    std::optional<Hash> stateHash() const;

private:
    class Core;
    explicit Host(std::shared_ptr<Core> core) : m_core(std::move(core)) {}
    std::shared_ptr<Core> m_core;
};

} // namespace tallylock::host
