#include "core/net/SingleInstance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>

namespace tallylock::net {

namespace {

constexpr qint64 kMostBytes = 1024;
constexpr int kConnectMs = 500;
constexpr int kAnswerMs = 1500;

QString socketName(const QString& folder) {
    const QByteArray path = QDir(folder).absolutePath().toUtf8();
    const QByteArray mark = QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(16);
    const QString name = QStringLiteral("tallylock-") + QString::fromLatin1(mark);
    // The user's own runtime folder where there is one: nobody else can put a socket there.
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return runtime.isEmpty() ? name : runtime + u'/' + name;
}

} // namespace

SingleInstance::SingleInstance(const QString& folder, QObject* parent) : QObject(parent), m_name(socketName(folder)) {}

bool SingleInstance::handOver(const QString& message) {
    const QByteArray bytes = message.toUtf8() + '\n';
    if (bytes.size() > kMostBytes) return false;
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kConnectMs)) return false;
    socket.write(bytes);
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(kAnswerMs)) return false;
    }
    while (!socket.canReadLine()) {
        if (!socket.waitForReadyRead(kAnswerMs)) return false;
    }
    return socket.readLine(kMostBytes) == "ok\n";
}

bool SingleInstance::listen() {
    // A program that answers keeps its socket; what a crash has left behind answers nobody.
    QLocalSocket probe;
    probe.connectToServer(m_name);
    if (probe.waitForConnected(kConnectMs)) return false;
    QLocalServer::removeServer(m_name);
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* socket = m_server->nextPendingConnection()) {
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            read(socket);
        }
    });
    return m_server->listen(m_name);
}

void SingleInstance::read(QLocalSocket* socket) {
    if (!socket->canReadLine()) {
        if (socket->bytesAvailable() >= kMostBytes) socket->abort();
        return;
    }
    const QString message = QString::fromUtf8(socket->readLine(kMostBytes)).chopped(1);
    socket->write("ok\n");
    socket->disconnectFromServer();
    emit received(message);
}

} // namespace tallylock::net
