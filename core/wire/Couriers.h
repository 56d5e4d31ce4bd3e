// By which means part 2 of the key reaches the buyer besides the key server's endpoint: what the buyer's app and the
// key server say to each other about it. The coordinator is not told. docs/decisions/couriers.md.
#pragma once

#include "core/base/CborFields.h"

namespace tallylock::wire {

inline constexpr std::size_t kMostCourierAddress = 500; ///< bytes

enum class PartTwoWay : std::uint8_t {
    Endpoint, ///< fetched from the key server, as ever; nothing else
    Mail,     ///< twelve words by e-mail, too
    Card,     ///< twelve words on paper, by post, too
    kCount
};
enum class CourierStage : std::uint8_t {
    None,    ///< nothing is wished but the endpoint
    Waiting, ///< for the payment, or for another attempt
    Sent,    ///< the mail server has taken it; the card lies ready to be posted
    Failed,  ///< for good; the endpoint has it
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

/// From the buyer of the terms, once the key server has wrapped the key (B4). The last one counts. After B13 it is sent
/// at once. Answered by CourierState.
struct SetCourier {
    static constexpr std::uint64_t kType = 75;
    Hash terms;
    PartTwoWay way{};
    std::string address; ///< Mail: addr-spec of RFC 5322; Card: lines of a postal address; Endpoint: empty
    static constexpr void fields(auto use) {
        use(field(1, &SetCourier::terms), field(2, &SetCourier::way), field(3, &SetCourier::address));
    }
};
/// From the buyer of the terms. Answered by CourierState.
struct CourierQuery {
    static constexpr std::uint64_t kType = 76;
    Hash terms;
    static constexpr void fields(auto use) { use(field(1, &CourierQuery::terms)); }
};
struct CourierState {
    static constexpr std::uint64_t kType = 77;
    bool offersMail = false;
    bool offersCard = false;
    PartTwoWay way{};
    CourierStage stage{};
    CourierFailure failure{}; ///< of the last attempt
    std::uint32_t attempts = 0;
    std::int64_t timeMs = 0; ///< of the last attempt; 0: none
    std::string address;     ///< as the buyer has set it
    static constexpr void fields(auto use) {
        using S = CourierState;
        use(field(1, &S::offersMail), field(2, &S::offersCard), field(3, &S::way), field(4, &S::stage),
            field(5, &S::failure), field(6, &S::attempts), field(7, &S::timeMs), field(8, &S::address));
    }
};

} // namespace tallylock::wire
