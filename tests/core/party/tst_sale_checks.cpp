// What a party refuses to sign: each tampered field on its own.
#include "tests/core/party/SaleStory.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::party;
using namespace tallylock::party::test;
using api::Problem;

using Tamper = std::function<void(SaleStory&)>;
Q_DECLARE_METATYPE(Tamper)

namespace {
void row(const char* name, const char* detail, const Tamper& tamper) {
    QTest::newRow(name) << QString::fromLatin1(detail) << tamper;
}

/// The seller signs other terms than the offer asks for.
Tamper terms(std::function<void(engine::Terms&, SaleStory&)> change) {
    return [change = std::move(change)](SaleStory& story) {
        engine::Terms terms = *story.sale.terms;
        change(terms, story);
        story.take(terms);
    };
}
Tamper receipt(std::function<void(engine::KeyReceiptBody&, SaleStory&)> change) {
    return [change = std::move(change)](SaleStory& story) {
        engine::KeyReceiptBody body = story.sale.keyReceipt->body;
        change(body, story);
        story.vouch(body);
    };
}
Tamper wallet(std::function<void(engine::OpenWallet&)> change) {
    return [change = std::move(change)](SaleStory& story) {
        engine::OpenWallet wallet = *story.sale.wallet;
        change(wallet);
        story.open(wallet);
    };
}
} // namespace

class TestSaleChecks : public QObject {
    Q_OBJECT

private slots:
    void honestSalePasses();
    void listingIsRefused_data();
    void listingIsRefused();
    void termsAreRefused_data();
    void termsAreRefused();
    void priceMayBeAnythingThatWasOffered();
    void coinsAreSoldWhereTheHouseDoes();
    void walletIsRefused_data();
    void walletIsRefused();
    void partsAreRefused();
    void depositKeyIsRefused();
};

void TestSaleChecks::honestSalePasses() {
    SaleStory story;
    QVERIFY(story.buyerChecks().ok());
    QVERIFY(!checkWallet(story.sale, story.keyServer.key()).ok()); // not open yet
    story.openWallet();
    const auto contract = checkWallet(story.sale, story.keyServer.key());
    QVERIFY(contract.ok());
    QCOMPARE(*contract, contractHash(*contractOf(story.sale)));
}

void TestSaleChecks::listingIsRefused_data() {
    QTest::addColumn<QString>("detail");
    QTest::addColumn<Tamper>("tamper");
    row("seller", "seller", [](SaleStory& s) { s.listing.sellerKeys = keysOf(s.stranger); });
    row("hash", "hash", [](SaleStory& s) { s.listing.manifestHash.bytes[0] ^= 1; });
    row("asset id", "asset id", [](SaleStory& s) { s.listing.assetId.bytes[0] ^= 1; });
    row("recipient", "recipient", [](SaleStory& s) { s.listing.recipient.bytes[0] ^= 1; });
    row("sealed root", "sealed root", [](SaleStory& s) { s.listing.sealedRoot.bytes[0] ^= 1; });
    row("plain root", "plain root", [](SaleStory& s) { s.listing.plainRoot.bytes[0] ^= 1; });
    row("size", "size", [](SaleStory& s) { ++s.listing.sizeBytes; });
    row("sealed size", "sealed size", [](SaleStory& s) { ++s.listing.sealedSize; });
    row("media type", "media type", [](SaleStory& s) { s.listing.mediaType = "text/plain"; });
    row("description", "description", [](SaleStory& s) { s.listing.description += "!"; });
    row("preview", "preview", [](SaleStory& s) { s.listing.preview = {1}; });
    row("garbage", "", [](SaleStory& s) { s.listing.manifest = {0xa0}; });
}

void TestSaleChecks::listingIsRefused() {
    QFETCH(QString, detail);
    QFETCH(Tamper, tamper);
    SaleStory story;
    QVERIFY(isSound(story.listing));
    tamper(story);
    const auto check = checkListing(story.listing);
    QVERIFY(!check.ok());
    QCOMPARE(check.error().problem, Problem::ManifestInvalid);
    if (!detail.isEmpty()) QCOMPARE(QString::fromStdString(check.error().detail), detail);
    QVERIFY(!story.buyerChecks().ok());
}

