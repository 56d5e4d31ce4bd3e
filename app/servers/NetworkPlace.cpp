#include "app/servers/NetworkPlace.h"

#include <algorithm>
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
    const bool isPlain = std::all_of(place.host.begin(), place.host.end(), [](char c) { // it gets into settings
        return c > ' ' && c < 127 && c != '"' && c != '\\' && c != ',';
    });
    const char* end = text.data() + text.size();
    const auto [read, failure] = std::from_chars(text.data() + colon + 1, end, place.port);
    if (failure != std::errc() || read != end || place.host.empty() || !isPlain || isV6 != isBracketed)
        return std::nullopt;
    return place;
}

std::optional<std::vector<NetworkPlace>> parsePlaces(std::string_view text) {
    constexpr std::size_t kMost = 8;
    constexpr std::string_view kBetween = ", \t";
    std::vector<NetworkPlace> places;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
        if (text.empty()) break;
        const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
        auto place = parsePlace(text.substr(0, end));
        if (!place || places.size() == kMost) return std::nullopt;
        places.push_back(std::move(*place));
        text.remove_prefix(end);
    }
    return places.empty() ? std::nullopt : std::optional(std::move(places));
}

std::string textOf(const std::vector<NetworkPlace>& places) {
    std::string all;
    for (const NetworkPlace& place : places) all += (all.empty() ? "" : ", ") + place.text();
    return all;
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

net::RemoteOptions wayTo(const std::vector<NetworkPlace>& places, std::optional<IdentityKey> server,
                         std::shared_ptr<const keys::Identity> self) {
    net::RemoteOptions options = wayTo(places.empty() ? NetworkPlace{} : places.front(), server, std::move(self));
    for (std::size_t i = 1; i < places.size(); ++i) options.others.push_back({places[i].host, places[i].port});
    return options;
}

} // namespace tallylock::app
