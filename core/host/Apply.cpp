#include "core/host/Apply.h"

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
    Applied applied;
    applied.quiet = commands.empty();
    applied.projected.reserve(commands.size() + 1); // they stay where they are while they are hashed
    applied.replies.reserve(commands.size());
    m_hash = {};
    ports::Projected due{sequence, timeMs, {}};
    engine.beginBatch(timeMs, due.events);
    if (!due.events.empty()) {
        applied.quiet = false;
        addToHash(m_hash, due.events);
        applied.projected.push_back(std::move(due));
    }
    std::size_t taken = 0; // commands that are hashed or handed over for it
    const auto rest = [&] {
        const std::size_t count = applied.replies.size() - taken;
        taken += count;
        return Part{std::span(applied.projected).last(count), std::span(applied.replies).last(count)};
    };
    for (std::size_t i = 0; i < commands.size(); ++i) {
        engine.expect(commands.subspan(i));
        if (applied.replies.size() - taken == kHandedOver) m_hasher.post([this, part = rest()] { hash(part); });
        applied.projected.push_back({++sequence, timeMs, {}});
        applied.replies.push_back(engine.apply(*commands[i], applied.projected.back().events));
    }
    if (taken == 0) {
        hash(rest());
    } else {
        std::promise<void> done;
        m_hasher.post([&, part = rest()] {
            hash(part);
            done.set_value();
        });
        done.get_future().wait();
    }
    applied.eventsHash = m_hash.root();
    return applied;
}

void BatchApplier::hash(const Part& part) {
    for (std::size_t i = 0; i < part.replies.size(); ++i) {
        addToHash(m_hash, part.projected[i].events);
        if (part.replies[i].refused != engine::Refused::No) m_hash.add(part.replies[i]);
    }
}

} // namespace tallylock::host
