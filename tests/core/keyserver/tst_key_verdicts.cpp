// The key server judges what a buyer says of bad data, and releases on the store's receipt as on the buyer's.
#include "tests/core/keyserver/Scene.h"

using namespace tallylock;
using test::named;
using test::Scene;
using test::upToReady;
using wire::FrameProblem;

namespace {

wire::JudgeRequest complaint(const Scene& scene, const engine::Contract& contract) {
    const engine::UnlockReceipt r14{crypto::labelledHash("contract", contract), false};
    return {scene.sale, r14, scene.buyer.sign("r14", r14)};
}
/// The verdicts that have reached the coordinator, once `count` have.
std::vector<engine::JudgeData> verdicts(Scene& scene, std::size_t count) {
    (void)QTest::qWaitFor([&] { return scene.outside->accepted<engine::JudgeData>().size() >= count; }, 20'000);
    return scene.outside->accepted<engine::JudgeData>();
}

} // namespace

class TestKeyVerdicts : public QObject {
    Q_OBJECT
private slots:
    void soundFile() {
        Scene scene(3'000'000); // several portions
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const auto request = complaint(scene, *contract);
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request));
        const auto given = verdicts(scene, 1);
        QCOMPARE(given.size(), std::size_t{1});
        QVERIFY(!given[0].verdict.bad && given[0].sale == scene.sale);
        QVERIFY(given[0].verdict.contract == request.complaint.contract);
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "verdict", given[0].verdict, given[0].signature));

        // Once a contract, also over a start.
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request));
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request));
        scene.server.reset();
        QCOMPARE(scene.outside->accepted<engine::JudgeData>().size(), std::size_t{1});
    }

    void whoMayAskAndFor() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const auto good = complaint(scene, *contract);
        QCOMPARE(named(scene.problem(scene.seller, good)), named(FrameProblem::ContractWrong));
        auto bad = good;
        bad.sale = {8};
        QCOMPARE(named(scene.problem(scene.coordinator, bad)), named(FrameProblem::ContractWrong));
        bad = good;
        bad.complaint.contract = Hash{};
        QCOMPARE(named(scene.problem(scene.coordinator, bad)), named(FrameProblem::ContractWrong));
        bad = good;
        bad.signature = scene.seller.sign("r14", bad.complaint);
        QCOMPARE(named(scene.problem(scene.coordinator, bad)), named(FrameProblem::SignatureInvalid));
        bad = good;
        bad.complaint.opened = true; // content, and truly signed
        bad.signature = scene.buyer.sign("r14", bad.complaint);
        QCOMPARE(named(scene.problem(scene.coordinator, bad)), named(FrameProblem::SignatureInvalid));
        scene.server.reset();
        QVERIFY(scene.outside->accepted<engine::JudgeData>().empty());
    }

    /// What the store has lost says nothing about the seller.
    void alteredStore() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const auto request = complaint(scene, *contract);
        const Hash& root = scene.terms.sealedRoot;
        scene.files.flip(root, scene.sealed.size() - 20);
        QCOMPARE(named(scene.problem(scene.coordinator, request)), named(FrameProblem::StoredFileAltered));
        scene.files.cannotTell = true;
        QCOMPARE(named(scene.problem(scene.coordinator, request)), named(FrameProblem::SealedFileMissing));
        scene.files.cannotTell = false;
        scene.files.flip(root, scene.sealed.size() - 20);
        scene.files.failing = 1; // and whoever reads again finds nothing wrong
        QCOMPARE(named(scene.problem(scene.coordinator, request)), named(FrameProblem::SealedFileMissing));
        scene.files.remove(root);
        QCOMPARE(named(scene.problem(scene.coordinator, request)), named(FrameProblem::SealedFileMissing));
        scene.files.put(root, scene.sealed);
        QVERIFY(scene.outside->accepted<engine::JudgeData>().empty());
        scene.files.lying = 1; // a byte that is another for once
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request));
        const auto given = verdicts(scene, 1);
        QVERIFY(given.size() == 1 && !given[0].verdict.bad);
    }

    /// The key server no longer has what it vouched for: its own loss is nobody else's fault, and may pass.
    void damagedPart() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const auto flipInF = [&scene] {
            scene.server.reset();
            scene.first->records.back().back() ^= 1;
            return scene.start().ok();
        };
        QVERIFY(flipInF());
        const auto request = complaint(scene, *contract);
        QCOMPARE(named(scene.problem(scene.coordinator, request)), named(FrameProblem::PartDamaged));
        QVERIFY(flipInF());
        QVERIFY(scene.outside->accepted<engine::JudgeData>().empty());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, request));
        const auto given = verdicts(scene, 1);
        QVERIFY(given.size() == 1 && !given[0].verdict.bad);
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "verdict", given[0].verdict, given[0].signature));
    }

    void releasesOnTheStoresReceipt_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("good") << 0;
        QTest::newRow("signed by the buyer") << 1;
        QTest::newRow("another file") << 2;
        QTest::newRow("another contract") << 3;
        QTest::newRow("R10 names the buyer's receipt") << 4;
        QTest::newRow("no signature") << 5;
    }
    void releasesOnTheStoresReceipt() {
        QFETCH(int, what);
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        wire::Release release = scene.proof(*contract);
        release.deliverySignature = {}; // the buyer has never signed
        engine::StoreReceipt stored{release.delivery.contract, scene.terms.sealedRoot, 1'700'000'000'000};
        if (what == 2) stored.sealedRoot = Hash{};
        if (what == 3) stored.contract = Hash{};
        release.stored = stored;
        release.storedSignature = (what == 1 ? scene.buyer : scene.coordinator).sign("r8-store", stored);
        if (what != 4) release.payout.deliveryReceipt = crypto::labelledHash("r8-store", stored);
        if (what == 5) release.storedSignature.reset();
        release.payoutSignature = scene.coordinator.sign("r10", release.payout);
        const bool good = what == 0;
        QCOMPARE(named(scene.problem(scene.coordinator, release)),
                 named(good ? FrameProblem::kCount : FrameProblem::NotPaid));
        QCOMPARE(scene.fetch(2, release.delivery.contract).has_value(), good);
    }
};

QTEST_GUILESS_MAIN(TestKeyVerdicts)
#include "tst_key_verdicts.moc"
