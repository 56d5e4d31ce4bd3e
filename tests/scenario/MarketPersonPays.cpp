// What somebody in a marketplace does about the money that a sale asks for: in time, or behind a quote that has lapsed.
#include "tests/scenario/MarketPerson.h"

#include <QDateTime>

#include <algorithm>
#include <iterator>

namespace tallylock::marketplace {

namespace {

constexpr std::int64_t kLongMs = 60'000; ///< a quote that holds for longer is not waited for
constexpr Haste kHastes[] = {Haste::AskedAnew, Haste::Late, Haste::AtOnce};

bool isAboutToLapse(std::int64_t untilMs) { return untilMs < QDateTime::currentMSecsSinceEpoch() + kLongMs; }

} // namespace

bool Person::awaitsQuote() const {
    return std::any_of(m_view.toPay.begin(), m_view.toPay.end(), [](const auto& sale) {
        const api::SaleDetail& detail = sale.second;
        if (detail.payment) return isAboutToLapse(detail.payment->deadlineMs);
        if (!detail.newQuote) return true; // the app is about to sign for it
        return detail.newQuote->state == api::NewQuoteState::Asked ||
               (detail.newQuote->state == api::NewQuoteState::Made && isAboutToLapse(detail.newQuote->deadlineMs));
    });
}

bool Person::pay() {
    for (const auto& [id, detail] : m_view.toPay) {
        Whim& whim = whimOf(id);
        if (!detail.payment || whim.payment == Payment::Nothing) continue;
        const api::PaymentRequest& due = *detail.payment;
        m_wallets[id] = {due.amount.unit, due.address};
        if (!whim.haste) { // by count: so that it happens in every run
            whim.haste = whim.meansToPay() ? kHastes[m_hasted++ % std::size(kHastes)] : Haste::AtOnce;
        }
        const bool waits = *whim.haste != Haste::AtOnce && !whim.hasLapsed && isAboutToLapse(due.deadlineMs);
        const auto paid = m_paid.find(id);
        if (waits || (paid != m_paid.end() && paid->second == due.amount.value)) continue;
        payInto(id, due.amount);
        return true;
    }
    return false;
}

/// Behind one that has lapsed. Whoever does not mean to pay lets it be.
bool Person::answerQuote() {
    for (const auto& [id, detail] : m_view.toPay) {
        if (!detail.newQuote) continue;
        const api::NewQuote& quote = *detail.newQuote;
        Whim& whim = whimOf(id);
        whim.hasLapsed = true;
        if (whim.payment == Payment::Nothing || quote.state == api::NewQuoteState::Asked) continue;
        if (quote.state == api::NewQuoteState::Made) {
            if (!whim.meansToPay()) m_paid[id] = quote.coins.value;
            if (!whim.meansToPay()) continue;
            m_hasAgreed = true;
            m_session->agreeToQuote(id, quote.coins, ending([this, id = id, coins = quote.coins] {
                                        m_told.agreed[id].insert(coins.value);
                                    }));
            return true;
        }
        const bool isLate = whim.haste == Haste::Late && m_wallets.contains(id);
        if (isLate && m_paid.contains(id)) continue; // it will be seen
        if (isLate) {
            payInto(id, quote.coins);
        } else {
            m_hasAsked = m_hasAsked || whim.meansToPay();
            m_session->askQuote(id, ending([this, id = id] { m_told.asked.insert(id); }));
        }
        return true;
    }
    return false;
}

/// A wallet outside remembers what it has paid: whoever has heard no answer looks there first.
void Person::payInto(SaleId sale, const Amount& due) {
    m_practice->paidTo(due.unit, m_wallets.at(sale).second,
                       goingOn<Amount>([this, sale, due](const Amount& paid) { payFor(sale, due, paid); }));
}

/// Nothing: all is paid that somebody means to pay.
Int128 Person::toPay(Payment payment, const Int128& due, const Int128& paid, Int128 extra) {
    const Int128 half = due / 2;
    switch (payment) {
    case Payment::Exact: return paid < due ? due - paid : 0;
    case Payment::InTwoParts: return paid < half ? half - paid : paid < due ? due - paid : 0;
    case Payment::TooMuch: return paid < due ? due - paid + extra : 0;
    case Payment::TooLittle: return paid < half ? half - paid : 0;
    case Payment::Nothing: break;
    }
    return 0;
}

void Person::payFor(SaleId sale, const Amount& due, const Amount& paid) {
    const auto extra = static_cast<std::int64_t>(1 + m_chance.below(100'000));
    const Amount amount{toPay(whimOf(sale).payment, due.value, paid.value, extra), due.unit};
    if (amount.isPositive())
        return m_practice->payToAddress(amount.unit, m_wallets.at(sale).second, amount, ending([] {}));
    m_paid[sale] = due.value;
    m_isBusy = false;
}

} // namespace tallylock::marketplace
