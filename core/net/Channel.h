// One connection: TLS over a socket, and messages with four bytes of length in front. Both ends use it.
//
// Memory: an idle one holds no buffers but those of TLS itself. What is to be sent waits in one buffer, whose size the
// owner watches; what is read is handed on at once, and not read while the owner pauses, so that the other side's
// writing stops by TCP's own means.
//
// Thread: that of its io_context, which is run by one thread.
#pragma once

#include "core/base/Bytes.h"
#include "core/net/Cutter.h"
#include "core/net/Tls.h"

#include <boost/asio/ip/tcp.hpp>
#include <functional>

namespace tallylock::net {

class Channel : public std::enable_shared_from_this<Channel> {
public:
    using Socket = boost::asio::ip::tcp::socket;

    /// Milliseconds that never go back.
    static std::int64_t nowMs();
    /// Its owner's answers to what happens. None is called after end(), or out of a call of the owner's own.
    struct Owner {
        virtual ~Owner() = default;
        virtual void opened(const Hash& binding) = 0; ///< the handshake is done
        virtual void received(ByteView message) = 0;
        virtual void drained() = 0;                        ///< all that was to be sent is with the system
        virtual void ended(const std::string& reason) = 0; ///< by the other side, or by a fault
    };

    /// The owner outlives it, or ends it before. `mostBytes`: of one message that is received.
    Channel(Socket socket, ssl_ctx_st& context, bool isServer, std::size_t mostBytes, Owner& owner);

    void start();
    void send(ByteView message);
    /// Bytes that wait to be sent.
    std::size_t waiting() const { return m_out.size() - m_sent; }
    void pause(bool pauses);
    /// Sends what waits as far as it goes at once, and closes. Twice: no effect.
    void end();
    bool isOver() const { return m_isOver; }
    /// Of the talk, once it is open.
    std::uint64_t version() const { return talkVersionOf(*m_tls); }
    // Bytes so far: whoever watches sees whether anything moves, or comes.
    std::uint64_t moved() const { return m_received + m_sentAll; }
    std::uint64_t received() const { return m_received; }

private:
    static constexpr std::size_t kChunk = std::size_t{64} << 10;
    static constexpr int kMessagesATurn = 64; ///< then others have theirs

    void turn();
    bool shake();
    void read();
    void write();
    void awaitRead();
    void awaitWrite();
    void scheduleTurn();
    void fail(const std::string& reason);

    Socket m_socket;
    Tls m_tls;
    Cutter m_cutter;
    Owner* m_owner;
    Bytes m_out; ///< from m_sent on it is to be sent
    std::size_t m_sent = 0;
    std::uint64_t m_received = 0;
    std::uint64_t m_sentAll = 0;
    int m_left = 0; ///< messages of this turn
    bool m_isOpen = false;
    bool m_isOver = false;
    bool m_isPaused = false;
    bool m_hasRest = false; ///< there may be whole messages in what has come already
    bool m_isReading = false;
    bool m_isWriting = false;
    bool m_isScheduled = false;
};

} // namespace tallylock::net
