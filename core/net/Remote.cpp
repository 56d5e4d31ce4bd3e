#include "core/net/Remote.h"

#include "core/base/EnumNames.h"
#include "core/base/Once.h"
#include "core/net/RemoteCore.h"
#include "core/net/RemoteFiles.h"
#include "core/net/RemotePeers.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <cassert>

namespace tallylock::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using ports::LinkError;

static std::chrono::milliseconds span(std::int64_t spanMs) { return std::chrono::milliseconds(spanMs); }

const char* nameOf(RemoteState state) {
    static constexpr const char* kNames[] = {"connecting", "connected", "unreachable", "other-server", "refused"};
    return nameFrom(kNames, state);
}

// --- life ----------------------------------------------------------------------------------------------------------

Remote::Core::Core(RemoteOptions options, std::function<void(const RemoteStatus&)> changed)
    : m_options(std::move(options)),
      m_changed(std::move(changed)),
      m_tls(clientTls(m_options.talkVersion)),
      m_places{{m_options.host, m_options.port}},
      m_pauseMs(m_options.firstPauseMs) {
    m_places.insert(m_places.end(), m_options.others.begin(), m_options.others.end());
}

void Remote::Core::run() {
    asio::post(m_io, [this] { connect(); });
    m_thread = std::thread([this] {
        const auto guard = asio::make_work_guard(m_io);
        m_io.run();
    });
}

void Remote::Core::stop() {
    asio::post(m_io, [this] {
        m_isStopping = true;
        ++m_attempt;
        if (const auto channel = std::exchange(m_channel, nullptr)) channel->end();
        dropQuestions();
        for (const auto& [number, flow] : std::exchange(m_flows, {})) {
            const std::lock_guard lock(flow->mutex);
            flow->onItem = nullptr;
        }
        dropSeats();
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_news.notify_all();
        asio::post(m_io, [this] { m_io.stop(); }); // behind all that was posted
    });
    m_thread.join();
}

bool Remote::Core::post(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    if (m_isOver) return false;
    asio::post(m_io, std::move(task));
    return true;
}

RemoteStatus Remote::Core::status() const {
    const std::lock_guard lock(m_mutex);
    return m_status;
}

void Remote::Core::setStatus(RemoteStatus status) {
    {
        const std::lock_guard lock(m_mutex);
        m_status = status;
    }
    m_news.notify_all();
    if (m_changed) m_changed(status);
}

bool Remote::Core::waitForConnection(std::int64_t withinMs) {
    std::unique_lock lock(m_mutex);
    return m_news.wait_for(lock, span(withinMs), [this] {
        return m_isOver || m_status.state == RemoteState::Connected;
    }) && !m_isOver;
}

// --- the connection --------------------------------------------------------------------------------------------------

void Remote::Core::connect() {
    if (m_isStopping) return;
    const std::uint64_t attempt = ++m_attempt;
    m_isLoggedIn = false;
    m_server.reset();
    m_limit.expires_after(span(m_options.connectMs));
    m_limit.async_wait([this, attempt](boost::system::error_code failure) {
        if (!failure && attempt == m_attempt && !m_isLoggedIn) lose(RemoteState::Unreachable, "no answer in time");
    });
    const RemotePlace& place = m_places[m_place];
    m_resolver.async_resolve(
        place.host, std::to_string(place.port),
        [this, attempt](boost::system::error_code failure, const tcp::resolver::results_type& places) {
            if (attempt != m_attempt) return;
            if (failure) return lose(RemoteState::Unreachable, failure.message());
            connectTo(places);
        });
}

void Remote::Core::connectTo(const tcp::resolver::results_type& places) {
    m_socket = tcp::socket(m_io);
    asio::async_connect(
        m_socket, places, [this, attempt = m_attempt](boost::system::error_code failure, const tcp::endpoint&) {
            if (attempt != m_attempt) return;
            if (failure) return lose(RemoteState::Unreachable, failure.message());
            m_channel = std::make_shared<Channel>(std::move(m_socket), *m_tls, false, wire::kMostToClient,
                                                  static_cast<Channel::Owner&>(*this));
            m_channel->start();
        });
}

void Remote::Core::opened(const Hash& binding) { m_binding = binding; }

void Remote::Core::received(ByteView bytes) {
    auto message = decodeCbor<wire::ToClient>(bytes);
    if (!message) return lose(RemoteState::Refused, "the server says what we do not understand");
    const bool isEarly = !m_server && !std::holds_alternative<wire::Greeting>(*message) &&
                         !std::holds_alternative<wire::Goodbye>(*message);
    if (isEarly) return lose(RemoteState::OtherServer, "it has not said who it is");
    std::visit([this](auto& body) { on(body); }, *message);
}

