// Who is paid: what the seller sees, and what is sent.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/sales/PayeePanel.h"

#include <QLineEdit>

using namespace tallylock;
using namespace tallylock::ui;

namespace {

api::SaleDetail soldBy(std::uint64_t sale = 7) {
    api::SaleDetail detail;
    detail.row.id = {sale};
    detail.row.role = api::SaleRole::Seller;
    detail.row.state = api::SaleState::Seen;
    detail.mayNamePayee = true;
    detail.payee = api::PayeeRow{{3}, "alice"};
    return detail;
}

} // namespace

class TestPayeePanel : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void isThereForWhoeverMayChoose() {
        Banner banner;
        PayeePanel panel(*m_context, &banner);
        panel.setSale(soldBy());
        QVERIFY(!panel.isHidden());
        QVERIFY(shows(panel, "the money goes to account 3, alice"));
        api::SaleDetail paid = soldBy();
        paid.mayNamePayee = false;
        panel.setSale(paid);
        QVERIFY(panel.isHidden());
        panel.setSale({}); // the buyer
        QVERIFY(panel.isHidden());
    }

    void numberAndNameAreSent() {
        Banner banner;
        PayeePanel panel(*m_context, &banner);
        panel.setSale(soldBy());
        panel.show();
        QVERIFY(!button(panel, "Pay this account")->isVisible());
        press(panel, "Pay another account…");
        panel.resize(620, 260);
        leavePictures(panel, QStringLiteral("payee"));
        auto* number = named<QLineEdit>(panel, "Account number");
        auto* name = named<QLineEdit>(panel, "Name of the account");
        QVERIFY(!button(panel, "Pay this account")->isEnabled());
        QTest::keyClicks(number, QStringLiteral("-1x2"));
        QCOMPARE(number->text(), QStringLiteral("12"));
        QVERIFY(!button(panel, "Pay this account")->isEnabled());
        QTest::keyClicks(name, QStringLiteral("  "));
        QVERIFY(!button(panel, "Pay this account")->isEnabled());
        QTest::keyClicks(name, QStringLiteral("River Press "));
        press(panel, "Pay this account");
        QCOMPARE(m_session->payees.size(), std::size_t{1});
        QVERIFY((m_session->payees.front() == api::PayeeRow{{12}, "River Press"}));
        QTRY_VERIFY(shows(banner, "not available here")); // refused: what was typed stays
        QCOMPARE(number->text(), QStringLiteral("12"));
        number->setText(QStringLiteral("0"));
        QVERIFY(!button(panel, "Pay this account")->isEnabled());
    }

    void anotherSaleBeginsAnew() {
        Banner banner;
        PayeePanel panel(*m_context, &banner);
        panel.setSale(soldBy());
        panel.show();
        press(panel, "Pay another account…");
        named<QLineEdit>(panel, "Account number")->setText(QStringLiteral("12"));
        panel.setSale(soldBy()); // news of the same sale
        QCOMPARE(named<QLineEdit>(panel, "Account number")->text(), QStringLiteral("12"));
        panel.setSale(soldBy(8));
        QVERIFY(!named<QLineEdit>(panel, "Account number")->isVisible());
        QVERIFY(named<QLineEdit>(panel, "Account number")->text().isEmpty());
    }
};

QTEST_MAIN(TestPayeePanel)
#include "tst_payee_panel.moc"
