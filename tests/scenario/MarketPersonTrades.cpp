// What somebody in a marketplace does with money: deposits, orders, withdrawals.
#include "tests/scenario/MarketPerson.h"

#include <iterator>

namespace tallylock::marketplace {

namespace {

constexpr std::int64_t kMiddleCents = 50'000'00;
constexpr std::uint64_t kAroundCents = 100'00;
constexpr InstrumentId kMarket{1};

// What the dealer bids for: more than all sales of a run bring, and below what anybody else asks.
constexpr std::int64_t kBidCents = 49'800'00;
constexpr std::uint64_t kBidLots = 4'000;
const Amount kCapital{20'000 * money::powerOfTen(8), money::kUsd};

/// As much of each as somebody brings at once.
const Amount kDeposits[] = {{2'000 * money::powerOfTen(8), money::kUsd},
                            {money::powerOfTen(8) / 20, money::kBtc},
                            {money::powerOfTen(18), money::kEth}};

Amount cents(std::int64_t value) { return {value * money::powerOfTen(6), money::kUsd}; }
Amount lots(std::uint64_t value) { return {static_cast<std::int64_t>(value) * money::powerOfTen(4), money::kBtc}; }

bool isOpen(const api::OrderRow& order) { return order.state == api::OrderState::Open; }

} // namespace

bool Person::deposit() {
    if (m_budget.deposits == 0) return false;
    --m_budget.deposits;
    const Amount amount = kDeposits[m_chance.below(std::size(kDeposits))];
    m_session->depositIdentifier(amount.unit, goingOn<api::DepositRow>([this, amount](const api::DepositRow& place) {
                                     m_places[amount.unit] = place.identifier;
                                     const auto done =
                                         ending([this, amount] { m_told.deposited[amount.unit] += amount.value; });
                                     if (amount.unit == money::kUsd)
                                         m_practice->bankTransfer(amount.unit, place.identifier, amount, done);
                                     else
                                         m_practice->payToAddress(amount.unit, place.identifier, amount, done);
                                 }));
    return true;
}

bool Person::placeOrder() {
    if (m_budget.orders == 0) return false;
    const api::Side side = m_chance.oneIn(2) ? api::Side::Buy : api::Side::Sell;
    const api::UnitId needed = side == api::Side::Buy ? money::kUsd : money::kBtc;
    bool hasSome = false;
    for (const api::BalanceRow& row : m_view.balances)
        hasSome = hasSome || (row.unit == needed && row.available.isPositive());
    if (!hasSome) return false;
    --m_budget.orders;
    ++m_ordersAsked;
    const auto away =
        static_cast<std::int64_t>(m_chance.below(2 * kAroundCents)) - static_cast<std::int64_t>(kAroundCents);
    m_session->placeOrder({kMarket, side, cents(kMiddleCents + away), lots(1 + m_chance.below(20))},
                          ending<api::OrderRow>([this](const api::OrderRow& order) { m_told.placed.insert(order.id); },
                                                [this] { --m_ordersAsked; }));
    return true;
}

bool Person::changeOrder() {
    if (m_budget.changes == 0) return false;
    for (const api::OrderRow& order : m_view.orders) {
        if (!isOpen(order) || !m_chance.oneIn(2)) continue;
        --m_budget.changes;
        api::OrderChange change;
        if (m_chance.oneIn(2)) {
            change.quantity = Amount{order.quantity.value + lots(1).value, order.quantity.unit};
        } else {
            change.price = Amount{order.price.value + cents(10'00).value, order.price.unit};
        }
        m_session->replaceOrder(order.id, change, ending<api::OrderRow>([](const api::OrderRow&) {}));
        return true;
    }
    return false;
}

bool Person::cancelOrder() {
    if (m_budget.changes == 0) return false;
    for (const api::OrderRow& order : m_view.orders) {
        if (!isOpen(order) || !m_chance.oneIn(3)) continue;
        --m_budget.changes;
        m_session->cancelOrder(order.id, ending([this, id = order.id] { m_told.cancelled.insert(id); }));
        return true;
    }
    return false;
}

/// Without it no coins could be sold for the seller's dollars.
bool Person::bid() {
    if (m_trade != Trade::Dealer) return false;
    for (const api::OrderRow& order : m_view.orders) {
        if (isOpen(order)) return false;
    }
    for (const api::BalanceRow& row : m_view.balances) {
        if (row.unit != money::kUsd || row.available.value < kCapital.value) continue;
        ++m_ordersAsked;
        m_session->placeOrder(
            {kMarket, api::Side::Buy, cents(kBidCents), lots(kBidLots)},
            ending<api::OrderRow>([this](const api::OrderRow& order) { m_told.placed.insert(order.id); },
                                  [this] { --m_ordersAsked; }));
        return true;
    }
    m_session->depositIdentifier(money::kUsd, goingOn<api::DepositRow>([this](const api::DepositRow& place) {
                                     bringCapital(place.identifier);
                                 }));
    return true;
}

/// Once: a bank remembers what it has been told to pay.
void Person::bringCapital(const std::string& place) {
    m_places[money::kUsd] = place;
    m_practice->paidTo(money::kUsd, place, goingOn<Amount>([this, place](const Amount& paid) {
                           if (!paid.isZero()) {
                               m_isBusy = false; // it is on its way
                               return;
                           }
                           m_practice->bankTransfer(money::kUsd, place, kCapital, ending([this] {
                                                        m_told.deposited[money::kUsd] += kCapital.value;
                                                    }));
                       }));
}

/// A quarter of what is there, in whole dollars.
bool Person::withdraw() {
    if (m_budget.withdrawals == 0) return false;
    for (const api::BalanceRow& row : m_view.balances) {
        Amount amount{row.available.value / 4, row.unit};
        if (row.unit == money::kUsd) amount.value = amount.value / money::powerOfTen(8) * money::powerOfTen(8);
        if (!amount.isPositive() || !m_chance.oneIn(2)) continue;
        for (const api::PayoutAddressRow& place : m_view.addresses) {
            if (place.unit != row.unit) continue;
            --m_budget.withdrawals;
            m_session->treasury().requestWithdrawal(
                place.id, amount,
                ending<std::uint64_t>([this, amount](const std::uint64_t& id) { m_told.withdrawals[id] = amount; }));
            return true;
        }
        m_session->treasury().addPayoutAddress(row.unit, "cold-" + name + "-" + std::to_string(row.unit.value), "Cold",
                                               ending<std::uint64_t>([](const std::uint64_t&) {}));
        return true;
    }
    return false;
}

} // namespace tallylock::marketplace
