#include "core/host/Projection.h"

#include "core/base/ThreadPriority.h"

#include <algorithm>
#include <future>
#include <iterator>

namespace tallylock::host {

using ports::ProjectedPlace;
using ports::StoreFailure;

/// A subscription as the thread sees it. The mutex is held during a callback, so that its end waits for it; it can be
/// taken again by a callback that ends its own subscription.
struct Projection::Flow {
    std::recursive_mutex mutex;
    bool ended = false;
    ports::Link::Stream stream{};
    IdentityKey identity;
    HolderId reader;
    std::uint64_t cursor = 0;
    std::function<void(const wire::StreamItem&)> onItem;

    bool isOpenToAll() const { return stream == ports::Link::Stream::Public; }
};

class Projection::Handle final : public ports::Subscription {
public:
    explicit Handle(std::shared_ptr<Flow> flow) : m_flow(std::move(flow)) {}
    ~Handle() override {
        const std::lock_guard lock(m_flow->mutex);
        m_flow->ended = true;
    }

private:
    std::shared_ptr<Flow> m_flow;
};

template <class F>
auto Projection::ask(F question) -> std::optional<decltype(question())> {
    const auto outcome = std::make_shared<std::promise<decltype(question())>>();
    auto future = outcome->get_future();
    if (!post([outcome, &question] { outcome->set_value(question()); })) return std::nullopt;
    return future.get();
}

bool Projection::post(std::function<void()> task) {
    return m_thread.post([this, task = std::move(task)] {
        projectWaiting();
        task();
    });
}

Projection::~Projection() { stop(); }

Result<ProjectedPlace, StoreFailure> Projection::open(const OpenProjector& openProjector) {
    auto opened = ask([&]() -> Result<ProjectedPlace, StoreFailure> {
        yieldToOthers(Niceness::Behind);
        auto projector = openProjector();
        if (!projector) return Err(projector.error());
        m_projector = std::move(*projector);
        return m_projector->standsAt();
    });
    return std::move(*opened);
}

Result<void, StoreFailure> Projection::clear() {
    return *ask([&] { return m_projector->clear(); });
}

void Projection::follow(ports::ProjectedBatch batch) {
    std::size_t events = 1;
    for (const ports::Projected& cause : batch.causes) events += cause.events.size();
    bool isTooMuch = false;
    {
        const std::lock_guard lock(m_mutex);
        m_newest = batch.place;
        if (m_rereads) return;
        isTooMuch = m_source && isBehind();
        if (isTooMuch) {
            m_rereads = true;
        } else {
            const std::size_t before = m_backlog.fetch_add(events);
            const bool joins = m_mayJoin && !m_followed.empty();
            if (!joins) m_followed.emplace_back();
            m_followed.back().batches.push_back(std::move(batch));
            m_followed.back().events += events;
            const bool isWorthIt = before < kWorthATransaction && before + events >= kWorthATransaction;
            if (joins && !isWorthIt) return; // a task for it is posted
            m_mayJoin = true;
        }
    }
    m_thread.post(isTooMuch ? TaskThread::Task([this] { reread(); }) : [this] { projectWhenDue(); });
}

void Projection::mayReread(const Rereading::Source& source) {
    const std::lock_guard lock(m_mutex);
    m_source.emplace(source);
}

void Projection::catchUp(const ProjectedPlace& newest) {
    {
        const std::lock_guard lock(m_mutex);
        m_newest = newest;
        m_rereads = true;
    }
    m_thread.post([this] { reread(); });
}

/// Some of what the tables lack, and then again behind what others have posted, until nothing is left.
void Projection::reread() {
    projectWaiting(); // what was still kept comes before it
    if (m_failed || m_stopped) return;
    if (const auto done = rereadSome(); !done) {
        fail(done.error());
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_projector->standsAt() == m_newest) {
            m_rereads = false;
            m_rereading.reset();
            return;
        }
    }
    m_thread.post([this] { reread(); });
}

