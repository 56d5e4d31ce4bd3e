// The door of a profile, by mouse and keyboard: restored from a phrase in another language, locked, unlocked, and given
// another passphrase.
#include "app/desktop/Desktop.h"
#include "core/api/Guard.h"
#include "tests/ui/Hands.h"

#include <QActionGroup>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QUrlQuery>

using namespace tallylock;
using namespace tallylock::ui::hands;

namespace {

const QString kName = QStringLiteral("anna");
const QString kPassphrase = QStringLiteral("correct horse battery");
const QString kNewPassphrase = QStringLiteral("staple of another kind");
// A vector of BIP-39 with 18 words.
const QString kPhrase =
    QStringLiteral("ぬすむ　ふっかつ　うどん　こうりつ　しつじ　りょうり　おたがい　せもたれ　あつめる　いちりゅう　は"
                   "んしゃ　ごますり　そんけい　たいちょう　らしんばん　ぶんせき　やすみ　ほいく");
const QString kPhrasePassphrase = QStringLiteral("㍍ガバヴァぱばぐゞちぢ十人十色");

QWidget* welcome() { return windowNamed(QStringLiteral("Tallylock")); }

/// Types into a field as a keyboard with an input method does.
void enter(QWidget* window, const QString& name, const QString& text) {
    auto* field = look<QLineEdit>(window, name);
    QVERIFY2(field, qPrintable(name));
    QTest::mouseClick(field, Qt::LeftButton);
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QInputMethodEvent typed;
    typed.setCommitString(text);
    QApplication::sendEvent(field, &typed);
}

/// Clicks an entry of the menu bar.
void choose(QWidget* window, const QString& menuTitle, const QString& entry) {
    auto* bar = window->findChild<QMenuBar*>();
    QVERIFY(bar);
    for (QAction* action : bar->actions()) {
        if (action->text().remove(u'&') != menuTitle) continue;
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->actionGeometry(action).center());
        QMenu* menu = action->menu();
        QTRY_VERIFY(menu->isVisible());
        for (QAction* item : menu->actions()) {
            if (item->text().remove(u'&') == entry)
                return QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(item).center());
        }
    }
    QFAIL(qPrintable(entry));
}

/// What is chosen of when a profile locks by itself.
QString idleChoice(QWidget* window) {
    for (const QAction* action : window->findChildren<QAction*>())
        if (action->actionGroup() && action->isChecked()) return action->text().remove(u'&');
    return {};
}

} // namespace

class TestUnlock : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void restoresAPhraseOfAnotherLanguage();
    void locks();
    void refusesAWrongPassphrase();
    void unlocks();
    void signsEachOrder();
    void setsUpAnAuthenticator();
    void locksByItself();
    void changesThePassphrase();
    void onlyTheNewOneOpens();
    void cleanupTestCase() { m_desktop.reset(); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<app::Desktop> m_desktop;
    /// Of phrase and passphrase: what other programs must find, too.
    const IdentityKey m_identity =
        *IdentityKey::fromHex("3dcb6f2112989682062de3ff754315e693ea554e3f15d0e68c1d5409cedbe918");
};

void TestUnlock::initTestCase() {
    auto desktop = app::Desktop::start(m_folder.filePath(QStringLiteral("data")).toStdString());
    QVERIFY2(desktop, desktop ? "" : qPrintable(app::startProblem(desktop.error())));
    m_desktop = std::move(desktop).value();
    m_desktop->openWindow();
    QTRY_VERIFY(welcome());
}

