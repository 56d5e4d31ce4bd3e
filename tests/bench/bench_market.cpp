// Matching with everything that belongs to it, beside a textbook order book that does nothing but match.
//
// Ours verifies and holds balances, matches, makes and executes an instruction for each fill with fees in the ledger,
// and writes events. The textbook is std::map of std::list with an std::unordered_map by number: no ledger, no
// events. Both are fed the same recorded stream in the same run and must produce the same trades.
//
// Processor time of the thread, turn by turn, the best of several turns of each: a busy machine hurts both alike.
#include "core/ledger/Ledger.h"
#include "core/market/Instruction.h"
#include "core/market/Market.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <list>
#include <map>
#include <random>
#include <string>
#include <unordered_map>

using namespace tallylock;
using market::Side;

namespace {

constexpr std::size_t kOperations = 1'000'000;
constexpr std::uint32_t kHolders = 100'000;
constexpr std::int64_t kMidTicks = 6'500'000; // 65,000.00
constexpr int kTurns = 5;

struct Operation {
    std::uint32_t order = 0;  // the number of a new order, or of the one to cancel
    std::uint32_t holder = 0; // zero cancels
    std::int32_t ticks = 0;
    std::uint16_t lots = 0;
    Side side = Side::Buy;
};

class TradeHash {
public:
    void add(std::uint64_t maker, std::uint64_t taker, std::int64_t ticks, std::int64_t lots) {
        for (const std::uint64_t word :
             {maker, taker, static_cast<std::uint64_t>(ticks), static_cast<std::uint64_t>(lots)}) {
            m_value = (m_value ^ word) * 0x100000001b3u;
        }
        ++m_trades;
    }
    bool operator==(const TradeHash&) const = default;
    std::uint64_t trades() const { return m_trades; }

private:
    std::uint64_t m_value = 0xcbf29ce484222325u;
    std::uint64_t m_trades = 0;
};

class Textbook {
public:
    explicit Textbook(std::size_t) {}
    void apply(const Operation& operation) {
        if (operation.holder != 0) {
            place(operation, [](std::uint32_t) {});
        } else {
            cancel(operation.order);
        }
    }
    template <class Gone>
    void place(const Operation& order, Gone&& gone) {
        if (order.side == Side::Buy) {
            sweep(
                order, m_sells, m_buys, [&](std::int64_t ticks) { return ticks <= order.ticks; }, gone);
        } else {
            sweep(
                order, m_buys, m_sells, [&](std::int64_t ticks) { return ticks >= order.ticks; }, gone);
        }
    }
    void cancel(std::uint32_t number) {
        const auto found = m_where.find(number);
        if (found == m_where.end()) return;
        const Place place = found->second;
        m_where.erase(found);
        if (place.side == Side::Buy) {
            drop(m_buys, place);
        } else {
            drop(m_sells, place);
        }
    }
    std::size_t depth() const { return m_where.size(); }
    const TradeHash& hash() const { return m_hash; }

private:
    struct Entry {
        std::uint32_t number;
        std::uint32_t holder;
        std::int64_t lots;
    };
    using Queue = std::list<Entry>;
    struct Place {
        Side side;
        std::int64_t ticks;
        Queue::iterator entry;
    };
    template <class Others, class Own, class Crosses, class Gone>
    void sweep(const Operation& order, Others& others, Own& own, Crosses&& crosses, Gone&& gone) {
        std::int64_t lots = order.lots;
        while (lots > 0 && !others.empty() && crosses(others.begin()->first)) {
            const auto level = others.begin();
            Entry& maker = level->second.front();
            const std::int64_t filled = std::min(lots, maker.lots);
            m_hash.add(maker.number, order.order, level->first, filled);
            lots -= filled;
            maker.lots -= filled;
            if (maker.lots > 0) break;
            gone(maker.number);
            m_where.erase(maker.number);
            level->second.pop_front();
            if (level->second.empty()) others.erase(level);
        }
        if (lots == 0) return;
        Queue& queue = own[order.ticks];
        queue.push_back({order.order, order.holder, lots});
        m_where.emplace(order.order, Place{order.side, order.ticks, std::prev(queue.end())});
    }
    template <class Levels>
    void drop(Levels& levels, const Place& place) {
        const auto level = levels.find(place.ticks);
        level->second.erase(place.entry);
        if (level->second.empty()) levels.erase(level);
    }

    std::map<std::int64_t, Queue, std::greater<>> m_buys;
    std::map<std::int64_t, Queue> m_sells;
    std::unordered_map<std::uint32_t, Place> m_where;
    TradeHash m_hash;
};

/// What was fed: first the orders that fill the book, then what is measured.
struct Stream {
    std::size_t depth = 0;
    std::vector<Operation> prefill;
    std::vector<Operation> measured;
};

class Recorder {
public:
    explicit Recorder(std::size_t depth) : m_book(depth), m_random(depth) { m_stream.depth = depth; }

