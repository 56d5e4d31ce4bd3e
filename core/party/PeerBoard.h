// The Peers of parties in one process: a switchboard that knows who is there.
#pragma once

#include "core/ports/Peer.h"

#include <map>
#include <mutex>

namespace tallylock::party {

/// Any thread. Lives for as long as somebody is connected.
class PeerBoard : public std::enable_shared_from_this<PeerBoard> {
public:
    static std::shared_ptr<PeerBoard> make() { return std::shared_ptr<PeerBoard>(new PeerBoard); }
    /// For whoever has proved that it holds this identity's key.
    std::unique_ptr<ports::Peers> connect(const IdentityKey& identity);

private:
    PeerBoard() = default;
    class Line;
    class Seat;
    std::mutex m_mutex;
    std::multimap<IdentityKey, std::shared_ptr<Seat>> m_seats; // the newest last
};

} // namespace tallylock::party
