#include "core/market/Instruction.h"
#include "core/market/Market.h"

namespace tallylock::market {

const char* nameOf(Side side) { return side == Side::Buy ? "buy" : "sell"; }

const char* nameOf(OrderType type) {
    switch (type) {
    case OrderType::Limit: return "limit";
    case OrderType::ImmediateOrCancel: return "immediate or cancel";
    case OrderType::FillOrKill: return "fill or kill";
    case OrderType::PostOnly: return "post only";
    case OrderType::Market: return "market";
    case OrderType::StopLimit: return "stop limit";
    case OrderType::kCount: break;
    }
    return "?";
}

const char* nameOf(SelfTrade rule) {
    switch (rule) {
    case SelfTrade::Allow: return "allow";
    case SelfTrade::CancelNewest: return "cancel newest";
    case SelfTrade::CancelOldest: return "cancel oldest";
    case SelfTrade::CancelBoth: return "cancel both";
    case SelfTrade::kCount: break;
    }
    return "?";
}

const char* nameOf(CancelCause cause) {
    switch (cause) {
    case CancelCause::Asked: return "asked";
    case CancelCause::NotFilled: return "not filled";
    case CancelCause::SelfTrade: return "self-trade";
    case CancelCause::DeadMan: return "dead man";
    case CancelCause::Disconnected: return "disconnected";
    case CancelCause::Collar: return "collar";
    case CancelCause::kCount: break;
    }
    return "?";
}

const char* nameOf(InstructionState state) { return state == InstructionState::Stored ? "stored" : "executed"; }

const char* nameOf(InstrumentError error) {
    switch (error) {
    case InstrumentError::NameInvalid: return "name invalid";
    case InstrumentError::NameInUse: return "name in use";
    case InstrumentError::ScaleInvalid: return "scale invalid";
    case InstrumentError::BoundsInvalid: return "bounds invalid";
    case InstrumentError::FeeInvalid: return "fee invalid";
    case InstrumentError::CollarInvalid: return "collar invalid";
    case InstrumentError::TooMany: return "too many";
    }
    return "?";
}

const char* nameOf(PlaceRefusal refusal) {
    switch (refusal) {
    case PlaceRefusal::UnknownInstrument: return "unknown instrument";
    case PlaceRefusal::UnknownOrder: return "unknown order";
    case PlaceRefusal::NotOwner: return "not owner";
    case PlaceRefusal::Halted: return "halted";
    case PlaceRefusal::WrongUnit: return "wrong unit";
    case PlaceRefusal::PriceNotMeant: return "price not meant";
    case PlaceRefusal::PriceNotPositive: return "price not positive";
    case PlaceRefusal::PriceNotOnTick: return "price not on tick";
    case PlaceRefusal::PriceTooHigh: return "price too high";
    case PlaceRefusal::QuantityNotPositive: return "quantity not positive";
    case PlaceRefusal::QuantityNotOnLot: return "quantity not on lot";
    case PlaceRefusal::QuantityBelowMinimum: return "quantity below minimum";
    case PlaceRefusal::QuantityAboveMaximum: return "quantity above maximum";
    case PlaceRefusal::QuantityAlreadyFilled: return "quantity already filled";
    case PlaceRefusal::StopPriceNotMeant: return "stop price not meant";
    case PlaceRefusal::StopPriceNotPositive: return "stop price not positive";
    case PlaceRefusal::StopPriceNotOnTick: return "stop price not on tick";
    case PlaceRefusal::StopPriceTooHigh: return "stop price too high";
    case PlaceRefusal::DuplicateClientOrderId: return "duplicate client order id";
    case PlaceRefusal::OutsideCollar: return "outside collar";
    case PlaceRefusal::WouldTrade: return "would trade";
    case PlaceRefusal::NotFillable: return "not fillable";
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
