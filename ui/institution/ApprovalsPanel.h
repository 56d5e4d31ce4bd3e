// What waits for this user's approval: payouts, and a change of the rules.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/Payouts.h"
#include "ui/kit/View.h"

class QLabel;

namespace tallylock::ui {

class Banner;
class HoldButton;
class PayoutsPanel;

class ApprovalsPanel : public QWidget {
    Q_OBJECT

public:
    ApprovalsPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setAccount(const api::AccountInfo& account);
    void setPolicy(const api::PolicyRow& row);
    void refresh();

signals:
    void changed();
    /// How many approvals are this user's to give.
    void counted(int waiting);

private:
    void showChange();
    void approveChange();
    void count();

    Context& m_context;
    Banner* m_banner;
    UserNames m_names;
    std::optional<api::PolicyChangeRow> m_change;
    int m_payoutCount = 0;
    PayoutsPanel* m_payouts;
    QLabel* m_text;
    HoldButton* m_approve;
};

/// The rules in words, one a line.
QString rulesText(const api::WithdrawalPolicy& policy, const Units& units);

} // namespace tallylock::ui
