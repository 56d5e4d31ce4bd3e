// An engine that finds signatures checked ahead comes to the same events as one that checks them all, and takes nothing
// for checked but the very question that was answered with yes.
#include "EngineHarness.h"

#include "core/engine/CheckedSignatures.h"

#include <atomic>
#include <memory>
#include <thread>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {
struct Market : EngineHarness {
    explicit Market(CheckedSignatures* memory = nullptr, const Config& config = settings())
        : EngineHarness(config),
          checked(memory) {
        if (checked) engine.consult(*checked);
        join("seller");
        join("buyer");
        listing = {send("seller", listed).value};
        sale = {send("buyer", offerFor(listing)).value};
    }
    Reply aheadAndSend(const std::string& who, const CommandBody& body) {
        if (checked) checkAhead(*checked, engine.config(), keyNamed(who).publicKey(), body);
        return send(who, body);
    }
    /// As many steps as there are, or until this state.
    void play(std::optional<SaleState> until = std::nullopt) {
        for (const Step& step : stepsOf(sale, listed)) {
            if (lastSale.at(sale).state == until) return;
            const Reply reply = aheadAndSend(step.who, step.body());
            QVERIFY2(reply.refused == Refused::No, nameOf(reply.refused));
        }
    }
    Bytes allEvents() const {
        CborWriter writer;
        for (const Event& event : events) writeCbor(writer, event.body);
        return writer.take();
    }

    CheckedSignatures* checked;
    PublishListing listed = listingOf("Field notes");
    ListingId listing;
    SaleId sale;
};

struct Question {
    IdentityKey by;
    std::string label = "r8";
    Bytes cbor = crypto::cborList(std::string("what was signed"));
    Signature signature;
    bool ask(CheckedSignatures& checked) const { return checked.verify(by, label, cbor, signature); }
};
Question rightQuestion() {
    const auto& key = keyNamed("buyer");
    Question q{key.publicKey(), "r8", crypto::cborList(std::string("what was signed")), {}};
    q.signature = key.sign(q.label, q.cbor);
    return q;
}
} // namespace

class TestEngineChecked : public QObject {
    Q_OBJECT

private slots:
    /// Only the buyer's signature on the terms is left to the engine.
    void aWholeSaleIsTheSameWhetherCheckedAheadOrNot() {
        Market alone;
        alone.play();
        CheckedSignatures checked;
        Market ahead(&checked);
        ahead.play();
        QCOMPARE(ahead.lastSale.at(ahead.sale).state, SaleState::Completed);
        QVERIFY(ahead.engine.stateHash() == alone.engine.stateHash());
        QVERIFY(ahead.allEvents() == alone.allEvents());
        QCOMPARE(checked.counts().known, 7u);
        QCOMPARE(checked.counts().found, 1u);
    }

    /// What only some sales have: each is known to the engine, and nothing has to be found.
    void whatOnlySomeSalesHave() {
        CheckedSignatures checked;
        Config config = Market::settings();
        config.standby = PartyKeys{keyNamed("standby").publicKey(), boxNamed("standby")};
        Market m(&checked, config);
        m.play(SaleState::KeySent1);
        while (m.lastSale.at(m.sale).state != SaleState::Rekeying) m.tick(*m.engine.nextDeadlineMs() - m.nowMs);
        const auto before = checked.counts();
        QCOMPARE(m.aheadAndSend("standby", m.rewrapping(m.sale)).refused, Refused::No);
        QCOMPARE(m.aheadAndSend("standby", m.part(m.sale, 1)).refused, Refused::No);
        QCOMPARE(m.aheadAndSend("standby", m.part(m.sale, 2)).refused, Refused::No);
        QCOMPARE(m.aheadAndSend("buyer", m.objection(m.sale, Claim::BadData)).refused, Refused::No);
        QCOMPARE(m.aheadAndSend("standby", m.judging(m.sale, false)).refused, Refused::No);
        QCOMPARE(checked.counts().known, before.known + 5);
        QCOMPARE(checked.counts().found, before.found);
    }

    /// Nothing is checked ahead, or all of it falls on one place and is mostly gone when it is asked for.
    void forgettingChangesNothing() {
        Market alone;
        alone.play();
        CheckedSignatures narrow(1);
        Market ahead(&narrow);
        ahead.play();
        QVERIFY(ahead.allEvents() == alone.allEvents());
        CheckedSignatures empty;
        Market unaided;
        unaided.engine.consult(empty);
        unaided.play();
        QVERIFY(unaided.allEvents() == alone.allEvents());
        QCOMPARE(empty.counts().known, 0u);
    }

