// Asks for a payout of one unit to an address of the book, and says what it costs and who must agree.
#pragma once

#include "ui/kit/View.h"

#include "core/api/Treasury.h"

class QComboBox;
class QLabel;

namespace tallylock::ui {

class AmountField;
class Banner;
class HoldButton;

class WithdrawPanel : public QWidget {
    Q_OBJECT

public:
    explicit WithdrawPanel(Context& context, QWidget* parent = nullptr);

    void setUnit(api::UnitId unit);
    void setAddresses(const std::vector<api::PayoutAddressRow>& addresses);
    void setAvailable(const api::Amount& available);
    /// Asks for fees and policy again.
    void refresh();

signals:
    void requested();

private:
    QString problem() const;
    api::Amount fee() const;
    void showState();
    void submit();

    Context& m_context;
    api::UnitId m_unit;
    std::vector<api::PayoutAddressRow> m_addresses; ///< of this unit
    api::Amount m_available;
    std::vector<api::Amount> m_fees;
    std::uint32_t m_approvals = 0;
    bool m_sending = false;
    bool m_warned = false; ///< the banner says what is wrong with the form
    QLabel* m_heading;
    QComboBox* m_to;
    AmountField* m_amount;
    QLabel* m_fee;
    QLabel* m_total;
    QLabel* m_rule;
    Banner* m_banner;
    HoldButton* m_ask;
};

} // namespace tallylock::ui
