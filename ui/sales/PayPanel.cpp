#include "ui/sales/PayPanel.h"

#include "core/money/Decimal.h"
#include "ui/kit/Ask.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QVBoxLayout>

#include <optional>

namespace tallylock::ui {

PayPanel::PayPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_quote(plainText({}, Rank::Normal, this)),
      m_spread(plainText({}, Rank::Muted, this)),
      m_funding(plainText({}, Rank::Muted, this)),
      m_received(plainText({}, Rank::Normal, this)),
      m_confirmations(new QProgressBar(this)),
      m_deadline(plainText({}, Rank::Muted, this)),
      m_practice(new PrimaryButton(tr("&Pay with practice coins"), this)) {
    setAccessibleName(tr("Payment"));
    setRaised(true);
    body()->addWidget(sectionHeading(tr("Payment"), this));
    auto* form = new QFormLayout;
    form->setSpacing(space::kSmall);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_amount = addValue(form, tr("Exact amount"), tr("Amount to pay"), &m_copyAmount);
    m_quote->setAccessibleName(tr("Quoted price"));
    form->addRow(tr("Quoted price"), m_quote);
    m_spread->setAccessibleName(tr("Distance from the market"));
    m_spread->hide();
    form->addRow(QString(), m_spread);
    m_funding->setAccessibleName(tr("What becomes of the coins"));
    m_funding->hide();
    form->addRow(QString(), m_funding);
    m_address = addValue(form, tr("Address"), tr("Payment address"), &m_copyAddress);
    m_link = addValue(form, tr("Payment link"), tr("Payment link"), &m_copyLink);
    m_received->setAccessibleName(tr("Amount received"));
    form->addRow(tr("Received"), m_received);
    m_confirmations->setAccessibleName(tr("Confirmations"));
    m_confirmations->setMaximumWidth(260);
    form->addRow(tr("Confirmations"), m_confirmations);
    body()->addLayout(form);
    auto* row = new QHBoxLayout;
    m_practice->setAccessibleName(tr("Pay with practice coins"));
    m_practice->setVisible(context.practice() != nullptr);
    row->addWidget(m_practice);
    row->addWidget(m_deadline, 1);
    body()->addSpacing(space::kTiny);
    body()->addLayout(row);
    connect(m_practice, &QPushButton::clicked, this, &PayPanel::pay);
}

PlainLabel* PayPanel::addValue(QFormLayout* form, const QString& label, const QString& name, CopyButton** copy) {
    auto* value = new PlainLabel({}, Rank::Normal, this);
    value->setElideMode(Qt::ElideMiddle);
    value->setFont(monospaceFont());
    value->setAccessibleDescription(name);
    *copy = new CopyButton(tr("Copy %1").arg(name.toLower()), this);
    auto* row = new QHBoxLayout;
    row->addWidget(value, 1);
    row->addWidget(*copy);
    form->addRow(label, row);
    return value;
}

namespace {
/// The dollars that one whole coin counts for, to the digits that people see.
std::optional<api::Amount> wholeCoinPrice(const Units& units, const api::Amount& price, const api::Amount& coins) {
    if (!coins.isPositive() || !price.isPositive()) return std::nullopt;
    const api::UnitRow& dollars = units.row(price.unit);
    const money::Int128 step =
        money::powerOfTen(static_cast<unsigned>(qMax(0, dollars.decimals - dollars.shownDecimals)));
    const money::Int128 whole = money::powerOfTen(static_cast<unsigned>(units.row(coins.unit).decimals));
    const auto steps = money::mulDiv(price.value / step, whole, coins.value, money::Rounding::Down);
    if (!steps) return std::nullopt;
    return api::Amount{*steps * step, price.unit};
}
} // namespace

/// The rate that the sale has, and how far it is from what the market goes by; the latter only where there is such a
/// market.
void PayPanel::showQuote(const api::Amount& price) {
    const Units& units = m_context.units();
    const auto rate = wholeCoinPrice(units, price, m_payment.amount);
    m_spread->hide();
    m_quote->setText(rate ? tr("%1 for 1 %2").arg(units.text(*rate), units.code(m_payment.amount.unit)) : QString());
    if (!rate) return;
    m_context.session().instruments(askRaw(this, [this, rate = *rate](const auto& markets) {
        if (!markets) return; // the payment does not depend on it
        for (const api::InstrumentRow& market : *markets) {
            if (market.base != m_payment.amount.unit || market.quote != rate.unit || !market.reference.isPositive())
                continue;
            const bool below = rate.value <= market.reference.value;
            const money::Int128 away =
                below ? market.reference.value - rate.value : rate.value - market.reference.value;
            const auto part =
                money::mulDiv(away, money::kBasisPointsInOne, market.reference.value, money::Rounding::Down);
            if (!part) return;
            const QString percent = moneyText({*part, rate.unit}, 2, 2);
            const QString reference = m_context.units().text(market.reference);
            m_spread->setText(below ? tr("%1 % below the market's %2").arg(percent, reference)
                                    : tr("%1 % above the market's %2").arg(percent, reference));
            return m_spread->show();
        }
    }));
}

/// All of it, or the rest where too little has come: nobody is to pay the whole sum again.
static api::Amount stillToPay(const api::PaymentRequest& payment) {
    const bool isShort = payment.received.value < payment.amount.value;
    return {payment.amount.value - (isShort ? payment.received.value : 0), payment.amount.unit};
}

static QString receivedText(const Units& units, const api::PaymentRequest& payment) {
    if (payment.received.isZero()) return PayPanel::tr("nothing yet");
    QString received = units.text(payment.received);
    if (payment.received.value >= payment.amount.value) return received;
    return PayPanel::tr("%1 of %2").arg(received, units.text(payment.amount));
}

void PayPanel::setPayment(const api::SaleRow& sale, const api::PaymentRequest& payment) {
    const Units& units = m_context.units();
    const bool fresh = sale.id != m_sale || payment.amount != m_payment.amount;
    if (sale.id != m_sale || payment.received != m_payment.received) m_paying = false;
    m_sale = sale.id;
    m_payment = payment;
    if (fresh) showQuote(sale.price);
    m_funding->setVisible(sale.funding != api::FundingMode::Fronted);
    m_funding->setText(fundingText(sale.funding));
    const api::Amount asked = stillToPay(payment);
    m_amount->setText(units.text(asked));
    m_address->setText(QString::fromStdString(payment.address));
    m_link->setText(QString::fromStdString(payment.uri));
    // Other wallets read plain digits with a point.
    const auto decimals = static_cast<unsigned>(units.row(payment.amount.unit).decimals);
    m_copyAmount->setValue(QString::fromStdString(money::formatDecimal(asked.value, decimals)));
    m_copyAddress->setValue(QString::fromStdString(payment.address));
    m_copyLink->setValue(QString::fromStdString(payment.uri));
    m_received->setText(receivedText(units, payment));
    m_confirmations->setRange(0, qMax(1, payment.confirmationsNeeded));
    m_confirmations->setValue(qMin(payment.confirmations, m_confirmations->maximum()));
    m_confirmations->setFormat(tr("%1 of %2").arg(payment.confirmations).arg(payment.confirmationsNeeded));
    m_deadline->setText(payment.deadlineMs == 0 ? QString()
                                                : tr("To be paid within: %1.").arg(deadlineText(payment.deadlineMs)));
    const bool enough = payment.received.value >= payment.amount.value;
    m_practice->setEnabled(!m_paying && !enough);
}

void PayPanel::pay() {
    api::Practice* practice = m_context.practice();
    if (!practice) return;
    const api::Amount rest = stillToPay(m_payment);
    m_paying = true; // a second click must not pay twice
    m_practice->setEnabled(false);
    practice->payToAddress(rest.unit, m_payment.address, rest, askRaw(this, [this](api::Answer<void> answer) {
                               if (answer)
                                   return m_banner->succeed(
                                       tr("The practice coins are sent. They count once they are confirmed."));
                               m_paying = false;
                               m_practice->setEnabled(true);
                               m_banner->refuse(answer.error());
                           }));
}

} // namespace tallylock::ui
