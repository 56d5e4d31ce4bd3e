#include "ui/market/OrderTicket.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/FormGrid.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/Widgets.h"
#include "ui/market/OrderText.h"

#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
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
      m_type(new QComboBox),
      m_form(new FormGrid),
      m_price(new AmountField),
      m_stop(new AmountField),
      m_quantity(new AmountField),
      m_selfTrade(new QComboBox),
      m_total(new QLabel),
      m_atOnce(new QLabel),
      m_fee(new QLabel),
      m_held(new QLabel),
      m_available(new QLabel),
      m_banner(new Banner),
      m_place(new PrimaryButton(tr("Place order"))) {
    for (int i = 0; i < static_cast<int>(api::OrderType::kCount); ++i) {
        m_type->addItem(typeText(static_cast<api::OrderType>(i)));
        m_type->setItemData(i, typeHelp(static_cast<api::OrderType>(i)), Qt::ToolTipRole);
    }
    for (int i = 0; i < static_cast<int>(api::SelfTrade::kCount); ++i)
        m_selfTrade->addItem(selfTradeText(static_cast<api::SelfTrade>(i)));
    m_selfTrade->setToolTip(tr("What happens if this order meets one of your own."));
    FormGrid* form = m_form;
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(space::kTiny);
    addChoice(form, tr("&Type"), m_type, tr("Order type"));
    addField(form, tr("St&op"), m_stop, tr("Stop price"));
    addField(form, tr("&Price"), m_price, tr("Order price"));
    addField(form, tr("&Quantity"), m_quantity, tr("Order quantity"));
    addChoice(form, tr("O&wn orders"), m_selfTrade, tr("If it meets my own order"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    layout->addWidget(makeSides());
    layout->addSpacing(space::kTiny);
    layout->addLayout(form);
    layout->addSpacing(space::kTiny);
    layout->addLayout(figureRow(tr("Total"), m_total));
    layout->addLayout(figureRow(tr("At once"), m_atOnce));
    layout->addLayout(figureRow(tr("Fee at most"), m_fee));
    layout->addLayout(figureRow(tr("Will be held"), m_held));
    layout->addLayout(figureRow(tr("Available"), m_available));
    layout->addSpacing(space::kTiny);
    layout->addWidget(m_banner);
    layout->addWidget(m_place);
    layout->addStretch();
    setHeadingFont(m_total, 1.1, true);

    for (AmountField* field : {m_price, m_stop, m_quantity})
        connect(field, &AmountField::amountChanged, this, &OrderTicket::showState);
    connect(m_type, &QComboBox::currentIndexChanged, this, &OrderTicket::showFields);
    connect(m_place, &QPushButton::clicked, this, &OrderTicket::submit);
    showFields();
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

void OrderTicket::addField(FormGrid* form, const QString& label, AmountField* field, const QString& name) {
    field->setAccessibleName(name);
    field->setAlignment(Qt::AlignRight);
    form->addRow(label, field);
    form->addRow(field->note());
}

void OrderTicket::addChoice(FormGrid* form, const QString& label, QComboBox* box, const QString& name) {
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    form->addRow(label, box);
}

void OrderTicket::setInstrument(const api::InstrumentRow& instrument) {
    const bool isNew = m_instrument.id != instrument.id;
    m_instrument = instrument;
    if (isNew) {
        for (AmountField* field : {m_price, m_stop})
            field->setUnit(m_context.units().row(instrument.quote), instrument.priceDecimals);
        m_quantity->setUnit(m_context.units().row(instrument.base), instrument.quantityDecimals);
        showState();
        return;
    }
    // Halted or not, or another reference: what was told of the last order stays.
    m_place->setEnabled(!m_sending && !m_instrument.halted);
    showFigures();
}

void OrderTicket::setBook(const std::vector<api::BookRow>& book) {
    m_book = book;
    showFigures();
}

void OrderTicket::setBalances(const std::vector<api::BalanceRow>& balances) {
    m_balances = balances;
    showAvailable();
}

void OrderTicket::setPrice(const api::Amount& price) {
    if (!m_price->isEnabled()) return; // a market order has none
    m_price->setAmount(price);
    m_quantity->setFocus(Qt::OtherFocusReason);
}

api::Side OrderTicket::side() const { return m_sell->isChecked() ? api::Side::Sell : api::Side::Buy; }
api::OrderType OrderTicket::type() const { return static_cast<api::OrderType>(m_type->currentIndex()); }

std::optional<api::OrderRequest> OrderTicket::request() const {
    const auto price = m_price->amount();
    const auto stop = m_stop->amount();
    const auto quantity = m_quantity->amount();
    const bool hasPrice = type() != api::OrderType::Market;
    const bool hasStop = type() == api::OrderType::StopLimit;
    if (!quantity || (hasPrice && !price) || (hasStop && !stop)) return std::nullopt;
    const api::Amount none{0, m_instrument.quote};
    return api::OrderRequest{m_instrument.id,
                             side(),
                             hasPrice ? *price : none,
                             *quantity,
                             0,
                             type(),
                             hasStop ? *stop : none,
                             static_cast<api::SelfTrade>(m_selfTrade->currentIndex())};
}

Result<OrderEstimate, api::Problem> OrderTicket::estimate(const api::OrderRequest& order) const {
    return estimateOrder(m_instrument, m_book, order);
}

std::optional<Prospect> OrderTicket::prospect() const {
    const auto order = request();
    const auto found = order ? std::optional(estimate(*order)) : std::nullopt;
    if (!found || !*found || (*found)->warning || type() == api::OrderType::StopLimit) return std::nullopt;
    return Prospect{order->side, order->price, (*found)->trades, (*found)->rests};
}

QWidget* OrderTicket::firstWrong() const {
    for (AmountField* field : {m_stop, m_price, m_quantity})
        if (field->isVisibleTo(this) && field->isEnabled() && !field->amount()) return field;
    return m_quantity;
}

QString OrderTicket::tickProblem(api::Problem problem) const {
    const Units& units = m_context.units();
    switch (problem) {
    case api::Problem::PriceNotOnTick: return tr("The price moves in steps of %1.").arg(units.text(m_instrument.tick));
    case api::Problem::QuantityNotOnLot:
        return tr("The quantity moves in steps of %1.").arg(units.text(m_instrument.lot));
    case api::Problem::OrderTooSmall: return tr("An order has at least %1.").arg(units.text(m_instrument.minimum));
    case api::Problem::OrderTooLarge: return tr("An order has at most %1.").arg(units.text(m_instrument.maximum));
    default: return problemText({problem, {}});
    }
}

QString OrderTicket::problem() const {
    if (!m_instrument.id) return tr("No market is open.");
    if (m_instrument.halted) return problemText({api::Problem::InstrumentHalted, {}});
    const auto order = request();
    if (order) {
        const auto found = estimate(*order);
        return found ? QString() : tickProblem(found.error());
    }
    const QWidget* wrong = firstWrong();
    const auto said = [wrong](const AmountField* field, const QString& ifEmpty) {
        return wrong != field ? QString() : field->text().isEmpty() ? ifEmpty : field->problem();
    };
    return said(m_stop, tr("Enter a stop price.")) + said(m_price, tr("Enter a price.")) +
           said(m_quantity, tr("Enter a quantity."));
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

void OrderTicket::showFields() {
    m_form->setRowVisible(m_stop, type() == api::OrderType::StopLimit);
    m_price->setEnabled(type() != api::OrderType::Market);
    m_type->setToolTip(typeHelp(type()));
    m_tried = false;
    showState();
}

void OrderTicket::showState() {
    tintSides();
    const auto order = request();
    QString trouble = m_tried || order ? problem() : QString();
    if (m_instrument.id && m_instrument.halted) trouble.clear(); // the view says so at its top
    m_warned = false;
    if (trouble.isEmpty())
        m_banner->clear();
    else
        m_banner->refuse(trouble);
    m_place->setText(side() == api::Side::Buy ? tr("Place buy order") : tr("Place sell order"));
    m_place->setEnabled(!m_sending && !m_instrument.halted);
    showFigures();
    showAvailable();
}

void OrderTicket::showFigures() {
    const Units& units = m_context.units();
    for (QLabel* label : {m_total, m_atOnce, m_fee, m_held}) label->setText(QStringLiteral("—"));
    const auto order = request();
    std::optional<api::Problem> warning;
    if (order && m_instrument.id) {
        if (const auto found = estimate(*order)) {
            warning = found->warning;
            m_total->setText(units.text(found->total));
            m_fee->setText(units.text(found->fee));
            m_held->setText(units.text(found->held));
            if (found->trades.isPositive())
                m_atOnce->setText(tr("%1 at %2").arg(units.text(found->trades), units.number(found->average)));
        }
    }
    if (warning)
        m_banner->tell(problemText({*warning, {}}));
    else if (m_warned)
        m_banner->clear();
    m_warned = warning.has_value();
    emit edited();
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
        firstWrong()->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_sending = true;
    m_place->setEnabled(false);
    m_context.session().placeOrder(*request(), askRaw(this, [this](const api::Answer<api::OrderRow>& answer) {
        m_sending = false;
        m_place->setEnabled(!m_instrument.halted);
        if (answer)
            tell(*answer);
        else
            m_banner->refuse(answer.error());
    }));
}

void OrderTicket::tell(const api::OrderRow& order) {
    m_tried = false;
    m_quantity->reset();
    const Units& units = m_context.units();
    const QString filled = tr("%1 at %2").arg(units.text(order.filled), units.text(order.averagePrice));
    switch (order.state) {
    case api::OrderState::Filled: m_banner->succeed(tr("Filled at once: %1.").arg(filled)); break;
    case api::OrderState::Waiting: m_banner->succeed(tr("The order waits for its stop price.")); break;
    case api::OrderState::Cancelled:
        m_banner->tell(order.filled.isPositive() ? tr("Filled %1; the rest was cancelled.").arg(filled)
                                                 : tr("Nothing could be traded; the order was cancelled."));
        break;
    default:
        m_banner->succeed(order.filled.isPositive() ? tr("Filled %1; the rest is in the book.").arg(filled)
                                                    : tr("The order is in the book."));
    }
    emit placed();
}

} // namespace tallylock::ui
