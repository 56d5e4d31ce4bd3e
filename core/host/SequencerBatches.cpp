// How a batch is made: gathered, applied, written, acknowledged; and what is applied ahead of it meanwhile.
#include "core/host/Sequencer.h"

#include <algorithm>
#include <cassert>

namespace tallylock::host {

using ports::StoreFailure;

/// The time of a batch that nothing holds back. Who has been at work all the while, and is behind the clock since a
/// rail held time back, was not away: then it is caught up by steps that are no outage. Who was away goes in one step
/// to when it came back.
std::int64_t Sequencer::latestMs() {
    const std::int64_t lastMs = m_now->position.timeMs;
    const std::int64_t nowMs = std::max(lastMs, m_options.time.nowMs());
    const auto stepMs = m_now->engine.longestStepMs();
    const std::int64_t awakeMs = std::exchange(m_awakeMs, nowMs);
    if (!stepMs || nowMs - lastMs <= *stepMs) return nowMs;
    if (nowMs - awakeMs > *stepMs) m_backAtMs = nowMs;
    return std::min(nowMs, std::max(m_backAtMs, lastMs + *stepMs));
}

/// The time of a batch made now. A deadline that is due is passed only when every rail has been looked at since.
std::int64_t Sequencer::stampMs() {
    const std::int64_t lastMs = m_now->position.timeMs;
    std::int64_t atMs = latestMs();
    std::int64_t seenMs = atMs;
    {
        const std::lock_guard lock(m_mutex);
        for (const std::int64_t railMs : m_railsAtMs) seenMs = std::min(seenMs, railMs);
    }
    // Which deadline is the first depends on the time: a batch that is held may be behind no outage any more.
    const engine::Engine& engine = m_now->engine;
    bool isHeld = false;
    for (auto first = engine.nextDeadlineMs(atMs); first && *first <= atMs; first = engine.nextDeadlineMs(atMs)) {
        if (seenMs >= *first) {
            atMs = seenMs;
            break;
        }
        atMs = *first - 1;
        isHeld = true;
    }
    if (isHeld && m_wantRails) m_wantRails();
    return std::max(lastMs, atMs);
}

bool Sequencer::isTickDue() {
    const auto tickMs = m_now->engine.nextTickMs();
    return tickMs && *tickMs <= stampMs();
}

void Sequencer::runBatch(Work& work) {
    if (!m_making.begun) begin();
    gather(work);
    applyGathered();
    Batch batch{std::exchange(m_making, {}), m_applier.finish()};
    {
        const std::lock_guard lock(m_mutex);
        m_takenAhead = 0;
    }
    if (writeBatch(batch, !work.hasCommands() && work.questions.empty())) {
        finishBatch(batch);
    } else {
        for (auto& [own, first] : batch.made.own) own.replies.set_value(std::nullopt);
    }
}

void Sequencer::gather(Work& work) {
    const auto hasRoom = [&] { return m_making.hasRoom(m_options.batchLimit); };
    while (!work.own.empty() && hasRoom()) {
        addOwn(work.own.front());
        work.own.pop_front();
    }
    m_making.addFrom(work.items, m_options.batchLimit);
    while (work.items.empty() && !work.last.empty() && hasRoom()) {
        addOwn(work.last.front());
        work.last.pop_front();
    }
}

void Sequencer::addOwn(Own& own) {
    m_making.own.emplace_back(std::move(own), m_making.items.size());
    for (const engine::CommandBody& body : m_making.own.back().first.bodies) {
        Bytes envelope = wire::sealCommand(m_options.identity, ++m_counter, body);
        auto command = wire::readCommand(envelope);
        assert(command && "our own encoding reads back");
        m_making.add({{std::move(*command), std::move(envelope), true}, {}});
    }
}

void Sequencer::begin() {
    m_making.begun = true;
    m_making.timeMs = stampMs();
    m_applier.begin(m_now->engine, m_making.timeMs, m_now->position.sequence);
}

void Sequencer::applyGathered() { m_applier.add(m_now->engine, m_making.takeUnapplied()); }

bool Sequencer::writeBatch(Batch& batch, bool mayApplyAhead) {
    Position& at = m_now->position;
    wire::Batch record;
    record.number = at.batch + 1;
    record.timeMs = batch.made.timeMs;
    record.previous = at.head;
    record.firstSequence = at.sequence + 1;
    batch.made.moveInto(record);
    record.eventsHash = batch.applied.eventsHash;
    const Hash head = wire::signBatch(record, m_options.identity);
    at = {record.number, at.sequence + batch.made.items.size(), record.timeMs, head};
    if (mayApplyAhead) lend();
    Bytes encoded = encodeCbor(record);
    m_bytesSince += encoded.size();
    const auto start = GroupCommit::Clock::now();
    const auto written = m_journal->append({std::move(encoded)});
    const auto end = GroupCommit::Clock::now();
    if (mayApplyAhead) takeBack();
    if (!written) {
        failed(written.error());
        return false;
    }
    std::size_t answered = batch.made.items.size();
    for (const auto& [own, place] : batch.made.own) answered -= own.bodies.size();
    const std::lock_guard lock(m_mutex);
    m_shown = at;
    m_group.written(answered, waiting(), end - start, end);
    return true;
}

/// Acknowledges, and hands on what has happened.
void Sequencer::finishBatch(Batch& batch) {
    const Position& at = m_now->position;
    const std::uint64_t first = at.sequence - batch.made.items.size() + 1;
    const auto& replies = batch.applied.replies;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (const Done& done = batch.made.items[i].done) done({first + i, replies[i]});
    }
    m_tell(batch.applied.projected);
    for (auto& [own, place] : batch.made.own) {
        const auto begin = replies.begin() + static_cast<std::ptrdiff_t>(place);
        own.replies.set_value(
            std::vector<engine::Reply>(begin, begin + static_cast<std::ptrdiff_t>(own.bodies.size())));
    }
    Applied& applied = batch.applied;
    m_projection.follow(
        {{at.batch, at.sequence, at.head}, std::move(applied.projected), std::move(applied.leaves), at.timeMs});
    maybeSnapshot();
}

