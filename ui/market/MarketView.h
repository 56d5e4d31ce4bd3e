// The exchange of one instrument: ladder with the order that is being written, trades, order ticket, my orders
// and fills.
#pragma once

#include "ui/kit/View.h"

#include <set>

class QComboBox;
class QLabel;

namespace tallylock::ui {

class Badge;
class Banner;
class BookModel;
class OrdersPanel;
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
    void hear(api::Topic topic);
    void loadInstruments();
    void setInstrument(const api::InstrumentRow& instrument);
    void showInstrument();
    void showBook();
    void loadBook();
    void loadTrades();
    void loadOrders();
    void loadFills();
    void loadBalances();

    std::vector<api::InstrumentRow> m_instruments;
    api::InstrumentRow m_instrument;
    std::vector<api::BookRow> m_levels;
    std::set<money::Int128> m_myPrices;
    BookModel* m_book;
    TradeModel* m_tradeRows;
    QComboBox* m_choice;
    QLabel* m_last;
    QLabel* m_rates;
    Badge* m_haltedBadge;
    Banner* m_halted;
    Banner* m_banner;
    Table* m_ladder;
    Table* m_trades;
    OrderTicket* m_ticket;
    OrdersPanel* m_mine;
};

} // namespace tallylock::ui
