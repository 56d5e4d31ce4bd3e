#include "app/servers/NetworkPlace.h"

#include <charconv>

namespace tallylock::app {

std::string NetworkPlace::text() const {
    const bool isV6 = host.find(':') != std::string::npos;
    return (isV6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<NetworkPlace> parsePlace(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    NetworkPlace place{std::string(text.substr(0, colon)), 0};
    const bool isBracketed = place.host.size() > 2 && place.host.front() == '[' && place.host.back() == ']';
    if (isBracketed) place.host = place.host.substr(1, place.host.size() - 2);
    const bool isV6 = place.host.find(':') != std::string::npos;
    const char* end = text.data() + text.size();
    const auto [read, failure] = std::from_chars(text.data() + colon + 1, end, place.port);
    if (failure != std::errc() || read != end || place.host.empty() || isV6 != isBracketed) return std::nullopt;
    return place;
}

net::RemoteOptions wayTo(const NetworkPlace& place, std::optional<IdentityKey> server,
                         std::shared_ptr<const keys::Identity> self) {
    net::RemoteOptions options;
    options.host = place.host;
    options.port = place.port;
    options.server = server;
    options.self = std::move(self);
    return options;
}

} // namespace tallylock::app
