// How money of one unit comes in: the address or the bank reference, and on the practice rail a way to send some.
#pragma once

#include "ui/kit/View.h"

class QLabel;
class QPushButton;

namespace tallylock::ui {

class AmountField;
class Banner;
class CopyButton;
class PlainLabel;

class DepositPanel : public QWidget {
    Q_OBJECT

public:
    explicit DepositPanel(Context& context, QWidget* parent = nullptr);
    void setUnit(api::UnitId unit);
    /// Asks again for an address that could not be had before.
    void retry();

signals:
    void sent();

private:
    QWidget* makePractice();
    void load();
    void showDeposit(const api::DepositRow& row);
    void send();

    Context& m_context;
    api::UnitId m_unit;
    api::DepositRow m_deposit;
    QLabel* m_heading;
    QLabel* m_how;
    PlainLabel* m_identifier;
    CopyButton* m_copy;
    Banner* m_banner;
    AmountField* m_amount;
    QPushButton* m_send;
    QWidget* m_practice; ///< made of the two before
};

} // namespace tallylock::ui
