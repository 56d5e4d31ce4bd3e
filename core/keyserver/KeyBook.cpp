#include "core/keyserver/KeyBook.h"

#include "core/wire/Deposit.h"

namespace tallylock::keyserver {

using ports::StoreError;
using ports::StoreFailure;

static Err<StoreFailure> damagedRecord(const char* journal, std::uint64_t number) {
    return Err(StoreFailure{StoreError::Damaged, std::string(journal) + ", record " + std::to_string(number)});
}

Result<std::unique_ptr<KeyBook>, StoreFailure> KeyBook::open(Journals journals) {
    std::unique_ptr<KeyBook> book(new KeyBook(std::move(journals)));
    if (auto replayed = book->replay(); !replayed) return Err(replayed.error());
    if (auto replayed = book->replayParts(); !replayed) return Err(replayed.error());
    return book;
}

Stored KeyBook::replay() {
    std::uint64_t broken = 0;
    auto read = m_journals.state->read(1, [&](std::uint64_t number, ByteView bytes) {
        const auto record = decodeCbor<Record>(bytes);
        if (!record || !apply(*record, number)) broken = number;
        return broken == 0;
    });
    if (!read) return read;
    if (broken != 0) return damagedRecord("state", broken);
    return {};
}

Stored KeyBook::replayParts() {
    const char* where = "first parts";
    std::uint64_t broken = 0;
    auto read = m_journals.firstParts->read(1, [&](std::uint64_t number, ByteView bytes) {
        auto part = decodeCbor<FirstPart>(bytes);
        const auto found = part ? m_deals.find(part->terms) : m_deals.end();
        if (found == m_deals.end())
            broken = number;
        else
            found->second.firstRecord = number;
        if (part) wipe(part->fingerprintPart);
        return broken == 0;
    });
    if (read && broken == 0) {
        where = "second parts";
        read = m_journals.secondParts->read(1, [&](std::uint64_t number, ByteView bytes) {
            const auto part = decodeCbor<SecondPart>(bytes);
            const auto found = part ? m_deals.find(part->terms) : m_deals.end();
            if (found == m_deals.end())
                broken = number;
            else
                found->second.secondRecord = number;
            return broken == 0;
        });
    }
    if (!read) return read;
    if (broken != 0) return damagedRecord(where, broken);
    // R4 was signed only after both parts were durable.
    for (const auto& [terms, deal] : m_deals) {
        if (deal.receipt && (deal.firstRecord == 0 || deal.secondRecord == 0))
            return Err(StoreFailure{StoreError::Damaged, "a part of a signed receipt is missing"});
    }
    return {};
}

const Deal* KeyBook::deal(const Hash& terms) const {
    const auto found = m_deals.find(terms);
    return found == m_deals.end() ? nullptr : &found->second;
}

const Agreement* KeyBook::agreement(const Hash& contract) const {
    const auto found = m_agreements.find(contract);
    return found == m_agreements.end() ? nullptr : &found->second;
}

Standing KeyBook::standing() const {
    Standing now;
    now.terms = m_deals.size();
    for (const auto& [terms, deal] : m_deals) {
        if (deal.receipt) ++now.keys;
        if (deal.partTwoIsOut) ++now.released;
        if (deal.isUnfinished()) ++now.checks;
    }
    now.commands = m_outbox.size();
    now.letters = m_openLetters.size();
    if (!m_failures.empty()) now.failure = m_failures.begin()->second;
    return now;
}

Stored KeyBook::append(ports::Journal& journal, const std::vector<Bytes>& records) {
    auto stored = journal.append(records);
    if (stored) {
        m_failures.erase(&journal);
    } else {
        m_failures.insert_or_assign(&journal, stored.error());
    }
    return stored;
}

Stored KeyBook::write(const std::vector<Record>& records) {
    std::vector<Bytes> encoded;
    encoded.reserve(records.size());
    for (const Record& record : records) encoded.push_back(encodeCbor(record));
    std::uint64_t number = m_journals.state->size();
    if (auto stored = append(*m_journals.state, encoded); !stored) return stored;
    for (const Record& record : records) {
        [[maybe_unused]] const bool fits = apply(record, ++number);
        assert(fits && "a record that does not fit the state was written");
    }
    return {};
}

Stored KeyBook::keepFirst(const Hash& terms, ByteView c1, const SecretBytes& fingerprintPart) {
    FirstPart part{terms, bytesOf(c1), bytesOf(fingerprintPart.view())};
    std::vector<Bytes> encoded{encodeCbor(part)};
    auto stored = append(*m_journals.firstParts, encoded);
    wipe(part.fingerprintPart);
    wipe(encoded.front());
    if (stored) m_deals.at(terms).firstRecord = m_journals.firstParts->size();
    return stored;
}

Stored KeyBook::keepSecond(const Hash& terms, ByteView sealed) {
    auto stored = append(*m_journals.secondParts, {encodeCbor(SecondPart{terms, bytesOf(sealed)})});
    if (stored) m_deals.at(terms).secondRecord = m_journals.secondParts->size();
    return stored;
}

Result<KeyBook::FirstSecret, StoreFailure> KeyBook::readFirst(const Deal& deal) {
    assert(deal.firstRecord != 0);
    std::optional<FirstSecret> found;
    auto read = m_journals.firstParts->read(deal.firstRecord, [&](std::uint64_t, ByteView bytes) {
        if (auto part = decodeCbor<FirstPart>(bytes))
            found = FirstSecret{part->c1, SecretBytes::takeFrom(part->fingerprintPart)};
        return false;
    });
    if (!read) return Err(read.error());
    if (!found) return damagedRecord("first parts", deal.firstRecord);
    return std::move(*found);
}

Result<Bytes, StoreFailure> KeyBook::readSecond(const Deal& deal) {
    assert(deal.secondRecord != 0);
    std::optional<Bytes> found;
    auto read = m_journals.secondParts->read(deal.secondRecord, [&](std::uint64_t, ByteView bytes) {
        if (auto part = decodeCbor<SecondPart>(bytes)) found = part->sealed;
        return false;
    });
    if (!read) return Err(read.error());
    if (!found) return damagedRecord("second parts", deal.secondRecord);
    return std::move(*found);
}

// --- leaves and spot checks ----------------------------------------------------------------------------------------

static Bytes joinedHashes(const std::vector<Hash>& hashes, std::size_t from, std::size_t to) {
    Bytes joined;
    joined.reserve((to - from) * Hash::kSize);
    for (std::size_t i = from; i < to; ++i) append(joined, hashes[i].view());
    return joined;
}
static bool splitHashes(ByteView joined, std::vector<Hash>& into) {
    if (joined.size() % Hash::kSize != 0) return false;
    for (std::size_t at = 0; at < joined.size(); at += Hash::kSize)
        into.push_back(*Hash::from(joined.subspan(at, Hash::kSize)));
    return true;
}

Stored KeyBook::keepLeaves(const Hash& terms, const Leaves& leaves) {
    std::vector<Record> records;
    const std::size_t count = leaves.sealed.size();
    for (std::size_t from = 0; from < count; from += LeavesFound::kMostLeaves) {
        const std::size_t to = std::min(count, from + LeavesFound::kMostLeaves);
        records.emplace_back(LeavesFound{terms, from, count, joinedHashes(leaves.sealed, from, to),
                                         joinedHashes(leaves.plain, from, to)});
    }
    return write(records);
}

Result<Leaves, StoreFailure> KeyBook::readLeaves(const Deal& deal) {
    Leaves leaves;
    for (const std::uint64_t wanted : deal.leafRecords) {
        bool whole = false;
        auto read = m_journals.state->read(wanted, [&](std::uint64_t, ByteView bytes) {
            const auto record = decodeCbor<Record>(bytes);
            const auto* some = record ? std::get_if<LeavesFound>(&*record) : nullptr;
            whole = some && some->from == leaves.sealed.size() && splitHashes(some->sealed, leaves.sealed) &&
                    splitHashes(some->plain, leaves.plain);
            return false;
        });
        if (!read) return Err(read.error());
        if (!whole) return damagedRecord("state", wanted);
    }
    return leaves;
}

const std::set<std::uint64_t>& KeyBook::opened(const Hash& plainRoot) const {
    static const std::set<std::uint64_t> kNone;
    const auto found = m_opened.find(plainRoot);
    return found == m_opened.end() ? kNone : found->second;
}

// --- what a record changes; false: it does not fit what is there ---------------------------------------------------

bool KeyBook::apply(const Record& record, std::uint64_t number) {
    return std::visit(
        [&](const auto& r) {
            if constexpr (requires { on(r, number); })
                return on(r, number);
            else
                return on(r);
        },
        record);
}

bool KeyBook::on(const TermsTaken& r) {
    Deal deal;
    deal.terms = r.terms;
    deal.depositKey = r.depositKey;
    return m_deals.emplace(crypto::labelledHash("terms", r.terms), std::move(deal)).second;
}

bool KeyBook::on(const DepositTaken& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end() || !found->second.depositHash.isZero()) return false;
    found->second.sale = r.sale;
    found->second.depositBox = r.box;
    found->second.depositHash = wire::depositHash(r.box);
    return true;
}

