// The exchange of one instrument: ladder, trades, order ticket, my orders and fills.
#pragma once

#include "ui/kit/View.h"

#include <set>

class QComboBox;
class QLabel;
class QPushButton;

namespace tallylock::ui {

class Banner;
class BookModel;
class FillModel;
class OrderModel;
class OrderTicket;
class Table;
class TradeModel;

class MarketView : public View {
    Q_OBJECT

public:
    explicit MarketView(Context& context, QWidget* parent = nullptr);

    Place place() const override { return Place::Market; }
    QString title() const override { return tr("Market"); }
    QString iconName() const override { return QStringLiteral("market"); }
    void shown() override;

private:
    QWidget* makeBar();
    QWidget* makeLadder();
    QWidget* makeTrades();
    QWidget* makeTicket();
    QWidget* makeMine();
    void hear(api::Topic topic);
    void loadInstruments();
    void setInstrument(const api::InstrumentRow& instrument);
    void loadBook();
    void loadTrades();
    void loadOrders();
    void loadFills();
    void loadBalances();
    void cancelSelected();
    void cancelAll();

    std::vector<api::InstrumentRow> m_instruments;
    api::InstrumentRow m_instrument;
    std::set<money::Int128> m_myPrices;
    BookModel* m_book;
    TradeModel* m_tradeRows;
    OrderModel* m_orderRows;
    FillModel* m_fillRows;
    QComboBox* m_choice;
    QLabel* m_last;
    Banner* m_banner;
    Table* m_ladder;
    Table* m_trades;
    Table* m_orders;
    Table* m_fills;
    OrderTicket* m_ticket;
    QPushButton* m_cancel;
    QPushButton* m_cancelAll;
};

} // namespace tallylock::ui
