#include "core/host/Conversions.h"
#include "tests/audit/SaleWorldInside.h"

namespace tallylock::audit {

namespace {
constexpr InstrumentId kMarket{1};
constexpr std::int64_t kLot = 1'000;
} // namespace

/// BTC/USD, open to any price, and somebody who has more than enough to bid with.
void SaleWorld::openMarket() {
    (void)apply(m_coordinator, OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(kLot), satoshi(kLot),
                                              satoshi(1'000'000'000), 10, 20});
    (void)apply(m_coordinator, SteerInstrument{kMarket, false, usd(5'000'000)}); // any price is taken all the same
    const Reply joined =
        apply(m_bidder, RegisterHolder{"bidder", false, *BoxKey::from(tallylock::test::saleHash("bidder").view())});
    (void)apply(m_coordinator, AssignDepositIdentifier{{joined.value}, money::kUsd, "bank", "bidder"});
    (void)apply(m_coordinator, ObserveBankEntry{"bank", "salary", "bidder", usd(1'000'000'000'000), m_nowMs});
}

void SaleWorld::trade(std::size_t number) {
    if (oneIn(8)) {
        const auto lots = static_cast<std::int64_t>(1 + below(200'000));
        const auto cents = static_cast<std::int64_t>(1 + below(10'000'000));
        send(number, m_bidder, PlaceOrder{kMarket, 0, usd(cents), satoshi(lots * kLot)}, kHourMs);
    }
    if (oneIn(20)) send(number, m_bidder, CancelAllOrders{}, kHourMs);
    const auto stock = m_node.engine().coinStocks().find(money::kBtc);
    if (stock == m_node.engine().coinStocks().end() || !oneIn(4)) return;
    const money::Int128 most = stock->second.left.value;
    money::Int128 part = oneIn(2) ? most : most / 2;
    if (oneIn(10)) part = most + kLot;                                  // there is not so much
    const std::uint64_t attempt = stock->second.nextAttempt - below(2); // or once more what has been tried
    send(number, oneIn(20) ? m_stranger : m_coordinator,
         SellCoins{kMarket, usd(1), {part / kLot * kLot, money::kBtc}, attempt}, kHourMs);
}

std::optional<CommandBody> SaleWorld::convert(const Story& story) {
    const Engine& engine = m_node.engine();
    auto order = host::Conversions(engine, money::kBasisPointsInOne).make(*story.view);
    if (oneIn(6)) { // whatever somebody may think of
        const auto lots = static_cast<std::int64_t>(below(100'000));
        order = Conversion{kMarket, usd(static_cast<std::int64_t>(1 + below(10'000'000))), satoshi(lots * kLot)};
    }
    if (!order && !oneIn(10)) return std::nullopt;
    return tallylock::test::escrowingOf(*story.view, engine, signersOf(story), order);
}

} // namespace tallylock::audit
