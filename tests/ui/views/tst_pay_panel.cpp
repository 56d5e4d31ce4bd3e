// What a buyer sees before paying: the exact amount, and what it was quoted at.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/Banner.h"
#include "ui/sales/PayPanel.h"

using namespace tallylock;
using namespace tallylock::ui;

namespace {
/// 0.0024 BTC, where the test does not say otherwise.
api::PaymentRequest due(std::int64_t satoshi = 240'000) {
    api::PaymentRequest request;
    request.address = "practice-address";
    request.amount = {satoshi, money::kBtc};
    request.received = {0, money::kBtc};
    request.confirmationsNeeded = 2;
    return request;
}
QString amountIn(PayPanel& panel) {
    for (const PlainLabel* one : panel.findChildren<PlainLabel*>())
        if (one->accessibleDescription() == QLatin1String("Amount to pay")) return plain(one->text());
    return {};
}
api::SaleRow saleOf(std::uint64_t id, const api::Amount& price) {
    api::SaleRow row;
    row.id = {id};
    row.price = price;
    return row;
}
} // namespace

class TestPayPanel : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void theQuoteAndItsDistanceFromTheMarket_data() {
        QTest::addColumn<QString>("price");
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("quote");
        QTest::addColumn<QString>("distance");
        QTest::newRow("at it") << "120"
                               << "50000"
                               << "50,000.00 USD for 1 BTC"
                               << "0.00 % below the market's 50,000.00 USD";
        QTest::newRow("below") << "119.76"
                               << "50000"
                               << "49,900.00 USD for 1 BTC"
                               << "0.20 % below the market's 50,000.00 USD";
        QTest::newRow("above") << "121.20"
                               << "50000"
                               << "50,500.00 USD for 1 BTC"
                               << "1.00 % above the market's 50,000.00 USD";
        QTest::newRow("nobody has set a reference") << "120"
                                                    << "0"
                                                    << "50,000.00 USD for 1 BTC"
                                                    << "";
    }
    void theQuoteAndItsDistanceFromTheMarket() {
        QFETCH(QString, price);
        QFETCH(QString, reference);
        QFETCH(QString, quote);
        QFETCH(QString, distance);
        m_session->instrumentRow.reference = usd(reference.toUtf8().constData());
        Banner banner;
        PayPanel panel(*m_context, &banner);
        panel.setPayment(saleOf(7, usd(price.toUtf8().constData())), due());
        auto* shown = named<QLabel>(panel, "Distance from the market");
        QCOMPARE(plain(named<QLabel>(panel, "Quoted price")->text()), quote);
        if (distance.isEmpty()) {
            QTest::qWait(20);
            QVERIFY(!shown->isVisibleTo(&panel));
        } else {
            QTRY_COMPARE(plain(shown->text()), distance);
            QVERIFY(shown->isVisibleTo(&panel));
        }
    }

    /// More is asked for than is needed now, and the panel says why.
    void coinsThatAreSoldOnDeliverySayWhatBecomesOfThem() {
        Banner banner;
        PayPanel panel(*m_context, &banner);
        api::SaleRow sale = saleOf(7, usd("120"));
        panel.setPayment(sale, due());
        auto* said = named<QLabel>(panel, "What becomes of the coins");
        QVERIFY(!said->isVisibleTo(&panel));
        sale.funding = api::FundingMode::Converted;
        panel.setPayment(sale, due());
        QVERIFY(said->isVisibleTo(&panel));
        QVERIFY(said->text().contains(QStringLiteral("what is left goes back to the buyer")));
    }

    /// Who has paid too little is asked for the rest, and not for all of it again.
    void theRestIsAskedFor() {
        Banner banner;
        PayPanel panel(*m_context, &banner);
        const auto shown = [&](std::int64_t received) {
            api::PaymentRequest payment = due();
            payment.received.value = received;
            panel.setPayment(saleOf(7, usd("120")), payment);
            return std::pair(amountIn(panel), plain(named<QLabel>(panel, "Amount received")->text()));
        };
        QCOMPARE(shown(0).first, QStringLiteral("0.00240000 BTC"));
        QCOMPARE(shown(100'000),
                 std::pair(QStringLiteral("0.00140000 BTC"), QStringLiteral("0.00100000 BTC of 0.00240000 BTC")));
        QCOMPARE(shown(240'000), std::pair(QStringLiteral("0.00240000 BTC"), QStringLiteral("0.00240000 BTC")));
        (void)shown(100'000);
        panel.resize(620, 330);
        leavePictures(panel, QStringLiteral("pay-rest"));
    }

    /// Another sale's market says nothing of this one.
    void anotherCoinsMarketIsNotItsOwn() {
        m_session->instrumentRow.base = money::kEth;
        m_session->instrumentRow.reference = usd("50000");
        Banner banner;
        PayPanel panel(*m_context, &banner);
        panel.setPayment(saleOf(7, usd("120")), due());
        QTest::qWait(20);
        QVERIFY(!named<QLabel>(panel, "Distance from the market")->isVisibleTo(&panel));
        panel.setPayment(saleOf(8, usd("120")), due(0)); // no rate can be said
        QCOMPARE(named<QLabel>(panel, "Quoted price")->text(), QString());
    }
};

QTEST_MAIN(TestPayPanel)
#include "tst_pay_panel.moc"
