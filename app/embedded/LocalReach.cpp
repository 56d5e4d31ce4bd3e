#include "app/embedded/LocalReach.h"

namespace tallylock::app {

LocalReach::LocalReach(std::unique_ptr<Servers> servers, Clock& clock, const Post& post,
                       PracticeHands::Start startCounterparty)
    : m_servers(std::move(servers)),
      m_ownLink(m_servers->coordinator->host().connect(m_servers->coordinator->key())),
      m_desk(*m_servers->coordinator, clock, post),
      m_hands(m_servers->coordinator->world(), post, std::move(startCounterparty)) {}

std::optional<IdentityKey> LocalReach::standby() const {
    return m_servers->standby.server ? std::optional(m_servers->standby.server->key()) : std::nullopt;
}

Ways LocalReach::waysFor(const keys::Identity& who) {
    Ways ways;
    ways.coordinator = m_servers->coordinator->host().connect(who.key());
    ways.keyServer = m_servers->toKeyServer(who.key());
    if (m_servers->standby.server) ways.standby = m_servers->toStandby(who.key());
    ways.files = m_servers->coordinator->files();
    ways.peers = m_peers->connect(who.key());
    return ways;
}

} // namespace tallylock::app
