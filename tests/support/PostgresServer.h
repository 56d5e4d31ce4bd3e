// A PostgreSQL server of the test's own, on loopback, in a folder that goes away; or a standby of another one. The
// server refuses root, so root runs it as another user. It ends with the test, however it ends.
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>

#include <csignal>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

namespace tallylock::test {

class PostgresServer {
public:
    PostgresServer() : m_port(freePort()) {
        m_folder.setAutoRemove(false); // another user's files: removed below
        if (!m_folder.isValid()) qFatal("no folder");
        giveAway(m_folder.path());
        QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
    }
    ~PostgresServer() {
        kill();
        QDir(m_folder.path()).removeRecursively();
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    void make() {
        run({text(program("initdb")), "-D", text(data()), "-U", "tallylock", "-A", "trust", "-E", "UTF8",
             "--locale=C"});
        append(QStringLiteral(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = on\nwal_level = replica\n"
            "max_wal_senders = 4\nhot_standby = on\n"));
    }
    /// A standby of that server, which runs.
    void makeStandbyOf(PostgresServer& primary) {
        run({text(program("pg_basebackup")), "-D", text(data()), "-h", "127.0.0.1", "-p",
             std::to_string(primary.m_port), "-U", "tallylock", "-R", "-X", "stream"});
        // pg_basebackup has written another one, which would come last.
        append(QStringLiteral("primary_conninfo = 'host=127.0.0.1 port=%1 user=tallylock application_name=standby'\n")
                   .arg(primary.m_port));
    }
    /// Both made and started: nothing is acknowledged that the standby has not.
    static void startPair(PostgresServer& primary, PostgresServer& standby) {
        primary.make();
        primary.start();
        standby.makeStandbyOf(primary);
        standby.start();
        primary.append(QStringLiteral("synchronous_standby_names = 'standby'\n"));
        primary.sql(QStringLiteral("SELECT pg_reload_conf()"));
        for (int i = 0; i < 200; ++i) {
            if (primary.sql(QStringLiteral("SELECT sync_state FROM pg_stat_replication")) == QLatin1String("sync"))
                return;
            ::usleep(100'000);
        }
        qFatal("the standby does not follow");
    }
    /// More of its configuration file: what comes last counts.
    void append(const QString& settings) {
        QFile file(data() + QStringLiteral("/postgresql.auto.conf"));
        if (!file.open(QIODevice::Append)) qFatal("no configuration");
        file.write(settings.toUtf8());
    }
    void start() {
        m_process = std::make_unique<QProcess>();
        asItsUser(*m_process);
        m_process->setStandardOutputFile(m_folder.filePath(QStringLiteral("log")));
        m_process->setStandardErrorFile(m_folder.filePath(QStringLiteral("log")), QIODevice::Append);
        m_process->start(program("postgres"),
                         {QStringLiteral("-D"), data(), QStringLiteral("-p"), QString::number(m_port)});
        for (int i = 0; i < 300; ++i) {
            QProcess asking;
            asking.start(program("pg_isready"),
                         {QStringLiteral("-q"), QStringLiteral("-h"), QStringLiteral("127.0.0.1"), QStringLiteral("-p"),
                          QString::number(m_port)});
            asking.waitForFinished();
            if (asking.exitCode() == 0) return;
            ::usleep(100'000);
        }
        qFatal("PostgreSQL does not start");
    }
    /// As a power cut does: all its processes at once.
    void kill() {
        if (!m_process) return;
        signalAll(SIGSTOP); // so that none sees another one go
        signalAll(SIGKILL);
        m_process->waitForFinished(10'000);
        m_process.reset();
    }
    void freeze(bool frozen) { signalAll(frozen ? SIGSTOP : SIGCONT); }
    void promote() { sql(QStringLiteral("SELECT pg_promote()")); }

    QString sql(const QString& statement, const QString& database = QStringLiteral("postgres")) {
        return run({text(program("psql")), "-X", "-q", "-t", "-A", "-h", "127.0.0.1", "-p", std::to_string(m_port),
                    "-U", "tallylock", "-d", text(database), "-v", "ON_ERROR_STOP=1", "-c", text(statement)});
    }
    /// All that is in it, as statements that would make it anew: no value is compressed there.
    QString dump(const QString& database = QStringLiteral("postgres")) {
        return run({text(program("pg_dump")), "-h", "127.0.0.1", "-p", std::to_string(m_port), "-U", "tallylock", "-d",
                    text(database)});
    }
    std::string connection(const QString& database = QStringLiteral("postgres")) const {
        return "host=127.0.0.1 port=" + std::to_string(m_port) + " user=tallylock dbname=" + text(database) +
               " connect_timeout=10 tcp_user_timeout=5000";
    }

private:
    static quint16 freePort() {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost)) qFatal("no port is free");
        return server.serverPort();
    }
    static QString program(const char* name) {
        const QDir all(QStringLiteral("/usr/lib/postgresql"));
        const QStringList versions = all.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        if (versions.isEmpty()) qFatal("PostgreSQL is missing");
        return all.filePath(versions.last() + QStringLiteral("/bin/") + QLatin1String(name));
    }
    static std::string text(const QString& words) { return words.toStdString(); }
    static const passwd* user() { return ::getuid() == 0 ? ::getpwnam("postgres") : ::getpwuid(::getuid()); }
    static void giveAway(const QString& path) {
        if (::getuid() == 0 && ::chown(path.toLocal8Bit().constData(), user()->pw_uid, user()->pw_gid) != 0)
            qFatal("cannot give a folder away");
    }
    /// Ends with us.
    static void asItsUser(QProcess& process) {
        const bool isRoot = ::getuid() == 0;
        const uid_t uid = user()->pw_uid;
        const gid_t gid = user()->pw_gid;
        process.setChildProcessModifier([isRoot, uid, gid] {
            if (isRoot && (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)) ::_exit(126);
            ::prctl(PR_SET_PDEATHSIG,
                    SIGQUIT); // at once, with its children; after the change of user, which forgets it
        });
    }
    /// The server and its children, each of which leads a group of its own.
    void signalAll(int signal) {
        const QByteArray leader = QByteArray::number(m_process->processId());
        std::vector<pid_t> processes{static_cast<pid_t>(m_process->processId())};
        for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            QFile file(QStringLiteral("/proc/") + name + QStringLiteral("/stat"));
            if (!file.open(QIODevice::ReadOnly)) continue;
            const QByteArray stat = file.readAll(); // "pid (name) state parent ..."
            const QList<QByteArray> rest = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
            if (rest.size() > 1 && rest.at(1) == leader) processes.push_back(name.toInt());
        }
        for (const pid_t process : processes) ::kill(process, signal);
    }
    QString data() const { return m_folder.filePath(QStringLiteral("data")); }
    QString run(const std::vector<std::string>& command) {
        QProcess process;
        asItsUser(process);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.setWorkingDirectory(m_folder.path());
        QStringList words;
        for (const std::string& word : command) words << QString::fromStdString(word);
        const QString first = words.takeFirst();
        process.start(first, words);
        const bool ended = process.waitForFinished(60'000);
        const QByteArray said = process.readAll();
        if (!ended || process.exitCode() != 0) qFatal("%s: %s", qPrintable(first), said.constData());
        return QString::fromUtf8(said).trimmed();
    }

    QTemporaryDir m_folder;
    quint16 m_port;
    std::unique_ptr<QProcess> m_process;
};

} // namespace tallylock::test
