// A wire between a client and a server on loopback that a test can cut, also at one end alone, hold up, or stop
// carrying anything.
#pragma once

#include <boost/asio.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tallylock::test {

class Proxy {
public:
    explicit Proxy(std::uint16_t to, const std::string& host = "127.0.0.1")
        : m_to(boost::asio::ip::make_address(host), to) {
        accept();
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~Proxy() {
        onThread([this] {
            m_acceptor.close();
            for (const auto& pair : m_pairs) pair->close();
        });
        m_io.stop();
        m_thread.join();
    }
    std::uint16_t port() const { return m_port; }
    /// All that go through it now; new ones are let through.
    void cut() {
        onThread([this] {
            for (const auto& pair : m_pairs) pair->close();
            m_pairs.clear();
        });
    }
    /// The server is told that all that go through it now have ended; the client is not, until cut().
    void cutHalf() {
        onThread([this] {
            for (const auto& pair : m_pairs) pair->closeHalf();
        });
    }
    /// Carries on later, once it is not held up any more.
    void setHeldUp(bool heldUp) {
        onThread([this, heldUp] {
            m_isHeldUp = heldUp;
            if (heldUp) return;
            for (const auto& goOn : std::exchange(m_heldUp, {})) goOn();
        });
    }
    /// Carries nothing on, and closes nothing: as a wire does that is pulled out.
    void setSilent(bool silent) { m_isSilent = silent; }
    std::size_t connections() const { return m_connections; }
    std::uint64_t bytesToServer() const { return m_bytesToServer; }

private:
    using Tcp = boost::asio::ip::tcp;
    struct Pair : std::enable_shared_from_this<Pair> {
        Pair(Proxy& owner, Tcp::socket from) : proxy(owner), client(std::move(from)), server(owner.m_io) {}
        void close() {
            boost::system::error_code ignored;
            client.close(ignored);
            server.close(ignored);
        }
        void closeHalf() {
            isHalf = true;
            boost::system::error_code ignored;
            server.close(ignored);
        }
        void fail() {
            if (!isHalf) close();
        }
        void carry(Tcp::socket& from, Tcp::socket& to, std::array<char, 65536>& buffer, bool toServer) {
            from.async_read_some(
                boost::asio::buffer(buffer),
                [this, &from, &to, &buffer, toServer, self = shared_from_this()](auto failure, std::size_t got) {
                    if (failure) return fail();
                    if (proxy.m_isSilent) return carry(from, to, buffer, toServer);
                    const auto goOn = [this, &from, &to, &buffer, toServer, got, self] {
                        write(from, to, buffer, toServer, got);
                    };
                    if (proxy.m_isHeldUp) return proxy.m_heldUp.push_back(goOn);
                    goOn();
                });
        }
        void write(Tcp::socket& from, Tcp::socket& to, std::array<char, 65536>& buffer, bool toServer,
                   std::size_t size) {
            if (toServer) proxy.m_bytesToServer += size;
            boost::asio::async_write(
                to, boost::asio::buffer(buffer.data(), size),
                [this, &from, &to, &buffer, toServer, self = shared_from_this()](auto fault, std::size_t) {
                    if (fault) return fail();
                    carry(from, to, buffer, toServer);
                });
        }
        Proxy& proxy;
        Tcp::socket client;
        Tcp::socket server;
        bool isHalf = false;
        std::array<char, 65536> up{};
        std::array<char, 65536> down{};
    };
    void accept() {
        m_acceptor.async_accept([this](auto failure, Tcp::socket socket) {
            if (failure) return;
            ++m_connections;
            auto pair = std::make_shared<Pair>(*this, std::move(socket));
            boost::system::error_code fault;
            pair->server.connect(m_to, fault);
            if (!fault) {
                pair->carry(pair->client, pair->server, pair->up, true);
                pair->carry(pair->server, pair->client, pair->down, false);
                m_pairs.push_back(pair);
            }
            accept();
        });
    }
    template <class F>
    void onThread(F&& task) {
        std::promise<void> done;
        boost::asio::post(m_io, [&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    Tcp::endpoint m_to;
    boost::asio::io_context m_io{1};
    Tcp::acceptor m_acceptor{m_io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    std::uint16_t m_port = m_acceptor.local_endpoint().port();
    std::list<std::shared_ptr<Pair>> m_pairs;
    bool m_isHeldUp = false;
    std::vector<std::function<void()>> m_heldUp;
    std::atomic<bool> m_isSilent{false};
    std::atomic<std::size_t> m_connections{0};
    std::atomic<std::uint64_t> m_bytesToServer{0};
    std::thread m_thread;
};

} // namespace tallylock::test
