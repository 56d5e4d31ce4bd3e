// The one thread that owns the journal, and lends the engine while it writes.
//
//   take -> apply -> append (durable) -> acknowledge -> projections, outbox
//
// Applying comes before durability, because a batch carries the hash of its events. So when an append fails, the engine
// in memory is ahead of the disk: nothing of that batch is acknowledged, shown or carried out, and the host stops.
//
// Commands that arrive during an append form the next batch. A second thread applies them meanwhile ("ahead"), so that
// the next batch is ready to be written when the disk is. The engine belongs to that thread while the append lasts, and
// to ours at all other times; it is lent and given back under the mutex. Whoever asks the engine is answered by our
// thread, and only when everything it has applied is durable: while a question waits, nothing is applied ahead.
//
// When the disk is free again, those who were answered a moment ago are waited for (GroupCommit), unless somebody asks
// or the coordinator has something to do itself.
#pragma once

#include "core/base/Once.h"
#include "core/engine/CheckedSignatures.h"
#include "core/host/GroupCommit.h"
#include "core/host/Making.h"
#include "core/host/Snapshots.h"
#include "core/host/TrustedTime.h"
#include "core/keys/Identity.h"

#include <deque>
#include <future>

namespace tallylock::host {

struct SequencerOptions {
    const keys::Identity& identity;
    const engine::Config& config;
    OpenJournal openJournal;
    OpenProjector openProjector;
    ports::SnapshotStore& snapshots;
    TrustedTime& time;
    Random& random;
    std::size_t queueLimit = 0;
    std::size_t batchLimit = 0;
    std::uint64_t snapshotEvery = 0;
    std::uint64_t smallSnapshot = 0; ///< bytes
    std::optional<Recovered> warm{}; ///< see Options
};

/// What a question sees: the engine between two batches, and where it stands.
struct Sight {
    const engine::Engine& engine;
    const Position& position;
};

/// Any thread may call, unless it says otherwise.
class Sequencer {
public:
    /// What the outbox must know, told on the sequencer's thread when a batch is durable.
    using Tell = std::function<void(const std::vector<ports::Projected>&)>;
    using Fail = std::function<void(const ports::StoreFailure&)>;

    Sequencer(SequencerOptions options, Projection& projection, Tell tell, Fail fail);
    ~Sequencer();

    /// Recovers, and starts to take commands. Waits. Called once, before all others.
    Result<void, ports::StoreFailure> start();

    enum class Taken { Yes, Busy, Closed };
    /// `done` is called on the sequencer's thread once the command is durable; dropped if it never is.
    using Done = std::function<void(wire::Submitted)>;
    Taken submit(Arrival arrival, Done done);
    /// The coordinator's own commands: signed, numbered and taken as one. Waits until they are durable; nothing when
    /// the host is stopping.
    std::optional<std::vector<engine::Reply>> perform(std::vector<engine::CommandBody> bodies);
    /// The same, behind everything that has been submitted, and without waiting: what is promised does.
    std::future<std::optional<std::vector<engine::Reply>>> performLast(std::vector<engine::CommandBody> bodies);
    /// Asked between two batches; dropped when the host is stopping.
    enum class Bound { Queue, None };
    Taken ask(std::function<void(const Sight&)> question, Bound bound = Bound::Queue);
    /// The same, and waits.
    template <class F>
    auto askNow(F question) -> std::optional<decltype(question(std::declval<const Sight&>()))>;

    /// Rails that must have been looked at before a deadline fires. Before start.
    std::size_t addRail();
    /// Everything that this rail saw up to this time has been submitted.
    void railCaughtUp(std::size_t rail, std::int64_t timeMs);
    /// Called on one of the sequencer's threads when a deadline waits for the rails. Before start.
    void setWantRails(std::function<void()> wantRails) { m_wantRails = std::move(wantRails); }
    /// Looks at the clock anew.
    void wake();

