#include "core/host/Sequencer.h"

#include <algorithm>
#include <cassert>

namespace tallylock::host {

using ports::StoreFailure;

namespace {
/// How long the thread sleeps at most while a deadline is set: clocks can be moved while it sleeps.
constexpr auto kLongestSleep = std::chrono::milliseconds(500);
/// A batch's envelopes stay well below what the journal's record may hold.
constexpr std::size_t kMostBatchBytes = std::size_t{8} << 20;
} // namespace

/// A batch in the making.
struct Sequencer::Batch {
    std::int64_t timeMs = 0;
    std::vector<Item> items;
    std::size_t bytes = 0;
    std::vector<std::pair<Own, std::size_t>> own; ///< with the place of its first command
    Applied applied;

    void add(Item item) {
        bytes += item.arrival.bytes.size();
        items.push_back(std::move(item));
    }
    std::vector<const engine::Command*> commands() const {
        std::vector<const engine::Command*> all;
        all.reserve(items.size());
        for (const Item& item : items) all.push_back(&item.arrival.command);
        return all;
    }
    /// Into the form in which they are journaled.
    void moveInto(wire::Batch& record) {
        wire::BatchEntries entries;
        for (Item& item : items) {
            const engine::Command& command = item.arrival.command;
            if (item.arrival.isSigned) {
                entries.addSigned(std::move(item.arrival.bytes));
            } else {
                const std::uint64_t type = wire::typeOf(command.body);
                entries.addUnsigned(command.signer, {command.counter, type, item.arrival.bytes});
            }
        }
        entries.moveInto(record);
    }
};

Sequencer::Sequencer(SequencerOptions options, Projection& projection, Tell tell, Fail fail)
    : m_options(std::move(options)),
      m_projection(projection),
      m_tell(std::move(tell)),
      m_fail(std::move(fail)) {}

Sequencer::~Sequencer() { stop(); }

Result<void, StoreFailure> Sequencer::start() {
    const auto started = std::make_shared<Started>();
    auto outcome = started->get_future();
    m_thread = std::thread([this, started] { run(started); });
    return outcome.get();
}

// --- from other threads -----------------------------------------------------------------------------------------

Sequencer::Taken Sequencer::submit(Arrival arrival, Done done) {
    const std::lock_guard lock(m_mutex);
    if (m_closed) return Taken::Closed;
    if (m_work.items.size() >= m_options.queueLimit || m_projection.isBehind()) return Taken::Busy;
    m_work.items.push_back({std::move(arrival), std::move(done)});
    m_news.notify_one();
    return Taken::Yes;
}

std::optional<std::vector<engine::Reply>> Sequencer::perform(std::vector<engine::CommandBody> bodies) {
    std::future<std::optional<std::vector<engine::Reply>>> replies;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) return std::nullopt;
        m_work.own.push_back({std::move(bodies), {}});
        replies = m_work.own.back().replies.get_future();
        m_news.notify_one();
    }
    return replies.get();
}

std::future<std::optional<std::vector<engine::Reply>>> Sequencer::performLast(std::vector<engine::CommandBody> bodies) {
    Own own{std::move(bodies), {}};
    auto replies = own.replies.get_future();
    const std::lock_guard lock(m_mutex);
    if (m_closed) {
        own.replies.set_value(std::nullopt);
    } else {
        m_work.last.push_back(std::move(own));
        m_news.notify_one();
    }
    return replies;
}

Sequencer::Taken Sequencer::ask(std::function<void(const Sight&)> question, Bound bound) {
    const std::lock_guard lock(m_mutex);
    if (m_closed) return Taken::Closed;
    if (bound == Bound::Queue && m_work.questions.size() >= m_options.queueLimit) return Taken::Busy;
    m_work.questions.push_back(std::move(question));
    m_news.notify_one();
    return Taken::Yes;
}

std::size_t Sequencer::addRail() {
    m_railsAtMs.push_back(0);
    return m_railsAtMs.size() - 1;
}

void Sequencer::railCaughtUp(std::size_t rail, std::int64_t timeMs) {
    const std::lock_guard lock(m_mutex);
    m_railsAtMs[rail] = std::max(m_railsAtMs[rail], timeMs);
    m_news.notify_one();
}

void Sequencer::wake() {
    const std::lock_guard lock(m_mutex);
    m_news.notify_one();
}

Position Sequencer::position() const {
    const std::lock_guard lock(m_mutex);
    return m_shown;
}

bool Sequencer::hasFailed() const {
    const std::lock_guard lock(m_mutex);
    return m_broken;
}

bool Sequencer::isClosed() const {
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

void Sequencer::close() {
    Work dropped;
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        std::swap(dropped, m_work);
        m_news.notify_one();
    }
    for (Own& own : dropped.own) own.replies.set_value(std::nullopt);
    for (Own& own : dropped.last) own.replies.set_value(std::nullopt);
}

