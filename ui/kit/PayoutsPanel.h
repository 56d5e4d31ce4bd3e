// Payouts with their states: to approve what waits for this user, and to cancel what has not begun to be paid.
#pragma once

#include "ui/kit/Payouts.h"
#include "ui/kit/View.h"

class QPushButton;

namespace tallylock::ui {

class Banner;
class HoldButton;
class Table;

class PayoutsPanel : public QWidget {
    Q_OBJECT

public:
    enum class Which : std::uint8_t { All, WaitingForMe };
    /// Refusals are told by `banner`.
    PayoutsPanel(Which which, Context& context, Banner* banner, QWidget* parent = nullptr);
    void refresh();

signals:
    void changed();
    void counted(int rows);

private:
    const api::WithdrawalRow* selected() const;
    void showButtons();
    void approve();
    void cancel();

    Which m_which;
    Context& m_context;
    Banner* m_banner;
    UserNames m_names;
    PayoutModel* m_rows;
    Table* m_table;
    HoldButton* m_approve;
    QPushButton* m_cancel;
};

} // namespace tallylock::ui
