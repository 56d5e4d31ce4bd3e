// Orders: their types, what may refuse them, and what one in the book is.
#pragma once

#include "core/money/Amount.h"

#include <optional>

namespace tallylock::market {

using money::Amount;

enum class Side : std::uint8_t { Buy, Sell, kCount };
const char* nameOf(Side side);
constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }

enum class OrderType : std::uint8_t {
    Limit,             ///< good till cancelled
    ImmediateOrCancel, ///< what cannot trade at once is cancelled
    FillOrKill,        ///< trades wholly at once, or is refused
    PostOnly,          ///< maker or cancel: refused if it could trade at once
    Market,            ///< at once at any price within the collar; the rest is cancelled
    StopLimit,         ///< waits until a trade reaches its stop price; then it is a limit order
    kCount
};
const char* nameOf(OrderType type);

/// What an incoming order does when it meets one of its own holder.
enum class SelfTrade : std::uint8_t {
    Allow,
    CancelNewest, ///< the rest of the incoming order is cancelled
    CancelOldest, ///< the resting order is cancelled, and the incoming one goes on
    CancelBoth,
    kCount
};
const char* nameOf(SelfTrade rule);

/// What somebody asks for, as signed.
struct NewOrder {
    InstrumentId instrument;
    HolderId holder;
    UserId user;
    /// Chosen by the client, unique among the holder's open and last 1,024 orders. Zero: none.
    std::uint64_t clientOrderId = 0;
    Side side = Side::Buy;
    Amount price;    ///< quote, for one whole base unit; zero in a market order
    Amount quantity; ///< base
    OrderType type = OrderType::Limit;
    Amount stopPrice; ///< quote, for one whole base unit, of a stop order; zero in others
    SelfTrade selfTrade = SelfTrade::Allow;
};

/// A change of an open order. What is left out stays as it is.
struct OrderChange {
    std::optional<Amount> price;
    std::optional<Amount> quantity; ///< in all, with what is filled
    std::optional<Amount> stopPrice;
};

/// An order in the book.
struct Order {
    OrderId id; ///< rises with time
    HolderId holder;
    UserId user;
    std::uint64_t clientOrderId = 0;
    std::int64_t priceTicks = 0;
    std::int64_t quantityLots = 0;
    std::int64_t remainingLots = 0;
    /// The caller's: what is held for this order, and the credit of its metered fee. The market only keeps them.
    HoldId hold;
    std::uint16_t feeCredit = 0;
    Side side = Side::Buy;
    std::uint8_t flags = 0;                        ///< the market's own
    static constexpr std::uint8_t kIsLongOpen = 1; ///< its client order id is no longer among the holder's last
    OrderType type = OrderType::Limit;             ///< a stop order that was triggered is a limit order
    SelfTrade selfTrade = SelfTrade::Allow;
    std::uint16_t instrument = 0;

    InstrumentId instrumentId() const { return {instrument}; }
    bool operator==(const Order&) const = default;
};

/// In the order in which they are tested.
enum class PlaceRefusal : std::uint8_t {
    UnknownInstrument, // or, of a change: UnknownOrder, NotOwner
    UnknownOrder,
    NotOwner,
    Halted,
    WrongUnit,     ///< a price not in the quote unit, or quantity not in the base unit
    PriceNotMeant, ///< a market order has none
    PriceNotPositive,
    PriceNotOnTick,
    PriceTooHigh,
    QuantityNotPositive,
    QuantityNotOnLot,
    QuantityBelowMinimum,
    QuantityAboveMaximum,
    QuantityAlreadyFilled, ///< a change to no more than what is filled
    StopPriceNotMeant,     ///< only a stop order has one, and only while it waits
    StopPriceNotPositive,
    StopPriceNotOnTick,
    StopPriceTooHigh,
    DuplicateClientOrderId,
    OutsideCollar, ///< dearer or cheaper than the market lets anybody trade now
    WouldTrade,    ///< post-only
    NotFillable,   ///< fill-or-kill
    kCount
};
const char* nameOf(PlaceRefusal refusal);

/// Why an open order ended unfilled.
enum class CancelCause : std::uint8_t {
    Asked,
    NotFilled, ///< nothing was left that it could trade with at once
    SelfTrade,
    DeadMan,      ///< a dead-man switch was not renewed in time
    Disconnected, ///< the session of its user ended, as that had been asked for
    Collar,       ///< a stop order whose price lay outside the collar when it was triggered: its rest
    kCount
};
const char* nameOf(CancelCause cause);

/// In the order in which they are tested.
enum class CancelRefusal : std::uint8_t {
    UnknownOrder, ///< never placed, filled or cancelled before
    NotOwner,
    kCount
};
const char* nameOf(CancelRefusal refusal);

} // namespace tallylock::market