void Sequencer::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
}

// --- on the thread ------------------------------------------------------------------------------------------------

void Sequencer::run(const std::shared_ptr<Started>& started) {
    auto recovered = recover();
    const bool ready = recovered.ok();
    started->set_value(std::move(recovered));
    Work work;
    while (ready && waitForWork(work)) {
        for (const auto& question : work.questions) question({m_now->engine, m_now->position});
        work.questions.clear();
        const auto isLeft = [&] { return !work.items.empty() || !work.own.empty() || !work.last.empty(); };
        while (!hasFailed() && (isLeft() || isTickDue())) runBatch(work);
        for (Own& own : work.own) own.replies.set_value(std::nullopt);
        for (Own& own : work.last) own.replies.set_value(std::nullopt);
        work.items.clear(); // keeps its memory
        work.own.clear();
        work.last.clear();
    }
    m_snapshots.reset();
    if (ready && !hasFailed() && m_now->position.batch > m_snapshotFrom) {
        m_projection.saveSnapshot(m_options.snapshots, recordOfBatch(m_now->position.batch),
                                  encodeSnapshot(m_now->engine, m_now->position));
    }
    m_journal.reset(); // on the thread that opened it
}

Result<void, StoreFailure> Sequencer::recover() {
    auto journal = m_options.openJournal();
    if (!journal) return Err(journal.error());
    m_journal = std::move(*journal);
    Recovery recovery(*m_journal, m_options.config);
    auto fromSnapshot = recovery.fromSnapshotAndSums(m_options.snapshots, m_options.openJournal);
    if (!fromSnapshot) return Err(fromSnapshot.error());
    const auto genesis = recovery.genesis(m_options.random);
    if (!genesis) return Err(genesis.error());
    const auto tables = m_projection.open(m_options.openProjector);
    if (!tables) return Err(tables.error());

    // The tables need the events of every batch that they lack, so a snapshot beyond them is of no use.
    const bool usable = *fromSnapshot && (*fromSnapshot)->position.batch <= tables->batch;
    m_now = usable ? std::move(**fromSnapshot) : recovery.beginning(*genesis);
    m_snapshotFrom = usable ? m_now->position.batch : 0;
    bool fits = true;
    auto replayed = replayInto(*m_now, *tables, fits);
    if (replayed && !fits) {
        const auto cleared = m_projection.clear();
        if (!cleared) return Err(cleared.error());
        m_now = recovery.beginning(*genesis);
        m_snapshotFrom = 0;
        replayed = replayInto(*m_now, {}, fits);
    }
    if (!replayed) return replayed;
    m_counter = m_now->engine.lastCounter(m_options.identity.key());
    m_options.time.startAt(m_now->position.timeMs);
    m_lastSnapshot = m_snapshotFrom;
    m_snapshots.emplace(m_options.config, *genesis, m_options.openJournal, m_options.snapshots, m_projection,
                        [this](const StoreFailure& failure) { failed(failure); });
    const std::lock_guard lock(m_mutex);
    m_shown = m_now->position;
    return {};
}

/// `fits` tells whether the tables stand at a batch of this very history.
Result<void, StoreFailure> Sequencer::replayInto(Recovered& from, const ports::ProjectedPlace& tables, bool& fits) {
    Recovery recovery(*m_journal, m_options.config);
    fits = tables.batch == from.position.batch && (tables.batch == 0 || tables.head == from.position.head);
    return recovery.replay(from, [&](const wire::Batch& batch, Applied applied) {
        if (batch.number == tables.batch) fits = from.position.head == tables.head;
        if (batch.number <= tables.batch) return;
        if (tables.batch != 0 && !fits) return;
        if (m_projection.isBehind()) m_projection.waitUntilCaughtUp();
        m_projection.follow({batch.number, from.position.sequence, from.position.head}, std::move(applied.projected));
    });
}

bool Sequencer::hasWork() const {
    return !m_work.items.empty() || !m_work.own.empty() || !m_work.last.empty() || !m_work.questions.empty();
}

/// False when it is time to end.
bool Sequencer::waitForWork(Work& work) {
    while (true) {
        const bool due = isTickDue();
        std::unique_lock lock(m_mutex);
        if (m_closed) return false;
        if (hasWork()) {
            std::swap(work, m_work);
            return true;
        }
        if (due) return true;
        const auto deadline = m_now->engine.nextDeadlineMs();
        if (!deadline) {
            m_news.wait(lock);
        } else {
            m_news.wait_for(lock, kLongestSleep);
        }
    }
}

