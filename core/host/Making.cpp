#include "core/host/Making.h"

#include <iterator>

namespace tallylock::host {

void Making::add(Item item) {
    bytes += item.arrival.bytes.size();
    items.push_back(std::move(item));
}

void Making::addFrom(std::vector<Item>& waiting, std::size_t limit) {
    std::size_t count = 0;
    if (items.empty()) { // nearly always, and then all of them fit
        items.swap(waiting);
        while (count < items.size() && count < limit && bytes < kMostBytes) {
            bytes += items[count++].arrival.bytes.size();
        }
        const auto rest = items.begin() + static_cast<std::ptrdiff_t>(count);
        waiting.assign(std::make_move_iterator(rest), std::make_move_iterator(items.end()));
        items.erase(rest, items.end());
        return;
    }
    while (count < waiting.size() && hasRoom(limit)) add(std::move(waiting[count++]));
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
}

std::vector<const engine::Command*> Making::takeUnapplied() {
    std::vector<const engine::Command*> commands;
    commands.reserve(items.size() - applied);
    for (; applied < items.size(); ++applied) commands.push_back(&items[applied].arrival.command);
    return commands;
}

void Making::moveInto(wire::Batch& record) {
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

} // namespace tallylock::host
