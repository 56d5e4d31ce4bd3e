// The servers in this process, and whoever runs them: the same person.
#pragma once

#include "app/embedded/PracticeHands.h"
#include "app/embedded/Reach.h"
#include "app/embedded/Servers.h"
#include "app/operator/OperatorDesk.h"
#include "core/party/PeerBoard.h"

namespace tallylock::app {

class LocalReach final : public Reach {
public:
    using Post = std::function<void(std::function<void()>)>;
    /// `clock` outlives it.
    LocalReach(std::unique_ptr<Servers> servers, Clock& clock, const Post& post,
               PracticeHands::Start startCounterparty);

    Ways waysFor(const keys::Identity& who) override;
    ports::Link& ownLink() override { return *m_ownLink; }
    const IdentityKey& coordinator() const override { return m_servers->coordinator->key(); }
    const IdentityKey& keyServer() const override { return m_servers->keyServer.server->key(); }
    std::optional<IdentityKey> standby() const override;
    api::Practice* practice() override { return &m_hands; }
    api::Operator* operatorDesk() override { return &m_desk; }
    std::optional<api::CoordinatorRow> place() const override { return std::nullopt; }

    rails::PracticeWorld& world() { return m_servers->coordinator->world(); }

private:
    std::unique_ptr<Servers> m_servers;
    std::unique_ptr<ports::Link> m_ownLink;
    std::shared_ptr<party::PeerBoard> m_peers = party::PeerBoard::make();
    OperatorDesk m_desk;
    PracticeHands m_hands;
};

} // namespace tallylock::app
