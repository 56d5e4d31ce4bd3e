// Servers that somebody else runs, each with its pinned identity, reached over TLS.
#pragma once

#include "app/embedded/Reach.h"
#include "core/base/Random.h"
#include "core/net/Remote.h"

namespace tallylock::app {

class RemoteReach final : public Reach {
public:
    using Post = std::function<void(std::function<void()>)>;
    RemoteReach(api::CoordinatorRow place, const Post& post, Random& random);
    ~RemoteReach() override;

    Ways waysFor(const keys::Identity& who) override;
    ports::Link& ownLink() override { return *m_ownLink; }
    const IdentityKey& coordinator() const override { return m_place.coordinator.key; }
    const IdentityKey& keyServer() const override { return m_place.keyServer.key; }
    std::optional<IdentityKey> standby() const override;
    api::Practice* practice() override;
    api::Operator* operatorDesk() override { return nullptr; }
    std::optional<api::CoordinatorRow> place() const override { return m_place; }

private:
    class Hands;
    api::CoordinatorRow m_place;
    std::shared_ptr<ports::Link> m_ownLink;
    std::unique_ptr<Hands> m_hands; ///< null where the money is worth something
};

} // namespace tallylock::app
