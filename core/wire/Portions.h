// What the buyer's app and the seller's say to each other at B8, where the sealed file is delivered without the store.
#pragma once

#include "core/base/CborFields.h"

namespace tallylock::wire {

/// The portion hashes of what was sold, from this one on. Answered by PortionHashPage.
struct PortionHashQuery {
    static constexpr std::uint64_t kType = 46;
    SaleId sale;
    std::uint64_t first = 0;
    static constexpr void fields(auto use) {
        use(field(1, &PortionHashQuery::sale), field(2, &PortionHashQuery::first));
    }
};
inline constexpr std::size_t kHashesAPage = 16'384;
struct PortionHashPage {
    static constexpr std::uint64_t kType = 47;
    std::uint64_t frontSize = 0; ///< of the sealed file: header and nonce
    std::uint64_t count = 0;     ///< of all portions
    std::uint64_t first = 0;
    std::vector<Hash> leaves; ///< at most kHashesAPage; fewer only at the end
    static constexpr void fields(auto use) {
        using P = PortionHashPage;
        use(field(1, &P::frontSize), field(2, &P::count), field(3, &P::first), field(4, &P::leaves));
    }
};
/// One portion of it. Answered by SealedPortion.
struct SealedPortionQuery {
    static constexpr std::uint64_t kType = 48;
    SaleId sale;
    std::uint64_t index = 0;
    static constexpr void fields(auto use) {
        use(field(1, &SealedPortionQuery::sale), field(2, &SealedPortionQuery::index));
    }
};
struct SealedPortion {
    static constexpr std::uint64_t kType = 49;
    std::uint64_t index = 0;
    std::vector<Bytes> pieces; ///< joined they are the portion, 0 with header and nonce; each as long as bytes may be
    static constexpr void fields(auto use) { use(field(1, &SealedPortion::index), field(2, &SealedPortion::pieces)); }
};
SealedPortion inPieces(std::uint64_t index, ByteView portion);
Bytes joined(const SealedPortion& portion);

} // namespace tallylock::wire
