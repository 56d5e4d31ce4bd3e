// The order ticket and the ladder under it: exact totals, figures on the point, and nothing sent that is wrong. The
// ticket is driven as a person drives it, by the accessible names of its fields.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/market/BookModel.h"
#include "ui/market/OrderTicket.h"
#include "ui/market/OrderTotal.h"

#include <QLineEdit>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

Q_DECLARE_METATYPE(tallylock::api::Problem)

class TestMarketModels : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void totalIsExactOrRefused_data();
    void totalIsExactOrRefused();
    void ladderStandsRoundTheSpread();
    void ladderOfNobodyIsEmpty();
    void barsNeverLeaveTheirCell();
    void ticketSendsNothingThatIsWrong_data();
    void ticketSendsNothingThatIsWrong();
    void ticketSendsExactAmounts();
};

void TestMarketModels::totalIsExactOrRefused_data() {
    QTest::addColumn<QString>("price");
    QTest::addColumn<QString>("quantity");
    QTest::addColumn<QString>("total"); // empty: refused
    QTest::addColumn<Problem>("problem");
    QTest::newRow("no price") << "0"
                              << "1"
                              << "" << Problem::AmountZero;
    QTest::newRow("no quantity") << "61000"
                                 << "0"
                                 << "" << Problem::AmountZero;
    QTest::newRow("between ticks") << "61000.005"
                                   << "1"
                                   << "" << Problem::PriceNotOnTick;
    QTest::newRow("between lots") << "61000"
                                  << "0.000001"
                                  << "" << Problem::QuantityNotOnLot;
    QTest::newRow("beyond all numbers") << "1000000000000000000000000000"
                                        << "1"
                                        << "" << Problem::AmountOverflow;
    QTest::newRow("smallest") << "0.01"
                              << "0.00001"
                              << "0.0000001" << Problem::Internal;
    QTest::newRow("below the cent") << "61000.01"
                                    << "0.00001"
                                    << "0.6100001" << Problem::Internal;
    QTest::newRow("one third of a float") << "0.1"
                                          << "0.3"
                                          << "0.03" << Problem::Internal;
    QTest::newRow("more than 53 bits") << "90071992547409.93"
                                       << "1.00001"
                                       << "90072893267335.4040993" << Problem::Internal;
}

void TestMarketModels::totalIsExactOrRefused() {
    QFETCH(QString, price);
    QFETCH(QString, quantity);
    QFETCH(QString, total);
    QFETCH(Problem, problem);
    const auto answer = orderTotal(stubInstrument(), usd(qPrintable(price)), btc(qPrintable(quantity)));
    QCOMPARE(answer.ok(), !total.isEmpty());
    if (answer)
        QCOMPARE(QString::fromStdString(money::formatDecimal(answer->value, 8)), total);
    else
        QCOMPARE(answer.error(), problem);
}

void TestMarketModels::ladderStandsRoundTheSpread() {
    std::vector<api::BookRow> book;
    for (int i = 0; i < 15; ++i)
        book.push_back({api::Side::Buy, usd(qPrintable(QString::number(100 - i))), btc("0.5"), 1});
    book.push_back({api::Side::Sell, usd("103"), btc("2"), 1});
    book.push_back({api::Side::Sell, usd("104"), btc("1"), 1});
    const Units units(stubUnits());
    BookModel model(units);
    model.setInstrument(stubInstrument());
    model.setBook(book, {usd("99").value});

    const auto& rows = model.rows();
    QCOMPARE(rows.size(), std::size_t{2 * BookModel::kLevels + 1});
    const auto spread = static_cast<std::size_t>(model.spreadRow());
    QCOMPARE(rows[spread].kind, LadderRow::Kind::Spread);
    QVERIFY(rows[spread].price == usd("3"));
    QVERIFY(rows[spread - 1].price == usd("103")); // asks rise upwards
    QVERIFY(rows[spread - 2].price == usd("104"));
    QVERIFY(rows[spread - 2].sum == btc("3"));
    QCOMPARE(rows[spread - 3].kind, LadderRow::Kind::Empty);
    QVERIFY(rows[spread + 1].price == usd("100")); // bids fall downwards
    QVERIFY(rows[spread + 10].price == usd("91"));
    QVERIFY(rows[spread + 10].sum == btc("5"));
    QVERIFY(rows[spread + 2].mine);
    QVERIFY(!rows[spread + 1].mine);
    QCOMPARE(rows[spread - 1].bar, 1000);
    QCOMPARE(rows[spread + 1].bar, 250);
    QCOMPARE(pointsOf(model, BookModel::kQuantity).size(), 3); // figures, the word in the spread row, empty rows
}

