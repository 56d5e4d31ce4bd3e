// The whole program in German, whose words are longer: in every view nothing is cut off, at the size of a first window
// and at the smallest, and each leaves a picture in the build folder.
#include "app/desktop/Desktop.h"
#include "core/money/Decimal.h"
#include "tests/ui/Hands.h"

#include <QCheckBox>
#include <QLabel>
#include <QListWidget>
#include <QRadioButton>
#include <QTabBar>

using namespace tallylock;
using namespace tallylock::ui::hands;

namespace {

const QString kName = QStringLiteral("kaethe");
const QString kPassphrase = QStringLiteral("a passphrase for tests");

/// What says something in less room than it needs.
QStringList cutOff(QWidget* window) {
    QStringList cut;
    const auto look = [&cut](const QWidget* widget, const QString& text) {
        const QSize needed = widget->minimumSizeHint();
        const bool isSmall = widget->width() < needed.width() || widget->height() < needed.height();
        if (widget->isVisible() && !text.isEmpty() && isSmall) cut << text;
    };
    for (auto* one : window->findChildren<QLineEdit*>()) look(one, nameOfWidget(one));
    for (const auto* one : window->findChildren<QLabel*>()) look(one, one->text());
    for (const auto* one : window->findChildren<QAbstractButton*>()) look(one, one->text());
    for (const auto* bar : window->findChildren<QTabBar*>())
        for (int tab = 0; bar->isVisible() && tab < bar->count(); ++tab)
            if (bar->tabRect(tab).right() > bar->width()) cut << bar->tabText(tab);
    return cut;
}

} // namespace

class TestGerman : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void theWelcome();
    void somethingHappens();
    void everyView_data();
    void everyView();
    void cleanupTestCase() { m_desktop.reset(); }

private:
    QWidget* window() const { return windowNamed(QStringLiteral("Tallylock von ") + kName); }
    template <class T, class F>
    std::optional<T> answerOf(F put) {
        std::optional<api::Answer<T>> answer;
        put([&answer](api::Answer<T> came) { answer = std::move(came); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, kPatienceMs) || !*answer) return std::nullopt;
        return std::move(*answer).value();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<app::Desktop> m_desktop;
};

void TestGerman::initTestCase() {
    auto desktop = app::Desktop::start(m_folder.filePath(QStringLiteral("data")).toStdString(),
                                       TALLYLOCK_BIN_DIR "/tallylock-media");
    QVERIFY2(desktop, desktop ? "" : qPrintable(app::startProblem(desktop.error())));
    m_desktop = std::move(desktop).value();
    m_desktop->openWindow();
}

void TestGerman::theWelcome() {
    QTRY_VERIFY(windowNamed(QStringLiteral("Tallylock")));
    QWidget* window = windowNamed(QStringLiteral("Tallylock"));
    const auto seen = [window](const char* name) {
        picture(window, QStringLiteral("de-") + QString::fromLatin1(name));
        const QStringList cut = cutOff(window);
        QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral(" | "))));
    };
    seen("welcome");
    CLICK(window, "Aus einer Merkphrase wiederherstellen");
    seen("restore");
    CLICK(window, "Zurück");
    CLICK(window, "Den Koordinator ändern");
    seen("coordinator");
    CLICK(window, "Zurück");
    CLICK(window, "Profil anlegen");
    QStringList words;
    for (int number = 1; number <= 12; ++number) {
        auto* cell = look<QWidget>(window, QStringLiteral("Wort %1").arg(number));
        QVERIFY(cell);
        words << QAccessible::queryAccessibleInterface(cell)->text(QAccessible::Value);
    }
    seen("phrase");
    CLICK(window, "Ich habe sie aufgeschrieben");
    for (int number = 1; number <= 12; ++number) {
        const QString label = QStringLiteral("Wort %1").arg(number);
        if (look<QLineEdit>(window, label)) TYPE(window, label, words[number - 1]);
    }
    seen("confirm");
    CLICK(window, "Weiter");
    TYPE(window, QStringLiteral("Profilname"), kName);
    TYPE(window, QStringLiteral("Neue Passphrase"), kPassphrase);
    TYPE(window, QStringLiteral("Passphrase noch einmal"), kPassphrase);
    seen("name");
    CLICK(window, "Profil anlegen");
    QTRY_VERIFY_WITH_TIMEOUT(this->window(), kPatienceMs);
}

/// Money, a listing, an offer that is accepted and an order, so that the views have something to say.
void TestGerman::somethingHappens() {
    const auto session = m_desktop->session(kName);
    auto* practice = m_desktop->node().practice();
    const auto nobody = [](const api::Answer<void>&) {};
    const auto addressOf = [&](api::UnitId unit) {
        const auto row = answerOf<api::DepositRow>([&](auto done) { session->depositIdentifier(unit, done); });
        return row ? row->identifier : std::string();
    };
    practice->bankTransfer(money::kUsd, addressOf(money::kUsd), *money::parseAmount("10000", money::kUsd), nobody);
    practice->payToAddress(money::kBtc, addressOf(money::kBtc), *money::parseAmount("1", money::kBtc), nobody);
    practice->startCounterparty(nobody);
    using Listings = std::vector<api::ListingRow>;
    std::optional<Listings> listings;
    QTRY_VERIFY_WITH_TIMEOUT((listings = answerOf<Listings>([&](auto done) { session->listings(done); })) &&
                                 !listings->empty(),
                             kPatienceMs);
    api::OfferRequest offer;
    offer.listing = listings->front().id;
    offer.coin = money::kBtc;
    offer.bid = offer.minimum = listings->front().price;
    offer.expiresInMs = 3'600'000;
    QVERIFY(answerOf<SaleId>([&](auto done) { session->makeOffer(offer, done); }));
    std::optional<api::OrderRow> order;
    const auto isPlaced = [&] {
        if (order) return true;
        order = answerOf<api::OrderRow>([&](auto done) {
            session->placeOrder({InstrumentId{1}, api::Side::Buy, *money::parseAmount("50000", money::kUsd),
                                 *money::parseAmount("0.01", money::kBtc), 0},
                                done);
        });
        return order.has_value();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isPlaced(), kPatienceMs); // once the money is there
}

void TestGerman::everyView_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("first") << QSize(1120, 760);
    QTest::newRow("smallest") << QSize(760, 520);
}

void TestGerman::everyView() {
    QFETCH(QSize, size);
    window()->resize(size);
    auto* views = look<QListWidget>(window(), QStringLiteral("Ansichten"));
    QVERIFY(views);
    QStringList cut;
    for (int row = 0; row < views->count(); ++row) {
        views->setCurrentRow(row);
        QTest::qWait(300);
        const QString title = views->item(row)->text();
        picture(window(), QStringLiteral("de-%1-%2").arg(QLatin1String(QTest::currentDataTag()), title));
        for (const QString& text : cutOff(window())) cut << title + QStringLiteral(": ") + text;
    }
    QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QStringLiteral(" | "))));
}

int main(int argc, char** argv) {
    return tallylock::ui::hands::runTest<TestGerman>(argc, argv, QStringLiteral("de_DE"));
}
#include "tst_german.moc"
