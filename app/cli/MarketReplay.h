// A market played from a file: the rows of orders in, the rows of what happened out. Deterministic, for back-testing
// and for checks from outside. The matching is the exchange's own; without funds nothing limits anybody.
//
// In:  seq,account,action,order_id,side,type,price,quantity,stop_price
// Out: seq,event,order_id,counter_order_id,price,quantity,remaining,reason
//
// A row that cannot be understood, or may not be done, is refused with a reason and changes nothing.
#pragma once

#include "core/engine/TradeMoney.h"

#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace tallylock::cli {

struct ReplaySettings {
    std::string tick = "0.01";
    std::string lot = "0.0001";
    std::string base = "BTC";
    std::string quote = "USD";
    std::uint32_t makerBasisPoints = 0;
    std::uint32_t takerBasisPoints = 0;
    market::SelfTrade selfTrade = market::SelfTrade::Allow;
};

/// Whose money there is: account,unit,amount. Reads a file of such rows after their header.
using OpeningFunds = std::vector<std::pair<std::string, money::Amount>>;
/// Or what is wrong with the file, and where.
Result<OpeningFunds, std::string> readFunds(std::FILE* file);

class MarketReplay final : public market::BookSink {
public:
    /// `out` stays the caller's. Settings that make no market are answered in words.
    static Result<std::unique_ptr<MarketReplay>, std::string> make(const ReplaySettings& settings, std::FILE* out);
    /// From now on nobody has more than this.
    void fund(const OpeningFunds& funds);
    /// The whole file with its header. What is wrong with the file as a whole, in words; empty: nothing.
    std::string run(std::FILE* in);

    void onMatch(const market::Match& match) override;
    void onLevel(InstrumentId, market::Side, const market::LevelRow&) override {}
    void onRested(const market::Order& order) override;
    void onTriggered(const market::Order& order) override;
    void onCancelled(const market::Order& order, market::CancelCause cause) override;

private:
    struct Row;
    MarketReplay(market::Market market, InstrumentId instrument, market::SelfTrade selfTrade, std::FILE* out);

    void apply(std::string_view line);
    void place(const Row& row);
    void cancel(const Row& row);
    void replace(const Row& row);
    void refuse(const Row& row, std::string_view reason);
    void tell(std::string_view event, std::string_view order, std::string_view counter, std::int64_t priceTicks,
              std::int64_t lots, std::int64_t remainingLots, std::string_view reason);
    void tell(std::string_view event, const market::Order& order, std::string_view reason = {});
    void release(const market::Order& order);
    HolderId holderOf(std::string_view account);
    OrderId orderOf(std::string_view name) const;
    std::string_view nameOf(OrderId order) const { return *m_orderNames[order.value - 1]; }

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class Value>
    using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

    market::Market m_market;
    const market::Instrument& m_instrument;
    std::optional<ledger::Ledger> m_ledger; ///< none: nothing limits anybody
    market::SelfTrade m_selfTrade;
    std::FILE* m_out;
    unsigned m_priceDecimals;
    unsigned m_quantityDecimals;
    std::string m_sequence; ///< of the row under way
    std::string m_line;
    ByText<HolderId> m_holders;
    ByText<OrderId> m_orders;                     ///< all that were ever accepted
    std::vector<const std::string*> m_orderNames; ///< by number, from one
};

} // namespace tallylock::cli
