// The three exchanges of a sale, as ports. Every call names the sale and is idempotent by it: a retry never opens two
// wallets, provides or pays twice, nor quotes anew what was quoted behind the same quote. Called from the host's outbox
// worker; may block on the outside world.
#pragma once

#include "core/base/Fixed.h"
#include "core/ports/Rail.h"

namespace tallylock::ports {

/// Where the buyer's wallet is opened and paid into, and which puts the seller's money into escrow.
class FirstExchange {
public:
    virtual ~FirstExchange() = default;
    struct QuoteWanted {
        SaleId sale;
        money::UnitId coin{};
        money::Amount dollars;
        std::int64_t behindMs = 0; ///< until when the sale's last quote held; names this one. 0: it has had none
    };
    struct Quote {
        money::Amount coins; ///< what the buyer is to pay, rounded up
        std::int64_t validForMs = 0;
    };
    virtual Result<Quote, RailError> quote(const QuoteWanted& wanted) = 0;
    struct Wallet {
        std::string rail; ///< the name of the rail that sees payments into it
        std::string address;
    };
    virtual Result<Wallet, RailError> openWallet(SaleId sale, money::UnitId coin) = 0;
    /// Provides the dollars for escrow; gives a reference.
    virtual Result<std::string, RailError> provide(SaleId sale, const money::Amount& dollars) = 0;
    virtual Result<std::string, RailError> closeWallet(SaleId sale) = 0;
};

/// Pays the seller in ordinary money.
class DollarExchange {
public:
    virtual ~DollarExchange() = default;
    /// Makes them available to be credited. Whose ledger account that is the seller may say until it is done, so the
    /// engine knows alone.
    virtual Result<std::string, RailError> pay(SaleId sale, const money::Amount& dollars) = 0;
};

/// Where the buyer's coins end up.
class SecondExchange {
public:
    virtual ~SecondExchange() = default;
    struct Receipt {
        std::string reference;
        money::Amount used; ///< of the coins offered, worth what was provided
    };
    virtual Result<Receipt, RailError> receive(SaleId sale, const money::Amount& coins) = 0;
};

} // namespace tallylock::ports
