#include "ui/shop/OfferForm.h"

#include "ui/kit/Ask.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/Widgets.h"

#include <QComboBox>
#include <QDateTime>
#include <QGridLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <set>

namespace tallylock::ui {
namespace {

constexpr std::int64_t kHourMs = 3600 * 1000;

} // namespace

OfferForm::OfferForm(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_coin(new QComboBox),
      m_bid(new AmountField),
      m_minimum(new AmountField),
      m_expiry(new QComboBox),
      m_unfold(new QToolButton),
      m_termsText(plainText({}, Rank::Muted)),
      m_terms(new QWidget),
      m_funding(new QComboBox),
      m_fundingText(plainText({}, Rank::Muted)),
      m_escrow(new QComboBox),
      m_escrowText(plainText({}, Rank::Muted)),
      m_delivery(new QComboBox),
      m_deliveryText(plainText({}, Rank::Muted)),
      m_keyWay(new QComboBox),
      m_keyWayText(plainText({}, Rank::Muted)),
      m_refund(new QComboBox),
      m_refundText(plainText({}, Rank::Muted)),
      m_banner(new Banner),
      m_offer(new PrimaryButton(tr("Make offer"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    layout->addWidget(sectionHeading(tr("Make an offer")));
    addPair({tr("&Pay in"), m_coin, tr("Pay in")}, {tr("&Expires after"), m_expiry, tr("Expires after")});
    addRow(*layout, {tr("&Bid"), m_bid, tr("Bid")});
    layout->addWidget(m_bid->note());
    addRow(*layout, {tr("&Minimum"), m_minimum, tr("Minimum")});
    layout->addWidget(m_minimum->note());
    layout->addWidget(plainText(tr("The seller may accept any price from the minimum to the bid."), Rank::Muted));
    layout->addWidget(m_unfold);
    layout->addWidget(m_termsText);
    layout->addWidget(makeTerms());
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_banner);
    layout->addWidget(m_offer);

    m_expiry->addItem(tr("1 hour"), qint64{kHourMs});
    m_expiry->addItem(tr("1 day"), qint64{24 * kHourMs});
    m_expiry->addItem(tr("3 days"), qint64{72 * kHourMs});
    m_expiry->addItem(tr("7 days"), qint64{168 * kHourMs});
    m_expiry->setCurrentIndex(1);
    for (int mode = 0; mode < static_cast<int>(api::FundingMode::kCount); ++mode)
        m_funding->addItem(fundingName(static_cast<api::FundingMode>(mode)), mode);
    for (QWidget* part : {static_cast<QWidget*>(m_fundingLabel), static_cast<QWidget*>(m_funding),
                          static_cast<QWidget*>(m_fundingText)})
        part->hide();
    offerEscrow(false);
    offerAddresses();
    for (int kind = 0; kind < static_cast<int>(api::DeliveryKind::kCount); ++kind)
        m_delivery->addItem(deliveryName(static_cast<api::DeliveryKind>(kind)), kind);
    for (int way = 0; way < static_cast<int>(api::KeyWay::kCount); ++way)
        m_keyWay->addItem(keyWayName(static_cast<api::KeyWay>(way)), way);
    m_offer->setAutoDefault(false);
    m_unfold->setText(tr("How it is paid and delivered"));
    m_unfold->setAccessibleName(m_unfold->text());
    m_unfold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_unfold->setAutoRaise(true);
    m_unfold->setCheckable(true);
    connect(m_unfold, &QToolButton::toggled, this, &OfferForm::unfold);
    unfold(false);
    connect(m_funding, &QComboBox::currentIndexChanged, this, &OfferForm::sayFunding);
    sayFunding();
    connect(m_escrow, &QComboBox::currentIndexChanged, this, &OfferForm::sayEscrow);
    sayEscrow();
    connect(m_coin, &QComboBox::currentIndexChanged, this, &OfferForm::offerAddresses);
    connect(m_refund, &QComboBox::currentIndexChanged, this, &OfferForm::sayRefund);
    connect(m_keyWay, &QComboBox::currentIndexChanged, this, &OfferForm::sayKeyWay);
    sayKeyWay();
    connect(m_delivery, &QComboBox::currentIndexChanged, this, &OfferForm::sayDelivery);
    sayDelivery();
    connect(m_bid, &AmountField::amountChanged, this, &OfferForm::say);
    connect(m_minimum, &AmountField::amountChanged, this, &OfferForm::say);
    connect(m_offer, &QPushButton::clicked, this, &OfferForm::submit);
}

QLabel* OfferForm::labelOf(const Entry& entry) {
    auto* label = new QLabel(entry.label);
    label->setBuddy(entry.field);
    entry.field->setAccessibleName(entry.name);
    return label;
}

QLabel* OfferForm::addRow(QVBoxLayout& layout, const Entry& entry) {
    QLabel* label = labelOf(entry);
    layout.addWidget(label);
    layout.addWidget(entry.field);
    return label;
}

// What most offers leave as it is.
QWidget* OfferForm::makeTerms() {
    auto* layout = new QVBoxLayout(m_terms);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    m_fundingLabel = addRow(*layout, {tr("&You pay"), m_funding, tr("You pay")});
    layout->addWidget(m_fundingText);
    m_escrowLabel = addRow(*layout, {tr("&Escrow holds"), m_escrow, tr("Escrow holds")});
    layout->addWidget(m_escrowText);
    addRow(*layout, {tr("&Delivered is"), m_delivery, tr("Delivered is")});
    layout->addWidget(m_deliveryText);
    addRow(*layout, {tr("&Key comes by"), m_keyWay, tr("Key comes by")});
    layout->addWidget(m_keyWayText);
    m_refundLabel = addRow(*layout, {tr("&Refunds go to"), m_refund, tr("Refunds go to")});
    layout->addWidget(m_refundText);
    return m_terms;
}

void OfferForm::unfold(bool open) {
    m_unfold->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_terms->setVisible(open);
    m_termsText->setVisible(!open);
    sayTerms();
}

// What is chosen shows whether or not the choices do.
void OfferForm::sayTerms() {
    QStringList lines;
    const auto add = [&lines](const QString& name, const QString& chosen) {
        lines += tr("%1: %2", "a choice: what is chosen").arg(name, chosen);
    };
    if (!m_funding->isHidden()) add(tr("You pay"), m_funding->currentText());
    if (funding() == api::FundingMode::Fronted) add(tr("Escrow holds"), m_escrow->currentText());
    add(tr("Delivered is"), m_delivery->currentText());
    add(tr("Key comes by"), m_keyWay->currentText());
    if (!m_refund->isHidden()) add(tr("Refunds go to"), m_refund->currentText());
    m_termsText->setText(lines.join(QLatin1Char('\n')));
}

void OfferForm::addPair(const Entry& left, const Entry& right) {
    auto* pair = new QGridLayout;
    pair->setHorizontalSpacing(space::kSmall);
    pair->setVerticalSpacing(space::kTiny);
    int column = 0;
    for (const Entry& entry : {left, right}) {
        pair->addWidget(labelOf(entry), 0, column);
        pair->addWidget(entry.field, 1, column);
        pair->setColumnStretch(column++, 1);
    }
    qobject_cast<QVBoxLayout*>(layout())->addLayout(pair);
}

void OfferForm::setListing(const api::ListingRow& listing) {
    m_listing = listing.id;
    m_tried = false;
    m_banner->clear();
    const api::UnitRow& dollars = m_context.units().row(listing.price.unit);
    m_bid->setUnit(dollars, dollars.shownDecimals);
    m_minimum->setUnit(dollars, dollars.shownDecimals);
    m_bid->setAmount(listing.price);
    m_minimum->setAmount(listing.price);
    m_funding->setCurrentIndex(0);
    m_escrow->setCurrentIndex(0);
    m_delivery->setCurrentIndex(0);
    m_keyWay->setCurrentIndex(0);
    m_refund->setCurrentIndex(0);
    m_offer->setEnabled(true);
    loadCoins();
    loadFunding();
    loadAddresses();
}

// The address book may be another one than when the page was last seen.
void OfferForm::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    loadAddresses();
}

// What may be used now of the address book; nothing where withdrawals need a second person.
void OfferForm::loadAddresses() {
    m_context.session().treasury().withdrawalPolicy(askRaw(this, [this](const api::Answer<api::PolicyRow>& rules) {
        if (rules && rules->policy.approvals == 0) return loadUsableAddresses();
        m_addresses.clear();
        offerAddresses();
    }));
}

void OfferForm::loadUsableAddresses() {
    using Rows = std::vector<api::PayoutAddressRow>;
    m_context.session().treasury().payoutAddresses(askRaw(this, [this](const api::Answer<Rows>& rows) {
        m_addresses = rows ? *rows : Rows();
        const std::int64_t nowMs = QDateTime::currentMSecsSinceEpoch();
        std::erase_if(m_addresses, [nowMs](const api::PayoutAddressRow& row) { return row.usableFromMs > nowMs; });
        offerAddresses();
    }));
}

void OfferForm::offerAddresses() {
    const std::uint32_t coin = m_coin->currentData().toUInt();
    const QVariant chosen = m_refund->currentData();
    m_refund->clear();
    m_refund->addItem(tr("My account here"));
    for (const api::PayoutAddressRow& row : m_addresses) {
        if (row.unit.value != coin) continue;
        const QString address = plainLine(row.address);
        m_refund->addItem(row.label.empty() ? address : tr("%1: %2").arg(plainLine(row.label), address),
                          QVariant::fromValue(static_cast<qulonglong>(row.id)));
    }
    if (chosen.isValid()) m_refund->setCurrentIndex(qMax(0, m_refund->findData(chosen)));
    const bool mayChoose = m_refund->count() > 1;
    m_refundLabel->setVisible(mayChoose);
    m_refund->setVisible(mayChoose);
    m_refundText->setVisible(mayChoose);
    sayRefund();
}

std::optional<std::uint64_t> OfferForm::refundTo() const {
    const QVariant id = m_refund->currentData();
    return id.isValid() ? std::optional<std::uint64_t>(id.toULongLong()) : std::nullopt;
}

void OfferForm::sayRefund() {
    m_refundText->setText(refundTo() ? tr("What comes back of your coins is sent on there, less what a payout costs.")
                                     : tr("What comes back of your coins stays on your account."));
    sayTerms();
}

// Coins can be sold on delivery where the coordinator sells the coins of sales on its own market.
void OfferForm::loadFunding() {
    m_context.session().account(askRaw(this, [this](const api::Answer<api::AccountInfo>& account) {
        const bool mayChoose = account && account->mayConvert;
        offerEscrow(account && account->mayEscrowDigital);
        if (!mayChoose) m_funding->setCurrentIndex(0);
        m_fundingLabel->setVisible(mayChoose);
        m_funding->setVisible(mayChoose);
        m_fundingText->setVisible(mayChoose);
        sayTerms();
    }));
}

// Digital dollars can be kept in escrow where the coordinator has some.
void OfferForm::offerEscrow(bool hasDigital) {
    const QVariant kept = m_escrow->currentData();
    m_escrow->clear();
    for (int number = 0; number < static_cast<int>(api::EscrowAsset::kCount); ++number) {
        const auto asset = static_cast<api::EscrowAsset>(number);
        if (asset != api::EscrowAsset::DigitalDollars || hasDigital) m_escrow->addItem(escrowAssetName(asset), number);
    }
    m_escrow->setCurrentIndex(qMax(0, m_escrow->findData(kept)));
}

// A coin can be paid in if the node has a market that turns it into the listing's dollars.
void OfferForm::loadCoins() {
    const api::UnitId dollars = m_bid->unit().id;
    m_context.session().instruments(ask(this, m_banner, [this, dollars](const std::vector<api::InstrumentRow>& rows) {
        std::set<std::uint16_t> coins;
        for (const api::InstrumentRow& row : rows)
            if (row.quote == dollars) coins.insert(row.base.value);
        const QVariant kept = m_coin->currentData();
        m_coin->clear();
        for (const std::uint16_t coin : coins) m_coin->addItem(m_context.units().code({coin}), coin);
        m_coin->setCurrentIndex(qMax(0, m_coin->findData(kept)));
    }));
}

QString OfferForm::problem() const {
    if (m_coin->currentIndex() < 0) return tr("No coin can be used at the moment.");
    const auto bid = m_bid->amount();
    if (!bid) return m_bid->text().isEmpty() ? tr("Enter your bid.") : m_bid->problem();
    const auto minimum = m_minimum->amount();
    if (!minimum) return m_minimum->text().isEmpty() ? tr("Enter your minimum.") : m_minimum->problem();
    if (minimum->value > bid->value) return tr("The minimum is above the bid. Lower the minimum or raise the bid.");
    return {};
}

void OfferForm::say() {
    const auto bid = m_bid->amount();
    const auto minimum = m_minimum->amount();
    const bool crossed = bid && minimum && minimum->value > bid->value;
    if (const QString text = problem(); (m_tried || crossed) && !text.isEmpty())
        m_banner->refuse(text);
    else
        m_banner->clear();
}

api::KeyWay OfferForm::keyWay() const { return static_cast<api::KeyWay>(m_keyWay->currentData().toInt()); }

api::DeliveryKind OfferForm::delivery() const {
    return static_cast<api::DeliveryKind>(m_delivery->currentData().toInt());
}

api::FundingMode OfferForm::funding() const { return static_cast<api::FundingMode>(m_funding->currentData().toInt()); }

void OfferForm::sayFunding() {
    m_fundingText->setText(fundingText(funding()));
    const bool mayChoose = funding() == api::FundingMode::Fronted;
    for (QWidget* part :
         {static_cast<QWidget*>(m_escrowLabel), static_cast<QWidget*>(m_escrow), static_cast<QWidget*>(m_escrowText)})
        part->setVisible(mayChoose);
    sayEscrow();
}

// Coins that are sold on delivery bring dollars.
api::EscrowAsset OfferForm::escrowAsset() const {
    if (funding() != api::FundingMode::Fronted) return api::EscrowAsset::Dollars;
    return static_cast<api::EscrowAsset>(m_escrow->currentData().toInt());
}

void OfferForm::sayEscrow() {
    m_escrowText->setText(escrowAssetText(escrowAsset()));
    sayTerms();
}

void OfferForm::sayDelivery() {
    m_deliveryText->setText(deliveryKindText(delivery()));
    sayTerms();
}

void OfferForm::sayKeyWay() {
    m_keyWayText->setText(keyWayText(keyWay()));
    sayTerms();
}

void OfferForm::submit() {
    m_tried = true;
    say();
    if (!problem().isEmpty()) {
        QWidget* wrong = m_bid->amount() ? m_minimum : m_bid;
        wrong->setFocus(Qt::OtherFocusReason);
        return;
    }
    api::OfferRequest request;
    request.listing = m_listing;
    request.coin = {static_cast<std::uint16_t>(m_coin->currentData().toUInt())};
    request.bid = *m_bid->amount();
    request.minimum = *m_minimum->amount();
    request.expiresInMs = m_expiry->currentData().toLongLong();
    request.keyWay = keyWay();
    request.delivery = delivery();
    request.funding = funding();
    request.escrowAsset = escrowAsset();
    request.refundTo = refundTo();
    m_offer->setEnabled(false);
    m_context.session().makeOffer(request, askRaw(this, [this](api::Answer<SaleId> answer) {
                                      m_offer->setEnabled(true);
                                      if (answer)
                                          emit offered(answer->value);
                                      else
                                          m_banner->refuse(answer.error());
                                  }));
}

} // namespace tallylock::ui
