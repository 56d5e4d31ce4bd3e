// Orders: limit orders that are good till cancelled.
#pragma once

#include "core/money/Amount.h"

namespace tallylock::market {

using money::Amount;

enum class Side : std::uint8_t { Buy, Sell, kCount };
const char* nameOf(Side side);
constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }

/// What somebody asks for, as signed.
struct NewOrder {
    InstrumentId instrument;
    HolderId holder;
    UserId user;
    /// Chosen by the client, unique among the holder's open and last 1,024 orders. Zero: none.
    std::uint64_t clientOrderId = 0;
    Side side = Side::Buy;
    Amount price;    ///< quote, for one whole base unit
    Amount quantity; ///< base
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
    std::uint32_t instrument = 0;

    InstrumentId instrumentId() const { return {instrument}; }
    bool operator==(const Order&) const = default;
};

/// In the order in which they are tested.
enum class PlaceRefusal : std::uint8_t {
    UnknownInstrument,
    WrongUnit, ///< price not in the quote unit, or quantity not in the base unit
    PriceNotPositive,
    PriceNotOnTick,
    PriceTooHigh,
    QuantityNotPositive,
    QuantityNotOnLot,
    QuantityBelowMinimum,
    QuantityAboveMaximum,
    DuplicateClientOrderId,
    kCount
};
const char* nameOf(PlaceRefusal refusal);

/// In the order in which they are tested.
enum class CancelRefusal : std::uint8_t {
    UnknownOrder, ///< never placed, filled or cancelled before
    NotOwner,
    kCount
};
const char* nameOf(CancelRefusal refusal);

} // namespace tallylock::market
