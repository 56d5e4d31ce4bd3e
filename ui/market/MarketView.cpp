#include "ui/market/MarketView.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"
#include "ui/market/BookModel.h"
#include "ui/market/LadderDelegate.h"
#include "ui/market/MarketModels.h"
#include "ui/market/OrderTicket.h"

#include <QComboBox>
#include <QHeaderView>
#include <QShortcut>
#include <QTabWidget>
#include <QVBoxLayout>

namespace tallylock::ui {

MarketView::MarketView(Context& context, QWidget* parent)
    : View(context, parent),
      m_book(new BookModel(context.units(), this)),
      m_tradeRows(new TradeModel(context.units(), this)),
      m_orderRows(new OrderModel(context.units(), this)),
      m_fillRows(new FillModel(context.units(), this)),
      m_choice(new QComboBox),
      m_last(new QLabel),
      m_banner(new Banner),
      m_ladder(new Table(tr("Order book"))),
      m_trades(new Table(tr("Recent trades"))),
      m_orders(new Table(tr("My open orders"))),
      m_fills(new Table(tr("My fills"))),
      m_ticket(new OrderTicket(context)),
      m_cancel(new QPushButton(tr("&Cancel order"))),
      m_cancelAll(new QPushButton(tr("Cancel &all"))) {
    for (Table* table : {m_trades, m_orders, m_fills}) // dense, as traders need it
        table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + space::kSmall);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(space::kMedium);
    upper->addWidget(makeTrades(), 1);
    upper->addWidget(makeTicket());
    auto* right = new QVBoxLayout;
    right->setSpacing(space::kMedium);
    right->addLayout(upper, 3);
    right->addWidget(makeMine(), 2);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(space::kMedium);
    columns->addWidget(makeLadder());
    columns->addLayout(right, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kMedium);
    layout->addWidget(makeBar());
    layout->addWidget(m_banner);
    layout->addLayout(columns, 1);

    connect(&context, &Context::changed, this, &MarketView::hear);
    connect(m_ticket, &OrderTicket::placed, this, [this] {
        loadOrders();
        loadBook();
        loadBalances();
    });
    loadInstruments();
}

QWidget* MarketView::makeBar() {
    m_choice->setAccessibleName(tr("Market"));
    m_choice->setMinimumWidth(120);
    m_last->setAccessibleName(tr("Last price"));
    setHeadingFont(m_last, 1.25, true);
    connect(m_choice, &QComboBox::activated, this, [this](int row) {
        if (row >= 0) setInstrument(m_instruments[static_cast<std::size_t>(row)]);
    });
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kLarge);
    row->addWidget(m_choice);
    row->addWidget(m_last);
    row->addStretch();
    return bar;
}

QWidget* MarketView::makeLadder() {
    m_ladder->setModel(m_book);
    m_ladder->setItemDelegate(new LadderDelegate(m_ladder));
    m_ladder->setAlternatingRowColors(false);
    m_ladder->setPlaceholder(tr("Nobody wants to buy or sell yet.\nPlace the first order."));
    m_ladder->setFixedWidth(310);
    m_ladder->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_ladder->verticalHeader()->setSectionResizeMode(QHeaderView::Stretch); // 21 rows fill the height
    m_ladder->verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 2);
    const auto take = [this](const QModelIndex& index) {
        const LadderRow* row = m_book->at(index);
        if (row && (row->kind == LadderRow::Kind::Ask || row->kind == LadderRow::Kind::Bid))
            m_ticket->setPrice(row->price);
    };
    connect(m_ladder, &QTableView::clicked, this, take);
    connect(m_ladder, &QTableView::activated, this, take);
    return m_ladder;
}

QWidget* MarketView::makeTrades() {
    m_trades->setModel(m_tradeRows);
    m_trades->setStretchColumn(TradeModel::kTime);
    m_trades->setPlaceholder(tr("No trades yet."));
    return m_trades;
}

QWidget* MarketView::makeTicket() {
    auto* card = new Card;
    card->setFixedWidth(272);
    card->body()->addWidget(m_ticket);
    return card;
}

