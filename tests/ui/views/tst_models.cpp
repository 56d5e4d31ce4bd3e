// The views' models and forms: what they refuse and how they say it, the order of rows, figures on the point, exact
// totals, and previews that show no more than was approved. The forms are driven as a person drives them, by the
// accessible names of their fields.
#include "tests/ui/views/StubNode.h"
#include "ui/funds/FundsModels.h"
#include "ui/funds/FundsView.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Theme.h"
#include "ui/kit/View.h"
#include "ui/library/LibraryModel.h"
#include "ui/library/LibraryView.h"
#include "ui/market/BookModel.h"
#include "ui/market/OrderTicket.h"
#include "ui/market/OrderTotal.h"
#include "ui/sell/FileLook.h"
#include "ui/sell/SellView.h"
#include "ui/shop/ListingModel.h"
#include "ui/shop/ListingPage.h"
#include "ui/shop/OfferForm.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QCheckBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::ui;
using api::Problem;

Q_DECLARE_METATYPE(tallylock::api::Problem)
Q_DECLARE_METATYPE(tallylock::ui::FileTrouble)

class TestModels : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();

    void rowsChangeWithoutLosingTheSelection();
    void totalIsExactOrRefused_data();
    void totalIsExactOrRefused();
    void ladderStandsRoundTheSpread();
    void ladderOfNobodyIsEmpty();
    void barsNeverLeaveTheirCell();
    void ticketSendsNothingThatIsWrong_data();
    void ticketSendsNothingThatIsWrong();
    void ticketSendsExactAmounts();
    void offerSendsNothingThatIsWrong_data();
    void offerSendsNothingThatIsWrong();
    void offerSendsExactAmounts();
    void listingsAreFoundAndOrdered();
    void remoteTextLosesItsTricks_data();
    void remoteTextLosesItsTricks();
    void remotePictureIsLimited();
    void fileTroubles_data();
    void fileTroubles();
    void textPreviewIsWhatWasApproved();
    void picturePreviewIsSmallAndBare();
    void pixelsThatLieAreNoPicture();
    void wizardShowsWhatTheNodeFound();
    void sellerDeclinesTheMark();
    void wizardSaysWhyThereIsNoPicture();
    void wizardStopsAtWhatIsWrong();
    void wizardGoesBackAfterAFailedSeal();
    void wizardForgetsWhatTheSellerLeft();
    void sealingIsPaused();
    void anOpenedFileIsVerified();
    void unlockingIsPausedAndCancelled();
    void wizardOffersTheDraftAgain();
    void wizardGoesOnWithAnInterruptedSealing();
    void anOwnSoldListingIsSoldAgain();
    void statementIsNewestFirstWithPointsInLine();
    void balancesHavePointsInLine();
    void aNewAccountHasARowToDepositInto();
    void programsAreNotStarted();
    void libraryIsNewestFirst();
    void lockedThingsStayLocked();

private:
    QString file(const QString& name, const QByteArray& bytes) const;
    template <class T>
    static T* named(QWidget& in, const char* name);
    static void press(QWidget& in, const char* text);
    static QString shownText(QWidget& in);
    static api::FileLook redLook();
    static QWidget* goThrough(SellView& view, const QString& path);

    QTemporaryDir m_folder;
    StubNode m_node;
    std::shared_ptr<StubSession> m_session;
    std::unique_ptr<Context> m_context;
};

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

QStringList words(std::initializer_list<const char*> all) {
    QStringList list;
    for (const char* word : all) list << QString::fromLatin1(word);
    return list;
}

QStringList namesOf(const QAbstractItemModel& model) {
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row) names << model.index(row, 0).data().toString();
    return names;
}

/// How far from the end the decimal point stands, in each row of a column.
QSet<qsizetype> pointsOf(const QAbstractItemModel& model, int column) {
    QSet<qsizetype> points;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString text = model.index(row, column).data().toString();
        points << text.size() - text.lastIndexOf(QLocale().decimalPoint());
    }
    return points;
}

QByteArray pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

