// The form for one order: side, price, quantity, and what it comes to, exactly.
#pragma once

#include "ui/kit/View.h"

class QLabel;
class QPushButton;

namespace tallylock::ui {

class AmountField;
class Banner;
class PrimaryButton;

class OrderTicket : public QWidget {
    Q_OBJECT

public:
    explicit OrderTicket(Context& context, QWidget* parent = nullptr);

    void setInstrument(const api::InstrumentRow& instrument);
    void setBalances(const std::vector<api::BalanceRow>& balances);
    void setPrice(const api::Amount& price);
    api::Side side() const;

    /// Why the order cannot be placed as it stands; empty if it can.
    QString problem() const;

signals:
    void placed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void addField(const QString& label, AmountField* field, const QString& name);
    QWidget* makeSides();
    void tintSides();
    void showState();
    void showAvailable();
    void submit();

    Context& m_context;
    api::InstrumentRow m_instrument;
    std::vector<api::BalanceRow> m_balances;
    bool m_tried = false;
    QPushButton* m_buy;
    QPushButton* m_sell;
    AmountField* m_price;
    AmountField* m_quantity;
    QLabel* m_total;
    QLabel* m_available;
    Banner* m_banner;
    PrimaryButton* m_place;
};

} // namespace tallylock::ui
