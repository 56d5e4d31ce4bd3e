// The market's forms as a person uses them, by mouse and keyboard: every type of order, what it is reckoned to cost,
// the book with it, changing, cancelling all by holding a button, and a market that is halted.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/HoldButton.h"
#include "ui/market/BookModel.h"
#include "ui/market/ChangeOrder.h"
#include "ui/market/MarketView.h"
#include "ui/market/OrderEstimate.h"
#include "ui/market/OrderTicket.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>

using namespace tallylock;
using namespace tallylock::ui;
using api::OrderType;
using api::Problem;
using api::Side;

namespace {

/// Chooses with the keyboard.
void choose(QWidget& in, const char* box, const char* text) {
    auto* choices = named<QComboBox>(in, box);
    choices->setFocus();
    QTest::keyClick(choices, Qt::Key_Home);
    for (int i = 0; i < choices->count() && choices->currentText() != QString::fromUtf8(text); ++i)
        QTest::keyClick(choices, Qt::Key_Down);
    QCOMPARE(choices->currentText(), QString::fromUtf8(text));
}

api::InstrumentRow market() {
    api::InstrumentRow row = stubInstrument();
    row.minimum = btc("0.001");
    row.maximum = btc("10");
    row.makerBasisPoints = 10;
    row.takerBasisPoints = 25;
    row.collarBasisPoints = 1000;
    row.reference = usd("100");
    return row;
}

/// Bids 99 and 98, asks 101 and 102, one coin each.
std::vector<api::BookRow> book() {
    return {{Side::Buy, usd("99"), btc("1"), 1},
            {Side::Buy, usd("98"), btc("1"), 1},
            {Side::Sell, usd("101"), btc("1"), 1},
            {Side::Sell, usd("102"), btc("1"), 1}};
}

api::OrderRequest order(Side side, OrderType type, const char* price, const char* quantity, const char* stop = "0") {
    return {{1}, side, usd(price), btc(quantity), 0, type, usd(stop)};
}

api::OrderRow open(std::uint64_t id, Side side, const char* price, const char* quantity) {
    api::OrderRow row;
    row.id = {id};
    row.instrument = {1};
    row.side = side;
    row.price = usd(price);
    row.quantity = btc(quantity);
    row.filled = btc("0");
    row.stopPrice = row.filledFiat = row.fees = row.averagePrice = usd("0");
    row.placedMs = 1'790'000'000'000;
    return row;
}

} // namespace

