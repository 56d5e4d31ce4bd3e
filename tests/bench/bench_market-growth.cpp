// How the market's cost grows: with the depth of the book, with the number of holders, and with what has happened
// before; and what an open order and an account take of memory.
//
// The reference of each row is the engine itself at the small end. Twice the accounts: every holder has two. A run
// with the word "full" takes 100 million operations of history instead of 20 million.
#include "MarketEngine.h"

#include <malloc.h>

using namespace tallylock;
using namespace tallylock::bench;

namespace {

constexpr std::size_t kMeasured = 300'000;
constexpr std::uint32_t kFewHolders = 500;
constexpr std::uint32_t kManyHolders = 1'000'000;
constexpr std::size_t kChunk = 1'000'000;

double bytesInUse() {
    const auto info = ::mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
}

/// The best of some turns, in nanoseconds an operation.
double costOf(std::size_t depth, std::uint32_t holders, int turns) {
    const Stream stream = Recorder(depth, holders).record(kMeasured);
    double best = 1e9;
    for (int turn = 0; turn < turns; ++turn) {
        MarketEngine subject(holders);
        feed(subject, stream.prefill);
        best = std::min(best, feed(subject, stream.measured));
    }
    return best * 1e9 / static_cast<double>(kMeasured);
}

void row(Figures& figures, const std::string& name, double small, double large) {
    figures["ns_" + name + "_small"] = small;
    figures["ns_" + name + "_large"] = large;
    figures["growth_" + name] = large / small;
    std::printf("%-9s %8.1f ns/op -> %8.1f ns/op; ratio %.2f\n", name.c_str(), small, large, large / small);
    std::fflush(stdout);
}

void depth(Figures& figures) { row(figures, "depth", costOf(1'000, kHolders, 3), costOf(1'000'000, kHolders, 2)); }

void accounts(Figures& figures) {
    figures["accounts_small"] = 2.0 * kFewHolders;
    figures["accounts_large"] = 2.0 * kManyHolders;
    row(figures, "accounts", costOf(1'000, kFewHolders, 3), costOf(1'000, kManyHolders, 1));
}

// Once the rings of remembered replies are full, which is a state and no history: then at once, and much later.
void history(Figures& figures, std::size_t operations) {
    constexpr std::uint32_t kSome = 500;
    Recorder recorder(1'000, kSome);
    MarketEngine subject(kSome);
    const Stream first = recorder.record(kChunk);
    feed(subject, first.prefill);
    feed(subject, first.measured);
    const auto nsOfNext = [&] { return feed(subject, recorder.more(kChunk)) * 1e9 / static_cast<double>(kChunk); };
    const double early = std::min(nsOfNext(), nsOfNext());
    for (std::size_t done = 3 * kChunk; done + 2 * kChunk < operations; done += kChunk) (void)nsOfNext();
    const double late = std::min(nsOfNext(), nsOfNext());
    figures["history_operations"] = static_cast<double>(operations);
    row(figures, "history", early, late);
    if (!subject.ledger().checkSums()) std::abort(); // a figure of a wrong ledger is worth nothing
}

/// What `count` commands leave in memory, of which each rests an order or is refused.
double bytesAfter(std::size_t count, bool rest) {
    constexpr std::uint32_t kSome = 10'000;
    MarketEngine subject(kSome);
    const Stream stream = Recorder(rest ? count : 1, kSome).record(0);
    const double before = bytesInUse();
    if (rest) {
        subject.rest(stream.prefill);
    } else {
        subject.refuse(count);
    }
    return bytesInUse() - before;
}

void memory(Figures& figures) {
    constexpr std::size_t kOrders = 1'000'000;
    figures["bytes_per_order"] = (bytesAfter(kOrders, true) - bytesAfter(kOrders, false)) / double{kOrders};
    const double before = bytesInUse();
    {
        const MarketEngine subject(kHolders);
        figures["bytes_per_holder"] = (bytesInUse() - before) / double{kHolders};
    }
    const double empty = bytesInUse();
    ledger::Ledger ledger;
    for (std::uint32_t i = 1; i <= kHolders; ++i) {
        ledger.handleOf(ledger::availableOf(HolderId{i}, money::kUsd));
        ledger.handleOf(ledger::availableOf(HolderId{i}, money::kBtc));
    }
    figures["bytes_per_account"] = (bytesInUse() - empty) / (2.0 * kHolders);
    std::printf("bytes: %.0f a resting order; %.0f an account of the ledger; %.0f a holder with two of them, a user, a "
                "device and two deposits\n",
                figures["bytes_per_order"], figures["bytes_per_account"], figures["bytes_per_holder"]);
}

} // namespace

int main(int argc, char** argv) {
    Figures figures;
    const bool full = argc > 1 && std::string(argv[1]) == "full";
    memory(figures);
    depth(figures);
    accounts(figures);
    history(figures, full ? 100 * kChunk : 20 * kChunk);
    return figures.report("market-growth.json");
}
