#include "core/market/Market.h"

#include <algorithm>

namespace tallylock::market {

static constexpr std::size_t kMaxNameBytes = 32;
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
    ++m_version;
    m_instruments.push_back({InstrumentId{m_instruments.size() + 1}, spec, *scale});
    m_books.emplace_back();
    return m_instruments.back().id;
}

const Instrument* Market::instrument(InstrumentId id) const {
    return id && id.value <= m_instruments.size() ? &m_instruments[id.value - 1] : nullptr;
}

const Instrument* Market::instrument(std::string_view name) const {
    for (const Instrument& one : m_instruments) {
        if (one.spec.name == name) return &one;
    }
    return nullptr;
}

// The reasons in the order of PlaceRefusal.
Result<Ticket, PlaceRefusal> Market::check(const NewOrder& asked) const {
    if (asked.holder.value < m_recent.size()) __builtin_prefetch(&m_recent[asked.holder.value]);
    const Instrument* traded = instrument(asked.instrument);
    if (!traded) return Err(PlaceRefusal::UnknownInstrument);
    const money::TradeScale& scale = traded->scale;
    if (asked.price.unit != scale.quote() || asked.quantity.unit != scale.base()) return Err(PlaceRefusal::WrongUnit);
    if (TALLYLOCK_PLANTED(RefusalsSwapped) && asked.quantity.value <= 0) return Err(PlaceRefusal::QuantityNotPositive);
    if (asked.price.value <= 0) return Err(PlaceRefusal::PriceNotPositive);
    const auto ticks = scale.ticksOf(asked.price);
    if (!ticks && ticks.error() == money::MoneyError::NotExact) return Err(PlaceRefusal::PriceNotOnTick);
    if (!ticks || *ticks > traded->spec.maxTicks) return Err(PlaceRefusal::PriceTooHigh);
    if (asked.quantity.value <= 0) return Err(PlaceRefusal::QuantityNotPositive);
    const auto lots = scale.lotsOf(asked.quantity);
    if (!lots && lots.error() == money::MoneyError::NotExact) return Err(PlaceRefusal::QuantityNotOnLot);
    if (lots && *lots < traded->spec.minLots) return Err(PlaceRefusal::QuantityBelowMinimum);
    if (!lots || *lots > traded->spec.maxLots) return Err(PlaceRefusal::QuantityAboveMaximum);
    if (asked.clientOrderId != 0 && !TALLYLOCK_PLANTED(ClientIdTwice) && orderOf(asked.holder, asked.clientOrderId)) {
        return Err(PlaceRefusal::DuplicateClientOrderId);
    }
    return Ticket{asked, OrderId{m_lastOrder.value + 1}, *ticks, *lots, scale.quoteWithin(*ticks, *lots), m_version};
}

Placed Market::place(const Ticket& ticket, HoldId hold, BookSink& sink) {
    assert(ticket.version == m_version && "the market has changed since check()");
    ++m_version;
    m_lastOrder = ticket.order;
    Order order;
    order.id = ticket.order;
    order.holder = ticket.asked.holder;
    order.user = ticket.asked.user;
    order.clientOrderId = ticket.asked.clientOrderId;
    order.priceTicks = ticket.priceTicks;
    order.quantityLots = ticket.quantityLots;
    order.remainingLots = ticket.quantityLots;
    order.hold = hold;
    order.side = ticket.asked.side;
    order.instrument = static_cast<std::uint32_t>(ticket.asked.instrument.value);
    remember(order);
    Book& book = bookOf(ticket.asked.instrument);
    matchAgainst(book, order, sink);
    const Placed placed{order.id, order.quantityLots - order.remainingLots, order.remainingLots};
    if (order.remainingLots > 0) {
        const LevelRow level = book.rest(m_pool, m_pool.add(order));
        sink.onLevel(ticket.asked.instrument, order.side, level);
    }
    return placed;
}

void Market::matchAgainst(Book& book, Order& taker, BookSink& sink) {
    const Side makers = opposite(taker.side);
    LevelRow changed; // of priceTicks 0 while there is none
    while (taker.remainingLots > 0) {
        const std::uint32_t slot = book.best(makers);
        if (slot == kNoSlot) break;
        Order& maker = m_pool.order(slot);
        const std::int64_t price = maker.priceTicks;
        const std::int64_t least = TALLYLOCK_PLANTED(TradedThrough) ? taker.priceTicks - 1 : taker.priceTicks;
        if (taker.side == Side::Buy ? price > taker.priceTicks : price < least) break;
        if (TALLYLOCK_PLANTED(StoppedEarly) && price == taker.priceTicks) break;
        if (changed.priceTicks != 0 && changed.priceTicks != price) {
            sink.onLevel(taker.instrumentId(), makers, changed);
        }
        const std::int64_t lots = std::min(maker.remainingLots, taker.remainingLots);
        maker.remainingLots -= lots;
        taker.remainingLots -= lots;
        sink.onMatch(Match{maker, taker, TALLYLOCK_PLANTED(TakersPrice) ? taker.priceTicks : price, lots});
        changed = book.fill(m_pool, slot, lots);
        if (maker.remainingLots == 0) drop(slot);
    }
    if (changed.priceTicks != 0) sink.onLevel(taker.instrumentId(), makers, changed);
}

Result<Order, CancelRefusal> Market::cancel(OrderId id, HolderId by, BookSink& sink) {
    const std::uint32_t slot = m_pool.slotOf(id);
    if (slot == kNoSlot) return Err(CancelRefusal::UnknownOrder);
    const Order order = m_pool.order(slot);
    if (order.holder != by) return Err(CancelRefusal::NotOwner);
    ++m_version;
    const LevelRow level = bookOf(order.instrumentId()).remove(m_pool, slot);
    drop(slot);
    sink.onLevel(order.instrumentId(), order.side, level);
    return order;
}

// The order is out of its book; now it goes out of everything else.
void Market::drop(std::uint32_t slot) {
    const Order& order = m_pool.order(slot);
    if ((order.flags & Order::kIsLongOpen) != 0) m_longOpen.erase({order.holder, order.clientOrderId});
    m_pool.drop(slot);
}

RecentIds& Market::recentFor(HolderId holder) {
    assert(holder.value < kMostHolders && "holders are numbered from one");
    if (holder.value >= m_recent.size()) m_recent.resize(holder.value + 1);
    return m_recent[holder.value];
}

void Market::remember(const Order& order) {
    if (order.clientOrderId == 0) return;
    const auto gone = recentFor(order.holder).add({order.clientOrderId, order.id});
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