class TestMarketView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() {
        begin();
        m_session->instrumentRow = market();
        m_session->bookRows = book();
    }
    void cleanup() { end(); }

    void estimatesAreRefusedByName_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("price");
        QTest::addColumn<QString>("quantity");
        QTest::addColumn<QString>("stop");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, OrderType type, const char* price, const char* quantity, const char* stop,
                            Problem problem) {
            QTest::newRow(name) << static_cast<int>(type) << price << quantity << stop << static_cast<int>(problem);
        };
        row("no price", OrderType::Limit, "0", "1", "0", Problem::AmountZero);
        row("off the tick", OrderType::Limit, "100.001", "1", "0", Problem::PriceNotOnTick);
        row("off the lot", OrderType::Market, "0", "1.000001", "0", Problem::QuantityNotOnLot);
        row("too small", OrderType::Limit, "100", "0.0005", "0", Problem::OrderTooSmall);
        row("too large", OrderType::Limit, "100", "10.00001", "0", Problem::OrderTooLarge);
        row("no stop", OrderType::StopLimit, "100", "1", "0", Problem::AmountZero);
        row("stop off the tick", OrderType::StopLimit, "100", "1", "99.999", Problem::PriceNotOnTick);
    }
    void estimatesAreRefusedByName() {
        QFETCH(int, type);
        QFETCH(QString, price);
        QFETCH(QString, quantity);
        QFETCH(QString, stop);
        QFETCH(int, problem);
        const auto found = estimateOrder(
            market(), book(),
            order(Side::Buy, static_cast<OrderType>(type), qPrintable(price), qPrintable(quantity), qPrintable(stop)));
        QVERIFY(!found.ok());
        QCOMPARE(static_cast<int>(found.error()), problem);
    }

    void estimatesAreExact() {
        // One coin at 101, half a one at 102; the fee of each is rounded up once.
        auto found = estimateOrder(market(), book(), order(Side::Buy, OrderType::Limit, "102", "1.5"));
        QVERIFY(found.ok() && !found->warning);
        QVERIFY(found->trades == btc("1.5") && found->cost == usd("152") && found->rests.isZero());
        QVERIFY(found->average == usd("101.33333333"));
        QVERIFY(found->total == usd("153") && found->fee == usd("0.38"));
        QVERIFY(found->held == usd("153.3825")); // at its own price and the dearer rate
        // What is left stays, as a maker.
        found = estimateOrder(market(), book(), order(Side::Sell, OrderType::Limit, "99", "3"));
        QVERIFY(found.ok() && found->trades == btc("1") && found->rests == btc("2"));
        QVERIFY(found->fee == usd("0.4455") && found->held == btc("3"));
        // A market order costs what it trades; beyond the book there is nothing, and beyond the collar neither.
        found = estimateOrder(market(), book(), order(Side::Buy, OrderType::Market, "0", "5"));
        QVERIFY(found.ok() && found->trades == btc("2") && found->total == usd("203") && found->rests.isZero());
        QVERIFY(found->held == usd("203.5075"));
        auto narrow = market();
        narrow.collarBasisPoints = 100;
        found = estimateOrder(narrow, book(), order(Side::Buy, OrderType::Market, "0", "5"));
        QVERIFY(found.ok() && found->trades == btc("1"));
        found = estimateOrder(market(), {}, order(Side::Buy, OrderType::Market, "0", "5"));
        QVERIFY(found.ok() && found->held.isZero() && found->total.isZero());
        // A stop order trades nothing yet, and is held as a limit order.
        found = estimateOrder(market(), book(), order(Side::Buy, OrderType::StopLimit, "102", "1", "101"));
        QVERIFY(found.ok() && found->trades.isZero() && found->rests == btc("1"));
        QVERIFY(found->held == usd("102.255") && found->fee == usd("0.255"));
    }

    void estimatesWarn() {
        const auto warning = [](OrderType type, const char* price, const char* quantity) {
            const auto found = estimateOrder(market(), book(), order(Side::Buy, type, price, quantity));
            return found && found->warning ? *found->warning : Problem::kCount;
        };
        QCOMPARE(warning(OrderType::Limit, "110", "1"), Problem::kCount);
        QCOMPARE(warning(OrderType::Limit, "110.01", "1"), Problem::PriceOutsideCollar);
        QCOMPARE(warning(OrderType::PostOnly, "101", "1"), Problem::OrderWouldTrade);
        QCOMPARE(warning(OrderType::PostOnly, "100.99", "1"), Problem::kCount);
        QCOMPARE(warning(OrderType::FillOrKill, "101", "1.001"), Problem::OrderNotFillable);
        QCOMPARE(warning(OrderType::FillOrKill, "102", "2"), Problem::kCount);
    }

    void theLadderShowsTheProspect() {
        const Units units(stubUnits());
        BookModel model(units);
        model.setInstrument(market());
        model.setBook(book(), {}, Prospect{Side::Buy, usd("101"), btc("1"), btc("2")});
        const auto& rows = model.rows();
        const auto spread = static_cast<std::size_t>(model.spreadRow());
        QVERIFY(rows[spread - 1].price == usd("101") && rows[spread - 1].taken > 0 && rows[spread - 2].taken == 0);
        QVERIFY(rows[spread + 1].price == usd("101") && rows[spread + 1].quantity == btc("2"));
        QVERIFY(rows[spread + 1].added == 1000 && rows[spread + 2].added == 0);
        QVERIFY(rows[spread + 2].price == usd("99"));
        QVERIFY(rows[spread].price == usd("2")); // of the book as it is
        // At a level that is there already.
        model.setBook(book(), {}, Prospect{Side::Sell, usd("102"), btc("0"), btc("1")});
        QVERIFY(rows[spread - 2].quantity == btc("2") && rows[spread - 2].added == 500);
        model.setBook({}, {}, Prospect{Side::Sell, usd("102"), btc("0"), btc("1")});
        QVERIFY(model.rows()[spread - 1].added == 1000);
    }

    void everyTypeIsSentAsChosen() {
        OrderTicket ticket(*m_context);
        ticket.setInstrument(market());
        ticket.setBook(book());
        ticket.show();
        auto* price = named<QLineEdit>(ticket, "Order price");
        auto* stop = named<QLineEdit>(ticket, "Stop price");
        QVERIFY(!stop->isVisible());
        choose(ticket, "Order type", "Stop limit");
        QVERIFY(stop->isVisible());
        choose(ticket, "If it meets my own order", "Cancel both");
        QTest::keyClicks(price, QStringLiteral("102"));
        QTest::keyClicks(named<QLineEdit>(ticket, "Order quantity"), QStringLiteral("0.5"));
        QTest::mouseClick(button(ticket, "Place buy order"), Qt::LeftButton);
        QVERIFY(m_session->placed.empty());
        QCOMPARE(ticket.problem(), QStringLiteral("Enter a stop price."));
        QTest::keyClicks(stop, QStringLiteral("101.5"));
        QTest::mouseClick(button(ticket, "Place buy order"), Qt::LeftButton);
        QCOMPARE(m_session->placed.size(), std::size_t{1});
        const auto& sent = m_session->placed[0];
        QVERIFY(sent.type == OrderType::StopLimit && sent.selfTrade == api::SelfTrade::CancelBoth);
        QVERIFY(sent.stopPrice == usd("101.5") && sent.price == usd("102") && sent.quantity == btc("0.5"));

        choose(ticket, "Order type", "Market");
        QVERIFY(!stop->isVisible() && !price->isEnabled());
        QTRY_VERIFY(button(ticket, "Place buy order")->isEnabled());
        QTest::mouseClick(button(ticket, "Place buy order"), Qt::LeftButton);
        QCOMPARE(m_session->placed.size(), std::size_t{2});
        QVERIFY(m_session->placed[1].type == OrderType::Market && m_session->placed[1].price.isZero());
        QVERIFY(m_session->placed[1].stopPrice.isZero());
    }

    void theTicketSaysWhatWillHappen() {
        OrderTicket ticket(*m_context);
        ticket.setInstrument(market());
        ticket.setBook(book());
        ticket.show();
        QTest::keyClicks(named<QLineEdit>(ticket, "Order price"), QStringLiteral("102"));
        QTest::keyClicks(named<QLineEdit>(ticket, "Order quantity"), QStringLiteral("1.5"));
        const auto says = [&](const char* name) { return plain(named<QLabel>(ticket, name)->text()); };
        QCOMPARE(says("Total"), QStringLiteral("153.00 USD"));
        QVERIFY(says("At once").startsWith(QStringLiteral("1.5")) &&
                says("At once").contains(QStringLiteral("101.33")));
        QCOMPARE(says("Fee at most"), QStringLiteral("0.38 USD"));
        QCOMPARE(says("Will be held"), QStringLiteral("153.3825 USD"));
        choose(ticket, "Order type", "Post only");
        QVERIFY(shows(ticket, "would trade at once"));
        m_session->orderAnswer = Err(api::Refusal{Problem::OrderWouldTrade, {}});
        QTest::mouseClick(button(ticket, "Place buy order"), Qt::LeftButton); // the coordinator decides
        QCOMPARE(m_session->placed.size(), std::size_t{1});
        QTRY_VERIFY(button(ticket, "Place buy order")->isEnabled());
        QVERIFY(shows(ticket, "would trade at once"));
    }

    void whatBecameOfAnOrderIsTold() {
        OrderTicket ticket(*m_context);
        ticket.setInstrument(market());
        ticket.show();
        QSignalSpy placed(&ticket, &OrderTicket::placed);
        const auto answerWith = [&](api::OrderState state, const char* filled) {
            api::OrderRow row = open(7, Side::Buy, "100", "1");
            row.state = state;
            row.filled = btc(filled);
            row.averagePrice = usd("99.5");
            m_session->orderAnswer = row;
            auto* quantity = named<QLineEdit>(ticket, "Order quantity");
            quantity->clear();
            QTest::keyClicks(quantity, QStringLiteral("1"));
            const auto before = placed.count();
            QTest::mouseClick(button(ticket, "Place buy order"), Qt::LeftButton);
            QTRY_COMPARE(placed.count(), before + 1);
        };
        QTest::keyClicks(named<QLineEdit>(ticket, "Order price"), QStringLiteral("100"));
        answerWith(api::OrderState::Filled, "1");
        QVERIFY(shows(ticket, "Filled at once") && shows(ticket, "99.50 USD"));
        answerWith(api::OrderState::Open, "0.5");
        QVERIFY(shows(ticket, "the rest is in the book"));
        answerWith(api::OrderState::Cancelled, "0.5");
        QVERIFY(shows(ticket, "the rest was cancelled"));
        answerWith(api::OrderState::Cancelled, "0");
        QVERIFY(shows(ticket, "Nothing could be traded"));
        answerWith(api::OrderState::Waiting, "0");
        QVERIFY(shows(ticket, "waits for its stop price"));
    }

    void aHaltedMarketSaysSo() {
        m_session->orderRows = {open(1, Side::Buy, "99", "1")};
        m_session->instrumentRow.halted = true;
        MarketView view(*m_context);
        view.resize(1200, 760);
        view.show();
        QTRY_VERIFY(shows(view, "This market is halted"));
        QVERIFY(shows(view, "Halted"));
        auto* orders = named<QTableView>(view, "My open orders");
        QTRY_COMPARE(orders->model()->rowCount(), 1);
        orders->selectRow(0);
        QVERIFY(!button(view, "Place buy order")->isEnabled());
        QVERIFY(!button(view, "Change order…")->isEnabled());
        QVERIFY(button(view, "Cancel order")->isEnabled());
        m_session->instrumentRow.halted = false;
        m_session->tell(api::Topic::Book);
        QTRY_VERIFY(!shows(view, "This market is halted"));
        QVERIFY(button(view, "Place buy order")->isEnabled() && button(view, "Change order…")->isEnabled());
    }

    void aBusyMarketIsPictured() {
        for (int i = 1; i <= 7; ++i) {
            m_session->bookRows.insert(m_session->bookRows.begin() + i + 1,
                                       {Side::Buy, usd(qPrintable(QString::number(98 - i))), btc("0.5"), 1});
            m_session->bookRows.push_back({Side::Sell, usd(qPrintable(QString::number(102 + i))), btc("0.75"), 2});
        }
        api::OrderRow stop = open(2, Side::Sell, "97.5", "0.25");
        stop.type = OrderType::StopLimit;
        stop.state = api::OrderState::Waiting;
        stop.stopPrice = usd("98");
        api::OrderRow partly = open(3, Side::Buy, "99", "1");
        partly.filled = btc("0.3");
        partly.averagePrice = usd("98.76543");
        m_session->orderRows = {open(1, Side::Buy, "99", "1"), stop, partly};
        m_session->balanceRows = {{money::kUsd, usd("20000"), usd("0"), usd("0")}};
        MarketView view(*m_context);
        view.resize(940, 700); // what the first window leaves for a view
        view.show();
        QTRY_COMPARE(named<QTableView>(view, "My open orders")->model()->rowCount(), 3);
        QTest::keyClicks(named<QLineEdit>(view, "Order price"), QStringLiteral("101"));
        QTest::keyClicks(named<QLineEdit>(view, "Order quantity"), QStringLiteral("1.5"));
        leavePictures(view, QStringLiteral("market"));
        m_session->instrumentRow.halted = true;
        choose(view, "Order type", "Stop limit");
        m_session->tell(api::Topic::Book);
        QTRY_VERIFY(shows(view, "This market is halted"));
        leavePictures(view, QStringLiteral("market-halted"));
    }

    void anOrderIsChanged() {
        api::OrderRow row = open(7, Side::Buy, "99", "1");
        row.filled = btc("0.25");
        ChangeOrder dialog(*m_context, market(), row);
        QSignalSpy changed(&dialog, &ChangeOrder::changed);
        dialog.show();
        auto* quantity = named<QLineEdit>(dialog, "New quantity");
        quantity->selectAll();
        QTest::keyClicks(quantity, QStringLiteral("0.5000001"));
        QTest::mouseClick(button(dialog, "Change order"), Qt::LeftButton);
        QVERIFY(m_session->replaced.empty());
        quantity->selectAll();
        QTest::keyClicks(quantity, QStringLiteral("0.2"));
        m_session->orderAnswer = Err(api::Refusal{Problem::QuantityAlreadyFilled, {}});
        QTest::mouseClick(button(dialog, "Change order"), Qt::LeftButton);
        QTRY_VERIFY(shows(dialog, "filled already"));
        QVERIFY(dialog.isVisible());
        quantity->selectAll();
        QTest::keyClicks(quantity, QStringLiteral("0.5"));
        m_session->orderAnswer = row;
        QTest::keyClick(quantity, Qt::Key_Tab);
        QTest::mouseClick(button(dialog, "Change order"), Qt::LeftButton);
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(!dialog.isVisible());
        const auto& sent = m_session->replaced.back();
        QVERIFY(sent.first == OrderId{7} && !sent.second.price && !sent.second.stopPrice);
        QVERIFY(*sent.second.quantity == btc("0.5"));
    }

    /// The chosen order is filled: a key that was pressed for it must not hit the one that takes its row.
    void aRowThatGoesLeavesNothingChosen() {
        m_session->orderRows = {open(1, Side::Buy, "99", "1"), open(2, Side::Buy, "98", "1"),
                                open(3, Side::Buy, "97", "1")};
        MarketView view(*m_context);
        view.resize(1200, 760);
        view.show();
        auto* orders = named<QTableView>(view, "My open orders");
        QTRY_COMPARE(orders->model()->rowCount(), 3);
        orders->setFocus();
        orders->selectRow(1);
        QVERIFY(button(view, "Cancel order")->isEnabled());
        m_session->orderRows.erase(m_session->orderRows.begin() + 1);
        m_session->tell(api::Topic::Orders);
        QTRY_COMPARE(orders->model()->rowCount(), 2);
        QVERIFY(!button(view, "Cancel order")->isEnabled());
        QTest::keyClick(orders, Qt::Key_Delete);
        QTest::qWait(20);
        QVERIFY(m_session->cancelled.empty());
        // One that stays is still chosen when its row moves: the newest, above it, goes.
        orders->selectRow(1);
        m_session->orderRows.pop_back();
        m_session->tell(api::Topic::Orders);
        QTRY_COMPARE(orders->model()->rowCount(), 1);
        QVERIFY(button(view, "Cancel order")->isEnabled());
        // What was refused can be tried again.
        QTest::mouseClick(button(view, "Cancel order"), Qt::LeftButton);
        QTRY_COMPARE(m_session->cancelled.size(), std::size_t{1});
        QTRY_VERIFY(button(view, "Cancel order")->isEnabled());
        QVERIFY(m_session->cancelled.front() == OrderId{1});
    }

    void allAreCancelledByHolding() {
        m_session->orderRows = {open(1, Side::Buy, "99", "1"), open(2, Side::Buy, "98", "1")};
        m_session->orderRows.push_back(open(3, Side::Sell, "150", "1"));
        m_session->orderRows.back().state = api::OrderState::Cancelled;
        m_session->orderRows.back().cause = api::CancelCause::SelfTrade;
        m_session->cancelAllAnswer = std::uint64_t{2};
        MarketView view(*m_context);
        view.resize(1200, 760);
        view.show();
        QTRY_COMPARE(named<QTableView>(view, "My open orders")->model()->rowCount(), 2);
        auto* past = named<QTableView>(view, "My past orders")->model();
        QCOMPARE(past->rowCount(), 1);
        QCOMPARE(past->index(0, past->columnCount() - 1).data().toString(), QStringLiteral("Met an own order"));
        auto* hold = named<QPushButton>(view, "Cancel all orders");
        QTest::mouseClick(hold, Qt::LeftButton); // a mere click
        QTest::qWait(50);
        QVERIFY(m_session->cancelledAll.empty());
        QTest::mousePress(hold, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_session->cancelledAll.size(), std::size_t{1}, 20'000);
        QTest::mouseRelease(hold, Qt::LeftButton);
        QVERIFY(m_session->cancelledAll[0] == InstrumentId{1});
        QTRY_VERIFY(shows(view, "2 order(s) cancelled") || shows(view, "2 orders cancelled"));
        hold->setFocus();
        QTest::keyPress(hold, Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(m_session->cancelledAll.size(), std::size_t{2}, 20'000);
        QTest::keyRelease(hold, Qt::Key_Space);
    }
};

QTEST_MAIN(TestMarketView)
#include "tst_market_view.moc"
