// The money of one sale: which step moves what from where to where. Places are roles; the engine maps them to ledger
// accounts. Each list of moves is balanced by construction, since a move takes from one place what it gives another.
#pragma once

#include "core/escrow/SaleState.h"
#include "core/money/Amount.h"

#include <vector>

namespace tallylock::escrow {

using money::Amount;

enum class Place : std::uint8_t { Buyer, Seller, SaleFunds, Escrow, Treasury, Fees, Guarantee };

struct MoneyMove {
    Place from;
    Place to;
    Amount amount;
};

/// The dollars of a sale, fixed by its terms.
struct SalePrice {
    Amount price;
    Amount fee;      ///< out of the price, to the house
    Amount holdback; ///< out of the price, to the seller at the end
};

/// Fee and holdback of a price, both rounded up. Nothing if they would eat more than the price, or overflow.
Result<SalePrice, money::MoneyError> priceOf(const Amount& price, std::uint32_t feeBasisPoints,
                                             std::uint32_t holdbackBasisPoints);

/// What lies in escrow from B9 to B10, and where it comes from.
struct Escrowed {
    Place from = Place::Treasury;
    Amount amount;
};
std::vector<MoneyMove> movesOfEscrow(const Escrowed& held);     ///< B9, fronted
std::vector<MoneyMove> movesOfEscrowBack(const Escrowed& held); ///< the coins have left the chain before B10
/// B10. What is not dollars is changed for them first: it goes back to where it came from, and the treasury puts the
/// price in its place. Of the sale's coins B11 says what becomes of them.
std::vector<MoneyMove> movesOfPayout(const SalePrice& price, const Escrowed& held);
std::vector<MoneyMove> movesOfHoldback(const SalePrice& price); ///< the end
/// The end of a dispute: `toBuyer` of the holdback, the rest to the seller.
std::vector<MoneyMove> movesOfVerdict(const SalePrice& price, const Amount& toBuyer);
/// B9, converted: `coins` are about to be sold through the treasury, as the house's own orders are.
std::vector<MoneyMove> movesOfCoinsSold(const Amount& coins);
/// And what they have fetched: the price into escrow, the surplus to the buyer. Nothing stays with the treasury.
std::vector<MoneyMove> movesOfProceeds(const SalePrice& price, const Amount& fetched);
/// The payment of a converted sale has left the chain before B10: the coins that were sold are made good, so that its
/// funds are whole when the payment is taken out of them.
std::vector<MoneyMove> movesOfCoinsMadeGood(const Amount& coins);
/// B11: `used` of the `funds` go to the treasury at the second exchange (none, where B9 has sold them), the rest
/// back to the buyer.
std::vector<MoneyMove> movesOfCoins(const Amount& funds, const Amount& used);
std::vector<MoneyMove> movesOfRefund(const Amount& funds); ///< before B9
/// The key is lost after B10: the buyer gets the whole price. What was held back helps to pay it, then what has been
/// set aside for such cases (`guarantee`), and the house pays the rest.
std::vector<MoneyMove> movesOfKeyLost(const SalePrice& price, const Amount& guarantee);

} // namespace tallylock::escrow
