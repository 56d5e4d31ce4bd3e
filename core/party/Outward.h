// The way out to the user interface: answers and news go through the caller's executor, and none after the end.
#pragma once

#include "core/api/Session.h"

#include <memory>

namespace tallylock::party {

/// Any thread, except that close() and the executor's tasks run on the caller's thread. Copies share one state.
class Outward {
public:
    explicit Outward(api::Executor executor);

    /// Runs the task on the caller's thread, unless closed by then.
    void run(std::function<void()> task) const;
    /// The same callback, to be called from any thread.
    template <class T>
    api::Done<T> reply(api::Done<T> done) const {
        return [self = *this, done = std::move(done)](api::Answer<T> answer) {
            if (done) self.run([done, answer = std::move(answer)]() mutable { done(std::move(answer)); });
        };
    }

    void watch(std::function<void(api::Topic)> changed) const;
    /// Tells the watcher, once for all news that come before it runs.
    void changed(api::Topic topic) const;
    void close() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace tallylock::party
