// The market's state as bytes: [last order, instruments, recent ids by holder, orders].
//
// Orders are written book by book, sellers after buyers, best price first, oldest first: their order is their
// priority, and appending them in this order restores it.
#include "core/market/Market.h"

#include <algorithm>
#include <limits>

namespace tallylock::market {

static constexpr std::uint64_t kAnyCount = std::numeric_limits<std::uint64_t>::max();
static constexpr std::uint64_t kMostLoadedHolder = std::uint64_t{1}
                                                   << 28; // so that a wrong byte cannot ask for all memory

static void writeOrder(CborWriter& writer, const Order& order, std::int64_t stopTicks) {
    writer.array(14);
    writeCbor(writer, order.id);
    writeCbor(writer, order.holder);
    writeCbor(writer, order.user);
    writer.unsignedInt(order.clientOrderId);
    writer.unsignedInt(order.instrument);
    writeCbor(writer, order.side);
    writer.signedInt(order.priceTicks);
    writer.signedInt(order.quantityLots);
    writer.signedInt(order.remainingLots);
    writeCbor(writer, order.hold);
    writer.unsignedInt(TALLYLOCK_PLANTED(SavedHalf) ? 0u : order.feeCredit);
    writeCbor(writer, order.type);
    writeCbor(writer, order.selfTrade);
    writer.signedInt(stopTicks);
}

static std::pair<Order, std::int64_t> readOrder(CborReader& reader) {
    Order order;
    if (reader.array(14) != 14) reader.fail(CborError::WrongType);
    order.id = readCbor<OrderId>(reader);
    order.holder = readCbor<HolderId>(reader);
    order.user = readCbor<UserId>(reader);
    order.clientOrderId = reader.unsignedInt();
    order.instrument = readCbor<std::uint16_t>(reader);
    order.side = readCbor<Side>(reader);
    order.priceTicks = reader.signedInt();
    order.quantityLots = reader.signedInt();
    order.remainingLots = reader.signedInt();
    order.hold = readCbor<HoldId>(reader);
    order.feeCredit = readCbor<std::uint16_t>(reader);
    order.type = readCbor<OrderType>(reader);
    order.selfTrade = readCbor<SelfTrade>(reader);
    return {order, reader.signedInt()};
}

void Market::save(CborWriter& writer) const {
    writer.array(4);
    writeCbor(writer, m_lastOrder);
    writer.array(m_instruments.size());
    for (const Instrument& one : m_instruments) {
        writer.array(5);
        writeCbor(writer, one.spec);
        writer.boolean(one.halted);
        writer.signedInt(one.lastTicks);
        writer.signedInt(one.referenceTicks);
        m_places[one.id.value - 1].window.save(writer);
    }
    const auto used = std::count_if(m_recent.begin(), m_recent.end(), [](const RecentIds& r) { return r.size() > 0; });
    writer.array(static_cast<std::uint64_t>(used));
    for (std::size_t holder = 0; holder < m_recent.size(); ++holder) {
        if (m_recent[holder].size() == 0) continue;
        writer.array(2);
        writer.unsignedInt(holder);
        writer.array(m_recent[holder].size() * 2);
        m_recent[holder].forEach([&](const RecentIds::Entry& entry) {
            writer.unsignedInt(entry.clientOrderId);
            writeCbor(writer, entry.order);
        });
    }
    writer.array(m_pool.size());
    for (const Place& place : m_places) {
        for (const Side side : {Side::Buy, Side::Sell}) {
            place.book.visitSlots(m_pool, side, [&](std::uint32_t slot) {
                writeOrder(writer, m_pool.order(slot), 0);
                return true;
            });
            for (const auto& [key, slot] : place.stops[static_cast<std::size_t>(side)]) {
                writeOrder(writer, m_pool.order(slot), *m_stopTicks.find(key.second));
            }
        }
    }
}

void Market::loadInstruments(CborReader& reader) {
    const std::uint64_t count = reader.array(kAnyCount);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(5) != 5) reader.fail(CborError::WrongType);
        const auto spec = readCbor<InstrumentSpec>(reader);
        const bool halted = reader.boolean();
        const std::int64_t last = reader.signedInt();
        const std::int64_t reference = reader.signedInt();
        auto window = ReferenceWindow::load(reader);
        const auto id = reader.ok() ? addInstrument(spec) : Err(InstrumentError::NameInvalid);
        if (!id || last < 0 || last > spec.maxTicks || !setReference(*id, reference)) {
            reader.fail(CborError::OutOfRange);
            return;
        }
        m_instruments.back().halted = halted;
        m_instruments.back().lastTicks = last;
        m_places.back().window = window;
    }
}

