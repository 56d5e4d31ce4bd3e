// simulate_sales [--sales N] [--seed S] [--progress FILE]: as many sales with faults as are asked for, in worlds of
// fifty, each of a seed of its own. With a progress file it goes on where it was stopped. A violation is told with its
// seed, its step and the smallest number of sales in a world that still shows it.
#include "tests/audit/SaleWorld.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

using namespace tallylock::audit;

namespace {

constexpr std::uint64_t kWorld = 50;

struct Progress {
    std::uint64_t seed = 1;
    std::uint64_t sales = 0; ///< done, in whole worlds
    std::uint64_t violations = 0;
};

Progress read(const char* path, std::uint64_t seed) {
    Progress kept;
    std::ifstream file(path);
    if (file >> kept.seed >> kept.sales >> kept.violations && kept.seed == seed) return kept;
    return {seed, 0, 0};
}
// In one piece: a run that is killed meanwhile finds the old one.
void write(const char* path, const Progress& progress) {
    const std::string fresh = std::string(path) + ".new";
    {
        std::ofstream file(fresh);
        file << progress.seed << ' ' << progress.sales << ' ' << progress.violations << '\n';
    }
    if (std::rename(fresh.c_str(), path) != 0) std::perror(path);
}

void tell(std::uint64_t seed, const SaleFinding& finding) {
    std::uint64_t fewest = kWorld;
    while (fewest > 1 && runSales({seed, fewest - 1}).finding) --fewest;
    const auto least = runSales({seed, fewest}).finding;
    std::printf("seed %llu: %s at step %llu: %s\n  shortest: %llu sales, %llu steps\n",
                static_cast<unsigned long long>(seed), nameOf(finding.violation.invariant),
                static_cast<unsigned long long>(finding.step), finding.violation.what.c_str(),
                static_cast<unsigned long long>(fewest),
                static_cast<unsigned long long>(least ? least->step : finding.step));
}

} // namespace

int main(int argc, char** argv) {
    std::uint64_t sales = 10'000;
    std::uint64_t seed = 1;
    const char* path = nullptr;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view option = argv[i];
        if (option == "--sales") sales = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--progress") path = argv[i + 1];
    }
    Progress progress = path ? read(path, seed) : Progress{seed, 0, 0};
    if (progress.sales > 0) std::printf("going on after %llu sales\n", static_cast<unsigned long long>(progress.sales));
    while (progress.sales < sales) {
        const std::uint64_t world = seed + progress.sales / kWorld;
        const SaleReport report = runSales({world, kWorld});
        if (report.finding) {
            ++progress.violations;
            tell(world, *report.finding);
        }
        progress.sales += kWorld;
        if (path) write(path, progress);
        if (progress.sales % 10'000 == 0) {
            std::printf("%llu sales\n", static_cast<unsigned long long>(progress.sales));
            std::fflush(stdout);
        }
    }
    std::printf("%llu sales, %llu violations\n", static_cast<unsigned long long>(progress.sales),
                static_cast<unsigned long long>(progress.violations));
    return progress.violations == 0 ? 0 : 1;
}
