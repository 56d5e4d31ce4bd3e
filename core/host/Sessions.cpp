#include "core/host/Sessions.h"

#include <algorithm>
#include <set>

namespace tallylock::host {

void Sessions::set(const void* session, const IdentityKey& device, bool cancelOnDisconnect) {
    const std::lock_guard lock(m_mutex);
    if (cancelOnDisconnect) {
        m_wanting[session] = device;
    } else {
        m_wanting.erase(session);
    }
}

void Sessions::ended(const void* session) {
    IdentityKey device;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_wanting.find(session);
        if (found == m_wanting.end()) return;
        device = found->second;
        m_wanting.erase(found);
        const bool hasAnother =
            std::any_of(m_wanting.begin(), m_wanting.end(), [&](const auto& other) { return other.second == device; });
        if (hasAnother) return;
    }
    (void)m_sequencer.performLast({engine::EndSession{device}});
}

void Sessions::endAll() {
    std::set<IdentityKey> devices;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [session, device] : std::exchange(m_wanting, {})) devices.insert(device);
    }
    if (devices.empty()) return;
    std::vector<engine::CommandBody> bodies;
    bodies.reserve(devices.size());
    for (const IdentityKey& device : devices) bodies.emplace_back(engine::EndSession{device});
    (void)m_sequencer.performLast(std::move(bodies)).get();
}

} // namespace tallylock::host
