// A party's own journal and what it says. Written by the worker thread alone.
#pragma once

#include "core/engine/Commands.h"
#include "core/party/Records.h"
#include "core/ports/Journal.h"

#include <map>
#include <memory>

namespace tallylock::party {

/// An edition that this party sealed.
struct Edition {
    EditionSealed sealed;
    ListingId listing; ///< none: still a draft
};

class Diary {
public:
    /// Replays the journal. Damaged if a record is not of a known shape.
    static Result<std::unique_ptr<Diary>, ports::StoreFailure> open(std::unique_ptr<ports::Journal> journal);
    ~Diary() { flush(); }

    /// Durable when it returns.
    Result<void, ports::StoreFailure> put(Record record);
    /// Holds at once, and becomes durable with the next put or at the end: for what may be found out again.
    void putLater(Record record);
    void flush();

    std::uint64_t lastCounter() const { return m_lastCounter; }
    /// After another device of this identity has used counters: go on behind them. A child index is never higher than
    /// the number of commands, so this keeps the children of a restored phrase apart too.
    void skipTo(std::uint64_t counter);
    std::uint32_t nextAssetIndex() const { return m_nextAssetIndex; }
    std::uint32_t nextDisclosureIndex() const { return m_nextDisclosureIndex; }

    /// Signed, but not answered as far as is known; by counter.
    const std::map<std::uint64_t, Bytes>& unanswered() const { return m_unanswered; }
    /// nullptr if this party made no such offer.
    const engine::MakeOffer* offer(const Hash& nonce) const;
    const std::map<Hash, Edition>& editions() const { return m_editions; }
    const Edition* editionOf(ListingId listing) const;
    const Edition* edition(const Hash& assetId) const;
    const DepositMade* deposit(SaleId sale) const;
    const Bytes* part2(SaleId sale) const;
    const CopyKept* copy(SaleId sale) const;
    const std::string* path(SaleId sale) const;

private:
    explicit Diary(std::unique_ptr<ports::Journal> journal) : m_journal(std::move(journal)) {}
    void apply(const Record& record);
    void apply(const CommandQueued& r);
    void apply(const CommandAnswered& r) { m_unanswered.erase(r.counter); }
    void apply(const AssetBegun& r);
    void apply(const EditionSealed& r) { m_editions[r.assetId] = {r, {}}; }
    void apply(const DraftDiscarded& r) { m_editions.erase(r.assetId); }
    void apply(const EditionListed& r);
    void apply(const DepositMade& r);
    void apply(const Part2Fetched& r) { m_parts2[r.sale] = r.box; }
    void apply(const CopyKept& r) { m_copies[r.sale] = r; }
    void apply(const FileOpened& r) { m_paths[r.sale] = r.path; }

    std::unique_ptr<ports::Journal> m_journal;
    std::vector<Bytes> m_later;
    std::uint64_t m_lastCounter = 0;
    std::uint32_t m_nextAssetIndex = 0;
    std::uint32_t m_nextDisclosureIndex = 0;
    std::map<std::uint64_t, Bytes> m_unanswered;
    std::map<Hash, engine::MakeOffer> m_offers; // by nonce
    std::map<Hash, Edition> m_editions;         // by asset id
    std::map<SaleId, DepositMade> m_deposits;
    std::map<SaleId, Bytes> m_parts2;
    std::map<SaleId, CopyKept> m_copies;
    std::map<SaleId, std::string> m_paths;
};

} // namespace tallylock::party
