// A person who chooses a coordinator far away: looks who is there, compares, uses it, and comes back another day; and
// the way back. The servers are processes of their own.
#include "tests/support/Cluster.h"
#include "tests/ui/Hands.h"

#include <QLabel>
#include <QRadioButton>

using namespace tallylock;
using namespace tallylock::ui::hands;

namespace {

const QString kName = QStringLiteral("alice");
const QString kPassphrase = QStringLiteral("a passphrase for tests");

bool says(QWidget* window, const QString& text) {
    for (const auto* label : window->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(text)) return true;
    return false;
}
/// The words that the operator of that server publishes.
QString wordsOf(test::ServerProcess& server) { return server.card().section(QLatin1Char('\n'), 0, 0).mid(2); }

} // namespace

class TestRemoteWindow : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    test::Cluster m_cluster;
    std::unique_ptr<app::Desktop> m_desktop;

    QWidget* welcome() const { return windowNamed(QStringLiteral("Tallylock")); }
    void start() {
        auto desktop = app::Desktop::start(m_folder.filePath(QStringLiteral("data")).toStdString(),
                                           TALLYLOCK_BIN_DIR "/tallylock-media");
        QVERIFY2(desktop, desktop ? "" : qPrintable(app::startProblem(desktop.error())));
        m_desktop = std::move(desktop).value();
        m_desktop->openWindow();
        QTRY_VERIFY(welcome());
    }
    void choose(const char* what) {
        CLICK(welcome(), "Change the coordinator");
        QTRY_VERIFY(look<QRadioButton>(welcome(), QString::fromLatin1(what)));
        look<QRadioButton>(welcome(), QString::fromLatin1(what))->click();
    }

private slots:
    void initTestCase() { start(); }

    void nobodyIsThere() {
        choose("A coordinator on the network");
        TYPE(welcome(), QStringLiteral("Address"), m_cluster.coordinator.address());
        CLICK(welcome(), "Look who is there");
        QTRY_VERIFY_WITH_TIMEOUT(says(welcome(), QStringLiteral("Nobody answers there")), kPatienceMs);
        TYPE(welcome(), QStringLiteral("Address"), QStringLiteral("somewhere"));
        CLICK(welcome(), "Look who is there");
        QTRY_VERIFY_WITH_TIMEOUT(says(welcome(), QStringLiteral("Type the address as host:port")), kPatienceMs);
    }

    void itIsComparedAndUsed() {
        QVERIFY(m_cluster.start());
        TYPE(welcome(), QStringLiteral("Address"), m_cluster.coordinator.address());
        CLICK(welcome(), "Look who is there");
        for (test::ServerProcess* server : {&m_cluster.coordinator, &m_cluster.keyServer, &m_cluster.standby})
            QTRY_VERIFY_WITH_TIMEOUT(says(welcome(), wordsOf(*server)), kPatienceMs);
        picture(welcome(), QStringLiteral("coordinator"));
        CLICK(welcome(), "Use it");
        QTRY_VERIFY_WITH_TIMEOUT(welcome() &&
                                     says(welcome(), QStringLiteral("Coordinator: ") + m_cluster.coordinator.address()),
                                 kPatienceMs);
        QVERIFY(m_desktop->node().coordinator() == m_cluster.row());
        picture(welcome(), QStringLiteral("welcome-remote"));
    }

    void moneyComesFromThere() {
        createProfile(welcome(), kName, kPassphrase);
        QWidget* window = windowOf(kName);
        CLICK(window, "Add practice money");
        QVERIFY(!look<QPushButton>(window, QStringLiteral("Start counterparty"))); // it would be on this machine
        CHOOSE(window, "Views", QStringLiteral("Funds"));
        QTRY_VERIFY_WITH_TIMEOUT(m_desktop->session(kName) && hasMoney(), kPatienceMs);
        picture(window, QStringLiteral("funds-remote"));
    }

    void aServerThatIsAwayIsTold() {
        QWidget* window = windowOf(kName);
        QTRY_VERIFY_WITH_TIMEOUT(says(window, QStringLiteral("Connected")), kPatienceMs);
        QVERIFY(!says(window, QStringLiteral("does not answer")));
        m_cluster.coordinator.kill();
        QTRY_VERIFY_WITH_TIMEOUT(says(window, QStringLiteral("What is shown may be old")), kPatienceMs);
        QVERIFY(says(window, QStringLiteral("Not connected")));
        picture(window, QStringLiteral("away"));
        QVERIFY(m_cluster.coordinator.start());
        QTRY_VERIFY_WITH_TIMEOUT(says(window, QStringLiteral("Connected")), kPatienceMs);
        QVERIFY(!says(window, QStringLiteral("What is shown may be old")));
    }

    void anotherDayItIsTheSame() {
        m_desktop.reset();
        start();
        QVERIFY(m_desktop->node().coordinator() == m_cluster.row());
        QVERIFY(m_desktop->node().operatorDesk() == nullptr);
        TYPE(welcome(), QStringLiteral("Passphrase"), kPassphrase);
        CLICK(welcome(), "Open profile");
        QTRY_VERIFY_WITH_TIMEOUT(windowOf(kName), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_desktop->session(kName) && hasMoney(), kPatienceMs);
        m_desktop.reset();
    }

    void theWayBack() {
        start();
        choose("Practice, inside this app");
        CLICK(welcome(), "Use it");
        QTRY_VERIFY_WITH_TIMEOUT(welcome() && says(welcome(), QStringLiteral("Coordinator: inside this app")),
                                 kPatienceMs);
        QVERIFY(!m_desktop->node().coordinator());
        TYPE(welcome(), QStringLiteral("Passphrase"), kPassphrase); // the same person, and nothing of there
        CLICK(welcome(), "Open profile");
        QTRY_VERIFY_WITH_TIMEOUT(windowOf(kName) && m_desktop->session(kName), kPatienceMs);
        QVERIFY(!hasMoney());
    }

    void cleanupTestCase() { m_desktop.reset(); }

private:
    bool hasMoney() {
        std::optional<bool> has;
        m_desktop->session(kName)->balances([&has](const api::Answer<std::vector<api::BalanceRow>>& rows) {
            has = rows &&
                  std::any_of(rows->begin(), rows->end(), [](const auto& row) { return !row.available.isZero(); });
        });
        return QTest::qWaitFor([&has] { return has.has_value(); }, kPatienceMs) && *has;
    }
};

int main(int argc, char** argv) { return runTest<TestRemoteWindow>(argc, argv); }
#include "tst_remote_window.moc"