api::Preview previewBytes(const char* type, const QByteArray& bytes) {
    return {type, Bytes(bytes.begin(), bytes.end())};
}

struct NumberRow {
    int key = 0;
    int version = 0;
};
class NumberModel : public RowModel<NumberRow, int> {
public:
    int columnCount(const QModelIndex& = {}) const override { return 1; }
    QVariant data(const QModelIndex& index, int role) const override {
        return at(index) && role == Qt::DisplayRole ? QVariant(at(index)->key) : QVariant();
    }

protected:
    int keyOf(const NumberRow& row) const override { return row.key; }
};

} // namespace

void TestModels::initTestCase() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    applyTheme(*qApp, Brightness::Light);
    QVERIFY(m_folder.isValid());
}

void TestModels::init() {
    m_node.lookAnswer = Err(api::Refusal{Problem::NotAvailable, {}});
    m_session = std::make_shared<StubSession>();
    m_context = std::make_unique<Context>(m_node, m_session);
    m_context->setUnits(Units(stubUnits()));
}

void TestModels::cleanup() { m_context.reset(); }

QString TestModels::file(const QString& name, const QByteArray& bytes) const {
    QFile out(m_folder.filePath(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size()) qFatal("cannot write a test file");
    return out.fileName();
}

template <class T>
T* TestModels::named(QWidget& in, const char* name) {
    const auto all = in.findChildren<T*>();
    for (T* widget : all)
        if (widget->accessibleName() == QLatin1String(name)) return widget;
    qFatal("no widget is named %s", name);
    return nullptr;
}

void TestModels::press(QWidget& in, const char* text) {
    const auto all = in.findChildren<QPushButton*>();
    for (QPushButton* button : all) {
        QString label = button->text();
        if (button->isVisible() && label.remove(QLatin1Char('&')) == QString::fromUtf8(text)) {
            QTest::mouseClick(button, Qt::LeftButton);
            return;
        }
    }
    qFatal("no button says %s", text);
}

/// All that the visible labels say.
QString TestModels::shownText(QWidget& in) {
    QStringList said;
    const auto all = in.findChildren<QLabel*>();
    for (const QLabel* label : all)
        if (label->isVisible()) said << label->text();
    return said.join(QLatin1Char('\n'));
}

// --- rows ----------------------------------------------------------------------------------------------------------

void TestModels::rowsChangeWithoutLosingTheSelection() {
    const quint32 seed = qEnvironmentVariableIntValue("TALLYLOCK_SEED")
                             ? static_cast<quint32>(qEnvironmentVariableIntValue("TALLYLOCK_SEED"))
                             : QRandomGenerator::global()->generate();
    qInfo("seed %u (TALLYLOCK_SEED)", seed);
    QRandomGenerator random(seed);
    NumberModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QItemSelectionModel selection(&model);
    for (int round = 0; round < 300; ++round) {
        std::vector<NumberRow> rows;
        for (int key = 0; key < 12; ++key)
            if (random.bounded(3) != 0) rows.push_back({key, round});
        std::shuffle(rows.begin(), rows.end(), random);
        const QPersistentModelIndex kept = model.index(0, 0);
        const int keptKey = kept.isValid() ? kept.data().toInt() : -1;
        selection.setCurrentIndex(kept, QItemSelectionModel::SelectCurrent);

        std::vector<int> wanted;
        for (const NumberRow& row : rows) wanted.push_back(row.key);
        model.setRows(rows);
        std::vector<int> got;
        for (const NumberRow& row : model.rows()) {
            got.push_back(row.key);
            QCOMPARE(row.version, round);
        }
        QCOMPARE(got, wanted);
        const bool stays = std::find(wanted.begin(), wanted.end(), keptKey) != wanted.end();
        QCOMPARE(kept.isValid(), stays);
        if (stays) QCOMPARE(kept.data().toInt(), keptKey);
        if (stays) QCOMPARE(selection.currentIndex().data().toInt(), keptKey);
    }
}

// --- market --------------------------------------------------------------------------------------------------------

void TestModels::totalIsExactOrRefused_data() {
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

void TestModels::totalIsExactOrRefused() {
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

void TestModels::ladderStandsRoundTheSpread() {
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

void TestModels::ladderOfNobodyIsEmpty() {
    const Units units(stubUnits());
    BookModel model(units);
    model.setInstrument(stubInstrument());
    model.setBook({{api::Side::Buy, usd("100"), btc("1"), 1}}, {});
    QVERIFY(model.rows()[BookModel::kLevels].price.isZero()); // one side only: no spread
    model.setBook({}, {});
    QCOMPARE(model.rowCount(), 0);
}

void TestModels::barsNeverLeaveTheirCell() {
    const api::Amount most{money::kInt128Max, money::kBtc};
    QCOMPARE(thousandths(btc("0"), btc("1")), 0);
    QCOMPARE(thousandths(btc("1"), btc("0")), 0);
    QCOMPARE(thousandths(btc("2"), btc("1")), 1000);
    QCOMPARE(thousandths({-1, money::kBtc}, btc("1")), 0);
    QCOMPARE(thousandths(btc("0.00000001"), btc("21000000")), 1); // the smallest is still seen
    QCOMPARE(thousandths(most, most), 1000);
    QCOMPARE(thousandths({most.value / 2, money::kBtc}, most), 500);
}

void TestModels::ticketSendsNothingThatIsWrong_data() {
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

void TestModels::ticketSendsNothingThatIsWrong() {
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
    QVERIFY(shownText(ticket).contains(ticket.problem()));
    QVERIFY(named<QLabel>(ticket, "Total")->text() == QStringLiteral("—"));
}

void TestModels::ticketSendsExactAmounts() {
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
    QTRY_VERIFY(shownText(ticket).contains(QStringLiteral("not available here"))); // the answer is told
}

// --- shop ----------------------------------------------------------------------------------------------------------

void TestModels::offerSendsNothingThatIsWrong_data() {
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

void TestModels::offerSendsNothingThatIsWrong() {
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
    QVERIFY(shownText(form).contains(form.problem()));
}

void TestModels::offerSendsExactAmounts() {
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

void TestModels::listingsAreFoundAndOrdered() {
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

void TestModels::remoteTextLosesItsTricks_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("line");
    QTest::newRow("plain") << QByteArray("Harbour") << QStringLiteral("Harbour");
    QTest::newRow("lines") << QByteArray("a\r\nb\tc") << QStringLiteral("a b c");
    QTest::newRow("right-to-left override") << QByteArray("photo\xe2\x80\xaegnp.exe") << QStringLiteral("photognp.exe");
    QTest::newRow("zero width") << QByteArray("pay\xe2\x80\x8bpal") << QStringLiteral("paypal");
    QTest::newRow("joiners stay") << QByteArray("\xd9\x85\xe2\x80\x8c\xd9\x85")
                                  << QString::fromUtf8("\xd9\x85\xe2\x80\x8c\xd9\x85");
    QTest::newRow("bell") << QByteArray("a\x07z") << QStringLiteral("az");
    QTest::newRow("letters beyond the first plane")
        << QByteArray("\xf0\x9f\x8e\xbb") << QString::fromUtf8("\xf0\x9f\x8e\xbb");
}

void TestModels::remoteTextLosesItsTricks() {
    QFETCH(QByteArray, text);
    QFETCH(QString, line);
    QCOMPARE(plainLine(text.toStdString()), line);
}

void TestModels::remotePictureIsLimited() {
    QImage small(20, 10, QImage::Format_RGB32);
    small.fill(Qt::red);
    QCOMPARE(previewImage(previewBytes("image/png", pngOf(small))).size(), QSize(20, 10));
    QVERIFY(previewImage(previewBytes("image/svg+xml", "<svg width='9' height='9'/>")).isNull());
    QVERIFY(previewImage(previewBytes("image/jpeg", pngOf(small))).isNull()); // not what it says
    QVERIFY(previewImage(previewBytes("image/png", pngOf(small).left(40))).isNull());
    QImage wide(2000, 4, QImage::Format_RGB32);
    wide.fill(Qt::red);
    QVERIFY(previewImage(previewBytes("image/png", pngOf(wide))).isNull());
    QByteArray large = pngOf(small);
    large.append(QByteArray(256 * 1024, 'x'));
    QVERIFY(previewImage(previewBytes("image/png", large)).isNull());
    QVERIFY(previewText(previewBytes("text/html", "<b>")).isEmpty());
    QCOMPARE(previewText(previewBytes("text/plain", "<b>\nz")), QStringLiteral("<b>\nz"));
}

// --- sell ----------------------------------------------------------------------------------------------------------

void TestModels::fileTroubles_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<FileTrouble>("trouble");
    QTest::newRow("missing") << m_folder.filePath(QStringLiteral("nothing.txt")) << FileTrouble::Missing;
    QTest::newRow("folder") << m_folder.path() << FileTrouble::NotAFile;
    QTest::newRow("empty") << file(QStringLiteral("empty.txt"), {}) << FileTrouble::Empty;
    QTest::newRow("cannot be read") << QStringLiteral("/proc/self/mem") << FileTrouble::Unreadable; // also as root
    QTest::newRow("good") << file(QStringLiteral("good.txt"), "x") << FileTrouble::None;
}

void TestModels::fileTroubles() {
    QFETCH(QString, path);
    QFETCH(FileTrouble, trouble);
    QCOMPARE(lookAt(path).trouble, trouble);
}

void TestModels::textPreviewIsWhatWasApproved() {
    const FileLook look = lookAt(file(QStringLiteral("notes.txt"), "one\r\ntwo\nthree\nfour\n"));
    QCOMPARE(look.lines, words({"one", "two", "three", "four"}));
    QVERIFY(look.picture.isNull());
    QCOMPARE(textOf(previewOf(look.lines, 2).bytes), std::string("one\ntwo"));
    QVERIFY(previewOf(look.lines, 0).mediaType.empty());
    QVERIFY(previewOf(QStringList(), 5).bytes.empty());
    const FileLook binary = lookAt(file(QStringLiteral("data.bin"), QByteArray("ab\0cd", 5)));
    QVERIFY(binary.lines.isEmpty());
    const FileLook latin = lookAt(file(QStringLiteral("latin.txt"), QByteArray("caf\xe9 au lait")));
    QVERIFY(latin.lines.isEmpty());
    const FileLook longLine = lookAt(file(QStringLiteral("long.txt"), QByteArray(100000, 'a')));
    QCOMPARE(longLine.lines.size(), 1);
    QCOMPARE(longLine.lines.front().size(), kPreviewColumns);
}

void TestModels::picturePreviewIsSmallAndBare() {
    QImage noise(1400, 900, QImage::Format_RGB32);
    QRandomGenerator random(7);
    for (int y = 0; y < noise.height(); ++y)
        for (int x = 0; x < noise.width(); ++x) noise.setPixel(x, y, random.generate() | 0xff000000u);
    noise.setText(QStringLiteral("Comment"), QStringLiteral("taken at home"));
    const api::Preview preview = previewOf(noise);
    QVERIFY(!preview.bytes.empty());
    QVERIFY(preview.bytes.size() <= kPreviewBytes);
    QVERIFY(!previewImage(preview).isNull()); // what is published can be shown
    QVERIFY(
        !QByteArray(reinterpret_cast<const char*>(preview.bytes.data()), static_cast<qsizetype>(preview.bytes.size()))
             .contains("home"));
    QVERIFY(previewOf(QImage()).mediaType.empty());
}

api::FileLook TestModels::redLook() {
    api::FileLook look;
    look.mediaType = "image/png";
    look.picture.width = 200;
    look.picture.height = 100;
    for (int i = 0; i < 200 * 100; ++i) append(look.picture.rgba, Bytes{255, 0, 0, 255});
    look.markForm = api::MarkForm::Xmp;
    return look;
}

void TestModels::pixelsThatLieAreNoPicture() {
    api::Pixels pixels = redLook().picture;
    QCOMPARE(imageOf(pixels).size(), QSize(200, 100));
    pixels.height = 101;
    QVERIFY(imageOf(pixels).isNull());
    pixels = {513, 1, Bytes(513 * 4)};
    QVERIFY(imageOf(pixels).isNull());
    QVERIFY(imageOf({}).isNull());
}

void TestModels::wizardShowsWhatTheNodeFound() {
    m_node.lookAnswer = redLook();
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("red.png"), "not looked at here"));
    press(view, "Next");
    QTRY_VERIFY(named<QCheckBox>(view, "Tracking mark")->isVisible());
    QVERIFY(named<QCheckBox>(view, "Tracking mark")->isChecked());
    QVERIFY(shownText(view).contains(QStringLiteral("in the file's metadata")));
    QTest::keyClicks(named<QLineEdit>(view, "Words across the picture"), QStringLiteral("SAMPLE"));
    press(view, "Next");
    QTest::keyClicks(named<QLineEdit>(view, "Price"), QStringLiteral("12.50"));
    press(view, "Next");
    m_session->sealWaits = true;
    press(view, "Encrypt");
    QCOMPARE(m_session->sealed.size(), std::size_t{1});
    const api::SellRequest& request = m_session->sealed.front();
    QVERIFY(request.mark);
    const QImage published = previewImage(request.preview);
    QCOMPARE(published.size(), QSize(200, 100));
    bool plain = true;
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 200; ++x) plain = plain && published.pixel(x, y) == qRgb(255, 0, 0);
    QVERIFY(!plain); // the words are on it
}

void TestModels::sellerDeclinesTheMark() {
    m_node.lookAnswer = redLook();
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("red.png"), "not looked at here"));
    press(view, "Next");
    auto* mark = named<QCheckBox>(view, "Tracking mark");
    QTRY_VERIFY(mark->isVisible());
    mark->setFocus();
    QTest::keyClick(mark, Qt::Key_Space);
    QVERIFY(!mark->isChecked());
    press(view, "Next");
    QTest::keyClicks(named<QLineEdit>(view, "Price"), QStringLiteral("12.50"));
    press(view, "Next");
    m_session->sealWaits = true;
    press(view, "Encrypt");
    QCOMPARE(m_session->sealed.size(), std::size_t{1});
    QVERIFY(!m_session->sealed.front().mark);
}

void TestModels::wizardSaysWhyThereIsNoPicture() {
    api::FileLook damaged;
    damaged.mediaType = "image/png";
    damaged.trouble = "media-damaged";
    damaged.markForm = api::MarkForm::Sidecar;
    m_node.lookAnswer = damaged;
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(file(QStringLiteral("broken.png"), QByteArray("x\0y", 3)));
    press(view, "Next");
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("breaks the rules of its format")));
    QVERIFY(shownText(view).contains(QStringLiteral("Choose another picture")));
    QVERIFY(shownText(view).contains(QStringLiteral("in a small file beside it")));
}

