// What happens in the market. Part of Events.h.
#pragma once

#include "core/market/Instruction.h"

namespace tallylock::engine {

using money::Amount;
using money::UnitId;

struct InstrumentOpened {
    static constexpr std::uint64_t kType = 30;
    InstrumentId instrument;
    std::string symbol;
    UnitId base{};
    UnitId quote{};
    Amount tick;
    Amount lot;
    Amount minimum;
    Amount maximum;
    std::uint32_t makerBasisPoints = 0;
    std::uint32_t takerBasisPoints = 0;
    std::optional<std::uint32_t> collarBasisPoints{}; ///< none: no collar
    static constexpr void fields(auto use) {
        use(field(1, &InstrumentOpened::instrument), field(2, &InstrumentOpened::symbol),
            field(3, &InstrumentOpened::base), field(4, &InstrumentOpened::quote), field(5, &InstrumentOpened::tick),
            field(6, &InstrumentOpened::lot), field(7, &InstrumentOpened::minimum),
            field(8, &InstrumentOpened::maximum), field(9, &InstrumentOpened::makerBasisPoints),
            field(10, &InstrumentOpened::takerBasisPoints), field(11, &InstrumentOpened::collarBasisPoints));
    }
};
struct OrderPlaced {
    static constexpr std::uint64_t kType = 31;
    OrderId order;
    InstrumentId instrument;
    HolderId holder;
    UserId user;
    std::uint8_t side = 0;
    Amount price;
    Amount quantity;
    std::uint64_t clientId = 0;
    std::int64_t timeMs = 0;
    std::optional<market::OrderType> type{};      ///< none: limit
    std::optional<Amount> stopPrice{};            ///< while it waits for it
    std::optional<market::SelfTrade> selfTrade{}; ///< none: allow
    static constexpr void fields(auto use) {
        use(field(1, &OrderPlaced::order), field(2, &OrderPlaced::instrument), field(3, &OrderPlaced::holder),
            field(4, &OrderPlaced::user), field(5, &OrderPlaced::side), field(6, &OrderPlaced::price),
            field(7, &OrderPlaced::quantity), field(8, &OrderPlaced::clientId), field(9, &OrderPlaced::timeMs),
            field(10, &OrderPlaced::type), field(11, &OrderPlaced::stopPrice), field(12, &OrderPlaced::selfTrade));
    }
};
enum class OrderState : std::uint8_t {
    Open,
    Filled,
    Cancelled,
    Waiting, ///< a stop order whose price was not reached; then it is Open
    kCount
};
struct OrderChanged {
    static constexpr std::uint64_t kType = 32;
    OrderId order;
    HolderId holder;
    Amount remaining;
    OrderState state{};
    std::int64_t timeMs = 0;
    std::optional<market::CancelCause> cause{}; ///< of a cancellation that nobody asked for
    static constexpr void fields(auto use) {
        use(field(1, &OrderChanged::order), field(2, &OrderChanged::holder), field(3, &OrderChanged::remaining),
            field(4, &OrderChanged::state), field(5, &OrderChanged::timeMs), field(6, &OrderChanged::cause));
    }
};
/// How an open order reads from now on.
struct OrderReplaced {
    static constexpr std::uint64_t kType = 36;
    OrderId order;
    HolderId holder;
    Amount price;
    Amount quantity;
    Amount remaining;
    std::optional<Amount> stopPrice{}; ///< while it waits for it
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &OrderReplaced::order), field(2, &OrderReplaced::holder), field(3, &OrderReplaced::price),
            field(4, &OrderReplaced::quantity), field(5, &OrderReplaced::remaining),
            field(6, &OrderReplaced::stopPrice), field(7, &OrderReplaced::timeMs));
    }
};
/// Public.
struct InstrumentSteered {
    static constexpr std::uint64_t kType = 37;
    InstrumentId instrument;
    bool halted = false;
    Amount reference; ///< zero: the last trade's price
    static constexpr void fields(auto use) {
        use(field(1, &InstrumentSteered::instrument), field(2, &InstrumentSteered::halted),
            field(3, &InstrumentSteered::reference));
    }
};
/// Public: one level of the book as it is now; no orders: the level is gone.
struct LevelChanged {
    static constexpr std::uint64_t kType = 33;
    InstrumentId instrument;
    std::uint8_t side = 0;
    Amount price;
    Amount quantity;
    std::uint32_t orders = 0;
    static constexpr void fields(auto use) {
        use(field(1, &LevelChanged::instrument), field(2, &LevelChanged::side), field(3, &LevelChanged::price),
            field(4, &LevelChanged::quantity), field(5, &LevelChanged::orders));
    }
};
/// A match, made into a stored, numbered, hashed instruction, and executed by ledger entry `entry`. The engine leaves
/// the hash to complete(), below.
struct InstructionExecuted {
    static constexpr std::uint64_t kType = 34;
    market::Instruction instruction;
    Hash hash; ///< labelledHash("instruction", instruction)
    EntryId entry;
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &InstructionExecuted::instruction), field(2, &InstructionExecuted::hash),
            field(3, &InstructionExecuted::entry), field(4, &InstructionExecuted::timeMs));
    }
};
/// Public.
struct TradePublished {
    static constexpr std::uint64_t kType = 35;
    InstructionId instruction;
    InstrumentId instrument;
    std::uint8_t takerSide = 0;
    Amount price;
    Amount quantity;
    Amount fiat;
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &TradePublished::instruction), field(2, &TradePublished::instrument),
            field(3, &TradePublished::takerSide), field(4, &TradePublished::price), field(5, &TradePublished::quantity),
            field(6, &TradePublished::fiat), field(7, &TradePublished::timeMs));
    }
};

