#include "core/host/Conversions.h"

#include "core/ledger/Ledger.h"

namespace tallylock::host {

Conversions::OfCoin& Conversions::ofCoin(money::UnitId coin) {
    const auto [found, isNew] = m_coins.try_emplace(coin, OfCoin{std::nullopt, {0, coin}});
    if (isNew) {
        auto bids = market::bidsFor(m_engine.market(), coin, m_engine.config().dollars, m_downToBasisPoints);
        if (bids) found->second.bids = std::move(*bids);
    }
    return found->second;
}

std::optional<engine::Conversion> Conversions::make(const engine::SaleChanged& sale) {
    if (!sale.terms || !engine::isConverted(*sale.terms)) return std::nullopt;
    OfCoin& of = ofCoin(sale.coin);
    if (!of.bids) return std::nullopt;
    const auto order = market::toRaiseAtOnce(*of.bids, sale.terms->price, of.sold, market::AboveReference::AsItIs);
    if (!order) return std::nullopt;
    const money::Amount coins = of.bids->scale.quantityOf(order->lots);
    const auto funds = m_engine.ledger().balance(ledger::saleFundsOf(sale.sale, sale.coin)).total;
    if (coins.value > funds) return std::nullopt;
    of.sold.value += coins.value;
    return engine::Conversion{of.bids->instrument, of.bids->scale.priceOf(order->priceTicks), coins};
}

} // namespace tallylock::host
