// The engine's market with everything that belongs to it, beside a textbook order book that does nothing but match.
//
// Ours is Engine::apply with 100,000 holders (MarketEngine.h). The textbook is std::map of std::list with an
// std::unordered_map by number: no accounts, no money, no events, no replies (MarketStream.h). Both are fed the same
// recorded stream in the same run and must make the same trades.
//
// Processor time of the thread, turn by turn, the best of several turns of each: a busy machine hurts both alike.
#include "MarketEngine.h"

using namespace tallylock::bench;

namespace {

constexpr int kTurns = 3;

struct Turn {
    double ours = 0;
    double textbook = 0;
};

[[noreturn]] void giveUp(const char* why) {
    std::fprintf(stderr, "bench_market: %s\n", why);
    std::exit(1);
}

Turn turn(const Stream& stream, const std::string& name, Figures& figures) {
    MarketEngine subject(kHolders);
    feed(subject, stream.prefill);
    const std::uint64_t eventsBefore = subject.events();
    Turn times;
    times.ours = feed(subject, stream.measured);
    Textbook textbook;
    feed(textbook, stream.prefill);
    times.textbook = feed(textbook, stream.measured);
    if (!(subject.hash() == textbook.hash()) || subject.hash().trades() == 0) giveUp("the trades differ");
    // A figure of a wrong ledger is worth nothing.
    if (!subject.ledger().checkSums() || subject.ledger().holdCount() != textbook.depth())
        giveUp("the ledger is wrong");
    const auto count = static_cast<double>(stream.measured.size());
    figures["trades_" + name] = static_cast<double>(subject.hash().trades());
    figures["events_per_op_" + name] = static_cast<double>(subject.events() - eventsBefore) / count;
    return times;
}

/// Every command by itself, sorted.
std::vector<std::int64_t> latenciesNs(const Stream& stream) {
    MarketEngine subject(kHolders);
    feed(subject, stream.prefill);
    std::vector<std::int64_t> times;
    times.reserve(stream.measured.size());
    std::span<const Operation> left = stream.measured;
    while (!left.empty()) {
        const std::size_t count = std::min(left.size(), MarketEngine::kBatch);
        subject.prepare(left.first(count));
        subject.runTimed(times);
        left = left.subspan(count);
    }
    std::sort(times.begin(), times.end());
    return times;
}

void compare(std::size_t depth, const std::string& name, Figures& figures) {
    const Stream stream = Recorder(depth, kHolders).record();
    double ours = 1e9;
    double textbook = 1e9;
    for (int n = 0; n < kTurns; ++n) {
        const Turn times = turn(stream, name, figures);
        ours = std::min(ours, times.ours);
        textbook = std::min(textbook, times.textbook);
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
    std::printf("depth %-5s %7.1f ns/op, %5.2f M op/s; textbook %7.1f ns/op, %5.2f M op/s; ratio %.2f; p99 %.0f ns\n",
                name.c_str(), figures["ns_per_op_" + name], figures["ops_per_second_" + name] / 1e6,
                figures["textbook_ns_per_op_" + name], figures["textbook_ops_per_second_" + name] / 1e6,
                figures["speedup_" + name], figures["p99_ns_" + name]);
    std::fflush(stdout);
}

} // namespace

// With arguments, only the depths that they name: bench_market 1k 1m.
int main(int argc, char** argv) {
    Figures figures;
    const std::pair<const char*, std::size_t> depths[] = {{"1k", 1'000}, {"100k", 100'000}, {"1m", 1'000'000}};
    for (const auto& [name, depth] : depths) {
        const auto isNamed = [wanted = std::string(name)](const char* argument) { return wanted == argument; };
        if (argc == 1 || std::any_of(argv + 1, argv + argc, isNamed)) compare(depth, name, figures);
    }
    return figures.report("market.json");
}
