#include "core/rails/practice/PracticeCore.h"

namespace tallylock::rails {

std::optional<Amount> practiceRate(UnitId coin) {
    std::int64_t dollars = 0;
    if (coin == money::kBtc) dollars = 50'000;
    if (coin == money::kEth) dollars = 2'500;
    if (coin == money::kXmr) dollars = 200;
    if (coin == money::kDusd) dollars = 1;
    if (dollars == 0) return std::nullopt;
    return Amount{dollars * money::powerOfTen(money::findUnit(money::kUsd)->ledgerDecimals), money::kUsd};
}

/// What these dollars cost in coins, rounded up to what the chain can move.
static Result<Amount, RailError> coinsFor(UnitId coin, const Amount& dollars) {
    const auto rate = practiceRate(coin);
    if (!rate || dollars.unit != money::kUsd) return Err(RailError::UnknownUnit);
    if (!dollars.isPositive()) return Err(RailError::Refused);
    const auto coins = money::baseFor(dollars, *rate, coin, money::Rounding::Up);
    if (!coins) return Err(RailError::Refused);
    return *coins;
}

static std::string deedReference(const char* what, SaleId sale) {
    return std::string("practice-") + what + "-" + std::to_string(sale.value);
}

Result<ports::FirstExchange::Quote, RailError> PracticeFirstExchange::quote(const QuoteWanted& wanted) {
    const auto& [sale, coin, dollars, behindMs] = wanted;
    const auto coins = coinsFor(coin, dollars);
    if (!coins) return Err(coins.error());
    auto& core = *m_world.m_core;
    if (behindMs != 0) return Quote{*coins, core.quoteMs()}; // practice rates never change, so it is always the same
    const DeedDone deed{sale, Deed::Quote, dollars, *coins, deedReference("quote", sale)};
    return core.ask([&core, deed, unit = coin]() -> Result<Quote, RailError> {
        const auto done = core.doOnce(deed);
        if (!done) return Err(done.error());
        if (done->result.unit != unit) return Err(RailError::Refused);
        return Quote{done->result, core.quoteMs()};
    });
}

Result<ports::FirstExchange::Wallet, RailError> PracticeFirstExchange::openWallet(SaleId sale, UnitId coin) {
    auto address = m_world.chain().expect(coin, "sale/" + std::to_string(sale.value));
    if (!address) return Err(address.error());
    return Wallet{m_world.chain().name(), std::move(*address)};
}

Result<std::string, RailError> PracticeFirstExchange::provide(SaleId sale, const Amount& dollars) {
    if (dollars.unit != money::kUsd) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        if (core.state().deed(sale, Deed::CloseWallet)) return Err(RailError::Refused);
        const auto done = core.doOnce({sale, Deed::Provide, dollars, dollars, deedReference("provided", sale)});
        if (!done) return Err(done.error());
        return done->reference;
    });
}

Result<std::string, RailError> PracticeFirstExchange::closeWallet(SaleId sale) {
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        const Amount nothing{0, money::kUsd};
        const auto done = core.doOnce({sale, Deed::CloseWallet, nothing, nothing, deedReference("closed", sale)});
        if (!done) return Err(done.error());
        return done->reference;
    });
}

Result<std::string, RailError> PracticeDollarExchange::pay(SaleId sale, const Amount& dollars) {
    if (dollars.unit != money::kUsd) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<std::string, RailError> {
        const auto done = core.doOnce({sale, Deed::PaySeller, dollars, dollars, deedReference("paid", sale)});
        if (!done) return Err(done.error());
        return done->reference;
    });
}

Result<ports::SecondExchange::Receipt, RailError> PracticeSecondExchange::receive(SaleId sale, const Amount& coins) {
    if (!practiceRate(coins.unit)) return Err(RailError::UnknownUnit);
    auto& core = *m_world.m_core;
    return core.ask([&]() -> Result<Receipt, RailError> {
        // Worth what was provided, and never more than what is offered.
        Amount used = coins;
        if (const DeedDone* provided = core.state().deed(sale, Deed::Provide)) {
            const auto worth = coinsFor(coins.unit, provided->asked);
            if (!worth) return Err(worth.error());
            if (worth->value < used.value) used = *worth;
        }
        const auto done = core.doOnce({sale, Deed::Receive, coins, used, deedReference("received", sale)});
        if (!done) return Err(done.error());
        return Receipt{done->reference, done->result};
    });
}

} // namespace tallylock::rails
