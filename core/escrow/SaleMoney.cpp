#include "core/escrow/SaleMoney.h"

#include <algorithm>
#include <cassert>

namespace tallylock::escrow {

namespace {
void addMove(std::vector<MoneyMove>& moves, Place from, Place to, const Amount& amount) {
    if (!amount.isZero()) moves.push_back({from, to, amount});
}

// For amounts that were checked when the terms were made: a - b with 0 <= b <= a.
Amount lessBy(const Amount& a, const Amount& b) {
    assert(a.unit == b.unit && b.value >= 0 && b.value <= a.value);
    return {a.value - b.value, a.unit};
}
} // namespace

Result<SalePrice, money::MoneyError> priceOf(const Amount& price, std::uint32_t feeBasisPoints,
                                             std::uint32_t holdbackBasisPoints) {
    if (!price.isPositive()) return Err(money::MoneyError::Negative);
    const auto fee = money::feeOf(price, feeBasisPoints);
    if (!fee) return Err(fee.error());
    const auto holdback = money::feeOf(price, holdbackBasisPoints);
    if (!holdback) return Err(holdback.error());
    const auto taken = *fee + *holdback;
    if (!taken) return Err(taken.error());
    if (taken->value > price.value) return Err(money::MoneyError::RateTooHigh);
    return SalePrice{price, *fee, *holdback};
}

std::vector<MoneyMove> movesOfEscrow(const Escrowed& held) { return {{held.from, Place::Escrow, held.amount}}; }

std::vector<MoneyMove> movesOfEscrowBack(const Escrowed& held) { return {{Place::Escrow, held.from, held.amount}}; }

std::vector<MoneyMove> movesOfCoinsSold(const Amount& coins) { return {{Place::SaleFunds, Place::Treasury, coins}}; }

std::vector<MoneyMove> movesOfProceeds(const SalePrice& price, const Amount& fetched) {
    std::vector<MoneyMove> moves = movesOfEscrow({Place::Treasury, price.price});
    addMove(moves, Place::Treasury, Place::Buyer, lessBy(fetched, price.price));
    return moves;
}

std::vector<MoneyMove> movesOfCoinsMadeGood(const Amount& coins) {
    return {{Place::Treasury, Place::SaleFunds, coins}};
}

std::vector<MoneyMove> movesOfPayout(const SalePrice& price, const Escrowed& held) {
    std::vector<MoneyMove> moves;
    if (held.amount.unit != price.price.unit) {
        moves = movesOfEscrowBack(held);
        addMove(moves, Place::Treasury, Place::Escrow, price.price);
    }
    addMove(moves, Place::Escrow, Place::Seller, lessBy(lessBy(price.price, price.fee), price.holdback));
    addMove(moves, Place::Escrow, Place::Fees, price.fee);
    return moves;
}

std::vector<MoneyMove> movesOfHoldback(const SalePrice& price) {
    std::vector<MoneyMove> moves;
    addMove(moves, Place::Escrow, Place::Seller, price.holdback);
    return moves;
}

std::vector<MoneyMove> movesOfVerdict(const SalePrice& price, const Amount& toBuyer) {
    std::vector<MoneyMove> moves;
    addMove(moves, Place::Escrow, Place::Buyer, toBuyer);
    addMove(moves, Place::Escrow, Place::Seller, lessBy(price.holdback, toBuyer));
    return moves;
}

std::vector<MoneyMove> movesOfCoins(const Amount& funds, const Amount& used) {
    std::vector<MoneyMove> moves;
    addMove(moves, Place::SaleFunds, Place::Treasury, used);
    addMove(moves, Place::SaleFunds, Place::Buyer, lessBy(funds, used));
    return moves;
}

std::vector<MoneyMove> movesOfRefund(const Amount& funds) {
    std::vector<MoneyMove> moves;
    addMove(moves, Place::SaleFunds, Place::Buyer, funds);
    return moves;
}

std::vector<MoneyMove> movesOfKeyLost(const SalePrice& price, const Amount& guarantee) {
    const Amount stillNeeded = lessBy(price.price, price.holdback);
    const Amount there =
        std::min(guarantee, stillNeeded, [](const Amount& a, const Amount& b) { return a.value < b.value; });
    std::vector<MoneyMove> moves;
    addMove(moves, Place::Escrow, Place::Guarantee, price.holdback);
    addMove(moves, Place::Treasury, Place::Guarantee, lessBy(stillNeeded, there));
    addMove(moves, Place::Guarantee, Place::Buyer, price.price);
    return moves;
}

} // namespace tallylock::escrow
