#include "core/party/SaleChecks.h"

#include "core/engine/Ownership.h"
#include "core/party/Problems.h"
#include "core/wire/Deposit.h"

namespace tallylock::party {

using api::Problem;
using api::Refusal;

static Err<Refusal> refuseSale(Problem problem, const char* what) { return Err(Refusal{problem, what}); }

Hash termsHash(const engine::Terms& terms) { return crypto::labelledHash("terms", terms); }
Hash contractHash(const engine::Contract& contract) { return crypto::labelledHash("contract", contract); }
Hash payoutHash(const Hash& salt, HolderId target) {
    return crypto::labelledHash("payout", crypto::cborList(salt, target));
}

Result<asset::Manifest, Refusal> checkListing(const engine::ListingPublished& listing) {
    const auto read = asset::readManifest(listing.manifest);
    if (!read) return Err(Refusal{problemOf(read.error()), asset::nameOf(read.error())});
    const asset::Manifest& manifest = read->manifest;
    if (manifest.seller != listing.sellerKeys.identity) return refuseSale(Problem::ManifestInvalid, "seller");
    if (asset::manifestHash(manifest) != listing.manifestHash) return refuseSale(Problem::ManifestInvalid, "hash");
    if (manifest.assetId != listing.assetId) return refuseSale(Problem::ManifestInvalid, "asset id");
    if (manifest.recipient != listing.recipient) return refuseSale(Problem::ManifestInvalid, "recipient");
    if (manifest.sealedRoot != listing.sealedRoot) return refuseSale(Problem::ManifestInvalid, "sealed root");
    if (manifest.plainRoot != listing.plainRoot) return refuseSale(Problem::ManifestInvalid, "plain root");
    if (manifest.plainSize != listing.sizeBytes) return refuseSale(Problem::ManifestInvalid, "size");
    if (manifest.sealedSize != listing.sealedSize) return refuseSale(Problem::ManifestInvalid, "sealed size");
    if (manifest.mediaType != listing.mediaType) return refuseSale(Problem::ManifestInvalid, "media type");
    if (manifest.description != listing.description) return refuseSale(Problem::ManifestInvalid, "description");
    const asset::Preview preview{listing.previewType, listing.preview, {}};
    if (asset::previewHash(preview) != manifest.previewHash) return refuseSale(Problem::ManifestInvalid, "preview");
    return manifest;
}

bool isSound(const engine::ListingPublished& listing) { return checkListing(listing).ok(); }

std::vector<custody::SignedCustody> custodyOf(const engine::ListingPublished& listing,
                                              const engine::CustodyPassed* passed) {
    const auto manifest = checkListing(listing);
    if (!manifest) return {};
    std::vector<custody::SignedCustody> chain = manifest->custody;
    if (!passed) return chain;
    const auto entry = decodeCbor<custody::SignedCustody>(passed->entry);
    if (!entry) return chain;
    chain.push_back(*entry);
    if (!custody::checkCustody(chain, listing.assetId)) chain.pop_back();
    return chain;
}

engine::Ownership ownershipOf(const asset::Manifest& manifest) {
    const custody::SignedCustody& last = manifest.custody.back();
    return {manifest.assetId, manifest.custody.size(), custody::custodyHash(last), last.entry.timeMs};
}

Result<engine::Terms, Refusal> makeTerms(const TermsParts& parts) {
    const engine::SaleChanged& offer = parts.offer;
    if (!engine::offersFunding(parts.config, offer.funding, offer.escrowAsset))
        return refuseSale(Problem::TermsMismatch, "funding");
    const auto fee = money::feeOf(parts.price, parts.config.saleFeeBasisPoints);
    const auto holdback = money::feeOf(parts.price, parts.config.holdbackBasisPoints);
    if (!fee || !holdback) return Err(Refusal{Problem::AmountOverflow, {}});
    const auto manifest = checkListing(parts.listing);
    if (!manifest) return Err(manifest.error());

    engine::Terms terms;
    terms.buyerNonce = offer.buyerNonce;
    terms.sellerNonce = parts.sellerNonce;
    terms.listing = offer.listing;
    terms.manifestHash = parts.listing.manifestHash;
    terms.edition = manifest->edition;
    terms.recipient = parts.listing.recipient;
    terms.sealedRoot = parts.listing.sealedRoot;
    terms.plainRoot = parts.listing.plainRoot;
    terms.sealedSize = parts.listing.sealedSize;
    terms.buyer = offer.buyerKeys;
    terms.seller = offer.sellerKeys;
    terms.keyServer = parts.config.keyServer;
    terms.coordinator = parts.config.coordinator.identity;
    terms.coin = offer.coin;
    terms.price = parts.price;
    terms.fee = *fee;
    terms.holdback = *holdback;
    terms.payoutHash = payoutHash(parts.payoutSalt, offer.seller);
    terms.deadlines = parts.config.deadlines;
    terms.arbitration = parts.config.arbitration;
    terms.standby = parts.config.standby;
    terms.keyWay = offer.keyWay;
    terms.funding = offer.funding;
    terms.escrowAsset = offer.escrowAsset;
    terms.oneServer = parts.config.oneServer;
    terms.courier1 = engine::courierOfPartOne(offer.keyWay.value_or(engine::KeyWay::TwoChannels));
    if (offer.delivery == engine::DeliveryKind::OwnershipOnly) terms.ownership = ownershipOf(*manifest);
    return terms;
}

/// The fields that come from the listing.
static const char* differsFromListing(const engine::Terms& terms, const engine::ListingPublished& listing,
                                      const asset::Manifest& manifest) {
    if (terms.listing != listing.listing) return "listing";
    if (terms.manifestHash != listing.manifestHash) return "manifest";
    if (terms.edition != manifest.edition) return "edition";
    if (terms.recipient != listing.recipient) return "recipient";
    if (terms.sealedRoot != listing.sealedRoot) return "sealed root";
    if (terms.plainRoot != listing.plainRoot) return "plain root";
    if (terms.sealedSize != listing.sealedSize) return "sealed size";
    if (!(terms.seller == listing.sellerKeys)) return "seller";
    if (terms.ownership && terms.ownership != ownershipOf(manifest)) return "ownership";
    return nullptr;
}

/// The fields that come from the offer.
static const char* differsFromOffer(const engine::Terms& terms, const engine::MakeOffer& offer) {
    if (terms.buyerNonce != offer.nonce) return "buyer nonce";
    if (terms.listing != offer.listing) return "listing";
    if (terms.coin != offer.coin) return "coin";
    if (terms.keyWay != offer.keyWay) return "the way of the key";
    if (terms.courier1 != engine::courierOfPartOne(offer.keyWay.value_or(engine::KeyWay::TwoChannels)))
        return "courier 1";
    if (terms.ownership.has_value() != (offer.delivery == engine::DeliveryKind::OwnershipOnly)) return "ownership";
    if (terms.funding != offer.funding) return "funding";
    if (terms.escrowAsset != offer.escrowAsset) return "escrow asset";
    const auto paysEnough = money::notMoreThan(offer.minimum, terms.price);
    const auto paysNoMore = money::notMoreThan(terms.price, offer.bid);
    if (!paysEnough || !paysNoMore || !*paysEnough || !*paysNoMore) return "price";
    return nullptr;
}

/// The fields that the coordinator's folder fixes.
static const char* differsFromHouse(const engine::Terms& terms, const BuyerView& view) {
    const engine::Config& config = view.config;
    if (terms.keyServer.identity != view.keyServer) return "key server";
    if (!(terms.keyServer == config.keyServer)) return "key server";
    if (terms.standby != config.standby) return "standby key server";
    if (terms.standby && terms.standby->identity != view.standby) return "standby key server";
    if (terms.coordinator != config.coordinator.identity) return "coordinator";
    if (!(terms.deadlines == config.deadlines)) return "deadlines";
    if (terms.arbitration != config.arbitration) return "arbitration";
    if (terms.oneServer != config.oneServer) return "one server";
    if (!engine::offersFunding(config, terms.funding, terms.escrowAsset)) return "funding";
    if (terms.courier2 != engine::CourierKind::KeyServerEndpoint) return "courier 2";
    const auto fee = money::feeOf(terms.price, config.saleFeeBasisPoints);
    if (!fee || !(terms.fee == *fee)) return "fee";
    const auto holdback = money::feeOf(terms.price, config.holdbackBasisPoints);
    if (!holdback || !(terms.holdback == *holdback)) return "holdback";
    return nullptr;
}

Check checkTerms(const engine::SaleChanged& sale, const BuyerView& view) {
    if (!sale.terms || !sale.termsHash || !sale.sellerSignature) return refuseSale(Problem::TermsMismatch, "absent");
    const engine::Terms& terms = *sale.terms;
    const auto manifest = checkListing(view.listing);
    if (!manifest) return Err(manifest.error());
    if (const char* what = differsFromOffer(terms, view.offer)) return refuseSale(Problem::TermsMismatch, what);
    if (const char* what = differsFromListing(terms, view.listing, *manifest))
        return refuseSale(Problem::TermsMismatch, what);
    if (const char* what = differsFromHouse(terms, view)) return refuseSale(Problem::TermsMismatch, what);
    if (!(terms.buyer == view.me)) return refuseSale(Problem::TermsMismatch, "buyer");
    const Hash t = termsHash(terms);
    if (t != *sale.termsHash) return refuseSale(Problem::TermsMismatch, "hash");
    if (!crypto::verify(terms.seller.identity, "accept-terms", engine::TermsAcceptance{t}, *sale.sellerSignature))
        return refuseSale(Problem::SignatureInvalid, "seller");
    return {};
}

Check checkKeyReceipt(const engine::Terms& terms, const engine::KeyReceipt& receipt, const IdentityKey& keyServer) {
    const engine::KeyReceiptBody& body = receipt.body;
    if (body.terms != termsHash(terms)) return refuseSale(Problem::TermsMismatch, "key receipt");
    if (body.recipient != terms.recipient) return refuseSale(Problem::TermsMismatch, "recipient");
    if (body.sealedRoot != terms.sealedRoot) return refuseSale(Problem::TermsMismatch, "sealed root");
    if (body.plainRoot != terms.plainRoot) return refuseSale(Problem::TermsMismatch, "plain root");
    if (body.check != "full") return refuseSale(Problem::TermsMismatch, "extent of the check");
    if (!crypto::verify(keyServer, "r4", body, receipt.signature))
        return refuseSale(Problem::SignatureInvalid, "key server");
    return {};
}

std::optional<engine::Contract> contractOf(const engine::SaleChanged& sale) {
    if (!sale.terms || !sale.sellerSignature || !sale.buyerSignature || !sale.keyReceipt) return std::nullopt;
    return engine::Contract{*sale.terms, *sale.sellerSignature, *sale.buyerSignature, *sale.keyReceipt};
}

Result<Hash, Refusal> checkWallet(const engine::SaleChanged& sale, const IdentityKey& keyServer) {
    const auto contract = contractOf(sale);
    if (!contract || !sale.wallet || !sale.walletReceipt || !sale.coins)
        return refuseSale(Problem::PaymentNotOpen, "absent");
    if (contract->terms.keyServer.identity != keyServer) return refuseSale(Problem::TermsMismatch, "key server");
    if (const auto check = checkKeyReceipt(contract->terms, contract->keyReceipt, keyServer); !check)
        return Err(check.error());
    const engine::OpenWallet& wallet = *sale.wallet;
    const Hash k = contractHash(*contract);
    if (wallet.contract != k) return refuseSale(Problem::TermsMismatch, "contract");
    if (wallet.sale != sale.sale) return refuseSale(Problem::TermsMismatch, "sale");
    if (!(wallet.coins == *sale.coins)) return refuseSale(Problem::TermsMismatch, "quote");
    if (wallet.coins.unit != contract->terms.coin) return refuseSale(Problem::TermsMismatch, "coin");
    if (!wallet.coins.isPositive()) return refuseSale(Problem::TermsMismatch, "quote");
    if (wallet.address.empty()) return refuseSale(Problem::TermsMismatch, "address");
    if (crypto::labelledHash("r6", wallet) != *sale.walletReceipt) return refuseSale(Problem::TermsMismatch, "receipt");
    return k;
}

Check checkOwner(const engine::SaleChanged& sale) {
    const auto contract = contractOf(sale);
    if (!contract || !sale.owner) return refuseSale(Problem::TermsMismatch, "owner");
    if (!engine::isDelivery(*sale.owner, contract->terms, contractHash(*contract)))
        return refuseSale(Problem::TermsMismatch, "owner");
    return {};
}

Check checkPart(const engine::KeyPartNote& note, const Signature& signature, ByteView box, std::uint8_t part,
                const Hash& contract, const IdentityKey& keyServer) {
    const char* which = part == 1 ? "part 1" : "part 2";
    if (note.contract != contract || note.part != part) return refuseSale(Problem::KeyPartsWrong, which);
    if (wire::partHash(box) != note.partHash) return refuseSale(Problem::KeyPartsWrong, which);
    if (!crypto::verify(keyServer, "key-part", note, signature)) return refuseSale(Problem::KeyPartsWrong, which);
    return {};
}

Check checkDepositKey(const wire::DepositKeyReply& reply, const Hash& terms, const IdentityKey& keyServer) {
    if (reply.note.terms != terms) return refuseSale(Problem::TermsMismatch, "deposit key");
    if (!crypto::verify(keyServer, "deposit-key", reply.note, reply.signature))
        return refuseSale(Problem::SignatureInvalid, "key server");
    return {};
}

} // namespace tallylock::party
