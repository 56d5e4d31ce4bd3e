// Orders through the node, from a frame on a link to the acknowledgement of what is durable: admission, batches, engine
// with ledger and matching, SQLite with synchronous=FULL. 1, 100 and 1000 orders in flight, on the sessions of 64
// accounts, sent by one thread. Tables are off (bench_project measures them).
//
// References in the same run, on the same disk: writing records of the same size into a preallocated file, each with
// fdatasync; and the same flow of orders as a PL/pgSQL function on PostgreSQL, from as many connections as serve it
// best. TALLYLOCK_BENCH_IN_FLIGHT looks at one of the three alone, for a profile.
#include "tests/bench/BenchHost.h"
#include "tests/bench/Postgres.h"
#include "tests/bench/PostgresExchange.h"

#include <QCoreApplication>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <unistd.h>

using namespace tallylock;
using namespace tallylock::bench;

namespace {

constexpr std::uint32_t kAccounts = 64;

/// Keeps orders in flight: fills up to `limit`, and again when half of them are answered.
class Sender {
public:
    Sender(BenchHost& host, std::uint32_t limit) : m_host(host), m_limit(limit) {}

    struct Outcome {
        double ordersPerSecond = 0;
        double recordBytes = 0;
        double ordersPerCommit = 0;
        double medianUs = 0;
        double p99Us = 0;
    };
    Outcome run(double seconds) {
        const Appended before = m_host.appended;
        const auto start = Now::now();
        const auto end = start + std::chrono::duration_cast<Now::duration>(std::chrono::duration<double>(seconds));
        std::uint64_t sent = 0;
        while (Now::now() < end) {
            waitUntil(m_limit / 2);
            for (std::uint32_t waiting = m_waiting.load(); waiting < m_limit; ++waiting, ++sent) send();
        }
        waitUntil(0);
        const double took = std::chrono::duration<double>(Now::now() - start).count();
        if (m_failed) giveUp("an order was not answered");
        const double commits = static_cast<double>(m_host.appended.times - before.times);
        std::sort(m_latenciesUs.begin(), m_latenciesUs.end());
        const auto part = [&](std::size_t of100) { return m_latenciesUs[m_latenciesUs.size() * of100 / 100]; };
        return {static_cast<double>(sent) / took, static_cast<double>(m_host.appended.bytes - before.bytes) / commits,
                static_cast<double>(sent) / commits, part(50), part(99)};
    }

private:
    using Now = std::chrono::steady_clock;

    void waitUntil(std::uint32_t most) {
        for (std::uint32_t waiting = m_waiting.load(); waiting > most; waiting = m_waiting.load()) {
            m_wakeAt.store(most);
            if (m_waiting.load() <= most) break;
            m_wakes.wait(m_seen);
            m_seen = m_wakes.load();
        }
        m_wakeAt.store(kNever);
    }
    void send() {
        const Order order = m_flow.next();
        Trader& trader = m_host.traders[order.account];
        ++m_waiting;
        trader.link->request(encodeCbor(wire::Request{wire::SubmitUnsigned{++trader.counter, engine::PlaceOrder::kType,
                                                                           encodeCbor(order.command())}}),
                             [this, at = Now::now()](Result<Bytes, ports::LinkError> frame) { answered(frame, at); });
    }
    /// On the node's thread.
    void answered(const Result<Bytes, ports::LinkError>& frame, Now::time_point at) {
        if (!frame || (*frame)[1] != wire::Submitted::kType) m_failed = true;
        if (m_latenciesUs.size() < 10'000'000)
            m_latenciesUs.push_back(std::chrono::duration<float, std::micro>(Now::now() - at).count());
        if (--m_waiting == m_wakeAt.load()) {
            ++m_wakes;
            m_wakes.notify_one();
        }
    }

