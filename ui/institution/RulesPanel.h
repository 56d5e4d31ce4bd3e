// The rules by which money may leave, and who could move it under them, asked before they are set.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/View.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace tallylock::ui {

class AmountField;
class Banner;
class HoldButton;

class RulesPanel : public QWidget {
    Q_OBJECT

public:
    RulesPanel(Context& context, Banner* banner, QWidget* parent = nullptr);
    void setAccount(const api::AccountInfo& account);
    void setPolicy(const api::PolicyRow& row);

signals:
    void changed();

private:
    QWidget* makeRules();
    QWidget* makeMovers();
    void showDraft();
    void showLimits();
    void takeLimits();
    void edited();
    void askMovers();
    void showMovers(QLabel* label, const api::MoversRow& row);
    void submit();
    api::UnitId unit() const;

    Context& m_context;
    Banner* m_banner;
    bool m_mayChange = false;
    bool m_filling = false; ///< the fields are being filled, not typed into
    api::WithdrawalPolicy m_inForce;
    api::WithdrawalPolicy m_draft;
    std::uint64_t m_asked = 0; ///< of the last question, so that late answers are passed over
    QSpinBox* m_approvals;
    QSpinBox* m_waiting; ///< hours
    QCheckBox* m_codes;  ///< one-time codes
    QComboBox* m_unit;
    AmountField* m_userDay;
    AmountField* m_holderDay;
    HoldButton* m_set;
    AmountField* m_amount;
    QLabel* m_now;
    QLabel* m_then;
};

} // namespace tallylock::ui
