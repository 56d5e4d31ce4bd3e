// Cancelling and pausing long work from outside.
//
// The work looks at it between two steps, at goOn(). Every call from any thread; the work keeps it alive while it runs.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace tallylock {

class JobControl {
public:
    /// For good: a paused job ends, too.
    void cancel();
    void pause();
    void resume();
    /// The job is to end and to be gone on with another time: the program ends. Says nothing after cancel().
    void interrupt();
    bool cancelled() const { return m_state == State::Cancelled; }

    /// Waits while paused. False if the job is to end.
    [[nodiscard]] bool goOn();

private:
    enum class State { Running, Paused, Interrupted, Cancelled };
    void set(State state);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::atomic<State> m_state{State::Running}; // written under the mutex
};

} // namespace tallylock
