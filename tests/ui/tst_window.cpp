// Two people, two windows, one sale and one order: done with mouse and keyboard alone, as a person would, on the real
// embedded node. Widgets are found by the names that a screen reader says. At the end the offer, the payment and the
// unlocked file are read back through the api, and every view has left a picture in the build folder.
#include "app/desktop/Desktop.h"
#include "core/api/Treasury.h"
#include "tests/ui/Hands.h"

#include <QComboBox>
#include <QLabel>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTranslator>

using namespace tallylock;
using namespace tallylock::ui::hands;
namespace hands = tallylock::ui::hands;

namespace {

const QString kPassphrase = QStringLiteral("correct horse battery");
const QString kSeller = QStringLiteral("seller");
const QString kBuyer = QStringLiteral("buyer");

/// The answer of a question put to the api; nothing if it was refused.
template <class T, class F>
std::optional<T> answerOf(F put) {
    std::optional<api::Answer<T>> answer;
    put([&answer](api::Answer<T> came) { answer = std::move(came); });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, kPatienceMs) || !answer->ok()) return std::nullopt;
    return std::move(*answer).value();
}

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void germanIsBuiltIn();
    void aWrongConfirmationIsRefused();
    void sellerCreatesAProfile();
    void buyerCreatesAProfileInAnotherWindow();
    void sellerListsAFile();
    void buyerMakesAnOffer();
    void sellerAsksForMore();
    void buyerBidsAgain();
    void sellerAcceptsIt();
    void buyerPays();
    void buyerUnlocksTheFile();
    void buyerIsContent();
    void buyerPlacesAnOrder();
    void theApiTellsTheSameStory();
    void buyerChangesAndCancelsTheOrder();
    void buyerPaysOut();
    void buyerAsksWhoCouldMoveIt();
    void everyViewIsPictured_data();
    void everyViewIsPictured();
    void aClosedProfileAsksForItsPassphrase();
    void cleanup();
    void cleanupTestCase();

private:
    void createProfile(QWidget* window, const QString& name);
    std::optional<api::SaleRow> theSale(const QString& profile);
    std::optional<api::OrderRow> theOrder();
    std::vector<api::WithdrawalRow> payouts();
    std::shared_ptr<api::Session> session(const QString& profile) { return m_desktop->session(profile); }

    QTemporaryDir m_folder;
    QByteArray m_content;
    std::unique_ptr<app::Desktop> m_desktop;
};

