// Long work on files: sealing, uploading, verifying, opening. On threads of its own, so that the worker never waits.
#pragma once

#include "core/base/JobControl.h"
#include "core/party/Loop.h"

#include <list>
#include <mutex>
#include <vector>

namespace tallylock::party {

/// Kept by whoever may steer the job, and by the job.
using ControlPointer = std::shared_ptr<JobControl>;
inline ControlPointer newControl() { return std::make_shared<JobControl>(); }

class Jobs {
public:
    ~Jobs() { stop(); }

    /// Any thread. What happens by itself: one after the other. The work looks at the control; so does stop.
    void start(const ControlPointer& control, Loop::Task work) {
        const std::lock_guard lock(m_mutex);
        note(control);
        m_loop.poster().post([control, work = std::move(work)] { work(); });
    }

    /// Any thread. What a person watches and may pause: on a thread of its own, so that nothing waits behind a pause.
    void startWatched(const ControlPointer& control, Loop::Task work) {
        const std::lock_guard lock(m_mutex);
        if (m_stopped) return;
        note(control);
        const auto isDone = [](const Watched& job) { return job.done->load(); };
        for (Watched& job : m_watched)
            if (isDone(job)) job.thread.join();
        std::erase_if(m_watched, isDone);
        const auto done = std::make_shared<std::atomic<bool>>(false);
        m_watched.push_back({done, std::thread([control, done, work = std::move(work)] {
                                 work();
                                 *done = true;
                             })});
    }

    /// Interrupts what runs and waits for its end.
    void stop() {
        std::list<Watched> watched;
        {
            const std::lock_guard lock(m_mutex);
            m_stopped = true;
            for (const auto& weak : m_controls)
                if (const auto control = weak.lock()) control->interrupt();
            watched = std::move(m_watched);
            m_watched.clear();
        }
        for (Watched& job : watched) job.thread.join();
        m_loop.stop();
    }

private:
    struct Watched {
        std::shared_ptr<std::atomic<bool>> done;
        std::thread thread;
    };

    void note(const ControlPointer& control) {
        std::erase_if(m_controls, [](const std::weak_ptr<JobControl>& weak) { return weak.expired(); });
        m_controls.push_back(control);
        if (m_stopped) control->interrupt();
    }

    std::mutex m_mutex; // of all but the loop
    bool m_stopped = false;
    std::vector<std::weak_ptr<JobControl>> m_controls;
    std::list<Watched> m_watched;
    Loop m_loop;
};

} // namespace tallylock::party
