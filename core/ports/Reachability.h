// Whether the servers behind a party's links are reached, for a person to see. Links tell it only by silence.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tallylock::ports {

enum class ServerRole : std::uint8_t { Coordinator, KeyServer, Standby, kCount };
enum class ReachState : std::uint8_t { Connecting, Connected, Unreachable, OtherServer, Refused, kCount };
struct ReachedServer {
    ServerRole role{};
    ReachState state{};
    std::string address;
    std::string detail;
};

/// Any thread.
class Reachability {
public:
    virtual ~Reachability() = default;
    /// In the order of the roles.
    virtual std::vector<ReachedServer> servers() const = 0;
    /// `changed` is called after each change, on a thread of a link's: be quick, post on. One at a time; an empty one
    /// ends it, and when that returns none runs or will run.
    virtual void watch(std::function<void()> changed) = 0;
};

} // namespace tallylock::ports
