// A coordinator in a temporary folder, on a real journal, with the practice world for the exchanges that it never asks.
#pragma once

#include "core/host/Host.h"
#include "core/rails/practice/PracticeWorld.h"
#include "core/store/FileSnapshots.h"
#include "core/store/SqliteJournal.h"
#include "tests/bench/Figures.h"
#include "tests/bench/OrderFlow.h"
#include "tests/support/JournalAround.h"
#include "tests/support/MemoryJournal.h"

#include <filesystem>
#include <future>

namespace tallylock::bench {

class TemporaryFolder {
public:
    TemporaryFolder() {
        const char* parent = std::getenv("TALLYLOCK_BENCH_DIR");
        std::string name = std::string(parent ? parent : "/tmp") + "/tallylock-bench-XXXXXX";
        if (!::mkdtemp(name.data())) giveUp("no folder in /tmp");
        m_path = name;
        std::filesystem::permissions(m_path, std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    }
    ~TemporaryFolder() {
        std::error_code none;
        std::filesystem::remove_all(m_path, none);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string file(const std::string& name) const { return m_path + "/" + name; }

private:
    std::string m_path;
};

/// Counts what is appended to the journal behind it.
struct Appended {
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};
class CountingJournal final : public test::JournalAround {
public:
    CountingJournal(std::unique_ptr<ports::Journal> journal, Appended& appended)
        : JournalAround(std::move(journal)),
          m_appended(appended) {}
    Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
        ++m_appended.times;
        for (const Bytes& record : records) m_appended.bytes += record.size();
        return JournalAround::append(records);
    }

private:
    Appended& m_appended;
};

/// Tables that nobody reads.
class NoTables final : public ports::Projector {
public:
    ports::ProjectedPlace standsAt() const override { return m_place; }
    Result<void, ports::StoreFailure> project(std::span<const ports::ProjectedBatch> batches) override {
        m_place = batches.back().place;
        return {};
    }
    Result<void, ports::StoreFailure> clear() override {
        m_place = {};
        return {};
    }
    Result<std::vector<wire::HistoryRow>, ports::StoreFailure> history(HolderId, const wire::HistoryQuery&) override {
        return std::vector<wire::HistoryRow>();
    }
    Result<wire::BookSnapshot, ports::StoreFailure> book(const wire::BookQuery&) override {
        return wire::BookSnapshot{};
    }
    Result<wire::CandlePage, ports::StoreFailure> candles(const wire::CandleQuery&) override {
        return wire::CandlePage{};
    }
    Result<std::vector<wire::StreamItem>, ports::StoreFailure> stream(HolderId, std::uint64_t, std::size_t) override {
        return std::vector<wire::StreamItem>();
    }
    Result<std::optional<ports::EventPlace>, ports::StoreFailure> placeOf(HolderId, std::uint64_t) override {
        return std::optional<ports::EventPlace>();
    }
    Result<ports::HistoryBatch, ports::StoreFailure> historyBatch(std::uint64_t) override {
        return ports::HistoryBatch{};
    }
    Result<Hash, ports::StoreFailure> historyNode(unsigned, std::uint64_t) override { return Hash{}; }
    Result<std::optional<ports::OwedDay>, ports::StoreFailure> owedDay() override {
        return std::optional<ports::OwedDay>();
    }
    Result<std::vector<ports::OwedRow>, ports::StoreFailure> owed(std::uint32_t, const ports::OwedRow&,
                                                                  std::size_t) override {
        return std::vector<ports::OwedRow>();
    }

private:
    ports::ProjectedPlace m_place;
};

inline keys::Identity identityOf(const std::string& name) {
    return keys::Identity::fromSeed(
        SecretBytes::copyOf(crypto::labelledHash("bench-identity", crypto::cborList(name)).view()));
}

inline engine::Config benchConfig(const keys::Identity& coordinator) {
    engine::Config config;
    config.coordinator = {coordinator.key(), coordinator.boxKey()};
    config.keyServer = {identityOf("key server").key(), identityOf("key server").boxKey()};
    config.dollars = money::kUsd;
    return config;
}

/// Somebody on a link of an own, with an open session.
struct Trader {
    keys::Identity identity;
    std::unique_ptr<ports::Link> link;
    std::uint64_t counter = 0;

