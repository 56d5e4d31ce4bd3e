// A thread that runs posted tasks in order, and one task later.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace tallylock {

class TaskThread {
public:
    using Task = std::function<void()>;
    TaskThread() : m_thread([this] { run(); }) {}
    ~TaskThread() { stop(); }
    TaskThread(const TaskThread&) = delete;
    TaskThread& operator=(const TaskThread&) = delete;

    /// False when `limit` tasks wait already, or it is stopping.
    bool post(Task task, std::size_t limit = SIZE_MAX) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopping || m_tasks.size() >= limit) return false;
            m_tasks.push_back(std::move(task));
        }
        m_news.notify_one(); // whoever wakes finds the lock free
        return true;
    }
    void postLater(std::int64_t delayMs, Task task) {
        const std::lock_guard lock(m_mutex);
        m_later.emplace(Clock::now() + std::chrono::milliseconds(delayMs), std::move(task));
        m_news.notify_one();
    }
    /// Finishes the running task and drops the waiting ones. Twice: no effect.
    void stop() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
            m_news.notify_one();
        }
        if (m_thread.joinable()) m_thread.join();
        m_tasks.clear();
        m_later.clear();
    }

private:
    using Clock = std::chrono::steady_clock;

    void run() {
        std::unique_lock lock(m_mutex);
        while (!m_stopping) {
            if (!m_later.empty() && m_later.begin()->first <= Clock::now()) {
                m_tasks.push_back(std::move(m_later.begin()->second));
                m_later.erase(m_later.begin());
            }
            if (!m_tasks.empty()) {
                Task task = std::move(m_tasks.front());
                m_tasks.pop_front();
                lock.unlock();
                task();
                task = nullptr;
                lock.lock();
            } else if (m_later.empty()) {
                m_news.wait(lock);
            } else {
                m_news.wait_until(lock, m_later.begin()->first);
            }
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_news;
    std::deque<Task> m_tasks;
    std::multimap<Clock::time_point, Task> m_later;
    bool m_stopping = false;
    std::thread m_thread; // last: it uses the others
};

} // namespace tallylock
