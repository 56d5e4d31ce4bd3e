// A batch in the making: what is in it, and how far it has been applied.
#pragma once

#include "core/host/Apply.h"

#include <functional>

namespace tallylock::host {

/// A command that admission has let through.
struct Arrival {
    engine::Command command;
    Bytes bytes; ///< the envelope; of an unsigned command its body
    bool isSigned = true;
};

/// A command that waits, and who waits for it.
struct Item {
    Arrival arrival;
    std::function<void(wire::Submitted)> done; ///< empty for the coordinator's own
};

/// Commands of the coordinator's own, which are taken as one.
struct Own {
    std::vector<engine::CommandBody> bodies;
    std::promise<std::optional<std::vector<engine::Reply>>> replies;
};

struct Making {
    bool begun = false; ///< the engine has begun it
    std::int64_t timeMs = 0;
    std::vector<Item> items;
    std::size_t applied = 0; ///< the first of the items
    std::size_t bytes = 0;
    std::vector<std::pair<Own, std::size_t>> own; ///< with the place of its first command

    /// A batch's envelopes stay well below what the journal's record may hold.
    static constexpr std::size_t kMostBytes = std::size_t{8} << 20;
    bool hasRoom(std::size_t limit) const { return items.size() < limit && bytes < kMostBytes; }

    void add(Item item);
    /// As many as there is room for, from the front.
    void addFrom(std::vector<Item>& waiting, std::size_t limit);
    /// The commands of the items that have not been applied; they are taken to be now.
    std::vector<const engine::Command*> takeUnapplied();
    /// Moves the commands into the form in which they are journaled.
    void moveInto(wire::Batch& record);
};

} // namespace tallylock::host