    Stream record() {
        m_position.resize(1);
        while (m_live.size() < m_stream.depth) add(m_stream.prefill, false);
        while (m_stream.measured.size() < kOperations) {
            if (m_random() % 10 == 0) {
                add(m_stream.measured, true);
            } else if (m_live.size() < m_stream.depth) {
                add(m_stream.measured, false);
            } else {
                const std::uint32_t number = m_live[m_random() % m_live.size()];
                m_stream.measured.push_back({number, 0, 0, 0, Side::Buy});
                m_book.cancel(number);
                forget(number);
            }
        }
        return std::move(m_stream);
    }

private:
    // Within 100 ticks of the mid: on the own side of it, or on the other where it meets what rests there.
    void add(std::vector<Operation>& operations, bool marketable) {
        Operation order;
        order.order = static_cast<std::uint32_t>(m_position.size());
        order.holder = 1 + static_cast<std::uint32_t>(m_random() % kHolders);
        order.side = m_random() % 2 == 0 ? Side::Buy : Side::Sell;
        order.lots = static_cast<std::uint16_t>(1 + m_random() % 100);
        const auto distance = static_cast<std::int32_t>(marketable ? 100 : 1 + m_random() % 100);
        const bool above = (order.side == Side::Sell) != marketable;
        order.ticks = static_cast<std::int32_t>(kMidTicks) + (above ? distance : -distance);
        operations.push_back(order);
        m_position.push_back(0);
        const std::size_t before = m_book.depth();
        std::size_t filled = 0;
        m_book.place(order, [&](std::uint32_t number) {
            forget(number);
            ++filled;
        });
        if (m_book.depth() + filled > before) {
            m_position[order.order] = m_live.size();
            m_live.push_back(order.order);
        }
    }
    void forget(std::uint32_t number) {
        const std::size_t at = m_position[number];
        m_live[at] = m_live.back();
        m_position[m_live[at]] = at;
        m_live.pop_back();
    }

    Textbook m_book;
    std::mt19937_64 m_random;
    Stream m_stream;
    std::vector<std::uint32_t> m_live;
    std::vector<std::size_t> m_position; // by number, in m_live
};

/// The same stream through market and ledger.
class Exchange final : public market::BookSink {
public:
    explicit Exchange(std::size_t) : m_trades(kKept), m_levels(kKept) {
        market::InstrumentSpec spec;
        spec.name = "BTC/USD";
        spec.tick = kTick;
        spec.lot = kLot;
        spec.maxLots = 1'000'000;
        spec.maxTicks = 100'000'000;
        spec.makerBasisPoints = 10;
        spec.takerBasisPoints = 20;
        const auto instrument = m_market.addInstrument(spec);
        if (!instrument) std::abort();
        m_instrument = *m_market.instrument(*instrument);
        m_fees = m_ledger.handleOf(ledger::houseAccount(ledger::Purpose::Fees, money::kUsd));
        const auto bank = m_ledger.handleOf(ledger::houseAccount(ledger::Purpose::BankCustody, money::kUsd));
        const auto chain = m_ledger.handleOf(ledger::houseAccount(ledger::Purpose::Custody, money::kBtc));
        m_accounts.resize(kHolders + 1);
        for (std::uint32_t i = 1; i <= kHolders; ++i) {
            Accounts& accounts = m_accounts[i];
            accounts.dollars = m_ledger.handleOf(ledger::availableOf(HolderId{i}, money::kUsd));
            accounts.coins = m_ledger.handleOf(ledger::availableOf(HolderId{i}, money::kBtc));
            const money::Int128 plenty = money::powerOfTen(20);
            const ledger::FastLeg legs[] = {
                {bank, -plenty}, {accounts.dollars, plenty}, {chain, -plenty}, {accounts.coins, plenty}};
            if (!m_ledger.post(legs)) std::abort();
        }
    }

    void apply(const Operation& operation) {
        if (operation.holder != 0) {
            place(operation);
        } else {
            cancel(OrderId{operation.order});
        }
    }
    const TradeHash& hash() const { return m_hash; }
    bool balances() const { return m_ledger.checkSums() && m_ledger.holdCount() == m_market.openOrderCount(); }