void Remote::Core::on(const wire::Greeting& message) {
    if (m_server) return lose(RemoteState::Refused, "it says twice who it is");
    if (message.version != wire::kConnectionVersion) return lose(RemoteState::Refused, "another version");
    if (!crypto::verify(message.identity, "server", wire::ServerNote{message.identity, m_binding}, message.signature))
        return lose(RemoteState::OtherServer, "it cannot prove who it is");
    m_server = message.identity;
    if (m_options.server != message.identity) {
        return lose(RemoteState::OtherServer, m_options.server ? "it is another server than is pinned" : "not pinned");
    }
    const keys::Identity& self = *m_options.self;
    const wire::ClientNote note{self.key(), message.identity, m_binding};
    send(wire::Login{wire::kConnectionVersion, self.key(), self.sign("client", note)});
}

void Remote::Core::on(wire::LoggedIn& message) {
    if (m_isLoggedIn) return lose(RemoteState::Refused, "it lets us in twice");
    m_isLoggedIn = true;
    m_limit.cancel();
    m_pauseMs = m_options.firstPauseMs;
    m_received = m_channel->received();
    m_receivedMs = Channel::nowMs();
    setStatus({RemoteState::Connected, {}, m_server, std::move(message.places), message.isPractice});
    m_relays = message.relays.value_or(false);
    for (const auto& [number, flow] : m_flows) say(flow, number);
    sayWhoServes();
    watch();
}

void Remote::Core::on(const wire::Goodbye& message) { lose(RemoteState::Refused, wire::nameOf(message.why)); }

void Remote::Core::ended(const std::string& reason) { lose(RemoteState::Unreachable, reason); }

/// Whatever had been asked may have been done or not.
void Remote::Core::lose(RemoteState state, const std::string& reason) {
    ++m_attempt;
    m_limit.cancel();
    m_watch.cancel();
    boost::system::error_code ignored;
    m_socket.close(ignored);
    if (const auto channel = std::exchange(m_channel, nullptr)) channel->end();
    const bool wasIn = std::exchange(m_isLoggedIn, false);
    if (m_isStopping) return;
    if (wasIn) {
        m_tried = 0; // it may be back in a moment
    } else {
        ++m_tried;
        m_place = (m_place + 1) % m_places.size();
    }
    const bool isRoundOver = m_tried == m_places.size();
    setStatus({wasIn || isRoundOver ? state : RemoteState::Connecting, reason, m_server});
    dropQuestions();
    connectLater(isRoundOver);
}

/// The pauses grow from round to round, not from place to place.
void Remote::Core::connectLater(bool isRoundOver) {
    m_again.expires_after(span(isRoundOver ? m_pauseMs : m_options.firstPauseMs));
    if (isRoundOver) {
        m_tried = 0;
        m_pauseMs = std::min(m_pauseMs * 2, m_options.lastPauseMs);
    }
    m_again.async_wait([this](boost::system::error_code failure) {
        if (!failure) connect();
    });
}

/// A connection whose other end has vanished says nothing: we ask, and then give it up.
void Remote::Core::watch() {
    m_watch.expires_after(span(std::max<std::int64_t>(m_options.pingMs / 4, 1)));
    m_watch.async_wait([this, attempt = m_attempt](boost::system::error_code failure) {
        if (failure || attempt != m_attempt || !m_channel) return;
        const std::int64_t now = Channel::nowMs();
        if (m_channel->received() != m_received) {
            m_received = m_channel->received();
            m_receivedMs = now;
        } else if (now - m_receivedMs > m_options.silenceMs) {
            return lose(RemoteState::Unreachable, "it has fallen silent");
        } else if (now - m_receivedMs > m_options.pingMs && m_channel->waiting() == 0) {
            send(wire::Ping{});
        }
        watch();
    });
}

void Remote::Core::dropQuestions() {
    for (const auto& [number, done] : std::exchange(m_questions, {})) done(Err(LinkError::Closed));
    for (const auto& [number, done] : std::exchange(m_fileQuestions, {})) done(std::nullopt);
}

// --- questions -------------------------------------------------------------------------------------------------------

void Remote::Core::ask(Bytes frame, Answered done) {
    if (frame.size() > wire::kMostToServer - kAround) return done(Err(LinkError::TooLarge));
    const auto shared = std::make_shared<Bytes>(std::move(frame));
    put([shared](std::uint64_t number) { return wire::Ask{number, {std::move(*shared)}}; }, false, std::move(done));
}

void Remote::Core::put(std::function<wire::ToServer(std::uint64_t)> make, bool isToPeer, Answered done) {
    using Outcome = Result<Bytes, LinkError>;
    // Also when the thread has ended, and takes no task any more.
    const auto reply = std::make_shared<Once<Outcome>>(std::move(done), Outcome(Err(LinkError::Closed)));
    (void)post([this, make = std::move(make), isToPeer, reply] {
        if (!m_isLoggedIn || (isToPeer && !m_relays)) return (*reply)(Err(LinkError::Closed));
        if (m_channel->waiting() > kMostUnsent) return (*reply)(Err(LinkError::Busy));
        const std::uint64_t number = ++m_number;
        m_questions[number] = [reply](Outcome outcome) { (*reply)(std::move(outcome)); };
        send(make(number));
    });
}