void TestMarketModels::ladderOfNobodyIsEmpty() {
    const Units units(stubUnits());
    BookModel model(units);
    model.setInstrument(stubInstrument());
    model.setBook({{api::Side::Buy, usd("100"), btc("1"), 1}}, {});
    QVERIFY(model.rows()[BookModel::kLevels].price.isZero()); // one side only: no spread
    model.setBook({}, {});
    QCOMPARE(model.rowCount(), 0);
}

void TestMarketModels::barsNeverLeaveTheirCell() {
    const api::Amount most{money::kInt128Max, money::kBtc};
    QCOMPARE(thousandths(btc("0"), btc("1")), 0);
    QCOMPARE(thousandths(btc("1"), btc("0")), 0);
    QCOMPARE(thousandths(btc("2"), btc("1")), 1000);
    QCOMPARE(thousandths({-1, money::kBtc}, btc("1")), 0);
    QCOMPARE(thousandths(btc("0.00000001"), btc("21000000")), 1); // the smallest is still seen
    QCOMPARE(thousandths(most, most), 1000);
    QCOMPARE(thousandths({most.value / 2, money::kBtc}, most), 500);
}

void TestMarketModels::ticketSendsNothingThatIsWrong_data() {
    QTest::addColumn<QString>("price");
    QTest::addColumn<QString>("quantity");
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("no quantity") << "61000"
                                 << "";
    QTest::newRow("no price") << ""
                              << "1";
    QTest::newRow("zero price") << "0"
                                << "1";
    QTest::newRow("zero quantity") << "61000"
                                   << "0.000";
    QTest::newRow("negative") << "-5"
                              << "1";
    QTest::newRow("words") << "much"
                           << "1";
    QTest::newRow("below the tick") << "61000.001"
                                    << "1";
    QTest::newRow("below the lot") << "61000"
                                   << "0.000001";
    QTest::newRow("overflow") << "61000"
                              << "9999999999999999999999999999999999999999";
    QTest::newRow("group in the wrong place") << "61,00"
                                              << "1";
}

void TestMarketModels::ticketSendsNothingThatIsWrong() {
    QFETCH(QString, price);
    QFETCH(QString, quantity);
    OrderTicket ticket(*m_context);
    ticket.setInstrument(stubInstrument());
    ticket.show();
    QTest::keyClicks(named<QLineEdit>(ticket, "Order price"), price);
    QTest::keyClicks(named<QLineEdit>(ticket, "Order quantity"), quantity);
    press(ticket, "Place buy order");
    QCoreApplication::processEvents();
    QVERIFY(m_session->placed.empty());
    QVERIFY(!ticket.problem().isEmpty());
    QVERIFY(shows(ticket, qPrintable(plain(ticket.problem()))));
    QVERIFY(named<QLabel>(ticket, "Total")->text() == QStringLiteral("—"));
}

void TestMarketModels::ticketSendsExactAmounts() {
    OrderTicket ticket(*m_context);
    ticket.setInstrument(stubInstrument());
    ticket.setBalances({{money::kBtc, btc("1.5"), btc("0"), btc("0")}, {money::kUsd, usd("10"), usd("0"), usd("0")}});
    ticket.show();
    QVERIFY(named<QLabel>(ticket, "Available")->text().startsWith(QStringLiteral("10.00")));
    press(ticket, "Sell");
    QVERIFY(named<QLabel>(ticket, "Available")->text().startsWith(QStringLiteral("1.50000000")));
    QTest::keyClicks(named<QLineEdit>(ticket, "Order price"), QStringLiteral("61,000.01"));
    QTest::keyClicks(named<QLineEdit>(ticket, "Order quantity"), QStringLiteral("0.12345"));
    QVERIFY(named<QLabel>(ticket, "Total")->text().startsWith(QStringLiteral("7,530.4512345")));
    press(ticket, "Place sell order");
    QCOMPARE(m_session->placed.size(), std::size_t{1});
    const api::OrderRequest& order = m_session->placed.front();
    QCOMPARE(order.side, api::Side::Sell);
    QVERIFY(order.price == usd("61000.01"));
    QVERIFY(order.quantity == btc("0.12345"));
    QTRY_VERIFY(shows(ticket, "not available here")); // the answer is told
}

QTEST_MAIN(TestMarketModels)
#include "tst_market_models.moc"