/// From the first page to the review of a text file at 12.50.
QWidget* TestModels::goThrough(SellView& view, const QString& path) {
    view.resize(900, 700);
    view.show();
    named<QLineEdit>(view, "File path")->setText(path);
    press(view, "Next"); // waits for the look by itself
    if (!QTest::qWaitFor([&] {
            return named<QPlainTextEdit>(view, "Description")->isVisible() ||
                   shownText(view).contains(QStringLiteral("As buyers will see it"));
        }))
        qFatal("the preview page did not come");
    press(view, "Next");
    auto* price = named<QLineEdit>(view, "Price");
    price->clear();
    QTest::keyClicks(price, QStringLiteral("12.50"));
    press(view, "Next");
    return price;
}

void TestModels::wizardStopsAtWhatIsWrong() {
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    auto* path = named<QLineEdit>(view, "File path");
    path->setText(file(QStringLiteral("void.txt"), {}));
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("empty")));
    press(view, "Next");
    QVERIFY(path->isVisible());
    path->setText(file(QStringLiteral("poem.txt"), "roses\n"));
    press(view, "Next");
    QTRY_VERIFY(!path->isVisible());
    press(view, "Next");

    auto* name = named<QLineEdit>(view, "Name");
    auto* price = named<QLineEdit>(view, "Price");
    QCOMPARE(name->text(), QStringLiteral("poem"));
    for (const auto& [title, cost] :
         {std::pair("", "5"), std::pair("  ", "5"), std::pair("Poem", ""), std::pair("Poem", "0"),
          std::pair("Poem", "0.00"), std::pair("Poem", "-1"), std::pair("Poem", "5.001"), std::pair("Poem", "dear")}) {
        name->setText(QString::fromLatin1(title));
        price->setText(QString::fromLatin1(cost));
        press(view, "Next");
        QVERIFY2(name->isVisible(), cost);
    }
    named<QPlainTextEdit>(view, "Description")->setPlainText(QString(4001, QLatin1Char('x')));
    price->setText(QStringLiteral("5"));
    press(view, "Next");
    QVERIFY(name->isVisible());
    QVERIFY(shownText(view).contains(QStringLiteral("too long")));
    QVERIFY(m_session->sealed.empty());
}

