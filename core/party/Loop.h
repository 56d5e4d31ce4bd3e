// A thread with a queue of tasks: the worker that owns a party's state is one, the thread for long jobs is another.
//
// Tasks run one at a time, in the order in which they were posted; delayed ones when their time has come.
// Unlike base's TaskThread, a poster may outlive it: answers of a link can come when nobody waits any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace tallylock::party {

class Loop {
    struct Queue;

public:
    using Task = std::function<void()>;

    /// Posts from any thread, also after the loop has ended: then the task is dropped.
    class Poster {
    public:
        void post(Task task) const;
        void postAfter(std::int64_t delayMs, Task task) const;
        /// False if `most` tasks or more are waiting already.
        [[nodiscard]] bool postBounded(std::size_t most, Task task) const;

    private:
        friend class Loop;
        explicit Poster(std::shared_ptr<Queue> queue) : m_queue(std::move(queue)) {}
        std::shared_ptr<Queue> m_queue;
    };

    Loop();
    ~Loop() { stop(); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    Poster poster() const { return Poster(m_queue); }
    /// Lets the running task end, drops the waiting ones, runs `last` on the loop's thread, and joins. Not from a task
    /// of the loop.
    void stop(Task last = {});

private:
    static void run(const std::shared_ptr<Queue>& queue);
    std::shared_ptr<Queue> m_queue;
    std::thread m_thread;
};

} // namespace tallylock::party
