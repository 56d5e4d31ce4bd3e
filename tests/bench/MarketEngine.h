// The engine as a benchmark drives it: registered holders with money, one instrument with fees, commands in batches.
//
// Commands are made before the clock runs, as the host has them decoded before it applies a batch. What is measured is
// Engine::apply and everything in it: the command's id and its remembered reply, who may do this, the order, its hold,
// matching, instructions, ledger entries with fees, and all events, which are read as well. (The hashes of instructions
// are made with those of the events, where these are hashed: not on the engine's thread.)
#pragma once

#include "Figures.h"
#include "MarketStream.h"
#include "core/engine/Engine.h"
#include "core/ledger/Ledger.h"

#include <chrono>
#include <cstring>
#include <span>

namespace tallylock::bench {

class MarketEngine {
public:
    static constexpr std::size_t kBatch = 256;

    explicit MarketEngine(std::uint32_t holders) : m_engine(settings()), m_counters(holders + 1) {
        m_engine.beginBatch(m_nowMs, m_events);
        byCoordinator(engine::OpenInstrument{
            "BTC/USD", money::kBtc, money::kUsd, kTick, kLot, kLot, {kLot.value * 1'000'000, money::kBtc}, 10, 20});
        for (std::uint32_t holder = 1; holder <= holders; ++holder) {
            must(m_engine.apply(
                commandOf(holder, engine::RegisterHolder{"Holder " + std::to_string(holder), false, {}}), m_events));
            m_events.clear();
            fund(holder);
        }
    }

    /// Makes the commands of a batch.
    void prepare(std::span<const Operation> operations) {
        m_batch.clear();
        m_next.clear();
        for (const Operation& operation : operations) m_batch.push_back(commandFor(operation));
        for (const engine::Command& command : m_batch) m_next.push_back(&command);
    }
    /// Applies the batch.
    void run() {
        m_engine.beginBatch(++m_nowMs, m_events);
        for (std::size_t i = 0; i < m_batch.size(); ++i) {
            m_engine.expect(std::span<const engine::Command* const>(m_next).subspan(i));
            applyOne(m_batch[i]);
        }
    }
    /// The same, timing each command by itself; the clock's own time is included.
    void runTimed(std::vector<std::int64_t>& timesNs) {
        m_engine.beginBatch(++m_nowMs, m_events);
        for (std::size_t i = 0; i < m_batch.size(); ++i) {
            const auto start = std::chrono::steady_clock::now();
            m_engine.expect(std::span<const engine::Command* const>(m_next).subspan(i));
            applyOne(m_batch[i]);
            timesNs.push_back((std::chrono::steady_clock::now() - start).count());
        }
    }

    /// For what memory they take: orders without a client's number, and commands that leave nothing but their reply.
    void rest(std::span<const Operation> orders) {
        for (const Operation& operation : orders) {
            engine::Command command = commandFor(operation);
            std::get<engine::PlaceOrder>(command.body).clientId = 0;
            applyOne(command);
        }
    }
    void refuse(std::size_t count) {
        const auto holders = static_cast<std::uint32_t>(m_counters.size() - 1);
        for (std::size_t i = 0; i < count; ++i) {
            const auto holder = static_cast<std::uint32_t>(1 + i % holders);
            (void)m_engine.apply(commandOf(holder, engine::CancelOrder{OrderId{1}}), m_events);
        }
    }

