// The shop: what is found and in which order, an offer that is wrong or exact, and a sold listing sold again.
#include "tests/ui/views/Looking.h"
#include "tests/ui/views/StubNode.h"
#include "ui/shop/ListingModel.h"
#include "ui/shop/ListingPage.h"
#include "ui/shop/OfferForm.h"

#include <QComboBox>
#include <QLineEdit>
#include <QToolButton>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

namespace {

api::ListingRow listing(std::uint64_t id, const char* name, const char* price, std::int64_t published, bool available) {
    api::ListingRow row;
    row.id = {id};
    row.name = name;
    row.description = "Paper and ink";
    row.sellerName = "bob";
    row.price = usd(price);
    row.publishedMs = published;
    row.available = available;
    return row;
}

/// Or away again.
void unfold(OfferForm& form) {
    for (auto* fold : form.findChildren<QToolButton*>()) {
        if (fold->text() == QStringLiteral("How it is paid and delivered")) return fold->click();
    }
    QFAIL("there is nothing to unfold");
}

} // namespace

class TestShopView : public QObject, StubScene {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
    }
    void init() { begin(); }
    void cleanup() { end(); }

    void offerSendsNothingThatIsWrong_data();
    void offerSendsNothingThatIsWrong();
    void offerSendsExactAmounts();
    void offerFoldsAwayWhatMostLeave();
    void offerAsksForTheOwnershipOnly();
    void offerAsksForCoinsToBeSoldOnDelivery();
    void offerSaysWhatLiesInEscrow();
    void offerNamesWhereCoinsGoThatComeBack();
    void listingsAreFoundAndOrdered();
    void anOwnSoldListingIsSoldAgain();
};

void TestShopView::offerSendsNothingThatIsWrong_data() {
    QTest::addColumn<QString>("bid");
    QTest::addColumn<QString>("minimum");
    QTest::addColumn<QString>("says");
    QTest::newRow("no bid") << ""
                            << "10"
                            << "bid";
    QTest::newRow("no minimum") << "10"
                                << ""
                                << "minimum";
    QTest::newRow("minimum above bid") << "10.00"
                                       << "10.01"
                                       << "above the bid";
    QTest::newRow("zero bid") << "0"
                              << "0"
                              << "";
    QTest::newRow("negative") << "10"
                              << "-1"
                              << "";
    QTest::newRow("half a cent") << "10.005"
                                 << "1"
                                 << "";
    QTest::newRow("words") << "ten"
                           << "1"
                           << "";
}

void TestShopView::offerSendsNothingThatIsWrong() {
    QFETCH(QString, bid);
    QFETCH(QString, minimum);
    QFETCH(QString, says);
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    QTRY_VERIFY(form.problem().isEmpty()); // as it comes up, with the coins loaded
    for (const auto& [name, text] : {std::pair("Bid", bid), std::pair("Minimum", minimum)}) {
        auto* field = named<QLineEdit>(form, name);
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QTest::keyClicks(field, text);
    }
    press(form, "Make offer");
    QCoreApplication::processEvents();
    QVERIFY(m_session->offers.empty());
    QVERIFY(!form.problem().isEmpty());
    QVERIFY2(form.problem().contains(says), qPrintable(form.problem()));
    QVERIFY(shows(form, qPrintable(plain(form.problem()))));
}

void TestShopView::offerSendsExactAmounts() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    QTRY_VERIFY(form.problem().isEmpty());
    auto* minimum = named<QLineEdit>(form, "Minimum");
    minimum->selectAll();
    QTest::keyClicks(minimum, QStringLiteral("11.99"));
    quint64 sale = 0;
    connect(&form, &OfferForm::offered, &form, [&](quint64 id) { sale = id; });
    press(form, "Make offer");
    QTRY_COMPARE(sale, quint64{9});
    QCOMPARE(m_session->offers.size(), std::size_t{1});
    const api::OfferRequest& offer = m_session->offers.front();
    QCOMPARE(offer.listing.value, std::uint64_t{4});
    QVERIFY(offer.coin == money::kBtc);
    QVERIFY(offer.bid == usd("12.50"));
    QVERIFY(offer.minimum == usd("11.99"));
    QCOMPARE(offer.expiresInMs, std::int64_t{24 * 3600 * 1000});
}

