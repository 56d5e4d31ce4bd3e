// The servers of a profile whose coordinator is somebody else's, and whether they are reached.
#pragma once

#include <cstdint>
#include <string>

namespace tallylock::api {

enum class ServerRole : std::uint8_t { Coordinator, KeyServer, Standby, kCount };
enum class ReachState : std::uint8_t {
    Connecting,
    Connected,
    Unreachable, ///< nobody answers at any of its addresses; tried again
    OtherServer, ///< somebody answers there who is not the one that was pinned; nothing is told it
    Refused,     ///< it does not let this profile in; tried again
    kCount
};
struct ReachedServerRow {
    ServerRole role{};
    ReachState state{};
    std::string address; ///< as the person entered it
    std::string detail;  ///< what the network or the server says, in English
    bool operator==(const ReachedServerRow&) const = default;
};

} // namespace tallylock::api
