#include "ui/funds/DepositPanel.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Widgets.h"

#include <QVBoxLayout>

namespace tallylock::ui {

DepositPanel::DepositPanel(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_heading(sectionHeading({})),
      m_how(plainText({}, Rank::Muted)),
      m_identifier(new PlainLabel),
      m_copy(new CopyButton(tr("Copy deposit address"))),
      m_banner(new Banner),
      m_amount(new AmountField),
      m_send(new QPushButton),
      m_practice(makePractice()) {
    m_identifier->setFont(monospaceFont());
    m_identifier->setElideMode(Qt::ElideMiddle);
    m_identifier->setAccessibleDescription(tr("Deposit address"));
    auto* line = new QHBoxLayout;
    line->setSpacing(space::kSmall);
    line->addWidget(m_identifier, 1);
    line->addWidget(m_copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_heading);
    layout->addWidget(m_how);
    layout->addLayout(line);
    m_practice->setVisible(context.practice() != nullptr);
    layout->addWidget(m_practice);
    layout->addWidget(m_banner);
    layout->addStretch();
}

QWidget* DepositPanel::makePractice() {
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kTiny);
    auto* label = new QLabel(tr("&Amount to practise with"));
    label->setBuddy(m_amount);
    m_amount->setAccessibleName(tr("Practice amount"));
    m_send->setAutoDefault(false);
    layout->addWidget(label);
    layout->addWidget(m_amount);
    layout->addWidget(m_amount->note());
    layout->addSpacing(space::kTiny);
    layout->addWidget(m_send);
    connect(m_send, &QPushButton::clicked, this, &DepositPanel::send);
    connect(m_amount, &QLineEdit::returnPressed, this, &DepositPanel::send);
    return box;
}

void DepositPanel::setUnit(api::UnitId unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    m_deposit = {};
    m_banner->clear();
    const api::UnitRow& row = m_context.units().row(unit);
    const QString code = m_context.units().code(unit);
    m_heading->setText(tr("Deposit %1").arg(code));
    m_how->setText(row.isFiat
                       ? tr("Transfer from your bank and give this reference. It is credited when the bank reports it.")
                       : tr("Send to this address. It is credited once it has enough confirmations."));
    m_identifier->setText({});
    m_copy->setEnabled(false);
    m_amount->reset();
    m_amount->setUnit(row, row.isFiat ? row.shownDecimals : -1);
    m_send->setText(row.isFiat ? tr("Practice bank transfer") : tr("Send practice coins"));
    m_send->setEnabled(false);
    load();
}

void DepositPanel::retry() {
    if (m_unit && m_deposit.identifier.empty()) load();
}

void DepositPanel::load() {
    m_context.session().depositIdentifier(m_unit,
                                          askRaw(this, [this, unit = m_unit](api::Answer<api::DepositRow> answer) {
                                              if (unit != m_unit) return;
                                              if (answer)
                                                  showDeposit(*answer);
                                              else
                                                  m_banner->refuse(answer.error());
                                          }));
}

void DepositPanel::showDeposit(const api::DepositRow& row) {
    m_deposit = row;
    m_banner->clear();
    const QString identifier = plainLine(row.identifier);
    m_identifier->setText(identifier);
    m_copy->setValue(identifier);
    m_copy->setEnabled(!identifier.isEmpty());
    m_send->setEnabled(!identifier.isEmpty());
}

void DepositPanel::send() {
    api::Practice* practice = m_context.practice();
    if (!practice || m_deposit.identifier.empty()) return;
    const auto amount = m_amount->amount();
    if (!amount) {
        m_banner->refuse(m_amount->text().isEmpty() ? tr("Enter an amount.") : m_amount->problem());
        m_amount->setFocus();
        return;
    }
    m_send->setEnabled(false);
    const bool fiat = m_context.units().row(m_unit).isFiat;
    const auto done = askRaw(this, [this, fiat](api::Answer<void> answer) {
        m_send->setEnabled(true);
        if (!answer) {
            m_banner->refuse(answer.error());
            return;
        }
        m_amount->reset();
        m_banner->succeed(fiat ? tr("On its way. It shows up with the bank's next statement.")
                               : tr("Sent. It is credited once it has enough confirmations."));
        emit sent();
    });
    if (fiat)
        practice->bankTransfer(m_unit, m_deposit.identifier, *amount, done);
    else
        practice->payToAddress(m_unit, m_deposit.identifier, *amount, done);
}

} // namespace tallylock::ui
