// Money in and out as a person sees it: deposits and their states, payouts with address book and approval, the
// statement page by page, and the statement as a file whose figures are exact.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/funds/AddressBook.h"
#include "ui/funds/FundsModels.h"
#include "ui/funds/FundsView.h"
#include "ui/funds/StatementCsv.h"
#include "ui/funds/StatementPanel.h"
#include "ui/funds/WithdrawPanel.h"
#include "ui/kit/CodeDialog.h"
#include "ui/kit/PayoutsPanel.h"
#include "ui/kit/TimeText.h"

#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;
using api::WithdrawalState;

namespace {

/// A delta with a minus sign goes down.
api::StatementRow line(std::uint64_t entry, const char* delta, const char* balance) {
    const bool down = *delta == '-';
    api::Amount change = usd(down ? delta + 1 : delta);
    if (down) change.value = -change.value;
    return {{entry}, 1'790'000'000'000, "trade", change, usd(balance)};
}
api::WithdrawalRow payout(std::uint64_t id, WithdrawalState state, bool approve, bool cancel) {
    api::WithdrawalRow row;
    row.id = id;
    row.amount = btc("0.5");
    row.fee = btc("0.0001");
    row.to = "bc1-cold";
    row.state = state;
    row.user = {2};
    row.approvalsNeeded = 1;
    row.mineToApprove = approve;
    row.mineToCancel = cancel;
    return row;
}

} // namespace

