// The market: instruments, open orders, books, matching by price, then time.
//
// Placing has two phases, so that money is verified and held between them:
//
//   auto ticket = market.check(newOrder);              // changes nothing; every refusal is named here
//   auto hold = ledger.hold(...ticket->fiat or ->quantity..., ticket->order);
//   Placed placed = market.place(*ticket, *hold, sink); // cannot be refused; sink.onMatch for every fill
//
// An order is changed likewise: checkChange(), then the hold is made larger or smaller, then change().
//
// Knows no balances: the sink executes each match as it happens, and must not call the market meanwhile. Trades are
// at the resting order's price. Stop orders wait beside the book. A trade at or beyond their stop price triggers them:
// once the order that made the trade is done, buyers first, each side by stop price and then by time; what they trade
// may trigger more. Pure and single-threaded: the same calls give the same trades.
#pragma once

#include "core/market/Book.h"
#include "core/market/Instrument.h"
#include "core/market/RecentIds.h"
#include "core/market/ReferenceWindow.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace tallylock::market {

using money::Int128;

/// A new order that passed check(). Good for one place(), with no other change between.
struct Ticket {
    NewOrder asked;
    OrderId order;               ///< the number that it will have
    std::int64_t priceTicks = 0; ///< of a market order: the worst that the collar allows
    std::int64_t quantityLots = 0;
    std::int64_t stopTicks = 0;
    /// The most that it can cost or the least that it can bring, without fees: its price x quantity. Of a market order
    /// exactly what it will: zero where nobody is there.
    Amount fiat;
    std::uint64_t version = 0;
};

/// A change that passed checkChange(). Good for one change(), with no other change between.
struct ChangeTicket {
    OrderId order;
    std::int64_t priceTicks = 0;
    std::int64_t quantityLots = 0; ///< in all
    std::int64_t remainingLots = 0;
    std::int64_t stopTicks = 0;
    bool keepsPriority = false; ///< nothing but smaller
    Amount fiat;                ///< price x what remains
    std::uint64_t version = 0;
};

struct Placed {
    OrderId order;
    std::int64_t filledLots = 0;  ///< as the taker
    std::int64_t restingLots = 0; ///< in the book, or waiting beside it; zero: filled, or the rest was cancelled
};

class Market {
public:
    Result<InstrumentId, InstrumentError> addInstrument(const InstrumentSpec& spec);
    /// nullptr if unknown.
    const Instrument* instrument(InstrumentId id) const {
        return id && id.value <= m_instruments.size() ? &m_instruments[id.value - 1] : nullptr;
    }
    const Instrument* instrument(std::string_view name) const;
    std::span<const Instrument> instruments() const { return m_instruments; }

    /// False if there is none.
    bool setHalted(InstrumentId id, bool halted);
    /// Zero: nobody's, and referenceTicks finds another. False if there is none, or it is no price.
    bool setReference(InstrumentId id, std::int64_t ticks);
    /// Own trades of this while make a reference price, and stop orders meet the collar when they are triggered. Zero:
    /// neither. The window begins empty. False if there is no such instrument or window.
    bool setReferenceWindow(InstrumentId id, std::int64_t windowMs);
    /// What collars are measured from: as it was set; else the volume-weighted price of the window's trades; else the
    /// last trade's price; else zero: there is no collar.
    std::int64_t referenceTicks(InstrumentId id) const;
    /// What the time is, for the windows. Never before what was said last.
    void setTime(std::int64_t nowMs) { m_nowMs = nowMs; }

    [[nodiscard]] Result<Ticket, PlaceRefusal> check(const NewOrder& order) const;
    Placed place(const Ticket& ticket, HoldId hold, BookSink& sink);
    /// The type stays what it was. A change that changes nothing is one, too.
    [[nodiscard]] Result<ChangeTicket, PlaceRefusal> checkChange(OrderId order, HolderId by,
                                                                 const OrderChange& change) const;
    Placed change(const ChangeTicket& ticket, BookSink& sink);
    /// Answers the order as it was, so that its hold can be released.
    [[nodiscard]] Result<Order, CancelRefusal> cancel(OrderId order, HolderId by, BookSink& sink);

    /// Open orders only; nullptr otherwise. Live until the next change.
    const Order* order(OrderId id) const;
    /// Of a stop order that waits; else zero.
    std::int64_t stopTicksOf(OrderId id) const;
    /// The number of a holder's open or recent order (which may be closed by now), or none.
    OrderId orderOf(HolderId holder, std::uint64_t clientOrderId) const;
    /// By number. Linear in all open orders.
    std::vector<Order> openOrdersOf(HolderId holder) const;
    std::size_t openOrderCount() const { return m_pool.size(); }
    OrderId lastOrder() const { return m_lastOrder; }

    /// The most that an order, or what remains of a changed one, is worth as the book stands, without fees: what a
    /// buyer may have to pay; what a seller gets from those who bid more, and the limit for the rest. Linear in the
    /// orders that it would meet.
    Amount worthOf(const Ticket& ticket) const;
    Amount worthOf(const ChangeTicket& ticket) const;

