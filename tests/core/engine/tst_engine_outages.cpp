// Time in which there was no coordinator: what waits for it gets as much more, and what does not, does not.
#include "EngineHarness.h"
#include "core/escrow/SaleTable.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

constexpr std::int64_t kDayMs = LateDeadlines::kDayMs;
constexpr std::int64_t kLongMs = 3 * kDayMs + 1;

struct Sale : EngineHarness {
    static Config settings(std::optional<std::int64_t> outageMs) {
        Config c = EngineHarness::settings();
        c.arbitration = Arbitration{keyNamed("arbiter").publicKey(), {keyNamed("deputy").publicKey()}, kDayMs};
        c.outageMs = outageMs;
        return c;
    }
    explicit Sale(std::optional<std::int64_t> outageMs = kOutageMs) : EngineHarness(settings(outageMs)) {}

    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};
    SaleId sale{send("buyer", offerFor(listing)).value};

    const SaleChanged& view() const { return lastSale.at(sale); }
    SaleState state() const { return view().state; }
    void goTo(SaleState wanted) { reach(sale, listed, wanted); }
    /// As a coordinator that runs: a batch whenever one is due, until nothing more is before this time.
    void live(std::int64_t untilMs) {
        while (engine.nextTickMs().value_or(INT64_MAX) <= untilMs) tick(*engine.nextTickMs() - nowMs);
    }
};

} // namespace

