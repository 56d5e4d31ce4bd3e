// A client that says what it is told to, message by message.
#pragma once

#include "core/crypto/Hash.h"
#include "core/keys/Identity.h"
#include "core/net/Channel.h"
#include "core/wire/Connection.h"

#include <boost/asio.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace tallylock::test {

inline keys::Identity keysOf(const std::string& name) {
    return keys::Identity::fromSeed(
        SecretBytes::copyOf(crypto::labelledHash("test-identity", crypto::cborList(name)).view()));
}

class RawClient final : private net::Channel::Owner {
public:
    /// `talkVersion`: the newest that it understands.
    explicit RawClient(std::uint16_t port, std::uint64_t talkVersion = wire::kTalkVersion)
        : m_tls(net::clientTls(talkVersion)) {
        boost::asio::ip::tcp::socket socket(m_io);
        socket.open(boost::asio::ip::tcp::v4());
        socket.set_option(boost::asio::socket_base::receive_buffer_size(1 << 16)); // or the system buffers all
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
        m_channel = std::make_shared<net::Channel>(std::move(socket), *m_tls, false, wire::kMostToClient,
                                                   static_cast<net::Channel::Owner&>(*this));
        m_channel->start();
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~RawClient() override {
        boost::asio::post(m_io, [this] {
            m_channel->end();
            m_guard.reset();
        });
        m_thread.join();
    }

    /// The next message; none if the connection ends, or nothing comes for ten seconds.
    std::optional<wire::ToClient> next() {
        std::unique_lock lock(m_mutex);
        (void)m_news.wait_for(lock, std::chrono::seconds(10), [this] { return m_isOver || !m_messages.empty(); });
        if (m_messages.empty()) return std::nullopt;
        wire::ToClient message = std::move(m_messages.front());
        m_messages.pop_front();
        return message;
    }
    template <class Message>
    std::optional<Message> nextOf() {
        auto message = next();
        auto* wanted = message ? std::get_if<Message>(&*message) : nullptr;
        return wanted ? std::optional<Message>(std::move(*wanted)) : std::nullopt;
    }
    /// Whatever else comes before is passed over.
    std::optional<wire::Farewell> farewell() {
        while (auto message = next()) {
            if (const auto* goodbye = std::get_if<wire::Goodbye>(&*message)) return goodbye->why;
        }
        return std::nullopt;
    }
    bool isOver() const {
        const std::lock_guard lock(m_mutex);
        return m_isOver;
    }
    bool waitUntilOver() {
        std::unique_lock lock(m_mutex);
        return m_news.wait_for(lock, std::chrono::seconds(10), [this] { return m_isOver; });
    }
    void send(const wire::ToServer& message) { sendBytes(encodeCbor(message)); }
    void sendBytes(Bytes message) {
        boost::asio::post(m_io, [this, message = std::move(message)] { m_channel->send(message); });
    }
    /// Reads no more, or again.
    void pause(bool pauses) {
        boost::asio::post(m_io, [this, pauses] { m_channel->pause(pauses); });
    }
    const Hash& binding() const { return m_binding; } ///< once something has come

    wire::Login login(const keys::Identity& who, const IdentityKey& server) const {
        const wire::ClientNote note{who.key(), server, m_binding};
        return {wire::kConnectionVersion, who.key(), who.sign("client", note)};
    }
    /// False if the server does not let us in.
    bool enter(const keys::Identity& who) {
        const auto greeting = nextOf<wire::Greeting>();
        if (!greeting) return false;
        send(login(who, greeting->identity));
        m_in = nextOf<wire::LoggedIn>();
        return m_in.has_value();
    }
    /// What the server has said when it let us in.
    const wire::LoggedIn& in() const { return *m_in; }

private:
    void opened(const Hash& binding) override { m_binding = binding; }
    void received(ByteView bytes) override {
        auto message = decodeCbor<wire::ToClient>(bytes);
        const std::lock_guard lock(m_mutex);
        if (message) m_messages.push_back(std::move(*message));
        m_news.notify_all();
    }
    void drained() override {}
    void ended(const std::string&) override {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_news.notify_all();
    }

    net::TlsContext m_tls;
    std::optional<wire::LoggedIn> m_in;
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_guard{m_io.get_executor()};
    std::shared_ptr<net::Channel> m_channel;
    Hash m_binding;
    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    std::deque<wire::ToClient> m_messages;
    bool m_isOver = false;
    std::thread m_thread;
};

} // namespace tallylock::test
