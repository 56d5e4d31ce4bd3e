// What is seen in a sale's wallet: whether it is enough, in time and final, and what becomes of a quote that nobody
// pays.
#include "core/engine/EngineState.h"

#include <algorithm>
#include <utility>

namespace tallylock::engine {

using escrow::SaleEvent;

/// B9 of a converted sale is being undone.
static bool isUnsold(const SaleChanged& view) {
    return view.state == SaleState::Escrowed && isConverted(*view.terms) && !view.converted;
}

/// All that is due has been seen, and the buyer has agreed to the wallet.
bool Engine::State::isPaid(const SaleChanged& view) {
    return view.fundingSigned.value_or(false) && view.received && view.received->value >= view.coins->value;
}

/// Sums up what has been seen in the wallet, and moves the sale along or back.
void Engine::State::paymentChanged(OpenSale& sale) {
    SaleChanged& view = sale.view;
    Amount received{0, view.coin};
    std::uint32_t least = UINT32_MAX;
    for (const SalePayment& payment : sale.payments) {
        received.value += payment.amount.value; // bounded by kLargestAmount each
        least = std::min(least, payment.confirmations);
    }
    const bool wasPaid = isPaid(view);
    const bool less = view.received && received.value < view.received->value;
    view.received = received;
    view.confirmations = sale.payments.empty() ? 0 : least;
    view.confirmationsNeeded = config.confirmations;
    if (escrow::findEdge(view.state, SaleEvent::PaymentSeen)) {
        timePayment(sale, wasPaid);
        advance(sale, less ? SaleEvent::PaymentReversed : SaleEvent::PaymentSeen);
        fundIfPaid(sale);
    } else if (view.state == SaleState::Refunding || isUnsold(view) || paidIn(sale).value < view.coins->value) {
        advance(sale, SaleEvent::PaymentReversed);
        // What is left may be enough by itself, if more than was due had been sold.
        fundIfPaid(sale);
    } else { // what is left, or has come late, is more than enough
        emit(Audience::both(view.buyer, view.seller), view);
    }
}

/// Until when there is to pay: by then the quote lapses, or the sale ends.
std::int64_t Engine::State::unpaidUntil(const SaleChanged& view) {
    const std::int64_t deadlineMs = view.wallet->deadlineMs;
    return view.quoteUntilMs && !view.quoteLapsed ? std::min(*view.quoteUntilMs, deadlineMs) : deadlineMs;
}

/// Money that was seen in time counts, however long its confirmation takes within reason.
void Engine::State::timePayment(OpenSale& sale, bool wasPaid) {
    const SaleChanged& view = sale.view;
    if (isPaid(view) == wasPaid) return;
    const std::int64_t confirmMs = lateDeadlines(view).confirmationMs;
    if (!wasPaid) return setDeadline(sale, std::max(view.wallet->deadlineMs, nowMs + confirmMs));
    setDeadline(sale, unpaidUntil(view));
    lapseIfOver(sale);
}

/// Where nothing is paid, and the quote's time was over already: it does not wait for the next batch, since what is
/// paid before that would count.
void Engine::State::lapseIfOver(OpenSale& sale) {
    const SaleChanged& view = sale.view;
    if (view.deadlineMs <= nowMs && isQuotesDeadline(view)) lapseQuote(sale);
}

/// Behind an outage a batch may be stamped as before a deadline and bring coins that came after it. Then the deadline
/// comes first, as it would have: what was too late buys nothing at the old price.
void Engine::State::passDeadlinesBefore(const ObservePayment& c, SaleId id) {
    if (TALLYLOCK_PLANTED(LateCoinsCount)) return;
    const auto isLate = [&c](const OpenSale& sale) {
        const SaleChanged& view = sale.view;
        const bool waits = escrow::deadlineOf(view.state) == escrow::DeadlineKind::Payment && !isPaid(view);
        const bool isKnown = std::any_of(sale.payments.begin(), sale.payments.end(),
                                         [&c](const SalePayment& one) { return one.isOf(c); });
        return waits && !isKnown && view.deadlineMs != 0 && view.deadlineMs <= c.countsFromMs.value_or(0);
    };
    const Cause asked = std::exchange(cause, Cause{config.coordinator.identity, {}});
    for (OpenSale* sale = findSale(id); sale && isLate(*sale); sale = findSale(id)) fireDeadline(id);
    cause = asked;
}

/// Not where it is the same moment that ends the sale. What is paid has another deadline.
bool Engine::State::isQuotesDeadline(const SaleChanged& view) {
    return escrow::deadlineOf(view.state) == escrow::DeadlineKind::Payment && view.quoteUntilMs &&
           view.deadlineMs == *view.quoteUntilMs && view.deadlineMs < view.wallet->deadlineMs;
}

/// Nothing is paid on it any more: what comes now waits for another one.
void Engine::State::lapseQuote(OpenSale& sale) {
    SaleChanged& view = sale.view;
    view.quoteLapsed = true;
    view.fundingSigned = TALLYLOCK_PLANTED(LapsedCounts);
    setDeadline(sale, unpaidUntil(view));
    advance(sale, SaleEvent::QuoteLapsed);
}

void Engine::State::fundIfPaid(OpenSale& sale) {
    const SaleChanged& view = sale.view;
    if (view.state != SaleState::Seen || !view.fundingSigned.value_or(false)) return;
    if (fundsOf(sale).value < view.coins->value) return;
    advance(sale, SaleEvent::PaymentFinal);
    // What has been delivered stays so, if the money had only left the chain for a while.
    if (view.deliveryReceipt) advance(sale, SaleEvent::DeliveryConfirmed);
    if (view.owner) advance(sale, SaleEvent::OwnershipPassed);
}

} // namespace tallylock::engine
