// Somebody's ways to the servers of a cluster, which a test can cut, half cut, or hold up.
#pragma once

#include "tests/support/Cluster.h"
#include "tests/support/Proxy.h"

namespace tallylock::test {

class Wires {
public:
    explicit Wires(Cluster& cluster) {
        for (ServerProcess* server : {&cluster.coordinator, &cluster.standIn, &cluster.keyServer, &cluster.standby})
            m_ways.push_back({server->address(), std::make_unique<Proxy>(server->port(), ownLoopback().toStdString())});
    }
    /// Settings or addresses that lead through these instead.
    QString through(QString text) const {
        for (const Way& way : m_ways) text.replace(way.address, QStringLiteral("127.0.0.1:%1").arg(way.proxy->port()));
        return text;
    }
    api::CoordinatorRow through(api::CoordinatorRow row) const {
        for (api::ServerRow* server : {&row.coordinator, &row.keyServer, &*row.standby})
            server->address = through(QString::fromStdString(server->address)).toStdString();
        return row;
    }
    void cut() {
        for (const Way& way : m_ways) way.proxy->cut();
    }
    void cutHalf() {
        for (const Way& way : m_ways) way.proxy->cutHalf();
    }
    void setHeldUp(bool heldUp) {
        for (const Way& way : m_ways) way.proxy->setHeldUp(heldUp);
    }

private:
    struct Way {
        QString address;
        std::unique_ptr<Proxy> proxy;
    };
    std::vector<Way> m_ways;
};

} // namespace tallylock::test