void TestUnlock::restoresAPhraseOfAnotherLanguage() {
    CLICK(welcome(), "Restore from a seed phrase");
    const QString mixed = QString(kPhrase).replace(QStringLiteral("ほいく"), QStringLiteral("zebra"));
    enter(welcome(), QStringLiteral("Word 1"), mixed);
    QCOMPARE(look<QComboBox>(welcome(), QStringLiteral("Number of words"))->currentText(), QStringLiteral("18 words"));
    CLICK(welcome(), "Continue");
    QTRY_VERIFY(look<QLineEdit>(welcome(), QStringLiteral("Word 18"))->hasFocus());
    QVERIFY(!look<QLineEdit>(welcome(), QStringLiteral("Profile name")));
    picture(welcome(), QStringLiteral("restore"));

    enter(welcome(), QStringLiteral("Word 18"), QStringLiteral("ほいく"));
    enter(welcome(), QStringLiteral("Passphrase of the phrase"), kPhrasePassphrase);
    CLICK(welcome(), "Continue");
    TYPE(welcome(), QStringLiteral("Profile name"), kName);
    // Nobody offers a keychain where there is none.
    QTest::qWait(500);
    QVERIFY(!look<QWidget>(welcome(), QStringLiteral("Keep in the system's keychain")));
    TYPE(welcome(), QStringLiteral("New passphrase"), kPassphrase);
    TYPE(welcome(), QStringLiteral("Passphrase again"), kPassphrase);
    picture(welcome(), QStringLiteral("name"));
    CLICK(welcome(), "Create profile");
    QTRY_VERIFY_WITH_TIMEOUT(windowOf(kName), kPatienceMs);
    QVERIFY(m_desktop->session(kName)->identityKey() == m_identity);
}

void TestUnlock::locks() {
    QWidget* window = windowOf(kName);
    QVERIFY(window);
    const auto held = m_desktop->session(kName);
    choose(window, QStringLiteral("File"), QStringLiteral("Lock"));
    QTRY_VERIFY_WITH_TIMEOUT(welcome(), kPatienceMs);
    QCOMPARE(welcome(), window); // the same window
    QVERIFY(!m_desktop->session(kName));
    QVERIFY(!m_desktop->node().profiles().at(0).open);
    QTRY_VERIFY(look<QLineEdit>(window, QStringLiteral("Passphrase")));
    // Nothing of the profile is left in the window, and no way to anything of it.
    QVERIFY(!look<QListView>(window, QStringLiteral("Views")));
    for (const QAction* action : window->findChild<QMenuBar*>()->actions())
        QVERIFY(action->text() != QStringLiteral("&View") && action->text() != QStringLiteral("&Practice"));
    // A session that somebody held on to has ended, too.
    std::optional<api::Problem> problem;
    held->sales([&](api::Answer<std::vector<api::SaleRow>> answer) {
        problem = answer ? api::Problem::Internal : answer.error().problem;
    });
    QTRY_VERIFY(problem == api::Problem::Stopping);
    picture(window, QStringLiteral("locked"));
}

void TestUnlock::refusesAWrongPassphrase() {
    TYPE(welcome(), QStringLiteral("Passphrase"), QStringLiteral("not the passphrase"));
    CLICK(welcome(), "Open profile");
    QTRY_VERIFY_WITH_TIMEOUT(canClick(welcome(), QStringLiteral("Open profile")), kPatienceMs);
    QVERIFY(!windowOf(kName));
}

void TestUnlock::unlocks() {
    TYPE(welcome(), QStringLiteral("Passphrase"), kPassphrase);
    QTest::keyClick(look<QLineEdit>(welcome(), QStringLiteral("Passphrase")), Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(windowOf(kName), kPatienceMs);
    QVERIFY(m_desktop->session(kName)->identityKey() == m_identity);
}

/// Chosen in the menu, and kept in the profile's folder.
void TestUnlock::signsEachOrder() {
    const QString entry = QStringLiteral("Sign each order by itself");
    const auto action = [&entry]() -> QAction* {
        for (QAction* one : windowOf(kName)->findChildren<QAction*>())
            if (one->text().remove(u'&') == entry) return one;
        return nullptr;
    };
    const auto signsEach = [this] {
        std::optional<bool> each;
        m_desktop->session(kName)->guard().signsOrders([&each](const api::Answer<bool>& answer) { each = *answer; });
        return QTest::qWaitFor([&each] { return each.has_value(); }, kPatienceMs) && *each;
    };
    QVERIFY(!signsEach());
    QTRY_VERIFY_WITH_TIMEOUT(action() && action()->isEnabled(), kPatienceMs);
    choose(windowOf(kName), QStringLiteral("File"), entry);
    QTRY_VERIFY_WITH_TIMEOUT(action()->isEnabled(), kPatienceMs);
    QVERIFY(signsEach());
    choose(windowOf(kName), QStringLiteral("File"), QStringLiteral("Lock"));
    QTRY_VERIFY_WITH_TIMEOUT(welcome(), kPatienceMs);
    unlocks();
    QTRY_VERIFY_WITH_TIMEOUT(action() && action()->isEnabled(), kPatienceMs);
    QVERIFY(action()->isChecked() && signsEach());
    auto* menu = qobject_cast<QMenu*>(action()->associatedObjects().constFirst());
    QVERIFY(menu);
    menu->popup(windowOf(kName)->mapToGlobal(QPoint(8, 32)));
    QTRY_VERIFY(menu->isVisible());
    picture(menu, QStringLiteral("menu-file"));
    menu->close();
    choose(windowOf(kName), QStringLiteral("File"), entry);
    QTRY_VERIFY_WITH_TIMEOUT(action()->isEnabled(), kPatienceMs);
    QVERIFY(!action()->isChecked() && !signsEach());
}

namespace {
/// What a program prints, without the line's end.
QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() ? QString::fromLatin1(process.readAllStandardOutput().trimmed()) : QString();
}
} // namespace

