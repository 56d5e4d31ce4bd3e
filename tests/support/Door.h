// The door of a server on loopback, and the way in: what is given is a Link like any other.
#pragma once

#include "core/net/Remote.h"
#include "core/net/Server.h"

#include <condition_variable>
#include <future>
#include <mutex>

namespace tallylock::test {

/// A connection of its own for each link; it ends with the link.
class DoorLink final : public ports::Link {
public:
    explicit DoorLink(net::RemoteOptions options)
        : m_remote(std::move(options), [news = m_news](const net::RemoteStatus& status) {
              const std::lock_guard lock(news->mutex);
              news->isConnected = status.state == net::RemoteState::Connected;
              news->changed.notify_all();
          }) {}
    /// False after ten seconds.
    bool waitUntilConnected() {
        std::unique_lock lock(m_news->mutex);
        return m_news->changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_news->isConnected; });
    }
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        m_link->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_link->subscribe(stream, cursor, std::move(onItem));
    }
    net::Remote& remote() { return m_remote; }

private:
    struct News {
        std::mutex mutex;
        std::condition_variable changed;
        bool isConnected = false;
    };
    std::shared_ptr<News> m_news = std::make_shared<News>();
    net::Remote m_remote;
    std::shared_ptr<ports::Link> m_link = m_remote.link();
};

/// Waits until the server has read all that was said to it: one connection's messages are read in their order.
inline void settle(DoorLink& way) {
    const auto told = std::make_shared<std::promise<void>>();
    way.request({}, [told](const auto&) { told->set_value(); });
    (void)told->get_future().wait_for(std::chrono::seconds(10));
}

/// A connection of its own, too. Over a network what is said is on its way for a while: here it is known to the server
/// when the call returns.
class DoorPeers final : public ports::Peers {
public:
    explicit DoorPeers(std::shared_ptr<DoorLink> way) : m_way(std::move(way)), m_peers(m_way->remote().peers()) {}
    void request(const IdentityKey& to, Bytes frame, Done done) override {
        m_peers->request(to, std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> serve(Answerer answerer) override {
        auto served = std::make_unique<Served>(m_way, m_peers->serve(std::move(answerer)));
        settle(*m_way);
        return served;
    }
    DoorLink& way() { return *m_way; }

private:
    struct Served final : ports::Subscription {
        Served(std::shared_ptr<DoorLink> of, std::unique_ptr<ports::Subscription> served)
            : way(std::move(of)),
              inside(std::move(served)) {}
        ~Served() override {
            inside.reset();
            settle(*way);
        }
        std::shared_ptr<DoorLink> way;
        std::unique_ptr<ports::Subscription> inside;
    };
    std::shared_ptr<DoorLink> m_way;
    std::unique_ptr<ports::Peers> m_peers;
};

class Door {
public:
    Door(keys::Identity identity, net::Service service, net::Limits limits = {}, std::uint16_t port = 0,
         std::uint64_t talkVersion = wire::kTalkVersion)
        : m_identity(std::make_shared<const keys::Identity>(std::move(identity))) {
        net::ServerOptions options;
        options.identity = m_identity;
        options.port = port;
        options.service = std::move(service);
        options.limits = limits;
        options.talkVersion = talkVersion;
        auto started = net::Server::start(std::move(options));
        if (!started) std::abort();
        m_server = std::move(*started);
    }
    net::Server& server() { return *m_server; }
    std::uint16_t port() const { return m_server->port(); }
    const IdentityKey& key() const { return m_identity->key(); }
    net::RemoteOptions way(keys::Identity who) const {
        net::RemoteOptions options;
        options.host = "127.0.0.1";
        options.port = port();
        options.server = key();
        options.self = std::make_shared<const keys::Identity>(std::move(who));
        options.firstPauseMs = 5;
        options.lastPauseMs = 50;
        return options;
    }
    std::unique_ptr<DoorLink> enter(keys::Identity who) const {
        auto link = std::make_unique<DoorLink>(way(std::move(who)));
        if (!link->waitUntilConnected()) std::abort();
        return link;
    }
    std::unique_ptr<DoorPeers> meet(keys::Identity who) const {
        return std::make_unique<DoorPeers>(std::shared_ptr(enter(std::move(who))));
    }

private:
    std::shared_ptr<const keys::Identity> m_identity;
    std::unique_ptr<net::Server> m_server;
};

} // namespace tallylock::test
