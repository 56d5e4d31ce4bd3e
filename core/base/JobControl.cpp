#include "core/base/JobControl.h"

namespace tallylock {

// States only rise, but for the way back from Paused to Running.
void JobControl::set(State state) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_state > state && !(m_state == State::Paused && state == State::Running)) return;
        m_state = state;
    }
    m_changed.notify_all();
}

void JobControl::cancel() { set(State::Cancelled); }
void JobControl::interrupt() { set(State::Interrupted); }
void JobControl::pause() { set(State::Paused); }
void JobControl::resume() { set(State::Running); }

bool JobControl::goOn() {
    if (m_state == State::Running) return true;
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_state != State::Paused; });
    return m_state == State::Running;
}

} // namespace tallylock