void Market::loadRecent(CborReader& reader) {
    const std::uint64_t count = reader.array(kAnyCount);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        if (reader.array(2) != 2) reader.fail(CborError::WrongType);
        const HolderId holder{reader.unsignedInt(kMostLoadedHolder)};
        if (holder.value < m_recent.size()) reader.fail(CborError::NotCanonical);
        const std::uint64_t numbers = reader.array(RecentIds::kMost * 2);
        if (numbers == 0 || numbers % 2 != 0) reader.fail(CborError::WrongType);
        for (std::uint64_t n = 0; n < numbers && reader.ok(); n += 2) {
            const std::uint64_t clientOrderId = reader.unsignedInt();
            const auto order = readCbor<OrderId>(reader);
            if (clientOrderId == 0 || !order || recentFor(holder).find(clientOrderId)) {
                reader.fail(CborError::OutOfRange);
            }
            if (reader.ok()) recentFor(holder).add({clientOrderId, order}, m_recentPool);
        }
    }
}

// False for an order that no market could have.
bool Market::putLoaded(const Order& order, std::int64_t stopTicks) {
    const Instrument* traded = instrument(order.instrumentId());
    if (!traded || !order.id || order.id > m_lastOrder || m_pool.slotOf(order.id) != kNoSlot) return false;
    const InstrumentSpec& spec = traded->spec;
    if (order.priceTicks < 1 || order.priceTicks > spec.maxTicks || order.quantityLots < spec.minLots ||
        order.quantityLots > spec.maxLots || order.remainingLots < 1 || order.remainingLots > order.quantityLots ||
        order.feeCredit >= money::kBasisPointsInOne) {
        return false;
    }
    const bool waits = order.type == OrderType::StopLimit;
    const bool mayRest = waits || order.type == OrderType::Limit || order.type == OrderType::PostOnly;
    if (!mayRest || (stopTicks != 0) != waits || stopTicks < 0 || stopTicks > spec.maxTicks) return false;
    if (waits) {
        wait(order, stopTicks);
    } else {
        bookOf(traded->id).rest(m_pool, m_pool.add(order));
    }
    return true;
}

void Market::loadOrders(CborReader& reader) {
    const std::uint64_t count = reader.array(kNoSlot);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        const auto [order, stopTicks] = readOrder(reader);
        if (reader.ok() && !putLoaded(order, stopTicks)) reader.fail(CborError::OutOfRange);
    }
    for (const Instrument& one : m_instruments) {
        const auto buyer = best(one.id, Side::Buy);
        const auto seller = best(one.id, Side::Sell);
        if (buyer && seller && buyer->priceTicks >= seller->priceTicks) reader.fail(CborError::OutOfRange);
    }
}

void Market::restoreLongOpen() {
    const auto restore = [this](std::uint32_t slot) {
        Order& order = m_pool.order(slot);
        if (order.clientOrderId == 0 || orderOf(order.holder, order.clientOrderId) == order.id) return true;
        order.flags |= Order::kIsLongOpen;
        recentFor(order.holder).sawBefore(order.clientOrderId);
        m_longOpen.emplace(ClientKey{order.holder, order.clientOrderId}, order.id);
        return true;
    };
    for (const Place& place : m_places) {
        for (const Side side : {Side::Buy, Side::Sell}) {
            place.book.visitSlots(m_pool, side, restore);
            for (const auto& [key, slot] : place.stops[static_cast<std::size_t>(side)]) restore(slot);
        }
    }
}

Result<Market, CborError> Market::load(CborReader& reader) {
    Market market;
    if (reader.array(4) != 4) reader.fail(CborError::WrongType);
    market.m_lastOrder = readCbor<OrderId>(reader);
    market.loadInstruments(reader);
    market.loadRecent(reader);
    market.loadOrders(reader);
    if (!reader.ok()) return Err(reader.error());
    market.restoreLongOpen();
    return market;
}

} // namespace tallylock::market
