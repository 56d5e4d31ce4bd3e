// The key server as the standby of a sale: it takes the key like the first one, vouches for it in its own name, and
// releases its own parts on the proof that the seller is paid, of a contract that it was not asked about.
#include "tests/core/keyserver/Scene.h"

#include <QTest>

using namespace tallylock;
using test::named;
using test::Scene;
using wire::FrameProblem;

namespace {

/// Terms that name another key server first, and this one as its standby.
struct Standby : Scene {
    keys::Identity other = test::identityNumber(6);
    Standby() {
        terms.keyServer = {other.key(), other.boxKey()};
        terms.standby = engine::PartyKeys{serverIdentity.key(), serverIdentity.boxKey()};
        if (!start()) qFatal("does not start");
    }
    /// R4 as the first key server has signed it.
    engine::KeyReceipt receiptOfTheOther() const {
        const engine::KeyReceiptBody body{t(),   Hash{}, Hash{}, terms.recipient, terms.sealedRoot, terms.plainRoot,
                                          "full"};
        return {body, other.sign("r4", body)};
    }
    /// The seller deposits; its own R4, or nothing.
    std::optional<engine::KeyReceipt> takeOver() {
        if (!reply<wire::Accepted>(seller, makeDeposit())) return std::nullopt;
        if (!QTest::qWaitFor([&] { return !outside->accepted<engine::RewrapKey>().empty(); }, 20'000))
            return std::nullopt;
        return outside->accepted<engine::RewrapKey>().back().receipt;
    }
    wire::Release proofOf(const engine::Contract& agreed) const {
        wire::Release release = proof(agreed);
        release.contract = agreed;
        return release;
    }
};

} // namespace

class TestStandby : public QObject {
    Q_OBJECT
private slots:
    void vouchesInItsOwnName() {
        Standby scene;
        const auto receipt = scene.takeOver();
        QVERIFY(receipt.has_value());
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "r4", receipt->body, receipt->signature));
        QVERIFY(receipt->body.terms == scene.t());
        QVERIFY(scene.outside->accepted<engine::WrapKey>().empty());
        QVERIFY(scene.outside->accepted<engine::RewrapKey>().back().sale == scene.sale);
    }