    void theLaterOfTwoStaysOnAPlace() {
        CheckedSignatures narrow(1);
        Question first = rightQuestion();
        Question second = first;
        second.cbor = crypto::cborList(std::string("something else"));
        second.signature = keyNamed("buyer").sign(second.label, second.cbor);
        narrow.check(first.by, first.label, first.cbor, first.signature);
        narrow.check(second.by, second.label, second.cbor, second.signature);
        QVERIFY(second.ask(narrow));
        QCOMPARE(narrow.counts().known, 1u);
        QVERIFY(first.ask(narrow)); // found anew
        QCOMPARE(narrow.counts().found, 1u);
    }

    /// What the engine had to find is known to the next one that asks; a no is not.
    void whatWasFoundIsRemembered() {
        CheckedSignatures checked;
        const Question right = rightQuestion();
        QVERIFY(right.ask(checked) && right.ask(checked));
        QCOMPARE(checked.counts().found, 1u);
        QCOMPARE(checked.counts().known, 1u);
        Question wrong = right;
        wrong.signature.data()[63] ^= 1;
        QVERIFY(!wrong.ask(checked) && !wrong.ask(checked));
        QCOMPARE(checked.counts().found, 3u);
    }

    void aForgedSignatureIsRefusedAsEver() {
        for (CheckedSignatures* memory : {static_cast<CheckedSignatures*>(nullptr), new CheckedSignatures}) {
            const std::unique_ptr<CheckedSignatures> owned(memory);
            Market m(memory);
            m.play(SaleState::Funded);
            ConfirmDelivery forged = m.delivery(m.sale);
            forged.signature = keyNamed("seller").sign("r8", forged.receipt);
            QCOMPARE(m.aheadAndSend("buyer", forged).refused, Refused::SignatureInvalid);
            QCOMPARE(m.aheadAndSend("buyer", forged).refused, Refused::SignatureInvalid);
            QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Funded);
            // A seller who signs a buyer's receipt with an own key has it checked ahead; it is not the buyer's for
            // that.
            QCOMPARE(m.aheadAndSend("seller", forged).refused, Refused::SaleNotYours);
            QCOMPARE(m.aheadAndSend("buyer", forged).refused, Refused::SignatureInvalid);
        }
    }

    void everyPartOfTheQuestionCounts_data() {
        QTest::addColumn<QString>("part");
        for (const char* name : {"key", "label", "bytes", "signature"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void everyPartOfTheQuestionCounts() {
        const Question right = rightQuestion();
        CheckedSignatures checked;
        checked.check(right.by, right.label, right.cbor, right.signature);
        QVERIFY(right.ask(checked));
        QCOMPARE(checked.counts().known, 1u);
        Question other = right;
        QFETCH(QString, part);
        if (part == QStringLiteral("key")) other.by = keyNamed("seller").publicKey();
        if (part == QStringLiteral("label")) other.label = "r14";
        if (part == QStringLiteral("bytes")) other.cbor = crypto::cborList(std::string("what was signeD"));
        if (part == QStringLiteral("signature")) other.signature.data()[63] ^= 1;
        QVERIFY(!other.ask(checked));
        checked.check(other.by, other.label, other.cbor, other.signature);
        QVERIFY(!other.ask(checked));
        QCOMPARE(checked.counts().known, 1u);
    }

    void manyThreadsMayCheckAtOnce() {
        CheckedSignatures checked(64);
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&, t] {
                const auto& key = keyNamed("signer " + std::to_string(t % 2));
                for (int i = 0; i < 50; ++i) {
                    Question q{key.publicKey(), "r8", crypto::cborList(std::to_string(i)), {}};
                    q.signature = key.sign(q.label, q.cbor);
                    checked.check(q.by, q.label, q.cbor, q.signature);
                    if (!q.ask(checked)) ++wrong;
                    q.cbor = crypto::cborList(std::to_string(i + 1));
                    if (q.ask(checked)) ++wrong;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        QCOMPARE(wrong.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestEngineChecked)
#include "tst_engine_checked.moc"
