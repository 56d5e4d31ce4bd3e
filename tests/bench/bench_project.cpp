// Tables and streams behind the journal: how many events a second they take, through the thread of the projections into
// SQLite, and into PostgreSQL on the same disk, in batches of a thousand orders as a busy coordinator makes them.
//
// Reference: the bytes of the same events written into a plain file.
#include "tests/bench/BenchHost.h"

#include "core/host/Apply.h"
#include "core/host/Projection.h"
#include "core/store/PostgresStore.h"
#include "core/store/SqliteProjector.h"
#include "tests/bench/Postgres.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::bench;

namespace {

constexpr std::uint32_t kAccounts = 1000;
constexpr std::size_t kBatch = 1000;

/// The batches of an engine that takes orders.
class Source {
public:
    Source() {
        std::vector<engine::CommandBody> setup{marketOfBench()};
        apply(m_coordinator.key(), setup);
        for (std::uint32_t i = 0; i < kAccounts; ++i) {
            m_traders.push_back(crypto::labelledHash("bench-device", crypto::cborList(i)));
            IdentityKey key;
            key.bytes = m_traders.back().bytes;
            BoxKey box;
            box.bytes = key.bytes;
            apply(key, {engine::RegisterHolder{"account " + std::to_string(i), false, box}});
            apply(m_coordinator.key(), fundingOf({i + 1}, 1'000'000'000));
        }
    }
    const ports::ProjectedBatch& setup() const { return m_setup; }
    ports::ProjectedBatch next() {
        std::vector<engine::Command> commands;
        for (std::size_t i = 0; i < kBatch; ++i) {
            const Order order = m_flow.next();
            IdentityKey key;
            key.bytes = m_traders[order.account].bytes;
            commands.push_back({key, ++m_counter, {}, order.command()});
        }
        std::vector<const engine::Command*> all;
        for (const engine::Command& command : commands) all.push_back(&command);
        auto applied = m_applier.apply(m_engine, 1, m_sequence, all);
        m_sequence += kBatch;
        return {{++m_number, m_sequence, applied.eventsHash}, std::move(applied.projected), std::move(applied.leaves)};
    }

private:
    void apply(const IdentityKey& signer, const std::vector<engine::CommandBody>& bodies) {
        for (const engine::CommandBody& body : bodies) {
            const engine::Command command{signer, ++m_counter, {}, body};
            const engine::Command* one[] = {&command};
            auto applied = m_applier.apply(m_engine, 1, m_sequence++, one);
            if (applied.replies.front().refused != engine::Refused::No) giveUp("the setup was refused");
            for (auto& cause : applied.projected) m_setup.causes.push_back(std::move(cause));
        }
        m_setup.place = {m_number = 1, m_sequence, {}};
    }

    keys::Identity m_coordinator = identityOf("coordinator");
    engine::Engine m_engine{benchConfig(m_coordinator)};
    host::BatchApplier m_applier;
    std::vector<Hash> m_traders;
    OrderFlow m_flow{kAccounts, 7};
    std::uint64_t m_counter = 0;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_number = 0;
    ports::ProjectedBatch m_setup;
};

/// How long the tables take for all of it.
double secondsInto(const host::OpenProjector& tables, const Source& source,
                   const std::vector<ports::ProjectedBatch>& batches) {
    host::Projection projection([](const ports::StoreFailure& failure) { giveUp(failure.detail); });
    const auto opened = projection.open(tables);
    if (!opened) giveUp(opened.error().detail);
    projection.follow(source.setup());
    projection.waitUntilCaughtUp();
    const double seconds = secondsOf([&] {
        for (const ports::ProjectedBatch& batch : batches) {
            while (projection.isBehind()) projection.waitUntilCaughtUp();
            projection.follow(batch);
        }
        projection.waitUntilCaughtUp();
    });
    projection.stop();
    return seconds;
}

} // namespace

int main(int count, char** values) {
    QCoreApplication app(count, values);
    const std::uint64_t orders = numberFrom("TALLYLOCK_BENCH_ORDERS", 200'000);
    TemporaryFolder folder;
    Source source;
    std::vector<ports::ProjectedBatch> batches;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    for (std::uint64_t done = 0; done < orders; done += kBatch) {
        batches.push_back(source.next());
        for (const ports::Projected& cause : batches.back().causes) {
            events += cause.events.size();
            for (const engine::Event& event : cause.events) bytes += wire::encodeEvent(event.body).size();
        }
    }
    Figures figures;
    const double seconds =
        secondsInto([&] { return store::SqliteProjector::open(folder.file("tables")); }, source, batches);
    double inPostgres = 0;
    {
        const Postgres server(folder.file("postgres"));
        const auto database = store::PostgresStore::open({server.connection(), false});
        if (!database) giveUp(database.error().detail);
        if (const auto claimed = (*database)->claim(); !claimed) giveUp(claimed.error().detail);
        inPostgres = secondsInto((*database)->tables(), source, batches);
    }
    const Bytes block(bytes / batches.size());
    const double plain = secondsOf([&] {
        std::FILE* file = std::fopen(folder.file("plain").c_str(), "w");
        for (std::size_t i = 0; file && i < batches.size(); ++i) std::fwrite(block.data(), 1, block.size(), file);
        if (!file || std::fclose(file) != 0) giveUp("cannot write");
    });
    figures["events"] = static_cast<double>(events);
    figures["events_per_order"] = static_cast<double>(events) / static_cast<double>(orders);
    figures["events_s"] = static_cast<double>(events) / seconds;
    figures["orders_s"] = static_cast<double>(orders) / seconds;
    figures["postgres_events_s"] = static_cast<double>(events) / inPostgres;
    figures["postgres_orders_s"] = static_cast<double>(orders) / inPostgres;
    figures["postgres_ratio"] = seconds / inPostgres;
    figures["plain_file_events_s"] = static_cast<double>(events) / plain;
    figures["ratio"] = plain / seconds;
    return figures.report("project.json");
}