    const TradeHash& hash() const { return m_hash; }
    std::uint64_t events() const { return m_eventCount; }
    const ledger::Ledger& ledger() const { return m_engine.ledger(); }

private:
    static constexpr money::Amount kTick{1'000'000, money::kUsd};
    static constexpr money::Amount kLot{10'000, money::kBtc};
    static constexpr std::uint32_t kCoordinator = 0; // where a holder's number is meant

    /// Keys are as good as random; these are the outputs of a mixing function (splitmix64).
    template <class Key>
    static Key keyOf(std::uint64_t number) {
        Key key;
        std::uint64_t state = number * 0x632be59bd9b4e019u + 1;
        for (std::size_t at = 0; at < Key::kSize; at += sizeof state) {
            state += 0x9e3779b97f4a7c15u;
            std::uint64_t word = state;
            word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9u;
            word = (word ^ word >> 27) * 0x94d049bb133111ebu;
            word ^= word >> 31;
            std::memcpy(key.data() + at, &word, sizeof word);
        }
        return key;
    }
    static engine::Config settings() {
        engine::Config config;
        config.coordinator.identity = keyOf<IdentityKey>(kCoordinator);
        config.keyServer.identity = keyOf<IdentityKey>(std::uint64_t{1} << 40);
        config.dollars = money::kUsd;
        return config;
    }
    static std::uint64_t must(const engine::Reply& reply) {
        if (reply.refused == engine::Refused::No) return reply.value;
        std::fprintf(stderr, "the engine refused: %s\n", engine::nameOf(reply.refused));
        std::abort();
    }
    template <class Body>
    engine::Command commandOf(std::uint32_t signer, Body&& body) {
        return {keyOf<IdentityKey>(signer), ++m_counters[signer], keyOf<Hash>(++m_commands), std::forward<Body>(body)};
    }
    template <class Body>
    void byCoordinator(Body&& body) {
        must(m_engine.apply(commandOf(kCoordinator, std::forward<Body>(body)), m_events));
        m_events.clear();
    }
    void fund(std::uint32_t holder) {
        const std::string name = std::to_string(holder);
        const money::Int128 plenty = money::powerOfTen(20);
        byCoordinator(engine::AssignDepositIdentifier{HolderId{holder}, money::kUsd, "bank", name});
        byCoordinator(engine::ObserveBankEntry{"bank", name, name, {plenty, money::kUsd}, m_nowMs});
        byCoordinator(engine::AssignDepositIdentifier{HolderId{holder}, money::kBtc, "chain", name});
        byCoordinator(engine::ObservePayment{
            "chain", keyOf<Hash>(holder), 0, name, {plenty, money::kBtc}, kBuried, false, m_nowMs});
    }
    engine::Command commandFor(const Operation& operation) {
        if (operation.holder == 0) {
            return commandOf(m_ownerOf[operation.order], engine::CancelOrder{OrderId{operation.order}});
        }
        m_ownerOf.resize(operation.order + std::size_t{1});
        m_ownerOf[operation.order] = operation.holder;
        engine::PlaceOrder order;
        order.instrument = InstrumentId{1};
        order.side = static_cast<std::uint8_t>(operation.side);
        order.price = {kTick.value * operation.ticks, money::kUsd};
        order.quantity = {kLot.value * operation.lots, money::kBtc};
        order.clientId = operation.order;
        return commandOf(operation.holder, std::move(order));
    }
    void applyOne(const engine::Command& command) {
        must(m_engine.apply(command, m_events));
        m_eventCount += m_events.size();
        for (const engine::Event& event : m_events) {
            if (const auto* made = std::get_if<engine::InstructionExecuted>(&event.body)) {
                const market::Instruction& i = made->instruction;
                m_hash.add(i.makerOrder.value, i.takerOrder.value,
                           static_cast<std::int64_t>(i.price.value) / static_cast<std::int64_t>(kTick.value),
                           static_cast<std::int64_t>(i.quantity.value) / static_cast<std::int64_t>(kLot.value));
            }
        }
        m_events.clear();
    }

    static constexpr std::uint32_t kBuried = 1000; // confirmations: such a payment is remembered by its name only

    engine::Engine m_engine;
    std::int64_t m_nowMs = 1'700'000'000'000;
    std::vector<std::uint64_t> m_counters; // by holder
    std::vector<std::uint32_t> m_ownerOf;  // by order
    std::vector<engine::Command> m_batch;
    std::vector<const engine::Command*> m_next; ///< the same, as the engine wants to hear of them
    std::vector<engine::Event> m_events;
    std::uint64_t m_commands = 0;
    std::uint64_t m_eventCount = 0;
    TradeHash m_hash;
};

/// Feeds operations batch by batch; answers the time of the thread that applying took.
inline double feed(MarketEngine& subject, std::span<const Operation> operations) {
    double seconds = 0;
    while (!operations.empty()) {
        const std::size_t count = std::min(operations.size(), MarketEngine::kBatch);
        subject.prepare(operations.first(count));
        const double start = threadSeconds();
        subject.run();
        seconds += threadSeconds() - start;
        operations = operations.subspan(count);
    }
    return seconds;
}
inline double feed(Textbook& subject, std::span<const Operation> operations) {
    const double start = threadSeconds();
    for (const Operation& operation : operations) subject.apply(operation);
    return threadSeconds() - start;
}

} // namespace tallylock::bench
