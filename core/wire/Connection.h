// What client and server say to each other on one connection: who they are, then the frames of a Link, the items of its
// streams and the portions of sealed files, and what clients ask each other. docs/decisions/connections.md.
//
// On the wire: four bytes of length, big-endian, then one message, encoded as a union. Both sides bound the length
// before they read on.
#pragma once

#include "core/wire/Frames.h"

namespace tallylock::wire {

inline constexpr std::uint64_t kConnectionVersion = 1; ///< of greeting and login, which everybody understands
/// Of what comes behind them: the newest that both ends know, agreed while TLS shakes hands. 1: no word of peers.
inline constexpr std::uint64_t kTalkVersion = 2;
inline constexpr std::size_t kMostToServer = std::size_t{3} << 19; ///< bytes of a message: a frame and what is around
inline constexpr std::size_t kMostToClient = std::size_t{16} << 20;
inline constexpr std::size_t kMostPiece = std::size_t{256} << 10; ///< bytes of a file in one message

/// A frame of a Link, which may be a little longer than other byte strings.
struct FrameBytes {
    Bytes bytes;
    bool operator==(const FrameBytes&) const = default;
};

/// What the server signs, label "server". `binding`: tls-exporter of RFC 9266, of this very connection.
struct ServerNote {
    IdentityKey server;
    Hash binding;
    static constexpr void fields(auto use) { use(field(1, &ServerNote::server), field(2, &ServerNote::binding)); }
};
/// What the client signs, label "client". It names the server, so that no other can pass it on.
struct ClientNote {
    IdentityKey client;
    IdentityKey server;
    Hash binding;
    static constexpr void fields(auto use) {
        use(field(1, &ClientNote::client), field(2, &ClientNote::server), field(3, &ClientNote::binding));
    }
};

// --- to the server -------------------------------------------------------------------------------------------------

/// The client's first message, once it has seen by Greeting that this is the server that it wants.
struct Login {
    static constexpr std::uint64_t kType = 1;
    std::uint64_t version = kConnectionVersion;
    IdentityKey identity;
    Signature signature; ///< of the ClientNote
    static constexpr void fields(auto use) {
        use(field(1, &Login::version), field(2, &Login::identity), field(3, &Login::signature));
    }
};
/// Answered by Answered or NotAnswered of the same number, in any order.
struct Ask {
    static constexpr std::uint64_t kType = 2;
    std::uint64_t number = 0;
    FrameBytes frame; ///< an encoded Request
    static constexpr void fields(auto use) { use(field(1, &Ask::number), field(2, &Ask::frame)); }
};
/// Items with position > cursor come as Followed, until Unfollow.
struct Follow {
    static constexpr std::uint64_t kType = 3;
    std::uint64_t number = 0;
    std::uint8_t stream = 0; ///< 0: public; 1: own
    std::uint64_t cursor = 0;
    static constexpr void fields(auto use) {
        use(field(1, &Follow::number), field(2, &Follow::stream), field(3, &Follow::cursor));
    }
};
struct Unfollow {
    static constexpr std::uint64_t kType = 4;
    std::uint64_t number = 0;
    static constexpr void fields(auto use) { use(field(1, &Unfollow::number)); }
};
/// Answered by FileState.
struct FileQuery {
    static constexpr std::uint64_t kType = 5;
    std::uint64_t number = 0;
    Hash root;
    static constexpr void fields(auto use) { use(field(1, &FileQuery::number), field(2, &FileQuery::root)); }
};
/// Answered by FilePiece: as much of it as there is.
struct FileRead {
    static constexpr std::uint64_t kType = 6;
    std::uint64_t number = 0;
    Hash root;
    std::uint64_t offset = 0;
    std::uint32_t size = 0; ///< at most kMostPiece
    static constexpr void fields(auto use) {
        use(field(1, &FileRead::number), field(2, &FileRead::root), field(3, &FileRead::offset),
            field(4, &FileRead::size));
    }
};
/// Answered by FileState: how much of it is there already from an earlier attempt of this identity.
struct FileBegin {
    static constexpr std::uint64_t kType = 7;
    std::uint64_t number = 0;
    Hash root;
    static constexpr void fields(auto use) { use(field(1, &FileBegin::number), field(2, &FileBegin::root)); }
};
/// Answered by FileState. Refused unless it begins where the file ends so far.
struct FileWrite {
    static constexpr std::uint64_t kType = 8;
    std::uint64_t number = 0;
    Hash root;
    std::uint64_t offset = 0;
    Bytes piece; ///< at most kMostPiece
    static constexpr void fields(auto use) {
        use(field(1, &FileWrite::number), field(2, &FileWrite::root), field(3, &FileWrite::offset),
            field(4, &FileWrite::piece));
    }
};
/// Answered by FileState once the file is checked against its root, and durable.
struct FileEnd {
    static constexpr std::uint64_t kType = 9;
    std::uint64_t number = 0;
    Hash root;
    static constexpr void fields(auto use) { use(field(1, &FileEnd::number), field(2, &FileEnd::root)); }
};
/// Answered by Pong: is the connection alive?
struct Ping {
    static constexpr std::uint64_t kType = 10;
    static constexpr void fields(auto use) { use(); }
};
// What one client's app asks another's (core/ports/Peer.h), from version 2 of the talk on and where LoggedIn says that
// it is passed on.

/// Asks this client what others ask of its identity, as PeerAsked, until PeerLeave. Of several the newest is asked.
struct PeerServe {
    static constexpr std::uint64_t kType = 11;
    std::uint64_t number = 0;
    static constexpr void fields(auto use) { use(field(1, &PeerServe::number)); }
};
struct PeerLeave {
    static constexpr std::uint64_t kType = 12;
    std::uint64_t number = 0; ///< of PeerServe
    static constexpr void fields(auto use) { use(field(1, &PeerLeave::number)); }
};
/// Answered by Answered or NotAnswered of the same number, in any order.
struct PeerAsk {
    static constexpr std::uint64_t kType = 13;
    std::uint64_t number = 0;
    IdentityKey to;
    Bytes question; ///< at most ports::kMostPeerQuestion
    static constexpr void fields(auto use) {
        use(field(1, &PeerAsk::number), field(2, &PeerAsk::to), field(3, &PeerAsk::question));
    }
};
/// To PeerAsked of the same number.
struct PeerAnswer {
    static constexpr std::uint64_t kType = 14;
    std::uint64_t number = 0;
    FrameBytes frame;
    static constexpr void fields(auto use) { use(field(1, &PeerAnswer::number), field(2, &PeerAnswer::frame)); }
};
enum class NoAnswer : std::uint8_t { Closed, Busy, TooLarge, kCount };
struct PeerNoAnswer {
    static constexpr std::uint64_t kType = 15;
    std::uint64_t number = 0;
    NoAnswer why{};
    static constexpr void fields(auto use) { use(field(1, &PeerNoAnswer::number), field(2, &PeerNoAnswer::why)); }
};
using ToServer = std::variant<Login, Ask, Follow, Unfollow, FileQuery, FileRead, FileBegin, FileWrite, FileEnd, Ping,
                              PeerServe, PeerLeave, PeerAsk, PeerAnswer, PeerNoAnswer>;

// --- to the client -------------------------------------------------------------------------------------------------

/// The server's first message.
struct Greeting {
    static constexpr std::uint64_t kType = 1;
    std::uint64_t version = kConnectionVersion;
    IdentityKey identity;
    Signature signature; ///< of the ServerNote
    static constexpr void fields(auto use) {
        use(field(1, &Greeting::version), field(2, &Greeting::identity), field(3, &Greeting::signature));
    }
};
/// Where another server is reached, as "host:port". Nothing rests on it: that server proves its own identity.
struct ServerPlace {
    IdentityKey server;
    std::string address;
    bool operator==(const ServerPlace&) const = default;
    static constexpr void fields(auto use) { use(field(1, &ServerPlace::server), field(2, &ServerPlace::address)); }
};
struct LoggedIn {
    static constexpr std::uint64_t kType = 2;
    std::vector<ServerPlace> places; ///< of a coordinator's key server, then of the standby, if there is one
    bool isPractice = false;         ///< its money is worth nothing, and given to whoever asks
    std::optional<bool> relays{};    ///< passes on what clients ask each other; said from version 2 of the talk on
    static constexpr void fields(auto use) {
        use(field(1, &LoggedIn::places), field(2, &LoggedIn::isPractice), field(3, &LoggedIn::relays));
    }
};
struct Answered {
    static constexpr std::uint64_t kType = 3;
    std::uint64_t number = 0;
    FrameBytes frame; ///< an encoded Answer
    static constexpr void fields(auto use) { use(field(1, &Answered::number), field(2, &Answered::frame)); }
};
struct NotAnswered {
    static constexpr std::uint64_t kType = 4;
    std::uint64_t number = 0;
    NoAnswer why{};
    static constexpr void fields(auto use) { use(field(1, &NotAnswered::number), field(2, &NotAnswered::why)); }
};
struct Followed {
    static constexpr std::uint64_t kType = 5;
    std::uint64_t number = 0;
    StreamItem item;
    static constexpr void fields(auto use) { use(field(1, &Followed::number), field(2, &Followed::item)); }
};
struct FileState {
    static constexpr std::uint64_t kType = 6;
    std::uint64_t number = 0;
    std::uint64_t size = 0; ///< of the whole file, or of what there is so far
    static constexpr void fields(auto use) { use(field(1, &FileState::number), field(2, &FileState::size)); }
};
struct FilePiece {
    static constexpr std::uint64_t kType = 7;
    std::uint64_t number = 0;
    Bytes piece;
    static constexpr void fields(auto use) { use(field(1, &FilePiece::number), field(2, &FilePiece::piece)); }
};
enum class FileRefused : std::uint8_t {
    NotHere,    ///< nothing of this name, or no file is kept here
    NotAllowed, ///< only who has an account may upload
    Busy,
    OutOfOrder, ///< a piece that does not begin where the file ends so far, or is too long
    OtherFile,  ///< the bytes are not those of the root
    TooMany,    ///< uploads at once, or bytes of them
    StoreFailed,
    kCount
};
struct FileNotDone {
    static constexpr std::uint64_t kType = 8;
    std::uint64_t number = 0;
    FileRefused why{};
    static constexpr void fields(auto use) { use(field(1, &FileNotDone::number), field(2, &FileNotDone::why)); }
};
struct Pong {
    static constexpr std::uint64_t kType = 9;
    static constexpr void fields(auto use) { use(); }
};
enum class Farewell : std::uint8_t {
    UnknownVersion,
    Malformed,
    LoginRefused, ///< the proof does not fit this connection
    TooSlow,      ///< to log in, or to read
    TooMany,      ///< connections
    Stopping,
    kCount
};
/// The last message: why the server ends the connection.
struct Goodbye {
    static constexpr std::uint64_t kType = 10;
    Farewell why{};
    static constexpr void fields(auto use) { use(field(1, &Goodbye::why)); }
};
/// Answered by PeerAnswer or PeerNoAnswer of the same number, in any order.
struct PeerAsked {
    static constexpr std::uint64_t kType = 11;
    std::uint64_t number = 0;
    std::uint64_t served = 0; ///< the number of PeerServe
    IdentityKey asker;        ///< as the server says, to which it is proven
    Bytes question;
    static constexpr void fields(auto use) {
        use(field(1, &PeerAsked::number), field(2, &PeerAsked::served), field(3, &PeerAsked::asker),
            field(4, &PeerAsked::question));
    }
};
using ToClient = std::variant<Greeting, LoggedIn, Answered, NotAnswered, Followed, FileState, FilePiece, FileNotDone,
                              Pong, Goodbye, PeerAsked>;

const char* nameOf(NoAnswer why);
const char* nameOf(FileRefused why);
const char* nameOf(Farewell why);

} // namespace tallylock::wire

namespace tallylock {
template <>
struct CborCodec<wire::FrameBytes> {
    static void write(CborWriter& w, const wire::FrameBytes& frame) { w.byteString(frame.bytes); }
    static wire::FrameBytes read(CborReader& r) { return {bytesOf(r.byteString(wire::kMostToClient))}; }
};
} // namespace tallylock

// Coded once, in Connection.cpp: what takes long to compile is not compiled wherever it is used.
namespace tallylock {
extern template Bytes encodeCbor(const wire::ToServer&);
extern template Bytes encodeCbor(const wire::ToClient&);
extern template Result<wire::ToServer, CborError> decodeCbor(ByteView);
extern template Result<wire::ToClient, CborError> decodeCbor(ByteView);
} // namespace tallylock