class TestFundsView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany)); // a comma as decimal sign
        applyTheme(*qApp, Brightness::Light);
        QVERIFY(m_folder.isValid());
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void csvFieldsAreQuoted() {
        QCOMPARE(csvField("plain"), QByteArray("plain"));
        QCOMPARE(csvField("a,b"), QByteArray("\"a,b\""));
        QCOMPARE(csvField("say \"x\""), QByteArray("\"say \"\"x\"\"\""));
        QCOMPARE(csvField("a\r\nb"), QByteArray("\"a\r\nb\""));
        QCOMPARE(csvField(""), QByteArray(""));
    }

    void csvFiguresAreExact() {
        const api::UnitRow dollars = stubUnits()[1];
        api::StatementRow row = line(7, "1", "0");
        row.delta = {-1, money::kUsd}; // the smallest there is
        row.balance = {(money::Int128{1} << 100) + 1, money::kUsd};
        row.reason = "odd, \"reason\"";
        QCOMPARE(statementCsvLine(row, dollars),
                 QByteArray("7,2026-09-21T14:13:20.000Z,\"odd, \"\"reason\"\"\",-0.00000001,"
                            "12676506002282294014967.03205377,USD\r\n"));
        QCOMPARE(statementCsvHeader(), QByteArray("entry,time,reason,change,balance,unit\r\n"));
    }

    void theStatementIsPaged() {
        m_session->statementPages[0] = {{line(9, "-1", "7"), line(8, "2", "8")}, 80};
        m_session->statementPages[80] = {{line(5, "3", "6")}, 50};
        m_session->statementPages[50] = {{line(1, "3", "3")}, 0};
        Banner banner;
        StatementPanel panel(*m_context, &banner);
        panel.show();
        panel.setUnit(money::kUsd);
        auto* rows = named<QTableView>(panel, "Statement")->model();
        auto* older = button(panel, "Show older entries");
        QTRY_COMPARE(rows->rowCount(), 2);
        QVERIFY(older->isEnabled());
        QTest::mouseClick(older, Qt::LeftButton);
        QTRY_COMPARE(rows->rowCount(), 3);
        // What is new comes on top of what is there, and nothing is asked for twice.
        m_session->statementPages[0] = {{line(10, "1", "8"), line(9, "-1", "7")}, 90};
        panel.refresh();
        QTRY_COMPARE(rows->rowCount(), 4);
        QCOMPARE(rows->index(0, StatementModel::kEntry).data().toString(), QStringLiteral("10"));
        QTest::mouseClick(older, Qt::LeftButton);
        QTRY_COMPARE(rows->rowCount(), 5);
        QVERIFY(!older->isEnabled());
        QVERIFY(m_session->pagesAsked == (std::vector<std::uint64_t>{0, 80, 0, 50}));
        // So much is new that a page is missing between: begin again rather than leave a hole.
        m_session->statementPages[0] = {{line(99, "1", "9")}, 98};
        panel.refresh();
        QTRY_COMPARE(rows->rowCount(), 1);
        QVERIFY(older->isEnabled());
    }

    void theStatementIsExportedWhole() {
        m_session->statementPages[0] = {{line(9, "-1", "7"), line(8, "2", "8")}, 80};
        m_session->statementPages[80] = {{line(5, "3.5", "6")}, 0};
        Banner banner;
        StatementPanel panel(*m_context, &banner);
        panel.setUnit(money::kUsd);
        const QString path = m_folder.filePath(QStringLiteral("statement.csv"));
        panel.exportTo(path);
        QTRY_VERIFY(banner.text().contains(QStringLiteral("saved")));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QCOMPARE(text.count("\r\n"), 4);
        QVERIFY(text.contains("\r\n5,2026-09-21T14:13:20.000Z,trade,3.5,6,USD\r\n") ||
                text.contains("\r\n5,2026-09-21T14:13:20.000Z,trade,3.50,6.00,USD\r\n"));
        QVERIFY(button(panel, "Export as CSV…")->isEnabled());
    }

    void aFailedExportLeavesNothing() {
        m_session->statementPages[0] = {{line(9, "-1", "7")}, 80}; // the next page is refused
        Banner banner;
        StatementPanel panel(*m_context, &banner);
        panel.setUnit(money::kUsd);
        const QString path = m_folder.filePath(QStringLiteral("half.csv"));
        panel.exportTo(path);
        QTRY_VERIFY(button(panel, "Export as CSV…")->isEnabled());
        QVERIFY(!banner.text().isEmpty() && !QFile::exists(path));
        panel.exportTo(m_folder.filePath(QStringLiteral("no such folder/x.csv")));
        QTRY_VERIFY(banner.text().contains(QStringLiteral("could not be written")));
    }

    void depositsSayHowTheyStand() {
        const Units units(stubUnits());
        IncomingModel model(units);
        api::IncomingRow row{"practice", {}, 0, btc("1"), "addr", 2, 6, api::DepositState::Pending, 4};
        const auto text = [&] {
            model.setDeposits({row});
            return model.index(0, IncomingModel::kState).data().toString();
        };
        QCOMPARE(text(), QStringLiteral("Pending, 2 of 6 confirmations"));
        row.state = api::DepositState::Credited;
        QCOMPARE(text(), QStringLiteral("Credited"));
        row.state = api::DepositState::Suspense;
        QVERIFY(text().contains(QStringLiteral("suspense")));
        row.state = api::DepositState::Reversed;
        QCOMPARE(text(), QStringLiteral("Taken back"));
        QCOMPARE(model.index(0, IncomingModel::kIdentifier).data().toString(), QStringLiteral("addr"));
    }

    void aPayoutIsAskedForByHolding() {
        m_session->money.fees = {btc("0.0001")};
        m_session->money.policyRow.policy.approvals = 1;
        WithdrawPanel panel(*m_context);
        QSignalSpy requested(&panel, &WithdrawPanel::requested);
        panel.show();
        panel.setUnit(money::kBtc);
        panel.setAvailable(btc("1"));
        auto* ask = named<QPushButton>(panel, "Ask for the payout");
        auto* amount = named<QLineEdit>(panel, "Payout amount");
        QTest::keyClicks(amount, QStringLiteral("0,5"));
        QVERIFY(!ask->isEnabled() && shows(panel, "address book first"));
        panel.setAddresses({{4, money::kUsd, "iban", "Bank", 0}, {7, money::kBtc, "bc1-cold", "Cold store", 0}});
        QCOMPARE(named<QComboBox>(panel, "Pay to")->count(), 1);
        QTRY_VERIFY(ask->isEnabled() && shows(panel, "0,5001"));
        QVERIFY(shows(panel, "must approve"));
        amount->clear();
        QTest::keyClicks(amount, QStringLiteral("0,99995")); // with the fee it is more than there is
        QVERIFY(!ask->isEnabled() && shows(panel, "with the fee this is more"));
        amount->clear();
        QTest::keyClicks(amount, QStringLiteral("0,5"));
        QTest::mouseClick(ask, Qt::LeftButton); // a mere click
        QTest::qWait(30);
        QVERIFY(m_session->money.requested.empty());
        m_session->money.numberAnswer = Err(api::Refusal{Problem::TooNew, {}});
        QVERIFY(hold(ask, [&] { return m_session->money.requested.size() == 1; }));
        QTRY_VERIFY(shows(panel, "too new"));
        QVERIFY(requested.isEmpty() && amount->text() == QStringLiteral("0,5"));
        m_session->money.numberAnswer = std::uint64_t{12};
        QTRY_VERIFY(ask->isEnabled());
        QVERIFY(hold(ask, [&] { return requested.count() == 1; }));
        QVERIFY(m_session->money.requested.back() == std::pair(std::uint64_t{7}, btc("0.5")));
        QVERIFY(shows(panel, "Payout 12 waits for approval") && amount->text().isEmpty());
    }

    void payoutsAreApprovedAndCancelled() {
        m_session->accountInfo.users = {{{2}, "Tess", {}, api::kTreasurer, {}, {}}};
        m_session->money.payoutRows = {payout(3, WithdrawalState::Requested, true, true),
                                       payout(2, WithdrawalState::Paying, false, false),
                                       payout(1, WithdrawalState::Sent, false, false)};
        m_session->money.payoutRows[2].user = {}; // nobody has asked for it
        m_session->money.payoutRows[2].sale = {12};
        m_session->money.actAnswer = api::Answer<void>();
        Banner banner;
        PayoutsPanel panel(PayoutsPanel::Which::All, *m_context, &banner);
        panel.resize(900, 300);
        panel.show();
        panel.refresh();
        auto* table = named<QTableView>(panel, "Payouts");
        QTRY_COMPARE(table->model()->rowCount(), 3);
        const auto text = [&](int row, int column) { return table->model()->index(row, column).data().toString(); };
        QCOMPARE(text(0, PayoutModel::kState), QStringLiteral("Waits for approval"));
        QCOMPARE(text(0, PayoutModel::kAskedBy), QStringLiteral("Tess"));
        QCOMPARE(text(1, PayoutModel::kState), QStringLiteral("Being paid"));
        QCOMPARE(text(2, PayoutModel::kAskedBy), QStringLiteral("Refund of sale 12"));
        auto* approve = named<QPushButton>(panel, "Approve payout");
        auto* cancel = button(panel, "Cancel payout");
        QVERIFY(!approve->isEnabled() && !cancel->isEnabled());
        table->selectRow(1);
        QVERIFY(!approve->isEnabled() && !cancel->isEnabled());
        table->selectRow(0);
        QVERIFY(approve->isEnabled() && cancel->isEnabled());
        QVERIFY(hold(approve, [&] { return !m_session->money.acts.empty(); }));
        m_session->money.actAnswer.reset(); // refused, it may be tried again
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTRY_VERIFY(!banner.text().isEmpty() && cancel->isEnabled());
        m_session->money.actAnswer = api::Answer<void>();
        QTest::mouseClick(cancel, Qt::LeftButton);
        QVERIFY(m_session->money.acts == (std::vector<std::string>{"approve 3", "cancel 3", "cancel 3"}));
        QTRY_VERIFY(banner.text().contains(QStringLiteral("cancelled")));

        PayoutsPanel mine(PayoutsPanel::Which::WaitingForMe, *m_context, &banner);
        QSignalSpy counted(&mine, &PayoutsPanel::counted);
        mine.refresh();
        QTRY_COMPARE(counted.count(), 1);
        QCOMPARE(counted[0][0].toInt(), 1);
    }

    /// Where the rules want one; whoever gives none, or a wrong one, is told and may try again.
    void aCodeIsAskedFor() {
        m_session->money.payoutRows = {payout(3, WithdrawalState::Requested, true, true)};
        m_session->money.actAnswer = Err(api::Refusal{Problem::CodeMissing, {}});
        Banner banner;
        PayoutsPanel panel(PayoutsPanel::Which::All, *m_context, &banner);
        panel.resize(900, 300);
        panel.show();
        panel.refresh();
        auto* table = named<QTableView>(panel, "Payouts");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        table->selectRow(0);
        auto* approve = named<QPushButton>(panel, "Approve payout");
        const auto asked = [&] { return panel.findChild<CodeDialog*>() != nullptr; };
        QVERIFY(hold(approve, asked));
        panel.findChild<CodeDialog*>()->reject();
        QTRY_VERIFY(banner.text().contains(QStringLiteral("one-time code is needed")) && !asked());
        QVERIFY(m_session->guards.codes.empty());

        QVERIFY(hold(approve, asked));
        auto* dialog = panel.findChild<CodeDialog*>();
        auto* code = named<QLineEdit>(*dialog, "One-time code");
        auto* go = button(*dialog, "Go on");
        QTest::keyClicks(code, QStringLiteral("12x345"));
        QCOMPARE(code->text(), QStringLiteral("12345")); // nothing but digits
        QVERIFY(!go->isEnabled());
        leavePictures(*dialog, QStringLiteral("one-time-code"));
        QTest::keyClicks(code, QStringLiteral("6"));
        m_session->money.actAnswer = api::Answer<void>();
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY(banner.text().contains(QStringLiteral("approved")) && !asked());
        QCOMPARE(m_session->guards.codes, std::vector<std::string>{"123456"});
        QCOMPARE(m_session->money.acts, (std::vector<std::string>{"approve 3", "approve 3", "approve 3"}));
    }

    void addressesWait() {
        Banner banner;
        AddressBook book(*m_context, &banner);
        QSignalSpy changed(&book, &AddressBook::changed);
        book.resize(800, 300);
        book.show();
        book.setUnit(money::kBtc);
        auto* add = button(book, "Add address");
        QTest::mouseClick(add, Qt::LeftButton);
        QVERIFY(m_session->money.addedAddresses.empty() && !banner.text().isEmpty());
        QTest::keyClicks(named<QLineEdit>(book, "Address or account"), QStringLiteral(" bc1-cold "));
        QTest::keyClicks(named<QLineEdit>(book, "Label"), QStringLiteral("Cold store"));
        m_session->money.numberAnswer = Err(api::Refusal{Problem::AddressInvalid, {}});
        QTest::mouseClick(add, Qt::LeftButton);
        QTRY_VERIFY(banner.text().contains(QStringLiteral("cannot be used")));
        m_session->money.numberAnswer = std::uint64_t{1};
        QTest::keyClick(named<QLineEdit>(book, "Label"), Qt::Key_Return);
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(m_session->money.addedAddresses.back() ==
                std::tuple(money::kBtc, std::string("bc1-cold"), std::string("Cold store")));
        book.setAddresses(
            {{1, money::kBtc, "bc1-cold", "Cold store", nowMs() + 3'600'000}, {2, money::kBtc, "b", "", 1}});
        auto* table = named<QTableView>(book, "Address book");
        QVERIFY(table->model()->index(0, AddressModel::kUsable).data().toString().startsWith(QStringLiteral("From ")));
        QCOMPARE(table->model()->index(1, AddressModel::kUsable).data().toString(), QStringLiteral("Now"));
        table->selectRow(1);
        auto* remove = named<QPushButton>(book, "Remove address");
        QTest::mouseClick(remove, Qt::LeftButton); // refused, it may be tried again
        QTRY_VERIFY(remove->isEnabled() && !banner.text().isEmpty());
        m_session->money.actAnswer = api::Answer<void>();
        QTest::mouseClick(remove, Qt::LeftButton);
        QTRY_COMPARE(changed.count(), 2);
        QCOMPARE(m_session->money.acts.back(), std::string("remove address 2"));
    }

    void theViewBringsThemTogether() {
        m_session->balanceRows = {{money::kBtc, btc("1"), btc("0.5"), btc("0")}};
        m_session->money.addressRows = {{7, money::kBtc, "bc1-cold", "Cold store", 0}};
        m_session->money.incomingRows = {{"practice", {}, 0, btc("1"), "a", 6, 6, api::DepositState::Credited, 4}};
        m_session->statementPages[0] = {{line(9, "-1", "7")}, 0};
        FundsView view(*m_context);
        view.resize(940, 700);
        view.show();
        QTRY_COMPARE(named<QTableView>(view, "Deposits")->model()->rowCount(), 1);
        QTRY_COMPARE(named<QComboBox>(view, "Pay to")->currentText(), QStringLiteral("Cold store"));
        QTRY_VERIFY(named<QTableView>(view, "Statement")->model()->rowCount() == 1);
        m_session->money.incomingRows.push_back(
            {"practice", {}, 1, btc("1"), "a", 0, 6, api::DepositState::Pending, 5});
        m_session->tell(api::Topic::Balances);
        QTRY_COMPARE(named<QTableView>(view, "Deposits")->model()->rowCount(), 2);
        m_session->accountInfo.users = {{{2}, "Tess", {}, api::kTreasurer, {}, {}}};
        m_session->money.payoutRows = {payout(3, WithdrawalState::Requested, true, true),
                                       payout(2, WithdrawalState::Failed, false, false),
                                       payout(1, WithdrawalState::Sent, false, false)};
        m_session->tell(api::Topic::Balances);
        QTRY_COMPARE(named<QTableView>(view, "Payouts")->model()->rowCount(), 3);
        auto* lower = named<QTabWidget>(view, "Statement, deposits and payouts");
        named<QTabWidget>(view, "Deposit or pay out")->setCurrentIndex(1);
        QTest::keyClicks(named<QLineEdit>(view, "Payout amount"), QStringLiteral("0,5"));
        for (int page = 0; page < lower->count(); ++page) {
            lower->setCurrentIndex(page);
            leavePictures(view, QStringLiteral("funds-%1").arg(page));
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(TestFundsView)
#include "tst_funds_view.moc"
