// The apps of others, through a server to which both are connected. It says who asks: whether that is so rests on its
// word, see docs/decisions/connections.md.
#pragma once

#include "core/net/RemoteCore.h"

namespace tallylock::net {

/// Any thread.
class RemotePeers final : public ports::Peers {
public:
    explicit RemotePeers(std::shared_ptr<Remote::Core> core) : m_core(std::move(core)) {}

    void request(const IdentityKey& to, Bytes frame, Done done) override {
        m_core->askPeer(to, std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> serve(Answerer answerer) override {
        return m_core->serve(std::move(answerer));
    }

private:
    std::shared_ptr<Remote::Core> m_core;
};

} // namespace tallylock::net