void TestModels::wizardGoesBackAfterAFailedSeal() {
    m_session->sealAnswer = api::Answer<api::DraftRow>(Err(api::Refusal{Problem::DiskFull, {}}));
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("disk is full")));
    press(view, "Encrypt"); // still there, and can be tried again
    QCOMPARE(m_session->sealed.size(), std::size_t{2});
    const api::SellRequest& request = m_session->sealed.front();
    QVERIFY(request.price == usd("12.50"));
    QCOMPARE(request.name, std::string("song"));
    QCOMPARE(textOf(request.preview.bytes), std::string("la\nla"));
}

void TestModels::wizardForgetsWhatTheSellerLeft() {
    m_session->sealWaits = true;
    api::DraftRow draft;
    draft.assetId.bytes[0] = 7;
    draft.name = "song";
    draft.price = usd("12.50");
    m_session->sealAnswer = api::Answer<api::DraftRow>(draft);
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    press(view, "Back");
    QVERIFY(m_session->job->cancelled);
    m_session->finishSeal(); // it had just been done
    QTRY_COMPARE(m_session->discarded.size(), std::size_t{1});
    QVERIFY(m_session->published.empty());
}

void TestModels::sealingIsPaused() {
    m_session->sealWaits = true;
    SellView view(*m_context);
    goThrough(view, file(QStringLiteral("song.txt"), "la\nla\n"));
    press(view, "Encrypt");
    m_session->tellProgress({1'000'000, 4'000'000});
    press(view, "Pause");
    QVERIFY(m_session->job->paused);
    QVERIFY(shownText(view).contains(QStringLiteral("paused")));
    press(view, "Resume");
    QVERIFY(!m_session->job->paused);
    QVERIFY(!shownText(view).contains(QStringLiteral("paused")));
    press(view, "Pause");
    press(view, "Cancel");
    QVERIFY(m_session->job->cancelled);
}