/// Most offers leave it as it is: what is chosen shows in a few lines, and the choices when they are asked for.
void TestShopView::offerFoldsAwayWhatMostLeave() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    m_session->accountInfo.mayConvert = true;
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    QTRY_VERIFY(shows(form, "You pay: A fixed amount of coins"));
    QVERIFY(shows(form, "Escrow holds: Dollars\nDelivered is: The sealed file\nKey comes by: Two ways"));
    auto* way = named<QComboBox>(form, "Key comes by");
    QVERIFY(!way->isVisibleTo(&form));
    form.adjustSize();
    const int folded = form.sizeHint().height();
    unfold(form);
    QVERIFY(way->isVisibleTo(&form) && !shows(form, "Escrow holds: Dollars"));
    QTRY_VERIFY(form.sizeHint().height() > folded + 200);
    way->setCurrentText(QStringLiteral("First part with the file"));
    unfold(form); // and away again: what was chosen is still said, and sent
    QVERIFY(!way->isVisibleTo(&form) && shows(form, "Key comes by: First part with the file"));
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{1});
    QVERIFY(m_session->offers.front().keyWay == api::KeyWay::PartOneEarly);
}

void TestShopView::offerAsksForTheOwnershipOnly() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    unfold(form);
    QTRY_VERIFY(form.problem().isEmpty());
    QVERIFY(shows(form, "comes into your library before the seller is paid"));
    auto* delivered = named<QComboBox>(form, "Delivered is");
    delivered->setCurrentText(QStringLiteral("Ownership only: the file stays where it is"));
    QVERIFY(shows(form, "stays with whoever keeps it"));
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{1});
    QVERIFY(m_session->offers.front().delivery == api::DeliveryKind::OwnershipOnly);
    form.setListing(listing(5, "Bestiary", "12.50", 1, true)); // and the next begins anew
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{2});
    QVERIFY(m_session->offers.back().delivery == api::DeliveryKind::SealedFile);
}

/// Only where the coordinator sells coins on its own market is there anything to choose.
void TestShopView::offerAsksForCoinsToBeSoldOnDelivery() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    unfold(form);
    QTRY_VERIFY(form.problem().isEmpty());
    auto* pays = named<QComboBox>(form, "You pay");
    QVERIFY(!pays->isVisibleTo(&form) && !shows(form, "the house's risk"));
    m_session->accountInfo.mayConvert = true;
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    QTRY_VERIFY(pays->isVisibleTo(&form));
    QVERIFY(shows(form, "the house's risk"));
    pays->setCurrentText(QStringLiteral("As many coins as it takes on delivery"));
    QVERIFY(shows(form, "what is left goes back to the buyer"));
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{1});
    QVERIFY(m_session->offers.front().funding == api::FundingMode::Converted);
    form.setListing(listing(5, "Bestiary", "12.50", 1, true)); // and the next begins anew
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{2});
    QVERIFY(m_session->offers.back().funding == api::FundingMode::Fronted);
}

/// Digital dollars only where the coordinator keeps some; where the coins are sold on delivery there is no choice.
void TestShopView::offerSaysWhatLiesInEscrow() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    m_session->accountInfo.mayConvert = true;
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    unfold(form);
    QTRY_VERIFY(form.problem().isEmpty());
    auto* holds = named<QComboBox>(form, "Escrow holds");
    auto* pays = named<QComboBox>(form, "You pay");
    QTRY_VERIFY(pays->isVisibleTo(&form));
    QVERIFY(holds->isVisibleTo(&form) && shows(form, "puts the seller's dollars into escrow"));
    QVERIFY(holds->findText(QStringLiteral("Digital dollars")) < 0);
    holds->setCurrentText(QStringLiteral("The coins that were paid"));
    QVERIFY(shows(form, "gives the agreed dollars for them"));
    m_session->accountInfo.mayEscrowDigital = true;
    form.setListing(listing(4, "Atlas", "12.50", 1, true)); // begins anew
    QTRY_VERIFY(holds->findText(QStringLiteral("Digital dollars")) >= 0);
    QVERIFY(shows(form, "puts the seller's dollars into escrow"));
    holds->setCurrentText(QStringLiteral("Digital dollars"));
    QVERIFY(shows(form, "one for one"));
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{1});
    QVERIFY(m_session->offers.back().escrowAsset == api::EscrowAsset::DigitalDollars);
    pays->setCurrentText(QStringLiteral("As many coins as it takes on delivery"));
    QVERIFY(!holds->isVisibleTo(&form) && !shows(form, "one for one"));
    QTRY_VERIFY(button(form, "Make offer")->isEnabled());
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{2});
    QVERIFY(m_session->offers.back().funding == api::FundingMode::Converted);
    QVERIFY(m_session->offers.back().escrowAsset == api::EscrowAsset::Dollars);
    // Back to a fixed amount: what is shown is what would be sent.
    pays->setCurrentText(QStringLiteral("A fixed amount of coins"));
    QVERIFY(holds->isVisibleTo(&form) && holds->currentText() == QStringLiteral("Digital dollars"));
    QVERIFY(shows(form, "one for one"));
}

