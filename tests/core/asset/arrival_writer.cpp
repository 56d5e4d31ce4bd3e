// arrival_writer PATH SEALED: takes in what is missing at PATH from the sealed file, three portions between two marks,
// and prints how many are durable. Its test kills it.
#include "core/asset/Arrival.h"
#include "core/asset/Edition.h"

#include <cstdio>

using namespace tallylock;
using namespace tallylock::asset;

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    auto sealed = FileSource::open(argv[2]);
    if (!sealed) return 2;
    FromBeginning whole(*sealed);
    const auto portions = hashSealed(whole);
    if (!portions) return 2;
    auto hashes = hashPortions(*sealed, portions->sealedRoot);
    if (!hashes) return 2;
    const PortionLayout layout = hashes->layout(sealed->size());
    auto arrival = Arrival::open(argv[1], portions->sealedRoot, sealed->size());
    if (!arrival) return 1;
    if (!(*arrival)->hasHashes() && !(*arrival)->begin(std::move(*hashes))) return 1;
    const auto changed = (*arrival)->reread(nullptr);
    if (!changed || *changed != 0) return 3;
    std::uint64_t there = 0;
    for (std::uint64_t i = 0; i < (*arrival)->portions(); ++i) {
        const auto portion = readSealedPortion(*sealed, layout, i);
        if (!portion || !(*arrival)->put(i, *portion)) return 1;
        if (i % 3 != 2) continue;
        if (!(*arrival)->flush()) return 1;
        there = i + 1;
        std::printf("%llu\n", static_cast<unsigned long long>(there));
        std::fflush(stdout);
    }
    return (*arrival)->isWhole() ? 0 : 1;
}
