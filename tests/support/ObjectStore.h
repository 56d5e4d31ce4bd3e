// An S3-compatible store of the test's own on loopback, which verifies signatures: OpenStack Swift in a process, with
// all that it keeps in a folder that goes away. It ends with the test, however it ends.
#pragma once

#include "core/store/s3/S3FileStore.h"

#include <QFile>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <csignal>
#include <sys/prctl.h>

namespace tallylock::test {

class ObjectStore {
public:
    static constexpr const char* kKey = "tally:lock";
    static constexpr const char* kSecret = "not/guessed+by=anyone";
    static constexpr const char* kBucket = "sealed-files";

    /// `isSecure`: behind TLS, with a certificate of its own.
    explicit ObjectStore(bool isSecure = false) {
        QStringList arguments{QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/support/object_store.py"), m_folder.path(),
                              QString::fromLatin1(kKey), QString::fromLatin1(kSecret), QString::fromLatin1(kBucket)};
        if (isSecure) arguments << makeCertificate();
        m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
        m_process.setStandardErrorFile(m_folder.filePath(QStringLiteral("log")));
        m_process.start(QStringLiteral("/usr/bin/python3"), QStringList{QStringLiteral("-Wignore")} + arguments);
        constexpr int kPatienceMs = 60'000;
        if (!m_process.waitForReadyRead(kPatienceMs)) qFatal("no object store: %s", log().constData());
        m_port = static_cast<quint16>(m_process.readLine().trimmed().toUInt());
        m_scheme = isSecure ? "https" : "http";
        writeKey(m_folder.filePath(QStringLiteral("key")), kKey, kSecret);
    }
    ~ObjectStore() {
        m_process.kill();
        m_process.waitForFinished();
    }

    quint16 port() const { return m_port; }
    /// `port`: of a wire to it.
    store::s3::Place place(quint16 port = 0) const {
        store::s3::Place place;
        place.endpoint = m_scheme + "://127.0.0.1:" + std::to_string(port != 0 ? port : m_port);
        place.region = "us-east-1";
        place.bucket = kBucket;
        place.prefix = "tallylock/";
        return place;
    }
    QString keyFile() const { return m_folder.filePath(QStringLiteral("key")); }
    std::string certificate() const { return m_folder.filePath(QStringLiteral("certificate.pem")).toStdString(); }
    store::s3::AccessKey key() const {
        auto key = store::s3::AccessKey::readFrom(keyFile().toStdString());
        if (!key) qFatal("%s", key.error().detail.c_str());
        return std::move(*key);
    }
    QByteArray log() const {
        QFile file(m_folder.filePath(QStringLiteral("log")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void writeKey(const QString& path, const char* id, const char* secret) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write a key");
        file.write(QByteArray(id) + '\n' + secret + '\n');
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

private:
    /// The key and the certificate, in files.
    QStringList makeCertificate() {
        const QString key = m_folder.filePath(QStringLiteral("certificate.key"));
        const QString certificate = m_folder.filePath(QStringLiteral("certificate.pem"));
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                       QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                       QStringLiteral("-subj"), QStringLiteral("/CN=store"), QStringLiteral("-addext"),
                       QStringLiteral("subjectAltName=IP:127.0.0.1"), QStringLiteral("-keyout"), key,
                       QStringLiteral("-out"), certificate});
        if (!openssl.waitForFinished() || openssl.exitCode() != 0) qFatal("no certificate");
        return {key, certificate};
    }

    QTemporaryDir m_folder;
    QProcess m_process;
    std::string m_scheme;
    quint16 m_port = 0;
};

} // namespace tallylock::test
