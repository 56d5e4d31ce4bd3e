#include "ui/market/OrderTicket.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/Widgets.h"
#include "ui/market/MarketModels.h"
#include "ui/market/OrderTotal.h"

#include <QApplication>
#include <QButtonGroup>
#include <QEvent>
#include <QVBoxLayout>

namespace tallylock::ui {
namespace {

void tintSide(QPushButton* button, const QColor& colour) {
    QPalette palette; // what is not set here follows the application's
    if (button->isChecked()) {
        palette.setColor(QPalette::Button, colour);
        palette.setColor(QPalette::ButtonText, QApplication::palette().color(QPalette::Base));
    }
    button->setPalette(palette);
}

QHBoxLayout* figureRow(const QString& label, QLabel* value) {
    auto* row = new QHBoxLayout;
    auto* name = new QLabel(label);
    setRank(name, Rank::Muted);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setAccessibleName(label);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(name);
    row->addWidget(value, 1);
    return row;
}

} // namespace

OrderTicket::OrderTicket(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_buy(new QPushButton(tr("&Buy"))),
      m_sell(new QPushButton(tr("&Sell"))),
      m_price(new AmountField),
      m_quantity(new AmountField),
      m_total(new QLabel),
      m_available(new QLabel),
      m_banner(new Banner),
      m_place(new PrimaryButton(tr("Place order"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    layout->addWidget(makeSides());
    layout->addSpacing(space::kSmall);
    addField(tr("&Price"), m_price, tr("Order price"));
    addField(tr("&Quantity"), m_quantity, tr("Order quantity"));
    layout->addSpacing(space::kSmall);
    layout->addLayout(figureRow(tr("Total"), m_total));
    layout->addLayout(figureRow(tr("Available"), m_available));
    layout->addSpacing(space::kSmall);
    layout->addWidget(m_banner);
    layout->addWidget(m_place);
    layout->addStretch();
    setHeadingFont(m_total, 1.15, true);

    connect(m_price, &AmountField::amountChanged, this, &OrderTicket::showState);
    connect(m_quantity, &AmountField::amountChanged, this, &OrderTicket::showState);
    connect(m_place, &QPushButton::clicked, this, &OrderTicket::submit);
}

QWidget* OrderTicket::makeSides() {
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kTiny);
    auto* group = new QButtonGroup(this);
    for (QPushButton* button : {m_buy, m_sell}) {
        button->setCheckable(true);
        button->setAutoDefault(false);
        group->addButton(button);
        row->addWidget(button, 1);
    }
    m_buy->setAccessibleName(tr("Buy"));
    m_sell->setAccessibleName(tr("Sell"));
    m_buy->setChecked(true);
    connect(group, &QButtonGroup::buttonToggled, this, &OrderTicket::showState);
    return box;
}

void OrderTicket::addField(const QString& label, AmountField* field, const QString& name) {
    auto* text = new QLabel(label);
    text->setBuddy(field);
    field->setAccessibleName(name);
    field->setAlignment(Qt::AlignRight);
    layout()->addWidget(text);
    layout()->addWidget(field);
    layout()->addWidget(field->note());
}

void OrderTicket::setInstrument(const api::InstrumentRow& instrument) {
    if (m_instrument.id == instrument.id) return;
    m_instrument = instrument;
    m_price->setUnit(m_context.units().row(instrument.quote), instrument.priceDecimals);
    m_quantity->setUnit(m_context.units().row(instrument.base), instrument.quantityDecimals);
    showState();
}

void OrderTicket::setBalances(const std::vector<api::BalanceRow>& balances) {
    m_balances = balances;
    showAvailable();
}

void OrderTicket::setPrice(const api::Amount& price) {
    m_price->setAmount(price);
    m_quantity->setFocus(Qt::OtherFocusReason);
}

api::Side OrderTicket::side() const { return m_sell->isChecked() ? api::Side::Sell : api::Side::Buy; }

QString OrderTicket::problem() const {
    if (!m_instrument.id) return tr("No market is open.");
    const auto price = m_price->amount();
    if (!price) return m_price->text().isEmpty() ? tr("Enter a price.") : m_price->problem();
    const auto quantity = m_quantity->amount();
    if (!quantity) return m_quantity->text().isEmpty() ? tr("Enter a quantity.") : m_quantity->problem();
    const auto total = orderTotal(m_instrument, *price, *quantity);
    if (total) return {};
    const Units& units = m_context.units();
    switch (total.error()) {
    case api::Problem::PriceNotOnTick: return tr("The price moves in steps of %1.").arg(units.text(m_instrument.tick));
    case api::Problem::QuantityNotOnLot:
        return tr("The quantity moves in steps of %1.").arg(units.text(m_instrument.lot));
    default: return problemText(total.error());
    }
}

void OrderTicket::tintSides() {
    const Tints tints = tintsOf(QApplication::palette());
    tintSide(m_buy, tints.good);
    tintSide(m_sell, tints.bad);
}

void OrderTicket::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange) tintSides();
}

void OrderTicket::showState() {
    tintSides();
    const Units& units = m_context.units();
    const auto price = m_price->amount();
    const auto quantity = m_quantity->amount();
    m_total->setText(QStringLiteral("—"));
    QString trouble;
    if (price && quantity) {
        trouble = problem();
        if (const auto total = orderTotal(m_instrument, *price, *quantity)) m_total->setText(units.text(*total));
    }
    if (m_tried) trouble = problem();
    if (trouble.isEmpty())
        m_banner->clear();
    else
        m_banner->refuse(trouble);
    m_place->setText(side() == api::Side::Buy ? tr("Place buy order") : tr("Place sell order"));
    showAvailable();
}

void OrderTicket::showAvailable() {
    if (!m_instrument.id) return;
    api::Amount available{0, side() == api::Side::Buy ? m_instrument.quote : m_instrument.base};
    for (const api::BalanceRow& row : m_balances)
        if (row.unit == available.unit) available = row.available;
    m_available->setText(m_context.units().text(available));
}

void OrderTicket::submit() {
    m_tried = true;
    showState();
    if (!problem().isEmpty()) {
        QWidget* wrong = m_price->amount() ? m_quantity : m_price;
        wrong->setFocus(Qt::OtherFocusReason);
        return;
    }
    const api::OrderRequest request{m_instrument.id, side(), *m_price->amount(), *m_quantity->amount(), {}};
    m_place->setEnabled(false);
    m_context.session().placeOrder(request, askRaw(this, [this](api::Answer<api::OrderRow> answer) {
                                       m_place->setEnabled(true);
                                       if (!answer) {
                                           m_banner->refuse(answer.error());
                                           return;
                                       }
                                       m_tried = false;
                                       m_quantity->reset();
                                       const bool filled = answer->state == api::OrderState::Filled;
                                       const bool some = answer->filled.isPositive();
                                       m_banner->succeed(
                                           filled ? tr("The order was filled at once.")
                                           : some ? tr("The order was filled in part; the rest is in the book.")
                                                  : tr("The order is in the book."));
                                       emit placed();
                                   }));
}

} // namespace tallylock::ui
