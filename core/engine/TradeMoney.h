// The money of orders and trades: what an order needs held, what a fill moves and what it costs. The one place for the
// engine and for replays of a market from a file.
#pragma once

#include "core/ledger/Ledger.h"
#include "core/market/Market.h"

#include <array>
#include <span>

namespace tallylock::engine {

/// Where an order's money comes from and goes to: the house's own orders are its treasury's.
ledger::AccountKey tradingAccountOf(HolderId holder, money::UnitId unit);

/// What must be held for a new order, fees included; zero for a market order that meets nobody.
money::Amount neededFor(const market::Instrument& instrument, const market::Ticket& ticket);
/// What must be held for an order once it is changed.
money::Amount neededAfter(const market::Instrument& instrument, const market::Order& order,
                          const market::ChangeTicket& ticket);

/// What one match moves. Fees are rounded up, towards the house, once for all fills of an order together.
struct Fill {
    money::Amount fiat;
    money::Amount quantity;
    money::Amount buyerFee;
    money::Amount sellerFee;
};
/// Writes the fee credit of both orders.
Fill fillOf(const market::Instrument& instrument, const market::Match& match);

/// The transfer of a fill and what it takes from the two holds, after fillOf(). What a buyer held for a dearer price is
/// free again.
struct FillTransfer {
    std::span<const ledger::Leg> legs() const { return std::span(places).first(count); }
    std::array<ledger::Leg, 5> places;
    std::size_t count = 0;
    std::array<ledger::HoldUse, 2> uses;
};
FillTransfer transferOf(const ledger::Ledger& ledger, const market::Instrument& instrument, const market::Match& match,
                        const Fill& fill);

} // namespace tallylock::engine
