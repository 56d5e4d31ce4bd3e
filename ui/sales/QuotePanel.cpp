#include "ui/sales/QuotePanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Banner.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QVBoxLayout>

namespace tallylock::ui {

using api::NewQuoteState;

QuotePanel::QuotePanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_text(plainText({}, Rank::Normal, this)),
      m_ask(new PrimaryButton(tr("&Get a new quote"), this)),
      m_agree(new PrimaryButton(tr("&Agree to the new quote"), this)) {
    setAccessibleName(tr("New quote"));
    setRaised(true);
    body()->addWidget(sectionHeading(tr("The quote has lapsed"), this));
    m_text->setAccessibleName(tr("What to do about the quote"));
    body()->addWidget(m_text);
    m_ask->setAccessibleName(tr("Get a new quote"));
    m_agree->setAccessibleName(tr("Agree to the new quote"));
    for (QPushButton* button : {m_ask, m_agree}) body()->addWidget(button, 0, Qt::AlignLeft);
    connect(m_ask, &QPushButton::clicked, this, &QuotePanel::ask);
    connect(m_agree, &QPushButton::clicked, this, &QuotePanel::agree);
    hide();
}

QString QuotePanel::text(const api::NewQuote& quote) const {
    const Units& units = m_context.units();
    const QString received = units.text(quote.received);
    switch (quote.state) {
    case NewQuoteState::Lapsed:
        return tr("%1 had to be paid in time, and market prices have moved since. Do not pay it any more; get a new "
                  "quote first. Without one this sale ends (%2), and nothing is owed.")
            .arg(units.text(quote.coins), deadlineText(quote.deadlineMs));
    case NewQuoteState::Asked:
        return tr("%1 had to be paid in time. You have paid %2, which is safe. A new quote is being made.")
            .arg(units.text(quote.coins), received);
    case NewQuoteState::Made: break;
    case NewQuoteState::kCount: return {};
    }
    const QString back = tr("If you do not agree, or it is not paid in time, all your coins come back to you.");
    const QString left = deadlineText(quote.deadlineMs);
    api::Amount rest = quote.coins;
    rest.value -= quote.received.value;
    const QString what =
        rest.isPositive()
            ? tr("You have paid %1. By the new quote (%2) the price is %3: agree, and pay the missing %4 to the same "
                 "address.")
                  .arg(received, left, units.text(quote.coins), units.text(rest))
            : tr("You have paid %1. By the new quote (%2) the price is %3, and what is above it comes back to you.")
                  .arg(received, left, units.text(quote.coins));
    return what + u' ' + back;
}

void QuotePanel::setSale(const api::SaleDetail& detail) {
    setVisible(detail.newQuote.has_value());
    if (!detail.newQuote) return;
    const api::NewQuote& quote = *detail.newQuote;
    if (detail.row.id != m_sale || quote.state != m_quote.state || quote.coins != m_quote.coins) m_busy = false;
    m_sale = detail.row.id;
    m_quote = quote;
    m_text->setText(text(quote));
    m_ask->setVisible(quote.state == NewQuoteState::Lapsed);
    m_agree->setVisible(quote.state == NewQuoteState::Made);
    for (QPushButton* button : {m_ask, m_agree}) button->setEnabled(!m_busy);
}

void QuotePanel::ask() {
    m_busy = true; // until the quote is there, or it is refused
    m_ask->setEnabled(false);
    m_context.session().askQuote(m_sale, askRaw(this, [this](api::Answer<void> answer) {
                                     if (answer) return m_banner->succeed(tr("A new quote is being made."));
                                     m_busy = false;
                                     m_ask->setEnabled(true);
                                     m_banner->refuse(answer.error());
                                 }));
}

void QuotePanel::agree() {
    m_busy = true;
    m_agree->setEnabled(false);
    m_context.session().agreeToQuote(m_sale, m_quote.coins, askRaw(this, [this](api::Answer<void> answer) {
                                         if (answer) return m_banner->succeed(tr("You have agreed to the new quote."));
                                         m_busy = false;
                                         m_agree->setEnabled(true);
                                         m_banner->refuse(answer.error());
                                     }));
}

} // namespace tallylock::ui
