#include "ui/sales/OfferPanel.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/View.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tallylock::ui {

OfferPanel::OfferPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_bid(plainText({}, Rank::Normal, this)),
      m_sellerPart(new QWidget(this)),
      m_price(new AmountField({}, m_sellerPart)),
      m_accept(new PrimaryButton(tr("&Accept offer"), m_sellerPart)),
      m_reject(new QPushButton(tr("&Reject offer"), m_sellerPart)),
      m_withdraw(new QPushButton(tr("&Withdraw offer"), this)) {
    setAccessibleName(tr("Offer"));
    setRaised(true);
    body()->addWidget(sectionHeading(tr("Offer"), this));
    body()->addWidget(m_bid);
    makeSellerPart();
    body()->addWidget(m_sellerPart);
    auto* row = new QHBoxLayout;
    row->addWidget(m_withdraw);
    row->addStretch(1);
    body()->addLayout(row);
    m_withdraw->setAccessibleName(tr("Withdraw offer"));
    m_withdraw->setAutoDefault(false);
    connect(m_withdraw, &QPushButton::clicked, this, &OfferPanel::withdraw);
}

void OfferPanel::makeSellerPart() {
    m_price->setAccessibleName(tr("Accepted price"));
    m_accept->setAccessibleName(tr("Accept offer"));
    m_reject->setAccessibleName(tr("Reject offer"));
    m_reject->setAutoDefault(false);
    auto* label = new QLabel(tr("&Price you accept"), m_sellerPart);
    label->setBuddy(m_price);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    row->addWidget(label);
    row->addWidget(m_price);
    row->addWidget(m_accept);
    row->addWidget(m_reject);
    row->addStretch(1);
    auto* column = new QVBoxLayout(m_sellerPart);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_price->note());
    connect(m_accept, &QPushButton::clicked, this, &OfferPanel::accept);
    connect(m_reject, &QPushButton::clicked, this, &OfferPanel::reject);
    connect(m_price, &AmountField::amountChanged, this,
            [this] { m_accept->setEnabled(m_price->amount().has_value()); });
}

void OfferPanel::setSale(const api::SaleRow& sale) {
    const bool seller = sale.role == api::SaleRole::Seller;
    const QString bid = m_context.units().text(sale.bid);
    m_bid->setText(seller ? tr("%1 offers %2.").arg(QString::fromStdString(sale.counterparty), bid)
                          : tr("You offered %1. Nothing is paid before the seller accepts.").arg(bid));
    m_sellerPart->setVisible(seller);
    m_withdraw->setVisible(!seller);
    if (sale.id == m_sale) return; // what the person has typed stays
    m_sale = sale.id;
    m_price->setUnit(m_context.units().row(sale.bid.unit));
    m_price->setAmount(sale.bid);
    setBusy(false);
}

void OfferPanel::setBusy(bool busy) {
    for (QPushButton* button : {m_accept, m_reject, m_withdraw}) button->setEnabled(!busy);
}

void OfferPanel::accept() {
    const auto price = m_price->amount();
    if (!price) return;
    setBusy(true);
    m_context.session().acceptOffer(
        m_sale, *price, askRaw(this, [this](api::Answer<void> answer) {
            setBusy(false);
            if (!answer) return m_banner->refuse(answer.error());
            m_banner->succeed(tr("Accepted. The key server checks your key now; then the buyer is asked to pay."));
        }));
}

void OfferPanel::reject() {
    setBusy(true);
    m_context.session().rejectOffer(m_sale, askRaw(this, [this](api::Answer<void> answer) {
                                        setBusy(false);
                                        if (!answer) return m_banner->refuse(answer.error());
                                        m_banner->tell(tr("The offer was rejected."));
                                    }));
}

void OfferPanel::withdraw() {
    setBusy(true);
    m_context.session().withdrawOffer(m_sale, askRaw(this, [this](api::Answer<void> answer) {
                                          setBusy(false);
                                          if (!answer) return m_banner->refuse(answer.error());
                                          m_banner->tell(tr("The offer was withdrawn."));
                                      }));
}

} // namespace tallylock::ui