QWidget* MarketView::makeMine() {
    m_orders->setModel(m_orderRows);
    m_orders->setStretchColumn(OrderModel::kPlaced);
    m_orders->setPlaceholder(tr("You have no open orders."));
    m_fills->setModel(m_fillRows);
    m_fills->setStretchColumn(FillModel::kParties);
    m_fills->setPlaceholder(tr("Nothing has been bought or sold yet."));
    for (QPushButton* button : {m_cancel, m_cancelAll}) {
        button->setAutoDefault(false);
        button->setEnabled(false);
    }
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_cancelAll);
    buttons->addWidget(m_cancel);
    auto* orders = new QWidget;
    auto* layout = new QVBoxLayout(orders);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_orders, 1);
    layout->addLayout(buttons);
    auto* fills = new QWidget;
    auto* fillLayout = new QVBoxLayout(fills);
    fillLayout->setContentsMargins(0, space::kSmall, 0, 0);
    fillLayout->addWidget(m_fills);
    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->setAccessibleName(tr("My orders and fills"));
    tabs->addTab(orders, tr("Open orders"));
    tabs->addTab(fills, tr("Fills"));

    connect(m_orders->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_cancel->setEnabled(m_orders->selectedRow() >= 0); });
    connect(m_cancel, &QPushButton::clicked, this, &MarketView::cancelSelected);
    connect(m_cancelAll, &QPushButton::clicked, this, &MarketView::cancelAll);
    auto* erase = new QShortcut(QKeySequence::Delete, m_orders);
    erase->setContext(Qt::WidgetShortcut);
    connect(erase, &QShortcut::activated, this, &MarketView::cancelSelected);
    return tabs;
}

void MarketView::shown() {
    m_banner->clear();
    if (m_instrument.id)
        for (const auto topic : {api::Topic::Book, api::Topic::Trades, api::Topic::Orders, api::Topic::Balances})
            hear(topic);
    else
        loadInstruments();
}

void MarketView::hear(api::Topic topic) {
    if (!m_instrument.id || !isVisible()) return; // it asks again when it is shown
    switch (topic) {
    case api::Topic::Book: loadBook(); break;
    case api::Topic::Trades:
        loadTrades();
        loadFills();
        break;
    case api::Topic::Orders:
        loadOrders();
        loadFills();
        break;
    case api::Topic::Balances: loadBalances(); break;
    default: break;
    }
}

void MarketView::loadInstruments() {
    session().instruments(ask(this, m_banner, [this](std::vector<api::InstrumentRow> rows) {
        m_instruments = std::move(rows);
        m_choice->clear();
        for (const api::InstrumentRow& row : m_instruments) m_choice->addItem(QString::fromStdString(row.symbol));
        if (!m_instruments.empty() && !m_instrument.id) setInstrument(m_instruments.front());
    }));
}

void MarketView::setInstrument(const api::InstrumentRow& instrument) {
    m_instrument = instrument;
    m_book->setInstrument(instrument);
    m_ticket->setInstrument(instrument);
    shown();
}

void MarketView::loadBook() {
    session().book(m_instrument.id, BookModel::kLevels,
                   ask(this, m_banner, [this](std::vector<api::BookRow> rows) { m_book->setBook(rows, m_myPrices); }));
}

void MarketView::loadTrades() {
    session().trades(m_instrument.id, 200, ask(this, m_banner, [this](std::vector<api::TradeRow> rows) {
                         m_tradeRows->setTrades(m_instrument, std::move(rows));
                         const auto& trades = m_tradeRows->rows();
                         m_last->setText(trades.empty() ? QString() : units().text(trades.front().price));
                     }));
}

void MarketView::loadOrders() {
    session().orders(ask(this, m_banner, [this](std::vector<api::OrderRow> rows) {
        m_orderRows->setOrders(m_instrument, std::move(rows));
        m_myPrices.clear();
        for (const api::OrderRow& order : m_orderRows->rows()) m_myPrices.insert(order.price.value);
        m_cancelAll->setEnabled(!m_orderRows->rows().empty());
        m_cancel->setEnabled(m_orders->selectedRow() >= 0);
        loadBook();
    }));
}

void MarketView::loadFills() {
    session().instructions(200, ask(this, m_banner, [this](std::vector<api::InstructionRow> rows) {
                               m_fillRows->setFills(m_instrument, std::move(rows));
                           }));
}

void MarketView::loadBalances() {
    session().balances(ask(this, m_banner, [this](std::vector<api::BalanceRow> rows) { m_ticket->setBalances(rows); }));
}

void MarketView::cancelSelected() {
    const int row = m_orders->selectedRow();
    if (row < 0) return;
    m_cancel->setEnabled(false);
    session().cancelOrder(m_orderRows->rows()[static_cast<std::size_t>(row)].id, ask(this, m_banner, [this] {
                              loadOrders();
                              loadBalances();
                          }));
}

void MarketView::cancelAll() {
    m_cancelAll->setEnabled(false);
    const std::vector<api::OrderRow> open = m_orderRows->rows();
    for (const api::OrderRow& order : open)
        session().cancelOrder(order.id, ask(this, m_banner, [this] {
                                  loadOrders();
                                  loadBalances();
                              }));
}

} // namespace tallylock::ui