/// With an authenticator that somebody else has written, and the picture scanned as by a camera.
void TestUnlock::setsUpAnAuthenticator() {
    choose(windowOf(kName), QStringLiteral("File"), QStringLiteral("One-time codes…"));
    const auto dialog = [] { return windowNamed(QStringLiteral("Authenticator")); };
    QTRY_VERIFY_WITH_TIMEOUT(canClick(dialog(), QStringLiteral("Set up…")), kPatienceMs);
    picture(dialog(), QStringLiteral("authenticator"));
    CLICK(dialog(), "Set up…");
    QTRY_VERIFY_WITH_TIMEOUT(look<QWidget>(dialog(), QStringLiteral("The secret of the authenticator")), kPatienceMs);
    picture(dialog(), QStringLiteral("authenticator-secret"));
    const QString file = m_folder.filePath(QStringLiteral("seen.png"));
    QVERIFY(dialog()->grab().save(file));
    const QUrl seen(outputOf(QStringLiteral("zbarimg"), {QStringLiteral("--raw"), QStringLiteral("-q"), file}));
    QVERIFY(QFile::remove(file));
    const QString secret = QUrlQuery(seen).queryItemValue(QStringLiteral("secret"));
    QVERIFY2(seen.scheme() == QStringLiteral("otpauth") && secret.size() == 32, qPrintable(seen.toString()));
    // Each code counts once, so the second one is the next step's.
    const auto codeIn = [&secret](const char* when) {
        return outputOf(QStringLiteral("oathtool"), {QStringLiteral("--totp"), QStringLiteral("-b"),
                                                     QStringLiteral("-N"), QString::fromLatin1(when), secret});
    };
    TYPE(dialog(), QStringLiteral("One-time code"), codeIn("now"));
    CLICK(dialog(), "Confirm");
    QTRY_VERIFY_WITH_TIMEOUT(look<QPushButton>(dialog(), QStringLiteral("Remove")), kPatienceMs);
    picture(dialog(), QStringLiteral("authenticator-confirmed"));
    TYPE(dialog(), QStringLiteral("One-time code"), codeIn("now + 30 seconds"));
    CLICK(dialog(), "Remove");
    QTRY_VERIFY_WITH_TIMEOUT(canClick(dialog(), QStringLiteral("Set up…")), kPatienceMs);
    CLICK(dialog(), "Close");
    QTRY_VERIFY(!dialog());
}

