#include "core/api/Problem.h"

#include <cassert>
#include <cstddef>
#include <iterator>

namespace tallylock::api {

namespace {
// In the order of the enum.
constexpr const char* kProblemNames[] = {
    "profile-exists",
    "profile-name-invalid",
    "profile-unknown",
    "profile-in-use",
    "passphrase-wrong",
    "passphrase-too-short",
    "phrase-word-unknown",
    "phrase-wrong-count",
    "phrase-wrong-checksum",
    "phrase-mixed-languages",
    "phrase-not-text",
    "passphrase-too-long",
    "keychain-unavailable",
    "keychain-entry-missing",
    "vault-damaged",
    "folder-newer",
    "folder-damaged",
    "file-unreadable",
    "file-empty",
    "file-changed",
    "media-too-large",
    "media-damaged",
    "media-too-slow",
    "media-unsupported",
    "media-locked",
    "mark-missing",
    "disk-full",
    "cancelled",
    "sealed-file-truncated",
    "sealed-file-damaged",
    "wrong-key",
    "manifest-invalid",
    "amount-invalid",
    "amount-negative",
    "amount-zero",
    "amount-overflow",
    "amount-too-precise",
    "listing-unknown",
    "listing-taken",
    "listing-copied",
    "listing-own",
    "draft-gone",
    "name-invalid",
    "bid-below-minimum",
    "price-below-minimum",
    "expiry-invalid",
    "sale-unknown",
    "sale-not-yours",
    "sale-already-accepted",
    "sale-wrong-state",
    "terms-mismatch",
    "signature-invalid",
    "payment-not-open",
    "key-parts-missing",
    "key-parts-wrong",
    "second-password-wrong",
    "spot-check-not-now",
    "spot-check-too-small",
    "spot-check-failed",
    "instrument-unknown",
    "price-not-on-tick",
    "quantity-not-on-lot",
    "order-too-small",
    "order-too-large",
    "order-unknown",
    "order-id-used",
    "order-invalid",
    "order-would-trade",
    "order-not-fillable",
    "price-outside-collar",
    "quantity-already-filled",
    "instrument-halted",
    "insufficient-funds",
    "not-permitted",
    "account-frozen",
    "already-registered",
    "key-in-use",
    "not-registered",
    "busy",
    "stopping",
    "stale",
    "unreachable",
    "id-reused",
    "malformed",
    "not-available",
    "internal",
};
static_assert(std::size(kProblemNames) == static_cast<std::size_t>(Problem::kCount));
} // namespace

const char* nameOf(Problem problem) {
    assert(problem < Problem::kCount);
    return kProblemNames[static_cast<std::size_t>(problem)];
}

} // namespace tallylock::api
