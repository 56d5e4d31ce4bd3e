#include "core/market/Instruction.h"
#include "core/market/Market.h"

namespace tallylock::market {

const char* nameOf(Side side) { return side == Side::Buy ? "buy" : "sell"; }

const char* nameOf(InstructionState state) { return state == InstructionState::Stored ? "stored" : "executed"; }

const char* nameOf(InstrumentError error) {
    switch (error) {
    case InstrumentError::NameInvalid: return "name invalid";
    case InstrumentError::NameInUse: return "name in use";
    case InstrumentError::ScaleInvalid: return "scale invalid";
    case InstrumentError::BoundsInvalid: return "bounds invalid";
    case InstrumentError::FeeInvalid: return "fee invalid";
    }
    return "?";
}

const char* nameOf(PlaceRefusal refusal) {
    switch (refusal) {
    case PlaceRefusal::UnknownInstrument: return "unknown instrument";
    case PlaceRefusal::WrongUnit: return "wrong unit";
    case PlaceRefusal::PriceNotPositive: return "price not positive";
    case PlaceRefusal::PriceNotOnTick: return "price not on tick";
    case PlaceRefusal::PriceTooHigh: return "price too high";
    case PlaceRefusal::QuantityNotPositive: return "quantity not positive";
    case PlaceRefusal::QuantityNotOnLot: return "quantity not on lot";
    case PlaceRefusal::QuantityBelowMinimum: return "quantity below minimum";
    case PlaceRefusal::QuantityAboveMaximum: return "quantity above maximum";
    case PlaceRefusal::DuplicateClientOrderId: return "duplicate client order id";
    case PlaceRefusal::kCount: break;
    }
    return "?";
}

const char* nameOf(CancelRefusal refusal) {
    switch (refusal) {
    case CancelRefusal::UnknownOrder: return "unknown order";
    case CancelRefusal::NotOwner: return "not owner";
    case CancelRefusal::kCount: break;
    }
    return "?";
}

} // namespace tallylock::market
