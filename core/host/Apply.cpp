#include "core/host/Apply.h"

#include <algorithm>

namespace tallylock::host {

namespace {
/// Below this many commands handing over costs more than it saves.
constexpr std::size_t kHandedOver = 64;

void addToHash(wire::EventsHash& hash, std::vector<engine::Event>& events) {
    engine::complete(events);
    for (const engine::Event& event : events) hash.add(event);
}
} // namespace

Applied BatchApplier::apply(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence,
                            std::span<const engine::Command* const> commands) {
    begin(engine, timeMs, sequence);
    add(engine, commands);
    return finish();
}

void BatchApplier::begin(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence) {
    m_applied = {};
    m_timeMs = timeMs;
    m_sequence = sequence;
    m_taken = 0;
    m_hash = {};
    ports::Projected due{sequence, timeMs, {}};
    engine.beginBatch(timeMs, due.events);
    if (due.events.empty()) return;
    addToHash(m_hash, due.events);
    m_applied.projected.push_back(std::move(due));
}

void BatchApplier::add(engine::Engine& engine, std::span<const engine::Command* const> commands) {
    if (commands.empty()) return;
    makeRoom(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        engine.expect(commands.subspan(i));
        if (m_applied.replies.size() - m_taken == kHandedOver) handOver();
        m_applied.projected.push_back({++m_sequence, m_timeMs, {}});
        m_applied.replies.push_back(engine.apply(*commands[i], m_applied.projected.back().events));
    }
}

Applied BatchApplier::finish() {
    if (m_handedOver) {
        waitForHasher();
    } else {
        hash(takeRest());
    }
    m_applied.eventsHash = m_hash.root();
    m_applied.leaves = m_hash.takeLeaves();
    return std::move(m_applied);
}

/// What is being hashed stays where it is.
void BatchApplier::makeRoom(std::size_t commands) {
    const std::size_t needed = m_applied.projected.size() + commands;
    if (needed <= std::min(m_applied.projected.capacity(), m_applied.replies.capacity())) return;
    waitForHasher();
    const std::size_t room = std::max(needed + 1, 2 * m_applied.projected.size());
    m_applied.projected.reserve(room);
    m_applied.replies.reserve(room);
}

BatchApplier::Part BatchApplier::takeRest() {
    const std::size_t count = m_applied.replies.size() - m_taken;
    m_taken += count;
    return {std::span(m_applied.projected).last(count), std::span(m_applied.replies).last(count)};
}

void BatchApplier::handOver() {
    m_handedOver = true;
    m_hasher.post([this, part = takeRest()] { hash(part); });
}

/// Nothing is left to be hashed then, if it has begun at all.
void BatchApplier::waitForHasher() {
    if (!m_handedOver) return;
    std::promise<void> done;
    m_hasher.post([&, part = takeRest()] {
        hash(part);
        done.set_value();
    });
    done.get_future().wait();
    m_handedOver = false;
}

void BatchApplier::hash(const Part& part) {
    for (std::size_t i = 0; i < part.replies.size(); ++i) {
        ports::Projected& cause = part.projected[i];
        addToHash(m_hash, cause.events);
        cause.isRefused = part.replies[i].refused != engine::Refused::No;
        if (cause.isRefused) m_hash.add(part.replies[i]);
    }
}

} // namespace tallylock::host
