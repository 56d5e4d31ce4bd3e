// A way in which value enters or leaves: five questions. Asked from the host's rail worker, one thread a rail; pay from
// the thread of the payouts.
#pragma once

#include "core/base/Result.h"
#include "core/money/Amount.h"

#include <string>
#include <vector>

namespace tallylock::ports {

enum class RailError {
    Unreachable, ///< try again
    Refused,     ///< the rail says no: wrong address, too little
    UnknownUnit,
};
const char* nameOf(RailError error);

struct Sighting {
    std::uint64_t cursor = 0; ///< pass it to the next observe
    Hash transaction;
    std::uint32_t output = 0;
    std::string identifier;
    money::Amount amount;
    std::uint32_t confirmations = 0;
    bool reversed = false;
    std::int64_t seenMs = 0; ///< block time, or first sighting
};

class Rail {
public:
    virtual ~Rail() = default;
    virtual std::string name() const = 0;
    virtual bool carries(money::UnitId unit) const = 0;
    /// A place to be paid. The same key gives the same place, for ever.
    virtual Result<std::string, RailError> expect(money::UnitId unit, const std::string& key) = 0;
    /// What was seen since the cursor: new payments, changed confirmations up to finality, reversals. In order.
    virtual Result<std::vector<Sighting>, RailError> observe(std::uint64_t cursor, std::size_t limit) = 0;
    /// Pays out, once for each key: recorded before it is sent. Gives the transaction's id. Refused says that nothing
    /// was paid for this key and nothing will be, so never after a payment that may have left: that is Unreachable.
    virtual Result<std::string, RailError> pay(const std::string& key, const std::string& to,
                                               const money::Amount& amount) = 0;
    /// What the rail holds for us, for reconciliation.
    virtual Result<money::Amount, RailError> balance(money::UnitId unit) = 0;
};

} // namespace tallylock::ports
