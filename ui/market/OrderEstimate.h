// What an order would do if it arrived now, by the part of the book that is known here. The coordinator decides; this
// is for the person who is about to ask.
#pragma once

#include "core/api/Session.h"

namespace tallylock::ui {

struct OrderEstimate {
    api::Amount trades;  ///< base, at once
    api::Amount cost;    ///< quote, what that comes to, without fees
    api::Amount average; ///< price of that, rounded down; zero if nothing trades
    api::Amount rests;   ///< base that stays in the book, or waits beside it
    api::Amount total;   ///< quote, of the whole order at its own price; of a market order what trades
    api::Amount fee;     ///< quote, at most
    api::Amount held;    ///< as soon as it is placed: quote with fees to buy, base to sell
    /// Why it would be refused by the book as it is: PriceOutsideCollar, OrderWouldTrade, OrderNotFillable.
    std::optional<api::Problem> warning;
};

/// AmountZero, PriceNotOnTick, QuantityNotOnLot, OrderTooSmall, OrderTooLarge or AmountOverflow. `book` as
/// Session::book answers it. One's own orders in it count as anybody's.
Result<OrderEstimate, api::Problem> estimateOrder(const api::InstrumentRow& instrument,
                                                  const std::vector<api::BookRow>& book,
                                                  const api::OrderRequest& order);

} // namespace tallylock::ui
