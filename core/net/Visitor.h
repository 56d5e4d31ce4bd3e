// One client's connection, at the server.
#pragma once

#include "core/net/Channel.h"
#include "core/net/FileDesk.h"
#include "core/net/PeerRelay.h"
#include "core/net/StreamTap.h"

#include <map>
#include <mutex>
#include <set>

namespace tallylock::net {

class Visitor;

/// What all visitors share. Network thread, but for post.
class VisitorHost {
public:
    enum class What { Ask, Item, TurnedAway };
    virtual ~VisitorHost() = default;
    virtual const keys::Identity& identity() const = 0;
    virtual const Service& service() const = 0;
    virtual const Limits& limits() const = 0;
    virtual FileDesk& files() = 0;
    virtual PeerRelay& relay() = 0;
    virtual void post(std::function<void()> task) = 0; ///< any thread
    virtual void counted(What what) = 0;
    virtual void left(const std::shared_ptr<Visitor>& visitor) = 0;
};

/// Network thread.
class Visitor final : public std::enable_shared_from_this<Visitor>, private Channel::Owner, private PeerRelay::End {
public:
    Visitor(std::shared_ptr<VisitorHost> host, std::string address)
        : m_keep(std::move(host)),
          m_host(*m_keep),
          m_address(std::move(address)) {}
    ~Visitor() override;

    void start(Channel::Socket socket, ssl_ctx_st& tls);
    /// Says why, and ends.
    void dismiss(wire::Farewell why);
    /// Once a second. Ends it if it has been silent, or without a login, for too long.
    void watch(std::int64_t nowMs);
    const std::string& address() const { return m_address; }

private:
    // Channel::Owner
    void opened(const Hash& binding) override;
    void received(ByteView message) override;
    void drained() override;
    void ended(const std::string& reason) override;

    void on(wire::Login& message);
    void on(wire::Ask& message);
    void on(wire::Follow& message);
    void on(wire::Unfollow& message);
    void on(wire::Ping&) { send(wire::Pong{}); }
    void on(wire::PeerServe& message);
    void on(wire::PeerLeave& message);
    void on(wire::PeerAsk& message);
    void on(wire::PeerAnswer& message);
    void on(wire::PeerNoAnswer& message);
    template <class FileMessage>
    void on(FileMessage& message); // all others

    // PeerRelay::End
    void tell(const wire::ToClient& message) override;
    std::size_t unread() const override { return m_channel->waiting(); }
    /// Dismisses it if it was not offered that.
    bool hasPeers();

    void send(const wire::ToClient& message);
    void answerLater(Bytes message);
    void takeAnswers();
    void feed();
    void showPressure();
    void finish();

    std::shared_ptr<VisitorHost> m_keep; ///< until it has left
    VisitorHost& m_host;
    std::string m_address;
    std::shared_ptr<Channel> m_channel;
    std::optional<IdentityKey> m_identity; ///< once it is proven
    Hash m_binding;
    std::unique_ptr<ports::Link> m_link;
    std::map<std::uint64_t, std::unique_ptr<StreamTap>> m_taps;
    std::size_t m_unanswered = 0;
    std::size_t m_asksThisSecond = 0;
    std::int64_t m_startedMs = 0;
    std::int64_t m_movedMs = 0;
    std::uint64_t m_moved = 0;
    // Answers come on other threads.
    std::mutex m_mutex;
    std::vector<Bytes> m_answers;
};

} // namespace tallylock::net