void TestModels::anOpenedFileIsVerified() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::Unlocked;
    m_session->libraryRows = {row};
    m_session->verifyAnswer = api::Answer<void>();
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Unlocked")));
    press(view, "Verify");
    QVERIFY(shownText(view).contains(QStringLiteral("Verifying Atlas")));
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("what was sold")));
    QVERIFY(m_session->verified == std::vector<SaleId>{{2}});
    QVERIFY(!shownText(view).contains(QStringLiteral("Verifying Atlas")));
    m_session->verifyAnswer = api::Answer<void>(Err(api::Refusal{Problem::FileNotAsSold, {}}));
    press(view, "Verify");
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("not as it was sold")));

    // What somebody has changed is not replaced without a question.
    QTemporaryFile changed;
    QVERIFY(changed.open());
    m_session->libraryRows.front().path = changed.fileName().toStdString();
    m_session->tell(api::Topic::Library);
    QTRY_VERIFY(shownText(view).contains(changed.fileName()));
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(m_session->libraryRows.front());
    press(view, "Unlock again");
    auto* question = view.findChild<QMessageBox*>();
    QVERIFY(question && question->isVisible());
    QVERIFY(question->defaultButton() == question->button(QMessageBox::Cancel));
    QVERIFY(m_session->unlocked.empty());
    for (QAbstractButton* button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::DestructiveRole) QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(m_session->unlocked == std::vector<SaleId>{{2}});
}

