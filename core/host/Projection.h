// The thread of the projections: it follows the journal, answers history, and feeds the streams. It never delays an
// acknowledgement, nor refuses an order: what happens is handed to it as long as it keeps up; when it has fallen too
// far behind, it reads the batches back from the journal instead, through a second engine, until it has caught up.
//
// A transaction writes each page of the tables that it touches as a whole, so under load what comes within a hundredth
// of a second is written in one. What comes after a pause is written at once, and whoever asks something waits for no
// other. While processors are short, those who acknowledge come first.
#pragma once

#include "core/base/TaskThread.h"
#include "core/host/Rereading.h"
#include "core/ports/Link.h"

#include <atomic>

namespace tallylock::host {

using OpenProjector = std::function<Result<std::unique_ptr<ports::Projector>, ports::StoreFailure>()>;

/// Any thread may call.
class Projection {
public:
    static constexpr std::size_t kMostBacklog = 131'072; ///< events: some tens of megabytes, and more than a second
    using Fail = std::function<void(const ports::StoreFailure&)>;
    /// `fail` is called on the projection's thread when the tables can no longer follow.
    explicit Projection(Fail fail, std::size_t mostBacklog = kMostBacklog)
        : m_fail(std::move(fail)),
          m_mostBacklog(mostBacklog) {}
    ~Projection();

    /// Opens the tables on the thread and says where they stand. Waits.
    Result<ports::ProjectedPlace, ports::StoreFailure> open(const OpenProjector& openProjector);
    /// Forgets the tables: they belong to another history. Waits.
    Result<void, ports::StoreFailure> clear();

    /// In the order of the batches, each of which is durable.
    void follow(ports::ProjectedBatch batch);
    /// From now on what is too much to be kept is read back from here. Until then the caller of follow() looks
    /// whether we are behind, and waits.
    void mayReread(const Rereading::Source& source);
    /// What the tables lack up to this batch, the last there is, is read back now. After mayReread().
    void catchUp(const ports::ProjectedPlace& newest);
    bool isBehind() const { return m_backlog.load() >= m_mostBacklog; }
    void waitUntilCaughtUp();
    /// Written once everything up to its batch is in the tables: a snapshot is never ahead of them. The last one waits.
    void saveSnapshot(ports::SnapshotStore& snapshots, std::uint64_t batch, Bytes state);

    /// Not called, but dropped, when there is no answer any more.
    using HistoryDone = std::function<void(wire::HistoryPage)>;
    void history(HolderId reader, const wire::HistoryQuery& query, HistoryDone done);

    /// Reads what the tables hold now; dropped, unread, when they cannot be read any more.
    void read(std::function<void(ports::Projector&)> reader);

    /// The stream flows once it is told its reader: none for the public stream, and for an identity that is not
    /// registered yet. Told in the order of the batches, so that no registration is missed.
    struct Prepared {
        std::unique_ptr<ports::Subscription> subscription;
        std::function<void(HolderId)> flowFor;
    };
    Prepared subscribe(ports::Link::Stream stream, const IdentityKey& identity, std::uint64_t cursor,
                       std::function<void(const wire::StreamItem&)> onItem);

    /// Finishes what was posted, drops the questions that wait, and closes the tables.
    void stop();

private:
    static constexpr std::size_t kMostReread = 16384; ///< events: about as many as are read back at a time
    static constexpr std::uint64_t kMostBatchesReread = 50;
    static constexpr std::int64_t kHistoryWaitMs = 1000;
    static constexpr std::int64_t kTogetherMs = 10;         ///< what comes within it is written together
    static constexpr std::size_t kWorthATransaction = 2048; ///< events: so many wait for no more
    static constexpr std::size_t kStreamPage = 256;

    struct Flow;
    class Handle;
    struct Waiting {
        std::uint64_t id = 0;
        HolderId reader;
        wire::HistoryQuery query;
        HistoryDone done;
    };
    /// Runs on the thread and waits for the outcome; nothing when it has stopped.
    template <class F>
    auto ask(F question) -> std::optional<decltype(question())>;
    /// Runs on the thread, behind everything that was told before.
    bool post(std::function<void()> task);
    void project(std::span<const ports::ProjectedBatch> batches);
    void projectWhenDue();
    void projectWaiting();
    void reread();
    Result<void, ports::StoreFailure> rereadSome();
    void fail(const ports::StoreFailure& failure);
    void saveReached();
    void learnReaders(std::span<const ports::ProjectedBatch> batches);
    void pump(Flow& flow);
    void pumpAll();
    void answer(const Waiting& waiting);
    void answerReached();
    void expire(std::uint64_t id);
    void close();

    struct Snapshot {
        ports::SnapshotStore* store = nullptr;
        std::uint64_t batch = 0;
        Bytes state;
    };

    Fail m_fail;
    std::size_t m_mostBacklog;
    /// Batches that the tables lack, in order: as many as wait are written in one act.
    struct Followed {
        std::vector<ports::ProjectedBatch> batches;
        std::size_t events = 0;
        std::function<void()> then{}; ///< comes behind them, and before whatever is told later
    };
    std::mutex m_mutex;
    std::deque<Followed> m_followed;
    bool m_mayJoin = false;         ///< nothing is to come behind the last of them
    bool m_rereads = false;         ///< what comes is not kept: it is read back
    ports::ProjectedPlace m_newest; ///< the last batch that was told
    std::optional<Rereading::Source> m_source;
    std::atomic<std::size_t> m_backlog{0};
    std::atomic<bool> m_stopped{false};
    // On the thread.
    std::unique_ptr<ports::Projector> m_projector;
    std::unique_ptr<Rereading> m_rereading;
    std::uint64_t m_rereadBatches = 1;  ///< at a time
    std::optional<Snapshot> m_snapshot; ///< waits for the tables
    std::vector<std::shared_ptr<Flow>> m_flows;
    std::vector<Waiting> m_waiting;
    std::uint64_t m_lastWaiting = 0;
    std::chrono::steady_clock::time_point m_together; ///< till then more is waited for
    bool m_isWaiting = false;                         ///< for that
    bool m_failed = false;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host
