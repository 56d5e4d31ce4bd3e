// A coordinator, a key server and its standby as processes of their own, on loopback, in a folder that goes away. They
// end with the test, however it ends.
#pragma once

#include "core/api/Rows.h"
#include "core/base/Bytes.h"
#include "tests/support/PostgresServer.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <linux/close_range.h>
#include <memory>
#include <sys/prctl.h>
#include <unistd.h>

namespace tallylock::test {

/// A loopback address that no other test uses at the same time, so that a port that is free stays so.
inline QString ownLoopback() {
    const auto process = QCoreApplication::applicationPid();
    return QStringLiteral("127.%1.%2.1").arg(1 + process / 256 % 254).arg(process % 256);
}
inline quint16 freePort() {
    QTcpServer server;
    if (!server.listen(QHostAddress(ownLoopback()))) qFatal("no port is free");
    return server.serverPort();
}

struct Ended {
    int code = -1; ///< -1: it does not end within 30 seconds
    QByteArray said;
};
/// One of our programs, to its end.
inline Ended run(const QString& program, const QStringList& arguments, const QStringList& environment = {}) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setEnvironment(QProcess::systemEnvironment() + environment);
    process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/") + program, arguments);
    if (process.waitForFinished(30'000)) return {process.exitCode(), process.readAll()};
    process.kill();
    process.waitForFinished();
    return {};
}

inline const QString kOperations = QStringLiteral("[operations]\nlisten = \"127.0.0.1:0\"\n");

/// One server program. Waits wherever it is told to.
class ServerProcess {
public:
    ServerProcess(QString program, QString folder, quint16 port)
        : m_program(std::move(program)),
          m_folder(std::move(folder)),
          m_port(port) {
        QDir().mkpath(m_folder);
        more = kOperations;
    }
    ~ServerProcess() { kill(); }

    /// The settings of the others, besides `folder` and `listen`.
    QString more;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

    quint16 port() const { return m_port; }
    QString address() const { return QStringLiteral("%1:%2").arg(ownLoopback()).arg(m_port); }
    /// "identity" and "box", made at the first call.
    QString card() {
        writeSettings();
        QProcess process;
        process.start(path(), {QStringLiteral("--config"), settings(), QStringLiteral("--card")});
        if (!process.waitForFinished(20'000) || process.exitCode() != 0)
            qFatal("no card: %s", process.readAllStandardError().constData());
        return QString::fromUtf8(process.readAllStandardOutput());
    }
    template <class Key>
    Key keyOf(const QString& name) {
        const auto found = QRegularExpression(name + QStringLiteral(" = \"([0-9a-f]{64})\"")).match(card());
        return *Key::from(*fromHex(found.captured(1).toStdString()));
    }
    /// False if it does not say this within 30 seconds.
    bool start(const char* until = " listening ") {
        launch();
        return waitFor(until);
    }
    /// Without waiting. It belongs to the thread that calls, and ends with it.
    void launch() {
        writeSettings();
        m_log.clear();
        m_process = std::make_unique<QProcess>();
        m_process->setProcessEnvironment(environment);
        m_process->setProcessChannelMode(QProcess::MergedChannels);
        m_process->setChildProcessModifier([] {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            // A connection of the test's ends when the test ends it, and not when this server does.
            ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        });
        m_process->start(path(), {QStringLiteral("--config"), settings()});
    }
    /// Looks for so long.
    bool hasEnded(int withinMs) {
        return m_process->state() == QProcess::NotRunning || m_process->waitForFinished(withinMs);
    }
    /// As a power cut does.
    void kill() {
        if (!m_process) return;
        m_process->kill();
        m_process->waitForFinished(10'000);
        m_process.reset();
    }
    /// As an operator does. The exit code; -1: it does not stop.
    int stop() {
        m_process->terminate();
        const bool ended = m_process->waitForFinished(20'000);
        m_log += m_process->readAll();
        const int code = ended && m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
        m_process.reset();
        return code;
    }
    bool waitFor(const char* what, int withinMs = 30'000) {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < withinMs) {
            if (log().contains(what)) return true;
            if (m_process->state() == QProcess::NotRunning) break;
            m_process->waitForReadyRead(50);
        }
        qWarning("%s", log().constData());
        return false;
    }
    const QByteArray& log() {
        if (m_process) m_log += m_process->readAll();
        return m_log;
    }
    quint16 operationsPort() {
        const auto found = QRegularExpression(QStringLiteral("operations port=(\\d+)")).match(QString::fromUtf8(log()));
        return static_cast<quint16>(found.captured(1).toUInt());
    }
    /// What the port for whoever watches over it answers: "/healthz", "/metrics".
    QByteArray told(const QByteArray& path) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, operationsPort());
        if (!socket.waitForConnected(5'000)) return {};
        socket.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QByteArray answer;
        while (socket.waitForReadyRead(5'000)) answer += socket.readAll();
        return answer + socket.readAll();
    }
    /// Of one that ends by itself; -1: it does not.
    int waitUntilEnded() {
        const bool ended = m_process->state() == QProcess::NotRunning || m_process->waitForFinished(30'000);
        m_log += m_process->readAll();
        const int code = ended ? m_process->exitCode() : -1;
        m_process.reset();
        return code;
    }
    QString folder() const { return m_folder; }
    QString settings() const { return m_folder + QStringLiteral(".toml"); }
    QString path() const { return QStringLiteral(TALLYLOCK_BIN_DIR "/") + m_program; }

private:
    void writeSettings() const {
        QFile file(settings());
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)) qFatal("cannot write settings");
        file.write(QStringLiteral("folder = \"%1\"\nlisten = \"%2\"\n%3").arg(m_folder, address(), more).toUtf8());
    }
    QString m_program;
    QString m_folder;
    quint16 m_port;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_log;
};

/// As settings of a coordinator.
inline QString postgresTable(const PostgresServer& server, bool needsStandby, int answerWithinS = 30) {
    return QStringLiteral("[postgres]\nconnection = \"%1\"\nneeds_standby = %2\nanswer_within_s = %3\n")
        .arg(QString::fromStdString(server.connection()))
        .arg(needsStandby ? 1 : 0)
        .arg(answerWithinS);
}

/// What an operator has copied to the other machine.
inline void copyIdentity(const QString& from, const QString& to, std::initializer_list<const char*> more = {}) {
    std::vector<const char*> names{"identity", "arbiter", "practice-seed"};
    names.insert(names.end(), more);
    for (const char* name : names) {
        std::filesystem::copy(
            std::filesystem::path(from.toStdString()) / name, std::filesystem::path(to.toStdString()) / name,
            std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
    }
}

class Cluster {
public:
    Cluster() {
        const auto tableOf = [](const char* name, ServerProcess& server) {
            return QStringLiteral("[%1]\naddress = \"%2\"\n%3")
                .arg(QLatin1String(name), server.address(), server.card());
        };
        coordinator.more += tableOf("key_server", keyServer) + tableOf("standby_key_server", standby) +
                            QStringLiteral("[practice]\nblock_ms = 20\n");
        plain = coordinator.more;
        introduce(kOperations, coordinator.address());
    }
    bool start() { return keyServer.start() && standby.start() && coordinator.start(); }

    /// Before the start: two machines of the coordinator, each beside a database. Both may reach the sealed files.
    void useTwoMachines(const PostgresServer& primary, const PostgresServer& replica, int takeoverAfterS) {
        constexpr int kAnswerWithinS = 4;
        isOfTwo = true;
        coordinator.more = plain + postgresTable(primary, true, kAnswerWithinS);
        standIn.more =
            plain + QStringLiteral("[files]\nkind = \"folder\"\nfolder = \"%1/files\"\n").arg(coordinator.folder()) +
            postgresTable(replica, false) + QStringLiteral("[standby]\nwatch = \"%1\"\n").arg(coordinator.address());
        if (takeoverAfterS > 0) standIn.more += QStringLiteral("takeover_after_s = %1\n").arg(takeoverAfterS);
        introduce(kOperations, coordinator.address() + QStringLiteral(", ") + standIn.address());
    }
    /// Once the coordinator runs.
    bool startStandIn() {
        copyIdentity(coordinator.folder(), standIn.folder());
        return standIn.start(" operations ") && standIn.log().contains(" standby\n");
    }

    /// As a person would have found and pinned them.
    api::CoordinatorRow row() {
        const auto at = [](ServerProcess& server) {
            return api::ServerRow{server.address().toStdString(), key(server)};
        };
        api::CoordinatorRow row{at(coordinator), at(keyServer), at(standby), true};
        if (isOfTwo) row.coordinator.address += ", " + standIn.address().toStdString();
        return row;
    }
    static IdentityKey key(ServerProcess& server) { return server.keyOf<IdentityKey>(QStringLiteral("identity")); }

    QTemporaryDir folder;
    ServerProcess keyServer{QStringLiteral("tallylock-keyserver"), folder.filePath(QStringLiteral("key server")),
                            freePort()};
    ServerProcess standby{QStringLiteral("tallylock-keyserver"), folder.filePath(QStringLiteral("standby")),
                          freePort()};
    ServerProcess coordinator{QStringLiteral("tallylockd"), folder.filePath(QStringLiteral("coordinator")), freePort()};
    ServerProcess standIn{QStringLiteral("tallylockd"), folder.filePath(QStringLiteral("stand-in")), freePort()};
    QString plain; ///< settings of a coordinator, without a database
    bool isOfTwo = false;

private:
    void introduce(const QString& settings, const QString& addresses) {
        const QString toCoordinator = QStringLiteral("[coordinator]\naddress = \"%1\"\nidentity = \"%2\"\n")
                                          .arg(addresses, QString::fromStdString(key(coordinator).hex()));
        keyServer.more = settings + toCoordinator;
        standby.more = settings + toCoordinator;
    }
};

} // namespace tallylock::test
