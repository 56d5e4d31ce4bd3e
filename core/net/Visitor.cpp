#include "core/net/Visitor.h"

#include "core/ports/Peer.h"

namespace tallylock::net {

using wire::Farewell;

static constexpr std::size_t kWindow = std::size_t{256} << 10;   ///< bytes of streams that wait in the channel
static constexpr std::size_t kMostUnsent = std::size_t{4} << 20; ///< of answers: then no more is read
static constexpr std::size_t kMostKept = std::size_t{64} << 20;  ///< of answers to what was read before: then it ends

Visitor::~Visitor() { finish(); }

void Visitor::start(Channel::Socket socket, ssl_ctx_st& tls) {
    m_startedMs = m_movedMs = Channel::nowMs();
    m_channel = std::make_shared<Channel>(std::move(socket), tls, true, wire::kMostToServer,
                                          static_cast<Channel::Owner&>(*this));
    m_channel->start();
}

void Visitor::opened(const Hash& binding) {
    m_binding = binding;
    const keys::Identity& own = m_host.identity();
    send(wire::Greeting{wire::kConnectionVersion, own.key(), own.sign("server", wire::ServerNote{own.key(), binding})});
}

void Visitor::received(ByteView bytes) {
    auto message = decodeCbor<wire::ToServer>(bytes);
    if (!message) return dismiss(Farewell::Malformed);
    const bool logsIn = std::holds_alternative<wire::Login>(*message);
    if (logsIn == m_identity.has_value()) return dismiss(logsIn ? Farewell::Malformed : Farewell::LoginRefused);
    std::visit([this](auto& body) { on(body); }, *message);
}

void Visitor::on(wire::Login& message) {
    if (message.version != wire::kConnectionVersion) return dismiss(Farewell::UnknownVersion);
    const wire::ClientNote note{message.identity, m_host.identity().key(), m_binding};
    if (!crypto::verify(message.identity, "client", note, message.signature)) return dismiss(Farewell::LoginRefused);
    m_identity = message.identity;
    m_link = m_host.service().connect(*m_identity);
    wire::LoggedIn in{m_host.service().places, m_host.service().isPractice};
    if (m_channel->version() >= 2) in.relays = m_host.relay().isThere();
    send(in);
}

void Visitor::on(wire::Ask& message) {
    m_host.counted(VisitorHost::What::Ask);
    ++m_unanswered;
    ++m_asksThisSecond;
    showPressure();
    m_link->request(std::move(message.frame.bytes),
                    [watch = weak_from_this(), number = message.number](Result<Bytes, ports::LinkError> answer) {
                        const auto self = watch.lock();
                        if (!self) return;
                        wire::ToClient said;
                        if (answer && answer->size() <= wire::kMostToClient - 64) {
                            said = wire::Answered{number, {std::move(*answer)}};
                        } else if (answer) {
                            said = wire::NotAnswered{number, wire::NoAnswer::TooLarge};
                        } else {
                            said = wire::NotAnswered{number, static_cast<wire::NoAnswer>(answer.error())};
                        }
                        self->answerLater(encodeCbor(said));
                    });
}
static_assert(static_cast<int>(wire::NoAnswer::Closed) == static_cast<int>(ports::LinkError::Closed));
static_assert(static_cast<int>(wire::NoAnswer::Busy) == static_cast<int>(ports::LinkError::Busy));
static_assert(static_cast<int>(wire::NoAnswer::TooLarge) == static_cast<int>(ports::LinkError::TooLarge));

void Visitor::on(wire::Follow& message) {
    const bool known = m_taps.find(message.number) != m_taps.end();
    if (known || message.stream > 1 || m_taps.size() >= m_host.limits().followsAtOnce)
        return dismiss(Farewell::Malformed);
    ++m_asksThisSecond;
    showPressure();
    const auto stream = message.stream == 0 ? ports::Link::Stream::Public : ports::Link::Stream::Own;
    m_taps[message.number] = std::make_unique<StreamTap>(*m_link, stream, message.cursor, m_host.limits().waitingBytes,
                                                         [watch = weak_from_this()] {
                                                             const auto self = watch.lock();
                                                             if (!self) return;
                                                             self->m_host.post([watch] {
                                                                 if (const auto there = watch.lock()) there->feed();
                                                             });
                                                         });
}

void Visitor::on(wire::Unfollow& message) { m_taps.erase(message.number); }

template <class FileMessage>
void Visitor::on(FileMessage& message) {
    ++m_unanswered;
    ++m_asksThisSecond;
    showPressure();
    m_host.files().ask(*m_identity, std::move(message), [watch = weak_from_this()](const FileDesk::Reply& reply) {
        const auto self = watch.lock();
        if (!self) return;
        self->answerLater(std::visit([](const auto& body) { return encodeCbor(wire::ToClient(body)); }, reply));
    });
}

// --- what clients ask each other -------------------------------------------------------------------------------------

bool Visitor::hasPeers() {
    if (m_channel->version() >= 2 && m_host.relay().isThere()) return true;
    dismiss(Farewell::Malformed);
    return false;
}

void Visitor::on(wire::PeerServe& message) {
    if (hasPeers() && !m_host.relay().serve(*this, *m_identity, message.number)) dismiss(Farewell::Malformed);
}

void Visitor::on(wire::PeerLeave& message) {
    if (hasPeers()) m_host.relay().leave(*this, message.number);
}

void Visitor::on(wire::PeerAsk& message) {
    if (!hasPeers()) return;
    if (message.question.size() > ports::kMostPeerQuestion) return dismiss(Farewell::Malformed);
    m_host.counted(VisitorHost::What::Ask);
    ++m_asksThisSecond;
    m_host.relay().ask(*this, *m_identity, std::move(message));
    showPressure();
}

void Visitor::on(wire::PeerAnswer& message) {
    if (hasPeers()) m_host.relay().answer(*this, message);
}

void Visitor::on(wire::PeerNoAnswer& message) {
    if (hasPeers()) m_host.relay().answer(*this, message);
}

void Visitor::tell(const wire::ToClient& message) {
    send(message);
    showPressure();
}

// --- what waits for this client --------------------------------------------------------------------------------------

/// Any thread.
void Visitor::answerLater(Bytes message) {
    {
        const std::lock_guard lock(m_mutex);
        m_answers.push_back(std::move(message));
        if (m_answers.size() > 1) return; // whoever was told of the first takes all
    }
    m_host.post([watch = weak_from_this()] {
        if (const auto self = watch.lock()) self->takeAnswers();
    });
}

void Visitor::takeAnswers() {
    std::vector<Bytes> answers;
    {
        const std::lock_guard lock(m_mutex);
        answers.swap(m_answers);
    }
    if (m_channel->isOver()) return;
    for (const Bytes& answer : answers) m_channel->send(answer);
    m_unanswered -= answers.size();
    if (m_channel->waiting() > kMostKept) return dismiss(Farewell::TooSlow);
    showPressure();
}

void Visitor::feed() {
    bool isMore = true;
    while (isMore && !m_channel->isOver()) {
        isMore = false;
        for (const auto& [number, tap] : m_taps) {
            const std::size_t room = m_channel->waiting() < kWindow ? kWindow - m_channel->waiting() : 0;
            for (wire::StreamItem& item : tap->take(room)) {
                m_host.counted(VisitorHost::What::Item);
                isMore = true;
                send(wire::Followed{number, std::move(item)});
            }
        }
    }
}

void Visitor::drained() {
    feed();
    showPressure();
}

/// Whoever asks more than is answered, or more than is fair, or does not read the answers, is not read for a while.
void Visitor::showPressure() {
    const Limits& limits = m_host.limits();
    m_channel->pause(m_unanswered >= limits.asksAtOnce || m_asksThisSecond >= limits.asksPerSecond ||
                     m_channel->waiting() > kMostUnsent);
}

void Visitor::send(const wire::ToClient& message) { m_channel->send(encodeCbor(message)); }

void Visitor::dismiss(Farewell why) {
    if (m_channel->isOver()) return;
    if (!m_identity) m_host.counted(VisitorHost::What::TurnedAway);
    send(wire::Goodbye{why});
    m_channel->end();
    finish();
}

void Visitor::ended(const std::string&) { finish(); }

void Visitor::watch(std::int64_t nowMs) {
    m_asksThisSecond = 0;
    showPressure();
    if (!m_identity && nowMs - m_startedMs > m_host.limits().loginMs) return dismiss(Farewell::TooSlow);
    if (m_channel->moved() != m_moved) {
        m_moved = m_channel->moved();
        m_movedMs = nowMs;
    } else if (nowMs - m_movedMs > m_host.limits().silenceMs) {
        dismiss(Farewell::TooSlow);
    }
}

/// The link ends with the connection, and with it whatever hangs on its session.
void Visitor::finish() {
    m_host.relay().left(*this);
    m_taps.clear();
    m_link.reset();
    if (const auto self = weak_from_this().lock()) m_host.left(self);
}

} // namespace tallylock::net
