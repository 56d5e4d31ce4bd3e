// One running program for each data folder. A second start hands its wish over to the first and ends.
//
// A local socket named after the folder, readable by its user alone. One message a connection: at most 1 KiB of UTF-8
// and a line end, answered by "ok" and a line end. Lives on the thread of an event loop.
#pragma once

#include <QObject>
#include <QString>

class QLocalServer;
class QLocalSocket;

namespace tallylock::net {

class SingleInstance : public QObject {
    Q_OBJECT
public:
    explicit SingleInstance(const QString& folder, QObject* parent = nullptr);

    /// True if a running program has taken the message. Waits at most about two seconds.
    bool handOver(const QString& message);
    /// Takes messages from now on. False if the socket cannot be made; the program works without it.
    bool listen();

signals:
    void received(const QString& message);

private:
    void read(QLocalSocket* socket);

    QString m_name;
    QLocalServer* m_server = nullptr;
};

} // namespace tallylock::net
