// An executor for programs and tests without a window: tasks are queued from any thread and run by whoever calls run.
#pragma once

#include "core/api/Session.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace tallylock::app {

/// The queue may be copied into executors and outlives none of its tasks: what is posted after the end is dropped.
class EventLoop {
public:
    EventLoop() = default;
    ~EventLoop() { m_queue->close(); }
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    api::Executor executor() {
        return [queue = m_queue](std::function<void()> task) { queue->post(std::move(task)); };
    }

    /// Runs tasks on the calling thread until the predicate holds, which is asked after each task. False: not in time.
    template <class Predicate>
    bool runUntil(Predicate predicate, std::int64_t timeoutMs) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
        while (!predicate()) {
            auto task = m_queue->next(end);
            if (!task) return predicate();
            task();
        }
        return true;
    }
    /// Runs tasks for this long.
    void runFor(std::int64_t durationMs) {
        runUntil([] { return false; }, durationMs);
    }

    /// Asks and waits for the answer: `loop.ask<std::vector<SaleRow>>([&](auto done) { session.sales(done); })`.
    template <class T, class Question>
    api::Answer<T> ask(Question question, std::int64_t timeoutMs = 30'000) {
        const auto answer = std::make_shared<std::optional<api::Answer<T>>>();
        question(api::Done<T>([answer](api::Answer<T> given) { answer->emplace(std::move(given)); }));
        if (!runUntil([&] { return answer->has_value(); }, timeoutMs))
            return Err(api::Refusal{api::Problem::Unreachable, "no answer in time"});
        return std::move(**answer);
    }

private:
    class Queue {
    public:
        void post(std::function<void()> task) {
            const std::lock_guard lock(m_mutex);
            if (m_closed) return;
            m_tasks.push_back(std::move(task));
            m_news.notify_one();
        }
        /// Drops what waits, too: it may hold executors, and so this queue.
        void close() {
            std::deque<std::function<void()>> dropped;
            const std::lock_guard lock(m_mutex);
            m_closed = true;
            dropped.swap(m_tasks);
        }
        std::function<void()> next(std::chrono::steady_clock::time_point end) {
            std::unique_lock lock(m_mutex);
            if (!m_news.wait_until(lock, end, [this] { return !m_tasks.empty(); })) return nullptr;
            auto task = std::move(m_tasks.front());
            m_tasks.pop_front();
            return task;
        }

    private:
        std::mutex m_mutex;
        std::condition_variable m_news;
        std::deque<std::function<void()>> m_tasks;
        bool m_closed = false;
    };
    std::shared_ptr<Queue> m_queue = std::make_shared<Queue>();
};

} // namespace tallylock::app
