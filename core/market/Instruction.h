// The transaction instruction: what one match of two orders obliges the ledger to do. It is numbered, stored and
// hashed by whoever executes it.
#pragma once

#include "core/market/Order.h"

namespace tallylock::market {

enum class InstructionState : std::uint8_t { Stored, Executed, kCount };
const char* nameOf(InstructionState state);

/// Satisfies both orders: the price is the resting order's, the quantity is what both still want.
struct Instruction {
    InstructionId number; ///< rises by one
    InstrumentId instrument;
    OrderId makerOrder; ///< the resting one
    OrderId takerOrder;
    HolderId buyer;
    HolderId seller;
    Side takerSide = Side::Buy;
    Amount price;     ///< quote, for one whole base unit
    Amount quantity;  ///< base, from the seller to the buyer
    Amount fiat;      ///< quote, from the buyer to the seller: price x quantity, exactly
    Amount buyerFee;  ///< quote, from the buyer to the house, beside `fiat`
    Amount sellerFee; ///< quote, from the seller to the house, out of `fiat`
    InstructionState state = InstructionState::Stored;

    bool operator==(const Instruction&) const = default;
    static constexpr void fields(auto use) {
        using I = Instruction;
        use(field(1, &I::number), field(2, &I::instrument), field(3, &I::makerOrder), field(4, &I::takerOrder),
            field(5, &I::buyer), field(6, &I::seller), field(7, &I::takerSide), field(8, &I::price),
            field(9, &I::quantity), field(10, &I::fiat), field(11, &I::buyerFee), field(12, &I::sellerFee),
            field(13, &I::state));
    }
};

} // namespace tallylock::market