void TestModels::unlockingIsPausedAndCancelled() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::Unlockable;
    m_session->libraryRows = {row};
    m_session->unlockWaits = true;
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(Err(api::Refusal{Problem::Cancelled, {}}));
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Ready to unlock")));
    press(view, "Unlock");
    QVERIFY(shownText(view).contains(QStringLiteral("Unlocking Atlas")));
    m_session->tellProgress({1'000'000, 4'000'000});
    QVERIFY(shownText(view).contains(QStringLiteral("1")));
    press(view, "Pause");
    QVERIFY(m_session->job->paused);
    press(view, "Cancel");
    QVERIFY(m_session->job->cancelled);
    m_session->finishUnlock();
    QTRY_VERIFY(!shownText(view).contains(QStringLiteral("Unlocking Atlas")));
    QVERIFY(shownText(view).contains(QStringLiteral("Ready to unlock"))); // nothing changed
}

void TestModels::wizardOffersTheDraftAgain() {
    api::DraftRow draft;
    draft.assetId.bytes[0] = 9;
    draft.name = "Old maps";
    draft.price = usd("40");
    m_session->draftRows = {draft};
    m_session->publishAnswer = api::Answer<ListingId>(Err(api::Refusal{Problem::ListingCopied, {}}));
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("not yet published")));
    press(view, "Continue…");
    press(view, "Publish");
    QTRY_COMPARE(m_session->published.size(), std::size_t{1});
    QTRY_VERIFY(!view.findChildren<QPushButton*>().empty());
    m_session->publishAnswer = api::Answer<ListingId>(ListingId{3});
    QTest::qWait(20);
    press(view, "Publish");
    QTRY_COMPARE(m_session->published.size(), std::size_t{2});
    const auto opened = std::make_shared<quint64>(0);
    connect(m_context.get(), &Context::went, &view, [opened](Place, quint64 id) { *opened = id; });
    QTest::qWait(20);
    press(view, "View the listing");
    QCOMPARE(*opened, quint64{3});
    QVERIFY(m_session->discarded.empty());
}