    /// And again after a restart, the same bytes.
    void releasesItsOwnParts() {
        Standby scene;
        const auto receipt = scene.takeOver();
        QVERIFY(receipt.has_value());
        const auto agreed = scene.contract(scene.receiptOfTheOther());
        const Hash k = crypto::labelledHash("contract", agreed);
        QVERIFY(!scene.fetch(1, k));
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proofOf(agreed)).has_value());
        QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
        const auto part1 = scene.fetch(1, k);
        const auto part2 = scene.fetch(2, k);
        QVERIFY(part1 && part2);
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "key-part", part1->note, part1->signature));
        const auto opened1 = wire::openKeyPart1(scene.buyer, part1->box, k);
        const auto opened2 = wire::openKeyPart2(scene.buyer, part2->box, k);
        QVERIFY(opened1 && opened2);
        QVERIFY(keys::commitFirstPart(scene.t(), opened1->c1, opened1->fingerprintPart) == receipt->body.commitment1);
        QVERIFY(keys::commitSecondPassword(scene.t(), *opened2) == receipt->body.commitment2);
        const auto secrets = keys::unwrapFirstPassword(*opened2, opened1->fingerprintPart, scene.t(), opened1->c1);
        QVERIFY(secrets.ok());
        QVERIFY(crypto::boxKeyOf(secrets->firstPassword) == scene.terms.recipient);

        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proofOf(agreed)).has_value());
        QVERIFY(scene.fetch(1, k)->box == part1->box && scene.fetch(2, k)->box == part2->box);
        QCOMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
    }

    /// No dollars move on its word: B9 is the first one's.
    void isNeverAskedWhetherTheKeyIsReady() {
        Standby scene;
        QVERIFY(scene.takeOver().has_value());
        const auto agreed = scene.contract(scene.receiptOfTheOther());
        QCOMPARE(named(scene.problem(scene.coordinator, wire::KeyReadyRequest{agreed, scene.ready(agreed)})),
                 named(FrameProblem::WrongServer));
    }

    void releasesNothingWithoutProof_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, int what, FrameProblem problem) {
            QTest::newRow(name) << what << static_cast<int>(problem);
        };
        row("without the contract", 0, FrameProblem::ContractWrong);
        row("the contract is another", 1, FrameProblem::ContractWrong);
        row("R4 of the contract by a stranger", 2, FrameProblem::ContractWrong);
        row("R4 of the contract by this one", 3, FrameProblem::ContractWrong);
        row("not signed by the buyer", 4, FrameProblem::SignatureInvalid);
        row("not signed by the seller", 5, FrameProblem::SignatureInvalid);
        row("R10 by a stranger", 6, FrameProblem::NotPaid);
        row("R10 without an entry", 7, FrameProblem::NotPaid);
        row("R8 not by the buyer", 8, FrameProblem::NotPaid);
        row("R10 of another key-ready", 9, FrameProblem::NotPaid);
        row("another sale", 10, FrameProblem::ContractWrong);
        row("of terms that were never deposited", 11, FrameProblem::ContractWrong);
    }
    void releasesNothingWithoutProof() {
        QFETCH(int, what);
        QFETCH(int, problem);
        Standby scene;
        const auto receipt = scene.takeOver();
        QVERIFY(receipt.has_value());
        auto agreed = scene.contract(scene.receiptOfTheOther());
        if (what == 2) agreed.keyReceipt.signature = scene.stranger.sign("r4", agreed.keyReceipt.body);
        if (what == 3) agreed.keyReceipt = *receipt;
        if (what == 4) agreed.buyerSignature = scene.accept(scene.stranger);
        if (what == 5) agreed.sellerSignature = scene.accept(scene.stranger);
        if (what == 11) agreed.terms.sellerNonce = Hash{};
        auto proof = scene.proofOf(agreed);
        if (what == 0) proof.contract.reset();
        if (what == 1) proof.contract->terms.price.value += 1;
        if (what == 6) proof.payoutSignature = scene.stranger.sign("r10", proof.payout);
        if (what == 7) proof.payout.entry = {};
        if (what == 9) proof.payout.keyReady = Hash{};
        if (what == 7 || what == 9) proof.payoutSignature = scene.coordinator.sign("r10", proof.payout);
        if (what == 8) proof.deliverySignature = scene.stranger.sign("r8", proof.delivery);
        if (what == 10) proof.sale = {8};
        QCOMPARE(named(scene.problem(scene.coordinator, proof)), named(static_cast<FrameProblem>(problem)));
        QVERIFY(scene.outside->accepted<engine::SendPart>().empty());
        QVERIFY(!scene.fetch(1, crypto::labelledHash("contract", agreed)));
        // And a wrong one keeps nobody from sending the right one.
        const auto right = scene.contract(scene.receiptOfTheOther());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proofOf(right)).has_value());
    }

    /// In a dispute it is asked as the first one would be.
    void judgesTheData() {
        Standby scene;
        QVERIFY(scene.takeOver().has_value());
        const auto agreed = scene.contract(scene.receiptOfTheOther());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proofOf(agreed)).has_value());
        const engine::UnlockReceipt complaint{crypto::labelledHash("contract", agreed), false};
        const wire::JudgeRequest request{scene.sale, complaint, scene.buyer.sign("r14", complaint)};
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request).has_value());
        QTRY_COMPARE(scene.outside->accepted<engine::JudgeData>().size(), std::size_t{1});
        QVERIFY(!scene.outside->accepted<engine::JudgeData>().front().verdict.bad);
    }
};

QTEST_GUILESS_MAIN(TestStandby)
#include "tst_standby.moc"
