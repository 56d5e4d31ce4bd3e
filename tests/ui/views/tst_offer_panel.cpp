// An open offer as seller and buyer see it: what each price can be used for, and what is sent.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/sales/OfferPanel.h"

#include <QLineEdit>

using namespace tallylock;
using namespace tallylock::ui;

namespace {

/// Bid 50, at least 40; countered: the seller asks for 60.
api::SaleRow offered(api::SaleRole role, bool countered) {
    api::SaleRow row;
    row.id = {7};
    row.listing = {4};
    row.role = role;
    row.state = countered ? api::SaleState::Countered : api::SaleState::Offered;
    row.bid = usd("50");
    row.minimum = usd("40");
    row.counter = usd(countered ? "60" : "0");
    row.coinDue = {0, money::kBtc};
    row.counterparty = "bob";
    return row;
}

void type(QWidget& panel, const char* field, const QString& text) {
    auto* edit = named<QLineEdit>(panel, field);
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, text);
}

} // namespace

class TestOfferPanel : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void aPriceIsAcceptedOrAskedFor_data();
    void aPriceIsAcceptedOrAskedFor();
    void sellerAsksForMore();
    void buyerBidsAgain();
    void whoseTurnItIs();
    void whatWasTypedStays();
    void whereTheMoneyComesFrom();
};

void TestOfferPanel::aPriceIsAcceptedOrAskedFor_data() {
    QTest::addColumn<QString>("price");
    QTest::addColumn<bool>("accept");
    QTest::addColumn<bool>("ask");
    QTest::newRow("below the minimum") << "39.99" << false << false;
    QTest::newRow("the minimum") << "40" << true << false;
    QTest::newRow("the bid") << "50.00" << true << false;
    QTest::newRow("above it") << "50.01" << false << true;
    QTest::newRow("nothing") << "" << false << false;
    QTest::newRow("words") << "ten" << false << false;
}

void TestOfferPanel::aPriceIsAcceptedOrAskedFor() {
    QFETCH(QString, price);
    QFETCH(bool, accept);
    QFETCH(bool, ask);
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    panel.setSale(offered(api::SaleRole::Seller, false));
    panel.show();
    type(panel, "Your price", price);
    QCOMPARE(button(panel, "Accept offer")->isEnabled(), accept);
    QCOMPARE(button(panel, "Ask for more")->isEnabled(), ask);
    QVERIFY(button(panel, "Reject offer")->isEnabled());
}

void TestOfferPanel::sellerAsksForMore() {
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    panel.setSale(offered(api::SaleRole::Seller, false));
    panel.show();
    QVERIFY(shows(panel, "bob offers 50.00 USD, and would be glad of any price from 40.00 USD on."));
    type(panel, "Your price", QStringLiteral("61.25"));
    press(panel, "Ask for more");
    QVERIFY(m_session->lastCounter == usd("61.25"));
    QTRY_VERIFY(shows(banner, "not available here")); // the refusal is told, and all can be tried again
    QVERIFY(button(panel, "Ask for more")->isEnabled());
}

void TestOfferPanel::buyerBidsAgain() {
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    panel.setSale(offered(api::SaleRole::Buyer, true));
    panel.show();
    QVERIFY(shows(panel, "You offered 50.00 USD. The seller asks for 60.00 USD."));
    QCOMPARE(named<QLineEdit>(panel, "New bid")->text(), QStringLiteral("60.00"));
    type(panel, "New bid", QStringLiteral("55.5"));
    press(panel, "Bid this much");
    const api::OfferRequest& sent = m_session->lastRenewal;
    QVERIFY(sent.bid == usd("55.50") && sent.minimum == usd("55.50"));
    QCOMPARE(sent.listing.value, std::uint64_t{4});
    QVERIFY(sent.coin == money::kBtc);
}

void TestOfferPanel::whereTheMoneyComesFrom() {
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    api::SaleRow row = offered(api::SaleRole::Seller, false);
    panel.setSale(row);
    panel.show();
    QVERIFY(!shows(panel, "are sold at the market"));
    row.funding = api::FundingMode::Converted;
    panel.setSale(row);
    QVERIFY(shows(panel, "are sold at the market once the sale is delivered"));
    row.funding = api::FundingMode::Fronted;
    QVERIFY(!shows(panel, "into escrow"));
    for (const auto& [asset, text] : {std::pair(api::EscrowAsset::DigitalDollars, "into escrow in digital dollars"),
                                      std::pair(api::EscrowAsset::Coin, "go into escrow as they are")}) {
        row.escrowAsset = asset;
        panel.setSale(row);
        QVERIFY2(shows(panel, text), text);
    }
}

void TestOfferPanel::whoseTurnItIs() {
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    panel.show();
    const auto isThere = [&](const char* text) { return button(panel, text)->isVisible(); };
    panel.setSale(offered(api::SaleRole::Seller, false));
    QVERIFY(isThere("Accept offer") && isThere("Ask for more") && isThere("Reject offer"));
    QVERIFY(!isThere("Withdraw offer") && !isThere("Bid this much"));
    panel.setSale(offered(api::SaleRole::Seller, true));
    QVERIFY(isThere("Call it off") && !isThere("Accept offer") && !isThere("Ask for more"));
    QVERIFY(shows(panel, "bob offered 50.00 USD, and you ask for 60.00 USD."));
    panel.setSale(offered(api::SaleRole::Buyer, false));
    QVERIFY(isThere("Withdraw offer") && !isThere("Bid this much") && !isThere("Accept offer"));
    panel.setSale(offered(api::SaleRole::Buyer, true));
    QVERIFY(isThere("Withdraw offer") && isThere("Bid this much"));
}

void TestOfferPanel::whatWasTypedStays() {
    Banner banner;
    OfferPanel panel(*m_context, &banner);
    panel.setSale(offered(api::SaleRole::Seller, false));
    panel.show();
    type(panel, "Your price", QStringLiteral("44"));
    panel.setSale(offered(api::SaleRole::Seller, false)); // told anew
    QCOMPARE(named<QLineEdit>(panel, "Your price")->text(), QStringLiteral("44"));
}

QTEST_MAIN(TestOfferPanel)
#include "tst_offer_panel.moc"
