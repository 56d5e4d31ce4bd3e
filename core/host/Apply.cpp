#include "core/host/Apply.h"

namespace tallylock::host {

namespace {
void addToHash(wire::EventsHash& hash, const std::vector<engine::Event>& events) {
    for (const engine::Event& event : events) hash.add(event);
}
} // namespace

Applied applyBatch(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence,
                   const std::vector<engine::Command>& commands) {
    Applied applied;
    applied.quiet = commands.empty();
    wire::EventsHash hash;
    ports::Projected due{sequence, timeMs, {}};
    engine.beginBatch(timeMs, due.events);
    if (!due.events.empty()) {
        applied.quiet = false;
        addToHash(hash, due.events);
        applied.projected.push_back(std::move(due));
    }
    for (const engine::Command& command : commands) {
        ports::Projected caused{++sequence, timeMs, {}};
        applied.replies.push_back(engine.apply(command, caused.events));
        addToHash(hash, caused.events);
        if (applied.replies.back().refused != engine::Refused::No) hash.add(applied.replies.back());
        if (!caused.events.empty()) applied.projected.push_back(std::move(caused));
    }
    applied.eventsHash = hash.root();
    return applied;
}

} // namespace tallylock::host
