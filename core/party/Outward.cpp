#include "core/party/Outward.h"

#include <atomic>
#include <mutex>

namespace tallylock::party {

struct Outward::State {
    explicit State(api::Executor run) : executor(std::move(run)) {}
    const api::Executor executor;
    std::atomic<bool> open{true};
    std::atomic<std::uint32_t> news{0}; // a bit a topic
    std::mutex mutex;                   // of watcher
    std::function<void(api::Topic)> watcher;
};

Outward::Outward(api::Executor executor) : m_state(std::make_shared<State>(std::move(executor))) {}

void Outward::run(std::function<void()> task) const {
    if (!m_state->open) return;
    m_state->executor([state = m_state, task = std::move(task)] {
        if (state->open) task();
    });
}

void Outward::watch(std::function<void(api::Topic)> changed) const {
    const std::lock_guard lock(m_state->mutex);
    m_state->watcher = std::move(changed);
}

void Outward::changed(api::Topic topic) const {
    const std::uint32_t bit = 1u << static_cast<unsigned>(topic);
    if (m_state->news.fetch_or(bit) != 0) return; // a delivery is on its way
    run([state = m_state] {
        const std::uint32_t news = state->news.exchange(0);
        std::function<void(api::Topic)> watcher;
        {
            const std::lock_guard lock(state->mutex);
            watcher = state->watcher;
        }
        for (unsigned i = 0; watcher && i < static_cast<unsigned>(api::Topic::kCount); ++i)
            if ((news >> i & 1u) != 0 && state->open) watcher(static_cast<api::Topic>(i));
    });
}

void Outward::close() const {
    m_state->open = false;
    watch(nullptr);
}

} // namespace tallylock::party
