// The chain of custody: who made an asset and who has owned it since, each entry signed by the one who passes it on.
#pragma once

#include "core/crypto/Sign.h"

#include <vector>

namespace tallylock::custody {

enum class CustodyKind : std::uint8_t {
    Created, ///< the first entry: from and to are the creator
    Sold,
    kCount
};

struct CustodyEntry {
    Hash assetId;
    std::uint64_t number = 0; ///< from 0
    CustodyKind kind = CustodyKind::Created;
    IdentityKey from; ///< who signs
    IdentityKey to;   ///< the owner from now on
    Hash previous;    ///< H("custody", the entry before with its signature); zero in the first
    Hash contract;    ///< of the sale; zero in the first
    std::int64_t timeMs = 0;
    bool operator==(const CustodyEntry&) const = default;
    static constexpr void fields(auto use) {
        using E = CustodyEntry;
        use(field(1, &E::assetId), field(2, &E::number), field(3, &E::kind), field(4, &E::from), field(5, &E::to),
            field(6, &E::previous), field(7, &E::contract), field(8, &E::timeMs));
    }
};

struct SignedCustody {
    CustodyEntry entry;
    Signature signature; ///< by entry.from, label "custody-entry"
    bool operator==(const SignedCustody&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &SignedCustody::entry), field(2, &SignedCustody::signature));
    }
};

enum class CustodyError {
    Empty,
    TooLong,     ///< more than kMaxCustodyEntries
    OtherAsset,  ///< an entry for another asset
    BrokenChain, ///< number, previous hash, first entry or order of time do not fit
    NotOwner,    ///< signed over by somebody who was not the owner
    WrongSignature,
};
const char* nameOf(CustodyError error);

inline constexpr std::size_t kMaxCustodyEntries = 256;

inline constexpr std::string_view kCustodyLabel = "custody-entry";

/// By whoever passes it on.
bool isSigned(const SignedCustody& passed);
Hash custodyHash(const SignedCustody& entry);
/// The first entry.
SignedCustody beginCustody(const crypto::SigningKey& creator, const Hash& assetId, std::int64_t timeMs);
/// The next entry after `chain`, which must not be empty.
SignedCustody passCustody(const crypto::SigningKey& owner, const std::vector<SignedCustody>& chain,
                          const IdentityKey& to, const Hash& contract, std::int64_t timeMs);
/// Verifies the whole chain and tells the present owner.
Result<IdentityKey, CustodyError> checkCustody(const std::vector<SignedCustody>& chain, const Hash& assetId);

} // namespace tallylock::custody