    Position position() const;
    bool hasFailed() const;
    bool isClosed() const;
    /// Takes nothing more and drops what waits; the running batch is finished. Does not wait.
    void close();
    /// Closes, writes a snapshot and ends the thread.
    void stop();

private:
    struct Work {
        std::vector<Item> items;
        std::deque<Own> own;
        std::deque<Own> last; ///< behind the items
        std::deque<std::function<void(const Sight&)>> questions;
        bool hasCommands() const { return !items.empty() || !own.empty() || !last.empty(); }
    };
    /// A batch that is made: nothing joins it any more.
    struct Batch {
        Making made;
        Applied applied;
    };

    using Started = std::promise<Result<void, ports::StoreFailure>>;
    void checkAhead(const std::vector<engine::CommandBody>& own);
    void run(const std::shared_ptr<Started>& started);
    Result<void, ports::StoreFailure> recover();
    bool waitForWork(Work& work);
    void waitForMore();
    std::size_t waiting() const { return m_work.items.size() + m_takenAhead; } ///< commands; under the mutex
    std::int64_t latestMs();
    std::int64_t stampMs();
    bool isTickDue();
    void runBatch(Work& work);
    void gather(Work& work);
    void addOwn(Own& own);
    void begin();
    void applyGathered();
    bool writeBatch(Batch& batch, bool mayApplyAhead);
    void lend();
    void takeBack();
    void runAhead();
    bool mayTakeAhead() const;
    void finishBatch(Batch& batch);
    void maybeSnapshot();
    void failed(const ports::StoreFailure& failure);

    SequencerOptions m_options;
    Projection& m_projection;
    Tell m_tell;
    Fail m_fail;
    std::function<void()> m_wantRails;

    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    Work m_work;
    std::vector<std::int64_t> m_railsAtMs;
    Position m_shown; ///< of the last durable batch
    bool m_closed = false;
    bool m_broken = false;
    std::condition_variable m_aheadNews; ///< to the second thread
    std::condition_variable m_returned;  ///< from it
    bool m_lent = false;                 ///< the engine may be used by the second thread
    bool m_inUse = false;                ///< and is, just now
    bool m_ended = false;                ///< the second thread ends
    std::size_t m_takenAhead = 0;        ///< commands of the batch in the making: they wait, too
    GroupCommit m_group;                 ///< as all of these, under the mutex

    /// Filled on the threads of those who submit; outlives the engines.
    const std::shared_ptr<engine::CheckedSignatures> m_checked = std::make_shared<engine::CheckedSignatures>();
    // On the thread that has the engine.
    std::optional<Recovered> m_now; ///< where the last batch that was made has led
    BatchApplier m_applier;
    Making m_making;
    std::int64_t m_awakeMs = 0;  ///< when a batch's time was last asked for, which is often while time matters
    std::int64_t m_backAtMs = 0; ///< when it last came back from having been away
    // On the thread.
    std::unique_ptr<ports::Journal> m_journal;
    std::uint64_t m_counter = 0;      ///< of the coordinator's last own command
    std::uint64_t m_snapshotFrom = 0; ///< the batch whose snapshot we began with; 0: none
    std::uint64_t m_lastSnapshot = 0; ///< the last batch whose snapshot was asked for
    std::uint64_t m_bytesSince = 0;   ///< written to the journal behind it
    std::optional<Snapshots> m_snapshots;

    std::thread m_thread;
};

template <class F>
auto Sequencer::askNow(F question) -> std::optional<decltype(question(std::declval<const Sight&>()))> {
    using Answer = decltype(question(std::declval<const Sight&>()));
    const auto promise = std::make_shared<std::promise<std::optional<Answer>>>();
    auto once = std::make_shared<Once<std::optional<Answer>>>(
        [promise](std::optional<Answer> answer) { promise->set_value(std::move(answer)); }, std::nullopt);
    (void)ask([once, question](const Sight& sight) { (*once)(question(sight)); }, Bound::None);
    once.reset();
    return promise->get_future().get();
}

} // namespace tallylock::host