void Remote::Core::on(wire::Answered& message) {
    auto found = m_questions.extract(message.number);
    if (!found.empty()) found.mapped()(std::move(message.frame.bytes));
}

void Remote::Core::on(const wire::NotAnswered& message) {
    auto found = m_questions.extract(message.number);
    if (!found.empty()) found.mapped()(Err(static_cast<LinkError>(message.why)));
}

void Remote::Core::askFile(std::function<wire::ToServer(std::uint64_t)> make, std::function<void(FileAnswer)> done) {
    const auto reply = std::make_shared<Once<FileAnswer>>(std::move(done), std::nullopt);
    (void)post([this, make = std::move(make), reply] {
        if (!m_isLoggedIn) return (*reply)(std::nullopt);
        const std::uint64_t number = ++m_number;
        m_fileQuestions[number] = [reply](FileAnswer answer) { (*reply)(std::move(answer)); };
        send(make(number));
    });
}

template <class Message>
void Remote::Core::fileAnswer(std::uint64_t number, Message message) {
    auto found = m_fileQuestions.extract(number);
    if (!found.empty()) found.mapped()(FileAnswer(std::move(message)));
}

// --- streams ---------------------------------------------------------------------------------------------------------

class Remote::Core::Handle final : public ports::Subscription {
public:
    Handle(std::shared_ptr<Core> core, std::shared_ptr<Flow> flow) : m_core(std::move(core)), m_flow(std::move(flow)) {}
    ~Handle() override {
        {
            const std::lock_guard lock(m_flow->mutex);
            m_flow->onItem = nullptr;
        }
        (void)m_core->post([core = m_core.get(), flow = m_flow] {
            for (auto at = core->m_flows.begin(); at != core->m_flows.end(); ++at) {
                if (at->second != flow) continue;
                if (core->m_isLoggedIn) core->send(wire::Unfollow{at->first});
                core->m_flows.erase(at);
                return;
            }
        });
    }

private:
    std::shared_ptr<Core> m_core;
    std::shared_ptr<Flow> m_flow;
};

std::unique_ptr<ports::Subscription> Remote::Core::follow(ports::Link::Stream stream, std::uint64_t cursor,
                                                          OnItem onItem) {
    const auto flow = std::make_shared<Flow>();
    flow->onItem = std::move(onItem);
    flow->stream = stream;
    flow->cursor = cursor;
    (void)post([this, flow] {
        if (m_isStopping) return;
        const std::uint64_t number = ++m_number;
        m_flows[number] = flow;
        if (m_isLoggedIn) say(flow, number);
    });
    return std::make_unique<Handle>(shared_from_this(), flow);
}

void Remote::Core::say(const std::shared_ptr<Flow>& flow, std::uint64_t number) {
    const std::uint8_t stream = flow->stream == ports::Link::Stream::Public ? 0 : 1;
    send(wire::Follow{number, stream, flow->cursor});
}

void Remote::Core::on(const wire::Followed& message) {
    const auto found = m_flows.find(message.number);
    if (found == m_flows.end()) return; // let go meanwhile
    const auto flow = found->second;
    if (message.item.position <= flow->cursor) return;
    flow->cursor = message.item.position;
    const std::lock_guard lock(flow->mutex);
    if (flow->onItem) flow->onItem(message.item);
}

// --- what others see
// ---------------------------------------------------------------------------------------------------

namespace {
class RemoteLink final : public ports::Link {
public:
    explicit RemoteLink(std::shared_ptr<Remote::Core> core) : m_core(std::move(core)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) override {
        m_core->ask(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        return m_core->follow(stream, cursor, std::move(onItem));
    }

private:
    std::shared_ptr<Remote::Core> m_core;
};
} // namespace

Remote::Remote(RemoteOptions options, std::function<void(const RemoteStatus&)> changed)
    : m_core(std::make_shared<Core>(std::move(options), std::move(changed))) {
    assert(m_core);
    m_core->run();
}
Remote::~Remote() { m_core->stop(); }

std::unique_ptr<ports::Link> Remote::link() const { return std::make_unique<RemoteLink>(m_core); }
std::shared_ptr<ports::FileStore> Remote::files() const { return std::make_shared<RemoteFiles>(m_core); }
std::unique_ptr<ports::Peers> Remote::peers() const { return std::make_unique<RemotePeers>(m_core); }
RemoteStatus Remote::status() const { return m_core->status(); }

} // namespace tallylock::net
