// One sale in the hands of its parties, without servers: what each would see at each step, for checks that are to
// refuse.
#pragma once

#include "core/party/SaleChecks.h"
#include "core/wire/Deposit.h"

namespace tallylock::party::test {

inline keys::Identity person(std::uint8_t number) {
    SecretBytes seed(64);
    std::fill_n(seed.data(), 64, number);
    return keys::Identity::fromSeed(std::move(seed));
}
inline money::Amount dollars(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
inline engine::PartyKeys keysOf(const keys::Identity& identity) { return {identity.key(), identity.boxKey()}; }

struct SaleStory {
    SystemRandom random;
    keys::Identity seller = person(1);
    keys::Identity buyer = person(2);
    keys::Identity coordinator = person(3);
    keys::Identity keyServer = person(4);
    keys::Identity stranger = person(5);
    engine::Config config;
    engine::ListingPublished listing;
    engine::MakeOffer offer;
    engine::SaleChanged sale;
    keys::EditionSecrets secrets{SecretBytes::copyOf(Bytes(32, 0x11)), SecretBytes::copyOf(Bytes(32, 0x22))};

    SaleStory() {
        config.coordinator = keysOf(coordinator);
        config.keyServer = keysOf(keyServer);
        config.dollars = money::kUsd;
        list();
        makeOffer();
        accept();
    }

    void list() {
        asset::Manifest manifest;
        manifest.assetId = random.fixed<Hash>();
        manifest.name = "map.tif";
        manifest.mediaType = "image/tiff";
        manifest.description = "a map";
        manifest.creator = manifest.seller = seller.key();
        manifest.edition = 1;
        manifest.plainSize = 1000;
        manifest.sealedSize = 1000 + 16 + 200;
        manifest.portionCount = 1;
        manifest.recipient = crypto::boxKeyOf(secrets.firstPassword);
        manifest.sealedRoot = random.fixed<Hash>();
        manifest.plainRoot = random.fixed<Hash>();
        manifest.previewHash = asset::previewHash({});
        manifest.custody = {custody::beginCustody(seller.signingKey(), manifest.assetId, 1)};
        sign(manifest);
    }
    /// Publishes what this manifest says.
    void sign(const asset::Manifest& manifest) {
        listing.listing = {1};
        listing.seller = {10};
        listing.sellerKeys = keysOf(seller);
        listing.assetId = manifest.assetId;
        listing.name = "A map";
        listing.description = manifest.description;
        listing.mediaType = manifest.mediaType;
        listing.sizeBytes = manifest.plainSize;
        listing.sealedSize = manifest.sealedSize;
        listing.manifestHash = asset::manifestHash(manifest);
        listing.sealedRoot = manifest.sealedRoot;
        listing.plainRoot = manifest.plainRoot;
        listing.recipient = manifest.recipient;
        listing.price = dollars(5000);
        listing.manifest = encodeCbor(asset::signManifest(manifest, seller.signingKey()));
    }
    void makeOffer() {
        offer = {listing.listing, money::kBtc, dollars(5000), dollars(4000), 1'000'000, random.fixed<Hash>()};
        sale = {};
        sale.sale = {3};
        sale.listing = listing.listing;
        sale.buyer = {11};
        sale.seller = listing.seller;
        sale.buyerKeys = keysOf(buyer);
        sale.sellerKeys = keysOf(seller);
        sale.coin = offer.coin;
        sale.bid = offer.bid;
        sale.minimum = offer.minimum;
        sale.buyerNonce = offer.nonce;
    }
    void accept() {
        const auto terms =
            makeTerms({config, sale, listing, dollars(4500), random.fixed<Hash>(), random.fixed<Hash>()});
        assert(terms.ok());
        take(*terms);
    }
    /// The seller signs these terms.
    void take(const engine::Terms& terms) {
        sale.state = engine::SaleState::Accepted;
        sale.terms = terms;
        sale.termsHash = termsHash(terms);
        sale.sellerSignature = seller.sign("accept-terms", engine::TermsAcceptance{*sale.termsHash});
    }
    BuyerView view() const { return {config, keyServer.key(), {}, keysOf(buyer), offer, listing}; }
    Check buyerChecks() const { return checkTerms(sale, view()); }

    /// Both have signed, the key is wrapped, and the wallet is open.
    void openWallet() {
        sale.state = engine::SaleState::WalletOpen;
        sale.buyerSignature = buyer.sign("accept-terms", engine::TermsAcceptance{*sale.termsHash});
        engine::KeyReceiptBody body;
        body.terms = *sale.termsHash;
        body.commitment1 = random.fixed<Hash>();
        body.commitment2 = random.fixed<Hash>();
        body.recipient = sale.terms->recipient;
        body.sealedRoot = sale.terms->sealedRoot;
        body.plainRoot = sale.terms->plainRoot;
        vouch(body);
        sale.coins = money::Amount{90'000, money::kBtc};
        engine::OpenWallet wallet;
        wallet.sale = sale.sale;
        wallet.contract = contractHash(*contractOf(sale));
        wallet.address = "practice-btc-1";
        wallet.coins = *sale.coins;
        wallet.deadlineMs = 2'000'000;
        open(wallet);
    }
    void vouch(const engine::KeyReceiptBody& body) {
        sale.keyReceipt = engine::KeyReceipt{body, keyServer.sign("r4", body)};
    }
    void open(const engine::OpenWallet& wallet) {
        sale.wallet = wallet;
        sale.walletReceipt = crypto::labelledHash("r6", wallet);
    }
};

} // namespace tallylock::party::test
