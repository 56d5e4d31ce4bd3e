#include "core/market/Market.h"

#include <algorithm>

namespace tallylock::market {

static constexpr std::size_t kMaxNameBytes = 32;
static constexpr std::size_t kMostInstruments = 65'535;
static constexpr std::uint64_t kMostHolders = std::uint64_t{1} << 24;

Result<InstrumentId, InstrumentError> Market::addInstrument(const InstrumentSpec& spec) {
    if (spec.name.empty() || spec.name.size() > kMaxNameBytes) return Err(InstrumentError::NameInvalid);
    if (instrument(spec.name)) return Err(InstrumentError::NameInUse);
    const auto scale = money::TradeScale::make(spec.tick, spec.lot);
    if (!scale) return Err(InstrumentError::ScaleInvalid);
    if (spec.minLots < 1 || spec.maxLots < spec.minLots || spec.maxTicks < 1) {
        return Err(InstrumentError::BoundsInvalid);
    }
    // The largest trade with a fee as large as itself, its base quantity and its price must fit, so that matching and
    // holding need not check.
    const auto largest = scale->quoteOf(spec.maxTicks, spec.maxLots);
    if (!largest || !money::checkedMul(largest->value, 2) || !money::checkedMul(spec.lot.value, spec.maxLots) ||
        !money::checkedMul(spec.tick.value, spec.maxTicks)) {
        return Err(InstrumentError::BoundsInvalid);
    }
    if (spec.makerBasisPoints > money::kBasisPointsInOne || spec.takerBasisPoints > money::kBasisPointsInOne) {
        return Err(InstrumentError::FeeInvalid);
    }
    if (spec.collarBasisPoints > money::kBasisPointsInOne) return Err(InstrumentError::CollarInvalid);
    if (m_instruments.size() >= kMostInstruments) return Err(InstrumentError::TooMany);
    ++m_version;
    Instrument added;
    added.id = InstrumentId{m_instruments.size() + 1};
    added.spec = spec;
    added.scale = *scale;
    m_instruments.push_back(std::move(added));
    m_places.emplace_back();
    return m_instruments.back().id;
}

const Instrument* Market::instrument(std::string_view name) const {
    for (const Instrument& one : m_instruments) {
        if (one.spec.name == name) return &one;
    }
    return nullptr;
}

bool Market::setHalted(InstrumentId id, bool halted) {
    if (!instrument(id)) return false;
    ++m_version;
    m_instruments[id.value - 1].halted = halted;
    return true;
}

bool Market::setReference(InstrumentId id, std::int64_t ticks) {
    const Instrument* known = instrument(id);
    if (!known || ticks < 0 || ticks > known->spec.maxTicks) return false;
    ++m_version;
    m_instruments[id.value - 1].referenceTicks = ticks;
    return true;
}

bool Market::setReferenceWindow(InstrumentId id, std::int64_t windowMs) {
    if (!instrument(id) || !ReferenceWindow::isGoodLength(windowMs)) return false;
    ++m_version;
    m_places[id.value - 1].window = ReferenceWindow(windowMs);
    return true;
}

std::int64_t Market::referenceTicks(InstrumentId id) const {
    const Instrument* known = instrument(id);
    if (!known) return 0;
    if (known->referenceTicks != 0) return known->referenceTicks;
    const std::int64_t weighted = m_places[id.value - 1].window.priceTicks(m_nowMs);
    return weighted != 0 ? weighted : known->lastTicks;
}

Result<Order, CancelRefusal> Market::cancel(OrderId id, HolderId by, BookSink& sink) {
    const std::uint32_t slot = m_pool.slotOf(id);
    if (slot == kNoSlot) return Err(CancelRefusal::UnknownOrder);
    const Order order = m_pool.order(slot);
    if (order.holder != by) return Err(CancelRefusal::NotOwner);
    ++m_version;
    if (order.type == OrderType::StopLimit) {
        stopWaiting(slot);
        drop(slot);
        return order;
    }
    const LevelRow level = bookOf(order.instrumentId()).remove(m_pool, slot);
    drop(slot);
    sink.onLevel(order.instrumentId(), order.side, level);
    return order;
}

void Market::forget(const Order& order) {
    if ((order.flags & Order::kIsLongOpen) != 0) m_longOpen.erase({order.holder, order.clientOrderId});
}

// The order is out of its book; now it goes out of everything else.
void Market::drop(std::uint32_t slot) {
    forget(m_pool.order(slot));
    m_pool.drop(slot);
}

RecentIds& Market::recentFor(HolderId holder) {
    assert(holder.value < kMostHolders && "holders are numbered from one");
    if (holder.value >= m_recent.size()) m_recent.resize(holder.value + 1);
    return m_recent[holder.value];
}

void Market::remember(const Order& order) {
    if (order.clientOrderId == 0) return;
    const auto gone = recentFor(order.holder).add({order.clientOrderId, order.id}, m_recentPool);
    if (!gone) return;
    const std::uint32_t slot = m_pool.slotOf(gone->order);
    if (slot == kNoSlot) return;
    m_pool.order(slot).flags |= Order::kIsLongOpen;
    m_longOpen.emplace(ClientKey{order.holder, gone->clientOrderId}, gone->order);
}

OrderId Market::orderOf(HolderId holder, std::uint64_t clientOrderId) const {
    if (holder.value >= m_recent.size() || m_recent[holder.value].isAboveAll(clientOrderId)) return {};
    if (const OrderId found = m_recent[holder.value].find(clientOrderId)) return found;
    const auto found = m_longOpen.find({holder, clientOrderId});
    return found == m_longOpen.end() ? OrderId{} : found->second;
}

const Order* Market::order(OrderId id) const {
    const std::uint32_t slot = m_pool.slotOf(id);
    return slot == kNoSlot ? nullptr : &m_pool.order(slot);
}

std::int64_t Market::stopTicksOf(OrderId id) const {
    const std::int64_t* ticks = m_stopTicks.find(id);
    return ticks ? *ticks : 0;
}

std::vector<Order> Market::openOrdersOf(HolderId holder) const {
    std::vector<Order> orders;
    m_pool.forEach([&](const Order& order) {
        if (order.holder == holder) orders.push_back(order);
    });
    std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) { return a.id < b.id; });
    return orders;
}

std::vector<LevelRow> Market::depth(InstrumentId id, Side side, std::size_t most) const {
    if (!instrument(id)) return {};
    return bookOf(id).depth(side, most);
}

std::optional<LevelRow> Market::best(InstrumentId id, Side side) const {
    const std::vector<LevelRow> rows = depth(id, side, 1);
    if (rows.empty()) return std::nullopt;
    return rows.front();
}

} // namespace tallylock::market
