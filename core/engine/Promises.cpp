// What open quotes promise, summed up as sales move: quoting looks at the sums and never through all sales.
#include "core/engine/EngineState.h"

namespace tallylock::engine {

/// From B5 on, until it lapses, or its coins have come to the treasury or are to go back. Of a converted sale the
/// treasury fronts nothing, and its coins are to be sold until B9 has sold them.
static Promise promiseOf(const SaleChanged& view) {
    if (!view.coins || view.settlement == Settlement::Done || view.state == SaleState::Refunding) return {};
    if (view.converted || view.quoteLapsed || escrow::isTerminal(view.state)) return {};
    return {view.coins->value, isConverted(*view.terms) ? 0 : view.terms->price.value};
}

void Engine::State::recount(OpenSale& sale) {
    const Promise now = promiseOf(sale.view);
    if (now == sale.promise) return;
    const UnitId coin = sale.view.coin;
    Amount& coins = promised.coins.try_emplace(coin, Amount{0, coin}).first->second;
    coins.value += now.coins - sale.promise.coins; // bounded by kLargestAmount each
    if (coins.isZero()) promised.coins.erase(coin);
    promised.dollars.value += now.dollars - sale.promise.dollars;
    sale.promise = now;
}

/// What sales count on, and what the treasury has not sold.
OpenQuotes Engine::openQuotes() const {
    OpenQuotes open = m_state->promised;
    for (const auto& [coin, stock] : m_state->coinStocks) {
        open.coins.try_emplace(coin, Amount{0, coin}).first->second.value += stock.left.value;
        open.dollars.value += stock.fronted.value;
    }
    return open;
}

} // namespace tallylock::engine
