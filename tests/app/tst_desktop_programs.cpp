// Programs as people start them, on a real X server: several desktop programs on one folder are one program with
// several windows, and whoever comes to a folder in which another works is told so and leaves it as it is.
#include "tests/app/Display.h"
#include "tests/scenario/Scenario.h"

#include <QProcess>

#include <sys/stat.h>

using namespace tallylock;
using namespace tallylock::scenario;

namespace {

constexpr int kPatienceMs = 60'000; // a loaded machine is slow
const QByteArray kTitle = "Tallylock";

/// By anybody; without trying it, which would be in the way of whoever wants it.
bool isLocked(const QString& path) {
    struct stat file {};
    if (::stat(path.toUtf8().constData(), &file) != 0) return false;
    QFile locks(QStringLiteral("/proc/locks"));
    if (!locks.open(QIODevice::ReadOnly)) qFatal("nobody says what is locked");
    const QByteArray number = ':' + QByteArray::number(static_cast<quint64>(file.st_ino)) + ' ';
    for (const QByteArray& line : locks.readAll().split('\n'))
        if (line.contains(" FLOCK ") && line.contains(number)) return true;
    return false;
}

} // namespace

class TestDesktopPrograms : public QObject {
    Q_OBJECT
    Scenario m_scenario; ///< its folder, where bob has a profile
    QTemporaryDir m_home;
    test::Display m_display;

    QString folder() const { return m_scenario.folder.path() + QStringLiteral("/node"); }
    /// Nothing of the person who runs the test is read or written.
    QProcessEnvironment environment() const {
        auto made = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            made.insert(QString::fromLatin1(name), m_home.path());
        made.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("disabled:"));
        return made;
    }
    void startProgram(QProcess& process, const QString& name, const QStringList& arguments) const {
        process.setProcessEnvironment(environment());
        process.setWorkingDirectory(m_scenario.folder.path());
        process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/") + name, arguments);
    }
    void startDesktop(QProcess& process, const QStringList& arguments) const {
        startProgram(process, QStringLiteral("tallylock"), arguments);
    }
    void startDesktop(QProcess& process) const { startDesktop(process, {QStringLiteral("--datadir"), folder()}); }
    /// Exit code, and what it printed and complained of.
    std::pair<int, QString> cli(const QStringList& arguments) const {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        startProgram(process, QStringLiteral("tallylock-cli"), arguments);
        process.closeWriteChannel();
        if (!process.waitForFinished(kPatienceMs)) return {-1, QStringLiteral("it does not end")};
        return {process.exitCode(), QString::fromUtf8(process.readAll())};
    }
    bool showsWindows(std::size_t count) const {
        return QTest::qWaitFor([&] { return m_display.windows(kTitle).size() == count; }, kPatienceMs);
    }
    /// Closes what can be seen, until the program has ended.
    bool endsWhenClosed(QProcess& process) const {
        for (const auto window : m_display.windows(kTitle)) m_display.close(window);
        return process.state() == QProcess::NotRunning || process.waitForFinished(kPatienceMs);
    }
    static bool endedWith(const QProcess& process, int code) {
        return process.exitStatus() == QProcess::NormalExit && process.exitCode() == code;
    }

