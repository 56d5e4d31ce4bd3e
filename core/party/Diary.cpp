#include "core/party/Diary.h"

#include "core/crypto/Hash.h"
#include "core/wire/Envelope.h"

#include <array>

namespace tallylock::party {

using ports::StoreError;
using ports::StoreFailure;

namespace {
template <class Map, class Key>
auto findIn(const Map& map, const Key& key) -> const typename Map::mapped_type* {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}
} // namespace

Result<std::unique_ptr<Diary>, StoreFailure> Diary::open(std::unique_ptr<ports::Journal> journal) {
    std::unique_ptr<Diary> diary(new Diary(std::move(journal)));
    std::string damage;
    const auto read = diary->m_journal->read(1, [&](std::uint64_t number, ByteView bytes) {
        const auto record = decodeCbor<Record>(bytes);
        if (!record) {
            damage = "record " + std::to_string(number) + ": " + nameOf(record.error());
            return false;
        }
        diary->apply(*record);
        return true;
    });
    if (!read) return Err(read.error());
    if (!damage.empty()) return Err(StoreFailure{StoreError::Damaged, damage});
    return diary;
}

Result<void, StoreFailure> Diary::put(const Record& record) {
    std::vector<Bytes> records = m_later;
    records.push_back(encodeCbor(record));
    if (const auto written = m_journal->append(records); !written) return Err(written.error());
    m_later.clear();
    const std::size_t before = m_unkept.size();
    apply(record);
    // An offer is kept by whoever submits it: its command is not in the outbox yet.
    const bool isCommand = std::holds_alternative<CommandQueued>(record);
    if (m_unkept.size() > before && !isCommand && m_whenUnkept) m_whenUnkept();
    return {};
}

Result<void, StoreFailure> Diary::putInPlaceOf(std::uint64_t counter, const CommandQueued& record) {
    const CommandAnswered left{counter};
    m_later.push_back(encodeCbor(Record(left)));
    auto written = put(record);
    if (written)
        apply(left);
    else
        m_later.pop_back();
    return written;
}

void Diary::putLater(const Record& record) {
    m_later.push_back(encodeCbor(record));
    apply(record);
}

void Diary::flush() {
    if (m_later.empty()) return;
    // If this fails nothing is lost: what was put off is found out again.
    static_cast<void>(m_journal->append(m_later));
    m_later.clear();
}

Result<std::uint32_t, StoreFailure> Diary::nextIndex(const std::set<std::uint32_t>& used, Random& random) {
    for (;;) {
        const std::uint32_t begin = m_lane.value_or(0) * kLaneSize;
        auto next = used.lower_bound(begin + kLaneSize); // behind the highest of the lane
        const bool fresh = next == used.begin() || *--next < begin;
        if (m_lane && (fresh || *next + 1 < begin + kLaneSize)) return fresh ? begin : *next + 1;
        LaneDrawn drawn;
        std::array<std::uint8_t, 4> bytes{};
        random.fill(bytes);
        for (const std::uint8_t byte : bytes) drawn.lane = drawn.lane << 8 | byte;
        drawn.lane %= kLanes;
        if (const auto written = put(drawn); !written) return Err(written.error());
    }
}
Result<std::uint32_t, StoreFailure> Diary::nextAssetIndex(Random& random) { return nextIndex(m_usedAssets, random); }
Result<std::uint32_t, StoreFailure> Diary::nextDisclosureIndex(Random& random) {
    return nextIndex(m_usedDisclosures, random);
}

// --- what is kept ----------------------------------------------------------------------------------------------------

Hash keptId(const Kept& record) { return crypto::labelledHash("kept-id", encodeCbor(record)); }

void Diary::toKeep(const Kept& record) {
    const Hash id = keptId(record);
    if (!m_kept.contains(id)) m_unkept.emplace(id, record);
}

bool Diary::learn(const Kept& record) {
    const Hash id = keptId(record);
    if (!m_kept.insert(id).second) return false;
    if (m_unkept.erase(id) != 0) return true; // one's own, or read from the journal
    if (const auto* made = std::get_if<DepositMade>(&record)) {
        const DepositMade* known = deposit(made->sale, made->toStandby.value_or(false));
        if (known && m_kept.contains(keptId(*known))) return true;
    }
    std::visit([this](const auto& r) { putLater(r); }, record);
    m_unkept.erase(id);
    return true;
}

void Diary::apply(const Record& record) {
    std::visit([this](const auto& r) { apply(r); }, record);
}

void Diary::apply(const CommandQueued& r) {
    m_lastCounter = std::max(m_lastCounter, r.counter);
    m_unanswered[r.counter] = r.envelope;
    // The offer is remembered from the very bytes that were signed.
    const auto command = wire::readCommand(r.envelope);
    if (!command) return;
    if (const auto* offer = std::get_if<engine::MakeOffer>(&command->body)) apply(OfferKept{*offer});
    if (const auto* renewed = std::get_if<engine::RenewOffer>(&command->body)) apply(OfferKept{renewed->offer});
}

void Diary::apply(const EditionSealed& r) {
    m_usedAssets.insert(r.assetIndex);
    m_editions[{r.assetId, r.edition}] = {r, {}};
    if (r.edition == 1) m_sealings.erase(r.assetId);
    toKeep(EditionKept{r.assetId, r.assetIndex, r.edition, r.wrapped, r.name, r.price});
}

void Diary::apply(const DraftDiscarded& r) {
    const EditionKey key{r.assetId, r.edition.value_or(1)};
    if (key.second == 1 && m_sealings.erase(r.assetId) != 0) return; // nobody else has heard of it
    m_discarded.insert(key);
    if (const auto found = m_editions.find(key); found != m_editions.end() && !found->second.listing)
        m_editions.erase(found);
    toKeep(r);
}

void Diary::apply(const EditionKept& r) {
    m_usedAssets.insert(r.assetIndex);
    toKeep(r);
    const EditionKey key{r.assetId, r.edition};
    if (m_editions.contains(key) || m_discarded.contains(key)) return;
    EditionSealed& sealed = m_editions[key].sealed;
    sealed.assetId = r.assetId;
    sealed.assetIndex = r.assetIndex;
    sealed.edition = r.edition;
    sealed.wrapped = r.wrapped;
    sealed.name = r.name;
    sealed.price = r.price;
}

void Diary::apply(const EditionListed& r) {
    if (const auto found = m_editions.find({r.assetId, r.edition.value_or(1)}); found != m_editions.end())
        found->second.listing = r.listing;
}

void Diary::apply(const DepositMade& r) {
    m_usedDisclosures.insert(r.disclosureIndex);
    const bool toStandby = r.toStandby.value_or(false);
    if (const DepositMade* before = deposit(r.sale, toStandby)) m_unkept.erase(keptId(*before));
    m_deposits[{r.sale, toStandby}] = r;
    toKeep(r);
}

void Diary::apply(const CopyKept& r) {
    m_copies[r.sale] = r;
    toKeep(r);
}

void Diary::apply(const SealingBegun& r) {
    m_usedAssets.insert(r.assetIndex);
    m_sealings[r.assetId] = r;
}

void Diary::apply(const OfferKept& r) {
    m_offers[r.offer.nonce] = r.offer;
    toKeep(r);
}

const engine::MakeOffer* Diary::offer(const Hash& nonce) const { return findIn(m_offers, nonce); }
const Edition* Diary::edition(const EditionKey& key) const { return findIn(m_editions, key); }
const DepositMade* Diary::deposit(SaleId sale, bool toStandby) const {
    return findIn(m_deposits, std::pair(sale, toStandby));
}
const Bytes* Diary::part1(SaleId sale) const { return findIn(m_parts1, sale); }
const Bytes* Diary::part2(SaleId sale) const { return findIn(m_parts2, sale); }
const SpotChecked* Diary::spot(SaleId sale) const { return findIn(m_spots, sale); }
const CopyKept* Diary::copy(SaleId sale) const { return findIn(m_copies, sale); }
const std::string* Diary::path(SaleId sale) const { return findIn(m_paths, sale); }
const KeptTrail* Diary::trail(SaleId sale) const { return findIn(m_trails, sale); }
const FileArrived* Diary::arrived(SaleId sale) const { return findIn(m_arrived, sale); }

bool grow(KeptTrail& kept, const TrailKept& record) {
    std::vector<wire::TrailLink>& links = kept.trail.links;
    if (record.after > links.size()) return false;
    links.erase(links.begin() + static_cast<std::ptrdiff_t>(record.after), links.end());
    links.insert(links.end(), record.trail.links.begin(), record.trail.links.end());
    kept.coordinator = record.coordinator;
    kept.trail.buyerSignature = record.trail.buyerSignature;
    kept.trail.note = record.trail.note;
    kept.trail.signature = record.trail.signature;
    if (record.trail.release) kept.trail.release = record.trail.release; // what was once shown stays shown
    return true;
}

const Edition* Diary::editionOf(ListingId listing) const {
    for (const auto& [key, edition] : m_editions)
        if (listing && edition.listing == listing) return &edition;
    return nullptr;
}

const Edition* Diary::newest(const Hash& assetId) const {
    const auto behind = m_editions.upper_bound({assetId, UINT64_MAX});
    if (behind == m_editions.begin() || std::prev(behind)->first.first != assetId) return nullptr;
    return &std::prev(behind)->second;
}

const Edition* Diary::draft(const Hash& assetId) const {
    const Edition* draft = nullptr;
    for (auto at = m_editions.lower_bound({assetId, 0}); at != m_editions.end() && at->first.first == assetId; ++at)
        if (!at->second.listing) draft = &at->second;
    return draft;
}

} // namespace tallylock::party
