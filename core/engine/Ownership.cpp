#include "core/engine/Ownership.h"

namespace tallylock::engine {

bool isDelivery(const custody::CustodyEntry& entry, const Terms& terms, const Hash& contract) {
    if (!terms.ownership) return false;
    const Ownership& wanted = *terms.ownership;
    return entry.assetId == wanted.assetId && entry.number == wanted.number &&
           entry.kind == custody::CustodyKind::Sold && entry.previous == wanted.previous &&
           entry.timeMs >= wanted.sinceMs && entry.from == terms.seller.identity && entry.to == terms.buyer.identity &&
           entry.contract == contract;
}

bool isDelivery(const custody::SignedCustody& passed, const Terms& terms, const Hash& contract) {
    return isDelivery(passed.entry, terms, contract) && custody::isSigned(passed);
}

} // namespace tallylock::engine
