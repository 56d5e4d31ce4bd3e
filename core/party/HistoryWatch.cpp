#include "core/party/HistoryWatch.h"

#include "core/crypto/Merkle.h"
#include "core/crypto/MerkleLog.h"
#include "core/wire/Batch.h"

#include <algorithm>

namespace tallylock::party {

using api::HistoryAlarm;
using money::Amount;
using money::UnitId;

namespace {
constexpr std::size_t kMostAsked = 256;
constexpr std::uint64_t kMostMisses = 5;
constexpr std::int64_t kProveWithinMs = std::int64_t{24} * 3600 * 1000; // whatever command an event claims to be of

std::string numbers(const char* what, std::uint64_t here, const char* other, std::uint64_t there) {
    return what + std::to_string(here) + other + std::to_string(there);
}
} // namespace

HistoryWatch::HistoryWatch(const IdentityKey& coordinator, const HistoryKept* kept) {
    if (kept && kept->coordinator == coordinator) m_kept = *kept;
    m_kept.coordinator = coordinator;
    for (const BalanceKept& balance : m_kept.balances) m_totals[balance.total.unit][balance.batch] = balance.total;
}

void HistoryWatch::onItem(const wire::StreamItem& item, std::int64_t nowMs) {
    m_position = item.position;
    m_digest = crypto::labelledHash("own-stream", crypto::cborList(m_digest, item.position, item.event));
    if (item.position < m_kept.position) return; // proven before
    if (item.position == m_kept.position) {
        if (m_digest != m_kept.digest)
            alarm(HistoryAlarm::EventsChanged, "up to event " + std::to_string(item.position), nowMs);
        return;
    }
    // It may have been waited for in another run.
    const std::int64_t sinceMs = m_kept.unproven == item.position ? m_kept.sinceMs.value_or(nowMs) : nowMs;
    Unproven event{item.position, item.sequence, crypto::merkleLeaf(item.event), m_digest, sinceMs, {}};
    if (const auto body = wire::decodeEvent(item.event)) {
        if (const auto* balance = engine::bodyIf<engine::BalanceChanged>(*body)) event.total = balance->total;
    }
    m_unproven.push_back(event);
}

void HistoryWatch::onSequence(std::uint64_t sequence, std::int64_t nowMs) {
    m_kept.heardMs = nowMs;
    if (sequence < m_kept.head.sequence)
        alarm(HistoryAlarm::Lost, numbers("at command ", sequence, ", having signed ", m_kept.head.sequence), nowMs);
}

wire::WitnessQuery HistoryWatch::query() const {
    wire::WitnessQuery query{m_kept.head.batches, {}};
    for (std::size_t i = 0; i < std::min(m_unproven.size(), kMostAsked); ++i)
        query.positions.push_back(m_unproven[i].position);
    return query;
}

bool HistoryWatch::onWitness(const wire::WitnessQuery& asked, const wire::Witness& witness, std::int64_t nowMs) {
    const wire::HistoryHead& head = witness.head;
    if (asked.known != m_kept.head.batches) return true; // of an older question
    if (!wire::verifyHistory(head, witness.signature, m_kept.coordinator)) {
        alarm(HistoryAlarm::NotSigned, "the head of batch " + std::to_string(head.batches), nowMs);
        return false;
    }
    // Tables that are being made anew say less for a while; what they say is signed, too. But as many commands as were
    // signed before, and more, cannot lie in fewer batches.
    const bool isBehind = head.batches < m_kept.head.batches;
    if (isBehind && head.sequence <= m_kept.head.sequence) {
        missed(false, nowMs);
        return false;
    }
    if (!isSameHistory(witness, nowMs)) return false;
    m_kept.head = head;
    m_kept.signature = witness.signature;
    m_checkedMs = nowMs;
    m_kept.heardMs = nowMs;
    for (const wire::Inclusion& proof : witness.inclusions)
        if (!isProven(proof, head, nowMs)) return false;
    // An event that is waited for is remembered until it is proven, wherever the stream stands after a restart.
    if (m_kept.unproven && m_kept.position >= *m_kept.unproven) m_kept.unproven.reset();
    if (!m_kept.unproven && hasUnproven()) {
        m_kept.unproven = m_unproven.front().position;
        m_kept.sinceMs = m_unproven.front().sinceMs;
    }
    if (!witness.inclusions.empty()) {
        m_misses = 0;
        return true;
    }
    const bool isDue = !asked.positions.empty() && hasUnproven() && m_unproven.front().sequence <= head.sequence;
    missed(isDue, nowMs);
    return false;
}

/// An answer that proves nothing new. Whether the first event is due says the coordinator; and within a day it is.
void HistoryWatch::missed(bool isDue, std::int64_t nowMs) {
    const bool isOverdue = hasUnproven() && nowMs - m_unproven.front().sinceMs >= kProveWithinMs;
    if ((isDue || isOverdue) && ++m_misses >= kMostMisses)
        alarm(HistoryAlarm::NotIncluded, "event " + std::to_string(m_unproven.front().position), nowMs);
}

bool HistoryWatch::isSameHistory(const wire::Witness& witness, std::int64_t nowMs) {
    if (m_kept.head.batches == 0) return true; // the first that it sees
    if (crypto::merkleConsistent(m_kept.head.batches, m_kept.head.root, witness.head.batches, witness.head.root,
                                 witness.consistency) &&
        witness.head.sequence >= m_kept.head.sequence)
        return true;
    m_kept.other = witness.head;
    m_kept.otherSignature = witness.signature;
    alarm(HistoryAlarm::Changed, numbers("between batch ", m_kept.head.batches, " and batch ", witness.head.batches),
          nowMs);
    return false;
}

bool HistoryWatch::isProven(const wire::Inclusion& proof, const wire::HistoryHead& head, std::int64_t nowMs) {
    if (m_unproven.empty()) return true;
    const Unproven& event = m_unproven.front();
    // Each event has a leaf of its own, in the order of the stream: none is proven with another's.
    const bool isBehind = std::pair(proof.batch, proof.index + 1) > std::pair(m_kept.batch, m_kept.leaf);
    if (proof.position != event.position || !isBehind || !wire::isIncluded(proof, event.leaf, head)) {
        alarm(HistoryAlarm::NotIncluded, "event " + std::to_string(event.position), nowMs);
        return false;
    }
    if (event.total) remember(proof.batch, *event.total);
    m_kept.position = event.position;
    m_kept.digest = event.digest;
    m_kept.batch = proof.batch;
    m_kept.leaf = proof.index + 1;
    m_unproven.pop_front();
    return true;
}

void HistoryWatch::remember(std::uint64_t batch, const Amount& total) {
    auto& totals = m_totals[total.unit];
    totals[batch] = total;
    if (totals.size() > kMostBalances) totals.erase(totals.begin());
    const auto kept = std::find_if(m_kept.balances.begin(), m_kept.balances.end(),
                                   [&](const BalanceKept& b) { return b.total.unit == total.unit; });
    if (kept == m_kept.balances.end()) {
        m_kept.balances.push_back({total, batch, batch});
    } else {
        *kept = {total, batch, kept->first};
    }
}

std::optional<Amount> HistoryWatch::totalAt(std::uint64_t batch, UnitId unit) const {
    const auto found = m_totals.find(unit);
    if (found == m_totals.end()) return Amount{0, unit};
    const auto behind = found->second.upper_bound(batch);
    if (behind != found->second.begin()) return std::prev(behind)->second;
    // Before the first that is remembered: nothing, if that is the first there was.
    const auto kept = std::find_if(m_kept.balances.begin(), m_kept.balances.end(),
                                   [&](const BalanceKept& b) { return b.total.unit == unit; });
    if (kept == m_kept.balances.end() || batch < kept->first) return Amount{0, unit};
    return std::nullopt;
}

bool HistoryWatch::onOwed(const wire::Owed& owed, HolderId holder, std::int64_t nowMs) {
    const wire::OwedNote& note = owed.note;
    if (!wire::verifyOwed(note, owed.signature, m_kept.coordinator)) {
        alarm(HistoryAlarm::NotSigned, "what was owed on day " + std::to_string(note.day), nowMs);
        return true;
    }
    if (m_kept.owed && m_kept.owed->day == note.day) {
        if (*m_kept.owed != note)
            alarm(HistoryAlarm::NotOwed, "two accounts of day " + std::to_string(note.day), nowMs);
        return true;
    }
    if (m_kept.owed && note.day < m_kept.owed->day) return true;
    const auto wrong = [&](const std::string& what) {
        m_kept.otherOwed = note;
        m_kept.otherSignature = owed.signature;
        alarm(HistoryAlarm::NotOwed, "day " + std::to_string(note.day) + ", " + what, nowMs);
        return true;
    };
    // A later day does not end before an earlier one.
    if (m_kept.owed && note.batch < m_kept.owed->batch) return wrong("at an older batch");
    const bool isEarly =
        m_kept.head.batches < note.batch || (hasUnproven() && m_unproven.front().sequence <= note.sequence);
    if (isEarly) return false;
    std::map<UnitId, Amount> counted;
    int lastPart = -1;
    for (const wire::OwedProof& proof : owed.proofs) {
        if (!wire::isOwed(proof, note) || proof.leaf.holder != holder || proof.leaf.part <= lastPart)
            return wrong("part " + std::to_string(proof.leaf.part));
        lastPart = proof.leaf.part;
        for (const Amount& amount : proof.leaf.amounts) {
            Amount& sum = counted.try_emplace(amount.unit, Amount{0, amount.unit}).first->second;
            if (!money::addTo(sum.value, amount.value)) return wrong("unit " + std::to_string(amount.unit.value));
        }
    }
    for (const auto& [unit, totals] : m_totals) counted.try_emplace(unit, Amount{0, unit});
    m_kept.owedOwn.clear();
    for (const auto& [unit, sum] : counted) {
        const auto expected = totalAt(note.batch, unit);
        if (expected && *expected != sum) return wrong("unit " + std::to_string(unit.value));
        if (!sum.isZero()) m_kept.owedOwn.push_back(sum);
    }
    m_kept.owed = note;
    m_kept.owedSignature = owed.signature;
    return true;
}

/// The first counts, and stays.
void HistoryWatch::alarm(HistoryAlarm alarm, std::string detail, std::int64_t nowMs) {
    if (m_kept.alarm) return;
    m_kept.alarm = static_cast<std::uint8_t>(alarm);
    m_kept.alarmDetail = std::move(detail);
    m_kept.alarmMs = nowMs;
}

api::HistoryCheckRow HistoryWatch::row() const {
    api::HistoryCheckRow row;
    row.checkedMs = m_checkedMs;
    row.batches = m_kept.head.batches;
    row.events = m_kept.position;
    row.unproven = m_unproven.size();
    row.alarm = static_cast<HistoryAlarm>(m_kept.alarm.value_or(0));
    row.detail = m_kept.alarmDetail.value_or(std::string());
    if (m_kept.owed) row.owed.push_back({m_kept.owed->day, m_kept.owedOwn, m_kept.owed->root.sums});
    return row;
}

} // namespace tallylock::party
