// What buyers and sellers ask of a sale: listing, offer, acceptance, signatures, receipts.
#include "core/engine/EngineState.h"
#include "core/engine/Ownership.h"

#include <cassert>

namespace tallylock::engine {

using escrow::SaleEvent;

namespace {
constexpr std::size_t kMaxListingName = 200;
constexpr std::size_t kMaxDescription = 4000;
constexpr std::size_t kMaxPreview = 256 * 1024;
constexpr std::size_t kMaxCustodyEntry = 1024;
constexpr std::int64_t kMaxExpiryMs = std::int64_t{90} * 24 * 3600 * 1000;

/// What the terms must repeat of offer, listing and coordinator. The first difference is named.
const char* firstDifference(const Terms& t, const SaleChanged& sale, const Listing& listing, const Config& config,
                            const escrow::SalePrice& price) {
    if (t.buyerNonce != sale.buyerNonce) return "buyerNonce";
    if (t.listing != listing.id) return "listing";
    if (t.manifestHash != listing.manifestHash) return "manifestHash";
    if (t.edition != listing.edition) return "edition";
    if (t.recipient != listing.recipient) return "recipient";
    if (t.sealedRoot != listing.sealedRoot) return "sealedRoot";
    if (t.plainRoot != listing.plainRoot) return "plainRoot";
    if (t.sealedSize != listing.sealedSize) return "sealedSize";
    if (t.buyer != sale.buyerKeys) return "buyer";
    if (t.seller != sale.sellerKeys) return "seller";
    if (t.keyServer != config.keyServer) return "keyServer";
    if (t.coordinator != config.coordinator.identity) return "coordinator";
    if (t.coin != sale.coin) return "coin";
    if (t.fee != price.fee) return "fee";
    if (t.holdback != price.holdback) return "holdback";
    if (t.deadlines != config.deadlines) return "deadlines";
    if (t.arbitration != config.arbitration) return "arbitration";
    if (t.standby != config.standby) return "standby";
    if (t.keyWay != sale.keyWay) return "keyWay";
    if (t.oneServer != config.oneServer) return "oneServer";
    if (t.courier1 != courierOfPartOne(t.keyWay.value_or(KeyWay::TwoChannels))) return "courier1";
    if (t.courier2 != CourierKind::KeyServerEndpoint) return "courier2";
    const bool isOwnershipOnly = sale.delivery == DeliveryKind::OwnershipOnly;
    if (t.ownership.has_value() != isOwnershipOnly) return "ownership";
    if (t.ownership && t.ownership->assetId != listing.assetId) return "ownership";
    if (t.funding != sale.funding) return "funding";
    if (t.escrowAsset != sale.escrowAsset) return "escrowAsset";
    return nullptr;
}
} // namespace

/// NotRegistered, NotPermitted, AccountFrozen, NameInvalid, AmountInvalid and kin, ManifestInvalid, ListingCopied.
/// The same edition again, by the same seller, is answered with its listing.
Reply Engine::State::handle(const PublishListing& c) { return publish(c, 1); }

/// As PublishListing, and EditionInvalid.
Reply Engine::State::handle(const PublishEdition& c) {
    if (c.edition < 2) return refuse(Refused::EditionInvalid);
    return publish(c.listing, c.edition);
}

Reply Engine::State::publish(const PublishListing& c, std::uint64_t edition) {
    const auto by = actor(parties::kTrader);
    if (!by) return refuse(by.error());
    const PartyKeys& keys = holderKeys.at(by->holder);
    if (keys.identity != cause.signer) return refuse(Refused::NotPermitted);
    if (c.name.empty() || c.name.size() > kMaxListingName || c.description.size() > kMaxDescription) {
        return refuse(Refused::NameInvalid);
    }
    if (const auto bad = checkAmount(c.price, config.dollars)) return refuse(*bad);
    if (const auto price = escrow::priceOf(c.price, config.saleFeeBasisPoints, config.holdbackBasisPoints); !price) {
        return refuse(Refused::AmountOverflow);
    }
    if (c.sizeBytes == 0 || c.sealedSize <= c.sizeBytes || c.manifest.empty() || c.preview.size() > kMaxPreview ||
        c.sealedRoot.isZero() || c.plainRoot.isZero() || c.recipient.isZero()) {
        return refuse(Refused::ManifestInvalid);
    }
    if (const auto known = listingByRoot.find(c.sealedRoot); known != listingByRoot.end()) {
        const Listing& other = listings.at(known->second);
        if (other.seller != by->holder || other.recipient != c.recipient || other.edition != edition)
            return refuse(Refused::ListingCopied);
        return done(other.id.value);
    }
    if (listingByRecipient.contains(c.recipient)) return refuse(Refused::ListingCopied);
    // Further editions: of one's own asset, in rising order, of the same plain text.
    if (const auto newest = newestEdition.find(c.assetId); newest != newestEdition.end()) {
        const Listing& before = listings.at(newest->second);
        if (before.seller != by->holder) return refuse(Refused::ListingCopied);
        if (edition <= before.edition || c.plainRoot != before.plainRoot) return refuse(Refused::EditionInvalid);
    } else if (edition != 1) {
        return refuse(Refused::EditionInvalid);
    }

    const ListingId id{++lastListing};
    listings.emplace(id, Listing{id,
                                 by->holder,
                                 c.assetId,
                                 c.manifestHash,
                                 c.sealedRoot,
                                 c.plainRoot,
                                 c.recipient,
                                 c.sealedSize,
                                 true,
                                 edition,
                                 {},
                                 false});
    newestEdition[c.assetId] = id;
    listingByRoot.emplace(c.sealedRoot, id);
    listingByRecipient.emplace(c.recipient, id);
    ListingPublished e;
    e.listing = id;
    e.seller = by->holder;
    e.sellerName = nameOfHolder(by->holder);
    e.sellerKeys = keys;
    e.assetId = c.assetId;
    e.name = c.name;
    e.description = c.description;
    e.mediaType = c.mediaType;
    e.sizeBytes = c.sizeBytes;
    e.sealedSize = c.sealedSize;
    e.manifestHash = c.manifestHash;
    e.sealedRoot = c.sealedRoot;
    e.plainRoot = c.plainRoot;
    e.recipient = c.recipient;
    e.price = c.price;
    e.manifest = c.manifest;
    e.previewType = c.previewType;
    e.preview = c.preview;
    e.timeMs = nowMs;
    emit(Audience::everybody(), std::move(e));
    return done(id.value);
}

/// What may be wrong with an offer by itself: AmountInvalid and kin, MinimumAboveBid, UnitUnknown, ExpiryInvalid,
/// FundingUnavailable, NotPermitted (an address, where withdrawals need approvals), AddressUnknown, AddressWaiting.
std::optional<Refused> Engine::State::checkOffer(const MakeOffer& c, HolderId buyer) const {
    if (const auto bad = checkAmount(c.bid, config.dollars)) return bad;
    if (const auto bad = checkAmount(c.minimum, config.dollars)) return bad;
    if (c.minimum.value > c.bid.value) return Refused::MinimumAboveBid;
    const money::Unit* coin = money::findUnit(c.coin);
    if (!coin || coin->kind != money::UnitKind::Coin) return Refused::UnitUnknown;
    if (c.expiresMs <= nowMs || c.expiresMs > nowMs + kMaxExpiryMs) return Refused::ExpiryInvalid;
    if (!offersFunding(config, c.funding, c.escrowAsset)) return Refused::FundingUnavailable;
    if (c.refundTo) {
        if (policyOf(buyer).approvals > 0) return Refused::NotPermitted; // an offer needs no second person
        const auto usable = withdrawals.usableAddress(buyer, *c.refundTo, c.coin, nowMs);
        if (!usable) return refusedBy(usable.error());
    }
    return std::nullopt;
}

void Engine::State::setRefundTarget(OpenSale& sale, std::optional<treasury::PayoutAddressId> to) {
    if (sale.refundTo == to) return;
    sale.refundTo = to;
    RefundTargetChanged changed{sale.view.sale, {}};
    if (to) changed.to = *withdrawals.usableAddress(sale.view.buyer, *to, sale.view.coin, nowMs);
    emit(Audience::only(sale.view.buyer), std::move(changed));
}

/// B1. NotRegistered, NotPermitted, AccountFrozen, ListingUnknown, ListingTaken, ListingOwn, AmountInvalid and kin,
/// MinimumAboveBid, UnitUnknown, ExpiryInvalid, FundingUnavailable, AddressUnknown, AddressWaiting.
Reply Engine::State::handle(const MakeOffer& c) {
    const auto by = actor(parties::kTrader);
    if (!by) return refuse(by.error());
    const PartyKeys& keys = holderKeys.at(by->holder);
    if (keys.identity != cause.signer) return refuse(Refused::NotPermitted);
    const auto found = listings.find(c.listing);
    if (found == listings.end()) return refuse(Refused::ListingUnknown);
    if (!found->second.available) return refuse(Refused::ListingTaken);
    if (found->second.seller == by->holder) return refuse(Refused::ListingOwn);
    if (const auto bad = checkOffer(c, by->holder)) return refuse(*bad);

    const SaleId id{++lastSale};
    OpenSale& sale = sales.emplace(id, {}).first->second;
    SaleChanged& view = sale.view;
    view.sale = id;
    view.listing = c.listing;
    view.buyer = by->holder;
    view.seller = found->second.seller;
    view.buyerName = nameOfHolder(view.buyer);
    view.sellerName = nameOfHolder(view.seller);
    view.buyerKeys = keys;
    view.sellerKeys = holderKeys.at(view.seller);
    view.state = SaleState::Offered;
    view.step = 1;
    view.coin = c.coin;
    view.bid = c.bid;
    view.minimum = c.minimum;
    view.buyerNonce = c.nonce;
    view.keyWay = c.keyWay;
    view.delivery = c.delivery;
    view.funding = c.funding;
    view.escrowAsset = c.escrowAsset;
    view.timeMs = nowMs;
    setDeadline(sale, c.expiresMs);

    ReceiptMade receipt;
    receipt.sale = id;
    receipt.step = 1;
    receipt.actor = SaleActor::Buyer;
    receipt.signer = cause.signer;
    receipt.command = cause.command;
    receipt.stateAfter = view.state;
    receipt.timeMs = nowMs;
    sale.lastReceipt = crypto::labelledHash("receipt", receipt);
    emit(Audience::both(view.buyer, view.seller), receipt);
    emit(Audience::both(view.buyer, view.seller), view);
    setRefundTarget(sale, c.refundTo);
    return done(id.value);
}

/// SaleUnknown, SaleNotYours, SaleWrongState.
Reply Engine::State::handle(const WithdrawOffer& c) {
    const auto sale = saleFor(c.sale, SaleEvent::OfferWithdrawn, SaleActor::Buyer);
    if (!sale) return sale.error();
    advance(**sale, SaleEvent::OfferWithdrawn);
    dropIfOver(c.sale);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, then as MakeOffer who may, ListingTaken (by another sale), AmountInvalid
/// and kin, PriceOutsideOffer (not above the bid: it could be accepted), ExpiryInvalid.
Reply Engine::State::handle(const CounterOffer& c) {
    const auto found = saleFor(c.sale, SaleEvent::OfferCountered, SaleActor::Seller);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (const auto refusal = mayNotBind(sale.view.seller)) return refuse(*refusal);
    if (!listings.at(sale.view.listing).available) return refuse(Refused::ListingTaken);
    if (const auto bad = checkAmount(c.price, config.dollars)) return refuse(*bad);
    if (c.price.value <= sale.view.bid.value) return refuse(Refused::PriceOutsideOffer);
    if (!escrow::priceOf(c.price, config.saleFeeBasisPoints, config.holdbackBasisPoints)) {
        return refuse(Refused::AmountOverflow);
    }
    if (c.expiresMs <= nowMs || c.expiresMs > nowMs + kMaxExpiryMs) return refuse(Refused::ExpiryInvalid);
    sale.view.counter = c.price;
    setDeadline(sale, c.expiresMs);
    advance(sale, SaleEvent::OfferCountered);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, then as MakeOffer who may, ListingUnknown (another listing), ListingTaken
/// (by another sale), AmountInvalid and kin, MinimumAboveBid, UnitUnknown, ExpiryInvalid, FundingUnavailable,
/// AddressUnknown, AddressWaiting.
Reply Engine::State::handle(const RenewOffer& c) {
    const auto found = saleFor(c.sale, SaleEvent::OfferRenewed, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (const auto refusal = mayNotBind(view.buyer)) return refuse(*refusal);
    if (c.offer.listing != view.listing) return refuse(Refused::ListingUnknown);
    if (!listings.at(view.listing).available) return refuse(Refused::ListingTaken);
    if (const auto bad = checkOffer(c.offer, view.buyer)) return refuse(*bad);
    view.coin = c.offer.coin;
    view.bid = c.offer.bid;
    view.minimum = c.offer.minimum;
    view.buyerNonce = c.offer.nonce;
    view.keyWay = c.offer.keyWay;
    view.delivery = c.offer.delivery;
    view.funding = c.offer.funding;
    view.escrowAsset = c.offer.escrowAsset;
    if (view.bid.value < view.counter->value) view.counter.reset();
    setDeadline(sale, c.offer.expiresMs);
    advance(sale, SaleEvent::OfferRenewed);
    setRefundTarget(sale, c.offer.refundTo);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState.
Reply Engine::State::handle(const RejectOffer& c) {
    const auto sale = saleFor(c.sale, SaleEvent::OfferRejected, SaleActor::Seller);
    if (!sale) return sale.error();
    advance(**sale, SaleEvent::OfferRejected);
    dropIfOver(c.sale);
    return done();
}

/// B2. SaleUnknown, SaleNotYours, SaleAlreadyAccepted (this sale, or another of the same edition), SaleWrongState, then
/// as MakeOffer who may, AmountInvalid and kin, PriceOutsideOffer, TermsMismatch, SignatureInvalid.
Reply Engine::State::handle(const AcceptOffer& c) {
    OpenSale* open = findSale(c.sale);
    if (!open) return refuse(Refused::SaleUnknown);
    if (open->view.sellerKeys.identity != cause.signer) return refuse(Refused::SaleNotYours);
    const Listing& listing = listings.at(open->view.listing);
    if (open->view.terms || !listing.available) return refuse(Refused::SaleAlreadyAccepted);
    const auto found = saleFor(c.sale, SaleEvent::OfferAccepted, SaleActor::Seller);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (const auto refusal = mayNotBind(view.seller)) return refuse(*refusal);
    if (const auto bad = checkAmount(c.terms.price, config.dollars)) return refuse(*bad);
    if (c.terms.price.value < view.minimum.value || c.terms.price.value > view.bid.value) {
        return refuse(Refused::PriceOutsideOffer);
    }
    const auto price = escrow::priceOf(c.terms.price, config.saleFeeBasisPoints, config.holdbackBasisPoints);
    if (!price) return refuse(Refused::AmountOverflow);
    if (const char* what = firstDifference(c.terms, view, listing, config, *price)) {
        return refuse(Refused::TermsMismatch, what);
    }
    const Hash t = crypto::labelledHash("terms", c.terms);
    if (!isSigned(view.sellerKeys.identity, "accept-terms", TermsAcceptance{t}, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }

    view.terms = c.terms;
    view.termsHash = t;
    view.sellerSignature = c.signature;
    setListingAvailable(view.listing, false);
    advance(sale, SaleEvent::OfferAccepted);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, SignatureInvalid. Again: no effect.
Reply Engine::State::handle(const SignTerms& c) {
    const auto found = saleFor(c.sale, SaleEvent::TermsSigned, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (!isSigned(view.buyerKeys.identity, "accept-terms", TermsAcceptance{*view.termsHash}, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    if (view.buyerSignature) return done();
    view.buyerSignature = c.signature;
    makeContractIfSigned(sale);
    advance(sale, SaleEvent::TermsSigned);
    return done();
}

/// B3. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (no hash).
Reply Engine::State::handle(const DepositKey& c) {
    const auto sale = saleFor(c.sale, SaleEvent::KeyDeposited, SaleActor::Seller);
    if (!sale) return sale.error();
    if (c.depositHash.isZero()) return refuse(Refused::ReceiptMismatch);
    advance(**sale, SaleEvent::KeyDeposited);
    return done();
}

/// SaleUnknown, SaleNotYours, SaleWrongState, NotRegistered, NotPermitted, AccountFrozen (the seller's), PayeeUnknown,
/// NotPermitted (the buyer), AccountFrozen (the payee's). Again: no effect.
Reply Engine::State::handle(const SetPayoutTarget& c) {
    const auto found = saleFor(c.sale, SaleEvent::PayoutTargetSet, SaleActor::Seller);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (const auto refusal = mayNotDispose(sale.view.seller)) return refuse(*refusal);
    const parties::Holder* payee = parties.holder(c.target);
    if (!payee || payee->name != c.name) return refuse(Refused::PayeeUnknown);
    if (c.target == sale.view.buyer) return refuse(Refused::NotPermitted);
    if (payee->standing == parties::Standing::Frozen) return refuse(Refused::AccountFrozen);
    if (sale.payoutTarget.value_or(sale.view.seller) == c.target) return done();
    sale.payoutTarget = c.target;
    advance(sale, SaleEvent::PayoutTargetSet);
    emit(Audience::only(sale.view.seller), PayoutTargetChanged{c.sale, c.target, c.name});
    return done();
}

/// After B6, and again for each new quote. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (another contract
/// or wallet, or amount), QuoteExpired. Again: no effect.
Reply Engine::State::handle(const SignFunding& c) {
    const auto found = saleFor(c.sale, SaleEvent::FundingSigned, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (c.contract != *view.contract || c.walletReceipt != *view.walletReceipt) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (view.quoteLapsed) return refuse(Refused::QuoteExpired);
    if (view.fundingSigned.value_or(false)) return done();
    view.fundingSigned = true;
    timePayment(sale, false);
    advance(sale, SaleEvent::FundingSigned);
    fundIfPaid(sale);
    return done();
}

/// B8: R8. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (another contract or file, or only the ownership
/// passes), SignatureInvalid.
Reply Engine::State::handle(const ConfirmDelivery& c) {
    const auto found = saleFor(c.sale, SaleEvent::DeliveryConfirmed, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (view.terms->ownership || c.receipt.contract != *view.contract ||
        c.receipt.sealedRoot != view.terms->sealedRoot) {
        return refuse(Refused::ReceiptMismatch);
    }
    if (!TALLYLOCK_PLANTED(ForgedAcknowledgement) && !isSigned(view.buyerKeys.identity, "r8", c.receipt, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    view.deliveryReceipt = c.receipt;
    view.deliverySignature = c.signature;
    advance(sale, SaleEvent::DeliveryConfirmed);
    return done();
}

/// B8 where only the ownership passes. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch (not the entry that
/// the terms ask for, or a file is to go over), SignatureInvalid.
Reply Engine::State::handle(const PassOwnership& c) {
    const auto found = saleFor(c.sale, SaleEvent::OwnershipPassed, SaleActor::Seller);
    if (!found) return found.error();
    OpenSale& sale = **found;
    SaleChanged& view = sale.view;
    if (!isDelivery(c.entry.entry, *view.terms, *view.contract)) return refuse(Refused::ReceiptMismatch);
    if (!isSigned(view.sellerKeys.identity, custody::kCustodyLabel, c.entry.entry, c.entry.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    view.owner = c.entry;
    advance(sale, SaleEvent::OwnershipPassed);
    return done();
}

/// B14: R14. SaleUnknown, SaleNotYours, SaleWrongState, ReceiptMismatch, SignatureInvalid.
Reply Engine::State::handle(const ConfirmUnlock& c) {
    const auto found = saleFor(c.sale, SaleEvent::UnlockConfirmed, SaleActor::Buyer);
    if (!found) return found.error();
    OpenSale& sale = **found;
    if (c.receipt.contract != *sale.view.contract || !c.receipt.opened) return refuse(Refused::ReceiptMismatch);
    if (!isSigned(sale.view.buyerKeys.identity, "r14", c.receipt, c.signature)) {
        return refuse(Refused::SignatureInvalid);
    }
    advance(sale, SaleEvent::UnlockConfirmed);
    completeIfSettled(sale);
    dropIfOver(c.sale);
    return done();
}

/// After B10. ListingUnknown, SaleNotYours, SaleWrongState (not the sale that sold it, or not paid yet), CustodyPassed,
/// ManifestInvalid (no entry, or too long a one). What the entry says is for its readers to check.
Reply Engine::State::handle(const PassCustody& c) {
    const auto found = listings.find(c.listing);
    if (found == listings.end()) return refuse(Refused::ListingUnknown);
    Listing& listing = found->second;
    if (holderKeys.at(listing.seller).identity != cause.signer) return refuse(Refused::SaleNotYours);
    if (listing.sold != c.sale) return refuse(Refused::SaleWrongState);
    if (listing.custodyPassed) return refuse(Refused::CustodyPassed);
    if (c.entry.empty() || c.entry.size() > kMaxCustodyEntry) return refuse(Refused::ManifestInvalid);
    listing.custodyPassed = true;
    emit(Audience::everybody(), CustodyPassed{c.sale, c.listing, listing.assetId, c.entry});
    return done();
}

} // namespace tallylock::engine