class TestEngineOutages : public QObject {
    Q_OBJECT
private slots:
    /// Each state on the straight way, and what an outage of days makes of its deadline.
    void eachState_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("waitsForUs");
        const auto row = [](const char* name, SaleState state, bool waitsForUs) {
            QTest::newRow(name) << static_cast<int>(state) << waitsForUs;
        };
        row("Offered", SaleState::Offered, false);
        row("Accepted", SaleState::Accepted, true);
        row("KeyDeposited", SaleState::KeyDeposited, true);
        row("KeyWrapped", SaleState::KeyWrapped, true);
        row("Ready", SaleState::Ready, true);
        row("WalletOpen", SaleState::WalletOpen, false);
        row("Seen", SaleState::Seen, false);
        row("Funded", SaleState::Funded, true);
        row("Delivered", SaleState::Delivered, true);
        row("Escrowed", SaleState::Escrowed, true);
        row("SellerPaid", SaleState::SellerPaid, true);
        row("KeySent1", SaleState::KeySent1, true);
        row("KeySent2", SaleState::KeySent2, true);
        row("Unlocked", SaleState::Unlocked, true);
    }
    void eachState() {
        QFETCH(int, state);
        QFETCH(bool, waitsForUs);
        Sale s;
        s.goTo(static_cast<SaleState>(state));
        const SaleChanged before = s.view();
        QVERIFY(before.deadlineMs > s.nowMs && before.deadlineMs < s.nowMs + kLongMs);
        s.tick(kLongMs);
        if (!waitsForUs) {
            QCOMPARE(s.state(), before.state == SaleState::Seen ? SaleState::Refunding : SaleState::Void);
            return;
        }
        QCOMPARE(s.state(), before.state);
        QCOMPARE(s.view().deadlineMs, before.deadlineMs + kLongMs);
        const auto told = s.freshOf<SaleChanged>();
        QCOMPARE(told.size(), std::size_t{1});
        const Audience& heard = s.fresh.front().audience;
        QVERIFY(heard.kind == Audience::Kind::Holders && heard.first == s.buyer && heard.second == s.seller);
        QVERIFY(s.isReproducible());
        // And then it fires, when it is due.
        s.live(before.deadlineMs + kLongMs - 1);
        QCOMPARE(s.state(), before.state);
        s.live(before.deadlineMs + kLongMs);
        QVERIFY(s.state() != before.state);
        QVERIFY(s.isReproducible());
    }
    /// All states: the table of the deadlines has no more of them than are told here.
    void thoseThatDoNotWaitForUs() {
        for (int i = 0; i < static_cast<int>(SaleState::kCount); ++i) {
            const auto state = static_cast<SaleState>(i);
            const bool isSigned = state == SaleState::Offered || state == SaleState::Countered ||
                                  state == SaleState::WalletOpen || state == SaleState::Seen;
            QCOMPARE(escrow::waitsForUs(escrow::deadlineOf(state)), !isSigned && !escrow::isTerminal(state));
        }
    }

    /// A coordinator that runs writes what time it is, and no deadline is a millisecond longer.
    void whoIsThereGetsNoMoreTime() {
        Sale s;
        s.goTo(SaleState::Funded);
        const std::int64_t deadlineMs = s.view().deadlineMs;
        std::size_t batches = s.history.size();
        s.live(deadlineMs - 1);
        batches = s.history.size() - batches;
        QVERIFY(batches >= static_cast<std::size_t>(kDayMs / (kOutageMs / 2)) - 1 && batches < 300);
        QCOMPARE(s.view().deadlineMs, deadlineMs);
        s.live(deadlineMs);
        QCOMPARE(s.state(), SaleState::Refunding);
    }
    /// Where no sale is open, nothing is written.
    void nobodyNeedsToKnowTheTime() {
        Sale s;
        s.live(s.nowMs + kDayMs);
        QCOMPARE(s.state(), SaleState::Void);
        QVERIFY(!s.engine.nextTickMs());
    }
    /// Nor where what is open waits for nobody but its signers, and what a batch would pass is known before.
    void anOfferNeedsNoNotes() {
        Sale s;
        s.goTo(SaleState::WalletOpen);
        QVERIFY(s.view().deadlineMs > s.nowMs + kOutageMs);
        QVERIFY(s.engine.nextTickMs() == s.view().deadlineMs && !s.engine.longestStepMs());
        QVERIFY(s.engine.nextDeadlineMs(s.nowMs + kLongMs) == s.view().deadlineMs);
        s.goTo(SaleState::Funded);
        QVERIFY(s.engine.nextTickMs() == s.nowMs + kOutageMs / 2 && s.engine.longestStepMs() == kOutageMs);
        QVERIFY(s.engine.nextDeadlineMs(s.nowMs + kOutageMs) == s.view().deadlineMs);
        QVERIFY(!s.engine.nextDeadlineMs(s.nowMs + kOutageMs + 1)); // by then it is later
    }
    /// However little was left, there is time to come back.
    void someTimeIsLeft() {
        Sale s;
        s.goTo(SaleState::Unlocked);
        s.live(s.view().deadlineMs - 1);
        s.nowMs = s.view().deadlineMs - 1;
        s.tick(0);
        QCOMPARE(s.state(), SaleState::Unlocked);
        s.tick(kLongMs);
        QCOMPARE(s.view().deadlineMs, s.nowMs + kOutageMs);
        QCOMPARE(s.view().inspectionEndsMs.value(), s.nowMs + kOutageMs);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
    }
    /// A config that says nonsense makes no host write for ever, and no deadline last for ever.
    void theLimitIsWithinReason_data() {
        QTest::addColumn<qint64>("said");
        QTest::addColumn<qint64>("meant");
        QTest::newRow("below zero") << qint64{-5} << qint64{60'000};
        QTest::newRow("nothing") << qint64{0} << qint64{60'000};
        QTest::newRow("a moment") << qint64{1} << qint64{60'000};
        QTest::newRow("an hour") << qint64{3'600'000} << qint64{3'600'000};
        QTest::newRow("for ever") << qint64{INT64_MAX} << qint64{kDayMs};
    }
    void theLimitIsWithinReason() {
        QFETCH(qint64, said);
        QFETCH(qint64, meant);
        Sale s{said};
        s.goTo(SaleState::Escrowed);
        QVERIFY(s.engine.longestStepMs() == meant && s.engine.nextTickMs() == s.nowMs + meant / 2);
    }
    /// The states beside the straight way.
    void refundsAndRekeyingWaitToo() {
        for (const SaleState wanted : {SaleState::Refunding, SaleState::Rekeying}) {
            Sale s;
            s.goTo(wanted == SaleState::Refunding ? SaleState::Funded : SaleState::SellerPaid);
            while (s.state() != wanted) s.live(s.view().deadlineMs);
            const std::int64_t deadlineMs = s.view().deadlineMs;
            s.tick(30 * kDayMs);
            QCOMPARE(s.state(), wanted);
            QVERIFY(s.view().deadlineMs > deadlineMs + 29 * kDayMs && s.isReproducible());
        }
    }
    void aShortPauseIsNone() {
        Sale s;
        s.goTo(SaleState::Funded);
        const std::int64_t deadlineMs = s.view().deadlineMs;
        s.tick(kOutageMs);
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.view().deadlineMs, deadlineMs);
        s.tick(kOutageMs + 1);
        QCOMPARE(s.view().deadlineMs, deadlineMs + kOutageMs + 1);
    }
    /// Two outages, one after the other.
    void eachCounts() {
        Sale s;
        s.goTo(SaleState::Delivered);
        const std::int64_t deadlineMs = s.view().deadlineMs;
        s.tick(kDayMs * 10);
        s.tick(1);
        s.tick(kDayMs * 20);
        QCOMPARE(s.view().deadlineMs, deadlineMs + kDayMs * 30);
    }
    /// What comes with the first batch behind it is in time.
    void aCommandBehindItIsInTime() {
        Sale s;
        s.goTo(SaleState::Funded);
        s.nowMs += kLongMs;
        QCOMPARE(s.send("buyer", s.delivery(s.sale)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Delivered);
    }

    void theTimeToLookIsLonger() {
        Sale s;
        s.goTo(SaleState::Unlocked);
        const std::int64_t endsMs = s.view().inspectionEndsMs.value();
        s.tick(kLongMs);
        QCOMPARE(s.view().inspectionEndsMs.value(), endsMs + kLongMs);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Disputed);
    }
    /// But not of a buyer who has said that all is well, or has let it pass.
    void whatWasGivenUpStaysSo() {
        for (const bool isGivenUp : {true, false}) {
            Sale s;
            s.goTo(SaleState::SellerPaid);
            for (const auto number : {std::uint8_t{1}, std::uint8_t{2}})
                QCOMPARE(s.send("key server", s.part(s.sale, number)).refused, Refused::No);
            QCOMPARE(s.send("buyer", s.unlocking(s.sale)).refused, Refused::No); // B11 is still to come
            QCOMPARE(s.state(), SaleState::Unlocked);
            if (isGivenUp)
                QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::No);
            else
                s.live(*s.view().inspectionEndsMs);
            const std::int64_t endsMs = s.view().inspectionEndsMs.value();
            s.nowMs = std::max(s.nowMs, endsMs);
            s.tick(kOutageMs + 1);
            QCOMPARE(s.state(), SaleState::Unlocked);
            QCOMPARE(s.view().inspectionEndsMs.value(), endsMs);
            QVERIFY(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused != Refused::No);
        }
    }
    /// The arbiter has as long before a deputy may, and both have as long before silence decides.
    void aDisputeIsLonger() {
        Sale s;
        s.goTo(SaleState::Unlocked);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
        const Arbitration rules = *s.view().terms->arbitration;
        const std::int64_t raisedMs = s.nowMs;
        s.tick(5 * kDayMs); // nobody could
        QVERIFY(rules.deputyMs < 5 * kDayMs);
        const DecideDispute decision{s.sale, usd(250), "Half of it is missing."};
        QCOMPARE(s.send("deputy", decision).refused, Refused::DeputyWaits);
        s.live(raisedMs + 5 * kDayMs + rules.deputyMs - 1);
        QCOMPARE(s.send("deputy", decision).refused, Refused::DeputyWaits);
        QCOMPARE(s.view().deadlineMs, raisedMs + 5 * kDayMs + rules.disputeMs);
        s.live(raisedMs + 5 * kDayMs + rules.deputyMs);
        s.nowMs = raisedMs + 5 * kDayMs + rules.deputyMs;
        QCOMPARE(s.send("deputy", decision).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Resolved);
    }

    /// A coordinator of old: its journal says nothing of outages, and makes the same of time as ever.
    void oneOfOldKnowsNone() {
        Sale s{std::nullopt};
        s.goTo(SaleState::Funded);
        QVERIFY(s.engine.nextTickMs() == s.engine.nextDeadlineMs());
        s.tick(kLongMs);
        QCOMPARE(s.state(), SaleState::Refunding);
    }
};

QTEST_GUILESS_MAIN(TestEngineOutages)
#include "tst_engine_outages.moc"
