// A bank account of ours: references to be paid to, booked statement lines, payment orders. Asked from the host's bank
// worker, one thread; pay from the thread of the payouts.
#pragma once

#include "core/ports/Rail.h"

namespace tallylock::ports {

struct BankEntry {
    std::uint64_t cursor = 0; ///< pass it to the next statement
    std::string entry;        ///< the bank's own id of the line
    std::string reference;
    money::Amount amount;
    std::int64_t bookedMs = 0;
};

class Bank {
public:
    virtual ~Bank() = default;
    virtual std::string name() const = 0;
    virtual bool carries(money::UnitId unit) const = 0;
    /// A reference to put on a transfer. The same key gives the same reference, for ever.
    virtual Result<std::string, RailError> expect(money::UnitId unit, const std::string& key) = 0;
    /// Booked lines since the cursor, in order. Reading one twice gives the same line.
    virtual Result<std::vector<BankEntry>, RailError> statement(std::uint64_t cursor, std::size_t limit) = 0;
    /// Orders a payment to somebody's account, as Rail::pay does. A payment that the bank returns later comes in as a
    /// line of the statement.
    virtual Result<std::string, RailError> pay(const std::string& key, const std::string& to,
                                               const money::Amount& amount) = 0;
    /// What the account holds, for reconciliation.
    virtual Result<money::Amount, RailError> balance(money::UnitId unit) = 0;
};

} // namespace tallylock::ports
