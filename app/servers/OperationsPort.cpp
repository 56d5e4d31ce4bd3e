#include "app/servers/OperationsPort.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cmath>
#include <thread>

namespace tallylock::app {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t kMostHeaderBytes = 8192;
constexpr std::chrono::seconds kPatience{10};

std::string textOf(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15) return std::to_string(static_cast<long long>(value));
    return std::to_string(value);
}

/// One question and its answer; then the connection is closed.
class Question : public std::enable_shared_from_this<Question> {
public:
    Question(tcp::socket socket, const OperationsQuestions& questions)
        : m_stream(std::move(socket)),
          m_questions(questions) {}
    void start() {
        m_stream.expires_after(kPatience);
        m_parser.header_limit(kMostHeaderBytes);
        m_parser.body_limit(0);
        http::async_read(m_stream, m_buffer, m_parser, [self = shared_from_this()](beast::error_code failure, auto) {
            if (!failure) self->answer();
        });
    }

private:
    void answer() {
        const auto& asked = m_parser.get();
        m_answer.version(asked.version());
        m_answer.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
        m_answer.keep_alive(false);
        if (asked.method() != http::verb::get) {
            m_answer.result(http::status::method_not_allowed);
        } else if (asked.target() == "/healthz") {
            const auto trouble = m_questions.trouble();
            m_answer.result(trouble ? http::status::service_unavailable : http::status::ok);
            m_answer.body() = (trouble ? *trouble : m_questions.role()) + "\n";
        } else if (asked.target() == "/metrics") {
            for (const Metric& metric : m_questions.metrics()) {
                m_answer.body() += std::string("# HELP ") + metric.name + " " + metric.help + "\n# TYPE " +
                                   metric.name + (metric.isCounter ? " counter\n" : " gauge\n") + metric.name + " " +
                                   textOf(metric.value) + "\n";
            }
        } else {
            m_answer.result(http::status::not_found);
            m_answer.body() = "There are /healthz and /metrics.\n";
        }
        m_answer.prepare_payload();
        http::async_write(m_stream, m_answer, [self = shared_from_this()](beast::error_code, std::size_t) {
            beast::error_code ignored;
            self->m_stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        });
    }

    beast::tcp_stream m_stream;
    const OperationsQuestions& m_questions;
    beast::flat_buffer m_buffer{kMostHeaderBytes};
    http::request_parser<http::empty_body> m_parser;
    http::response<http::string_body> m_answer;
};

} // namespace

static constexpr std::chrono::milliseconds kPause{100}; ///< behind a connection that could not be taken

class OperationsPort::Core {
public:
    explicit Core(OperationsQuestions questions) : m_questions(std::move(questions)) {}
    ~Core() {
        m_io.stop();
        if (m_thread.joinable()) m_thread.join();
    }
    std::optional<std::string> open(const NetworkPlace& place) {
        boost::system::error_code failure;
        const auto address = asio::ip::make_address(place.host, failure);
        if (failure || !address.is_loopback()) return place.text() + " is no address of this machine alone";
        const tcp::endpoint end(address, place.port);
        m_acceptor.open(end.protocol(), failure);
        if (!failure) m_acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) m_acceptor.bind(end, failure);
        if (!failure) m_acceptor.listen(16, failure);
        if (failure) return place.text() + ": " + failure.message();
        port = m_acceptor.local_endpoint().port();
        accept();
        m_thread = std::thread([this] { m_io.run(); });
        return std::nullopt;
    }
    std::uint16_t port = 0;

private:
    void accept() {
        m_acceptor.async_accept([this](boost::system::error_code failure, tcp::socket socket) {
            if (!failure) {
                std::make_shared<Question>(std::move(socket), m_questions)->start();
                return accept();
            }
            m_pause.expires_after(kPause); // such as while there are no more descriptors
            m_pause.async_wait([this](boost::system::error_code ended) {
                if (!ended) accept();
            });
        });
    }
    OperationsQuestions m_questions;
    asio::io_context m_io{1};
    tcp::acceptor m_acceptor{m_io};
    asio::steady_timer m_pause{m_io};
    std::thread m_thread;
};

OperationsPort::OperationsPort(std::unique_ptr<Core> core) : m_core(std::move(core)) {}
OperationsPort::~OperationsPort() = default;
std::uint16_t OperationsPort::port() const { return m_core->port; }

Result<std::unique_ptr<OperationsPort>, std::string> OperationsPort::start(const NetworkPlace& place,
                                                                           OperationsQuestions questions) {
    auto core = std::make_unique<Core>(std::move(questions));
    if (auto failure = core->open(place)) return Err(std::move(*failure));
    return std::unique_ptr<OperationsPort>(new OperationsPort(std::move(core)));
}

} // namespace tallylock::app
