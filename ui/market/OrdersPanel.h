// My orders and fills in one market: what is open can be changed and cancelled, what is over says why it ended.
#pragma once

#include "ui/kit/View.h"

class QPushButton;
class QTabWidget;

namespace tallylock::ui {

class Banner;
class FillModel;
class HoldButton;
class OrderModel;
class Table;

class OrdersPanel : public QWidget {
    Q_OBJECT

public:
    /// Refusals are told by `banner`.
    OrdersPanel(Context& context, Banner* banner, QWidget* parent = nullptr);

    void setInstrument(const api::InstrumentRow& instrument);
    void setOrders(const std::vector<api::OrderRow>& orders);
    void setFills(std::vector<api::InstructionRow> fills);
    /// Those that are open or wait.
    const std::vector<api::OrderRow>& live() const;

signals:
    void changed();

private:
    QWidget* makeOpen();
    void showButtons();
    void change();
    void cancelSelected();
    void cancelAll();

    Context& m_context;
    Banner* m_banner;
    api::InstrumentRow m_instrument;
    OrderModel* m_liveRows;
    OrderModel* m_overRows;
    FillModel* m_fillRows;
    Table* m_orders;
    Table* m_over;
    Table* m_fills;
    QTabWidget* m_tabs;
    QPushButton* m_change;
    QPushButton* m_cancel;
    HoldButton* m_cancelAll;
};

} // namespace tallylock::ui
