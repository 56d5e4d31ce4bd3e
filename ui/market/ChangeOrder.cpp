#include "ui/market/ChangeOrder.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/FormGrid.h"
#include "ui/kit/ProblemText.h"
#include "ui/kit/Widgets.h"
#include "ui/market/OrderText.h"
#include "ui/market/OrderTotal.h"

#include <QDialogButtonBox>
#include <QVBoxLayout>

namespace tallylock::ui {

ChangeOrder::ChangeOrder(Context& context, const api::InstrumentRow& instrument, const api::OrderRow& order,
                         QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_instrument(instrument),
      m_order(order),
      m_price(new AmountField),
      m_stop(new AmountField),
      m_quantity(new AmountField),
      m_banner(new Banner),
      m_change(new PrimaryButton(tr("&Change order"))) {
    setWindowTitle(tr("Change order %1").arg(order.id.value));
    setAccessibleName(tr("Change order"));
    const Units& units = context.units();
    auto* form = new FormGrid;
    form->setSpacing(space::kSmall);
    const auto add = [form](const QString& label, AmountField* field, const QString& name) {
        field->setAccessibleName(name);
        form->addRow(label, field);
        form->addRow(field->note());
    };
    for (AmountField* field : {m_price, m_stop}) field->setUnit(units.row(instrument.quote), instrument.priceDecimals);
    m_quantity->setUnit(units.row(instrument.base), instrument.quantityDecimals);
    if (order.state == api::OrderState::Waiting) add(tr("St&op"), m_stop, tr("New stop price"));
    add(tr("&Price"), m_price, tr("New price"));
    add(tr("&Quantity"), m_quantity, tr("New quantity"));
    m_stop->setAmount(order.stopPrice);
    m_price->setAmount(order.price);
    m_quantity->setAmount(order.quantity);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_change, QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(space::kMedium);
    layout->addWidget(plainText(tr("%1, %2 of %3 filled. The quantity is that of the whole order. It keeps its place "
                                   "only if nothing but the quantity falls.")
                                    .arg(sideText(order.side), units.number(order.filled), units.text(order.quantity)),
                                Rank::Muted));
    layout->addLayout(form);
    layout->addWidget(m_banner);
    layout->addWidget(buttons);
    setMinimumWidth(400);

    connect(m_change, &QPushButton::clicked, this, &ChangeOrder::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_price->setFocus();
    m_price->selectAll();
}

QString ChangeOrder::problem() const {
    const bool waits = m_order.state == api::OrderState::Waiting;
    for (const AmountField* field : {m_stop, m_price, m_quantity}) {
        if (field == m_stop && !waits) continue;
        if (!field->amount()) return field->text().isEmpty() ? tr("Fill in every field.") : field->problem();
    }
    const auto refused = [this](const api::Amount& price) -> QString {
        const auto total = orderTotal(m_instrument, price, *m_quantity->amount());
        return total ? QString() : problemText({total.error(), {}});
    };
    const QString wrong = refused(*m_price->amount());
    return wrong.isEmpty() && waits ? refused(*m_stop->amount()) : wrong;
}

void ChangeOrder::submit() {
    if (const QString wrong = problem(); !wrong.isEmpty()) {
        m_banner->refuse(wrong);
        return;
    }
    api::OrderChange change; // only what is new, so that its place in time is kept where it can be
    if (*m_price->amount() != m_order.price) change.price = m_price->amount();
    if (*m_quantity->amount() != m_order.quantity) change.quantity = m_quantity->amount();
    if (m_order.state == api::OrderState::Waiting && *m_stop->amount() != m_order.stopPrice)
        change.stopPrice = m_stop->amount();
    m_change->setEnabled(false);
    m_context.session().replaceOrder(m_order.id, change, askRaw(this, [this](const api::Answer<api::OrderRow>& answer) {
                                         m_change->setEnabled(true);
                                         if (!answer) {
                                             m_banner->refuse(answer.error());
                                             return;
                                         }
                                         emit changed(*answer);
                                         accept();
                                     }));
}

} // namespace tallylock::ui
