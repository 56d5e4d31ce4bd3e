// What the key server does where the terms say how the parts of the key are to reach the buyer.
#include "tests/core/keyserver/Scene.h"

#include <QTest>

using namespace tallylock;
using test::named;
using test::Scene;
using wire::FrameProblem;

namespace {

struct Agreed : Scene {
    engine::Contract agreed;
    explicit Agreed(std::optional<engine::KeyWay> way) {
        terms.keyWay = way;
        terms.courier1 = engine::courierOfPartOne(way.value_or(engine::KeyWay::TwoChannels));
        if (!start() || !reply<wire::Accepted>(seller, makeDeposit())) qFatal("no deposit");
        if (!QTest::qWaitFor([&] { return !outside->accepted<engine::WrapKey>().empty(); }, 20'000))
            qFatal("no receipt");
        agreed = contract(outside->accepted<engine::WrapKey>().back().receipt);
    }
    wire::GivePart1 give() const { return {sale, agreed}; }
    std::vector<engine::SendPart> sent() const { return outside->accepted<engine::SendPart>(); }
    bool sends(std::size_t count) const {
        return QTest::qWaitFor([&] { return sent().size() == count; }, 5'000);
    }
    bool isReady() {
        return reply<wire::KeyReadyReply>(coordinator, wire::KeyReadyRequest{agreed, ready(agreed)}).has_value();
    }
    bool isReleased() { return reply<wire::Accepted>(coordinator, proof(agreed)).has_value(); }
};

} // namespace

class TestKeyWays : public QObject {
    Q_OBJECT
private slots:
    void givesPartOneToWhomItIsPromised() {
        Agreed scene(engine::KeyWay::PartOneEarly);
        const auto refused = [&](const keys::Identity& who, const wire::GivePart1& request) {
            return named(scene.problem(who, request));
        };
        QCOMPARE(refused(scene.stranger, scene.give()), named(FrameProblem::ContractWrong));
        QCOMPARE(refused(scene.buyer, scene.give()), named(FrameProblem::ContractWrong));
        wire::GivePart1 wrong = scene.give();
        wrong.sale = {8};
        QCOMPARE(refused(scene.coordinator, wrong), named(FrameProblem::ContractWrong));
        wrong = scene.give();
        wrong.contract.buyerSignature = wrong.contract.sellerSignature;
        QCOMPARE(refused(scene.coordinator, wrong), named(FrameProblem::SignatureInvalid));
        wrong = scene.give();
        wrong.contract.keyReceipt.body.commitment1 = Hash{};
        QCOMPARE(refused(scene.coordinator, wrong), named(FrameProblem::ContractWrong));
        wrong = scene.give();
        wrong.contract.terms.keyWay = engine::KeyWay::OneChannel; // other terms
        QCOMPARE(refused(scene.coordinator, wrong), named(FrameProblem::NotFound));
        QVERIFY(scene.sent().empty());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.give()).has_value());
        QVERIFY(scene.sends(1));
    }

    void givesNothingBeforeThePaymentWhereItWasNotAgreed() {
        for (const auto way : {std::optional<engine::KeyWay>(), std::optional(engine::KeyWay::TwoChannels),
                               std::optional(engine::KeyWay::OneChannel)}) {
            Agreed scene(way);
            QCOMPARE(named(scene.problem(scene.coordinator, scene.give())), named(FrameProblem::NotPaid));
            QVERIFY(scene.isReady());
            QCOMPARE(named(scene.problem(scene.coordinator, scene.give())), named(FrameProblem::NotPaid));
            QVERIFY(scene.sent().empty());
            QVERIFY(!scene.fetch(1, scene.ready(scene.agreed).contract));
        }
    }

    /// Part 1 with the file, part 2 on the proof of payment, and then the word that confirms part 1; with a restart
    /// between any two.
    void partTwoTakesTheProof() {
        Agreed scene(engine::KeyWay::PartOneEarly);
        const Hash k = scene.ready(scene.agreed).contract;
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.give()).has_value());
        QVERIFY(scene.sends(1));
        const engine::SendPart given = scene.sent()[0];
        QCOMPARE(given.note.part, std::uint8_t{1});
        QVERIFY(!given.box.empty());
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.give()).has_value()); // no other one
        QVERIFY(scene.fetch(1, k).has_value());
        QVERIFY(!scene.fetch(2, k));
        QVERIFY(scene.isReady());
        wire::Release forged = scene.proof(scene.agreed);
        forged.payoutSignature = forged.deliverySignature;
        QCOMPARE(named(scene.problem(scene.coordinator, forged)), named(FrameProblem::NotPaid));
        QVERIFY(!scene.fetch(2, k));
        QVERIFY(scene.start().ok());
        QVERIFY(scene.isReleased());
        QVERIFY(scene.sends(3));
        const auto sent = scene.sent();
        QCOMPARE(sent[1].note.part, std::uint8_t{2});
        QVERIFY(sent[1].box.empty());
        QVERIFY(sent[2].note.part == 1 && sent[2].box == given.box && sent[2].signature == given.signature);
        QVERIFY(scene.fetch(2, k).has_value());
        QVERIFY(scene.start().ok());
        QVERIFY(scene.isReleased()); // once
        QTest::qWait(30);
        QCOMPARE(scene.sent().size(), std::size_t{3});
    }

    void oneChannelIsItsOwn() {
        Agreed scene(engine::KeyWay::OneChannel);
        const Hash k = scene.ready(scene.agreed).contract;
        QVERIFY(scene.isReady() && scene.isReleased());
        QVERIFY(scene.sends(2));
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(std::size_t{scene.sent()[i].note.part}, i + 1);
            QVERIFY(scene.sent()[i].box.empty());
        }
        const auto first = scene.fetch(1, k);
        QVERIFY(first && wire::partHash(first->box) == scene.sent()[0].note.partHash);
        QVERIFY(scene.fetch(2, k).has_value());
    }

    void takesNoCourierThatDoesNotFitTheWay() {
        for (const auto way : {engine::KeyWay::TwoChannels, engine::KeyWay::OneChannel}) {
            Scene scene;
            scene.terms.keyWay = way;
            scene.terms.courier1 = way == engine::KeyWay::OneChannel ? engine::CourierKind::CoordinatorMailbox
                                                                     : engine::CourierKind::KeyServerEndpoint;
            QVERIFY(scene.start().ok());
            QCOMPARE(named(scene.problem(scene.seller, scene.keyRequest())), named(FrameProblem::ContractWrong));
        }
    }
};

QTEST_GUILESS_MAIN(TestKeyWays)
#include "tst_key_ways.moc"
