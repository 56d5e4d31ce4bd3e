#include "ui/sales/OfferPanel.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/View.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace tallylock::ui {

static constexpr std::int64_t kAnswerWithinMs = std::int64_t{3} * 24 * 3600 * 1000;

OfferPanel::OfferPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_bid(plainText({}, Rank::Normal, this)),
      m_sellerPart(new QWidget(this)),
      m_priceRow(new QWidget(m_sellerPart)),
      m_price(new AmountField({}, m_priceRow)),
      m_accept(new PrimaryButton(tr("&Accept offer"), m_sellerPart)),
      m_counter(new QPushButton(tr("As&k for more"), m_sellerPart)),
      m_reject(new QPushButton(tr("&Reject offer"), m_sellerPart)),
      m_buyerPart(new QWidget(this)),
      m_newBid(new AmountField({}, m_buyerPart)),
      m_renew(new PrimaryButton(tr("&Bid this much"), m_buyerPart)),
      m_withdraw(new QPushButton(tr("&Withdraw offer"), this)) {
    setAccessibleName(tr("Offer"));
    setRaised(true);
    body()->addWidget(sectionHeading(tr("Offer"), this));
    body()->addWidget(m_bid);
    makeSellerPart();
    body()->addWidget(m_sellerPart);
    makeBuyerPart();
    body()->addWidget(m_buyerPart);
    auto* row = new QHBoxLayout;
    row->addWidget(m_withdraw);
    row->addStretch(1);
    body()->addLayout(row);
    m_withdraw->setAccessibleName(tr("Withdraw offer"));
    m_withdraw->setAutoDefault(false);
    connect(m_withdraw, &QPushButton::clicked, this, &OfferPanel::withdraw);
}

void OfferPanel::makeSellerPart() {
    m_price->setAccessibleName(tr("Your price"));
    m_accept->setAccessibleName(tr("Accept offer"));
    m_counter->setAccessibleName(tr("Ask for more"));
    m_reject->setAutoDefault(false);
    m_counter->setAutoDefault(false);
    auto* label = new QLabel(tr("Your &price"), m_priceRow);
    label->setBuddy(m_price);
    auto* priceRow = new QHBoxLayout(m_priceRow);
    priceRow->setContentsMargins(0, 0, 0, 0);
    priceRow->setSpacing(space::kMedium);
    priceRow->addWidget(label);
    priceRow->addWidget(m_price);
    priceRow->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(space::kMedium);
    for (QPushButton* button : {m_accept, m_counter, m_reject}) buttons->addWidget(button);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(m_sellerPart);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_priceRow);
    column->addWidget(m_price->note());
    column->addLayout(buttons);
    connect(m_accept, &QPushButton::clicked, this, &OfferPanel::accept);
    connect(m_counter, &QPushButton::clicked, this, &OfferPanel::counter);
    connect(m_reject, &QPushButton::clicked, this, &OfferPanel::reject);
    connect(m_price, &AmountField::amountChanged, this, &OfferPanel::showButtons);
}

void OfferPanel::makeBuyerPart() {
    m_newBid->setAccessibleName(tr("New bid"));
    m_renew->setAccessibleName(tr("Bid this much"));
    auto* label = new QLabel(tr("&New bid"), m_buyerPart);
    label->setBuddy(m_newBid);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kMedium);
    row->addWidget(label);
    row->addWidget(m_newBid);
    row->addWidget(m_renew);
    row->addStretch(1);
    auto* column = new QVBoxLayout(m_buyerPart);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_newBid->note());
    connect(m_renew, &QPushButton::clicked, this, &OfferPanel::renew);
    connect(m_newBid, &AmountField::amountChanged, this, &OfferPanel::showButtons);
}

QString OfferPanel::story() const {
    const Units& units = m_context.units();
    const QString bid = units.text(m_sale.bid);
    const QString asked = units.text(m_sale.counter);
    const bool countered = m_sale.state == api::SaleState::Countered;
    if (m_sale.role == api::SaleRole::Buyer) {
        return countered ? tr("You offered %1. The seller asks for %2. If you bid that much, it is accepted by itself.")
                               .arg(bid, asked)
                         : tr("You offered %1. Nothing is paid before the seller accepts.").arg(bid);
    }
    const QString buyer = QString::fromStdString(m_sale.counterparty).simplified();
    if (countered) return tr("%1 offered %2, and you ask for %3.").arg(buyer, bid, asked);
    const bool exact = m_sale.minimum.isZero() || m_sale.minimum == m_sale.bid;
    return exact ? tr("%1 offers %2.").arg(buyer, bid)
                 : tr("%1 offers %2, and would be glad of any price from %3 on.")
                       .arg(buyer, bid, units.text(m_sale.minimum));
}

