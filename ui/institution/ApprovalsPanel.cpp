#include "ui/institution/ApprovalsPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/HoldButton.h"
#include "ui/kit/PayoutsPanel.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QVBoxLayout>

namespace tallylock::ui {

QString rulesText(const api::WithdrawalPolicy& policy, const Units& units) {
    QStringList lines;
    lines << ApprovalsPanel::tr("%n approval(s) by others", nullptr, static_cast<int>(policy.approvals));
    lines << (policy.waitingMs == 0 ? ApprovalsPanel::tr("What is new does not wait")
                                    : ApprovalsPanel::tr("What is new waits %1").arg(spanText(policy.waitingMs)));
    for (const api::Amount& most : policy.userDay)
        lines << ApprovalsPanel::tr("A user a day at most %1").arg(units.text(most));
    for (const api::Amount& most : policy.holderDay)
        lines << ApprovalsPanel::tr("All users a day at most %1").arg(units.text(most));
    return lines.join(u'\n');
}

ApprovalsPanel::ApprovalsPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_payouts(new PayoutsPanel(PayoutsPanel::Which::WaitingForMe, context, banner)),
      m_text(plainText()),
      m_approve(new HoldButton(tr("Hold to approve the rules"))) {
    m_text->setAccessibleName(tr("Change of the rules"));
    m_approve->setAccessibleName(tr("Approve the rules"));
    auto* card = new Card;
    card->body()->addWidget(sectionHeading(tr("Change of the rules")));
    card->body()->addWidget(m_text);
    card->body()->addWidget(m_approve, 0, Qt::AlignRight);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_payouts, 1);
    layout->addWidget(card);
    connect(m_payouts, &PayoutsPanel::changed, this, &ApprovalsPanel::changed);
    connect(m_payouts, &PayoutsPanel::counted, this, [this](int rows) {
        m_payoutCount = rows;
        count();
    });
    connect(m_approve, &HoldButton::held, this, &ApprovalsPanel::approveChange);
    showChange();
}

void ApprovalsPanel::setAccount(const api::AccountInfo& account) {
    m_names.set(account.users);
    showChange();
}

void ApprovalsPanel::setPolicy(const api::PolicyRow& row) {
    m_change = row.pending;
    showChange();
    count();
}

void ApprovalsPanel::refresh() { m_payouts->refresh(); }

void ApprovalsPanel::count() { emit counted(m_payoutCount + (m_change && m_change->mineToApprove ? 1 : 0)); }

void ApprovalsPanel::showChange() {
    m_approve->setVisible(m_change.has_value());
    if (!m_change) {
        m_text->setText(tr("No change of the rules is under way."));
        return;
    }
    const QString state = m_change->approved ? tr("Approved; begins: %1").arg(exactMomentText(m_change->dueMs))
                                             : tr("%1 of %2 approvals; given up if not approved: %3")
                                                   .arg(m_change->approvals)
                                                   .arg(m_change->approvalsNeeded)
                                                   .arg(deadlineText(m_change->dueMs));
    m_text->setText(tr("%1 wants these rules:\n%2\n%3")
                        .arg(m_names.of(m_change->proposer), rulesText(m_change->policy, m_context.units()), state));
    m_approve->setEnabled(m_change->mineToApprove);
}

void ApprovalsPanel::approveChange() {
    if (!m_change) return;
    const auto question = [this, change = m_change->id](api::Done<void> done) {
        m_context.session().treasury().approvePolicyChange(change, std::move(done));
    };
    askWithCode<void>(this, m_context.session(), question, ask(this, m_banner, [this] {
                          m_banner->succeed(tr("The change was approved."));
                          emit changed();
                      }));
}

} // namespace tallylock::ui
