// A way by which the second part of a key reaches its buyer as twelve words, besides the key server's endpoint.
#pragma once

#include "core/base/JobControl.h"
#include "core/base/SecretBytes.h"
#include "core/wire/Couriers.h"

#include <string>

namespace tallylock::ports {

struct WordLetter {
    Hash id; ///< the same for every attempt: whoever gets a letter twice can tell
    SaleId sale;
    std::string address;
    SecretBytes words;       ///< twelve, with single spaces
    std::string fingerprint; ///< of the key server, as words; public
    std::int64_t timeMs = 0; ///< of this attempt, wall clock
};

/// None: it is on its way. Otherwise it is worth another attempt unless it failed for good.
struct LetterOutcome {
    wire::CourierFailure failure{};
    bool isForGood = false;
};

class WordCourier {
public:
    virtual ~WordCourier() = default;
    virtual wire::PartTwoWay way() const = 0;
    /// Whether this address has the form that something can be sent to. Any thread; at once.
    virtual bool takes(const std::string& address) const = 0;
    /// One call at a time, of an address that it takes. Waits, within bounds of its own; ends early when the control
    /// says so. After a crash in between, the same letter is sent again.
    virtual LetterOutcome send(const WordLetter& letter, JobControl& control) = 0;
};

} // namespace tallylock::ports
