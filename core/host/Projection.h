// The thread of the projections: it follows the journal, answers history, and feeds the streams. It never delays an
// acknowledgement: when it falls behind too far, new commands are refused as Busy before they are taken.
#pragma once

#include "core/base/TaskThread.h"
#include "core/host/Recovery.h"
#include "core/ports/Link.h"

#include <atomic>

namespace tallylock::host {

using OpenProjector = std::function<Result<std::unique_ptr<ports::Projector>, ports::StoreFailure>()>;

/// Any thread may call.
class Projection {
public:
    using Fail = std::function<void(const ports::StoreFailure&)>;
    /// `fail` is called on the projection's thread when the tables can no longer follow.
    explicit Projection(Fail fail) : m_fail(std::move(fail)) {}
    ~Projection();

    /// Opens the tables on the thread and says where they stand. Waits.
    Result<ports::ProjectedPlace, ports::StoreFailure> open(const OpenProjector& openProjector);
    /// Forgets the tables: they belong to another history. Waits.
    Result<void, ports::StoreFailure> clear();

    /// In the order of the batches.
    void follow(const ports::ProjectedPlace& place, std::vector<ports::Projected> batch);
    bool isBehind() const { return m_backlog.load() >= kMostBacklog; }
    /// For a replay, which may wait.
    void waitUntilCaughtUp();
    /// Written once everything before is in the tables: a snapshot is never ahead of them.
    void saveSnapshot(ports::SnapshotStore& snapshots, std::uint64_t journalSize, Bytes state);

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
    static constexpr std::size_t kMostBacklog = 32768; ///< events
    static constexpr std::int64_t kHistoryWaitMs = 1000;
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
    void project(const ports::ProjectedPlace& place, const std::vector<ports::Projected>& batch);
    void projectWaiting();
    void learnReaders(const std::vector<ports::Projected>& batch);
    void pump(Flow& flow);
    void pumpAll();
    void answer(const Waiting& waiting);
    void answerReached();
    void expire(std::uint64_t id);
    void close();

    Fail m_fail;
    /// Batches that the tables lack, in order: as many as wait are written in one act.
    struct Followed {
        ports::ProjectedPlace place;
        std::vector<ports::Projected> batch;
        std::size_t events = 0;
    };
    std::mutex m_mutex;
    std::deque<std::vector<Followed>> m_followed; ///< one element a posted task
    bool m_mayJoin = false;                       ///< nothing was posted since that must come between
    std::atomic<std::size_t> m_backlog{0};
    std::atomic<bool> m_stopped{false};
    // On the thread.
    std::unique_ptr<ports::Projector> m_projector;
    std::vector<std::shared_ptr<Flow>> m_flows;
    std::vector<Waiting> m_waiting;
    std::uint64_t m_lastWaiting = 0;
    bool m_failed = false;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host