private slots:
    void initTestCase() {
        QVERIFY2(m_display.isConnected(), "there is no X server");
        QVERIFY(m_scenario.start());
        QVERIFY(m_scenario.person("bob"));
        m_scenario.node.reset();
        QVERIFY(showsWindows(0));
    }

    void oneProgramForAFolder() {
        QProcess first;
        startDesktop(first);
        QVERIFY(showsWindows(1));
        struct Start {
            QStringList arguments;
            std::size_t windows;
        };
        const Start starts[] = {
            {{QStringLiteral("--datadir"), folder()}, 2},
            {{QStringLiteral("--datadir"), folder(), QStringLiteral("--profile"), QStringLiteral("bob")}, 3},
            {{QStringLiteral("--datadir"), QStringLiteral("./node/")}, 4}, // the same by another name
        };
        for (const Start& start : starts) {
            QProcess next;
            startDesktop(next, start.arguments);
            QVERIFY(next.waitForFinished(kPatienceMs));
            QVERIFY(endedWith(next, 0));
            QCOMPARE(next.readAllStandardError(), QByteArray());
            QVERIFY(showsWindows(start.windows));
            QCOMPARE(first.state(), QProcess::Running);
        }
        // Another folder is another program.
        QProcess other;
        startDesktop(other, {QStringLiteral("--datadir"), m_home.filePath(QStringLiteral("other"))});
        QVERIFY(showsWindows(5));
        QCOMPARE(other.state(), QProcess::Running);
        QVERIFY(endsWhenClosed(first) && endedWith(first, 0));
        QVERIFY(endsWhenClosed(other) && endedWith(other, 0));
    }

    void aCommandFindsTheDesktop() {
        QProcess desktop;
        startDesktop(desktop);
        QVERIFY(showsWindows(1));
        for (const QStringList& words :
             {QStringList{QStringLiteral("verify"), folder()},
              QStringList{QStringLiteral("books"), folder(), QStringLiteral("trial")},
              QStringList{QStringLiteral("orders"), folder(), QStringLiteral("bob"), QStringLiteral("list")}}) {
            const auto [code, said] = cli(words);
            QCOMPARE(code, 1);
            QVERIFY2(said.contains(QStringLiteral("/coordinator/lock")), qPrintable(said));
        }
        QCOMPARE(desktop.state(), QProcess::Running);
        QVERIFY(endsWhenClosed(desktop) && endedWith(desktop, 0));
    }

    void theDesktopFindsACommand() {
        QProcess command; // waits for the passphrase with the node open
        startProgram(command, QStringLiteral("tallylock-cli"),
                     {QStringLiteral("orders"), folder(), QStringLiteral("bob"), QStringLiteral("list")});
        QVERIFY(QTest::qWaitFor([&] { return isLocked(folder() + QStringLiteral("/coordinator/lock")); }, kPatienceMs));
        for (int again = 0; again < 2; ++again) {
            QProcess desktop;
            startDesktop(desktop);
            QVERIFY(showsWindows(1)); // says why, and nothing else is open
            const QByteArray said = desktop.readAllStandardError();
            QVERIFY2(said.contains("/coordinator/lock") && said.contains("Close it first"), said.constData());
            QVERIFY(endsWhenClosed(desktop) && endedWith(desktop, 1));
            QVERIFY(showsWindows(0));
        }
        QCOMPARE(command.state(), QProcess::Running);
        command.write("a passphrase for tests\n");
        command.closeWriteChannel();
        QVERIFY(command.waitForFinished(kPatienceMs));
        QVERIFY2(endedWith(command, 0), command.readAllStandardError().constData());
        const auto [code, said] = cli({QStringLiteral("verify"), folder()});
        QVERIFY2(code == 0 && said.contains(QStringLiteral("verified")), qPrintable(said));
        QProcess desktop;
        startDesktop(desktop);
        QVERIFY(showsWindows(1));
        QVERIFY(endsWhenClosed(desktop) && endedWith(desktop, 0));
    }

    /// Neither the lock nor the socket of a program that is gone is in the way of the next one.
    void nothingIsLeftOfAKilledProgram() {
        QProcess killed;
        startDesktop(killed);
        QVERIFY(showsWindows(1));
        killed.kill();
        QVERIFY(killed.waitForFinished(kPatienceMs));
        QVERIFY(showsWindows(0));
        QProcess next;
        startDesktop(next);
        QVERIFY(showsWindows(1));
        QProcess second;
        startDesktop(second);
        QVERIFY(second.waitForFinished(kPatienceMs) && endedWith(second, 0));
        QVERIFY(showsWindows(2));
        QVERIFY(endsWhenClosed(next) && endedWith(next, 0));
    }
};

QTEST_GUILESS_MAIN(TestDesktopPrograms)
#include "tst_desktop_programs.moc"