bool KeyBook::on(const CheckFailed& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end()) return false;
    found->second.failed = r.problem;
    found->second.depositBox.clear();
    return true;
}

bool KeyBook::on(const KeyWrapped& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end() || found->second.receipt) return false;
    found->second.receipt = r.receipt;
    found->second.depositBox.clear();
    return true;
}

bool KeyBook::on(const ContractTaken& r) {
    const Hash terms = crypto::labelledHash("terms", r.contract.terms);
    const auto found = m_deals.find(terms);
    if (found == m_deals.end()) return false;
    found->second.agreed = true;
    return m_agreements.emplace(crypto::labelledHash("contract", r.contract), Agreement{terms, {}, {}, {}, false})
        .second;
}

bool KeyBook::on(const ReadyGiven& r) {
    const auto found = m_agreements.find(r.ready.contract);
    if (found == m_agreements.end()) return false;
    found->second.challenges.insert(r.ready.challenge);
    return true;
}

bool KeyBook::on(const PaymentProven& r) { return m_agreements.contains(r.proof.delivery.contract); }

bool KeyBook::on(const PartBoxed& r) {
    const auto found = m_agreements.find(r.part.note.contract);
    if (found == m_agreements.end()) return false;
    auto& slot = r.part.note.part == 1 ? found->second.part1 : found->second.part2;
    if (slot) return false;
    slot = r.part;
    if (r.part.note.part == 2) {
        Deal& deal = m_deals.at(found->second.terms);
        deal.partTwoIsOut = true;
        sortLetter(found->second.terms, deal);
    }
    return true;
}

