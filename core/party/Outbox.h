// Commands on their way to the coordinator: journaled before they are sent, one after the other, again until answered.
//
// What is journaled is signed, whichever way it goes: a command is the same with its signature and without (its hash
// does not cover it), so each sending is free to take the other way, and the coordinator still knows a repetition.
#pragma once

#include "core/keys/Identity.h"
#include "core/party/Diary.h"
#include "core/party/LinkSession.h"
#include "core/party/Problems.h"
#include "core/party/Server.h"

#include <deque>

namespace tallylock::party {

/// Worker thread.
class Outbox {
public:
    Outbox(const keys::Identity& identity, Diary& diary, Server& coordinator, LinkSession& session, Loop::Poster poster)
        : m_identity(identity),
          m_diary(diary),
          m_coordinator(coordinator),
          m_session(session),
          m_poster(poster) {}

    /// The coordinator's durable reply, whichever it is.
    using Replied = std::function<void(Result<wire::Submitted, api::Refusal>)>;
    /// With a one-time code, the coordinator is shown the code for this very command first; one that is wrong is the
    /// reply, and nothing is sent.
    void submit(engine::CommandBody body, Replied replied, std::string code = {});

    /// After Hello: `lastCounter` is the highest that the coordinator has seen of this identity. Sends what an earlier
    /// run left unanswered, then what waited.
    void begin(std::uint64_t lastCounter);
    bool hasBegun() const { return m_begun; }
    /// Nothing is on its way.
    bool isEmpty() const { return m_waiting.empty() && m_queue.empty(); }
    /// The highest journal sequence of a reply in this run.
    std::uint64_t lastSequence() const { return m_lastSequence; }
    /// Called when the last command on its way has been answered.
    void whenEmpty(std::function<void()> empty) { m_whenEmpty = std::move(empty); }

private:
    struct Item {
        std::uint64_t counter = 0;
        Bytes envelope;
        /// The same without its signature; nothing for what is always signed, or was not taken this way.
        std::optional<wire::SubmitUnsigned> bare;
        Replied replied; // empty: left by an earlier run
        std::string code;
    };
    struct Waiting {
        engine::CommandBody body;
        Replied replied;
        std::string code;
    };
    /// In place of the one with that number, if it is to be numbered anew.
    void sign(const engine::CommandBody& body, Replied replied, std::string code,
              std::optional<std::uint64_t> inPlaceOf = {});
    void enqueue(std::uint64_t counter, Bytes envelope, Replied replied, std::string code);
    bool goesUnsigned(const Item& item);
    void showCode();
    void codeRefused(const wire::Problem& problem);
    /// Another folder of this phrase has used the number: the command was not executed, and goes on behind it.
    void renumber(const Item& item);
    void sendFirst();
    void answered(Result<wire::Submitted, wire::Problem> answer, bool wentUnsigned);

    const keys::Identity& m_identity;
    Diary& m_diary;
    Server& m_coordinator;
    LinkSession& m_session;
    Loop::Poster m_poster;
    bool m_begun = false;
    bool m_sending = false;
    std::deque<Waiting> m_waiting;
    std::deque<Item> m_queue;
    std::function<void()> m_whenEmpty;
    Backoff m_backoff;
    std::uint64_t m_lastSequence = 0;
};

} // namespace tallylock::party
