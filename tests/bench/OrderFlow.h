// One market, people with money, and a stream of orders: what the benchmarks of the node feed it with.
#pragma once

#include "core/engine/Commands.h"
#include "core/keys/Identity.h"

#include <random>
#include <string>

namespace tallylock::bench {

inline constexpr std::int64_t kMidTicks = 6'500'000; // 65,000.00
inline const money::Amount kTick{1'000'000, money::kUsd};
inline const money::Amount kLot{10'000, money::kBtc};

inline engine::OpenInstrument marketOfBench() {
    engine::OpenInstrument market;
    market.symbol = "BTC/USD";
    market.base = money::kBtc;
    market.quote = money::kUsd;
    market.tick = kTick;
    market.lot = kLot;
    market.minimum = kLot;
    market.maximum = {kLot.value * 1'000'000, money::kBtc};
    market.makerBasisPoints = 10;
    market.takerBasisPoints = 20;
    return market;
}

struct Order {
    std::uint32_t account = 0; ///< from 0
    std::uint8_t side = 0;
    std::int64_t ticks = 0;
    std::int64_t lots = 0;

    engine::PlaceOrder command() const {
        engine::PlaceOrder order;
        order.instrument = {1};
        order.side = side;
        order.price = {kTick.value * ticks, money::kUsd};
        order.quantity = {kLot.value * lots, money::kBtc};
        return order;
    }
};

/// Nine in ten rest within a hundred ticks of the middle, one in ten takes what rests on the other side.
class OrderFlow {
public:
    OrderFlow(std::uint32_t accounts, std::uint64_t seed) : m_accounts(accounts), m_random(seed) {}
    Order next() {
        Order order;
        order.account = static_cast<std::uint32_t>(m_random() % m_accounts);
        order.side = static_cast<std::uint8_t>(m_random() % 2);
        const auto away = static_cast<std::int64_t>(1 + m_random() % 100);
        const bool takes = m_random() % 10 == 0;
        const bool above = (order.side == 0) == takes;
        order.ticks = above ? kMidTicks + away : kMidTicks - away;
        order.lots = static_cast<std::int64_t>(1 + m_random() % 20);
        return order;
    }

private:
    std::uint32_t m_accounts;
    std::mt19937_64 m_random;
};

/// What makes the dollars and coins of an account, without a rail: the coordinator's own reports.
inline std::vector<engine::CommandBody> fundingOf(HolderId holder, std::int64_t dollars) {
    const std::string name = "account " + std::to_string(holder.value);
    engine::ObservePayment payment;
    payment.rail = "chain";
    payment.transaction = crypto::labelledHash("bench-payment", crypto::cborList(holder));
    payment.identifier = name;
    payment.amount = {money::Int128{dollars} * 100'000'000 / 65'000, money::kBtc};
    payment.confirmations = 2;
    return {engine::AssignDepositIdentifier{holder, money::kUsd, "bank", name},
            engine::AssignDepositIdentifier{holder, money::kBtc, "chain", name},
            engine::ObserveBankEntry{"bank", name, name, {money::Int128{dollars} * 100'000'000, money::kUsd}, 0},
            payment};
}

} // namespace tallylock::bench
