// What one identity checks before it signs, and how the seller's terms are made. Pure: no journal, file or clock.
//
// Each check names the first thing that does not fit, in `detail`. A party that finds something signs nothing, and the
// deadline of the state ends the sale.
#pragma once

#include "core/api/Problem.h"
#include "core/asset/Manifest.h"
#include "core/engine/Engine.h"
#include "core/engine/Events.h"
#include "core/keys/Identity.h"
#include "core/wire/Frames.h"

namespace tallylock::party {

using Check = Result<void, api::Refusal>;

/// t and k, as this party computes them.
Hash termsHash(const engine::Terms& terms);
Hash contractHash(const engine::Contract& contract);

/// The listing's manifest is signed by the seller that the listing names, and says what the listing says.
Result<asset::Manifest, api::Refusal> checkListing(const engine::ListingPublished& listing);
bool isSound(const engine::ListingPublished& listing);

/// The listing's chain of custody, with what its seller has said of the new owner if that fits: otherwise without.
std::vector<custody::SignedCustody> custodyOf(const engine::ListingPublished& listing,
                                              const engine::CustodyPassed* passed);

/// What the custody entry of B8 is to say where only the ownership passes.
engine::Ownership ownershipOf(const asset::Manifest& manifest);
/// B8 where only the ownership passes: the seller has signed the entry that the terms ask for.
Check checkOwner(const engine::SaleChanged& sale);

/// B2: the seller's terms for this offer.
struct TermsParts {
    const engine::Config& config;
    const engine::SaleChanged& offer;
    const engine::ListingPublished& listing;
    money::Amount price;
    Hash sellerNonce;
    Hash payoutSalt;
};
Result<engine::Terms, api::Refusal> makeTerms(const TermsParts& parts);
Hash payoutHash(const Hash& salt, HolderId target);

/// What the buyer compares the terms of a sale with.
struct BuyerView {
    const engine::Config& config;
    IdentityKey keyServer;              ///< pinned
    std::optional<IdentityKey> standby; ///< pinned
    engine::PartyKeys me;
    const engine::MakeOffer& offer; ///< as I signed it
    const engine::ListingPublished& listing;
};
/// Before the buyer signs the terms: every field is what was offered, listed or pinned, and the seller has signed.
Check checkTerms(const engine::SaleChanged& sale, const BuyerView& view);

/// R4: the pinned key server vouches for this sale's terms, recipient and roots.
Check checkKeyReceipt(const engine::Terms& terms, const engine::KeyReceipt& receipt, const IdentityKey& keyServer);
/// R6: before the funding terms are signed and the address is shown. Gives k.
Result<Hash, api::Refusal> checkWallet(const engine::SaleChanged& sale, const IdentityKey& keyServer);
/// The contract of a sale whose terms are signed by both and whose key is wrapped; nothing before.
std::optional<engine::Contract> contractOf(const engine::SaleChanged& sale);

/// A key part is signed by the key server for this contract, and the box is what was signed.
Check checkPart(const engine::KeyPartNote& note, const Signature& signature, ByteView box, std::uint8_t part,
                const Hash& contract, const IdentityKey& keyServer);
/// The key server's one-sale key is for these terms.
Check checkDepositKey(const wire::DepositKeyReply& reply, const Hash& terms, const IdentityKey& keyServer);

} // namespace tallylock::party
