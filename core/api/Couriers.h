// The second part of a key by mail or post, besides the key server's endpoint: what a buyer may wish and is told. The
// key server alone hears of it.
#pragma once

#include <cstdint>
#include <string>

namespace tallylock::api {

enum class PartTwoWay : std::uint8_t {
    Endpoint, ///< fetched by this app, as ever; nothing else
    Mail,     ///< twelve words by e-mail, too
    Card,     ///< twelve words on paper, by post, too
    kCount
};
enum class CourierStage : std::uint8_t {
    None,    ///< nothing is wished but the endpoint
    Waiting, ///< for the payment, or for another attempt
    Sent,    ///< the mail server has taken it; the card lies ready to be posted
    Failed,  ///< for good; the app fetches the part all the same
    kCount
};
enum class CourierFailure : std::uint8_t {
    None,
    Unreachable, ///< no connection, or one that broke
    NotTrusted,  ///< the mail server's certificate
    LoginRefused,
    AddressRefused, ///< by the mail server
    Refused,        ///< the mail server takes no such mail
    StoreFailed,    ///< the card could not be written
    kCount
};

struct CourierRow {
    bool offersMail = false;
    bool offersCard = false;
    PartTwoWay way{};
    std::string address; ///< a mail address, or the lines of a postal one
    CourierStage stage{};
    CourierFailure failure{}; ///< of the last attempt
    std::uint32_t attempts = 0;
    std::int64_t timeMs = 0; ///< of the last attempt; 0: none
};

} // namespace tallylock::api
