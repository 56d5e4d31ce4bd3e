// What clients of a server ask each other: it passes the question on with who asks, which the login has proven, and the
// answer back. Nothing of either is kept, and none is looked into.
//
// Bounded: what one identity has in hand and asks in a second, what waits for one who answers, what one who asks has
// not read, and how long an answer may take. Whoever goes beyond is told so at once (Busy) and holds up nobody else.
//
// State               one writer       thread           durable where   if it arrives twice
// who answers         the relay        network thread   nowhere         of one connection: a fault; else the newest
// questions in hand   the relay        network thread   nowhere         each has its number; an answer to one that is
//                                                                       unknown, or another's, is passed over
// who may ask         the relay        network thread   nowhere         found out anew after a while
#pragma once

#include "core/base/Allowance.h"
#include "core/base/TaskThread.h"
#include "core/net/Server.h"

#include <atomic>
#include <map>
#include <set>

namespace tallylock::net {

/// Network thread, but for what is said.
class PeerRelay {
public:
    /// One client's connection.
    class End {
    public:
        virtual ~End() = default;
        virtual void tell(const wire::ToClient& message) = 0;
        virtual std::size_t unread() const = 0; ///< bytes that were told and have not gone out
    };
    using Post = std::function<void(std::function<void()>)>;
    /// `post` runs something on the network thread, from any other.
    PeerRelay(const Service& service, const Limits& limits, Post post);

    bool isThere() const { return m_checks.has_value(); }
    /// False: this connection must not, and is to be dismissed.
    bool serve(End& end, const IdentityKey& who, std::uint64_t number);
    void leave(End& end, std::uint64_t number);
    void ask(End& end, const IdentityKey& who, wire::PeerAsk message);
    void answer(End& end, wire::PeerAnswer& message);
    void answer(End& end, const wire::PeerNoAnswer& message);
    /// It is told nothing more. Twice: no effect.
    void left(End& end);
    /// Once a second: ends what was not answered in time.
    void sweep();
    void stop();
    void addTo(Traffic& seen) const; ///< any thread

private:
    static constexpr std::size_t kMostChecks = 1'000;    ///< that wait
    static constexpr std::int64_t kMayMs = 60'000;       ///< how long it is believed that somebody may ask,
    static constexpr std::int64_t kMayNotMs = 1'000;     ///< and that he may not
    static constexpr std::size_t kMostOut = 1024 * 1024; ///< bytes that one who answers has not read: is busy

    struct Seat {
        End* end = nullptr;
        std::uint64_t number = 0; ///< as that connection calls it
    };
    struct Question {
        End* from = nullptr;
        std::uint64_t number = 0; ///< as the asker calls it
        IdentityKey who;
        IdentityKey to;
        Bytes question;    ///< until it is passed on
        End* at = nullptr; ///< who is to answer; null: not passed on yet
        std::int64_t dueMs = 0;
    };
    using Questions = std::map<std::uint64_t, Question>; ///< in the order of their coming, so of their end too
    struct Here {
        std::map<std::uint64_t, IdentityKey> seats;
        std::set<std::uint64_t> asked;
        std::set<std::uint64_t> toAnswer;
    };
    enum class Standing : std::uint8_t { Unknown, InHand, May, MayNot };
    struct Asker {
        explicit Asker(std::int64_t perSecond) : allowance(perSecond) {}
        std::size_t inHand = 0;
        Allowance allowance;
        Standing standing{};
        std::int64_t untilMs = 0;           ///< May and MayNot
        std::vector<std::uint64_t> waiting; ///< until it is known whether he may
    };

    void findOut(const IdentityKey& who, Asker& asker);
    void found(const IdentityKey& who, bool may);
    void passOn(std::uint64_t number);
    /// Null: unknown, or not this one's to answer.
    Question* askedOf(End& end, std::uint64_t number);
    void refuse(std::uint64_t number, wire::NoAnswer why);
    Question take(std::uint64_t number);

    const Service& m_service;
    const Limits& m_limits;
    Post m_post;
    std::map<IdentityKey, std::vector<Seat>> m_seats; ///< the newest last
    std::map<End*, Here> m_here;                      ///< those that serve, ask or are asked
    std::map<IdentityKey, Asker> m_askers;
    Questions m_questions;
    std::uint64_t m_number = 0;
    std::atomic<std::uint64_t> m_answered{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_refused{0};
    std::optional<TaskThread> m_checks; ///< none: this server passes nothing on
};

} // namespace tallylock::net
