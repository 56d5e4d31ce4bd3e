#include "core/host/Sequencer.h"

#include "core/host/Restore.h"

#include <algorithm>
#include <cassert>

namespace tallylock::host {

using ports::StoreFailure;

namespace {
/// How long the thread sleeps at most while a deadline is set: clocks can be moved while it sleeps.
constexpr auto kLongestSleep = std::chrono::milliseconds(500);
} // namespace

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

/// What commands carry signed inside is checked here, so that the thread that has the engine need not.
void Sequencer::checkAhead(const std::vector<engine::CommandBody>& own) {
    for (const engine::CommandBody& body : own)
        engine::checkAhead(*m_checked, m_options.config, m_options.identity.key(), body);
}

Sequencer::Taken Sequencer::submit(Arrival arrival, Done done) {
    engine::checkAhead(*m_checked, m_options.config, arrival.command.signer, arrival.command.body);
    bool isLent = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) return Taken::Closed;
        if (waiting() >= m_options.queueLimit) return Taken::Busy;
        m_work.items.push_back({std::move(arrival), std::move(done)});
        isLent = m_lent;
        if (!isLent && waiting() < m_group.wanted()) return Taken::Yes; // more are waited for
    }
    (isLent ? m_aheadNews : m_news).notify_one(); // the thread that wakes finds the lock free
    return Taken::Yes;
}

std::optional<std::vector<engine::Reply>> Sequencer::perform(std::vector<engine::CommandBody> bodies) {
    checkAhead(bodies);
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
    checkAhead(bodies);
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
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) return Taken::Closed;
        if (bound == Bound::Queue && m_work.questions.size() >= m_options.queueLimit) return Taken::Busy;
        m_work.questions.push_back(std::move(question));
    }
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
    std::thread ahead;
    if (ready) ahead = std::thread([this] { runAhead(); });
    started->set_value(std::move(recovered));
    Work work;
    while (ready && waitForWork(work)) {
        if (!m_making.begun) {
            for (const auto& question : work.questions) question({m_now->engine, m_now->position});
            work.questions.clear();
        }
        if (work.hasCommands() || m_making.begun || isTickDue()) runBatch(work);
    }
    for (Own& own : work.own) own.replies.set_value(std::nullopt);
    for (Own& own : work.last) own.replies.set_value(std::nullopt);
    work = {};
    m_making = {}; // of a host that has failed: dropped unanswered
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_aheadNews.notify_one();
    if (ahead.joinable()) ahead.join();
    m_snapshots.reset();
    if (ready && !hasFailed() && m_now->position.batch > m_snapshotFrom) {
        m_projection.saveSnapshot(m_options.snapshots, m_now->position.batch,
                                  encodeSnapshot(m_now->engine, m_now->position));
    }
    m_journal.reset(); // on the thread that opened it
}

Result<void, StoreFailure> Sequencer::recover() {
    auto journal = m_options.openJournal();
    if (!journal) return Err(journal.error());
    m_journal = std::move(*journal);
    Restore restore({*m_journal, m_options.config, m_options.openJournal, m_options.snapshots}, m_projection,
                    m_options.random);
    auto restored = restore.run(m_options.openProjector, std::exchange(m_options.warm, std::nullopt));
    if (!restored) return Err(restored.error());
    m_now.emplace(std::move(restored->now));
    m_snapshotFrom = restored->snapshotFrom;
    m_now->engine.consult(*m_checked);
    m_counter = m_now->engine.lastCounter(m_options.identity.key());
    m_options.time.startAt(m_now->position.timeMs);
    m_lastSnapshot = m_snapshotFrom;
    const Rereading::Source source{m_options.config, restored->genesis, m_options.openJournal, m_options.snapshots,
                                   m_checked};
    m_projection.mayReread(source);
    if (restored->tablesLack) {
        const Position& newest = m_now->position;
        m_projection.catchUp({newest.batch, newest.sequence, newest.head});
    }
    m_snapshots.emplace(source, m_projection, m_options.smallSnapshot,
                        [this](const StoreFailure& failure) { failed(failure); });
    const std::lock_guard lock(m_mutex);
    m_shown = m_now->position;
    return {};
}

void Sequencer::waitForMore() {
    std::unique_lock lock(m_mutex);
    if (m_group.wanted() <= 1) return;
    m_news.wait_until(lock, m_group.until(), [this] {
        return m_closed || waiting() >= m_group.wanted() || !m_making.hasRoom(m_options.batchLimit) ||
               !m_work.own.empty() || !m_work.last.empty() || !m_work.questions.empty();
    });
    m_group.begun();
}

/// False when it is time to end. What was taken before, and the batch that has begun, come first.
bool Sequencer::waitForWork(Work& work) {
    while (true) {
        if (!work.hasCommands() && work.questions.empty()) waitForMore();
        const bool due = !m_making.begun && isTickDue();
        const bool isLeft = m_making.begun || work.hasCommands();
        std::unique_lock lock(m_mutex);
        if (m_broken || (m_closed && !isLeft)) return false;
        if (!work.hasCommands()) {
            const bool has = m_work.hasCommands() || !m_work.questions.empty();
            if (has && work.questions.empty()) {
                std::swap(work, m_work);
                return true;
            }
        }
        if (isLeft || due || !work.questions.empty()) return true;
        if (!m_now->engine.nextTickMs()) {
            m_news.wait(lock);
        } else {
            m_news.wait_for(lock, kLongestSleep);
        }
    }
}

} // namespace tallylock::host
