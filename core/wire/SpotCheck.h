// The joint spot check, between B4 and B7: some portions of the plain file, which neither side has chosen, opened by
// the key server for the buyer before money moves. docs/decisions/spot-check.md says what it is good for.
//
//   buyer                                                    key server
//   SpotCommit   H("spot-nonce", [t, own nonce])   ----->    writes it down with a nonce of its own
//                                                  <-----    SpotNonce, and which portions are open already
//   SpotReveal   own nonce                         ----->    writes down the draw, opens it
//                                                  <-----    SpotAttest: leaves and salts, signed
//   SpotOpen     index                             ----->
//                                                  <-----    SpotPortion: the bytes, and the ways to both roots
//
// The draw follows from both nonces, so it can be computed by either side and chosen by none:
//
//   seed   = H("spot-seed", [t, commitment, buyer's nonce, key server's nonce])
//   word c = the first 8 bytes of H("spot-draw", [seed, c]), big-endian, for c = 0, 1, 2 ...
//   a place among n is word mod n; words from floor(2^64 / n) n on are passed over, and places that are taken
//
// Portions that are open already (for any edition of the asset) are served first: all of them in their order if not
// more than wanted, else that many places drawn among them. What is wanting is drawn among all portions, within the
// budget.
#pragma once

#include "core/asset/PortionProof.h"
#include "core/crypto/Hash.h"

namespace tallylock::wire {

/// One portion in a hundred, for the life of an asset, whoever asks.
constexpr std::uint64_t spotBudgetOf(std::uint64_t portionCount) { return portionCount / 100; }
/// What one check may ask for, and what the app asks for.
inline constexpr std::uint32_t kMostSpotPortions = 16;
inline constexpr std::uint32_t kUsualSpotPortions = 8;

Hash spotCommitment(const Hash& terms, const Hash& nonce);
Hash spotSeed(const Hash& terms, const Hash& commitment, const Hash& buyerNonce, const Hash& serverNonce);

struct SpotDraw {
    std::vector<std::uint64_t> again; ///< opened before, rising
    std::vector<std::uint64_t> fresh; ///< drawn now, rising; count towards the budget
};
/// `opened` rises strictly and is below `portionCount`; whoever took it from another has checked that.
SpotDraw drawSpot(const Hash& seed, std::uint64_t portionCount, std::uint32_t wanted,
                  const std::vector<std::uint64_t>& opened);

/// `wanted` different places among `count`, rising; `wanted` is not more than that.
std::vector<std::uint64_t> drawAmong(const Hash& seed, std::uint64_t count, std::uint64_t wanted);

/// Signed by the buyer, label "spot-commit".
struct SpotCommitNote {
    IdentityKey server;
    Hash terms;
    Hash commitment;
    std::uint32_t wanted = kUsualSpotPortions; ///< 1 to kMostSpotPortions
    bool operator==(const SpotCommitNote&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &SpotCommitNote::server), field(2, &SpotCommitNote::terms), field(3, &SpotCommitNote::commitment),
            field(4, &SpotCommitNote::wanted));
    }
};
struct SpotCommit {
    static constexpr std::uint64_t kType = 30;
    SpotCommitNote note;
    Signature signature;
    static constexpr void fields(auto use) { use(field(1, &SpotCommit::note), field(2, &SpotCommit::signature)); }
};
/// Signed by the key server, label "spot-nonce", before it knows the buyer's nonce: so what is open already cannot be
/// made up to suit the draw.
struct SpotNonceNote {
    Hash terms;
    Hash commitment;
    Hash nonce;
    std::uint64_t portionCount = 0;
    std::vector<std::uint64_t> opened; ///< rising
    static constexpr void fields(auto use) {
        use(field(1, &SpotNonceNote::terms), field(2, &SpotNonceNote::commitment), field(3, &SpotNonceNote::nonce),
            field(4, &SpotNonceNote::portionCount), field(5, &SpotNonceNote::opened));
    }
};
struct SpotNonce {
    static constexpr std::uint64_t kType = 31;
    SpotNonceNote note;
    Signature signature;
    static constexpr void fields(auto use) { use(field(1, &SpotNonce::note), field(2, &SpotNonce::signature)); }
};
struct SpotReveal {
    static constexpr std::uint64_t kType = 32;
    Hash terms;
    Hash nonce;
    static constexpr void fields(auto use) { use(field(1, &SpotReveal::terms), field(2, &SpotReveal::nonce)); }
};
/// What is said of one portion: its salt HMAC(S, i) and its leaves in both trees.
struct SpotSample {
    std::uint64_t index = 0;
    Hash salt;
    Hash plainLeaf;
    Hash sealedLeaf;
    static constexpr void fields(auto use) {
        use(field(1, &SpotSample::index), field(2, &SpotSample::salt), field(3, &SpotSample::plainLeaf),
            field(4, &SpotSample::sealedLeaf));
    }
};
/// Signed by the key server, label "spot-check": P1 opened these portions of the stored file to these leaves.
struct SpotNote {
    Hash terms;
    Hash commitment;
    Hash buyerNonce;
    Hash serverNonce;
    std::vector<SpotSample> samples; ///< in the order of their indices
    static constexpr void fields(auto use) {
        use(field(1, &SpotNote::terms), field(2, &SpotNote::commitment), field(3, &SpotNote::buyerNonce),
            field(4, &SpotNote::serverNonce), field(5, &SpotNote::samples));
    }
};
struct SpotAttest {
    static constexpr std::uint64_t kType = 33;
    SpotNote note;
    Signature signature;
    static constexpr void fields(auto use) { use(field(1, &SpotAttest::note), field(2, &SpotAttest::signature)); }
};
struct SpotOpen {
    static constexpr std::uint64_t kType = 34;
    Hash terms;
    std::uint64_t index = 0;
    static constexpr void fields(auto use) { use(field(1, &SpotOpen::terms), field(2, &SpotOpen::index)); }
};
/// A whole portion, the one message that is larger than kMaxEnvelopeSize: the portion is what can be proven, a piece of
/// one could not be checked when it comes. An answer is bounded by kMaxAnswerSize.
struct SpotPortion {
    static constexpr std::uint64_t kType = 35;
    Bytes plain; ///< at most asset::kPortionSize
    asset::LeafProof plainProof;
    asset::LeafProof sealedProof;
    static constexpr void fields(auto use) {
        use(field(1, &SpotPortion::plain), field(2, &SpotPortion::plainProof), field(3, &SpotPortion::sealedProof));
    }
};
/// A portion, two ways of at most 64 steps, and what frames them.
inline constexpr std::size_t kMaxAnswerSize = asset::kPortionSize + 8 * 1024;

} // namespace tallylock::wire
