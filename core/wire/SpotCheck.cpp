#include "core/wire/SpotCheck.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace tallylock::wire {

namespace {

/// The words of the draw, one after another, as places among n.
class SpotWords {
public:
    explicit SpotWords(const Hash& seed) : m_seed(seed) {}

    std::uint64_t placeAmong(std::uint64_t n) {
        assert(n > 0);
        // The largest multiple of n that 64 bits hold; 0 stands for 2^64 itself.
        const std::uint64_t beyond = (std::uint64_t{0} - n) % n;
        const std::uint64_t limit = std::uint64_t{0} - beyond;
        for (;;) {
            const std::uint64_t word = next();
            if (limit == 0 || word < limit) return word % n;
        }
    }

private:
    std::uint64_t next() {
        const Hash hash = crypto::labelledHash("spot-draw", crypto::cborList(m_seed, m_count++));
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < 8; ++i) word = word << 8 | hash.bytes[i];
        return word;
    }
    Hash m_seed;
    std::uint64_t m_count = 0;
};

} // namespace

Hash spotCommitment(const Hash& terms, const Hash& nonce) {
    return crypto::labelledHash("spot-nonce", crypto::cborList(terms, nonce));
}

Hash spotSeed(const Hash& terms, const Hash& commitment, const Hash& buyerNonce, const Hash& serverNonce) {
    return crypto::labelledHash("spot-seed", crypto::cborList(terms, commitment, buyerNonce, serverNonce));
}

/// Places that `taken` does not hold.
static std::vector<std::uint64_t> drawOutside(const std::vector<std::uint64_t>& taken, const Hash& seed,
                                              std::uint64_t count, std::uint64_t wanted) {
    assert(wanted <= count - taken.size());
    SpotWords words(seed);
    std::set<std::uint64_t> places;
    while (places.size() < wanted) {
        const std::uint64_t place = words.placeAmong(count);
        if (!std::ranges::binary_search(taken, place)) places.insert(place);
    }
    return {places.begin(), places.end()};
}

std::vector<std::uint64_t> drawAmong(const Hash& seed, std::uint64_t count, std::uint64_t wanted) {
    return drawOutside({}, seed, count, wanted);
}

SpotDraw drawSpot(const Hash& seed, std::uint64_t portionCount, std::uint32_t wanted,
                  const std::vector<std::uint64_t>& opened) {
    SpotDraw draw;
    if (opened.size() > wanted) {
        for (const std::uint64_t place : drawAmong(seed, opened.size(), wanted)) draw.again.push_back(opened[place]);
        return draw;
    }
    draw.again = opened;
    const std::uint64_t budget = spotBudgetOf(portionCount);
    const std::uint64_t left = budget - std::min<std::uint64_t>(budget, opened.size());
    draw.fresh = drawOutside(opened, seed, portionCount, std::min<std::uint64_t>(wanted - opened.size(), left));
    return draw;
}

} // namespace tallylock::wire