void TestSaleChecks::termsAreRefused_data() {
    QTest::addColumn<QString>("detail");
    QTest::addColumn<Tamper>("tamper");
    using T = engine::Terms;
    row("buyer nonce", "buyer nonce", terms([](T& t, SaleStory&) { t.buyerNonce.bytes[0] ^= 1; }));
    row("listing", "listing", terms([](T& t, SaleStory&) { t.listing = {2}; }));
    row("manifest", "manifest", terms([](T& t, SaleStory&) { t.manifestHash.bytes[0] ^= 1; }));
    row("edition", "edition", terms([](T& t, SaleStory&) { t.edition = 2; }));
    row("recipient", "recipient", terms([](T& t, SaleStory&) { t.recipient.bytes[0] ^= 1; }));
    row("sealed root", "sealed root", terms([](T& t, SaleStory&) { t.sealedRoot.bytes[0] ^= 1; }));
    row("plain root", "plain root", terms([](T& t, SaleStory&) { t.plainRoot.bytes[0] ^= 1; }));
    row("sealed size", "sealed size", terms([](T& t, SaleStory&) { ++t.sealedSize; }));
    row("buyer", "buyer", terms([](T& t, SaleStory& s) { t.buyer = keysOf(s.stranger); }));
    row("buyer's box", "buyer", terms([](T& t, SaleStory& s) { t.buyer.box = s.stranger.boxKey(); }));
    row("seller", "seller", terms([](T& t, SaleStory& s) { t.seller = keysOf(s.stranger); }));
    row("key server", "key server", terms([](T& t, SaleStory& s) { t.keyServer = keysOf(s.stranger); }));
    row("coordinator", "coordinator", terms([](T& t, SaleStory& s) { t.coordinator = s.stranger.key(); }));
    row("coin", "coin", terms([](T& t, SaleStory&) { t.coin = money::kEth; }));
    row("price above bid", "price", terms([](T& t, SaleStory&) { t.price = dollars(5001); }));
    row("price below minimum", "price", terms([](T& t, SaleStory&) { t.price = dollars(3999); }));
    row("price in euro", "price", terms([](T& t, SaleStory&) { t.price.unit = money::kEur; }));
    row("fee", "fee", terms([](T& t, SaleStory&) { t.fee.value += 1; }));
    row("holdback", "holdback", terms([](T& t, SaleStory&) { t.holdback.value = 0; }));
    row("deadlines", "deadlines", terms([](T& t, SaleStory&) { t.deadlines.paymentMs = 1; }));
    row("courier 1", "courier 1", terms([](T& t, SaleStory&) { t.courier1 = engine::CourierKind::KeyServerEndpoint; }));
    row("courier 2", "courier 2",
        terms([](T& t, SaleStory&) { t.courier2 = engine::CourierKind::CoordinatorMailbox; }));
    row("way of the key", "the way of the key", terms([](T& t, SaleStory&) {
            t.keyWay = engine::KeyWay::OneChannel;
            t.courier1 = engine::CourierKind::KeyServerEndpoint;
        }));
    row("ownership only", "ownership", terms([](T& t, SaleStory&) { t.ownership = engine::Ownership{}; }));
    row("funding", "funding", terms([](T& t, SaleStory&) { t.funding = engine::FundingMode::Converted; }));
    row("funding that the house does not have", "funding", [](SaleStory& s) {
        s.offer.funding = engine::FundingMode::Converted;
        engine::Terms terms = *s.sale.terms;
        terms.funding = s.offer.funding;
        s.take(terms);
    });
    row("one server", "one server", terms([](T& t, SaleStory&) { t.oneServer = true; }));
    row("arbitration", "arbitration", terms([](T& t, SaleStory&) { t.arbitration = engine::Arbitration{}; }));
    row("hash", "hash", [](SaleStory& s) { s.sale.termsHash->bytes[0] ^= 1; });
    row("changed after signing", "hash", [](SaleStory& s) { s.sale.terms->sellerNonce.bytes[0] ^= 1; });
    row("absent", "absent", [](SaleStory& s) { s.sale.terms.reset(); });
    // The coordinator names another key server everywhere: the pin tells.
    row("another house", "key server", [](SaleStory& s) {
        s.config.keyServer = keysOf(s.stranger);
        s.accept();
    });
}

void TestSaleChecks::termsAreRefused() {
    QFETCH(QString, detail);
    QFETCH(Tamper, tamper);
    SaleStory story;
    tamper(story);
    const Check check = story.buyerChecks();
    QVERIFY(!check.ok());
    QCOMPARE(check.error().problem, Problem::TermsMismatch);
    QCOMPARE(QString::fromStdString(check.error().detail), detail);
}

void TestSaleChecks::priceMayBeAnythingThatWasOffered() {
    SaleStory story;
    for (const std::int64_t cents : {4000, 4321, 5000}) {
        const auto terms =
            makeTerms({story.config, story.sale, story.listing, dollars(cents), story.random.fixed<Hash>(), Hash{}});
        QVERIFY(terms.ok());
        story.take(*terms);
        QVERIFY(story.buyerChecks().ok());
    }
    story.sale.sellerSignature->bytes[0] ^= 1;
    QCOMPARE(story.buyerChecks().error().problem, Problem::SignatureInvalid);
}

/// Only where the coordinator sells on its own book; the seller's app makes no other terms, either.
void TestSaleChecks::coinsAreSoldWhereTheHouseDoes() {
    SaleStory story;
    story.offer.funding = story.sale.funding = engine::FundingMode::Converted;
    const auto terms = [&] {
        return makeTerms({story.config, story.sale, story.listing, dollars(4500), story.random.fixed<Hash>(), Hash{}});
    };
    QVERIFY(!terms().ok());
    QCOMPARE(terms().error().problem, Problem::TermsMismatch);
    story.config.secondExchange = engine::SecondExchange::OwnBook;
    const auto made = terms();
    QVERIFY(made && engine::isConverted(*made));
    story.take(*made);
    QVERIFY(story.buyerChecks().ok());
}

