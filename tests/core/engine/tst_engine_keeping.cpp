// What the engine keeps for people: their own sealed records, further editions of an asset, and who owns which.
#include "EngineHarness.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

struct Shop : EngineHarness {
    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};

    /// A further copy of what is listed.
    PublishListing copy(const std::string& name) const {
        PublishListing c = listed;
        c.sealedRoot = hashNamed("sealed " + name);
        c.recipient = boxNamed("recipient " + name);
        c.manifestHash = hashNamed("manifest " + name);
        return c;
    }
    SaleId offer(ListingId which) { return {send("buyer", offerFor(which)).value}; }
    /// Goes on with the one sale from where it is.
    void playUntil(SaleId sale, SaleState state) {
        const std::vector<Step> steps = stepsOf(sale, listed);
        while (lastSale.at(sale).state != state) {
            const Step& step = steps.at(played++);
            QVERIFY(send(step.who, step.body()).refused == Refused::No);
        }
    }
    std::size_t played = 0;
};

void sameAfterReplayAndReload(const EngineHarness& m) {
    Engine engine(EngineHarness::settings());
    std::vector<Event> events;
    for (const auto& [timeMs, command] : m.history) {
        CborWriter writer;
        engine.save(writer);
        CborReader reader(writer.bytes());
        auto again = Engine::load(reader);
        QVERIFY(again.ok() && reader.finish());
        engine = std::move(*again);
        engine.beginBatch(timeMs, events);
        if (command) (void)engine.apply(*command, events);
    }
    QVERIFY(engine.stateHash() == m.engine.stateHash());
    QCOMPARE(events.size(), m.events.size());
}

} // namespace

