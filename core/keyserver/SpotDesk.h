// The key server's side of the joint spot check (core/wire/SpotCheck.h): who may ask, what is drawn, what it costs.
//
// What is durable before an answer leaves: the pair of nonces' first half before ours is told, and the draw, with its
// cost to the asset's budget, before anything is opened. So a retry or a crash gives the same answer and costs nothing.
//
// One check a set of terms: a second commitment would let the buyer choose, by trying, which portions are opened. Only
// when another edition's check has opened portions in between is a commitment void; then another may take its place.
#pragma once

#include "core/keys/Identity.h"
#include "core/keyserver/KeyBook.h"

namespace tallylock::keyserver {

class SpotDesk {
public:
    SpotDesk(const keys::Identity& identity, KeyBook& book, Random& random)
        : m_identity(identity),
          m_book(book),
          m_random(random) {}

    template <class T>
    using Decided = Result<T, wire::FrameProblem>;

    /// Writes the commitment down, or finds it.
    Decided<wire::SpotNonce> commit(const IdentityKey& who, const wire::SpotCommit& request);
    /// Writes the draw down, or finds it. Gives the portions that are to be opened, rising.
    Decided<std::vector<std::uint64_t>> reveal(const IdentityKey& who, const wire::SpotReveal& request);
    /// Whether this portion may be handed over.
    Decided<void> mayOpen(const IdentityKey& who, const wire::SpotOpen& request) const;
    /// What is signed when the portions have been opened.
    wire::SpotAttest attest(const Hash& terms, std::vector<wire::SpotSample> samples) const;

private:
    /// The deal, if this identity may ask now.
    Decided<const Deal*> dealFor(const IdentityKey& who, const Hash& terms) const;
    bool isOutdated(const Deal& deal) const;
    std::vector<std::uint64_t> openedOf(const Deal& deal) const;
    wire::SpotNonce nonceReply(const SpotCheck& spot) const;

    const keys::Identity& m_identity;
    KeyBook& m_book;
    Random& m_random;
};

} // namespace tallylock::keyserver