    static constexpr std::uint32_t kNever = UINT32_MAX;
    BenchHost& m_host;
    std::uint32_t m_limit;
    OrderFlow m_flow{kAccounts, 1};
    std::atomic<std::uint32_t> m_waiting{0};
    std::atomic<std::uint32_t> m_wakeAt{kNever};
    std::atomic<std::uint32_t> m_wakes{0};
    std::uint32_t m_seen = 0;
    std::atomic<bool> m_failed{false};
    std::vector<float> m_latenciesUs;
};

/// Commits a second of a file that is written in place.
double rawCommits(const std::string& path, std::size_t bytes, double seconds) {
    constexpr std::size_t kFileSize = std::size_t{64} << 20;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
    const Bytes zeros(std::size_t{1} << 20);
    for (std::size_t at = 0; at < kFileSize; at += zeros.size()) {
        if (::pwrite(file, zeros.data(), zeros.size(), static_cast<off_t>(at)) < 0) giveUp("cannot write");
    }
    if (file < 0 || ::fsync(file) != 0) giveUp("cannot write");
    const Bytes record(bytes, 0x5a);
    std::uint64_t commits = 0;
    std::size_t at = 0;
    const auto start = std::chrono::steady_clock::now();
    double took = 0;
    while (took < seconds) {
        if (at + bytes > kFileSize) at = 0;
        if (::pwrite(file, record.data(), bytes, static_cast<off_t>(at)) < 0 || ::fdatasync(file) != 0)
            giveUp("cannot write");
        at += bytes;
        ++commits;
        took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    ::close(file);
    ::unlink(path.c_str());
    return static_cast<double>(commits) / took;
}

double postgresOrders(const TemporaryFolder& folder, Figures& figures) {
    Postgres postgres(folder.file("postgres"));
    postgres.run(kPostgresExchange);
    postgres.run("INSERT INTO account SELECT i, 1e24, 0, 1e24, 0 FROM generate_series(0, 63) i");
    double best = 0;
    for (const int connections : {1, 16, 64}) {
        const double rate = postgres.transactionsPerSecond(kPostgresFlow, connections, 4);
        figures["postgres_orders_s_" + std::to_string(connections)] = rate;
        best = std::max(best, rate);
    }
    return best;
}

} // namespace

int main(int count, char** values) {
    QCoreApplication app(count, values);
    const auto turns = numberFrom("TALLYLOCK_BENCH_TURNS", 3);
    const auto seconds = static_cast<double>(numberFrom("TALLYLOCK_BENCH_SECONDS", 2));
    const auto only = static_cast<std::uint32_t>(numberFrom("TALLYLOCK_BENCH_IN_FLIGHT", 0));
    TemporaryFolder folder;
    Figures figures;
    {
        BenchHost node(
            folder.file("journal"),
            []() -> Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> {
                return std::unique_ptr<ports::Projector>(std::make_unique<NoTables>());
            },
            kAccounts);
        Sender(node, 1000).run(0.5); // warms up
        for (std::uint64_t turn = 0; turn < turns; ++turn) {
            for (const std::uint32_t inFlight : {1u, 100u, 1000u}) {
                if (only != 0 && inFlight != only) continue;
                const std::string suffix = "_" + std::to_string(inFlight);
                Sender sender(node, inFlight);
                const auto outcome = sender.run(seconds);
                if (outcome.ordersPerSecond > figures["orders_s" + suffix]) {
                    figures["orders_s" + suffix] = outcome.ordersPerSecond;
                    figures["record_bytes" + suffix] = outcome.recordBytes;
                    figures["orders_per_commit" + suffix] = outcome.ordersPerCommit;
                    figures["median_us" + suffix] = outcome.medianUs;
                    figures["p99_us" + suffix] = outcome.p99Us;
                }
                figures.best("raw_commits_s" + suffix,
                             rawCommits(folder.file("raw"), static_cast<std::size_t>(outcome.recordBytes), 1));
            }
        }
        for (const char* suffix : {"_1", "_100", "_1000"}) {
            const std::string s = suffix;
            if (figures["orders_per_commit" + s] == 0) continue;
            figures["commit_ratio" + s] =
                figures["orders_s" + s] / figures["orders_per_commit" + s] / figures["raw_commits_s" + s];
        }
    }
    if (numberFrom("TALLYLOCK_BENCH_POSTGRES", 1) != 0) {
        figures["postgres_orders_s"] = postgresOrders(folder, figures);
        figures["postgres_ratio"] = figures["orders_s_1000"] / figures["postgres_orders_s"];
    }
    return figures.report("durable.json");
}
