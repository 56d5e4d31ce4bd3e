// What terms that ask for ownership only call a delivery.
#pragma once

#include "core/custody/Custody.h"
#include "core/engine/Terms.h"

namespace tallylock::engine {

/// The entry passes this asset from the seller to the buyer for this contract. Who has signed it is not looked at.
bool isDelivery(const custody::CustodyEntry& entry, const Terms& terms, const Hash& contract);
/// And the seller has signed it.
bool isDelivery(const custody::SignedCustody& passed, const Terms& terms, const Hash& contract);

} // namespace tallylock::engine