void TestModels::wizardGoesOnWithAnInterruptedSealing() {
    api::DraftRow begun;
    begun.assetId.bytes[0] = 9;
    begun.name = "Old maps";
    begun.price = usd("40");
    begun.state = api::DraftState::Interrupted;
    begun.sizeBytes = 200;
    begun.sealedSoFar = 74;
    api::DraftRow gone = begun;
    gone.assetId.bytes[0] = 8;
    gone.name = "Elsewhere";
    gone.state = api::DraftState::Gone;
    m_session->draftRows = {begun, gone};
    SellView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("interrupted at 37 %")));
    QVERIFY(shownText(view).contains(QStringLiteral("not on this machine")));
    int resumable = 0;
    for (const QPushButton* button : view.findChildren<QPushButton*>())
        resumable += button->isVisible() && button->accessibleName().startsWith(QStringLiteral("Continue with"));
    QCOMPARE(resumable, 1);

    m_session->sealAnswer = api::Answer<api::DraftRow>(Err(api::Refusal{Problem::FileChanged, {}}));
    press(view, "Go on");
    QTRY_COMPARE(m_session->resumed.size(), std::size_t{1});
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Old maps"))); // the list of drafts again
    begun.state = api::DraftState::Whole;
    m_session->sealAnswer = api::Answer<api::DraftRow>(begun);
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("interrupted at 37 %")));
    press(view, "Go on");
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("ready to publish")));
    QCOMPARE(m_session->resumed.size(), std::size_t{2});
    QVERIFY(m_session->sealed.empty() && m_session->discarded.empty());
}

