// The trail of a sale: its receipts with the signed commands behind them and the ledger entries that they made, and the
// coordinator's signature over all of it. What one party is sent, keeps, and gives to people who were not there as a
// file of evidence. See docs/decisions/evidence.md.
//
// The coordinator signs TrailNote, label "trail". The receipts are a chain of hashes, so naming the last one and their
// number names them all; the entries are named by labelledHash("trail-entries", [entry, ...]), in the order of the
// receipts that made them.
#pragma once

#include "core/wire/Release.h"

#include <span>

namespace tallylock::wire {

struct TrailLink {
    engine::ReceiptMade receipt;
    std::optional<Bytes> command{};              ///< the envelope; none behind a deadline
    std::optional<engine::LedgerPosted> entry{}; ///< that the receipt names
    static constexpr void fields(auto use) {
        use(field(1, &TrailLink::receipt), field(2, &TrailLink::command), field(3, &TrailLink::entry));
    }
};

struct TrailNote {
    SaleId sale;
    std::uint64_t receipts = 0; ///< how many there were when this was signed
    Hash last;                  ///< receiptHash of the last
    Hash entries;
    Hash journalHead; ///< as the journal stood then
    static constexpr void fields(auto use) {
        use(field(1, &TrailNote::sale), field(2, &TrailNote::receipts), field(3, &TrailNote::last),
            field(4, &TrailNote::entries), field(5, &TrailNote::journalHead));
    }
};

/// To the coordinator, from either party: the trail of a sale from behind its first `after` receipts.
struct TrailQuery {
    static constexpr std::uint64_t kType = 70;
    SaleId sale;
    std::uint64_t after = 0;
    static constexpr void fields(auto use) { use(field(1, &TrailQuery::sale), field(2, &TrailQuery::after)); }
};
struct Trail {
    static constexpr std::uint64_t kType = 71;
    std::vector<TrailLink> links; ///< oldest first
    /// Over the terms, which makes no receipt; none before it is given.
    std::optional<Signature> buyerSignature{};
    TrailNote note;
    Signature signature; ///< the coordinator's, of the note
    /// Once the seller is paid: for the key servers, should the coordinator be gone before they have heard of it.
    std::optional<Release> release{};
    static constexpr void fields(auto use) {
        use(field(1, &Trail::links), field(2, &Trail::buyerSignature), field(3, &Trail::note),
            field(4, &Trail::signature), field(5, &Trail::release));
    }
};

Hash trailEntriesHash(std::span<const TrailLink> links);
/// Of the whole trail, from the first receipt on.
TrailNote trailNoteOf(std::span<const TrailLink> links, const Hash& journalHead);
Signature signTrail(const TrailNote& note, const keys::Identity& coordinator);

} // namespace tallylock::wire
