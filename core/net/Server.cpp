#include "core/net/Server.h"

#include "core/net/Visitor.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>

namespace tallylock::net {

namespace asio = boost::asio;
using asio::ip::tcp;

class Server::Core : public std::enable_shared_from_this<Core>, public VisitorHost {
public:
    explicit Core(ServerOptions options)
        : m_options(std::move(options)),
          m_desk(m_options.service, m_options.limits),
          m_relay(m_options.service, m_options.limits,
                  [this](std::function<void()> task) { asio::post(m_io, std::move(task)); }),
          m_acceptor(m_io),
          m_sweep(m_io) {}
    ~Core() override = default;

    std::optional<std::string> open() {
        boost::system::error_code failure;
        const auto address = asio::ip::make_address(m_options.host, failure);
        if (failure) return m_options.host + " is no numeric address";
        const tcp::endpoint place(address, m_options.port);
        m_acceptor.open(place.protocol(), failure);
        if (!failure) m_acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) m_acceptor.bind(place, failure);
        if (!failure) m_acceptor.listen(asio::socket_base::max_listen_connections, failure);
        if (failure) return m_options.host + ":" + std::to_string(m_options.port) + ": " + failure.message();
        m_port = m_acceptor.local_endpoint().port();
        return std::nullopt;
    }
    void run() {
        asio::post(m_io, [this] {
            accept();
            sweepLater();
        });
        m_thread = std::thread([this] { m_io.run(); });
    }
    void stop() {
        if (!m_thread.joinable()) return;
        std::promise<void> done;
        asio::post(m_io, [&] {
            m_isStopping = true;
            boost::system::error_code ignored;
            m_acceptor.close(ignored);
            m_sweep.cancel();
            for (const auto& visitor : std::vector(m_visitors.begin(), m_visitors.end()))
                visitor->dismiss(wire::Farewell::Stopping);
            done.set_value();
        });
        done.get_future().wait();
        m_desk.stop();
        m_relay.stop();
        m_io.stop();
        m_thread.join();
    }
    std::uint16_t port() const { return m_port; }
    Traffic traffic() const {
        Traffic seen;
        seen.connections = m_connections;
        seen.accepted = m_accepted;
        seen.turnedAway = m_turnedAway;
        seen.asks = m_asks;
        seen.items = m_items;
        m_relay.addTo(seen);
        return seen;
    }

    // --- what visitors need (VisitorHost) ---
    const keys::Identity& identity() const override { return *m_options.identity; }
    const Service& service() const override { return m_options.service; }
    const Limits& limits() const override { return m_options.limits; }
    FileDesk& files() override { return m_desk; }
    PeerRelay& relay() override { return m_relay; }
    void post(std::function<void()> task) override { asio::post(m_io, std::move(task)); }
    void counted(What what) override {
        switch (what) {
        case What::Ask: ++m_asks; break;
        case What::Item: ++m_items; break;
        case What::TurnedAway: ++m_turnedAway; break;
        }
    }
    void left(const std::shared_ptr<Visitor>& visitor) override {
        if (m_visitors.erase(visitor) == 0) return;
        m_connections = m_visitors.size();
        const auto found = m_ofAddress.find(visitor->address());
        if (found != m_ofAddress.end() && --found->second == 0) m_ofAddress.erase(found);
    }

private:
    static constexpr std::int64_t kSweepMs = 1'000;

    void accept() {
        m_acceptor.async_accept([this](boost::system::error_code failure, tcp::socket socket) {
            if (m_isStopping) return;
            if (failure) return acceptLater(); // no more descriptors, perhaps: the connection waits
            welcome(std::move(socket));
            accept();
        });
    }
    void acceptLater() {
        m_pause.expires_after(std::chrono::milliseconds(100));
        m_pause.async_wait([this](boost::system::error_code) {
            if (!m_isStopping) accept();
        });
    }
    void welcome(tcp::socket socket) {
        boost::system::error_code failure;
        const auto end = socket.remote_endpoint(failure);
        if (failure) return;
        std::string address = end.address().to_string();
        const Limits& limits = m_options.limits;
        const auto ofAddress = m_ofAddress.find(address);
        const std::size_t known = ofAddress == m_ofAddress.end() ? 0 : ofAddress->second;
        if (m_visitors.size() >= limits.connections || known >= limits.connectionsOfAddress) {
            ++m_turnedAway; // closed without a word: a handshake would cost more than it is worth
            return;
        }
        ++m_ofAddress[address];
        ++m_accepted;
        auto visitor = std::make_shared<Visitor>(shared_from_this(), std::move(address));
        m_visitors.insert(visitor);
        m_connections = m_visitors.size();
        visitor->start(std::move(socket), *m_tls);
    }
    void sweepLater() {
        m_sweep.expires_after(std::chrono::milliseconds(kSweepMs));
        m_sweep.async_wait([this](boost::system::error_code failure) {
            if (failure || m_isStopping) return;
            const std::int64_t now = Channel::nowMs();
            for (const auto& visitor : std::vector(m_visitors.begin(), m_visitors.end())) visitor->watch(now);
            m_relay.sweep();
            sweepLater();
        });
    }

    ServerOptions m_options;
    FileDesk m_desk;
    PeerRelay m_relay;
    TlsContext m_tls = serverTls(m_options.talkVersion);
    asio::io_context m_io{1};
    tcp::acceptor m_acceptor;
    asio::steady_timer m_sweep;
    asio::steady_timer m_pause{m_io};
    std::set<std::shared_ptr<Visitor>> m_visitors;
    std::map<std::string, std::size_t> m_ofAddress;
    bool m_isStopping = false;
    std::atomic<std::uint16_t> m_port{0};
    std::atomic<std::uint64_t> m_connections{0};
    std::atomic<std::uint64_t> m_accepted{0};
    std::atomic<std::uint64_t> m_turnedAway{0};
    std::atomic<std::uint64_t> m_asks{0};
    std::atomic<std::uint64_t> m_items{0};
    std::thread m_thread;
};

Result<std::unique_ptr<Server>, std::string> Server::start(ServerOptions options) {
    auto core = std::make_shared<Core>(std::move(options));
    if (const auto failure = core->open()) return Err(*failure);
    core->run();
    return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::~Server() { m_core->stop(); }

std::uint16_t Server::port() const { return m_core->port(); }
Traffic Server::traffic() const { return m_core->traffic(); }

} // namespace tallylock::net
