// Balances and statement: the order of the rows, figures on the point, and a new account's first row.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/funds/FundsModels.h"
#include "ui/funds/FundsView.h"

#include <QTabWidget>
#include <QTableView>

using namespace tallylock;
using namespace tallylock::ui;

class TestFundsModels : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void statementIsNewestFirstWithPointsInLine();
    void balancesHavePointsInLine();
    void aNewAccountHasARowToDepositInto();
};

void TestFundsModels::statementIsNewestFirstWithPointsInLine() {
    const Units units(stubUnits());
    StatementModel model(units);
    model.setStatement({{{4}, 40, "trade", usd("0.5"), usd("1000.125")},
                        {{9}, 90, "payout", usd("12345.67"), usd("13345.29500001")},
                        {{5}, 50, "never heard of", {-usd("3").value, money::kUsd}, usd("999.5")}});
    QCOMPARE(model.rows()[0].entry.value, std::uint64_t{9});
    QCOMPARE(model.rows()[2].entry.value, std::uint64_t{4});
    QCOMPARE(pointsOf(model, StatementModel::kChange).size(), 1);
    QCOMPARE(pointsOf(model, StatementModel::kBalance).size(), 1);
    QCOMPARE(model.index(1, StatementModel::kReason).data().toString(), QStringLiteral("Never heard of"));
    QVERIFY(model.index(1, StatementModel::kChange).data().toString().startsWith(QLatin1Char('-')));
    QVERIFY(model.index(0, StatementModel::kChange).data().toString().startsWith(QLatin1Char('+')));
}

void TestFundsModels::balancesHavePointsInLine() {
    const Units units(stubUnits());
    BalanceModel model(units);
    model.setBalances(
        {{money::kBtc, btc("1.25"), btc("0"), btc("0.00000001")}, {money::kUsd, usd("12345.67"), usd("0"), usd("0")}});
    for (const int column : {BalanceModel::kAvailable, BalanceModel::kHeld, BalanceModel::kPending})
        QCOMPARE(pointsOf(model, column).size(), 1);
}

void TestFundsModels::aNewAccountHasARowToDepositInto() {
    FundsView view(*m_context);
    view.resize(900, 700);
    view.show();
    auto* table = named<QTableView>(view, "Balances");
    QTRY_COMPARE(table->model()->rowCount(), 2); // the units of the one market
    QTRY_VERIFY(shows(view, "Deposit BTC"));
    table->selectRow(1);
    QTRY_VERIFY(shows(view, "Deposit USD"));
    const auto* lower = view.findChild<QTabWidget*>();
    QVERIFY(lower);
    QTRY_COMPARE(lower->tabText(0), QStringLiteral("Statement of USD"));
}

QTEST_MAIN(TestFundsModels)
#include "tst_funds_models.moc"
