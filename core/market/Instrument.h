// What is traded: a base unit against a quote unit, in whole lots at whole ticks.
#pragma once

#include "core/money/TradeScale.h"

#include <string>

namespace tallylock::market {

using money::Amount;

/// How an instrument is described, before it is checked.
struct InstrumentSpec {
    std::string name; ///< "BTC/USD"
    Amount tick;      ///< quote, for one whole base unit
    Amount lot;       ///< base
    std::int64_t minLots = 1;
    std::int64_t maxLots = 0;
    std::int64_t maxTicks = 0;
    std::uint32_t makerBasisPoints = 0;
    std::uint32_t takerBasisPoints = 0;
    /// How far from the reference price anybody may trade, up and down; zero: as far as they like.
    std::uint32_t collarBasisPoints = 0;
    bool operator==(const InstrumentSpec&) const = default;
    static constexpr void fields(auto use) {
        using S = InstrumentSpec;
        use(field(1, &S::name), field(2, &S::tick), field(3, &S::lot), field(4, &S::minLots), field(5, &S::maxLots),
            field(6, &S::maxTicks), field(7, &S::makerBasisPoints), field(8, &S::takerBasisPoints),
            field(9, &S::collarBasisPoints));
    }
};

struct Instrument {
    InstrumentId id;
    InstrumentSpec spec;
    money::TradeScale scale;
    bool halted = false;             ///< nothing is placed, changed or traded; orders may be cancelled
    std::int64_t lastTicks = 0;      ///< of the last trade; zero: none yet
    std::int64_t referenceTicks = 0; ///< as set by whoever runs the market; zero: Market::referenceTicks says what then
};

enum class InstrumentError {
    NameInvalid, ///< empty or over 32 bytes
    NameInUse,
    ScaleInvalid,  ///< units unknown or equal, or price x quantity would not be exact
    BoundsInvalid, ///< not 1 <= minLots <= maxLots and 1 <= maxTicks, or the largest trade overflows
    FeeInvalid,    ///< over 10,000 basis points
    CollarInvalid, ///< over 10,000 basis points
    TooMany,       ///< 65,535 are the most
};
const char* nameOf(InstrumentError error);

} // namespace tallylock::market
