// Long work on files: sealing, uploading, verifying, opening. On a thread of its own, so that the worker never waits.
#pragma once

#include "core/party/Loop.h"

#include <atomic>
#include <mutex>
#include <vector>

namespace tallylock::party {

/// Set by whoever wants the job to end.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;
inline CancelFlag newCancelFlag() { return std::make_shared<std::atomic<bool>>(false); }

class Jobs {
public:
    ~Jobs() { stop(); }
    /// Any thread. The work looks at the flag; so does stop.
    void start(const CancelFlag& cancel, Loop::Task work) {
        {
            const std::lock_guard lock(m_mutex);
            std::erase_if(m_flags, [](const std::weak_ptr<std::atomic<bool>>& flag) { return flag.expired(); });
            m_flags.push_back(cancel);
            if (m_stopped) *cancel = true;
        }
        m_loop.poster().post([cancel, work = std::move(work)] { work(); });
    }
    /// Cancels what runs and waits for its end.
    void stop() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopped = true;
            for (const auto& flag : m_flags)
                if (const auto cancel = flag.lock()) *cancel = true;
        }
        m_loop.stop();
    }

private:
    std::mutex m_mutex; // of the flags
    bool m_stopped = false;
    std::vector<std::weak_ptr<std::atomic<bool>>> m_flags;
    Loop m_loop;
};

} // namespace tallylock::party