bool KeyBook::on(const CommandQueued& r) {
    if (r.counter <= m_lastCounter) return false;
    m_lastCounter = r.counter;
    m_lastItem = std::max(m_lastItem, r.item);
    m_outbox[r.item] = {r.counter, r.sale, r.envelope};
    return true;
}

bool KeyBook::on(const CommandAnswered& r) { return m_outbox.erase(r.item) == 1; }

bool KeyBook::on(const LeavesFound& r, std::uint64_t number) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end()) return false;
    Deal& deal = found->second;
    if (r.from == 0) deal.leafRecords.clear();
    deal.leafRecords.push_back(number);
    deal.portionCount = r.count;
    return true;
}

bool KeyBook::on(const SpotCommitted& r) {
    const auto found = m_deals.find(r.commit.note.terms);
    if (found == m_deals.end()) return false;
    std::optional<SpotCheck>& spot = found->second.spot;
    if (spot && spot->drawn) return false;
    spot = SpotCheck{r.commit, r.nonce, {}};
    return true;
}

bool KeyBook::on(const Judged& r) {
    const auto found = m_agreements.find(r.verdict.contract);
    if (found == m_agreements.end() || found->second.judged) return false;
    found->second.judged = true;
    return true;
}

bool KeyBook::on(const SpotDrawn& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end() || !found->second.spot || found->second.spot->drawn) return false;
    found->second.spot->drawn = r;
    m_opened[found->second.terms.plainRoot].insert(r.indices.begin(), r.indices.end());
    return true;
}

// --- couriers ------------------------------------------------------------------------------------------------------

void KeyBook::sortLetter(const Hash& terms, const Deal& deal) {
    const bool isOpen = deal.partTwoIsOut && deal.wish && deal.wish->stage == wire::CourierStage::Waiting;
    if (isOpen)
        m_openLetters.insert(terms);
    else
        m_openLetters.erase(terms);
}

bool KeyBook::on(const CourierSet& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end() || !found->second.receipt) return false;
    std::optional<Wish>& wish = found->second.wish;
    if (r.number != (wish ? wish->number + 1 : 1)) return false;
    const bool isLetter = r.way != wire::PartTwoWay::Endpoint;
    wish =
        Wish{r.number, r.way, r.address, isLetter ? wire::CourierStage::Waiting : wire::CourierStage::None, {}, 0, 0};
    sortLetter(r.terms, found->second);
    return true;
}

bool KeyBook::on(const LetterTried& r) {
    const auto found = m_deals.find(r.terms);
    if (found == m_deals.end() || !found->second.wish || r.number > found->second.wish->number) return false;
    Wish& wish = *found->second.wish;
    if (r.number < wish.number) return true; // the buyer has wished for something else meanwhile
    if (wish.stage != wire::CourierStage::Waiting) return false;
    wish.stage = r.stage;
    wish.failure = r.failure;
    wish.timeMs = r.timeMs;
    ++wish.attempts;
    sortLetter(r.terms, found->second);
    return true;
}

} // namespace tallylock::keyserver
