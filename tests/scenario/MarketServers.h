// The servers of a marketplace, as processes, and all that befalls them. With PostgreSQL there are two machines of the
// coordinator, of which the second takes the place of the first once that is lost.
#pragma once

#include "core/ports/Journal.h"
#include "tests/support/Wires.h"

namespace tallylock::marketplace {

class MarketServers {
public:
    /// False if one does not start.
    bool start();
    /// As people reach them.
    api::CoordinatorRow row() { return m_cluster.row(); }
    test::Cluster& cluster() { return m_cluster; }
    /// Between the servers themselves.
    test::Wires& wires() { return *m_wires; }

    test::ServerProcess& leader() { return m_hasTakenOver ? m_cluster.standIn : m_cluster.coordinator; }
    test::ServerProcess& keyServer() { return m_cluster.keyServer; }
    test::ServerProcess& standby() { return m_cluster.standby; }
    /// The first machine is lost, with its database; the second one goes on. True without a second one: nothing to do.
    bool takeOver();
    /// From now on. Until then they lapse soon. What is wrong; empty: nothing.
    std::string letQuotesHold();
    /// As an operator does. What is wrong; empty: all of them have ended well.
    std::string stop();

    /// The leader's history, once it has stopped.
    std::unique_ptr<ports::Journal> journal();
    /// A folder for `tallylock-cli verify` with that history.
    QString folderToVerify();
    QString filesFolder() const { return m_cluster.coordinator.folder() + QStringLiteral("/files"); }

private:
    static std::string stop(test::ServerProcess& server);
#ifdef TALLYLOCK_OVER_POSTGRES
    test::PostgresServer m_primary;
    test::PostgresServer m_replica;
#endif
    test::Cluster m_cluster;
    std::unique_ptr<test::Wires> m_wires;
    bool m_hasTakenOver = false;
};

} // namespace tallylock::marketplace