    void onMatch(const market::Match& match) override {
        m_hash.add(match.maker.id.value, match.taker.id.value, match.priceTicks, match.lots);
        market::Order& buyer = match.buyer();
        market::Order& seller = match.seller();
        for (const HolderId holder : {buyer.holder, seller.holder}) {
            m_ledger.prefetch(m_accounts[holder.value].dollars);
            m_ledger.prefetch(m_accounts[holder.value].coins);
        }
        const money::TradeScale& scale = m_instrument.scale;
        market::Instruction& made = m_trades[m_tradeCount++ % kKept];
        made.number = InstructionId{m_tradeCount};
        made.instrument = m_instrument.id;
        made.makerOrder = match.maker.id;
        made.takerOrder = match.taker.id;
        made.buyer = buyer.holder;
        made.seller = seller.holder;
        made.takerSide = match.taker.side;
        made.price = scale.priceOf(match.priceTicks);
        made.quantity = scale.quantityOf(match.lots);
        made.fiat = scale.quoteWithin(match.priceTicks, match.lots);
        made.buyerFee = feeOf(buyer, match, made.fiat);
        made.sellerFee = feeOf(seller, match, made.fiat);
        execute(made, buyer, seller, scale.quoteWithin(buyer.priceTicks, match.lots).value);
        made.state = market::InstructionState::Executed;
    }
    void onCancelled(const market::Order&, market::CancelCause) override { std::abort(); }
    void onLevel(InstrumentId, Side, const market::LevelRow& level) override {
        m_levels[m_levelCount++ % kKept] = level;
    }

private:
    static constexpr std::size_t kKept = 256; // events that somebody would read from here
    static constexpr money::Amount kTick{1'000'000, money::kUsd};
    static constexpr money::Amount kLot{10'000, money::kBtc};
    struct Accounts {
        ledger::AccountHandle dollars;
        ledger::AccountHandle coins;
    };

    void place(const Operation& operation) {
        const Accounts& accounts = m_accounts[operation.holder];
        m_ledger.prefetch(operation.side == Side::Buy ? accounts.dollars : accounts.coins);
        market::NewOrder order;
        order.instrument = m_instrument.id;
        order.holder = HolderId{operation.holder};
        order.user = UserId{operation.holder};
        order.clientOrderId = operation.order;
        order.side = operation.side;
        order.price = {kTick.value * operation.ticks, money::kUsd};
        order.quantity = {kLot.value * operation.lots, money::kBtc};
        const auto ticket = m_market.check(order);
        if (!ticket) std::abort();
        const auto fee = money::feeOf(ticket->fiat, m_instrument.spec.takerBasisPoints);
        const auto hold = order.side == Side::Buy ? m_ledger.hold(accounts.dollars, ticket->fiat.value + fee->value,
                                                                  ledger::Reason::Order, ticket->order.value)
                                                  : m_ledger.hold(accounts.coins, order.quantity.value,
                                                                  ledger::Reason::Order, ticket->order.value);
        if (!hold) std::abort();
        (void)m_market.place(*ticket, *hold, *this);
    }
    void cancel(OrderId id) {
        const market::Order* open = m_market.order(id);
        const Accounts& accounts = m_accounts[open->holder.value];
        m_ledger.prefetch(open->side == Side::Buy ? accounts.dollars : accounts.coins);
        const auto order = m_market.cancel(id, open->holder, *this);
        if (!order || !m_ledger.release(order->hold)) std::abort();
    }
    money::Amount feeOf(market::Order& order, const market::Match& match, const money::Amount& fiat) {
        const bool isTaker = &order == &match.taker;
        const auto metered = money::meterFee(
            fiat, isTaker ? m_instrument.spec.takerBasisPoints : m_instrument.spec.makerBasisPoints, order.feeCredit);
        order.feeCredit = metered->credit;
        return metered->fee;
    }
    void execute(const market::Instruction& made, const market::Order& buyer, const market::Order& seller,
                 money::Int128 atLimit) {
        const Accounts& buys = m_accounts[buyer.holder.value];
        const Accounts& sells = m_accounts[seller.holder.value];
        const ledger::FastLeg legs[] = {{buys.dollars, -made.fiat.value - made.buyerFee.value},
                                        {sells.dollars, made.fiat.value - made.sellerFee.value},
                                        {m_fees, made.buyerFee.value + made.sellerFee.value},
                                        {sells.coins, -made.quantity.value},
                                        {buys.coins, made.quantity.value}};
        const ledger::HoldUse uses[] = {{buyer.hold, atLimit + made.buyerFee.value},
                                        {seller.hold, made.quantity.value}};
        if (!m_ledger.post(legs, uses)) std::abort();
        // What was held for a dearer fee is free when the order is done.
        if (buyer.remainingLots == 0) (void)m_ledger.release(buyer.hold);
    }

    market::Market m_market;
    market::Instrument m_instrument;
    ledger::Ledger m_ledger;
    std::vector<Accounts> m_accounts;
    ledger::AccountHandle m_fees;
    TradeHash m_hash;
    std::vector<market::Instruction> m_trades;
    std::vector<market::LevelRow> m_levels;
    std::size_t m_tradeCount = 0;
    std::size_t m_levelCount = 0;
};

double threadSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Turn {
    double seconds = 0;
    TradeHash hash;
};
template <class Subject>
Turn run(const Stream& stream) {
    Subject subject(stream.depth);
    for (const Operation& operation : stream.prefill) subject.apply(operation);
    const double start = threadSeconds();
    for (const Operation& operation : stream.measured) subject.apply(operation);
    Turn turn{threadSeconds() - start, subject.hash()};
    if constexpr (requires { subject.balances(); }) {
        if (!subject.balances()) std::abort(); // a figure of a wrong ledger is worth nothing
    }
    return turn;
}

/// Every operation by itself, the clock's own time included.
std::vector<std::int64_t> latenciesNs(const Stream& stream) {
    Exchange subject(stream.depth);
    for (const Operation& operation : stream.prefill) subject.apply(operation);
    std::vector<std::int64_t> times;
    times.reserve(stream.measured.size());
    for (const Operation& operation : stream.measured) {
        const auto start = std::chrono::steady_clock::now();
        subject.apply(operation);
        times.push_back((std::chrono::steady_clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return times;
}

std::map<std::string, double> figures;

void compare(benchmark::State& state, std::size_t depth, const std::string& name) {
    const Stream stream = Recorder(depth).record();
    double ours = 1e9;
    double textbook = 1e9;
    for (auto _ : state) {
        for (int turn = 0; turn < kTurns; ++turn) {
            const Turn one = run<Exchange>(stream);
            const Turn other = run<Textbook>(stream);
            if (!(one.hash == other.hash) || one.hash.trades() == 0) {
                state.SkipWithError("the trades differ");
                std::abort();
            }
            ours = std::min(ours, one.seconds);
            textbook = std::min(textbook, other.seconds);
            figures["trades_" + name] = static_cast<double>(one.hash.trades());
        }
        state.SetIterationTime(ours);
    }
    const auto times = latenciesNs(stream);
    const auto count = static_cast<double>(stream.measured.size());
    figures["ns_per_op_" + name] = ours * 1e9 / count;
    figures["textbook_ns_per_op_" + name] = textbook * 1e9 / count;
    figures["ops_per_second_" + name] = count / ours;
    figures["textbook_ops_per_second_" + name] = count / textbook;
    figures["speedup_" + name] = textbook / ours;
    figures["p50_ns_" + name] = static_cast<double>(times[times.size() / 2]);
    figures["p99_ns_" + name] = static_cast<double>(times[times.size() / 100 * 99]);
    for (const char* figure : {"ns_per_op_", "textbook_ns_per_op_", "speedup_", "p99_ns_"}) {
        state.counters[figure] = figures[figure + name];
    }
}

bool writeJson(const char* path) {
    std::FILE* file = std::fopen(path, "w");
    if (!file) return false;
    std::fputs("{", file);
    const char* comma = "";
    for (const auto& [name, figure] : figures) {
        std::fprintf(file, "%s\n  \"%s\": %.3f", comma, name.c_str(), figure);
        comma = ",";
    }
    std::fputs("\n}\n", file);
    return std::fclose(file) == 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::pair<const char*, std::size_t> depths[] = {{"1k", 1'000}, {"100k", 100'000}, {"1m", 1'000'000}};
    for (const auto& [name, depth] : depths) {
        const std::string label = name;
        const std::size_t resting = depth;
        benchmark::RegisterBenchmark(("market/" + label).c_str(),
                                     [=](benchmark::State& state) { compare(state, resting, label); })
            ->Iterations(1)
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    for (const auto& [name, depth] : depths) {
        const std::string label = name;
        if (figures.count("speedup_" + label) == 0) continue;
        std::printf(
            "depth %-5s %7.1f ns/op, %5.2f M op/s; textbook %7.1f ns/op, %5.2f M op/s; ratio %.2f; p99 %.0f ns\n", name,
            figures["ns_per_op_" + label], figures["ops_per_second_" + label] / 1e6,
            figures["textbook_ns_per_op_" + label], figures["textbook_ops_per_second_" + label] / 1e6,
            figures["speedup_" + label], figures["p99_ns_" + label]);
    }
    const char* path = std::getenv("TALLYLOCK_BENCH_JSON");
    if (path && !writeJson(path)) {
        std::fprintf(stderr, "bench_market: cannot write %s\n", path);
        return 1;
    }
    return 0;
}
