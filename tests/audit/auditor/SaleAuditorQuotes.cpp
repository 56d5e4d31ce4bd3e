// What a sale costs in coins: docs/decisions/quotes-that-lapse.md. What is due changes only behind a quote that has
// lapsed, and then the buyer signs anew.
#include "tests/audit/auditor/SaleAuditor.h"

namespace tallylock::audit {

namespace {
constexpr std::uint64_t kObservePayment = 22;
constexpr std::uint64_t kFreezeQuote = 48;
constexpr std::uint64_t kSignFunding = 50;

void promise(bool kept, std::uint64_t id, const char* what) { require(kept, SaleInvariant::QuoteHolds, id, what); }
} // namespace

/// When the payment came that is told of, maybe long after; 0: not said, or something else is told.
std::int64_t SaleAuditor::cameMs(const Step& step) {
    if (step.command.empty()) return 0;
    const Item command = Item::parse(step.command);
    const Item* counts = command.list()[0].number() == kObservePayment ? command.list()[1].find(9) : nullptr;
    return counts ? counts->integer() : 0;
}

/// When what is told has happened.
std::int64_t SaleAuditor::momentOf(const Step& step) { return std::max(step.timeMs, cameMs(step)); }

/// Whether this is what has happened.
bool SaleAuditor::quoteLapses(const Sale& sale, const Item& body, const Step& step) {
    const Item* until = body.find(47);
    return !sale.quoteLapsed && body.find(48) && until && until->integer() <= momentOf(step);
}

void SaleAuditor::hearQuote(Sale& sale, std::uint64_t id, const Item& body, const Step& step, std::uint64_t command) {
    const Item* coins = body.find(24);
    if (!coins) return;
    const Whole due = Money::of(*coins).value;
    const bool hasLapsed = body.find(48) != nullptr;
    const Item* word = body.find(27);
    const bool isSigned = word && word->flag();
    const bool isNew = command == kFreezeQuote && (sale.quoteLapsed || sale.due == 0);
    promise(due == sale.due || isNew, id, "another sum is due, and the quote holds");
    promise(isSigned == sale.isSigned || (isSigned ? command == kSignFunding : hasLapsed), id,
            "the buyer's word has changed, and it was not the buyer");
    promise(!isSigned || !isNew, id, "the buyer has not signed for what is due now");
    promise(!isSigned || !hasLapsed, id, "the buyer has signed for a quote that holds no more");
    const Item* received = body.find(28);
    if (hasLapsed && !sale.quoteLapsed) {
        const bool isCovered = sale.isPaid && received && Money::of(*received).value >= due;
        promise(quoteLapses(sale, body, step) && !isCovered, id, "a quote lapses that holds, or is paid");
        ++m_quotesLapsed;
    }
    if (isNew && sale.due != 0) sale.wasRequoted = true;
    // The sale's own end, where no quote lapses. It comes with a batch: what leaves the chain in one that is behind the
    // end, and comes back in the same, is there as before, if it had come in time.
    const bool isBehindTheEnd = sale.deadlineMs != 0 && static_cast<std::uint64_t>(cameMs(step)) >= sale.deadlineMs;
    const bool isPaid = isSigned && received && Money::of(*received).value >= due;
    const Item* until = body.find(47);
    if (isPaid && !sale.isPaid && !sale.wasFunded) // else it was paid in time, and the chain went back
        sale.isPaidLate = (until && until->integer() <= momentOf(step)) || isBehindTheEnd;
    sale.due = due;
    sale.quoteLapsed = hasLapsed;
    sale.isSigned = isSigned;
    sale.isPaid = isPaid;
}

/// The money is final.
void SaleAuditor::checkPaid(Sale& sale, std::uint64_t id) {
    promise(sale.isPaid && !sale.quoteLapsed, id, "a sale goes on that is not paid as its quote says");
    promise(!sale.isPaidLate, id, "a payment counts for a quote that held no more");
    sale.wasFunded = true;
}

} // namespace tallylock::audit
