// Asks how an open order shall read from now on, and has it changed.
#pragma once

#include "ui/kit/View.h"

#include <QDialog>

class QPushButton;

namespace tallylock::ui {

class AmountField;
class Banner;

class ChangeOrder : public QDialog {
    Q_OBJECT

public:
    ChangeOrder(Context& context, const api::InstrumentRow& instrument, const api::OrderRow& order,
                QWidget* parent = nullptr);

signals:
    void changed(const tallylock::api::OrderRow& order);

private:
    void submit();
    QString problem() const;

    Context& m_context;
    api::InstrumentRow m_instrument;
    api::OrderRow m_order;
    AmountField* m_price;
    AmountField* m_stop;
    AmountField* m_quantity;
    Banner* m_banner;
    QPushButton* m_change;
};

} // namespace tallylock::ui
