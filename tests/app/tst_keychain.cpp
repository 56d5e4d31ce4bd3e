// Profiles in a real Secret Service: gnome-keyring in a session bus and a home of its own.
#include "tests/support/KillSwitch.h"

#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

const QString kIdentity = QStringLiteral("5dadf181d0052b620e791ff808e29e7eb0d0900afefbff3f25804c53e645be8a");

/// A session bus with a home folder; a daemon is started in it on demand, and ended by its process id.
class Session {
public:
    Session() {
        m_environment = QProcessEnvironment::systemEnvironment();
        m_environment.remove(QStringLiteral("DISPLAY"));
        m_environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        m_environment.insert(QStringLiteral("HOME"), m_home.path());
        m_environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_runtime.path());
    }
    ~Session() {
        end(m_daemon);
        m_bus.closeWriteChannel();
        m_bus.waitForFinished(5'000);
        end(m_bus);
    }

    bool startBus() {
        m_bus.setProcessEnvironment(m_environment);
        m_bus.start(QStringLiteral("dbus-run-session"),
                    {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                     QStringLiteral("echo \"$DBUS_SESSION_BUS_ADDRESS\"; read end")});
        while (!m_bus.canReadLine())
            if (!m_bus.waitForReadyRead(20'000)) return false;
        m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QString::fromUtf8(m_bus.readLine()).trimmed());
        return true;
    }
    /// `unlock`: with a collection, opened by an empty password; else without any.
    bool startDaemon(bool unlock) {
        m_daemon.setProcessEnvironment(m_environment);
        m_daemon.start(QStringLiteral("gnome-keyring-daemon"),
                       {unlock ? QStringLiteral("--unlock") : QStringLiteral("--start"), QStringLiteral("--foreground"),
                        QStringLiteral("--components=secrets")});
        if (!m_daemon.waitForStarted()) return false;
        m_daemon.write("\n");
        m_daemon.closeWriteChannel();
        return QTest::qWaitFor(
            [this] {
                return send({QStringLiteral("--dest=org.freedesktop.DBus"), QStringLiteral("/"),
                             QStringLiteral("org.freedesktop.DBus.NameHasOwner"),
                             QStringLiteral("string:org.freedesktop.secrets")})
                    .contains("true");
            },
            20'000);
    }
    void lockCollection() {
        send({QStringLiteral("--dest=org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets"),
              QStringLiteral("org.freedesktop.Secret.Service.Lock"),
              QStringLiteral("array:objpath:/org/freedesktop/secrets/collection/login")});
    }

    /// One act of keychain_user, in a process of its own: what it says.
    QString run(const QString& act, quint64 killAt = 0) {
        QProcess user;
        QProcessEnvironment environment = m_environment;
        const auto plan = tallylock::support::environmentOf(
            {QFileInfo(m_home.path()).canonicalFilePath(), killAt, QStringLiteral("before"), {}});
        if (killAt > 0) {
            for (const char* name : {"LD_PRELOAD", "TALLYLOCK_KILL_DIR", "TALLYLOCK_KILL_AT", "TALLYLOCK_KILL_WHEN"})
                environment.insert(QString::fromLatin1(name), plan.value(QString::fromLatin1(name)));
        }
        user.setProcessEnvironment(environment);
        user.start(QStringLiteral(TALLYLOCK_TEST_DIR "/keychain_user"),
                   {act, m_home.filePath(QStringLiteral("profiles"))});
        if (!user.waitForFinished(60'000)) return QStringLiteral("no end");
        if (user.exitStatus() == QProcess::CrashExit) return QStringLiteral("killed");
        if (user.exitCode() != 0) return QString::fromUtf8(user.readAllStandardError());
        return QString::fromUtf8(user.readAllStandardOutput()).trimmed();
    }

private:
    static void end(QProcess& process) {
        if (process.state() == QProcess::NotRunning) return;
        process.terminate();
        if (!process.waitForFinished(5'000)) process.kill();
        process.waitForFinished(5'000);
    }
    QByteArray send(const QStringList& arguments) {
        QProcess sender;
        sender.setProcessEnvironment(m_environment);
        sender.start(QStringLiteral("dbus-send"),
                     QStringList{QStringLiteral("--session"), QStringLiteral("--print-reply")} + arguments);
        sender.waitForFinished(10'000);
        return sender.readAllStandardOutput();
    }

    QTemporaryDir m_home;
    QTemporaryDir m_runtime; // made with mode 0700
    QProcessEnvironment m_environment;
    QProcess m_bus;
    QProcess m_daemon;
};

} // namespace

#define ACT(act, said) QCOMPARE(session.run(QStringLiteral(act)), said)

class TestKeychain : public QObject {
    Q_OBJECT
private slots:
    void noService() {
        Session session;
        ACT("probe", QStringLiteral("unavailable"));
        ACT("create", QStringLiteral("keychain-unavailable"));
        ACT("open", QStringLiteral("profile-unknown")); // nothing half made
        ACT("create-with-passphrase", kIdentity);
        ACT("to-keychain", QStringLiteral("keychain-unavailable"));
        ACT("open-with-passphrase", kIdentity);
    }

    /// Killed before any of its lasting calls, a change of the passphrase or a move to the keychain leaves a profile
    /// that opens in the old way or the new one.
    void killedAtAnyPoint_data() {
        QTest::addColumn<QString>("change");
        QTest::newRow("passphrase") << QStringLiteral("to-another-passphrase");
        QTest::newRow("keychain") << QStringLiteral("to-keychain");
    }
    void killedAtAnyPoint() {
        QFETCH(QString, change);
        Session session;
        QVERIFY(session.startBus() && session.startDaemon(true));
        int kills = 0;
        for (quint64 at = 1; at < 100; ++at) {
            ACT("create-with-passphrase", kIdentity); // as it was
            const QString said = session.run(change, at);
            ACT("open-somehow", kIdentity);
            if (said == QStringLiteral("done")) break;
            QCOMPARE(said, QStringLiteral("killed"));
            ++kills;
        }
        QVERIFY2(kills >= 3, qPrintable(QString::number(kills)));
    }

    /// Such a service answers reads with "not found" and removals with success.
    void serviceWithoutACollection() {
        Session session;
        QVERIFY(session.startBus() && session.startDaemon(false));
        ACT("probe", QStringLiteral("unavailable"));
        ACT("create", QStringLiteral("keychain-unavailable"));
        ACT("open", QStringLiteral("profile-unknown"));
    }

    void aProfileLivesThere() {
        Session session;
        QVERIFY(session.startBus() && session.startDaemon(true));
        ACT("probe", QStringLiteral("works"));
        ACT("create", kIdentity);
        ACT("open", kIdentity);
        ACT("open-with-passphrase", kIdentity); // none is asked for

        // To a passphrase and back; each time the old entry goes.
        const QString first = session.run(QStringLiteral("entry"));
        QCOMPARE(session.run(first), QStringLiteral("there"));
        ACT("to-passphrase", QStringLiteral("done"));
        QCOMPARE(session.run(first), QStringLiteral("missing"));
        ACT("open", QStringLiteral("passphrase-wrong"));
        ACT("open-with-passphrase", kIdentity);
        ACT("to-keychain", QStringLiteral("done"));
        QVERIFY(session.run(QStringLiteral("entry")) != first);
        ACT("open", kIdentity);

        // An entry that somebody deleted: the same phrase mends it, another one does not.
        ACT("forget", QStringLiteral("done"));
        ACT("open", QStringLiteral("keychain-entry-missing"));
        ACT("to-passphrase", QStringLiteral("keychain-entry-missing"));
        ACT("create-other", QStringLiteral("profile-exists"));
        ACT("create", kIdentity);
        ACT("open", kIdentity);

        // Locked, and nobody there to unlock it.
        session.lockCollection();
        ACT("probe", QStringLiteral("unavailable"));
        ACT("open", QStringLiteral("keychain-unavailable"));
        ACT("to-passphrase", QStringLiteral("keychain-unavailable"));
    }
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
