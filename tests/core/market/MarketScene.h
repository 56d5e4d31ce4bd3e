// A market with one instrument and a sink that writes down all that it hears.
#pragma once

#include "core/market/Market.h"

#include <QTest>

namespace tallylock::market::scene {

using money::kBtc;
using money::kEth;
using money::kInt128Max;
using money::kUsd;

inline constexpr HolderId kAlice{1};
inline constexpr HolderId kBob{2};
inline constexpr Amount kCent{1'000'000, kUsd};
inline constexpr Amount kLot{10'000, kBtc}; // 0.0001

inline InstrumentSpec spec() {
    InstrumentSpec made;
    made.name = "BTC/USD";
    made.tick = kCent;
    made.lot = kLot;
    made.minLots = 1;
    made.maxLots = 1'000'000;
    made.maxTicks = 100'000'000;
    made.makerBasisPoints = 10;
    made.takerBasisPoints = 20;
    return made;
}

/// Writes down all that it hears.
struct Recorder final : BookSink {
    struct Trade {
        OrderId maker;
        OrderId taker;
        std::int64_t ticks;
        std::int64_t lots;
        bool operator==(const Trade&) const = default;
    };
    struct Change {
        Side side;
        LevelRow level;
        bool operator==(const Change&) const = default;
    };
    struct Cancelled {
        OrderId order;
        std::int64_t remaining;
        CancelCause cause;
        bool operator==(const Cancelled&) const = default;
    };
    std::vector<Trade> trades;
    std::vector<Change> changes;
    std::vector<Cancelled> cancelled;
    std::vector<OrderId> triggered;
    void onMatch(const Match& match) override {
        trades.push_back({match.maker.id, match.taker.id, match.priceTicks, match.lots});
    }
    void onLevel(InstrumentId, Side side, const LevelRow& level) override { changes.push_back({side, level}); }
    void onTriggered(const Order& order) override { triggered.push_back(order.id); }
    void onCancelled(const Order& order, CancelCause cause) override {
        cancelled.push_back({order.id, order.remainingLots, cause});
    }
    void clear() { *this = Recorder{}; }
};

/// One market, Bitcoin against dollars; prices and quantities in ticks and lots.
struct Floor {
    Market market;
    InstrumentId btcUsd;
    Recorder heard;
    Floor() { btcUsd = *market.addInstrument(spec()); }

    NewOrder order(HolderId holder, Side side, std::int64_t ticks, std::int64_t lots,
                   std::uint64_t clientId = 0) const {
        NewOrder made;
        made.instrument = btcUsd;
        made.holder = holder;
        made.user = UserId{holder.value};
        made.clientOrderId = clientId;
        made.side = side;
        made.price = {kCent.value * ticks, kUsd};
        made.quantity = {kLot.value * lots, kBtc};
        return made;
    }
    Placed place(const NewOrder& asked) {
        const auto ticket = market.check(asked);
        if (!ticket.ok()) qFatal("refused: %s", nameOf(ticket.error()));
        return market.place(*ticket, HoldId{ticket->order.value + 1000}, heard);
    }
    Placed buy(HolderId holder, std::int64_t ticks, std::int64_t lots) {
        return place(order(holder, Side::Buy, ticks, lots));
    }
    Placed sell(HolderId holder, std::int64_t ticks, std::int64_t lots) {
        return place(order(holder, Side::Sell, ticks, lots));
    }
    std::string refusal(const NewOrder& asked) const {
        const auto ticket = market.check(asked);
        return ticket.ok() ? "accepted" : nameOf(ticket.error());
    }
    std::vector<LevelRow> levels(Side side) const { return market.depth(btcUsd, side, 1000); }
};
using Levels = std::vector<LevelRow>;
using Trades = std::vector<Recorder::Trade>;
using Changes = std::vector<Recorder::Change>;

inline Bytes stateOf(const Market& market) {
    CborWriter writer;
    market.save(writer);
    return writer.take();
}
inline Market reloaded(const Market& market) {
    const Bytes bytes = stateOf(market);
    CborReader reader(bytes);
    auto again = Market::load(reader);
    if (!again.ok() || !reader.finish() || stateOf(*again) != bytes) qFatal("state does not survive");
    return std::move(*again);
}
inline std::string name(PlaceRefusal refusal) { return nameOf(refusal); }
inline std::string outcome(const Result<Order, CancelRefusal>& result) {
    return result.ok() ? "cancelled" : nameOf(result.error());
}

} // namespace tallylock::market::scene
