#include "tests/audit/auditor/Invariant.h"

#include <cstddef>
#include <iterator>

namespace tallylock::audit {

const char* nameOf(Invariant invariant) {
    static constexpr const char* kNames[] = {
        "bytes-are-known",
        "same-id-same-reply",
        "refusals-in-order",
        "refused-changes-nothing",
        "sums-are-zero",
        "entries-count-up",
        "nothing-negative",
        "custody-is-what-arrived",
        "deposits-credit-once",
        "withdrawals-pay-once",
        "no-trade-through",
        "price-then-time",
        "trades-at-resting-price",
        "instructions-once",
        "fees-round-up",
        "trades-move-what-they-say",
        "held-is-open-holds",
        "balances-agree",
        "orders-are-kept",
        "book-is-not-crossed",
        "fill-or-kill-wholly",
        "post-only-never-takes",
        "nothing-at-once-rests",
        "stops-await-their-price",
        "no-self-trade",
        "collars-hold",
        "halted-markets-rest",
        "policies-hold",
        "cases-are-kept",
        "deadlines-are-kept",
        "told-to-whom-it-concerns",
        "levels-add-up",
        "numbers-count-up",
        "records-are-kept",
        "nothing-else-happens",
        "replay-is-the-same",
        "saving-changes-nothing",
    };
    static_assert(std::size(kNames) == static_cast<std::size_t>(Invariant::kCount));
    return kNames[static_cast<std::size_t>(invariant)];
}

} // namespace tallylock::audit
