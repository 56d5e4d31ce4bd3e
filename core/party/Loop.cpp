#include "core/party/Loop.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

namespace tallylock::party {

using SteadyClock = std::chrono::steady_clock;

struct Loop::Queue {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> ready;
    std::multimap<SteadyClock::time_point, Task> delayed;
    Task last;
    bool stopped = false;
};

void Loop::Poster::post(Task task) const { static_cast<void>(postBounded(SIZE_MAX, std::move(task))); }

bool Loop::Poster::postBounded(std::size_t most, Task task) const {
    {
        const std::lock_guard lock(m_queue->mutex);
        if (m_queue->stopped) return true;
        if (m_queue->ready.size() >= most) return false;
        m_queue->ready.push_back(std::move(task));
    }
    m_queue->wake.notify_one();
    return true;
}

void Loop::Poster::postAfter(std::int64_t delayMs, Task task) const {
    {
        const std::lock_guard lock(m_queue->mutex);
        if (m_queue->stopped) return;
        m_queue->delayed.emplace(SteadyClock::now() + std::chrono::milliseconds(delayMs), std::move(task));
    }
    m_queue->wake.notify_one();
}

Loop::Loop() : m_queue(std::make_shared<Queue>()), m_thread([queue = m_queue] { run(queue); }) {}

void Loop::stop(Task last) {
    if (!m_thread.joinable()) return;
    {
        const std::lock_guard lock(m_queue->mutex);
        m_queue->last = std::move(last);
        m_queue->stopped = true;
    }
    m_queue->wake.notify_one();
    m_thread.join();
    // What the tasks hold is let go of outside the lock: it may post.
    std::deque<Task> ready;
    std::multimap<SteadyClock::time_point, Task> delayed;
    {
        const std::lock_guard lock(m_queue->mutex);
        ready.swap(m_queue->ready);
        delayed.swap(m_queue->delayed);
    }
}

void Loop::run(const std::shared_ptr<Queue>& queue) {
    std::unique_lock lock(queue->mutex);
    while (!queue->stopped) {
        const auto now = SteadyClock::now();
        while (!queue->delayed.empty() && queue->delayed.begin()->first <= now) {
            queue->ready.push_back(std::move(queue->delayed.begin()->second));
            queue->delayed.erase(queue->delayed.begin());
        }
        if (!queue->ready.empty()) {
            Task task = std::move(queue->ready.front());
            queue->ready.pop_front();
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
        } else if (queue->delayed.empty()) {
            queue->wake.wait(lock);
        } else {
            queue->wake.wait_until(lock, queue->delayed.begin()->first);
        }
    }
    const Task last = std::move(queue->last);
    lock.unlock();
    if (last) last();
}

} // namespace tallylock::party
