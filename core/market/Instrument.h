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
    bool operator==(const InstrumentSpec&) const = default;
    static constexpr auto fields() {
        using S = InstrumentSpec;
        return std::tuple{field(1, &S::name),
                          field(2, &S::tick),
                          field(3, &S::lot),
                          field(4, &S::minLots),
                          field(5, &S::maxLots),
                          field(6, &S::maxTicks),
                          field(7, &S::makerBasisPoints),
                          field(8, &S::takerBasisPoints)};
    }
};

struct Instrument {
    InstrumentId id;
    InstrumentSpec spec;
    money::TradeScale scale;
};

enum class InstrumentError {
    NameInvalid, ///< empty or over 32 bytes
    NameInUse,
    ScaleInvalid,  ///< units unknown or equal, or price x quantity would not be exact
    BoundsInvalid, ///< not 1 <= minLots <= maxLots and 1 <= maxTicks, or the largest trade overflows
    FeeInvalid,    ///< over 10,000 basis points
};
const char* nameOf(InstrumentError error);

} // namespace tallylock::market
