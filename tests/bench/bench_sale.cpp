// Whole sales, all fourteen steps, nothing goes wrong: how many a second, and whether a step costs more when a hundred
// thousand other sales are open.
//
//   engine       Engine::apply alone, on one thread. `sales_s_engine_*` leaves out the time in which signatures were
//                checked, `sales_s_engine_signed_*` is with it.
//   coordinator  a node over its journal (SQLite, synchronous=FULL) with tables and the parties' streams, from a signed
//                envelope on a link to the acknowledgement of what is durable; its outbox carries the effects out with
//                the practice exchanges and a key server that signs. Whoever sends signs on the same cores: that is
//                `coordinator_senders_us_per_sale_*` of `coordinator_cpu_us_per_sale_*`. It is waited until nothing is
//                behind (tables, a snapshot) before the clock starts.
//
// The reference is the same with ten other sales open. They wait at every place at which a sale waits.
#include "core/base/KeptMemory.h"
#include "tests/bench/SaleEngine.h"
#include "tests/bench/SaleHost.h"

#include <QCoreApplication>

#include <algorithm>
#include <malloc.h>

using namespace tallylock;
using namespace tallylock::bench;

// What crypto::verify calls; see CMakeLists.txt.
extern "C" int __real_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                                  unsigned long long size, const unsigned char* key);
extern "C" int __wrap_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                                  unsigned long long size, const unsigned char* key) {
    const double start = wallSeconds();
    const int outcome = __real_crypto_sign_verify_detached(signature, message, size, key);
    SignatureWatch::seconds += wallSeconds() - start;
    ++SignatureWatch::checks;
    return outcome;
}

namespace {

constexpr std::size_t kFewOpen = 10;
constexpr std::size_t kEnginePeople = 1000;

double bytesInUse() {
    const auto info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

void measureEngine(Figures& figures, std::size_t manyOpen, std::uint64_t turns) {
    const std::size_t sales = numberFrom("TALLYLOCK_BENCH_SALES", 5'000);
    SaleEngine few(kEnginePeople);
    few.leaveOpen(kFewOpen);
    SaleEngine many(kEnginePeople);
    many.leaveOpen(kFewOpen);
    const double before = bytesInUse();
    many.leaveOpen(manyOpen - kFewOpen);
    figures["engine_bytes_per_open_sale"] = (bytesInUse() - before) / static_cast<double>(manyOpen - kFewOpen);
    few.sell(sales / 4); // both are warm
    many.sell(sales / 4);
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
        for (const bool isMany : {false, true}) {
            const std::string suffix = isMany ? "_many" : "_10";
            const SaleEngine::Cost cost = (isMany ? many : few).sell(sales);
            const auto count = static_cast<double>(sales);
            figures.best("sales_s_engine" + suffix, count / (cost.seconds - cost.signatures));
            figures.best("sales_s_engine_signed" + suffix, count / cost.seconds);
            figures["engine_events_per_sale"] = static_cast<double>(cost.events) / count;
            figures["engine_signatures_per_sale"] = static_cast<double>(cost.checks) / count;
            figures["us_per_signature_check"] = 1e6 * cost.signatures / static_cast<double>(cost.checks);
        }
    }
    for (const char* suffix : {"_10", "_many"}) {
        const double us = 1e6 / figures[std::string("sales_s_engine") + suffix];
        figures[std::string("engine_us_per_sale") + suffix] = us;
        figures[std::string("engine_us_per_step") + suffix] = us / SaleEngine::kSteps;
    }
    figures["engine_growth"] = figures["engine_us_per_sale_many"] / figures["engine_us_per_sale_10"];
}

void measureCoordinator(Figures& figures, std::size_t manyOpen, std::uint64_t turns) {
    const std::size_t sales = numberFrom("TALLYLOCK_BENCH_HOST_SALES", 6'000);
    for (const bool isMany : {false, true}) {
        const std::string suffix = isMany ? "_many" : "_10";
        SaleHost node;
        node.leaveOpen(isMany ? manyOpen : kFewOpen);
        (void)node.sell(sales / 4);
        for (std::uint64_t turn = 0; turn < turns; ++turn) {
            const SaleHost::Outcome outcome = node.sell(sales);
            if (outcome.salesPerSecond <= figures["sales_s_coordinator" + suffix]) continue;
            figures["sales_s_coordinator" + suffix] = outcome.salesPerSecond;
            figures["coordinator_cpu_us_per_sale" + suffix] = outcome.processorUsPerSale;
            figures["coordinator_senders_us_per_sale" + suffix] = outcome.sendersUsPerSale;
            figures["coordinator_commits_per_sale" + suffix] = outcome.commitsPerSale;
            figures["coordinator_bytes_per_sale" + suffix] = outcome.bytesPerSale;
        }
    }
    figures["coordinator_ratio"] = figures["sales_s_coordinator_many"] / figures["sales_s_coordinator_10"];
}

} // namespace

int main(int count, char** values) {
    keepFreedMemory(); // as the server's programs do
    QCoreApplication app(count, values);
    const auto turns = numberFrom("TALLYLOCK_BENCH_TURNS", 3);
    const auto manyOpen = static_cast<std::size_t>(numberFrom("TALLYLOCK_BENCH_OPEN", 100'000));
    Figures figures;
    figures["open_many"] = static_cast<double>(manyOpen);
    if (numberFrom("TALLYLOCK_BENCH_ENGINE", 1) != 0) measureEngine(figures, manyOpen, turns);
    if (numberFrom("TALLYLOCK_BENCH_HOST", 1) != 0) measureCoordinator(figures, manyOpen, turns);
    return figures.report("sale.json");
}