// Nobody touches anything: a dialog that is open goes, too.
void TestUnlock::locksByItself() {
    QWidget* window = windowOf(kName);
    auto* idle = window->findChild<QObject*>(QStringLiteral("idleLock"));
    QVERIFY(idle);
    QCOMPARE(idleChoice(window), QStringLiteral("After 15 minutes without a touch"));
    choose(window, QStringLiteral("File"), QStringLiteral("Change passphrase…"));
    QTRY_VERIFY(window->findChild<QDialog*>());
    // As long as somebody types, it stays open.
    idle->setProperty("afterMs", 1500);
    QElapsedTimer clock;
    for (clock.start(); clock.elapsed() < 2500; QTest::qWait(50)) QTest::keyClick(window, Qt::Key_Shift);
    QVERIFY(windowOf(kName) == window && m_desktop->session(kName));
    QTRY_VERIFY_WITH_TIMEOUT(welcome(), kPatienceMs);
    QVERIFY(!m_desktop->session(kName));
    QTRY_VERIFY(!window->findChild<QDialog*>());
    idle->setProperty("afterMs", 0);
    unlocks();
    // The choice is kept.
    idle->setProperty("afterMs", 900'000);
    for (QAction* action : window->findChildren<QAction*>())
        if (action->text() == QStringLiteral("&Never")) action->trigger();
    QCOMPARE(idle->property("afterMs").toInt(), 0);
    QCOMPARE(QSettings().value(QStringLiteral("lock/idleMinutes")).toInt(), 0);
    QCOMPARE(idleChoice(window), QStringLiteral("Never"));
}

void TestUnlock::changesThePassphrase() {
    QWidget* window = windowOf(kName);
    choose(window, QStringLiteral("File"), QStringLiteral("Change passphrase…"));
    QTRY_VERIFY(windowNamed(QStringLiteral("Change the passphrase")));
    const auto dialog = [] { return windowNamed(QStringLiteral("Change the passphrase")); };
    TYPE(dialog(), QStringLiteral("Passphrase now"), QStringLiteral("not the passphrase"));
    TYPE(dialog(), QStringLiteral("New passphrase"), kNewPassphrase);
    TYPE(dialog(), QStringLiteral("Passphrase again"), kNewPassphrase);
    picture(dialog(), QStringLiteral("passphrase"));
    CLICK(dialog(), "Change");
    QTRY_VERIFY_WITH_TIMEOUT(canClick(dialog(), QStringLiteral("Change")), kPatienceMs); // refused
    TYPE(dialog(), QStringLiteral("Passphrase now"), kPassphrase);
    TYPE(dialog(), QStringLiteral("New passphrase"), kNewPassphrase);
    TYPE(dialog(), QStringLiteral("Passphrase again"), QStringLiteral("a slip of the hand"));
    CLICK(dialog(), "Change");
    QVERIFY(dialog());
    TYPE(dialog(), QStringLiteral("Passphrase now"), kPassphrase);
    TYPE(dialog(), QStringLiteral("New passphrase"), kNewPassphrase);
    TYPE(dialog(), QStringLiteral("Passphrase again"), kNewPassphrase);
    CLICK(dialog(), "Change");
    QTRY_VERIFY_WITH_TIMEOUT(!dialog(), kPatienceMs);
}

void TestUnlock::onlyTheNewOneOpens() {
    QWidget* window = windowOf(kName);
    window->activateWindow();
    QTest::keyClick(window, Qt::Key_L, Qt::ControlModifier);
    if (!QTest::qWaitFor([] { return welcome() != nullptr; }, 2000))
        choose(window, QStringLiteral("File"), QStringLiteral("Lock")); // shortcuts need an active window
    QTRY_VERIFY_WITH_TIMEOUT(welcome(), kPatienceMs);
    TYPE(welcome(), QStringLiteral("Passphrase"), kPassphrase);
    CLICK(welcome(), "Open profile");
    QTRY_VERIFY_WITH_TIMEOUT(canClick(welcome(), QStringLiteral("Open profile")), kPatienceMs);
    QVERIFY(!windowOf(kName));
    TYPE(welcome(), QStringLiteral("Passphrase"), kNewPassphrase);
    CLICK(welcome(), "Open profile");
    QTRY_VERIFY_WITH_TIMEOUT(windowOf(kName), kPatienceMs);
    QVERIFY(m_desktop->session(kName)->identityKey() == m_identity);
}

int main(int argc, char** argv) { return tallylock::ui::hands::runTest<TestUnlock>(argc, argv); }
#include "tst_unlock.moc"
