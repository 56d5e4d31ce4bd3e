#include "ui/kit/PayoutsPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/Table.h"
#include "ui/kit/Theme.h"

#include <QVBoxLayout>

namespace tallylock::ui {

PayoutsPanel::PayoutsPanel(Which which, Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_which(which),
      m_context(context),
      m_banner(banner),
      m_rows(new PayoutModel(context.units(), this)),
      m_table(new Table(tr("Payouts"))),
      m_approve(new HoldButton(tr("Hold to &approve"))),
      m_cancel(new QPushButton(tr("&Cancel payout"))) {
    m_table->setModel(m_rows);
    m_table->setStretchColumn(PayoutModel::kTo);
    m_table->setPlaceholder(which == Which::All ? tr("Nothing has been paid out yet.")
                                                : tr("No payout waits for your approval."));
    m_approve->setAccessibleName(tr("Approve payout"));
    m_cancel->setAutoDefault(false);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_approve);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    showButtons();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PayoutsPanel::showButtons);
    connect(m_approve, &HoldButton::held, this, &PayoutsPanel::approve);
    connect(m_cancel, &QPushButton::clicked, this, &PayoutsPanel::cancel);
}

void PayoutsPanel::refresh() {
    m_context.session().account(ask(this, m_banner, [this](const api::AccountInfo& info) { m_names.set(info.users); }));
    m_context.session().treasury().withdrawals(ask(this, m_banner, [this](std::vector<api::WithdrawalRow> rows) {
        if (m_which == Which::WaitingForMe)
            std::erase_if(rows, [](const api::WithdrawalRow& row) { return !row.mineToApprove; });
        m_rows->setPayouts(std::move(rows), m_names);
        showButtons();
        emit counted(m_rows->rowCount());
    }));
}

const api::WithdrawalRow* PayoutsPanel::selected() const {
    const int row = m_table->selectedRow();
    return row < 0 ? nullptr : &m_rows->rows()[static_cast<std::size_t>(row)];
}

void PayoutsPanel::showButtons() {
    const api::WithdrawalRow* row = selected();
    m_approve->setEnabled(row && row->mineToApprove);
    m_cancel->setEnabled(row && row->mineToCancel);
}

void PayoutsPanel::approve() {
    const api::WithdrawalRow* row = selected();
    if (!row) return;
    const auto question = [this, id = row->id](api::Done<void> done) {
        m_context.session().treasury().approveWithdrawal(id, std::move(done));
    };
    askWithCode<void>(this, m_context.session(), question, ask(this, m_banner, [this, id = row->id] {
                          m_banner->succeed(tr("Payout %1 was approved.").arg(id));
                          emit changed();
                      }));
}

void PayoutsPanel::cancel() {
    const api::WithdrawalRow* row = selected();
    if (!row) return;
    m_cancel->setEnabled(false);
    m_context.session().treasury().cancelWithdrawal(row->id,
                                                    ask(
                                                        this, m_banner,
                                                        [this, id = row->id] {
                                                            m_banner->succeed(tr("Payout %1 was cancelled.").arg(id));
                                                            emit changed();
                                                        },
                                                        [this] { showButtons(); }));
}

} // namespace tallylock::ui
