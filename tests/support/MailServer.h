// A real SMTP server of the test's own (python3-aiosmtpd), on loopback, with a certificate that an authority of the
// test has signed. It ends with the test, however it ends.
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>

#include <csignal>
#include <memory>
#include <sys/prctl.h>

namespace tallylock::test {

class MailServer {
public:
    /// `mode`: "starttls", "implicit" or "plain".
    explicit MailServer(const char* mode = "starttls") : m_mode(QString::fromLatin1(mode)) {
        QTcpServer probe;
        if (!probe.listen(QHostAddress(host()))) qFatal("no port is free");
        m_port = probe.serverPort();
        const auto run = [this](const QString& arguments) {
            QProcess process;
            process.setWorkingDirectory(m_folder.path());
            process.start(QStringLiteral("openssl"), arguments.split(u' '));
            if (!process.waitForFinished(30'000) || process.exitCode() != 0)
                qFatal("openssl: %s", process.readAllStandardError().constData());
        };
        const QString curve = QStringLiteral("-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 ");
        run(QStringLiteral("req -x509 ") + curve + QStringLiteral("-keyout ca.key -out ca.pem -subj /CN=Authority"));
        run(QStringLiteral("req -x509 ") + curve +
            QStringLiteral("-CA ca.pem -CAkey ca.key -keyout key.pem -out cert.pem -subj /CN=mail -addext "
                           "subjectAltName=IP:%1 -addext basicConstraints=critical,CA:FALSE")
                .arg(host()));
    }
    ~MailServer() { kill(); }
    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;

    /// An address that no other test uses at the same time, so that a port that is free stays so.
    static QString host() {
        const auto process = QCoreApplication::applicationPid();
        return QStringLiteral("127.%1.%2.2").arg(1 + process / 256 % 254).arg(process % 256);
    }
    std::uint16_t port() const { return m_port; }
    QString authority() const { return m_folder.filePath(QStringLiteral("ca.pem")); }

    void start() {
        m_process = std::make_unique<QProcess>();
        m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process->setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process->start(QStringLiteral("/usr/bin/python3"),
                         {QStringLiteral("-Wignore"),
                          QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/support/smtp_server.py"), host(),
                          QString::number(m_port), m_mode, m_folder.path()});
        while (!m_process->readAllStandardOutput().contains("ready"))
            if (!m_process->waitForReadyRead(30'000)) qFatal("the mail server does not start");
    }
    void kill() {
        if (!m_process) return;
        m_process->kill();
        m_process->waitForFinished(10'000);
        m_process.reset();
    }
    /// What is answered from now on, such as "RCPT 451 later"; empty: mails are taken.
    void setRule(const QByteArray& rule) {
        const QString path = m_folder.filePath(QStringLiteral("rule"));
        QFile::remove(path);
        QFile file(path + QStringLiteral(".new"));
        if (rule.isEmpty()) return;
        if (!file.open(QIODevice::WriteOnly)) qFatal("no rule");
        file.write(rule);
        file.close();
        file.rename(path);
    }
    QList<QByteArray> mails() const {
        QList<QByteArray> all;
        for (int number = 1;; ++number) {
            QFile file(m_folder.filePath(QStringLiteral("%1.eml").arg(number)));
            if (!file.open(QIODevice::ReadOnly)) return all;
            all.append(file.readAll());
        }
    }

private:
    QString m_mode;
    QTemporaryDir m_folder;
    std::uint16_t m_port = 0;
    std::unique_ptr<QProcess> m_process;
};

} // namespace tallylock::test