void OfferPanel::setSale(const api::SaleRow& sale) {
    const bool other = sale.id != m_sale.id || sale.state != m_sale.state;
    m_sale = sale;
    const bool seller = sale.role == api::SaleRole::Seller;
    const bool countered = sale.state == api::SaleState::Countered;
    QStringList said{story()};
    if (sale.delivery != api::DeliveryKind::SealedFile) said << deliveryKindText(sale.delivery);
    if (sale.keyWay != api::KeyWay::TwoChannels) said << keyWayText(sale.keyWay);
    if (sale.funding != api::FundingMode::Fronted) said << fundingText(sale.funding);
    if (sale.escrowAsset != api::EscrowAsset::Dollars) said << escrowAssetText(sale.escrowAsset);
    m_bid->setText(said.join(u' '));
    m_sellerPart->setVisible(seller);
    m_priceRow->setVisible(!countered);
    m_accept->setVisible(!countered);
    m_counter->setVisible(!countered);
    m_reject->setText(countered ? tr("&Call it off") : tr("&Reject offer"));
    m_reject->setAccessibleName(countered ? tr("Call it off") : tr("Reject offer"));
    m_buyerPart->setVisible(!seller && countered);
    m_withdraw->setVisible(!seller);
    if (!other) return; // what the person has typed stays
    for (AmountField* field : {m_price, m_newBid}) field->setUnit(m_context.units().row(sale.bid.unit));
    m_price->setAmount(sale.bid);
    m_newBid->setAmount(sale.counter);
    setBusy(false);
}

void OfferPanel::setBusy(bool busy) {
    m_busy = busy;
    showButtons();
}

// What the price that was typed can be used for.
void OfferPanel::showButtons() {
    const auto price = m_price->amount();
    const bool within = price && price->value <= m_sale.bid.value && price->value >= m_sale.minimum.value;
    m_accept->setEnabled(!m_busy && within);
    m_counter->setEnabled(!m_busy && price && price->value > m_sale.bid.value);
    m_renew->setEnabled(!m_busy && m_newBid->amount());
    m_reject->setEnabled(!m_busy);
    m_withdraw->setEnabled(!m_busy);
}

void OfferPanel::send(const std::function<void(api::Done<void>)>& request, const QString& done, bool good) {
    setBusy(true);
    request(askRaw(this, [this, done, good](api::Answer<void> answer) {
        setBusy(false);
        if (!answer) return m_banner->refuse(answer.error());
        good ? m_banner->succeed(done) : m_banner->tell(done);
    }));
}

void OfferPanel::accept() {
    const auto price = m_price->amount();
    if (!price) return;
    send([&](api::Done<void> done) { m_context.session().acceptOffer(m_sale.id, *price, std::move(done)); },
         tr("Accepted. The key server checks your key now; then the buyer is asked to pay."), true);
}

void OfferPanel::counter() {
    const auto price = m_price->amount();
    if (!price) return;
    send(
        [&](api::Done<void> done) {
            m_context.session().counterOffer(m_sale.id, *price, kAnswerWithinMs, std::move(done));
        },
        tr("The buyer was told. If the buyer bids that much, the offer is accepted by itself."));
}

void OfferPanel::renew() {
    const auto bid = m_newBid->amount();
    if (!bid) return;
    api::OfferRequest request;
    request.listing = m_sale.listing;
    request.coin = m_sale.coinDue.unit;
    request.bid = *bid;
    request.minimum = *bid;
    request.expiresInMs = kAnswerWithinMs;
    send([&](api::Done<void> done) { m_context.session().renewOffer(m_sale.id, request, std::move(done)); },
         tr("Your new bid was sent to the seller."), true);
}

void OfferPanel::reject() {
    send([&](api::Done<void> done) { m_context.session().rejectOffer(m_sale.id, std::move(done)); },
         tr("The offer was rejected."));
}

void OfferPanel::withdraw() {
    send([&](api::Done<void> done) { m_context.session().withdrawOffer(m_sale.id, std::move(done)); },
         tr("The offer was withdrawn."));
}

} // namespace tallylock::ui
