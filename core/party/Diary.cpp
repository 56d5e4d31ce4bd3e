#include "core/party/Diary.h"

#include "core/wire/Envelope.h"

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

Result<void, StoreFailure> Diary::put(Record record) {
    std::vector<Bytes> records = m_later;
    records.push_back(encodeCbor(record));
    if (const auto written = m_journal->append(records); !written) return Err(written.error());
    m_later.clear();
    apply(record);
    return {};
}

void Diary::putLater(Record record) {
    m_later.push_back(encodeCbor(record));
    apply(record);
}

void Diary::flush() {
    if (m_later.empty()) return;
    // If this fails nothing is lost: what was put off is found out again.
    static_cast<void>(m_journal->append(m_later));
    m_later.clear();
}

void Diary::skipTo(std::uint64_t counter) {
    if (counter <= m_lastCounter) return;
    m_lastCounter = counter;
    const auto index = static_cast<std::uint32_t>(std::min<std::uint64_t>(counter, 1u << 29));
    m_nextAssetIndex = std::max(m_nextAssetIndex, index);
    m_nextDisclosureIndex = std::max(m_nextDisclosureIndex, index);
}

void Diary::apply(const Record& record) {
    std::visit([this](const auto& r) { apply(r); }, record);
}

void Diary::apply(const CommandQueued& r) {
    m_lastCounter = std::max(m_lastCounter, r.counter);
    m_unanswered[r.counter] = r.envelope;
    // The offer is remembered from the very bytes that were signed.
    if (const auto command = wire::readCommand(r.envelope))
        if (const auto* offer = std::get_if<engine::MakeOffer>(&command->body)) m_offers[offer->nonce] = *offer;
}

void Diary::apply(const AssetBegun& r) { m_nextAssetIndex = std::max(m_nextAssetIndex, r.assetIndex + 1); }

void Diary::apply(const EditionListed& r) {
    if (const auto found = m_editions.find(r.assetId); found != m_editions.end()) found->second.listing = r.listing;
}

void Diary::apply(const DepositMade& r) {
    m_nextDisclosureIndex = std::max(m_nextDisclosureIndex, r.disclosureIndex + 1);
    m_deposits[r.sale] = r;
}

const engine::MakeOffer* Diary::offer(const Hash& nonce) const { return findIn(m_offers, nonce); }
const Edition* Diary::edition(const Hash& assetId) const { return findIn(m_editions, assetId); }
const DepositMade* Diary::deposit(SaleId sale) const { return findIn(m_deposits, sale); }
const Bytes* Diary::part2(SaleId sale) const { return findIn(m_parts2, sale); }
const CopyKept* Diary::copy(SaleId sale) const { return findIn(m_copies, sale); }
const std::string* Diary::path(SaleId sale) const { return findIn(m_paths, sale); }

const Edition* Diary::editionOf(ListingId listing) const {
    for (const auto& [assetId, edition] : m_editions)
        if (listing && edition.listing == listing) return &edition;
    return nullptr;
}

} // namespace tallylock::party