Result<void, StoreFailure> Projection::rereadSome() {
    std::uint64_t newest = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_followed.empty()) return {}; // a subscription: told before the batches that it may wait for
        newest = m_newest.batch;
    }
    const std::uint64_t standsAt = m_projector->standsAt().batch;
    if (!m_rereading) {
        auto begun = Rereading::begin(*m_source, standsAt);
        if (!begun) return Err(begun.error());
        m_rereading = std::move(*begun);
    }
    std::vector<ports::ProjectedBatch> lacking;
    std::size_t events = 0;
    const Position& at = m_rereading->now().position;
    auto read =
        m_rereading->goOn(std::min(newest, at.batch + m_rereadBatches), [&](const wire::Batch& batch, Applied applied) {
            for (const ports::Projected& cause : applied.projected) events += cause.events.size();
            if (batch.number <= standsAt) return;
            const Position& now = m_rereading->now().position;
            lacking.push_back(
                {{now.batch, now.sequence, now.head}, std::move(applied.projected), std::move(applied.leaves)});
        });
    if (!read) return read;
    m_rereadBatches = events > kMostReread ? std::max<std::uint64_t>(m_rereadBatches / 2, 1)
                                           : std::min(m_rereadBatches * 2, kMostBatchesReread);
    if (!lacking.empty()) project(lacking);
    return {};
}

void Projection::projectWhenDue() {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(m_together - std::chrono::steady_clock::now());
    if (left > milliseconds::zero() && m_backlog < kWorthATransaction) {
        if (std::exchange(m_isWaiting, true)) return;
        m_thread.postLater(left.count(), [this] {
            m_isWaiting = false;
            projectWaiting();
        });
        return;
    }
    projectWaiting();
}

/// All that has been told so far.
void Projection::projectWaiting() {
    while (true) {
        Followed waiting;
        {
            const std::lock_guard lock(m_mutex);
            if (m_followed.empty()) return;
            waiting = std::move(m_followed.front());
            m_followed.pop_front();
        }
        if (!waiting.batches.empty()) {
            m_together = std::chrono::steady_clock::now() + std::chrono::milliseconds(kTogetherMs);
            project(waiting.batches);
        }
        m_backlog -= waiting.events;
        if (waiting.then) waiting.then();
    }
}

void Projection::waitUntilCaughtUp() {
    ask([] { return true; });
}

void Projection::saveSnapshot(ports::SnapshotStore& snapshots, std::uint64_t batch, Bytes state) {
    post([this, &snapshots, batch, state = std::move(state)]() mutable {
        m_snapshot = Snapshot{&snapshots, batch, std::move(state)};
        saveReached();
    });
}

void Projection::saveReached() {
    if (!m_snapshot || m_failed || m_projector->standsAt().batch < m_snapshot->batch) return;
    // Without it the next start takes longer, and nothing else.
    (void)m_snapshot->store->save(recordOfBatch(m_snapshot->batch), m_snapshot->state);
    m_snapshot.reset();
}

void Projection::fail(const StoreFailure& failure) {
    m_failed = true;
    m_fail(failure);
}

void Projection::project(std::span<const ports::ProjectedBatch> batches) {
    if (m_failed) return;
    const auto done = m_projector->project(batches);
    if (!done) {
        fail(done.error());
        return;
    }
    learnReaders(batches);
    pumpAll();
    answerReached();
    saveReached();
}

/// An identity whose subscription waits for its registration.
void Projection::learnReaders(std::span<const ports::ProjectedBatch> batches) {
    const auto learn = [this](const IdentityKey& key, HolderId holder) {
        for (const auto& flow : m_flows) {
            if (!flow->isOpenToAll() && !flow->reader && flow->identity == key) flow->reader = holder;
        }
    };
    const auto learnFrom = [&](const ports::Projected& cause) {
        for (const engine::Event& event : cause.events) {
            if (const auto* holder = std::get_if<engine::HolderRegistered>(&event.body)) {
                learn(holder->keys.identity, holder->holder);
            } else if (const auto* user = std::get_if<engine::UserAdded>(&event.body)) {
                learn(user->key, user->holder);
            }
        }
    };
    for (const ports::ProjectedBatch& batch : batches)
        for (const ports::Projected& cause : batch.causes) learnFrom(cause);
}

