// A place in a network, and the way there.
#pragma once

#include "core/net/Remote.h"

#include <string_view>
#include <vector>

namespace tallylock::app {

/// "host:port", of which the host may be in brackets, and must be if it is an address of IPv6.
struct NetworkPlace {
    std::string host;
    std::uint16_t port = 0;
    std::string text() const;
};
std::optional<NetworkPlace> parsePlace(std::string_view text);
/// One, or several between commas and blanks: of one server, or of whoever takes its place with the same identity.
std::optional<std::vector<NetworkPlace>> parsePlaces(std::string_view text);
std::string textOf(const std::vector<NetworkPlace>& places);

/// `server`: who must be there; none: whoever is, to be looked at.
net::RemoteOptions wayTo(const NetworkPlace& place, std::optional<IdentityKey> server,
                         std::shared_ptr<const keys::Identity> self);
/// To whichever of them it is at. No place leads nowhere, as one does at which nobody is.
net::RemoteOptions wayTo(const std::vector<NetworkPlace>& places, std::optional<IdentityKey> server,
                         std::shared_ptr<const keys::Identity> self);

} // namespace tallylock::app
