// An HTTP server on loopback that gives the answers that it was told, one for each request, and remembers the requests:
// what no sound store says.
#pragma once

#include <boost/asio.hpp>

#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tallylock::test {

class ScriptedStore {
public:
    ScriptedStore() : m_thread([this] { run(); }) {}
    ~ScriptedStore() {
        m_isEnding = true;
        Tcp::socket knock(m_io);
        boost::system::error_code ignored;
        knock.connect(m_acceptor.local_endpoint(), ignored);
        m_thread.join();
    }
    std::uint16_t port() const { return m_acceptor.local_endpoint().port(); }
    /// The last answer is given again and again.
    void answers(std::vector<std::string> next) {
        const std::lock_guard lock(m_mutex);
        m_answers = std::move(next);
        m_requests.clear();
    }
    static std::string answer(const std::string& status, const std::string& body = {}, const std::string& more = {}) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
               "Connection: close\r\n\r\n" + body;
    }
    /// Their first lines and headers.
    std::vector<std::string> requests() {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    using Tcp = boost::asio::ip::tcp;
    void run() {
        while (!m_isEnding) {
            boost::system::error_code failure;
            Tcp::socket socket(m_io);
            m_acceptor.accept(socket, failure);
            if (failure || m_isEnding) return;
            std::string head;
            boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", failure);
            const std::string reply = take(head);
            boost::asio::write(socket, boost::asio::buffer(reply), failure);
            socket.shutdown(Tcp::socket::shutdown_send, failure);
            std::array<char, 4096> rest{}; // so that what was sent is not lost with an unread request
            while (!failure) socket.read_some(boost::asio::buffer(rest), failure);
        }
    }
    std::string take(const std::string& head) {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(head);
        if (m_answers.empty()) return {};
        std::string reply = m_answers.front();
        if (m_answers.size() > 1) m_answers.erase(m_answers.begin());
        return reply;
    }

    boost::asio::io_context m_io;
    Tcp::acceptor m_acceptor{m_io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
    std::atomic<bool> m_isEnding{false};
    std::mutex m_mutex;
    std::vector<std::string> m_answers;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};

} // namespace tallylock::test
