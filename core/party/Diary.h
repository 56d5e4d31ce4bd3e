// A party's own journal and what it says. Written by the worker thread alone.
#pragma once

#include "core/keys/Identity.h"
#include "core/party/Records.h"
#include "core/ports/Journal.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace tallylock::party {

/// An edition that this party sealed, here or in another folder of the same phrase.
struct Edition {
    EditionSealed sealed; ///< without manifest and preview: sealed elsewhere
    ListingId listing;    ///< none: still a draft
    bool isElsewhere() const { return sealed.manifest.empty(); }
};
using EditionKey = std::pair<Hash, std::uint64_t>; ///< asset id, edition

/// How many child phrases a folder numbers before it draws another lane.
inline constexpr std::uint32_t kLaneSize = 1u << 12;
inline constexpr std::uint32_t kLanes = keys::Identity::kMaxChildren / kLaneSize;

Hash keptId(const Kept& record);

/// A sale's trail from its first receipt on, and whose signature is under it.
struct KeptTrail {
    IdentityKey coordinator;
    wire::Trail trail;
};
/// False if it does not go on where the trail ends, or before: nothing is changed then.
bool grow(KeptTrail& kept, const TrailKept& record);

class Diary {
public:
    /// Replays the journal. Damaged if a record is not of a known shape.
    static Result<std::unique_ptr<Diary>, ports::StoreFailure> open(std::unique_ptr<ports::Journal> journal);
    ~Diary() { flush(); }

    /// Durable when it returns.
    Result<void, ports::StoreFailure> put(const Record& record);
    /// Both or neither: the command that takes the place of another, which was not executed and never will be.
    Result<void, ports::StoreFailure> putInPlaceOf(std::uint64_t counter, const CommandQueued& record);
    /// Holds at once, and becomes durable with the next put or at the end: for what may be found out again.
    void putLater(const Record& record);
    void flush();

    std::uint64_t lastCounter() const { return m_lastCounter; }
    /// After another folder of this identity has used counters: go on behind them.
    void skipTo(std::uint64_t counter) { m_lastCounter = std::max(m_lastCounter, counter); }
    /// Child indices that were never used. The first of a folder, or of a full lane, draws a lane.
    Result<std::uint32_t, ports::StoreFailure> nextAssetIndex(Random& random);
    Result<std::uint32_t, ports::StoreFailure> nextDisclosureIndex(Random& random);

    /// Takes in what the coordinator keeps for this identity; what was not known becomes durable with the next put.
    /// Of two deposits for one sale the one that is kept first counts. False: it was kept before.
    bool learn(const Kept& record);
    /// Known here and not among what was learnt, by keptId.
    const std::map<Hash, Kept>& unkept() const { return m_unkept; }
    bool isKept(const Hash& id) const { return m_kept.contains(id); }
    /// Called after a put that made something to keep.
    void whenUnkept(std::function<void()> unkept) { m_whenUnkept = std::move(unkept); }

    /// Signed, but not answered as far as is known; by counter.
    const std::map<std::uint64_t, Bytes>& unanswered() const { return m_unanswered; }
    /// Orders are signed one by one, like everything else.
    bool signsOrders() const { return m_signsOrders; }
    /// nullptr if this party made no such offer.
    const engine::MakeOffer* offer(const Hash& nonce) const;
    const std::map<EditionKey, Edition>& editions() const { return m_editions; }
    /// First editions whose sealing has begun and not ended, by asset id.
    const std::map<Hash, SealingBegun>& sealings() const { return m_sealings; }
    const Edition* editionOf(ListingId listing) const;
    const Edition* edition(const EditionKey& key) const;
    const Edition* newest(const Hash& assetId) const;
    const Edition* draft(const Hash& assetId) const; ///< the asset's newest edition that is not listed yet
    const DepositMade* deposit(SaleId sale, bool toStandby = false) const;
    const Bytes* part1(SaleId sale) const; ///< fetched from the key server itself
    const Bytes* part2(SaleId sale) const;
    const SpotChecked* spot(SaleId sale) const;
    const CopyKept* copy(SaleId sale) const;
    const std::string* path(SaleId sale) const;
    const KeptTrail* trail(SaleId sale) const;
    const std::map<SaleId, KeptTrail>& trails() const { return m_trails; }
    const FileArrived* arrived(SaleId sale) const;
    const HistoryKept* history() const { return m_history ? &*m_history : nullptr; }

private:
    explicit Diary(std::unique_ptr<ports::Journal> journal) : m_journal(std::move(journal)) {}
    void apply(const Record& record);
    void apply(const CommandQueued& r);
    void apply(const CommandAnswered& r) { m_unanswered.erase(r.counter); }
    void apply(const AssetBegun& r) { m_usedAssets.insert(r.assetIndex); }
    void apply(const EditionSealed& r);
    void apply(const DraftDiscarded& r);
    void apply(const EditionListed& r);
    void apply(const DepositMade& r);
    void apply(const Part1Fetched& r) { m_parts1[r.sale] = r.box; }
    void apply(const Part2Fetched& r) { m_parts2[r.sale] = r.box; }
    void apply(const SpotChecked& r) { m_spots[r.sale] = r; }
    void apply(const CopyKept& r);
    void apply(const FileOpened& r) { m_paths[r.sale] = r.path; }
    void apply(const LaneDrawn& r) { m_lane = r.lane; }
    void apply(const EditionKept& r);
    void apply(const OfferKept& r);
    void apply(const SealingBegun& r);
    void apply(const SigningChosen& r) { m_signsOrders = r.each; }
    void apply(const TrailKept& r) { grow(m_trails[r.sale], r); }
    void apply(const FileArrived& r) { m_arrived[r.sale] = r; }
    void apply(const HistoryKept& r) { m_history = r; }
    /// The folder's own word, until the coordinator has it.
    void toKeep(const Kept& record);
    Result<std::uint32_t, ports::StoreFailure> nextIndex(const std::set<std::uint32_t>& used, Random& random);

    std::unique_ptr<ports::Journal> m_journal;
    std::vector<Bytes> m_later;
    std::uint64_t m_lastCounter = 0;
    std::optional<std::uint32_t> m_lane;
    std::set<std::uint32_t> m_usedAssets;
    std::set<std::uint32_t> m_usedDisclosures;
    std::map<Hash, Kept> m_unkept;
    std::set<Hash> m_kept;
    std::function<void()> m_whenUnkept;
    std::map<std::uint64_t, Bytes> m_unanswered;
    std::map<Hash, engine::MakeOffer> m_offers; // by nonce
    std::map<EditionKey, Edition> m_editions;
    std::set<EditionKey> m_discarded;
    std::map<Hash, SealingBegun> m_sealings;
    std::map<std::pair<SaleId, bool>, DepositMade> m_deposits; // by sale, and whether it is for the standby
    std::map<SaleId, Bytes> m_parts1;
    std::map<SaleId, Bytes> m_parts2;
    std::map<SaleId, SpotChecked> m_spots;
    std::map<SaleId, CopyKept> m_copies;
    std::map<SaleId, std::string> m_paths;
    bool m_signsOrders = false;
    std::map<SaleId, KeptTrail> m_trails;
    std::map<SaleId, FileArrived> m_arrived;
    std::optional<HistoryKept> m_history;
};

} // namespace tallylock::party
