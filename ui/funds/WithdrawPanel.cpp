#include "ui/funds/WithdrawPanel.h"

#include "ui/kit/AmountField.h"
#include "ui/kit/Ask.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/FormGrid.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QComboBox>
#include <QVBoxLayout>

namespace tallylock::ui {

WithdrawPanel::WithdrawPanel(Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_heading(sectionHeading({})),
      m_to(new QComboBox),
      m_amount(new AmountField),
      m_fee(new QLabel),
      m_total(new QLabel),
      m_rule(plainText({}, Rank::Muted)),
      m_banner(new Banner),
      m_ask(new HoldButton(tr("Hold to ask for the payout"))) {
    m_to->setAccessibleName(tr("Pay to"));
    m_to->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_to->setPlaceholderText(tr("No address in the book"));
    m_amount->setAccessibleName(tr("Payout amount"));
    m_ask->setAccessibleName(tr("Ask for the payout"));
    auto* form = new FormGrid;
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(space::kSmall);
    form->addRow(tr("&To"), m_to);
    form->addRow(tr("&Amount"), m_amount);
    form->addRow(m_amount->note());
    for (const auto& [label, value] : {std::pair(tr("Fee"), m_fee), std::pair(tr("Will be held"), m_total)}) {
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setAccessibleName(label);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        form->addRow(label, value);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_heading);
    layout->addLayout(form);
    layout->addWidget(m_rule);
    layout->addWidget(m_banner);
    layout->addWidget(m_ask);
    layout->addStretch();
    connect(m_amount, &AmountField::amountChanged, this, [this] {
        m_banner->clear();
        showState();
    });
    connect(m_to, &QComboBox::currentIndexChanged, this, &WithdrawPanel::showState);
    connect(m_ask, &HoldButton::held, this, &WithdrawPanel::submit);
    refresh();
}

void WithdrawPanel::setUnit(api::UnitId unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    m_available = {0, unit};
    m_banner->clear();
    m_heading->setText(tr("Pay out %1").arg(m_context.units().code(unit)));
    const api::UnitRow& row = m_context.units().row(unit);
    m_amount->reset();
    m_amount->setUnit(row, row.isFiat ? row.shownDecimals : -1);
    showState();
}

void WithdrawPanel::setAddresses(const std::vector<api::PayoutAddressRow>& addresses) {
    const quint64 chosen = m_to->currentData().toULongLong();
    m_addresses.clear();
    const QSignalBlocker quiet(m_to);
    m_to->clear();
    for (const api::PayoutAddressRow& row : addresses) {
        if (row.unit != m_unit) continue;
        m_addresses.push_back(row);
        const QString place = plainLine(row.address);
        m_to->addItem(row.label.empty() ? place : plainLine(row.label), static_cast<qulonglong>(row.id));
        m_to->setItemData(m_to->count() - 1, place, Qt::ToolTipRole);
    }
    m_to->setCurrentIndex(qMax(m_to->findData(chosen), m_addresses.empty() ? -1 : 0));
    showState();
}

void WithdrawPanel::setAvailable(const api::Amount& available) {
    m_available = available;
    showState();
}

void WithdrawPanel::refresh() {
    m_context.session().treasury().withdrawalFees(
        askRaw(this, [this](const api::Answer<std::vector<api::Amount>>& fees) {
            if (!fees) return; // asked again with the next news
            m_fees = *fees;
            showState();
        }));
    m_context.session().treasury().withdrawalPolicy(askRaw(this, [this](const api::Answer<api::PolicyRow>& row) {
        if (!row) return;
        m_approvals = row->policy.approvals;
        showState();
    }));
}

api::Amount WithdrawPanel::fee() const {
    for (const api::Amount& one : m_fees)
        if (one.unit == m_unit) return one;
    return {0, m_unit};
}

QString WithdrawPanel::problem() const {
    if (m_addresses.empty())
        return tr("Add an address for %1 to the address book first.").arg(m_context.units().code(m_unit));
    const auto amount = m_amount->amount();
    if (!amount) return m_amount->text().isEmpty() ? tr("Enter an amount.") : m_amount->problem();
    const auto total = *amount + fee();
    if (!total || total->value > m_available.value)
        return tr("Available are %1; with the fee this is more.").arg(m_context.units().text(m_available));
    return {};
}

void WithdrawPanel::showState() {
    if (!m_unit) return;
    const Units& units = m_context.units();
    m_fee->setText(units.text(fee()));
    const auto amount = m_amount->amount();
    const auto total = amount ? *amount + fee() : Result<api::Amount, money::MoneyError>(fee());
    m_total->setText(amount && total ? units.text(*total) : QStringLiteral("—"));
    m_rule->setText(m_approvals == 0
                        ? tr("It is paid as soon as you ask for it.")
                        : tr("%n other treasurer(s) must approve it.", nullptr, static_cast<int>(m_approvals)));
    const QString wrong = amount ? problem() : QString();
    if (!wrong.isEmpty())
        m_banner->refuse(wrong);
    else if (m_warned)
        m_banner->clear();
    m_warned = !wrong.isEmpty();
    m_to->setEnabled(!m_addresses.empty());
    m_ask->setEnabled(!m_sending && problem().isEmpty());
}

void WithdrawPanel::submit() {
    if (!problem().isEmpty() || m_to->currentIndex() < 0) return;
    const auto address = m_addresses[static_cast<std::size_t>(m_to->currentIndex())].id;
    m_sending = true;
    const auto question = [this, address, amount = *m_amount->amount()](api::Done<std::uint64_t> done) {
        m_context.session().treasury().requestWithdrawal(address, amount, std::move(done));
    };
    askWithCode<std::uint64_t>(
        this, m_context.session(), question, askRaw(this, [this](const api::Answer<std::uint64_t>& answer) {
            m_sending = false;
            if (answer) {
                m_amount->reset();
                showState();
                m_banner->succeed(m_approvals == 0 ? tr("Payout %1 is on its way.").arg(*answer)
                                                   : tr("Payout %1 waits for approval.").arg(*answer));
                emit requested();
                return;
            }
            showState();
            m_banner->refuse(answer.error());
        }));
    showState();
}

} // namespace tallylock::ui