void Projection::pumpAll() {
    std::erase_if(m_flows, [](const auto& flow) {
        const std::lock_guard lock(flow->mutex);
        return flow->ended;
    });
    const auto flows = m_flows; // a callback may subscribe or end
    for (const auto& flow : flows) pump(*flow);
}

void Projection::pump(Flow& flow) {
    if (!flow.isOpenToAll() && !flow.reader) return;
    const auto isOver = [&flow] {
        const std::lock_guard lock(flow.mutex);
        return flow.ended;
    };
    while (!isOver()) {
        const auto items = m_projector->stream(flow.reader, flow.cursor, kStreamPage);
        if (!items) {
            fail(items.error());
            return;
        }
        if (items->empty()) return;
        const std::lock_guard lock(flow.mutex);
        for (const wire::StreamItem& item : *items) {
            if (flow.ended) return;
            flow.cursor = item.position;
            flow.onItem(item);
        }
    }
}

Projection::Prepared Projection::subscribe(ports::Link::Stream stream, const IdentityKey& identity,
                                           std::uint64_t cursor, std::function<void(const wire::StreamItem&)> onItem) {
    auto flow = std::make_shared<Flow>();
    flow->stream = stream;
    flow->identity = identity;
    flow->cursor = cursor;
    flow->onItem = std::move(onItem);
    const auto flowFor = [this, flow](HolderId reader) {
        {
            const std::lock_guard lock(m_mutex);
            m_mayJoin = false;
            m_followed.emplace_back().then = [this, flow, reader] {
                if (m_failed || !m_projector) return;
                flow->reader = reader;
                m_flows.push_back(flow);
                pump(*flow);
            };
        }
        m_thread.post([this] { projectWaiting(); });
    };
    return {std::make_unique<Handle>(flow), flowFor};
}

void Projection::read(std::function<void(ports::Projector&)> reader) {
    post([this, reader = std::move(reader)] {
        if (!m_failed && m_projector) reader(*m_projector);
    });
}

void Projection::history(HolderId reader, const wire::HistoryQuery& query, HistoryDone done) {
    post([this, waiting = Waiting{0, reader, query, std::move(done)}]() mutable {
        if (m_failed || !m_projector) return;
        if (m_projector->standsAt().sequence >= waiting.query.minSequence) {
            answer(waiting);
            return;
        }
        waiting.id = ++m_lastWaiting;
        m_thread.postLater(kHistoryWaitMs, [this, id = waiting.id] { expire(id); });
        m_waiting.push_back(std::move(waiting));
    });
}

void Projection::answer(const Waiting& waiting) {
    auto rows = m_projector->history(waiting.reader, waiting.query);
    if (!rows) return;
    const std::uint64_t standsAt = m_projector->standsAt().sequence;
    waiting.done({std::move(*rows), standsAt, standsAt < waiting.query.minSequence});
}

void Projection::answerReached() {
    const std::uint64_t standsAt = m_projector->standsAt().sequence;
    const auto reached = std::stable_partition(m_waiting.begin(), m_waiting.end(),
                                               [standsAt](const Waiting& w) { return standsAt < w.query.minSequence; });
    const std::vector<Waiting> ready(reached, m_waiting.end());
    m_waiting.erase(reached, m_waiting.end());
    for (const Waiting& waiting : ready) answer(waiting);
}

void Projection::expire(std::uint64_t id) {
    const auto found = std::find_if(m_waiting.begin(), m_waiting.end(), [id](const Waiting& w) { return w.id == id; });
    if (found == m_waiting.end()) return;
    const Waiting waiting = std::move(*found);
    m_waiting.erase(found);
    answer(waiting);
}

void Projection::close() {
    m_waiting.clear();
    m_flows.clear();
    m_snapshot.reset();
    m_rereading.reset();
    m_projector.reset(); // on the thread that opened it
}

void Projection::stop() {
    if (m_stopped.exchange(true)) return;
    ask([this] {
        close();
        return true;
    });
    m_thread.stop();
}

} // namespace tallylock::host
