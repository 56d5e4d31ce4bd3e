// How the lines of one profile to its servers stand: written by the lines, on their network threads.
#pragma once

#include "core/net/Remote.h"
#include "core/ports/Reachability.h"

#include <mutex>

namespace tallylock::app {

class LineBoard final : public ports::Reachability {
public:
    /// For one line more: what it is to call at each change of its status.
    static std::function<void(const net::RemoteStatus&)> add(const std::shared_ptr<LineBoard>& board,
                                                             ports::ServerRole role, std::string address);
    std::vector<ports::ReachedServer> servers() const override;
    void watch(std::function<void()> changed) override;

private:
    mutable std::mutex m_mutex;
    std::vector<ports::ReachedServer> m_servers;
    std::mutex m_telling; ///< held while somebody is told
    std::function<void()> m_changed;
};

} // namespace tallylock::app