/// The time of a batch made now. A deadline that is due is passed only when every rail has been looked at since.
std::int64_t Sequencer::stampMs() {
    const std::int64_t lastMs = m_now->position.timeMs;
    const std::int64_t nowMs = std::max(lastMs, m_options.time.nowMs());
    const auto deadlineMs = m_now->engine.nextDeadlineMs();
    if (!deadlineMs || *deadlineMs > nowMs) return nowMs;
    std::int64_t seenMs = nowMs;
    {
        const std::lock_guard lock(m_mutex);
        for (const std::int64_t railMs : m_railsAtMs) seenMs = std::min(seenMs, railMs);
    }
    if (seenMs >= *deadlineMs) return std::max(lastMs, seenMs);
    if (m_wantRails) m_wantRails();
    return std::max(lastMs, *deadlineMs - 1);
}

bool Sequencer::isTickDue() {
    const auto deadlineMs = m_now->engine.nextDeadlineMs();
    return deadlineMs && *deadlineMs <= stampMs();
}

void Sequencer::addOwn(Own& own, Batch& batch) {
    batch.own.emplace_back(std::move(own), batch.items.size());
    for (const engine::CommandBody& body : batch.own.back().first.bodies) {
        Bytes envelope = wire::sealCommand(m_options.identity, ++m_counter, body);
        auto command = wire::readCommand(envelope);
        assert(command && "our own encoding reads back");
        batch.add({{std::move(*command), std::move(envelope), true}, {}});
    }
}

/// As many as fit, from the front.
void Sequencer::addItems(std::vector<Item>& items, Batch& batch) const {
    std::size_t count = 0;
    while (count < items.size() && batch.items.size() < m_options.batchLimit && batch.bytes < kMostBatchBytes) {
        batch.add(std::move(items[count++]));
    }
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count));
}

void Sequencer::runBatch(Work& work) {
    Batch batch;
    batch.timeMs = stampMs();
    batch.items.reserve(std::min(work.items.size() + work.own.size(), m_options.batchLimit));
    const auto fits = [&] { return batch.items.size() < m_options.batchLimit && batch.bytes < kMostBatchBytes; };
    while (!work.own.empty() && fits()) {
        addOwn(work.own.front(), batch);
        work.own.pop_front();
    }
    addItems(work.items, batch);
    while (work.items.empty() && !work.last.empty() && fits()) {
        addOwn(work.last.front(), batch);
        work.last.pop_front();
    }
    batch.applied = m_applier.apply(m_now->engine, batch.timeMs, m_now->position.sequence, batch.commands());
    if (batch.applied.quiet) return; // a tick that found nothing to do leaves no trace
    if (writeBatch(batch)) {
        finishBatch(batch);
    } else {
        for (auto& [own, first] : batch.own) own.replies.set_value(std::nullopt);
    }
}

bool Sequencer::writeBatch(Batch& batch) {
    Position& at = m_now->position;
    wire::Batch record;
    record.number = at.batch + 1;
    record.timeMs = batch.timeMs;
    record.previous = at.head;
    record.firstSequence = at.sequence + 1;
    batch.moveInto(record);
    record.eventsHash = batch.applied.eventsHash;
    const Hash head = wire::signBatch(record, m_options.identity);
    const auto written = m_journal->append({encodeCbor(record)});
    if (!written) {
        failed(written.error());
        return false;
    }
    at = {record.number, at.sequence + batch.items.size(), record.timeMs, head};
    const std::lock_guard lock(m_mutex);
    m_shown = at;
    return true;
}

/// Acknowledges, and hands on what has happened.
void Sequencer::finishBatch(Batch& batch) {
    const Position& at = m_now->position;
    const std::uint64_t first = at.sequence - batch.items.size() + 1;
    const auto& replies = batch.applied.replies;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (const Done& done = batch.items[i].done) done({first + i, replies[i]});
    }
    m_tell(batch.applied.projected);
    for (auto& [own, place] : batch.own) {
        const auto begin = replies.begin() + static_cast<std::ptrdiff_t>(place);
        own.replies.set_value(
            std::vector<engine::Reply>(begin, begin + static_cast<std::ptrdiff_t>(own.bodies.size())));
    }
    m_projection.follow({at.batch, at.sequence, at.head}, std::move(batch.applied.projected));
    maybeSnapshot();
}

void Sequencer::maybeSnapshot() {
    const Position& at = m_now->position;
    if (at.batch < m_lastSnapshot + m_options.snapshotEvery) return;
    m_snapshots->make(at.batch);
    m_lastSnapshot = at.batch;
}

/// On our thread, or on that of the snapshots.
void Sequencer::failed(const StoreFailure& failure) {
    {
        const std::lock_guard lock(m_mutex);
        m_broken = true;
    }
    close();
    m_fail(failure);
}

} // namespace tallylock::host
