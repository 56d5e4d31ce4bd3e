// The page of the chosen sale begins anew at its top when a person has to act, and stays where it was otherwise.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/sales/SalesView.h"

#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>

using namespace tallylock;
using namespace tallylock::ui;

namespace {
/// For 120 dollars, seen by the buyer.
api::SaleDetail sold(api::SaleState state) {
    api::SaleDetail detail;
    detail.row.id = {7};
    detail.row.name = "Tide tables";
    detail.row.counterparty = "Ada";
    detail.row.state = state;
    detail.row.bid = detail.row.price = detail.row.minimum = usd("120");
    detail.row.counter = {0, money::kUsd};
    detail.row.coinDue = {240'000, money::kBtc};
    detail.fee = detail.holdback = {0, money::kUsd};
    detail.steps.resize(14);
    return detail;
}
} // namespace

class TestSalesView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void thePageBeginsAtItsTopWhenItIsOnesTurn_data() {
        QTest::addColumn<api::SaleState>("after");
        QTest::addColumn<bool>("needsMe");
        QTest::addColumn<bool>("atTop");
        QTest::newRow("another's turn") << api::SaleState::KeySent2 << false << false;
        QTest::newRow("one's own in the next state") << api::SaleState::KeySent2 << true << true;
        // The wallet is open before its funding is signed, and only then can it be paid into.
        QTest::newRow("one's own in the same state") << api::SaleState::WalletOpen << true << true;
    }
    void thePageBeginsAtItsTopWhenItIsOnesTurn() {
        QFETCH(api::SaleState, after);
        QFETCH(bool, needsMe);
        QFETCH(bool, atTop);
        api::SaleDetail detail = sold(api::SaleState::WalletOpen);
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(700, 260);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "You buy from"));
        QScrollBar* bar = named<QScrollArea>(view, "Sale")->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 50);
        bar->setValue(50);

        detail.row.state = after;
        detail.row.needsMe = needsMe;
        detail.row.counterparty = "Ben"; // seen when it has arrived
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "You buy from Ben"));
        QCOMPARE(bar->value() == 0, atTop);

        // Told the same again, it stays where the person has moved it.
        bar->setValue(40);
        view.shown();
        QTest::qWait(20);
        QCOMPARE(bar->value(), 40);
    }

    /// Where only the ownership passes the page speaks of no file that comes, and asks nobody to unlock one.
    /// Nothing may be paid on it: no address, no amount, and a word about what to do.
    void thePageOfALapsedQuoteAsksForNoMoney() {
        api::SaleDetail detail = sold(api::SaleState::WalletOpen);
        detail.row.needsMe = true;
        detail.payment = api::PaymentRequest{"practice-address", {240'000, money::kBtc}, {0, money::kBtc}, {}, 0, 2, 0};
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(1000, 700);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "Pay the exact amount"));
        QVERIFY(!shows(view, "Do not pay"));

        detail.payment.reset();
        detail.newQuote =
            api::NewQuote{api::NewQuoteState::Lapsed, {240'000, money::kBtc}, {0, money::kBtc}, nowMs() + 80'000'000};
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "Do not pay it any more"));
        QVERIFY(shows(view, "Pay nothing now") && !shows(view, "Pay the exact amount"));
        QVERIFY(button(view, "Get a new quote")->isVisible());
        leavePictures(view, QStringLiteral("sale-lapsed"));
    }

    /// The coordinator is gone: the page says what was last known, what is left to do, and promises no step.
    void thePageOfAnOrphan() {
        api::SaleDetail detail = sold(api::SaleState::Funded);
        detail.row.counterparty.clear();
        detail.row.orphanedSinceMs = nowMs() - std::int64_t{9} * 24 * 3600 * 1000;
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(1000, 700);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "Orphaned"));
        QVERIFY(shows(view, "You buy for 120.00 USD.")); // from whom is not known from the own records
        QVERIFY(shows(view, "may be gone for good") && shows(view, "was last known as: Paid"));
        QVERIFY(shows(view, "Save the evidence"));
        QVERIFY(!shows(view, "Who acts next") && !shows(view, "from the key server"));
        leavePictures(view, QStringLiteral("sale-orphaned"));
        detail.row.state = api::SaleState::SellerPaid;
        detail.row.step = 10;
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "it gets the key from the key server by itself"));
        detail.row.orphanedSinceMs = 0;
        detail.row.name.clear();
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "Who acts next"));
        QCOMPARE(saleTitle(detail.row), QStringLiteral("Sale 7")); // where the name is not known
    }

    void thePageOfAnOwnershipSpeaksOfNoFile() {
        api::SaleDetail detail = sold(api::SaleState::KeySent2);
        detail.row.delivery = api::DeliveryKind::OwnershipOnly;
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(900, 900);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "the seller signs the asset over"));
        QVERIFY(shows(view, "This app checks the key and keeps it."));
        QVERIFY(shows(view, "Ownership only: the file stays where it is"));
        QVERIFY(!shows(view, "the sealed file is delivered"));
        const auto buttons = view.findChildren<QPushButton*>();
        const auto mayUnlock = [](const QPushButton* button) {
            return button->isVisible() && button->text().contains(QStringLiteral("nlock"));
        };
        QVERIFY(std::none_of(buttons.begin(), buttons.end(), mayUnlock));
        detail.row.delivery = api::DeliveryKind::SealedFile;
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "the sealed file is delivered"));
        QVERIFY(std::any_of(buttons.begin(), buttons.end(), mayUnlock));
    }

    /// Where the buyer's coins are sold for the seller, the page says so, and how many it were.
    void thePageOfAConversionSaysWhatIsSold() {
        api::SaleDetail detail = sold(api::SaleState::Escrowed);
        detail.row.funding = api::FundingMode::Converted;
        detail.converted = api::Amount{193'000, money::kBtc};
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(900, 900);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "The buyer's coins are sold, and the seller's money is put into escrow"));
        QVERIFY(shows(view, "What is left of the coins goes back to the buyer"));
        QVERIFY(shows(view, "The buyer pays: As many coins as it takes on delivery"));
        QVERIFY(shows(view, "Sold of the coins: 0.00193"));
        QVERIFY(!shows(view, "go to the second exchange"));
        detail.row.funding = api::FundingMode::Fronted;
        detail.converted.reset();
        m_session->saleDetail = detail;
        view.shown();
        QTRY_VERIFY(shows(view, "go to the second exchange"));
        QVERIFY(!shows(view, "Sold of the coins"));
    }

    void thePageSaysWhatIsInEscrow() {
        api::SaleDetail detail = sold(api::SaleState::Escrowed);
        m_session->saleDetail = detail;
        m_session->saleRows = {detail.row};
        SalesView view(*m_context);
        view.resize(900, 900);
        view.show();
        view.shown();
        QTRY_VERIFY(shows(view, "The seller's money is put into escrow"));
        QVERIFY(!shows(view, "In escrow until the seller is paid"));
        const auto is = [&](api::EscrowAsset asset) {
            detail.row.escrowAsset = asset;
            m_session->saleDetail = detail;
            view.shown();
        };
        is(api::EscrowAsset::DigitalDollars);
        QTRY_VERIFY(shows(view, "The seller's money is put into escrow, in digital dollars"));
        QVERIFY(shows(view, "They are changed for dollars, and escrow pays the seller"));
        QVERIFY(shows(view, "In escrow until the seller is paid: Digital dollars"));
        is(api::EscrowAsset::Coin);
        QTRY_VERIFY(shows(view, "The buyer's coins are put into escrow"));
        QVERIFY(shows(view, "The coins are changed for dollars, and escrow pays the seller"));
        QVERIFY(shows(view, "In escrow until the seller is paid: The coins that were paid"));
    }
};

QTEST_MAIN(TestSalesView)
#include "tst_sales_view.moc"
