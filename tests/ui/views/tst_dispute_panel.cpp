// What was held back, as buyer and seller see it: the time to look, an objection, statements, a verdict.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/kit/TimeText.h"
#include "ui/sales/DisputePanel.h"

#include <QPlainTextEdit>
#include <QRadioButton>

using namespace tallylock;
using namespace tallylock::ui;

namespace {

/// Five dollars are held back.
api::SaleDetail saleOf(api::SaleRole role, api::SaleState state) {
    api::SaleDetail detail;
    detail.row.id = {7};
    detail.row.role = role;
    detail.row.state = state;
    detail.row.deadlineMs = nowMs() + 3'600'000;
    detail.holdback = usd("5");
    return detail;
}
api::SaleDetail unlocked() {
    api::SaleDetail detail = saleOf(api::SaleRole::Buyer, api::SaleState::Unlocked);
    detail.mayObject = true;
    detail.inspectionEndsMs = detail.row.deadlineMs;
    return detail;
}
api::SaleDetail disputed(api::SaleRole role) {
    api::SaleDetail detail = saleOf(role, api::SaleState::Disputed);
    detail.mayState = true;
    detail.dispute = api::DisputeRow{};
    detail.dispute->statements = {{api::Actor::Buyer, "Page <b>two</b> is missing.", nowMs()}};
    return detail;
}

QPlainTextEdit* statement(QWidget& panel) { return named<QPlainTextEdit>(panel, "Your statement"); }

} // namespace

class TestDisputePanel : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void nothingToSay();
    void theBuyerIsContent();
    void theBuyerObjects();
    void beforeTheFileIsOpened();
    void bothSayWhatTheyHaveToSay();
    void theVerdictIsShown_data();
    void theVerdictIsShown();
    void whatWasTypedStays();
    void tooMuchIsCut();
};

void TestDisputePanel::nothingToSay() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(saleOf(api::SaleRole::Buyer, api::SaleState::WalletOpen));
    QVERIFY(!panel.isVisibleTo(nullptr) && panel.isHidden());
    panel.setSale(saleOf(api::SaleRole::Seller, api::SaleState::Unlocked));
    QVERIFY(panel.isHidden());
}

void TestDisputePanel::theBuyerIsContent() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(unlocked());
    panel.show();
    QVERIFY(shows(panel, "5.00 USD of the price is held back from the seller until"));
    QVERIFY(!statement(panel)->isVisible());
    press(panel, "Everything is fine");
    QCOMPARE(m_session->releasedSales.size(), std::size_t{1});
    QCOMPARE(m_session->releasedSales.front().value, std::uint64_t{7});
    QTRY_VERIFY(shows(banner, "not available here"));
    QVERIFY(button(panel, "Everything is fine")->isEnabled());
}

void TestDisputePanel::theBuyerObjects() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(unlocked());
    panel.show();
    press(panel, "Object…");
    QVERIFY(statement(panel)->isVisible());
    QVERIFY(!button(panel, "Everything is fine")->isVisible()); // not beside an objection
    QVERIFY(!button(panel, "Send the objection")->isEnabled());
    QTest::keyClicks(statement(panel), QStringLiteral("  Page two is missing. "));
    press(panel, "Send the objection");
    QCOMPARE(m_session->complaints.size(), std::size_t{1});
    QVERIFY(m_session->complaints[0].first == api::Claim::NotAsDescribed);
    QCOMPARE(m_session->complaints[0].second, std::string("Page two is missing."));
    QTRY_VERIFY(shows(banner, "not available here"));
    QVERIFY(statement(panel)->toPlainText().contains(u"Page two")); // refused: nothing is lost

    QTest::mouseClick(panel.findChildren<QRadioButton*>()[1], Qt::LeftButton);
    press(panel, "Send the objection");
    QVERIFY(m_session->complaints.back().first == api::Claim::BadData);
    QTRY_VERIFY(button(panel, "Do not object")->isEnabled());
    press(panel, "Do not object");
    QVERIFY(!statement(panel)->isVisible() && button(panel, "Everything is fine")->isVisible());
}

