#include "ui/market/MarketView.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"
#include "ui/market/BookModel.h"
#include "ui/market/LadderDelegate.h"
#include "ui/market/MarketModels.h"
#include "ui/market/OrderTicket.h"
#include "ui/market/OrdersPanel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

/// Of each side: what the ladder shows, and what an order is reckoned against.
constexpr std::uint32_t kDepth = 200;

MarketView::MarketView(Context& context, QWidget* parent)
    : View(context, parent),
      m_book(new BookModel(context.units(), this)),
      m_tradeRows(new TradeModel(context.units(), this)),
      m_choice(new QComboBox),
      m_last(new QLabel),
      m_rates(plainText({}, Rank::Muted)),
      m_haltedBadge(new Badge(tr("Halted"), Badge::Tone::Bad)),
      m_halted(new Banner),
      m_banner(new Banner),
      m_ladder(new Table(tr("Order book"))),
      m_trades(new Table(tr("Recent trades"))),
      m_ticket(new OrderTicket(context)),
      m_mine(new OrdersPanel(context, m_banner)) {
    auto* upper = new QHBoxLayout;
    upper->setSpacing(space::kMedium);
    upper->addWidget(makeTrades(), 1);
    upper->addWidget(makeTicket());
    auto* right = new QVBoxLayout;
    right->setSpacing(space::kMedium);
    right->addLayout(upper, 3);
    right->addWidget(m_mine, 2);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(space::kMedium);
    columns->addWidget(makeLadder());
    columns->addLayout(right, 1);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kPage, space::kTiny, space::kPage, space::kPage);
    layout->setSpacing(space::kMedium);
    layout->addWidget(makeBar());
    layout->addWidget(m_halted);
    layout->addWidget(m_banner);
    layout->addLayout(columns, 1);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scrolledPage(page, QWIDGETSIZE_MAX)); // a small window has no room for all of it

    connect(&context, &Context::changed, this, &MarketView::hear);
    connect(m_ticket, &OrderTicket::edited, this, &MarketView::showBook);
    const auto reload = [this] {
        loadOrders();
        loadBook();
        loadBalances();
    };
    connect(m_ticket, &OrderTicket::placed, this, reload);
    connect(m_mine, &OrdersPanel::changed, this, reload);
    loadInstruments();
}

QWidget* MarketView::makeBar() {
    m_choice->setAccessibleName(tr("Market"));
    m_choice->setMinimumWidth(120);
    m_last->setAccessibleName(tr("Last price"));
    m_rates->setAccessibleName(tr("Fees and bounds"));
    m_rates->setWordWrap(false);
    m_haltedBadge->setVisible(false);
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
    row->addWidget(m_haltedBadge);
    row->addStretch();
    row->addWidget(m_rates);
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
    m_trades->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + space::kSmall); // dense
    return m_trades;
}

QWidget* MarketView::makeTicket() {
    auto* card = new Card;
    card->setFixedWidth(320);
    card->body()->addWidget(m_ticket);
    return card;
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
    case api::Topic::Book:
        loadInstruments(); // it may have been halted, or its reference moved
        loadBook();
        break;
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
        if (m_choice->count() != static_cast<int>(m_instruments.size())) {
            m_choice->clear();
            for (const api::InstrumentRow& row : m_instruments) m_choice->addItem(QString::fromStdString(row.symbol));
        }
        if (!m_instruments.empty() && !m_instrument.id) setInstrument(m_instruments.front());
        for (const api::InstrumentRow& row : m_instruments) {
            const bool same = row.halted == m_instrument.halted && row.reference == m_instrument.reference;
            if (row.id != m_instrument.id || same) continue;
            m_instrument = row;
            showInstrument();
        }
    }));
}

void MarketView::setInstrument(const api::InstrumentRow& instrument) {
    m_instrument = instrument;
    m_book->setInstrument(instrument);
    showInstrument();
    shown();
}

/// What may change while a market is open.
void MarketView::showInstrument() {
    m_ticket->setInstrument(m_instrument);
    m_mine->setInstrument(m_instrument);
    m_haltedBadge->setVisible(m_instrument.halted);
    if (!m_instrument.halted)
        m_halted->clear();
    else if (m_halted->isHidden())
        m_halted->refuse(tr("This market is halted. Nothing is traded or changed; orders can be cancelled."));
    const auto percent = [](std::uint32_t basisPoints) { return moneyText({basisPoints, {}}, 2, 0); };
    QString rates = tr("Fees: maker %1 %, taker %2 %")
                        .arg(percent(m_instrument.makerBasisPoints), percent(m_instrument.takerBasisPoints));
    if (m_instrument.collarBasisPoints != 0 && m_instrument.reference.isPositive())
        rates += QStringLiteral("   ") +
                 tr("Prices: within %1 % of %2")
                     .arg(percent(m_instrument.collarBasisPoints), units().text(m_instrument.reference));
    m_rates->setText(rates);
}

void MarketView::loadBook() {
    session().book(m_instrument.id, kDepth, ask(this, m_banner, [this](std::vector<api::BookRow> rows) {
                       m_levels = std::move(rows);
                       m_ticket->setBook(m_levels); // which shows the book, too
                   }));
}

void MarketView::showBook() { m_book->setBook(m_levels, m_myPrices, m_ticket->prospect()); }

void MarketView::loadTrades() {
    session().trades(m_instrument.id, 200, ask(this, m_banner, [this](std::vector<api::TradeRow> rows) {
                         m_tradeRows->setTrades(m_instrument, std::move(rows));
                         const auto& trades = m_tradeRows->rows();
                         m_last->setText(trades.empty() ? QString() : units().text(trades.front().price));
                     }));
}

void MarketView::loadOrders() {
    session().orders(ask(this, m_banner, [this](const std::vector<api::OrderRow>& rows) {
        m_mine->setOrders(rows);
        m_myPrices.clear();
        for (const api::OrderRow& order : m_mine->live())
            if (order.state == api::OrderState::Open) m_myPrices.insert(order.price.value);
        showBook();
    }));
}

void MarketView::loadFills() {
    session().instructions(
        200, ask(this, m_banner, [this](std::vector<api::InstructionRow> rows) { m_mine->setFills(std::move(rows)); }));
}

void MarketView::loadBalances() {
    session().balances(
        ask(this, m_banner, [this](const std::vector<api::BalanceRow>& rows) { m_ticket->setBalances(rows); }));
}

} // namespace tallylock::ui
