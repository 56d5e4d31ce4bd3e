#include "core/wire/Trail.h"

#include "core/wire/Batch.h"

namespace tallylock::wire {

Hash trailEntriesHash(std::span<const TrailLink> links) {
    std::vector<engine::LedgerPosted> entries;
    for (const TrailLink& link : links) {
        if (link.entry) entries.push_back(*link.entry);
    }
    return crypto::labelledHash("trail-entries", encodeCbor(entries));
}

TrailNote trailNoteOf(std::span<const TrailLink> links, const Hash& journalHead) {
    TrailNote note;
    note.receipts = links.size();
    note.entries = trailEntriesHash(links);
    note.journalHead = journalHead;
    if (links.empty()) return note;
    note.sale = links.back().receipt.sale;
    note.last = receiptHash(links.back().receipt);
    return note;
}

Signature signTrail(const TrailNote& note, const keys::Identity& coordinator) {
    return coordinator.sign("trail", encodeCbor(note));
}

} // namespace tallylock::wire
