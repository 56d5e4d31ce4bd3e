#include "core/net/Channel.h"

#include "core/base/Clock.h"

#include <boost/asio/post.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tallylock::net {

namespace {
constexpr std::size_t kKeptBytes = 4096; ///< of a buffer that has become empty

void empty(Bytes& buffer) {
    buffer.clear();
    if (buffer.capacity() > kKeptBytes) Bytes().swap(buffer);
}

std::string tlsError() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason ? reason : "the connection was closed";
}
} // namespace

Channel::Channel(Socket socket, ssl_ctx_st& context, bool isServer, std::size_t mostBytes, Owner& owner)
    : m_socket(std::move(socket)),
      m_tls(tlsOver(context, m_socket.native_handle(), isServer)),
      m_cutter(mostBytes),
      m_owner(&owner) {}

std::int64_t Channel::nowMs() { return SystemClock().steadyMs(); }

void Channel::start() {
    boost::system::error_code failure;
    m_socket.non_blocking(true, failure);
    if (!failure) m_socket.set_option(boost::asio::ip::tcp::no_delay(true), failure);
    if (failure) return fail(failure.message());
    scheduleTurn();
}

void Channel::send(ByteView message) {
    if (m_isOver) return;
    const std::size_t size = message.size();
    const std::uint8_t length[Cutter::kLengthBytes] = {
        static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16),
        static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
    append(m_out, length);
    append(m_out, message);
    if (m_isOpen) scheduleTurn(); // all of this turn's go together
}

void Channel::pause(bool pauses) {
    if (m_isPaused == pauses) return;
    m_isPaused = pauses;
    if (!pauses) scheduleTurn();
}

void Channel::end() {
    if (m_isOver) return;
    m_owner = nullptr;
    if (m_isOpen) write();
    if (m_isOver) return; // that has failed
    if (m_isOpen) {
        SSL_shutdown(m_tls.get());
        ERR_clear_error();
    }
    m_isOver = true;
    boost::system::error_code ignored;
    m_socket.close(ignored);
}

void Channel::fail(const std::string& reason) {
    if (m_isOver) return;
    m_isOver = true;
    boost::system::error_code ignored;
    m_socket.close(ignored);
    Owner* owner = std::exchange(m_owner, nullptr);
    if (owner) owner->ended(reason);
}

/// Whatever is possible now.
void Channel::turn() {
    const auto self = shared_from_this(); // the owner may let go
    if (m_isOver || (!m_isOpen && !shake())) return;
    m_left = kMessagesATurn;
    write();
    read();
    if (!m_isOver) write(); // what the messages have led to
}

bool Channel::shake() {
    const int done = SSL_do_handshake(m_tls.get());
    if (done == 1) {
        m_isOpen = true;
        m_owner->opened(bindingOf(*m_tls));
        return !m_isOver;
    }
    switch (SSL_get_error(m_tls.get(), done)) {
    case SSL_ERROR_WANT_READ: awaitRead(); break;
    case SSL_ERROR_WANT_WRITE: awaitWrite(); break;
    default: fail(tlsError());
    }
    return false;
}

void Channel::read() {
    static thread_local Bytes chunk(kChunk);
    while (!m_isOver && !m_isPaused) {
        if (m_left <= 0) return scheduleTurn();
        std::size_t got = 0;
        if (!std::exchange(m_hasRest, false)) {
            const int done = SSL_read_ex(m_tls.get(), chunk.data(), chunk.size(), &got);
            if (done != 1) {
                switch (SSL_get_error(m_tls.get(), done)) {
                case SSL_ERROR_WANT_READ: return awaitRead();
                case SSL_ERROR_WANT_WRITE: return awaitWrite();
                default: return fail(tlsError());
                }
            }
            m_received += got;
        }
        const bool isSound = m_cutter.feed(ByteView(chunk).first(got), [this](ByteView message) {
            --m_left;
            m_owner->received(message);
            m_hasRest = m_isPaused || m_left <= 0; // perhaps
            return !m_isOver && !m_hasRest;
        });
        if (!isSound) return fail("a message that is too long or empty");
    }
}

void Channel::write() {
    while (!m_isOver && m_sent < m_out.size()) {
        std::size_t sent = 0;
        const std::size_t size = std::min(m_out.size() - m_sent, kChunk);
        const int done = SSL_write_ex(m_tls.get(), m_out.data() + m_sent, size, &sent);
        if (done != 1) {
            switch (SSL_get_error(m_tls.get(), done)) {
            case SSL_ERROR_WANT_READ: return awaitRead();
            case SSL_ERROR_WANT_WRITE: break;
            default: return fail(tlsError());
            }
            if (m_sent > m_out.size() / 2) { // what is sent makes room
                m_out.erase(m_out.begin(), m_out.begin() + static_cast<std::ptrdiff_t>(m_sent));
                m_sent = 0;
            }
            return awaitWrite();
        }
        m_sent += sent;
        m_sentAll += sent;
    }
    if (m_isOver || m_out.empty()) return;
    empty(m_out);
    m_sent = 0;
    if (m_owner) m_owner->drained();
}

void Channel::awaitRead() {
    if (std::exchange(m_isReading, true)) return;
    m_socket.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code failure) {
        self->m_isReading = false;
        if (!failure) self->turn();
    });
}

void Channel::awaitWrite() {
    if (std::exchange(m_isWriting, true)) return;
    m_socket.async_wait(Socket::wait_write, [self = shared_from_this()](boost::system::error_code failure) {
        self->m_isWriting = false;
        if (!failure) self->turn();
    });
}

void Channel::scheduleTurn() {
    if (m_isOver || std::exchange(m_isScheduled, true)) return;
    boost::asio::post(m_socket.get_executor(), [self = shared_from_this()] {
        self->m_isScheduled = false;
        self->turn();
    });
}

} // namespace tallylock::net