    /// Best first; at most `most` levels.
    std::vector<LevelRow> depth(InstrumentId instrument, Side side, std::size_t most) const;
    std::optional<LevelRow> best(InstrumentId instrument, Side side) const;
    /// The first that the other side would trade with; nullptr if there is none, or no such instrument.
    const Order* bestOrder(InstrumentId id, Side side) const {
        const std::uint32_t slot = instrument(id) ? bookOf(id).best(side) : kNoSlot;
        return slot == kNoSlot ? nullptr : &m_pool.order(slot);
    }

    // For what will be asked in a moment, step by step: the way to an order, the order, what it is linked to; and what
    // a new order of a holder writes.
    void prefetchPlace(OrderId id) const { m_pool.prefetchPlace(id); }
    void prefetch(OrderId id) const { m_pool.prefetch(id); }
    const Order* guess(OrderId id) const { return m_pool.guess(id); } ///< most likely this one
    const Order* prefetchNeighbours(OrderId id) const { return m_pool.prefetchNeighbours(id); } ///< answers likewise
    void prefetch(HolderId holder) const {
        if (holder.value < m_recent.size()) prefetchLine(&m_recent[holder.value]);
    }
    void prefetchRecent(HolderId holder) const {
        if (holder.value < m_recent.size()) m_recent[holder.value].prefetch();
    }

    void save(CborWriter& writer) const;
    static Result<Market, CborError> load(CborReader& reader);

private:
    /// By stop price (rising for buyers, falling for sellers), then by time.
    using Stops = std::map<std::pair<std::int64_t, OrderId>, std::uint32_t>;
    struct Place {
        Book book;
        std::array<Stops, 2> stops;
        ReferenceWindow window;
    };
    /// What was traded at during one call.
    struct Traded {
        std::int64_t lowest = 0;
        std::int64_t highest = 0;
        bool any() const { return highest != 0; }
        void add(std::int64_t ticks) {
            lowest = any() ? std::min(lowest, ticks) : ticks;
            highest = std::max(highest, ticks);
        }
    };
    struct Fillable {
        std::int64_t lots = 0;
        Int128 tickLots = 0; ///< each lot times its price
    };

    const Book& bookOf(InstrumentId id) const { return m_places[id.value - 1].book; }
    Book& bookOf(InstrumentId id) { return m_places[id.value - 1].book; }
    Stops& stopsOf(const Order& order) {
        return m_places[order.instrument - 1u].stops[static_cast<std::size_t>(order.side)];
    }
    RecentIds& recentFor(HolderId holder);
    std::pair<std::int64_t, std::int64_t> collarOf(const Instrument& traded) const;
    Fillable fillable(const NewOrder& order, std::int64_t worstTicks, std::int64_t lots) const;
    bool wouldTrade(InstrumentId id, Side side, std::int64_t priceTicks) const;
    Amount saleWorth(const NewOrder& order, std::int64_t priceTicks, std::int64_t stopTicks, std::int64_t lots) const;
    std::optional<PlaceRefusal> checkInBook(const NewOrder& order, Ticket& ticket) const;

    void wait(const Order& order, std::int64_t stopTicks);
    void stopWaiting(std::uint32_t slot);
    /// `whenLeft`: why what cannot rest is cancelled.
    Placed enter(Order order, Traded& traded, BookSink& sink, CancelCause whenLeft = CancelCause::NotFilled);
    /// A triggered stop order may trade as far as the collar, and no further. True if that holds it back.
    bool holdInCollar(Order& order) const;
    void matchAgainst(Order& taker, bool& metItself, Traded& traded, BookSink& sink);
    void triggerStops(InstrumentId id, Traded& traded, BookSink& sink);
    Placed settle(const Placed& placed, InstrumentId instrument, Traded& traded, BookSink& sink);
    void remember(const Order& order);
    void forget(const Order& order);
    void drop(std::uint32_t slot);
    void loadInstruments(CborReader& reader);
    void loadRecent(CborReader& reader);
    void loadOrders(CborReader& reader);
    bool putLoaded(const Order& order, std::int64_t stopTicks);
    void restoreLongOpen();

    std::vector<Instrument> m_instruments; // by number, from one
    std::vector<Place> m_places;
    OrderPool m_pool;
    FlatMap<OrderId, std::int64_t> m_stopTicks; ///< of the orders that wait
    HugeVector<RecentIds> m_recent;             // by holder: their numbers are dense
    BlockPool m_recentPool;
    /// Open orders that more than 1,024 younger ones of their holder have pushed out of its RecentIds.
    std::map<ClientKey, OrderId> m_longOpen;
    OrderId m_lastOrder;
    std::uint64_t m_version = 0;
    std::int64_t m_nowMs = 0; ///< told again after load()
};

} // namespace tallylock::market
