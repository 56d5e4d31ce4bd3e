// The market: instruments, open orders, books, matching by price, then time.
//
// Placing has two phases, so that money is verified and held between them:
//
//   auto ticket = market.check(newOrder);              // changes nothing; every refusal is named here
//   auto hold = ledger.hold(...ticket->fiat or ->quantity..., ticket->order);
//   Placed placed = market.place(*ticket, *hold, sink); // cannot be refused; sink.onMatch for every fill
//
// Knows no balances: the sink executes each match as it happens, and must not call the market meanwhile. Trades are
// at the resting order's price. A holder may trade with itself. Pure and single-threaded: the same calls give the
// same trades.
#pragma once

#include "core/market/Book.h"
#include "core/market/Instrument.h"
#include "core/market/RecentIds.h"

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace tallylock::market {

/// A new order that passed check(). Good for one place(), with no other change between.
struct Ticket {
    NewOrder asked;
    OrderId order; ///< the number that it will have
    std::int64_t priceTicks = 0;
    std::int64_t quantityLots = 0;
    Amount fiat; ///< the most that it can cost or the least that it can bring, without fees: its price x quantity
    std::uint64_t version = 0;
};

struct Placed {
    OrderId order;
    std::int64_t filledLots = 0;
    std::int64_t restingLots = 0; ///< zero: filled wholly
};

class Market {
public:
    Result<InstrumentId, InstrumentError> addInstrument(const InstrumentSpec& spec);
    /// nullptr if unknown.
    const Instrument* instrument(InstrumentId id) const;
    const Instrument* instrument(std::string_view name) const;
    std::span<const Instrument> instruments() const { return m_instruments; }

    [[nodiscard]] Result<Ticket, PlaceRefusal> check(const NewOrder& order) const;
    Placed place(const Ticket& ticket, HoldId hold, BookSink& sink);
    /// Answers the order as it was, so that its hold can be released.
    [[nodiscard]] Result<Order, CancelRefusal> cancel(OrderId order, HolderId by, BookSink& sink);

    /// Open orders only; nullptr otherwise. Live until the next change.
    const Order* order(OrderId id) const;
    /// The number of a holder's open or recent order (which may be closed by now), or none.
    OrderId orderOf(HolderId holder, std::uint64_t clientOrderId) const;
    /// By number. Linear in all open orders.
    std::vector<Order> openOrdersOf(HolderId holder) const;
    std::size_t openOrderCount() const { return m_pool.size(); }
    OrderId lastOrder() const { return m_lastOrder; }

    /// Best first; at most `most` levels.
    std::vector<LevelRow> depth(InstrumentId instrument, Side side, std::size_t most) const;
    std::optional<LevelRow> best(InstrumentId instrument, Side side) const;

    void save(CborWriter& writer) const;
    static Result<Market, CborError> load(CborReader& reader);

private:
    const Book& bookOf(InstrumentId id) const { return m_books[id.value - 1]; }
    Book& bookOf(InstrumentId id) { return m_books[id.value - 1]; }
    RecentIds& recentFor(HolderId holder);
    void matchAgainst(Book& book, Order& taker, BookSink& sink);
    void remember(const Order& order);
    void drop(std::uint32_t slot);
    void loadInstruments(CborReader& reader);
    void loadRecent(CborReader& reader);
    void loadOrders(CborReader& reader);
    bool putLoaded(const Order& order);
    void restoreLongOpen();

    std::vector<Instrument> m_instruments; // by number, from one
    std::vector<Book> m_books;
    OrderPool m_pool;
    std::vector<RecentIds> m_recent; // by holder: their numbers are dense
    /// Open orders that more than 1,024 younger ones of their holder have pushed out of its RecentIds.
    std::map<ClientKey, OrderId> m_longOpen;
    OrderId m_lastOrder;
    std::uint64_t m_version = 0;
};

} // namespace tallylock::market
