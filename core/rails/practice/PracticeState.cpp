#include "core/rails/practice/PracticeState.h"

#include <algorithm>

namespace tallylock::rails {

bool PracticeState::fits(const PracticeRecord& record) const {
    return std::visit([this](const auto& r) { return fits(r); }, record);
}

bool PracticeState::apply(const PracticeRecord& record) {
    if (!fits(record)) return false;
    std::visit([this](const auto& r) { on(r); }, record);
    return true;
}

bool PracticeState::fits(const PlaceMade& r) const { return !placeOf(r.unit, r.key) && !unitAt(r.place); }

bool PracticeState::fits(const CoinsSent& r) const {
    if (!r.amount.isPositive()) return false;
    return r.payKey ? !paidOut(*r.payKey) : isOurs(r);
}

void PracticeState::on(const PlaceMade& r) {
    m_places.emplace(std::pair(r.unit, r.key), r.place);
    m_units.emplace(r.place, r.unit);
}

void PracticeState::on(const CoinsSent& r) {
    if (r.payKey) m_payKeys.emplace(*r.payKey, m_payments.size());
    m_payments.push_back({r, 0, isOurs(r)});
    sight(m_payments.back(), false);
}

void PracticeState::on(const BlockMined&) {
    ++m_height;
    for (Payment& payment : m_payments) {
        if (payment.height == 0) payment.height = m_height;
        if (confirmations(payment) <= kPracticeFinality) sight(payment, false);
    }
}

void PracticeState::on(const ChainReorganised& r) {
    m_height -= r.depth;
    for (Payment& payment : m_payments) {
        if (payment.height <= m_height) continue;
        payment.height = 0;
        sight(payment, true);
    }
}

void PracticeState::on(const MoneyBooked& r) {
    m_entries.push_back({m_entries.size() + 1, r.entry, r.reference, r.amount, r.bookedMs});
}

void PracticeState::on(const DeedDone& r) { m_deeds.emplace(std::pair(r.sale, r.deed), r); }

void PracticeState::on(const MoneyPaid& r) { m_orders.emplace(r.key, r); }

std::uint32_t PracticeState::confirmations(const Payment& payment) const {
    if (payment.height == 0) return 0;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(m_height - payment.height + 1, UINT32_MAX));
}

void PracticeState::sight(const Payment& payment, bool reversed) {
    if (!payment.ours) return;
    const CoinsSent& sent = payment.sent;
    m_sightings.push_back({m_sightings.size() + 1, sent.transaction, 0, sent.to, sent.amount, confirmations(payment),
                           reversed, sent.timeMs});
}

const std::string* PracticeState::placeOf(UnitId unit, const std::string& key) const {
    const auto found = m_places.find(std::pair(unit, key));
    return found == m_places.end() ? nullptr : &found->second;
}

std::optional<UnitId> PracticeState::unitAt(const std::string& place) const {
    const auto found = m_units.find(place);
    return found == m_units.end() ? std::nullopt : std::optional(found->second);
}

const CoinsSent* PracticeState::paidOut(const std::string& key) const {
    const auto found = m_payKeys.find(key);
    return found == m_payKeys.end() ? nullptr : &m_payments[found->second].sent;
}

const DeedDone* PracticeState::deed(SaleId sale, Deed deed) const {
    const auto found = m_deeds.find(std::pair(sale, deed));
    return found == m_deeds.end() ? nullptr : &found->second;
}

const MoneyPaid* PracticeState::moneyPaid(const std::string& key) const {
    const auto found = m_orders.find(key);
    return found == m_orders.end() ? nullptr : &found->second;
}

Amount PracticeState::paidTo(UnitId unit, const std::string& place) const {
    Amount sum{0, unit};
    for (const Payment& payment : m_payments) {
        const CoinsSent& sent = payment.sent;
        if (sent.to == place && sent.amount.unit == unit && sent.payKey) sum.value += sent.amount.value;
    }
    for (const auto& [key, order] : m_orders) {
        if (order.to == place && order.amount.unit == unit) sum.value += order.amount.value;
    }
    return sum;
}

Amount PracticeState::balance(UnitId unit) const {
    // In a practice world nobody has 2^127 units, so sums are of amounts that were checked one by one.
    money::Int128 sum = 0;
    bool fits = true;
    for (const Payment& payment : m_payments) {
        if (payment.sent.amount.unit != unit) continue;
        if (payment.ours && payment.height != 0) fits = fits && money::addTo(sum, payment.sent.amount.value);
        if (payment.sent.payKey) fits = fits && money::subtractFrom(sum, payment.sent.amount.value);
    }
    for (const auto& entry : m_entries) {
        if (entry.amount.unit == unit) fits = fits && money::addTo(sum, entry.amount.value);
    }
    for (const auto& [key, order] : m_orders) {
        if (order.amount.unit == unit) fits = fits && money::subtractFrom(sum, order.amount.value);
    }
    return {fits ? sum : money::kInt128Max, unit};
}

Amount PracticeState::sentTo(UnitId unit, const std::string& place) const {
    Amount sum{0, unit};
    for (const Payment& payment : m_payments) {
        const CoinsSent& sent = payment.sent;
        if (sent.to == place && sent.amount.unit == unit && !sent.payKey) sum.value += sent.amount.value;
    }
    for (const ports::BankEntry& entry : m_entries) {
        if (entry.reference == place && entry.amount.unit == unit) sum.value += entry.amount.value;
    }
    return sum;
}

bool PracticeState::somethingToConfirm() const {
    return std::any_of(m_payments.begin(), m_payments.end(),
                       [this](const Payment& payment) { return confirmations(payment) < kPracticeFinality; });
}

template <class T>
static std::vector<T> pageOf(const std::vector<T>& all, std::uint64_t cursor, std::size_t limit) {
    if (cursor >= all.size()) return {};
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(cursor);
    const auto count = std::min<std::size_t>(limit, all.size() - static_cast<std::size_t>(cursor));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<ports::Sighting> PracticeState::sightings(std::uint64_t cursor, std::size_t limit) const {
    return pageOf(m_sightings, cursor, limit);
}

std::vector<ports::BankEntry> PracticeState::statement(std::uint64_t cursor, std::size_t limit) const {
    return pageOf(m_entries, cursor, limit);
}

} // namespace tallylock::rails