void Sequencer::maybeSnapshot() {
    const Position& at = m_now->position;
    if (at.batch < m_lastSnapshot + m_options.snapshotEvery || !m_snapshots->isWorth(m_bytesSince)) return;
    m_snapshots->make(at.batch);
    m_lastSnapshot = at.batch;
    m_bytesSince = 0;
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

// --- ahead --------------------------------------------------------------------------------------------------------

void Sequencer::lend() {
    bool isWaitedFor = false;
    {
        const std::lock_guard lock(m_mutex);
        m_lent = true;
        isWaitedFor = mayTakeAhead();
    }
    if (isWaitedFor) m_aheadNews.notify_one();
}

void Sequencer::takeBack() {
    std::unique_lock lock(m_mutex);
    m_lent = false;
    m_returned.wait(lock, [this] { return !m_inUse; });
}

/// Under the mutex. Questions and our own commands are left to our thread.
bool Sequencer::mayTakeAhead() const {
    return m_lent && !m_closed && m_making.hasRoom(m_options.batchLimit) && !m_work.items.empty() &&
           m_work.own.empty() && m_work.last.empty() && m_work.questions.empty();
}

/// The second thread.
void Sequencer::runAhead() {
    std::unique_lock lock(m_mutex);
    while (true) {
        m_aheadNews.wait(lock, [this] { return m_ended || mayTakeAhead(); });
        if (m_ended) return;
        m_inUse = true;
        m_making.addFrom(m_work.items, m_options.batchLimit);
        m_takenAhead = m_making.items.size();
        lock.unlock();
        if (!m_making.begun) begin();
        applyGathered();
        lock.lock();
        m_inUse = false;
        m_returned.notify_one();
    }
}

} // namespace tallylock::host
