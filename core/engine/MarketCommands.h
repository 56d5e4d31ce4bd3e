// What can be asked of the market. Part of Commands.h.
#pragma once

#include "core/market/Order.h"

namespace tallylock::engine {

using money::Amount;
using money::UnitId;

/// Coordinator.
struct OpenInstrument {
    static constexpr std::uint64_t kType = 30;
    std::string symbol;
    UnitId base{};
    UnitId quote{};
    Amount tick;    ///< quote for one whole base unit
    Amount lot;     ///< base
    Amount minimum; ///< base
    Amount maximum; ///< base
    std::uint32_t makerBasisPoints = 0;
    std::uint32_t takerBasisPoints = 0;
    std::optional<std::uint32_t> collarBasisPoints{}; ///< how far from the reference price orders may reach; none: any
    static constexpr void fields(auto use) {
        use(field(1, &OpenInstrument::symbol), field(2, &OpenInstrument::base), field(3, &OpenInstrument::quote),
            field(4, &OpenInstrument::tick), field(5, &OpenInstrument::lot), field(6, &OpenInstrument::minimum),
            field(7, &OpenInstrument::maximum), field(8, &OpenInstrument::makerBasisPoints),
            field(9, &OpenInstrument::takerBasisPoints), field(10, &OpenInstrument::collarBasisPoints));
    }
};
/// A limit order that is good till cancelled, unless it says otherwise.
struct PlaceOrder {
    static constexpr std::uint64_t kType = 31;
    InstrumentId instrument;
    std::uint8_t side = 0;      ///< 0 buy, 1 sell
    Amount price;               ///< quote for one whole base unit; zero in a market order
    Amount quantity;            ///< base
    std::uint64_t clientId = 0; ///< unique among the account's open and last 1,024 orders; 0: none
    std::optional<market::OrderType> type{};
    std::optional<Amount> stopPrice{};            ///< of a stop order
    std::optional<market::SelfTrade> selfTrade{}; ///< what it does when it meets an order of its own account
    static constexpr void fields(auto use) {
        use(field(1, &PlaceOrder::instrument), field(2, &PlaceOrder::side), field(3, &PlaceOrder::price),
            field(4, &PlaceOrder::quantity), field(5, &PlaceOrder::clientId), field(6, &PlaceOrder::type),
            field(7, &PlaceOrder::stopPrice), field(8, &PlaceOrder::selfTrade));
    }
};
struct CancelOrder {
    static constexpr std::uint64_t kType = 32;
    OrderId order;
    static constexpr void fields(auto use) { use(field(1, &CancelOrder::order)); }
};
/// What is left out stays. The order keeps its place in time only if nothing but its quantity falls.
struct ReplaceOrder {
    static constexpr std::uint64_t kType = 33;
    OrderId order;
    std::optional<Amount> price{};
    std::optional<Amount> quantity{}; ///< in all, with what is filled
    std::optional<Amount> stopPrice{};
    static constexpr void fields(auto use) {
        use(field(1, &ReplaceOrder::order), field(2, &ReplaceOrder::price), field(3, &ReplaceOrder::quantity),
            field(4, &ReplaceOrder::stopPrice));
    }
};
/// All open orders of the account, or those of one instrument.
struct CancelAllOrders {
    static constexpr std::uint64_t kType = 34;
    std::optional<InstrumentId> instrument{};
    static constexpr void fields(auto use) { use(field(1, &CancelAllOrders::instrument)); }
};
/// Coordinator: halts a market or lets it go on, and says what its collar is measured from.
struct SteerInstrument {
    static constexpr std::uint64_t kType = 35;
    InstrumentId instrument;
    bool halted = false;
    Amount reference; ///< quote for one whole base unit; zero: the last trade's price
    static constexpr void fields(auto use) {
        use(field(1, &SteerInstrument::instrument), field(2, &SteerInstrument::halted),
            field(3, &SteerInstrument::reference));
    }
};

/// Cancel my orders unless I say so again within this time: those of the signer's user, or of the whole account. Sent
/// again, it begins anew; nothing else renews it.
struct SetDeadMan {
    static constexpr std::uint64_t kType = 36;
    std::int64_t withinMs = 0; ///< zero: ends it
    bool account = false;      ///< of the account: any of its traders renews it or ends it
    static constexpr void fields(auto use) { use(field(1, &SetDeadMan::withinMs), field(2, &SetDeadMan::account)); }
};
/// Coordinator: a device that had asked for it has no session any more: its user's orders are cancelled.
struct EndSession {
    static constexpr std::uint64_t kType = 37;
    IdentityKey device;
    static constexpr void fields(auto use) { use(field(1, &EndSession::device)); }
};
/// Coordinator: where nobody sets a reference, it is the volume-weighted price of own trades of this while, and stop
/// orders meet the collar when they are triggered. Zero: the last trade's price, and they do not.
struct SetReferenceWindow {
    static constexpr std::uint64_t kType = 38;
    InstrumentId instrument;
    std::int64_t windowMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &SetReferenceWindow::instrument), field(2, &SetReferenceWindow::windowMs));
    }
};
/// Coordinator: the house sells coins that sales have brought it (B11), by an order of its own that trades at once or
/// not at all. Each attempt counts once for each coin; what it leaves is the next one's.
struct SellCoins {
    static constexpr std::uint64_t kType = 66;
    InstrumentId instrument;   ///< against dollars
    Amount price;              ///< the least: dollars for one whole coin
    Amount quantity;           ///< coins, at most what is still to be sold
    std::uint64_t attempt = 0; ///< from 1
    static constexpr void fields(auto use) {
        use(field(1, &SellCoins::instrument), field(2, &SellCoins::price), field(3, &SellCoins::quantity),
            field(4, &SellCoins::attempt));
    }
};

} // namespace tallylock::engine
