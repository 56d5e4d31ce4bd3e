// What the key server takes for a delivery where only the ownership passes.
#include "tests/core/keyserver/Scene.h"

#include <QTest>

using namespace tallylock;
using test::named;
using test::Scene;
using wire::FrameProblem;

namespace {

Hash hashOf(std::uint64_t number) { return crypto::labelledHash("test-hash", crypto::cborList(number)); }

/// The key is wrapped, and the key server has said that it is ready.
struct Agreed : Scene {
    engine::Contract agreed;
    explicit Agreed(bool isOwnershipOnly) {
        if (isOwnershipOnly) terms.ownership = engine::Ownership{hashOf(1), 1, hashOf(2), 1'000};
        if (!start() || !reply<wire::Accepted>(seller, makeDeposit())) qFatal("no deposit");
        if (!QTest::qWaitFor([&] { return !outside->accepted<engine::WrapKey>().empty(); }, 20'000))
            qFatal("no receipt");
        agreed = contract(outside->accepted<engine::WrapKey>().back().receipt);
        if (!reply<wire::KeyReadyReply>(coordinator, wire::KeyReadyRequest{agreed, ready(agreed)}))
            qFatal("no key ready");
    }
    custody::SignedCustody entry() const {
        custody::SignedCustody passed;
        passed.entry = {hashOf(1),   1,         custody::CustodyKind::Sold, seller.key(),
                        buyer.key(), hashOf(2), ready(agreed).contract,     1'000};
        passed.signature = seller.sign(custody::kCustodyLabel, passed.entry);
        return passed;
    }
    /// In the place of R8.
    wire::Release released(const custody::SignedCustody& passed) const {
        wire::Release release = proof(agreed);
        release.deliverySignature = {};
        release.owner = passed;
        release.payout.deliveryReceipt = custody::custodyHash(passed);
        release.payoutSignature = coordinator.sign("r10", release.payout);
        return release;
    }
    QString refusalOf(const wire::Release& release) { return named(problem(coordinator, release)); }
};

} // namespace

class TestKeyOwnership : public QObject {
    Q_OBJECT
private slots:
    /// No word of the buyer's or of the store's, and no entry but the one that the terms ask for.
    void onlyTheSellersEntryReleasesTheKey() {
        Agreed scene(true);
        const QString notPaid = named(FrameProblem::NotPaid);
        QCOMPARE(scene.refusalOf(scene.proof(scene.agreed)), notPaid);
        wire::Release stored = scene.released(scene.entry());
        stored.owner.reset();
        stored.stored = engine::StoreReceipt{stored.delivery.contract, stored.delivery.sealedRoot, 5};
        stored.storedSignature = scene.coordinator.sign("r8-store", *stored.stored);
        stored.payout.deliveryReceipt = crypto::labelledHash("r8-store", *stored.stored);
        stored.payoutSignature = scene.coordinator.sign("r10", stored.payout);
        QCOMPARE(scene.refusalOf(stored), notPaid);

        custody::SignedCustody wrong = scene.entry();
        wrong.signature = scene.coordinator.sign(custody::kCustodyLabel, wrong.entry);
        QCOMPARE(scene.refusalOf(scene.released(wrong)), notPaid);
        wrong = scene.entry();
        wrong.entry.to = scene.coordinator.key();
        wrong.signature = scene.seller.sign(custody::kCustodyLabel, wrong.entry);
        QCOMPARE(scene.refusalOf(scene.released(wrong)), notPaid);
        wrong = scene.entry();
        wrong.entry.contract = hashOf(9);
        wrong.signature = scene.seller.sign(custody::kCustodyLabel, wrong.entry);
        QCOMPARE(scene.refusalOf(scene.released(wrong)), notPaid);
        wire::Release other = scene.released(scene.entry()); // R10 speaks of another delivery
        other.payout.deliveryReceipt = hashOf(9);
        other.payoutSignature = scene.coordinator.sign("r10", other.payout);
        QCOMPARE(scene.refusalOf(other), notPaid);
        QVERIFY(scene.outside->accepted<engine::SendPart>().empty());

        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.released(scene.entry())).has_value());
        QVERIFY(QTest::qWaitFor([&] { return scene.outside->accepted<engine::SendPart>().size() == 2; }, 5'000));
        QVERIFY(scene.start().ok()); // and it is remembered as proven
        QVERIFY(scene.fetch(2, scene.ready(scene.agreed).contract).has_value());
    }

    void anEntryIsNoDeliveryOfAFile() {
        Agreed scene(false);
        QCOMPARE(scene.refusalOf(scene.released(scene.entry())), named(FrameProblem::NotPaid));
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(scene.agreed)).has_value());
    }
};

QTEST_GUILESS_MAIN(TestKeyOwnership)
#include "tst_key_ownership.moc"
