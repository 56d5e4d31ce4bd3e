#include "core/host/Quotes.h"

namespace tallylock::host {

const char* nameOf(QuoteProblem problem) {
    switch (problem) {
    case QuoteProblem::FloatCapReached: return "FloatCapReached";
    case QuoteProblem::OutsideFailed: return "OutsideFailed";
    case QuoteProblem::BookHasNoPrice: return "BookHasNoPrice";
    }
    return "unknown";
}

Quotes::Quotes(const QuoteSettings& settings, const engine::Engine& engine) : m_settings(settings) {
    const bool fromBook = engine.config().secondExchange == engine::SecondExchange::OwnBook;
    const engine::OpenQuotes open = engine.openQuotes();
    m_fronted = open.dollars;
    for (const auto& [coin, promised] : open.coins) m_coins[coin].promised = promised;
    if (!fromBook) return;
    for (const market::Instrument& traded : engine.market().instruments()) {
        OfCoin& of = ofCoin(traded.scale.base());
        if (of.bids) continue;
        if (auto bids =
                market::bidsFor(engine.market(), traded.scale.base(), m_fronted.unit, m_settings.downToBasisPoints))
            of.bids = std::move(*bids);
    }
}

Quotes::OfCoin& Quotes::ofCoin(money::UnitId coin) {
    return m_coins.try_emplace(coin, OfCoin{std::nullopt, {0, coin}}).first->second;
}

Result<ports::FirstExchange::Quote, QuoteProblem> Quotes::make(const ports::FirstExchange::QuoteWanted& wanted,
                                                               ports::FirstExchange& outside) {
    const auto fronted = m_fronted + wanted.dollars;
    if (!fronted) return Err(QuoteProblem::FloatCapReached);
    if (m_settings.floatCap && m_settings.floatCap->value < fronted->value) return Err(QuoteProblem::FloatCapReached);
    OfCoin& of = ofCoin(wanted.coin);
    auto quote = fromBook(of, wanted.dollars);
    if (!quote) {
        const auto named = outside.quote(wanted);
        if (!named) return Err(QuoteProblem::OutsideFailed);
        quote = *named;
    }
    m_fronted = *fronted;
    of.promised.value += quote->coins.value;
    return *quote;
}

/// Nothing: the book has no price for so much.
std::optional<ports::FirstExchange::Quote> Quotes::fromBook(const OfCoin& of, const money::Amount& dollars) const {
    if (!of.bids) return std::nullopt;
    const auto coins = market::toRaise(*of.bids, dollars, of.promised);
    if (!coins) return std::nullopt;
    return quoteOf(*coins);
}

/// Rounded up to what the chain can move.
ports::FirstExchange::Quote Quotes::quoteOf(const money::Amount& coins) const {
    const money::Unit& unit = *money::findUnit(coins.unit);
    const money::Int128 step = money::powerOfTen(unit.ledgerDecimals - unit.railDecimals);
    return {{(coins.value + step - 1) / step * step, coins.unit}, m_settings.validForMs};
}

Result<ports::FirstExchange::Quote, QuoteProblem> Quotes::makeConverted(money::UnitId coin,
                                                                        const money::Amount& dollars) {
    OfCoin& of = ofCoin(coin);
    if (!of.bids) return Err(QuoteProblem::BookHasNoPrice);
    const auto order = market::toRaiseAtOnce(*of.bids, dollars, of.promised, market::AboveReference::AtReference);
    if (!order) return Err(QuoteProblem::BookHasNoPrice);
    money::Amount coins = of.bids->scale.quantityOf(order->lots);
    const auto margin = money::feeOf(coins, m_settings.convertedMarginBasisPoints);
    if (!margin) return Err(QuoteProblem::BookHasNoPrice);
    coins.value += margin->value;
    // What is sold then is in whole lots as well: a part of one would be no margin, and of a small sale there is no
    // more.
    const money::Int128 lot = of.bids->scale.lot().value;
    coins.value = (coins.value + lot - 1) / lot * lot;
    const ports::FirstExchange::Quote quote = quoteOf(coins);
    of.promised.value += quote.coins.value;
    return quote;
}

} // namespace tallylock::host
