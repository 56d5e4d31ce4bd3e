#include "core/engine/Refused.h"

#include <cassert>
#include <cstddef>
#include <iterator>

namespace tallylock::engine {

namespace {
// In the order of the enum.
constexpr const char* kRefusedNames[] = {
    "no",
    "not-registered",
    "already-registered",
    "key-in-use",
    "name-invalid",
    "not-permitted",
    "account-frozen",
    "id-reused",
    "id-too-old",
    "amount-invalid",
    "amount-negative",
    "amount-zero",
    "amount-overflow",
    "unit-unknown",
    "identifier-in-use",
    "instrument-unknown",
    "instrument-exists",
    "instrument-invalid",
    "price-not-on-tick",
    "quantity-not-on-lot",
    "order-too-small",
    "order-too-large",
    "client-id-used",
    "client-id-invalid",
    "insufficient-funds",
    "order-unknown",
    "manifest-invalid",
    "listing-unknown",
    "listing-taken",
    "listing-copied",
    "listing-own",
    "minimum-above-bid",
    "expiry-invalid",
    "sale-unknown",
    "sale-not-yours",
    "sale-already-accepted",
    "sale-wrong-state",
    "price-outside-offer",
    "terms-mismatch",
    "signature-invalid",
    "receipt-mismatch",
    "quote-expired",
    "payment-short",
    "edition-invalid",
    "custody-passed",
    "record-too-large",
    "records-too-many",
    "records-full",
    "info-invalid",
    "roles-invalid",
    "user-unknown",
    "device-unknown",
    "not-an-institution",
    "devices-too-many",
    "last-administrator",
    "account-pending",
    "account-restricted",
    "device-waiting",
    "address-invalid",
    "address-in-use",
    "address-unknown",
    "address-waiting",
    "addresses-too-many",
    "withdrawal-unknown",
    "withdrawal-wrong-state",
    "withdrawals-too-many",
    "approver-is-maker",
    "already-approved",
    "user-day-limit",
    "holder-day-limit",
    "policy-invalid",
    "policy-impossible",
    "policy-change-unknown",
    "second-factor-missing",
    "second-factor-used",
    "rail-invalid",
    "instrument-halted",
    "order-invalid",
    "stop-price-not-on-tick",
    "price-outside-collar",
    "order-would-trade",
    "order-not-fillable",
    "quantity-already-filled",
};
static_assert(std::size(kRefusedNames) == static_cast<std::size_t>(Refused::kCount));
} // namespace

const char* nameOf(Refused refused) {
    assert(refused < Refused::kCount);
    return kRefusedNames[static_cast<std::size_t>(refused)];
}

} // namespace tallylock::engine
