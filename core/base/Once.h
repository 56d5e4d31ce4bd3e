// A callback that is called exactly once: by whoever has the answer, or with another one when it is dropped unanswered.
#pragma once

#include <functional>
#include <utility>

namespace tallylock {

/// Shared by the holders of the question. One call, from any thread.
template <class T>
class Once {
public:
    Once(std::function<void(T)> done, T whenDropped) : m_done(std::move(done)), m_whenDropped(std::move(whenDropped)) {}
    ~Once() {
        if (m_done) m_done(std::move(m_whenDropped));
    }
    Once(const Once&) = delete;
    Once& operator=(const Once&) = delete;

    void operator()(T answer) {
        const auto done = std::exchange(m_done, nullptr);
        if (done) done(std::move(answer));
    }

private:
    std::function<void(T)> m_done;
    T m_whenDropped;
};

} // namespace tallylock
