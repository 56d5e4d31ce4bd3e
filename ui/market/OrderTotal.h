// What an order comes to: price x quantity, in whole ledger units, or why it is no order.
#pragma once

#include "core/api/Problem.h"
#include "core/api/Rows.h"
#include "core/base/Result.h"
#include "ui/kit/Units.h"

namespace tallylock::ui {

/// PriceNotOnTick, QuantityNotOnLot, AmountZero or AmountOverflow.
Result<api::Amount, api::Problem> orderTotal(const api::InstrumentRow& instrument, const api::Amount& price,
                                             const api::Amount& quantity);

/// An amount with this many digits after the point (more only if it has them), so that a right-aligned column has its
/// points under each other.
QString figure(const Units& units, const api::Amount& amount, int fraction);

/// part / whole in thousandths, 0 to 1000, for bars.
int thousandths(const api::Amount& part, const api::Amount& whole);

} // namespace tallylock::ui
