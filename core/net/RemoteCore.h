// The network thread of a Remote.
#pragma once

#include "core/net/Channel.h"
#include "core/net/Remote.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace tallylock::net {

/// What the server says about a file, or nothing: the connection has ended.
using FileAnswer = std::optional<std::variant<wire::FileState, wire::FilePiece, wire::FileNotDone>>;

class Remote::Core final : public std::enable_shared_from_this<Core>, private Channel::Owner {
public:
    Core(RemoteOptions options, std::function<void(const RemoteStatus&)> changed);
    ~Core() override = default;
    void run();
    void stop();
    RemoteStatus status() const;

    // Any thread.
    /// False when it has stopped, and runs nothing more. What is posted before is run.
    bool post(std::function<void()> task);
    using Answered = std::function<void(Result<Bytes, ports::LinkError>)>;
    void ask(Bytes frame, Answered done);
    using OnItem = std::function<void(const wire::StreamItem&)>;
    std::unique_ptr<ports::Subscription> follow(ports::Link::Stream stream, std::uint64_t cursor, OnItem onItem);
    /// `make` gives the message for a number. `done` is called on the network thread, or at once if there is no
    /// connection.
    void askFile(std::function<wire::ToServer(std::uint64_t number)> make, std::function<void(FileAnswer)> done);
    /// False if there is none within this time.
    bool waitForConnection(std::int64_t withinMs);
    // RemotePeers.cpp
    void askPeer(const IdentityKey& to, Bytes question, Answered done);
    std::unique_ptr<ports::Subscription> serve(ports::Peers::Answerer answerer);

private:
    struct Flow {
        std::recursive_mutex
            mutex;     ///< held while the follower is told: whoever lets go waits, and may do it from there
        OnItem onItem; ///< none: let go
        ports::Link::Stream stream{};
        std::uint64_t cursor = 0;
    };
    class Handle;
    /// One who answers others, of those in this process.
    struct Seat {
        std::recursive_mutex mutex; ///< held while it is asked: whoever leaves waits, and may do it from there
        ports::Peers::Answerer answerer;
    };
    class Served;
    static constexpr std::size_t kMostUnsent = std::size_t{16} << 20;
    static constexpr std::size_t kMostAnswersUnsent = std::size_t{4} << 20; ///< to others: then we are busy
    static constexpr std::size_t kAround = 64;                              ///< bytes of a message around its frame

    // Channel::Owner
    void opened(const Hash& binding) override;
    void received(ByteView message) override;
    void drained() override {}
    void ended(const std::string& reason) override;

    void on(const wire::Greeting& message);
    void on(wire::LoggedIn& message);
    void on(wire::Answered& message);
    void on(const wire::NotAnswered& message);
    void on(const wire::Followed& message);
    void on(wire::PeerAsked& message);
    void on(wire::FileState& message) { fileAnswer(message.number, std::move(message)); }
    void on(wire::FilePiece& message) { fileAnswer(message.number, std::move(message)); }
    void on(wire::FileNotDone& message) { fileAnswer(message.number, std::move(message)); }
    void on(const wire::Pong&) {}
    void on(const wire::Goodbye& message);
    template <class Message>
    void fileAnswer(std::uint64_t number, Message message);

    void connect();
    void connectTo(const boost::asio::ip::tcp::resolver::results_type& places);
    void lose(RemoteState state, const std::string& reason);
    void connectLater(bool isRoundOver);
    void watch();
    void send(const wire::ToServer& message) { m_channel->send(encodeCbor(message)); }
    void say(const std::shared_ptr<Flow>& flow, std::uint64_t number);
    void setStatus(RemoteStatus status);
    void dropQuestions();
    /// Asks something: of the server, or of somebody else through it.
    void put(std::function<wire::ToServer(std::uint64_t number)> make, bool isToPeer, Answered done);
    void sayWhoServes();
    void dropSeats();
    void answerPeer(std::uint64_t number, Result<Bytes, ports::LinkError> answer);

    RemoteOptions m_options;
    std::function<void(const RemoteStatus&)> m_changed;
    TlsContext m_tls;
    boost::asio::io_context m_io{1};
    boost::asio::ip::tcp::resolver m_resolver{m_io};
    boost::asio::ip::tcp::socket m_socket{m_io}; ///< while it connects
    boost::asio::steady_timer m_again{m_io};
    boost::asio::steady_timer m_limit{m_io};
    boost::asio::steady_timer m_watch{m_io};
    // On the network thread.
    std::shared_ptr<Channel> m_channel; ///< null: none
    Hash m_binding;
    std::optional<IdentityKey> m_server; ///< who has proved to be there
    std::uint64_t m_attempt = 0;
    std::vector<RemotePlace> m_places; ///< never empty
    std::size_t m_place = 0;           ///< which of them is tried, or has let us in
    std::size_t m_tried = 0;           ///< in this round, without success
    std::int64_t m_pauseMs;
    std::uint64_t m_received = 0;
    std::int64_t m_receivedMs = 0;
    bool m_isLoggedIn = false;
    bool m_isStopping = false;
    std::map<std::uint64_t, Answered> m_questions;
    std::map<std::uint64_t, std::function<void(FileAnswer)>> m_fileQuestions;
    std::map<std::uint64_t, std::shared_ptr<Flow>> m_flows;
    std::map<std::uint64_t, std::shared_ptr<Seat>> m_seats; ///< the newest last
    bool m_relays = false;                                  ///< this server, on this connection
    std::uint64_t m_number = 0;
    // For others.
    mutable std::mutex m_mutex;
    std::condition_variable m_news;
    RemoteStatus m_status;
    bool m_isOver = false; ///< nothing more is posted
    std::thread m_thread;
};

} // namespace tallylock::net