    wire::Answer ask(const wire::Request& request) {
        std::promise<Result<Bytes, ports::LinkError>> promise;
        link->request(encodeCbor(request), [&](Result<Bytes, ports::LinkError> f) { promise.set_value(std::move(f)); });
        const auto frame = promise.get_future().get();
        if (!frame) giveUp("the node does not answer");
        auto answer = decodeCbor<wire::Answer>(*frame);
        if (!answer || std::holds_alternative<wire::Problem>(*answer)) giveUp("the node refuses a frame");
        return std::move(*answer);
    }
};

class BenchHost {
public:
    BenchHost(const std::string& journal, host::OpenProjector tables, std::uint32_t accounts) {
        auto world = rails::PracticeWorld::start(
            {"bench",
             [this]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                 return std::unique_ptr<ports::Journal>(std::make_unique<test::MemoryJournal>(m_memory));
             },
             m_clock, 1000});
        if (!world) giveUp(world.error().detail);
        m_world = std::move(*world);
        const auto open = [this, journal]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
            auto opened = store::SqliteJournal::open(journal);
            if (!opened) return opened;
            return std::unique_ptr<ports::Journal>(std::make_unique<CountingJournal>(std::move(*opened), appended));
        };
        host::Options options{identityOf("coordinator"),
                              benchConfig(m_coordinator),
                              open,
                              std::move(tables),
                              {},
                              std::make_unique<store::FileSnapshots>(std::filesystem::path(journal).parent_path()),
                              {},
                              {},
                              m_world->firstExchange(),
                              m_world->dollarExchange(),
                              m_world->secondExchange(),
                              m_clock,
                              m_random};
        auto started = host::Host::start(std::move(options));
        if (!started) giveUp(started.error().detail);
        host = std::move(*started);
        perform({marketOfBench()});
        for (std::uint32_t i = 0; i < accounts; ++i) addTrader(i);
    }

    Appended appended; ///< read while nothing is submitted
    std::unique_ptr<host::Host> host;
    std::vector<Trader> traders;

private:
    void perform(std::vector<engine::CommandBody> bodies) {
        const auto replies = host->perform(std::move(bodies));
        if (!replies) giveUp("the node has stopped");
        for (const engine::Reply& reply : *replies) {
            if (reply.refused != engine::Refused::No) giveUp(std::string("refused: ") + nameOf(reply.refused));
        }
    }
    void addTrader(std::uint32_t number) {
        const std::string name = "account " + std::to_string(number);
        Trader trader{identityOf(name), nullptr};
        const keys::Identity& identity = trader.identity;
        trader.link = host->connect(identity.key());
        trader.ask(wire::Submit{
            wire::sealCommand(identity, ++trader.counter, engine::RegisterHolder{name, false, identity.boxKey()})});
        perform(fundingOf(std::get<wire::Welcome>(trader.ask(wire::Hello{})).holder, 1'000'000'000'000));
        const Hash nonce = std::get<wire::Challenge>(trader.ask(wire::ChallengeRequest{})).nonce;
        trader.ask(
            wire::OpenSession{identity.sign(wire::kSessionLabel, wire::SessionNote{m_coordinator.key(), nonce})});
        traders.push_back(std::move(trader));
    }

    keys::Identity m_coordinator = identityOf("coordinator");
    SystemClock m_clock;
    SystemRandom m_random;
    std::shared_ptr<test::MemoryRecords> m_memory = std::make_shared<test::MemoryRecords>();
    std::unique_ptr<rails::PracticeWorld> m_world;
};

} // namespace tallylock::bench