void TestWindow::initTestCase() {
    QVERIFY(m_folder.isValid());
    m_content =
        QByteArray("Forty mornings of tide tables.\nWind south-west, light.\n").repeated(40'000); // two portions
    QFile file(m_folder.filePath(QStringLiteral("tides.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(m_content) == m_content.size());
    auto desktop = app::Desktop::start(m_folder.filePath(QStringLiteral("data")).toStdString(),
                                       TALLYLOCK_BIN_DIR "/tallylock-media");
    QVERIFY2(desktop, desktop ? "" : qPrintable(app::startProblem(desktop.error())));
    m_desktop = std::move(desktop).value();
    m_desktop->openWindow();
    QTRY_VERIFY(windowNamed(QStringLiteral("Tallylock")));
    QVERIFY(windowNamed(QStringLiteral("Tallylock"))
                ->grab()
                .save(picturesFolder().filePath(QStringLiteral("welcome-light.png"))));
}

void TestWindow::germanIsBuiltIn() {
    QTranslator german;
    QVERIFY(german.load(QLocale(QStringLiteral("de_DE")), QStringLiteral("tallylock"), QStringLiteral("_"),
                        QStringLiteral(":/i18n")));
    QCOMPARE(german.translate("tallylock::ui::MainWindow", "&File"), QStringLiteral("&Datei"));
    QCOMPARE(german.translate("SaleTexts", "Escrow pays the seller"),
             QStringLiteral("Der Verkäufer wird aus der Hinterlegung bezahlt"));
}

void TestWindow::aWrongConfirmationIsRefused() {
    QWidget* window = windowNamed(QStringLiteral("Tallylock"));
    CLICK(window, "Create a profile");
    CLICK(window, "I have written them down");
    CLICK(window, "Continue"); // nothing is typed
    QTRY_VERIFY(look<QPushButton>(window, QStringLiteral("Continue")));
    QVERIFY(!look<QLineEdit>(window, QStringLiteral("Profile name")));
    CLICK(window, "Back");
    CLICK(window, "Back");
    QTRY_VERIFY(look<QPushButton>(window, QStringLiteral("Create a profile")));
}

void TestWindow::createProfile(QWidget* window, const QString& name) {
    hands::createProfile(window, name, kPassphrase);
    QVERIFY(session(name));
}

void TestWindow::sellerCreatesAProfile() { createProfile(windowNamed(QStringLiteral("Tallylock")), kSeller); }

void TestWindow::buyerCreatesAProfileInAnotherWindow() {
    QVERIFY(windowOf(kSeller));
    QTest::keyClick(windowOf(kSeller), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    if (!QTest::qWaitFor([] { return windowNamed(QStringLiteral("Tallylock")) != nullptr; }, 2000)) {
        m_desktop->openWindow(); // shortcuts need an active window, which not every display server gives
    }
    QTRY_VERIFY(windowNamed(QStringLiteral("Tallylock")));
    createProfile(windowNamed(QStringLiteral("Tallylock")), kBuyer);
    QVERIFY(windowOf(kSeller) && windowOf(kBuyer));
    CLICK(windowOf(kBuyer), "Add practice money"); // one of the first steps of an empty home
}

void TestWindow::sellerListsAFile() {
    QWidget* window = windowOf(kSeller);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Sell"));
    TYPE(window, QStringLiteral("File path"), m_folder.filePath(QStringLiteral("tides.txt")));
    CLICK(window, "Next"); // the file, which is looked at first
    QTRY_VERIFY_WITH_TIMEOUT(look<QRadioButton>(window, QStringLiteral("The first lines")), kPatienceMs);
    picture(window, QStringLiteral("preview"));
    CLICK(window, "Next"); // its preview
    TYPE(window, QStringLiteral("Name"), QStringLiteral("Tide tables"));
    TYPE(window, QStringLiteral("Price"), QStringLiteral("250"));
    CLICK(window, "Next");
    CLICK(window, "Encrypt");
    CLICK(window, "Publish");
    QTRY_VERIFY_WITH_TIMEOUT(look<QPushButton>(window, QStringLiteral("View the listing")), kPatienceMs);
}

void TestWindow::buyerMakesAnOffer() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Shop"));
    CHOOSE(window, "Listings", QStringLiteral("Tide tables"));
    const auto coinChosen = [window] {
        const auto* coins = look<QComboBox>(window, QStringLiteral("Pay in"));
        return coins && !coins->currentText().isEmpty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(coinChosen(), kPatienceMs); // the node is asked what can be paid in
    TYPE(window, QStringLiteral("Minimum"), QStringLiteral("200"));
    TYPE(window, QStringLiteral("Bid"), QStringLiteral("240"));
    picture(window, QStringLiteral("offer"));
    CLICK(window, "Make offer");
    QTRY_VERIFY_WITH_TIMEOUT(theSale(kBuyer).has_value(), kPatienceMs);
}

void TestWindow::sellerAsksForMore() {
    QWidget* window = windowOf(kSeller);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Home"));
    CLICK(window, "Open sale Tide tables");
    TYPE(window, QStringLiteral("Your price"), QStringLiteral("245"));
    QVERIFY(!canClick(window, QStringLiteral("Accept offer")));
    CLICK(window, "Ask for more");
    const auto isCountered = [this] {
        return theSale(kSeller).value_or(api::SaleRow{}).state == api::SaleState::Countered;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isCountered(), kPatienceMs);
    picture(window, QStringLiteral("counter-offer, seller"));
}

void TestWindow::buyerBidsAgain() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Sales"));
    CHOOSE(window, "Sales", QStringLiteral("Tide tables"));
    QTRY_VERIFY_WITH_TIMEOUT(canClick(window, QStringLiteral("Bid this much")), kPatienceMs);
    picture(window, QStringLiteral("counter-offer, buyer"));
    TYPE(window, QStringLiteral("New bid"), QStringLiteral("242"));
    CLICK(window, "Bid this much");
    const auto isOffered = [this] { return theSale(kBuyer).value_or(api::SaleRow{}).state == api::SaleState::Offered; };
    QTRY_VERIFY_WITH_TIMEOUT(isOffered(), kPatienceMs);
}

void TestWindow::sellerAcceptsIt() {
    QWidget* window = windowOf(kSeller);
    QVERIFY(window);
    QTRY_VERIFY_WITH_TIMEOUT(canClick(window, QStringLiteral("Accept offer")), kPatienceMs);
    CLICK(window, "Accept offer");
    QTRY_VERIFY_WITH_TIMEOUT(theSale(kSeller).value_or(api::SaleRow{}).step >= 2, kPatienceMs);
}

void TestWindow::buyerPays() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Sales"));
    CHOOSE(window, "Sales", QStringLiteral("Tide tables"));
    QTRY_VERIFY_WITH_TIMEOUT(canClick(window, QStringLiteral("Pay with practice coins")), kPatienceMs);
    // However far down the page was when the offer was renewed: what is to be done now is seen.
    QWidget* area = look<QPushButton>(window, QStringLiteral("Pay with practice coins"));
    while (area && !qobject_cast<QScrollArea*>(area)) area = area->parentWidget();
    QVERIFY(area);
    QCOMPARE(qobject_cast<QScrollArea*>(area)->verticalScrollBar()->value(), 0);
    picture(window, QStringLiteral("payment"));
    CLICK(window, "Pay with practice coins");
    QTRY_VERIFY_WITH_TIMEOUT(theSale(kBuyer).value_or(api::SaleRow{}).step >= 7, kPatienceMs);
}

void TestWindow::buyerUnlocksTheFile() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    CLICK(window, "Unlock in the library");
    CLICK(window, "Unlock");
    const auto isUnlocked = [this] {
        return theSale(kBuyer).value_or(api::SaleRow{}).state == api::SaleState::Unlocked;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUnlocked(), kPatienceMs);
    QVERIFY(look<QPushButton>(window, QStringLiteral("Open")));
}

/// It has a day to look at the file, thinks of objecting, and does not.
void TestWindow::buyerIsContent() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    CHOOSE(window, "Views", QStringLiteral("Sales"));
    CHOOSE(window, "Sales", QStringLiteral("Tide tables"));
    QTRY_VERIFY_WITH_TIMEOUT(canClick(window, QStringLiteral("Everything is fine")), kPatienceMs);
    CLICK(window, "Object");
    picture(window, QStringLiteral("objection"));
    CLICK(window, "Object"); // not, after all
    CLICK(window, "Everything is fine");
    QTRY_VERIFY_WITH_TIMEOUT(theSale(kBuyer).value_or(api::SaleRow{}).terminal, kPatienceMs);
    auto* evidence = look<QPushButton>(window, QStringLiteral("Save the evidence"));
    QVERIFY(evidence);
    evidence->setFocus(); // scrolls to it
    picture(window, QStringLiteral("evidence"));
}

void TestWindow::buyerPlacesAnOrder() {
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    const auto dollars = [this] {
        const auto rows = answerOf<std::vector<api::BalanceRow>>([&](auto done) { session(kBuyer)->balances(done); });
        return rows && std::any_of(rows->begin(), rows->end(), [](const auto& row) {
                   return row.unit == money::kUsd && row.available.isPositive();
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(dollars(), kPatienceMs);
    CHOOSE(window, "Views", QStringLiteral("Market"));
    CLICK(window, "Buy");
    TYPE(window, QStringLiteral("Order price"), QStringLiteral("50000"));
    TYPE(window, QStringLiteral("Order quantity"), QStringLiteral("0.01"));
    CLICK(window, "Place buy order");
    const auto orders = [this] {
        const auto rows = answerOf<std::vector<api::OrderRow>>([&](auto done) { session(kBuyer)->orders(done); });
        return rows ? rows->size() : 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(orders(), std::size_t{1}, kPatienceMs);
}

std::optional<api::SaleRow> TestWindow::theSale(const QString& profile) {
    const auto rows = answerOf<std::vector<api::SaleRow>>([&](auto done) { session(profile)->sales(done); });
    if (!rows || rows->size() != 1) return std::nullopt;
    return rows->front();
}

void TestWindow::theApiTellsTheSameStory() {
    const auto bought = theSale(kBuyer);
    const auto sold = theSale(kSeller);
    QVERIFY(bought && sold && bought->id == sold->id);
    QVERIFY(bought->role == api::SaleRole::Buyer && sold->role == api::SaleRole::Seller);
    const money::Int128 cent = 1'000'000; // ledger units of a dollar's hundredth
    QVERIFY(bought->bid.value == 242 * 100 * cent && bought->bid.unit == money::kUsd);
    QVERIFY(bought->price.value == 242 * 100 * cent);
    QCOMPARE(bought->state, api::SaleState::Completed);

    const auto receipts =
        answerOf<std::vector<api::ReceiptRow>>([&](auto done) { session(kBuyer)->receipts(bought->id, done); });
    QVERIFY(receipts);
    for (int step = 1; step <= 14; ++step) {
        const auto isStep = [step](const auto& receipt) { return receipt.step == step; };
        QVERIFY2(std::any_of(receipts->begin(), receipts->end(), isStep), qPrintable(QString::number(step)));
    }
    const auto library = answerOf<std::vector<api::LibraryRow>>([&](auto done) { session(kBuyer)->library(done); });
    QVERIFY(library && library->size() == 1);
    QVERIFY(library->front().state == api::LibraryState::Unlocked);
    QFile opened(QString::fromStdString(library->front().path));
    QVERIFY(opened.open(QIODevice::ReadOnly));
    QCOMPARE(opened.readAll(), m_content);

    const auto balances = answerOf<std::vector<api::BalanceRow>>([&](auto done) { session(kSeller)->balances(done); });
    QVERIFY(balances && std::any_of(balances->begin(), balances->end(), [](const auto& row) {
                return row.unit == money::kUsd && row.available.isPositive();
            }));
    const auto orders = answerOf<std::vector<api::OrderRow>>([&](auto done) { session(kBuyer)->orders(done); });
    QVERIFY(orders && orders->size() == 1 && orders->front().price.value == 50'000 * 100 * cent);
    const auto trial =
        answerOf<std::vector<api::TrialBalanceRow>>([&](auto done) { m_desktop->node().trialBalance(done); });
    QVERIFY(trial && !trial->empty());
    for (const auto& row : *trial) QVERIFY(row.sum.isZero());
}

std::optional<api::OrderRow> TestWindow::theOrder() {
    const auto rows = answerOf<std::vector<api::OrderRow>>([&](auto done) { session(kBuyer)->orders(done); });
    return rows && rows->size() == 1 ? std::optional(rows->front()) : std::nullopt;
}

void TestWindow::buyerChangesAndCancelsTheOrder() {
    QWidget* window = windowOf(kBuyer);
    CHOOSE(window, "Views", QStringLiteral("Market"));
    auto* orders = look<QTableView>(window, QStringLiteral("My open orders"));
    QVERIFY(orders);
    QTRY_COMPARE_WITH_TIMEOUT(orders->model()->rowCount(), 1, kPatienceMs);
    QTest::mouseClick(orders->viewport(), Qt::LeftButton, {},
                      orders->visualRect(orders->model()->index(0, 1)).center());
    CLICK(window, "Change order…");
    const auto dialog = [] { return windowNamed(QStringLiteral("Change order")); };
    QTRY_VERIFY(dialog());
    picture(dialog(), QStringLiteral("change-order"));
    TYPE(dialog(), QStringLiteral("New quantity"), QStringLiteral("0.02"));
    CLICK(dialog(), "Change order");
    const auto quantity = [this] { return theOrder().value_or(api::OrderRow{}).quantity.value; };
    QTRY_VERIFY_WITH_TIMEOUT(quantity() == 2'000'000 && !dialog(), kPatienceMs);
    TYPE(window, QStringLiteral("Order price"), QStringLiteral("61000.50"));
    TYPE(window, QStringLiteral("Order quantity"), QStringLiteral("0.01"));
    picture(window, QStringLiteral("ticket")); // with the order that is being written
    HOLD(window, "Cancel all orders", theOrder().value_or(api::OrderRow{}).state == api::OrderState::Cancelled);
}

std::vector<api::WithdrawalRow> TestWindow::payouts() {
    return answerOf<std::vector<api::WithdrawalRow>>([&](auto done) { session(kBuyer)->treasury().withdrawals(done); })
        .value_or(std::vector<api::WithdrawalRow>());
}

void TestWindow::buyerPaysOut() {
    QWidget* window = windowOf(kBuyer);
    CHOOSE(window, "Views", QStringLiteral("Funds"));
    const auto turnTo = [window](const char* tabs, int index) {
        auto* bar = look<QTabWidget>(window, QString::fromLatin1(tabs))->tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(index).center());
    };
    QTRY_VERIFY(look<QTabWidget>(window, QStringLiteral("Statement, deposits and payouts")));
    turnTo("Statement, deposits and payouts", 3);
    TYPE(window, QStringLiteral("Address or account"), QStringLiteral("practice-cold-store"));
    TYPE(window, QStringLiteral("Label"), QStringLiteral("Cold store"));
    CLICK(window, "Add address");
    const auto* book = look<QTableView>(window, QStringLiteral("Address book"));
    QTRY_COMPARE_WITH_TIMEOUT(book->model()->rowCount(), 1, kPatienceMs);
    picture(window, QStringLiteral("address-book"));
    turnTo("Deposit or pay out", 1);
    TYPE(window, QStringLiteral("Payout amount"), QStringLiteral("0.001"));
    picture(window, QStringLiteral("payout"));
    QVERIFY(payouts().empty());
    HOLD(window, "Ask for the payout", payouts().size() == 1);
    QTRY_VERIFY_WITH_TIMEOUT(payouts().front().state == api::WithdrawalState::Sent, kPatienceMs);
    QCOMPARE(payouts().front().to, std::string("practice-cold-store"));
    turnTo("Statement, deposits and payouts", 2);
    picture(window, QStringLiteral("payouts"));
    turnTo("Statement, deposits and payouts", 1);
    picture(window, QStringLiteral("deposits"));
}

void TestWindow::buyerAsksWhoCouldMoveIt() {
    QWidget* window = windowOf(kBuyer);
    CHOOSE(window, "Views", QStringLiteral("Institution"));
    QTRY_VERIFY_WITH_TIMEOUT(look<QTabWidget>(window, QStringLiteral("Users, approvals and rules")), kPatienceMs);
    auto* bar = look<QTabWidget>(window, QStringLiteral("Users, approvals and rules"))->tabBar();
    for (const int page : {1, 2}) {
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(page).center());
        picture(window, page == 1 ? QStringLiteral("approvals") : QStringLiteral("rules"));
    }
    TYPE(window, QStringLiteral("Amount to be moved"), QStringLiteral("1"));
    const auto says = [window](const char* name) {
        const auto* label = look<QLabel>(window, QString::fromLatin1(name));
        return label ? label->text() : QString();
    };
    QTRY_COMPARE_WITH_TIMEOUT(says("Who could move it now"), QStringLiteral("buyer alone"), kPatienceMs);
    picture(window, QStringLiteral("movers"));
    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(0).center());
}

void TestWindow::everyViewIsPictured_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestWindow::everyViewIsPictured() {
    QFETCH(bool, dark);
    QWidget* window = windowOf(kBuyer);
    QVERIFY(window);
    app::setDark(*qApp, dark);
    const QDir folder = picturesFolder();
    const QStringList views = {QStringLiteral("Home"),  QStringLiteral("Shop"),       QStringLiteral("Sell"),
                               QStringLiteral("Sales"), QStringLiteral("Library"),    QStringLiteral("Market"),
                               QStringLiteral("Funds"), QStringLiteral("Institution")};
    for (const QString& title : views) {
        CHOOSE(window, "Views", title);
        QTest::qWait(300);
        const QString name = title.toLower() + (dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png"));
        QVERIFY(window->grab().save(folder.filePath(name)));
    }
}

void TestWindow::aClosedProfileAsksForItsPassphrase() {
    QWidget* window = windowOf(kSeller);
    QVERIFY(window);
    window->close();
    QTRY_VERIFY(!windowOf(kSeller) && !session(kSeller));
    m_desktop->openWindow(kSeller);
    QTRY_VERIFY(windowNamed(QStringLiteral("Tallylock")));
    QWidget* welcome = windowNamed(QStringLiteral("Tallylock"));
    TYPE(welcome, QStringLiteral("Passphrase"), QStringLiteral("not the passphrase"));
    CLICK(welcome, "Open profile");
    QTRY_VERIFY_WITH_TIMEOUT(canClick(welcome, QStringLiteral("Open profile")), kPatienceMs);
    QVERIFY(!windowOf(kSeller));
    TYPE(welcome, QStringLiteral("Passphrase"), kPassphrase);
    CLICK(welcome, "Open profile");
    QTRY_VERIFY_WITH_TIMEOUT(windowOf(kSeller), kPatienceMs);
}

/// What the windows looked like when something went wrong.
void TestWindow::cleanup() {
    if (!QTest::currentTestFailed()) return;
    const QDir folder = picturesFolder();
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (!window->isVisible()) continue;
        const QString name =
            QStringLiteral("failed %1, %2.png").arg(QLatin1String(QTest::currentTestFunction()), window->windowTitle());
        window->grab().save(folder.filePath(name));
    }
}

void TestWindow::cleanupTestCase() { m_desktop.reset(); }

int main(int argc, char** argv) { return tallylock::ui::hands::runTest<TestWindow>(argc, argv); }
#include "tst_window.moc"