void TestSaleChecks::walletIsRefused_data() {
    QTest::addColumn<QString>("detail");
    QTest::addColumn<Tamper>("tamper");
    using R = engine::KeyReceiptBody;
    using W = engine::OpenWallet;
    row("R4: terms", "key receipt", receipt([](R& r, SaleStory&) { r.terms.bytes[0] ^= 1; }));
    row("R4: recipient", "recipient", receipt([](R& r, SaleStory&) { r.recipient.bytes[0] ^= 1; }));
    row("R4: sealed root", "sealed root", receipt([](R& r, SaleStory&) { r.sealedRoot.bytes[0] ^= 1; }));
    row("R4: plain root", "plain root", receipt([](R& r, SaleStory&) { r.plainRoot.bytes[0] ^= 1; }));
    row("R4: part check", "extent of the check", receipt([](R& r, SaleStory&) { r.check = "spot"; }));
    row("R4: not the key server's", "key server",
        [](SaleStory& s) { s.sale.keyReceipt->signature = s.stranger.sign("r4", s.sale.keyReceipt->body); });
    row("R4: other commitments", "contract", receipt([](R& r, SaleStory&) { r.commitment1.bytes[0] ^= 1; }));
    row("R6: contract", "contract", wallet([](W& w) { w.contract.bytes[0] ^= 1; }));
    row("R6: sale", "sale", wallet([](W& w) { w.sale = {4}; }));
    row("R6: more coins than quoted", "quote", wallet([](W& w) { w.coins.value += 1; }));
    row("R6: another coin", "quote", wallet([](W& w) { w.coins.unit = money::kEth; }));
    row("R6: no address", "address", wallet([](W& w) { w.address.clear(); }));
    row("R6: changed after its hash", "receipt", [](SaleStory& s) { s.sale.wallet->address = "practice-btc-2"; });
    row("quote in another coin", "coin", [](SaleStory& s) {
        s.sale.coins = money::Amount{5, money::kEth};
        s.sale.wallet->coins = *s.sale.coins;
        s.open(*s.sale.wallet);
    });
    row("nothing to pay", "quote", [](SaleStory& s) {
        s.sale.coins = money::Amount{0, money::kBtc};
        s.sale.wallet->coins = *s.sale.coins;
        s.open(*s.sale.wallet);
    });
    row("not signed by the buyer", "absent", [](SaleStory& s) { s.sale.buyerSignature.reset(); });
}

void TestSaleChecks::walletIsRefused() {
    QFETCH(QString, detail);
    QFETCH(Tamper, tamper);
    SaleStory story;
    story.openWallet();
    tamper(story);
    const auto check = checkWallet(story.sale, story.keyServer.key());
    QVERIFY(!check.ok());
    QCOMPARE(QString::fromStdString(check.error().detail), detail);
}

void TestSaleChecks::partsAreRefused() {
    SaleStory story;
    const Hash k = story.random.fixed<Hash>();
    const Bytes box = wire::sealKeyPart2(story.buyer.boxKey(), k, SecretBytes(16), story.random);
    const engine::KeyPartNote note{k, 2, wire::partHash(box)};
    const Signature signature = story.keyServer.sign("key-part", note);
    const IdentityKey by = story.keyServer.key();
    QVERIFY(checkPart(note, signature, box, 2, k, by).ok());
    QVERIFY(!checkPart(note, signature, box, 1, k, by).ok());
    QVERIFY(!checkPart(note, signature, box, 2, story.random.fixed<Hash>(), by).ok());
    QVERIFY(!checkPart(note, signature, bytesOf("other"), 2, k, by).ok());
    QVERIFY(!checkPart(note, signature, box, 2, k, story.stranger.key()).ok());
    QCOMPARE(checkPart(note, story.stranger.sign("key-part", note), box, 2, k, by).error().problem,
             Problem::KeyPartsWrong);
}

void TestSaleChecks::depositKeyIsRefused() {
    SaleStory story;
    const Hash t = story.random.fixed<Hash>();
    wire::DepositKeyReply reply{{t, story.stranger.boxKey()}, {}};
    reply.signature = story.keyServer.sign("deposit-key", reply.note);
    QVERIFY(checkDepositKey(reply, t, story.keyServer.key()).ok());
    QVERIFY(!checkDepositKey(reply, story.random.fixed<Hash>(), story.keyServer.key()).ok());
    QVERIFY(!checkDepositKey(reply, t, story.stranger.key()).ok());
    reply.note.key.bytes[0] ^= 1; // somebody on the way puts in a key of their own
    QVERIFY(!checkDepositKey(reply, t, story.keyServer.key()).ok());
}

QTEST_GUILESS_MAIN(TestSaleChecks)
#include "tst_sale_checks.moc"