class TestEngineKeeping : public QObject {
    Q_OBJECT
private slots:
    void keptRecordsAreBounded() {
        Shop m;
        QCOMPARE(m.send("nobody", KeepRecord{{1}}).refused, Refused::NotRegistered);
        QCOMPARE(m.send("seller", KeepRecord{}).refused, Refused::RecordTooLarge);
        QCOMPARE(m.send("seller", KeepRecord{Bytes(4097)}).refused, Refused::RecordTooLarge);
        for (std::uint64_t i = 1; i <= 20'000; ++i) QCOMPARE(m.send("seller", KeepRecord{{1}}).value, i);
        QCOMPARE(m.send("seller", KeepRecord{{1}}).refused, Refused::RecordsTooMany);
        QCOMPARE(m.send("buyer", KeepRecord{Bytes(4096)}).value, std::uint64_t{1});
    }

    /// Told to their holder, and not held in memory: the state is as small with long records as with short ones.
    void keptRecordsGoToTheirHolderAlone() {
        Shop m;
        Shop other;
        QCOMPARE(m.send("seller", KeepRecord{Bytes(4000, 7)}).value, std::uint64_t{1});
        const auto kept = m.freshOf<RecordKept>();
        QCOMPARE(kept.size(), std::size_t{1});
        QVERIFY(kept.front().owner == keyNamed("seller").publicKey());
        QVERIFY(kept.front().sealed == Bytes(4000, 7));
        QVERIFY(m.fresh.front().audience.kind == Audience::Kind::Holders);
        QVERIFY(m.fresh.front().audience.first == m.seller && !m.fresh.front().audience.second);
        other.send("seller", KeepRecord{Bytes(1, 7)});
        CborWriter large;
        CborWriter small;
        m.engine.save(large);
        other.engine.save(small);
        QCOMPARE(large.bytes().size(), small.bytes().size());
        sameAfterReplayAndReload(m);
    }

    void editionsRiseAndAreNeverTheSame() {
        Shop m;
        m.join("thief");
        const PublishListing second = m.copy("second");
        QCOMPARE(m.send("seller", PublishEdition{1, second}).refused, Refused::EditionInvalid);
        QCOMPARE(m.send("seller", second).refused, Refused::EditionInvalid); // the first is there
        QCOMPARE(m.send("thief", PublishEdition{2, second}).refused, Refused::ListingCopied);
        QCOMPARE(m.send("thief", second).refused, Refused::ListingCopied);
        QCOMPARE(m.send("seller", PublishEdition{2, m.listed}).refused, Refused::ListingCopied);
        PublishListing changed = second;
        changed.recipient = m.listed.recipient;
        QCOMPARE(m.send("seller", PublishEdition{2, changed}).refused, Refused::ListingCopied);
        changed = second;
        changed.plainRoot = hashNamed("another content");
        QCOMPARE(m.send("seller", PublishEdition{2, changed}).refused, Refused::EditionInvalid);
        changed = second;
        changed.assetId = hashNamed("never listed");
        QCOMPARE(m.send("seller", PublishEdition{2, changed}).refused, Refused::EditionInvalid);

        const Reply reply = m.send("seller", PublishEdition{2, second});
        QCOMPARE(reply.refused, Refused::No);
        QCOMPARE(m.freshOf<ListingPublished>().size(), std::size_t{1});
        QCOMPARE(m.send("seller", PublishEdition{2, second}).value, reply.value); // again: the same listing
        QVERIFY(m.fresh.empty());
        QCOMPARE(m.send("seller", PublishEdition{2, m.copy("third")}).refused, Refused::EditionInvalid);
        QCOMPARE(m.send("seller", PublishEdition{7, m.copy("third")}).refused, Refused::No);
        QCOMPARE(m.send("seller", PublishEdition{6, m.copy("fourth")}).refused, Refused::EditionInvalid);
        sameAfterReplayAndReload(m);
    }

    void termsNameTheEditionOfTheListing() {
        Shop m;
        const PublishListing second = m.copy("second");
        const SaleId sale = m.offer({m.send("seller", PublishEdition{2, second}).value});
        Terms terms = m.termsFor(sale, second);
        const Reply refused = m.send("seller", m.acceptance(sale, terms));
        QCOMPARE(refused.refused, Refused::TermsMismatch);
        QCOMPARE(refused.detail, std::string("edition"));
        terms.edition = 2;
        QCOMPARE(m.send("seller", m.acceptance(sale, terms)).refused, Refused::No);
    }

    void custodyPassesOnceAndOnlyWhenPaid() {
        Shop m;
        const SaleId sale = m.offer(m.listing);
        const PassCustody good{sale, m.listing, bytesOf("a signed entry")};
        m.playUntil(sale, SaleState::Escrowed);
        QCOMPARE(m.send("seller", good).refused, Refused::SaleWrongState);
        m.playUntil(sale, SaleState::SellerPaid);
        const auto refused = [&](const char* who, auto change) {
            PassCustody c = good;
            change(c);
            return m.send(who, c).refused;
        };
        QCOMPARE(refused("buyer", [](PassCustody&) {}), Refused::SaleNotYours);
        QCOMPARE(refused("seller", [](PassCustody& c) { c.sale = {99}; }), Refused::SaleWrongState);
        QCOMPARE(refused("seller", [](PassCustody& c) { c.listing = {99}; }), Refused::ListingUnknown);
        QCOMPARE(refused("seller", [](PassCustody& c) { c.entry.clear(); }), Refused::ManifestInvalid);
        QCOMPARE(refused("seller", [](PassCustody& c) { c.entry.resize(1025); }), Refused::ManifestInvalid);
        QCOMPARE(m.send("seller", good).refused, Refused::No);
        const auto passed = m.freshOf<CustodyPassed>();
        QCOMPARE(passed.size(), std::size_t{1});
        QVERIFY(passed.front().assetId == m.listed.assetId && passed.front().entry == good.entry);
        QCOMPARE(m.send("seller", good).refused, Refused::CustodyPassed);
    }

    /// The seller's app was away until the sale was over: nothing waited for it, and it is not too late.
    void custodyPassesAfterTheSaleIsOver() {
        Shop m;
        const SaleId sale = m.offer(m.listing);
        m.playUntil(sale, SaleState::Completed);
        QVERIFY(!m.engine.sale(sale));
        QCOMPARE(m.send("seller", PassCustody{sale, m.listing, bytesOf("a signed entry")}).refused, Refused::No);
        sameAfterReplayAndReload(m);
    }
};

QTEST_GUILESS_MAIN(TestEngineKeeping)
#include "tst_engine_keeping.moc"
