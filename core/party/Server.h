// One of the two servers, seen through its Link: typed questions, answers on the worker thread.
#pragma once

#include "core/party/Loop.h"
#include "core/ports/Link.h"

namespace tallylock::party {

class Server {
public:
    Server(std::shared_ptr<ports::Link> link, Loop::Poster poster) : m_link(std::move(link)), m_poster(poster) {}

    template <class Reply>
    using Then = std::function<void(Result<Reply, wire::Problem>)>;

    /// A lost link and a full queue come back as FrameProblem::Stopping and Busy: worth another try.
    template <class Reply>
    void ask(const wire::Request& request, Then<Reply> then) const {
        send(request, [then = std::move(then)](Result<wire::Answer, wire::Problem> answer) {
            if (!answer) return then(Err(answer.error()));
            if (auto* reply = std::get_if<Reply>(&*answer)) return then(std::move(*reply));
            if (auto* problem = std::get_if<wire::Problem>(&*answer)) return then(Err(std::move(*problem)));
            then(Err(wire::Problem{wire::FrameProblem::Malformed, "another answer than was asked for"}));
        });
    }
    ports::Link& link() const { return *m_link; }

    static bool worthRetrying(const wire::Problem& problem) {
        return problem.problem == wire::FrameProblem::Busy || problem.problem == wire::FrameProblem::Stopping ||
               problem.problem == wire::FrameProblem::Internal;
    }

private:
    void send(const wire::Request& request, Then<wire::Answer> then) const;
    std::shared_ptr<ports::Link> m_link;
    Loop::Poster m_poster;
};

/// Waiting times that double: 50 ms to 2 s.
class Backoff {
public:
    std::int64_t nextMs() {
        const std::int64_t now = m_nextMs;
        m_nextMs = m_nextMs * 2 < kMostMs ? m_nextMs * 2 : kMostMs;
        return now;
    }
    void reset() { m_nextMs = kLeastMs; }

private:
    static constexpr std::int64_t kLeastMs = 50;
    static constexpr std::int64_t kMostMs = 2000;
    std::int64_t m_nextMs = kLeastMs;
};

} // namespace tallylock::party
