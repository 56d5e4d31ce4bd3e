#include "app/embedded/LineBoard.h"

namespace tallylock::app {

static_assert(static_cast<int>(net::RemoteState::kCount) == static_cast<int>(ports::ReachState::kCount));
static_assert(static_cast<int>(net::RemoteState::Refused) == static_cast<int>(ports::ReachState::Refused));

std::function<void(const net::RemoteStatus&)> LineBoard::add(const std::shared_ptr<LineBoard>& board,
                                                             ports::ServerRole role, std::string address) {
    const std::lock_guard lock(board->m_mutex);
    board->m_servers.push_back({role, ports::ReachState::Connecting, std::move(address), {}});
    return [board, index = board->m_servers.size() - 1](const net::RemoteStatus& status) {
        {
            const std::lock_guard rows(board->m_mutex);
            ports::ReachedServer& row = board->m_servers[index];
            row.state = static_cast<ports::ReachState>(status.state);
            row.detail = status.detail;
        }
        const std::lock_guard telling(board->m_telling);
        if (board->m_changed) board->m_changed();
    };
}

std::vector<ports::ReachedServer> LineBoard::servers() const {
    const std::lock_guard lock(m_mutex);
    return m_servers;
}

void LineBoard::watch(std::function<void()> changed) {
    const std::lock_guard telling(m_telling);
    m_changed = std::move(changed);
}

} // namespace tallylock::app