using DeadManId = Number<struct DeadManMeaning>;
enum class DeadManState : std::uint8_t { Armed, Ended, Fired, kCount };
/// A dead-man switch was armed, renewed or ended by its owner; or was not, and has fired.
struct DeadManChanged {
    static constexpr std::uint64_t kType = 38;
    DeadManId number;
    HolderId holder;
    UserId user; ///< whose orders; none: all of the account
    std::int64_t withinMs = 0;
    std::int64_t dueMs = 0;
    DeadManState state{};
    std::uint64_t cancelled = 0; ///< orders, when it fired
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        using D = DeadManChanged;
        use(field(1, &D::number), field(2, &D::holder), field(3, &D::user), field(4, &D::withinMs), field(5, &D::dueMs),
            field(6, &D::state), field(7, &D::cancelled), field(8, &D::timeMs));
    }
};
/// Public.
struct ReferenceWindowSet {
    static constexpr std::uint64_t kType = 39;
    InstrumentId instrument;
    std::int64_t windowMs = 0; ///< zero: none
    static constexpr void fields(auto use) {
        use(field(1, &ReferenceWindowSet::instrument), field(2, &ReferenceWindowSet::windowMs));
    }
};

/// What the house still has to sell of a coin that sales have brought it.
struct CoinStock {
    Amount left;
    Amount fronted; ///< dollars that it has put in for these coins and has not got back
    std::uint64_t nextAttempt = 1;
    bool operator==(const CoinStock&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &CoinStock::left), field(2, &CoinStock::fronted), field(3, &CoinStock::nextAttempt));
    }
};
/// Internal: a sale has brought coins, or an order of the house has sold some.
struct CoinStockChanged {
    static constexpr std::uint64_t kType = 90;
    CoinStock stock; ///< as it is now
    SaleId sale;     ///< that has brought them; or none
    OrderId order;   ///< that has sold them; or none
    Amount coins;
    Amount dollars; ///< that the house has fronted for them, or that they have fetched
    std::int64_t timeMs = 0;
    static constexpr void fields(auto use) {
        using C = CoinStockChanged;
        use(field(1, &C::stock), field(2, &C::sale), field(3, &C::order), field(4, &C::coins), field(5, &C::dollars),
            field(6, &C::timeMs));
    }
};

} // namespace tallylock::engine