/// Only an address of the coin, and one that may be used now, is there to be chosen.
void TestShopView::offerNamesWhereCoinsGoThatComeBack() {
    m_session->offerAnswer = api::Answer<SaleId>(SaleId{9});
    OfferForm form(*m_context);
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    form.show();
    unfold(form);
    QTRY_VERIFY(form.problem().isEmpty());
    auto* refunds = named<QComboBox>(form, "Refunds go to");
    QVERIFY(!refunds->isVisibleTo(&form) && !shows(form, "comes back of your coins"));
    const std::int64_t tomorrowMs = QDateTime::currentMSecsSinceEpoch() + 24 * 3600 * 1000;
    m_session->money.addressRows = {{3, money::kUsd, "DE00 1234", "Bank", 0},
                                    {5, money::kBtc, "bc1-fresh", "", tomorrowMs}};
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    QCoreApplication::processEvents();
    QVERIFY(!refunds->isVisibleTo(&form));
    m_session->money.addressRows.push_back({7, money::kBtc, "bc1-home", "Home", 0});
    form.setListing(listing(4, "Atlas", "12.50", 1, true));
    QTRY_VERIFY(refunds->isVisibleTo(&form));
    QVERIFY(shows(form, "stays on your account"));
    form.adjustSize();
    leavePictures(form, QStringLiteral("offer-refund"));
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{1});
    QVERIFY(!m_session->offers.back().refundTo);
    QCOMPARE(refunds->count(), 2);
    refunds->setCurrentIndex(refunds->findText(QStringLiteral("Home: bc1-home")));
    QVERIFY(shows(form, "sent on there"));
    QTRY_VERIFY(button(form, "Make offer")->isEnabled());
    press(form, "Make offer");
    QTRY_COMPARE(m_session->offers.size(), std::size_t{2});
    QVERIFY(m_session->offers.back().refundTo == std::optional<std::uint64_t>(7));
    form.setListing(listing(5, "Bestiary", "12.50", 1, true)); // and the next begins anew
    QTRY_VERIFY(shows(form, "stays on your account"));
    m_session->money.policyRow.policy.approvals = 1; // a second person would have to agree, and an offer asks for none
    form.setListing(listing(5, "Bestiary", "12.50", 1, true));
    QTRY_VERIFY(!refunds->isVisibleTo(&form));
}

void TestShopView::listingsAreFoundAndOrdered() {
    const Units units(stubUnits());
    ListingModel model(units);
    ListingFilter filter(&model);
    model.setRows({listing(1, "Atlas", "9.99", 100, true), listing(2, "Bestiary", "1000", 300, false),
                   listing(3, "Cookbook", "10", 200, true)});
    QCOMPARE(namesOf(filter), words({"Bestiary", "Cookbook", "Atlas"}));
    filter.setOrder(ListingOrder::PriceRising); // by value, not by letters
    QCOMPARE(namesOf(filter), words({"Atlas", "Cookbook", "Bestiary"}));
    filter.setOrder(ListingOrder::PriceFalling);
    QCOMPARE(namesOf(filter), words({"Bestiary", "Cookbook", "Atlas"}));
    filter.setHideTaken(true);
    QCOMPARE(namesOf(filter), words({"Cookbook", "Atlas"}));
    filter.setSearch(QStringLiteral("ATL ink"));
    QCOMPARE(namesOf(filter), words({"Atlas"}));
    filter.setSearch(QStringLiteral("(["));
    QCOMPARE(filter.rowCount(), 0);
}

void TestShopView::anOwnSoldListingIsSoldAgain() {
    api::ListingRow listing;
    listing.id = {4};
    listing.name = "Old maps";
    listing.price = usd("40");
    listing.assetId.bytes[0] = 9;
    listing.mine = true;
    ListingPage page(*m_context);
    page.resize(900, 700);
    page.show();
    page.showListing(listing, {});
    const auto isOffered = [&] {
        for (const QPushButton* button : page.findChildren<QPushButton*>())
            if (button->isVisible() && button->text() == QStringLiteral("Sell another copy")) return true;
        return false;
    };
    QVERIFY(!isOffered());
    listing.available = false;
    page.showListing(listing, {});
    QVERIFY(isOffered());
    m_session->sealAnswer = api::Answer<api::DraftRow>(Err(api::Refusal{Problem::DiskFull, {}}));
    press(page, "Sell another copy");
    QTRY_VERIFY(shows(page, "disk is full"));
    api::DraftRow copy;
    copy.assetId = listing.assetId;
    m_session->sealAnswer = api::Answer<api::DraftRow>(copy);
    m_session->publishAnswer = api::Answer<ListingId>(ListingId{5});
    press(page, "Sell another copy");
    QTRY_VERIFY(shows(page, "Another copy is on offer"));
    QCOMPARE(m_session->copied.size(), std::size_t{2});
    QCOMPARE(m_session->published.size(), std::size_t{1});
}

QTEST_MAIN(TestShopView)
#include "tst_shop_view.moc"