void TestDisputePanel::beforeTheFileIsOpened() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    api::SaleDetail detail = saleOf(api::SaleRole::Buyer, api::SaleState::KeySent2);
    detail.mayObject = true;
    panel.setSale(detail);
    panel.show();
    QVERIFY(shows(panel, "held back from the seller until you have opened the file"));
    QVERIFY(!button(panel, "Everything is fine")->isVisible());
    QVERIFY(button(panel, "Object…")->isVisible());
}

void TestDisputePanel::bothSayWhatTheyHaveToSay() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(disputed(api::SaleRole::Seller));
    panel.show();
    QVERIFY(shows(panel, "The buyer says that the file is not what was described."));
    QVERIFY(shows(panel, "Page <b>two</b> is missing.")); // as it was written: no markup
    QVERIFY(!button(panel, "Object…")->isVisible());
    panel.resize(620, 100);
    QTest::qWait(20); // the new lines find their places
    panel.resize(620, panel.heightForWidth(620));
    leavePictures(panel, QStringLiteral("dispute"));
    QTest::keyClicks(statement(panel), QStringLiteral("It is all there."));
    press(panel, "Say this");
    QCOMPARE(m_session->statements, std::vector<std::string>{"It is all there."});
    QVERIFY(m_session->complaints.empty());
}

void TestDisputePanel::theVerdictIsShown_data() {
    QTest::addColumn<QString>("toBuyer");
    QTest::addColumn<int>("by"); // -1: silence
    QTest::addColumn<QString>("text");
    QTest::newRow("arbiter") << "2" << static_cast<int>(api::Actor::Arbiter)
                             << "Arbiter: 2.00 USD to the buyer, 3.00 USD to the seller.";
    QTest::newRow("key server") << "5" << static_cast<int>(api::Actor::KeyServer)
                                << "Key server: 5.00 USD to the buyer, 0.00 USD to the seller.";
    QTest::newRow("silence") << "0" << -1 << "Nobody decided in time: 0.00 USD to the buyer, 5.00 USD to the seller.";
}
void TestDisputePanel::theVerdictIsShown() {
    QFETCH(QString, toBuyer);
    QFETCH(int, by);
    QFETCH(QString, text);
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    api::SaleDetail detail = disputed(api::SaleRole::Buyer);
    detail.row.state = api::SaleState::Resolved;
    detail.mayState = false;
    detail.dispute->toBuyer = usd(toBuyer.toStdString().c_str());
    if (by >= 0) detail.dispute->decidedBy = static_cast<api::Actor>(by);
    detail.dispute->foundBad = by == static_cast<int>(api::Actor::KeyServer);
    panel.setSale(detail);
    panel.show();
    QVERIFY(shows(panel, text.toUtf8().constData()));
    QCOMPARE(shows(panel, "found it sound"), by != static_cast<int>(api::Actor::KeyServer));
    QVERIFY(!statement(panel)->isVisible());
}

void TestDisputePanel::whatWasTypedStays() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(disputed(api::SaleRole::Seller));
    panel.show();
    QTest::keyClicks(statement(panel), QStringLiteral("Half a sent"));
    api::SaleDetail again = disputed(api::SaleRole::Seller);
    again.dispute->statements.push_back({api::Actor::Buyer, "And page three.", nowMs()});
    panel.setSale(again);
    QVERIFY(shows(panel, "And page three."));
    QCOMPARE(statement(panel)->toPlainText(), QStringLiteral("Half a sent"));
    api::SaleDetail over = again;
    over.row.state = api::SaleState::Resolved;
    panel.setSale(over);
    QVERIFY(statement(panel)->toPlainText().isEmpty());
}

void TestDisputePanel::tooMuchIsCut() {
    Banner banner;
    DisputePanel panel(*m_context, &banner);
    panel.setSale(disputed(api::SaleRole::Seller));
    panel.show();
    statement(panel)->setPlainText(QStringLiteral("x") + QStringLiteral("\U0001F600").repeated(600)); // 2,401 bytes
    QCOMPARE(statement(panel)->toPlainText().toUtf8().size(), 1997);
    QVERIFY(!statement(panel)->toPlainText().back().isHighSurrogate());
}

QTEST_MAIN(TestDisputePanel)
#include "tst_dispute_panel.moc"
