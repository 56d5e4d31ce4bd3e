// The coins of sales: what the house sells of them later, and what is sold at B9 of those that bring the seller's
// dollars by themselves.
#include "tests/audit/auditor/SaleAuditor.h"

#include <set>

namespace tallylock::audit {

void SaleAuditor::hearStock(const Item& body) {
    require(m_sellsCoins, SaleInvariant::CoinsSoldOnce, 0, "another exchange sells the coins");
    const Money left = Money::of(body.at(1).at(1));
    m_stocks[left.unit] = left.value;
    if (body.at(3).number() != 0 && Money::of(body.at(4)).value > 0) ++m_coinSales;
}

/// The treasury has what is told to be in stock, less what it has made good in sales whose payment left the chain.
void SaleAuditor::checkStocks() const {
    const auto of = [](const std::map<unsigned, Whole>& coins, unsigned unit) {
        const auto found = coins.find(unit);
        return found == coins.end() ? 0 : found->second;
    };
    std::set<unsigned> units;
    for (const auto* coins : {&m_coins, &m_stocks, &m_madeGood})
        for (const auto& [unit, count] : *coins) units.insert(unit);
    for (const unsigned unit : units) {
        require(of(m_coins, unit) + of(m_madeGood, unit) == of(m_stocks, unit), SaleInvariant::CoinsSoldOnce, 0,
                "the stock of coins is not what the treasury has");
    }
}

void SaleAuditor::hearCoinsSold(Sale& sale, std::uint64_t id, const Item& body, bool isFunded, bool isUndone) {
    const Item* told = body.find(46);
    const Whole sold = told ? Money::of(*told).value : 0;
    if (isFunded && sale.escrowed == 0) {
        checkFunding(sale, id, sold);
    } else if (isUndone && sale.sellsItsCoins) {
        checkUndone(sale, id, sold);
    } else {
        require(sold == sale.coinsSold, SaleInvariant::EveryCentIsAccountedFor, id,
                "coins are said to be sold by nobody");
    }
    sale.coinsSold = sold;
}

/// B9: the price out of the treasury, or out of what the sale's own coins have brought in this very step. Of that the
/// treasury keeps nothing, and the buyer gets all that is above the price.
void SaleAuditor::checkFunding(Sale& sale, std::uint64_t id, Whole sold) {
    const auto promise = [id](bool kept, const char* what) {
        require(kept, SaleInvariant::EveryCentIsAccountedFor, id, what);
    };
    promise(ofStep({0, m_dollars, Escrow, id}) == sale.price, "another sum than the price is put into escrow");
    const Whole treasurysDollars = ofStep({0, m_dollars, Treasury, 0});
    if (!sale.sellsItsCoins) {
        promise(sold == 0 && treasurysDollars == -sale.price, "the price is not the treasury's");
        return;
    }
    const auto traded = [this](unsigned unit) {
        const auto found = m_tradedOfStep.find(unit);
        return found == m_tradedOfStep.end() ? 0 : found->second;
    };
    promise(sold > 0 && traded(sale.coin) == -sold, "other coins are traded than are said to be sold");
    promise(ofStep({0, sale.coin, SaleFunds, id}) == -sold, "other coins leave the sale than are sold");
    promise(treasurysDollars == 0 && ofStep({0, sale.coin, Treasury, 0}) == 0,
            "the treasury has gained or lost by a sale's coins");
    const Whole surplus = traded(m_dollars) - sale.price;
    promise(surplus >= 0, "the coins have brought less than the price");
    sale.surplus += surplus;
    promise(at(sale, {sale.buyer, m_dollars, Available, 0}) == sale.surplus,
            "what the coins have brought above the price is not the buyer's");
}

/// What is not dollars lies in escrow from B9 to B10, and nowhere else: until the seller is paid the treasury has given
/// nothing but digital dollars for it, and then the price in dollars, and has these back.
void SaleAuditor::checkHeld(const Sale& sale, std::uint64_t id, bool isInEscrow, bool isPaid) const {
    const auto promise = [id](bool kept, const char* what) {
        require(kept, SaleInvariant::EveryCentIsAccountedFor, id, what);
    };
    const bool isDigital = sale.escrowed == 1;
    const unsigned unit = isDigital ? m_digital : sale.coin;
    const Whole held = !isInEscrow ? 0 : (isDigital ? sale.price : sale.due);
    promise(at(sale, {0, unit, Escrow, id}) == held, "something else is in escrow than was agreed");
    promise(!isDigital || at(sale, {0, unit, Treasury, 0}) == -held, "the digital dollars are not the treasury's");
    if (!isPaid) {
        promise(at(sale, {0, m_dollars, Escrow, id}) == 0 && at(sale, {0, m_dollars, Treasury, 0}) == 0,
                "dollars have moved before the seller is paid");
    }
}

/// B10, whatever was in escrow: the treasury has given the price and nothing else, and the coins are where they were.
void SaleAuditor::checkPayout(const Sale& sale, std::uint64_t id) {
    const auto promise = [id](bool kept, const char* what) {
        require(kept, SaleInvariant::EveryCentIsAccountedFor, id, what);
    };
    promise(at(sale, {0, m_dollars, Escrow, id}) == sale.holdback, "other dollars are kept back than were agreed");
    promise(at(sale, {0, m_dollars, Fees, 0}) == sale.fee, "the house takes another fee");
    promise(at(sale, {sale.payee, m_dollars, Available, 0}) == sale.price - sale.fee - sale.holdback,
            "the seller is paid another sum");
    if (!sale.sellsItsCoins) {
        promise(at(sale, {0, m_dollars, Treasury, 0}) == -sale.price, "the treasury has given another sum");
        promise(at(sale, {0, sale.coin, Treasury, 0}) == 0 &&
                    at(sale, {0, sale.coin, SaleFunds, id}) == -at(sale, {0, sale.coin, Custody, 0}),
                "the coins have moved already");
    }
    if (sale.escrowed == 1) ++m_digitalPaid;
    if (sale.escrowed == 2) ++m_coinsPaid;
}

/// A payment has left the chain after B9.
void SaleAuditor::checkUndone(const Sale& sale, std::uint64_t id, Whole sold) {
    const auto promise = [id](bool kept, const char* what) {
        require(kept, SaleInvariant::EveryCentIsAccountedFor, id, what);
    };
    promise(sold == 0 && ofStep({0, sale.coin, Treasury, 0}) == -sale.coinsSold, "the coins are not made good");
    promise(ofStep({0, m_dollars, Treasury, 0}) == sale.price && at(sale, {0, m_dollars, Escrow, id}) == 0,
            "the treasury has not got the price for them");
    m_madeGood[sale.coin] += sale.coinsSold;
    ++m_conversionsUndone;
}

Whole SaleAuditor::ofStep(const Account& account) const {
    const auto found = m_ofStep.find(account);
    return found == m_ofStep.end() ? 0 : found->second;
}

} // namespace tallylock::audit