void TestModels::anOwnSoldListingIsSoldAgain() {
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
    QTRY_VERIFY(shownText(page).contains(QStringLiteral("disk is full")));
    api::DraftRow copy;
    copy.assetId = listing.assetId;
    m_session->sealAnswer = api::Answer<api::DraftRow>(copy);
    m_session->publishAnswer = api::Answer<ListingId>(ListingId{5});
    press(page, "Sell another copy");
    QTRY_VERIFY(shownText(page).contains(QStringLiteral("Another copy is on offer")));
    QCOMPARE(m_session->copied.size(), std::size_t{2});
    QCOMPARE(m_session->published.size(), std::size_t{1});
}

// --- funds and library ---------------------------------------------------------------------------------------------

void TestModels::statementIsNewestFirstWithPointsInLine() {
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

void TestModels::balancesHavePointsInLine() {
    const Units units(stubUnits());
    BalanceModel model(units);
    model.setBalances(
        {{money::kBtc, btc("1.25"), btc("0"), btc("0.00000001")}, {money::kUsd, usd("12345.67"), usd("0"), usd("0")}});
    for (const int column : {BalanceModel::kAvailable, BalanceModel::kHeld, BalanceModel::kPending})
        QCOMPARE(pointsOf(model, column).size(), 1);
}

void TestModels::aNewAccountHasARowToDepositInto() {
    FundsView view(*m_context);
    view.resize(900, 700);
    view.show();
    auto* table = named<QTableView>(view, "Balances");
    QTRY_COMPARE(table->model()->rowCount(), 2); // the units of the one market
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Deposit BTC")));
    table->selectRow(1);
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Deposit USD")));
    const auto* lower = view.findChild<QTabWidget*>();
    QVERIFY(lower);
    QTRY_COMPARE(lower->tabText(0), QStringLiteral("Statement of USD"));
}

void TestModels::programsAreNotStarted() {
    api::LibraryRow row;
    row.sale = {3};
    row.name = "Holiday pictures";
    row.state = api::LibraryState::Unlocked;
    row.path = file(QStringLiteral("holiday.jpg.desktop"), "[Desktop Entry]\nExec=true\n").toStdString();
    m_session->libraryRows = {row};
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Unlocked")));
    press(view, "Open");
    QVERIFY(shownText(view).contains(QStringLiteral("program")));
}

void TestModels::libraryIsNewestFirst() {
    LibraryModel model;
    api::LibraryRow older;
    older.sale = {8};
    older.name = "older";
    older.boughtMs = 10;
    api::LibraryRow newer;
    newer.sale = {2};
    newer.name = "newer";
    newer.boughtMs = 20;
    model.setLibrary({older, newer});
    QCOMPARE(namesOf(model), words({"newer", "older"}));
}

void TestModels::lockedThingsStayLocked() {
    api::LibraryRow row;
    row.sale = {2};
    row.name = "Atlas";
    row.state = api::LibraryState::OnItsWay;
    m_session->libraryRows = {row};
    LibraryView view(*m_context);
    view.resize(900, 700);
    view.show();
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("On its way")));
    press(view, "Unlock");
    QVERIFY(m_session->unlocked.empty());

    m_session->libraryRows.front().state = api::LibraryState::Unlockable;
    m_session->unlockAnswer = api::Answer<api::LibraryRow>(Err(api::Refusal{Problem::KeyPartsWrong, "part 2"}));
    m_session->tell(api::Topic::Library);
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("Ready to unlock")));
    press(view, "Unlock");
    QTRY_VERIFY(shownText(view).contains(QStringLiteral("part 2")));
    QVERIFY(shownText(view).contains(QStringLiteral("Ready to unlock"))); // nothing changed
    const auto buttons = view.findChildren<QPushButton*>();
    for (const QPushButton* button : buttons)
        if (button->text().contains(QStringLiteral("Open"))) QVERIFY(!button->isVisible());
}

QTEST_MAIN(TestModels)
#include "tst_models.moc"
