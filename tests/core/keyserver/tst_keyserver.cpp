// The key server from outside: what it refuses, what it survives, and what its two channels carry.
#include "tests/core/keyserver/Scene.h"

#include <QDir>
#include <QTest>

using namespace tallylock;
using test::awaitReceipt;
using test::named;
using test::Scene;
using test::upToReady;
using wire::FrameProblem;

namespace {

bool opens(Scene& scene, const Bytes& c1, const SecretBytes& f, const SecretBytes& p2) {
    const auto secrets = keys::unwrapFirstPassword(p2, f, scene.t(), c1);
    if (!secrets) return false;
    asset::BytesSource source(scene.sealed);
    asset::BytesSink sink;
    return asset::openEdition(source, sink, *secrets, scene.edition.claim).ok() && sink.bytes() == scene.plain;
}

bool holds(const Bytes& haystack, ByteView needle) {
    return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) != haystack.end();
}
bool holds(const test::MemoryRecords& disk, ByteView needle) {
    return std::any_of(disk.records.begin(), disk.records.end(),
                       [&](const Bytes& record) { return holds(record, needle); });
}

} // namespace

class TestKeyServer : public QObject {
    Q_OBJECT
private slots:
    // --- B3 --------------------------------------------------------------------------------------------------------

    void refusesForeignFrames() {
        Scene scene;
        QVERIFY(scene.start().ok());
        QCOMPARE(named(scene.problem(scene.seller, wire::Hello{})), named(FrameProblem::Malformed));
        const auto link = scene.server->connect(scene.seller.key());
        std::promise<Bytes> answered;
        link->request({0x01, 0x02}, [&](auto answer) { answered.set_value(answer.value()); });
        const auto answer = decodeCbor<wire::Answer>(answered.get_future().get()).value();
        QCOMPARE(named(std::get<wire::Problem>(answer).problem), named(FrameProblem::Malformed));
    }

    void refusesTermsThatAreNotForIt_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, int what, FrameProblem problem) {
            QTest::newRow(name) << what << static_cast<int>(problem);
        };
        row("another key server", 0, FrameProblem::WrongServer);
        row("its identity, another box key", 1, FrameProblem::WrongServer);
        row("signed by the buyer", 2, FrameProblem::SignatureInvalid);
        row("changed after signing", 3, FrameProblem::SignatureInvalid);
        row("both parts by one courier", 4, FrameProblem::ContractWrong);
        row("an empty file", 5, FrameProblem::ContractWrong);
    }
    void refusesTermsThatAreNotForIt() {
        QFETCH(int, what);
        QFETCH(int, problem);
        Scene scene;
        QVERIFY(scene.start().ok());
        if (what == 0) scene.terms.keyServer = {scene.stranger.key(), scene.stranger.boxKey()};
        if (what == 1) scene.terms.keyServer.box = scene.stranger.boxKey();
        if (what == 4) scene.terms.courier2 = engine::CourierKind::CoordinatorMailbox;
        if (what == 5) scene.terms.sealedSize = 0;
        auto request = scene.keyRequest();
        if (what == 2) request.sellerSignature = scene.accept(scene.buyer);
        if (what == 3) request.terms.price.value += 1;
        QCOMPARE(named(scene.problem(scene.seller, request)), named(static_cast<FrameProblem>(problem)));
        QVERIFY(scene.state->records.empty());
        QVERIFY(QDir(scene.folder->path()).isEmpty());
    }

    void givesOneKeyForATerms() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto one = scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest()).value();
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "deposit-key", one.note, one.signature));
        QVERIFY(one.note.terms == scene.t());
        QVERIFY(scene.start().ok());
        const auto again = scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest()).value();
        QVERIFY(again.note.key == one.note.key);
        QVERIFY(again.signature == one.signature);
        scene.terms.sellerNonce = Hash{};
        QVERIFY(scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest())->note.key != one.note.key);
    }

    void refusesDepositsThatDoNotFit_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, int what, FrameProblem problem) {
            QTest::newRow(name) << what << static_cast<int>(problem);
        };
        row("unknown terms", 0, FrameProblem::NotFound);
        row("not a box", 1, FrameProblem::DepositUnreadable);
        row("altered", 2, FrameProblem::DepositUnreadable);
        row("boxed to another key", 3, FrameProblem::DepositUnreadable);
        row("signed by another", 4, FrameProblem::DepositUnreadable);
        row("made for other terms", 5, FrameProblem::DepositUnreadable);
        row("another first password", 6, FrameProblem::PasswordWrong);
    }
    void refusesDepositsThatDoNotFit() {
        QFETCH(int, what);
        QFETCH(int, problem);
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto e = scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest())->note.key;
        auto deposit = scene.deposit(e);
        if (what == 0) deposit.terms = Hash{};
        if (what == 1) deposit.box = {1, 2, 3};
        if (what == 2) deposit.box.back() ^= 1;
        if (what == 3) deposit = scene.deposit(scene.stranger.boxKey());
        if (what == 4) deposit.box = wire::sealDeposit(e, scene.t(), scene.content(), scene.stranger, scene.random);
        if (what == 5) deposit.box = wire::sealDeposit(e, Hash{}, scene.content(), scene.seller, scene.random);
        if (what == 6) {
            auto content = scene.content();
            content.secrets.firstPassword.data()[5] ^= 0x20;
            deposit.box = wire::sealDeposit(e, scene.t(), content, scene.seller, scene.random);
        }
        const std::size_t kept = scene.state->records.size();
        QCOMPARE(named(scene.problem(scene.seller, deposit)), named(static_cast<FrameProblem>(problem)));
        QCOMPARE(named(scene.problem(scene.seller, deposit)), named(static_cast<FrameProblem>(problem)));
        QCOMPARE(scene.state->records.size(), kept);
        // A wrong one keeps nobody from sending the right one.
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.deposit(e)).has_value());
    }

    void takesOneDepositForATerms() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto deposit = scene.makeDeposit();
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, deposit).has_value());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, deposit).has_value());
        auto other = scene.makeDeposit();
        QCOMPARE(named(scene.problem(scene.seller, other)), named(FrameProblem::DepositDiffers));
        auto otherSale = deposit;
        otherSale.sale = {8};
        QCOMPARE(named(scene.problem(scene.seller, otherSale)), named(FrameProblem::DepositDiffers));
        QVERIFY(awaitReceipt(scene).has_value());
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, deposit).has_value());
        QCOMPARE(named(scene.problem(scene.seller, other)), named(FrameProblem::DepositDiffers));
    }

    // --- B4 --------------------------------------------------------------------------------------------------------

    void signsWhatItHasCheckedAndKept() {
        Scene scene(70'000);
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        const auto receipt = awaitReceipt(scene);
        QVERIFY(receipt.has_value());
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "r4", receipt->body, receipt->signature));
        QVERIFY(receipt->body.terms == scene.t());
        QVERIFY(receipt->body.recipient == scene.edition.claim.recipient);
        QVERIFY(receipt->body.sealedRoot == scene.edition.claim.sealedRoot);
        QVERIFY(receipt->body.plainRoot == scene.edition.claim.plainRoot);
        QCOMPARE(receipt->body.check, std::string("full"));
        QVERIFY(scene.outside->accepted<engine::WrapKey>().back().sale == scene.sale);
        QTRY_VERIFY(QDir(scene.folder->path()).isEmpty()); // the one-sale key is destroyed
    }

    void remembersAWrongFile_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, int what, FrameProblem problem) {
            QTest::newRow(name) << what << static_cast<int>(problem);
        };
        row("a flipped bit in the content", 0, FrameProblem::StoredFileAltered);
        row("truncated", 2, FrameProblem::StoredFileAltered);
        row("another plain root in the terms", 4, FrameProblem::ContentWrong);
        row("another salt in the deposit", 5, FrameProblem::ContentWrong);
    }
    void remembersAWrongFile() {
        QFETCH(int, what);
        QFETCH(int, problem);
        const QString expected = named(static_cast<FrameProblem>(problem));
        Scene scene;
        Bytes stored = scene.sealed;
        if (what == 0) stored[stored.size() - 40] ^= 1;
        if (what == 2) stored.pop_back();
        if (what == 4) scene.terms.plainRoot = Hash{};
        if (what == 5) scene.edition.secrets.plainSalt.data()[0] ^= 1;
        scene.files.put(scene.edition.claim.sealedRoot, stored);
        QVERIFY(scene.start().ok());
        const auto deposit = scene.makeDeposit();
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, deposit).has_value());
        QTRY_COMPARE(named(scene.problem(scene.seller, deposit)), expected);
        QVERIFY(scene.start().ok());
        QCOMPARE(named(scene.problem(scene.seller, deposit)), expected);
        QVERIFY(scene.outside->taken().empty());
        QVERIFY(scene.first->records.empty() && scene.second->records.empty());
        QVERIFY(QDir(scene.folder->path()).isEmpty());
    }

    void waitsForAFileThatIsNotThereYet() {
        Scene scene;
        test::MemoryFileStore empty;
        scene.terms.sealedRoot = Hash::from(Bytes(32, 9)).value(); // nothing lies under this name
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QTest::qWait(20);
        QVERIFY(scene.outside->taken().empty());
        scene.files.put(scene.terms.sealedRoot, scene.sealed); // of another root
        QTRY_VERIFY(QDir(scene.folder->path()).isEmpty());
        QVERIFY(scene.outside->taken().empty());
    }

    void asksTheCoordinatorUntilItIsTaken() {
        Scene scene;
        scene.outside->stumble(2, 3, {engine::Refused::SaleWrongState, 0, "Accepted"});
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QVERIFY(awaitReceipt(scene).has_value());
        const auto taken = scene.outside->taken();
        QCOMPARE(taken.size(), std::size_t{4});
        for (std::size_t i = 1; i < taken.size(); ++i) // a refusal is remembered under its id, so each has its own
            QVERIFY(taken[i].command.counter > taken[i - 1].command.counter);
        QVERIFY(scene.start().ok()); // nothing is left over
        QTest::qWait(30);
        QCOMPARE(scene.outside->taken().size(), std::size_t{4});
    }

    void givesUpOnASaleThatHasEnded() {
        Scene scene;
        scene.outside->stumble(0, 1, {engine::Refused::SaleUnknown, 0, ""});
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QTRY_COMPARE(scene.outside->taken().size(), std::size_t{1});
        QTest::qWait(30);
        QCOMPARE(scene.outside->taken().size(), std::size_t{1});
    }

    void answersInternalAndKeepsNothingWhenTheDiskIsFull() {
        Scene scene;
        QVERIFY(scene.start().ok());
        scene.state->full = true;
        QCOMPARE(named(scene.problem(scene.seller, scene.keyRequest())), named(FrameProblem::Internal));
        scene.state->full = false;
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QVERIFY(awaitReceipt(scene).has_value());
    }

    /// With room again the check ends by itself, whichever of the journals was full.
    void aFullDiskEndsNoCheck_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("first parts") << 1;
        QTest::newRow("second parts") << 2;
    }
    void aFullDiskEndsNoCheck() {
        QFETCH(int, which);
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto& disk = which == 1 ? scene.first : scene.second;
        disk->full = true;
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QTRY_VERIFY(scene.server->standing(std::chrono::seconds(20)).value().failure);
        QVERIFY(scene.outside->taken().empty());
        disk->full = false;
        QVERIFY(awaitReceipt(scene).has_value());
    }

    void saysHowItStands() {
        Scene scene;
        QVERIFY(scene.start(false).ok()); // the coordinator is away
        const auto standing = [&] { return scene.server->standing(std::chrono::seconds(20)).value(); };
        QCOMPARE(standing().terms, std::uint64_t{0});
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QTRY_COMPARE(standing().keys, std::uint64_t{1});
        QCOMPARE(standing().terms, std::uint64_t{1});
        QCOMPARE(standing().checks, std::uint64_t{0});
        QCOMPARE(standing().commands, std::uint64_t{1});
        QCOMPARE(standing().released, std::uint64_t{0});
        QVERIFY(!standing().failure);
        QVERIFY(scene.start().ok());
        const auto receipt = awaitReceipt(scene);
        QVERIFY(receipt.has_value());
        QTRY_COMPARE(standing().commands, std::uint64_t{0});
        const auto contract = scene.contract(*receipt);
        QVERIFY(
            scene.reply<wire::KeyReadyReply>(scene.coordinator, wire::KeyReadyRequest{contract, scene.ready(contract)})
                .has_value());
        scene.state->full = true;
        QCOMPARE(named(scene.problem(scene.coordinator, scene.proof(contract))), named(FrameProblem::Internal));
        QVERIFY(standing().failure && standing().failure->error == ports::StoreError::DiskFull);
        QCOMPARE(standing().released, std::uint64_t{0});
        scene.state->full = false;
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(contract)).has_value());
        QTRY_COMPARE(standing().released, std::uint64_t{1});
        QVERIFY(!standing().failure);
    }

    /// One journal that can be written says nothing of another.
    void namesAJournalThatCannotBeWritten() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto failure = [&] { return scene.server->standing(std::chrono::seconds(20)).value().failure; };
        scene.first->full = true;
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QTRY_VERIFY(failure());
        scene.terms = scene.someTerms();
        QVERIFY(scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest()).has_value());
        QVERIFY(failure() && failure()->error == ports::StoreError::DiskFull);
        scene.first->full = false;
    }

    void doesNotLetWhoeverWatchesWaitForLong() {
        Scene scene;
        QVERIFY(scene.start().ok());
        std::promise<void> goOn;
        scene.state->afterAppend = [waits = goOn.get_future().share()] { waits.wait(); };
        const auto link = scene.server->connect(scene.seller.key());
        link->request(encodeCbor(wire::Request(scene.keyRequest())), [](auto) {});
        QTRY_VERIFY(!scene.server->standing(std::chrono::milliseconds(20)));
        goOn.set_value();
        QVERIFY(scene.server->standing(std::chrono::seconds(20)).has_value());
        scene.state->afterAppend = nullptr;
    }

    // --- crashes ---------------------------------------------------------------------------------------------------

    /// Runs once to the end and takes a picture of all disks after every durable act; then starts from each picture.
    void goesOnFromEveryRecord() {
        struct Picture {
            std::vector<Bytes> first, second, state;
            std::map<QString, QByteArray> keys;
        };
        std::vector<Picture> pictures;
        Scene scene;
        const auto picture = [&] {
            Picture p{scene.first->records, scene.second->records, scene.state->records, {}};
            const QDir dir(scene.folder->path());
            for (const QString& name : dir.entryList(QDir::Files)) {
                QFile file(dir.filePath(name));
                if (file.open(QIODevice::ReadOnly)) p.keys[name] = file.readAll();
            }
            pictures.push_back(std::move(p));
        };
        for (const auto& disk : {scene.first, scene.second, scene.state}) disk->afterAppend = picture;
        QVERIFY(scene.start().ok());
        const auto deposit = scene.makeDeposit();
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, deposit).has_value());
        const auto receipt = awaitReceipt(scene);
        QVERIFY(receipt.has_value());
        const auto contract = scene.contract(*receipt);
        const wire::KeyReadyRequest readyRequest{contract, scene.ready(contract)};
        QVERIFY(scene.reply<wire::KeyReadyReply>(scene.coordinator, readyRequest).has_value());
        const auto proof = scene.proof(contract);
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, proof).has_value());
        QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
        const auto box1 = scene.fetch(1, scene.ready(contract).contract)->box;
        scene.server.reset();
        for (const auto& disk : {scene.first, scene.second, scene.state}) disk->afterAppend = nullptr;
        QVERIFY(pictures.size() >= 10);

        for (const Picture& p : pictures) {
            scene.first->records = p.first;
            scene.second->records = p.second;
            scene.state->records = p.state;
            scene.folder = std::make_unique<QTemporaryDir>();
            for (const auto& [name, bytes] : p.keys) {
                QFile file(scene.folder->filePath(name));
                QVERIFY(file.open(QIODevice::WriteOnly));
                file.write(bytes);
            }
            scene.outside = std::make_shared<test::FakeCoordinator>();
            QVERIFY(scene.start().ok());
            // The seller's app asks again until it is answered.
            auto repeated = scene.makeDeposit();
            if (p.state.size() > 1) repeated = deposit;
            QVERIFY(scene.reply<wire::Accepted>(scene.seller, repeated).has_value());
            QTRY_VERIFY(QDir(scene.folder->path()).isEmpty());

            if (!p.first.empty()) { // from here on R4 is what it was
                QVERIFY(scene.reply<wire::KeyReadyReply>(scene.coordinator, readyRequest).has_value());
                QVERIFY(scene.reply<wire::Accepted>(scene.buyer, proof).has_value());
                const auto part1 = scene.fetch(1, readyRequest.ready.contract);
                const auto part2 = scene.fetch(2, readyRequest.ready.contract);
                QVERIFY(part1 && part2);
                const auto p1 = wire::openKeyPart1(scene.buyer, part1->box, part1->note.contract);
                const auto p2 = wire::openKeyPart2(scene.buyer, part2->box, part2->note.contract);
                QVERIFY(p1 && p2 && opens(scene, p1->c1, p1->fingerprintPart, *p2));
                const bool boxed =
                    p.state.size() >= 9; // terms, deposit, wrap, command, its answer or not, contract ...
                if (boxed && holds(test::MemoryRecords{p.state, false, {}}, box1)) QVERIFY(part1->box == box1);
            }
            scene.server.reset(); // the records are the server's own while it runs
            QCOMPARE(scene.first->records.size(), std::size_t{1});
            QCOMPARE(scene.second->records.size(), std::size_t{1}); // never a second P2
            if (!p.second.empty()) QVERIFY(scene.second->records == p.second);
        }
    }

    void refusesToStartWithoutAPartThatItSignedFor() {
        Scene scene;
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        QVERIFY(awaitReceipt(scene).has_value());
        scene.server.reset();
        const auto kept = std::exchange(scene.second->records, {});
        QVERIFY(!scene.start().ok());
        scene.second->records = {{0xff}};
        const auto damaged = scene.start();
        QVERIFY(!damaged.ok() && damaged.error().error == ports::StoreError::Damaged);
        scene.second->records = kept;
        QVERIFY(scene.start().ok());
    }

    // --- B9 --------------------------------------------------------------------------------------------------------

    void refusesToSayReadyForAnotherContract() {
        Scene scene;
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit()).has_value());
        const auto receipt = awaitReceipt(scene);
        QVERIFY(receipt.has_value());
        const auto good = scene.contract(*receipt);
        const auto problem = [&](const keys::Identity& who, const engine::Contract& contract, engine::KeyReady ready) {
            return named(scene.problem(who, wire::KeyReadyRequest{contract, ready}));
        };
        QCOMPARE(problem(scene.buyer, good, scene.ready(good)), named(FrameProblem::ContractWrong));
        QCOMPARE(problem(scene.coordinator, good, {Hash{}, 1}), named(FrameProblem::ContractWrong));
        auto unsignedByBuyer = good;
        unsignedByBuyer.buyerSignature = scene.accept(scene.stranger);
        QCOMPARE(problem(scene.coordinator, unsignedByBuyer, scene.ready(unsignedByBuyer)),
                 named(FrameProblem::SignatureInvalid));
        auto unsignedBySeller = good;
        unsignedBySeller.sellerSignature = scene.accept(scene.stranger);
        QCOMPARE(problem(scene.coordinator, unsignedBySeller, scene.ready(unsignedBySeller)),
                 named(FrameProblem::SignatureInvalid));
        auto otherReceipt = good;
        otherReceipt.keyReceipt.body.commitment2 = Hash{};
        otherReceipt.keyReceipt.signature = scene.stranger.sign("r4", otherReceipt.keyReceipt.body);
        QCOMPARE(problem(scene.coordinator, otherReceipt, scene.ready(otherReceipt)),
                 named(FrameProblem::ContractWrong));
        auto otherTerms = good;
        otherTerms.terms.price.value = 1;
        QCOMPARE(problem(scene.coordinator, otherTerms, scene.ready(otherTerms)), named(FrameProblem::NotFound));

        const auto reply =
            scene.reply<wire::KeyReadyReply>(scene.coordinator, wire::KeyReadyRequest{good, scene.ready(good)});
        QVERIFY(reply.has_value());
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "key-ready", scene.ready(good), reply->signature));
    }

    // --- B12 and B13 -----------------------------------------------------------------------------------------------

    void releasesNothingWithoutProof_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        const auto row = [](const char* name, int what, FrameProblem problem) {
            QTest::newRow(name) << what << static_cast<int>(problem);
        };
        row("no signature of the coordinator", 0, FrameProblem::NotPaid);
        row("R10 by another key", 1, FrameProblem::NotPaid);
        row("R10 by the seller", 2, FrameProblem::NotPaid);
        row("R10 for another contract", 3, FrameProblem::ContractWrong);
        row("R10 of another delivery", 4, FrameProblem::NotPaid);
        row("R10 of another key-ready", 5, FrameProblem::NotPaid);
        row("R10 without a ledger entry", 6, FrameProblem::NotPaid);
        row("R8 not by the buyer", 7, FrameProblem::NotPaid);
        row("R8 of another file", 8, FrameProblem::ContractWrong);
        row("R9 that was never given", 9, FrameProblem::NotPaid);
        row("an unknown contract", 10, FrameProblem::ContractWrong);
        row("another sale", 11, FrameProblem::ContractWrong);
    }
    void releasesNothingWithoutProof() {
        QFETCH(int, what);
        QFETCH(int, problem);
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        auto proof = scene.proof(*contract);
        if (what == 0) proof.payoutSignature = Signature{};
        if (what == 1) proof.payoutSignature = scene.stranger.sign("r10", proof.payout);
        if (what == 2) proof.payoutSignature = scene.seller.sign("r10", proof.payout);
        if (what == 3) proof.payout.contract = Hash{};
        if (what == 4) proof.payout.deliveryReceipt = Hash{};
        if (what == 5) proof.payout.keyReady = Hash{};
        if (what == 6) proof.payout.entry = {};
        if (what >= 3 && what <= 6) proof.payoutSignature = scene.coordinator.sign("r10", proof.payout);
        if (what == 7) proof.deliverySignature = scene.stranger.sign("r8", proof.delivery);
        if (what == 8) proof.delivery.sealedRoot = Hash{};
        if (what == 9) proof.keyReady.challenge = 2;
        if (what == 10) proof.delivery.contract = proof.keyReady.contract = proof.payout.contract = Hash{};
        if (what >= 8 && what <= 10) scene.sign(proof);
        if (what == 11) proof.sale = {8};
        QCOMPARE(named(scene.problem(scene.coordinator, proof)), named(static_cast<FrameProblem>(problem)));
        const Hash k = scene.ready(*contract).contract;
        QVERIFY(!scene.fetch(1, k) && !scene.fetch(2, k));
        QVERIFY(scene.outside->accepted<engine::SendPart>().empty());
    }

    void releasesOnProofFromAnybody() {
        for (const int who : {0, 1, 2}) {
            Scene scene;
            QVERIFY(scene.start().ok());
            const auto contract = upToReady(scene);
            QVERIFY(contract.has_value());
            const keys::Identity* bearers[] = {&scene.coordinator, &scene.buyer, &scene.seller};
            QVERIFY(scene.reply<wire::Accepted>(*bearers[who], scene.proof(*contract)).has_value());
            QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
        }
    }

    void eitherChannelAloneOpensNothing() {
        Scene scene(200'000);
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const Hash k = scene.ready(*contract).contract;
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(*contract)).has_value());
        QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});

        // Channel 1: everything that goes through the coordinator. Channel 2: what the endpoint hands out.
        const auto notices = scene.outside->accepted<engine::SendPart>();
        QCOMPARE(int(notices[0].note.part), 1);
        QCOMPARE(int(notices[1].note.part), 2);
        QVERIFY(notices[1].box.empty());
        const auto endpoint = scene.fetch(2, k);
        QVERIFY(endpoint.has_value());
        for (const auto& notice : notices)
            QVERIFY(crypto::verify(scene.serverIdentity.key(), "key-part", notice.note, notice.signature));
        QVERIFY(endpoint->note.partHash == notices[1].note.partHash);
        QVERIFY(notices[0].note.partHash == wire::partHash(notices[0].box));

        const auto part1 = wire::openKeyPart1(scene.buyer, notices[0].box, k);
        const auto part2 = wire::openKeyPart2(scene.buyer, endpoint->box, k);
        QVERIFY(part1 && part2);
        QVERIFY(!wire::openKeyPart1(scene.coordinator, notices[0].box, k));

        // Channel 1, opened with the buyer's own key: neither password is in it, nor anything that opens the file.
        const auto plain1 = scene.buyer.openBox(notices[0].box).value();
        const Bytes bytes1 = bytesOf(plain1.view());
        QVERIFY(!holds(bytes1, scene.edition.secrets.firstPassword.view()));
        QVERIFY(!holds(bytes1, part2->view()));
        for (std::size_t at = 0; at + keys::kSecondPasswordSize <= bytes1.size(); ++at) {
            const auto guess = SecretBytes::copyOf(ByteView(bytes1).subspan(at, keys::kSecondPasswordSize));
            QVERIFY(!opens(scene, part1->c1, part1->fingerprintPart, guess));
        }
        // Channel 2 alone: no wrapped password at all.
        const auto plain2 = scene.buyer.openBox(endpoint->box).value();
        QVERIFY(!holds(bytesOf(plain2.view()), scene.edition.secrets.firstPassword.view()));
        QVERIFY(!holds(bytesOf(plain2.view()), part1->c1));
        QVERIFY(!holds(bytesOf(plain2.view()), part1->fingerprintPart.view()));
        // Both: the file.
        QVERIFY(opens(scene, part1->c1, part1->fingerprintPart, *part2));
    }

    void eitherDatabaseAloneHoldsNoPassword() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(*contract)).has_value());
        const Hash k = scene.ready(*contract).contract;
        const auto p2 = wire::openKeyPart2(scene.buyer, scene.fetch(2, k)->box, k);
        QVERIFY(p2.ok());
        scene.server.reset(); // its thread may still be writing
        for (const auto& disk : {scene.first, scene.second, scene.state}) {
            QVERIFY(!holds(*disk, scene.edition.secrets.firstPassword.view()));
            QVERIFY(!holds(*disk, scene.edition.secrets.plainSalt.view()));
            QVERIFY(!holds(*disk, p2->view()));
        }
        QVERIFY(holds(*scene.first, scene.fingerprintPart.view()));
        QVERIFY(!holds(*scene.second, scene.fingerprintPart.view()));
        QVERIFY(!holds(*scene.state, scene.fingerprintPart.view()));
    }

    void givesPartsToTheBuyerForEver() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const Hash k = scene.ready(*contract).contract;
        const auto proof = scene.proof(*contract);
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, proof).has_value());
        const auto part1 = scene.fetch(1, k);
        const auto part2 = scene.fetch(2, k);
        QVERIFY(part1 && part2);
        QVERIFY(scene.reply<wire::Accepted>(scene.seller, proof).has_value()); // again: no effect
        QVERIFY(scene.start().ok());
        QVERIFY(scene.fetch(1, k)->box == part1->box);
        QVERIFY(scene.fetch(2, k)->box == part2->box);
        QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
    }

    void givesPartsToNobodyElse() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        const Hash k = scene.ready(*contract).contract;
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(*contract)).has_value());
        const auto note = [&](std::uint8_t part) {
            const auto challenge = scene.reply<wire::Challenge>(scene.buyer, wire::ChallengeRequest{});
            return wire::FetchNote{scene.serverIdentity.key(), k, part, challenge->nonce};
        };
        const auto problem = [&](const keys::Identity& who, const wire::FetchNote& n, const keys::Identity& signer) {
            return named(scene.problem(who, wire::FetchPart{n, signer.sign("auth", n)}));
        };
        const auto invalid = named(FrameProblem::SignatureInvalid);
        QCOMPARE(problem(scene.buyer, note(2), scene.seller), invalid);
        auto forAnother = note(2);
        forAnother.server = scene.stranger.key(); // relayed from another server
        QCOMPARE(problem(scene.buyer, forAnother, scene.buyer), named(FrameProblem::WrongServer));
        auto invented = note(2);
        invented.nonce = Hash{};
        QCOMPARE(problem(scene.buyer, invented, scene.buyer), invalid);
        QCOMPARE(problem(scene.stranger, note(2), scene.buyer), invalid); // a nonce of another link
        QCOMPARE(problem(scene.buyer, note(3), scene.buyer), named(FrameProblem::NotFound));
        auto unknown = note(1);
        unknown.contract = Hash{};
        QCOMPARE(problem(scene.buyer, unknown, scene.buyer), named(FrameProblem::NotFound));
        const auto once = note(2);
        const wire::FetchPart fetch{once, scene.buyer.sign("auth", once)};
        QVERIFY(scene.reply<wire::KeyPart>(scene.buyer, fetch).has_value());
        QCOMPARE(named(scene.problem(scene.buyer, fetch)), invalid); // a nonce serves once
    }

    void sendsTheFirstPartFirstAlsoAfterRefusals() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto contract = upToReady(scene);
        QVERIFY(contract.has_value());
        scene.outside->stumble(1, 2, {engine::Refused::SaleWrongState, 0, "Escrowed"});
        QVERIFY(scene.reply<wire::Accepted>(scene.coordinator, scene.proof(*contract)).has_value());
        QTRY_COMPARE(scene.outside->accepted<engine::SendPart>().size(), std::size_t{2});
        QCOMPARE(int(scene.outside->accepted<engine::SendPart>()[0].note.part), 1);
        QCOMPARE(int(scene.outside->accepted<engine::SendPart>()[1].note.part), 2);
    }

    // --- links -----------------------------------------------------------------------------------------------------

    void saysBusyWhenTheQueueIsFull() {
        Scene scene;
        QVERIFY(scene.start(true, 4).ok());
        const auto link = scene.server->connect(scene.buyer.key());
        std::promise<void> hold;
        std::promise<void> held;
        const wire::Request request = wire::ChallengeRequest{};
        link->request(encodeCbor(request), [&](auto) {
            held.set_value();
            hold.get_future().wait();
        });
        held.get_future().wait();
        const auto other = scene.server->connect(scene.seller.key());
        std::atomic<int> answered{0};
        std::atomic<int> busy{0};
        for (int i = 0; i < 10; ++i) {
            other->request(encodeCbor(request), [&](auto answer) {
                ++answered;
                if (!answer && answer.error() == ports::LinkError::Busy) ++busy;
            });
        }
        QCOMPARE(busy.load(), 6);
        hold.set_value();
        QTRY_COMPARE(answered.load(), 10);
    }

    void aLinkMayOutliveTheServer() {
        Scene scene;
        QVERIFY(scene.start().ok());
        const auto link = scene.server->connect(scene.buyer.key());
        scene.server.reset();
        std::promise<ports::LinkError> answered;
        const wire::Request request = wire::ChallengeRequest{};
        link->request(encodeCbor(request), [&](auto answer) { answered.set_value(answer.error()); });
        QVERIFY(answered.get_future().get() == ports::LinkError::Closed);
        std::promise<ports::LinkError> tooLarge;
        QVERIFY(scene.start().ok());
        scene.server->connect(scene.buyer.key())->request(Bytes(2u << 20), [&](auto answer) {
            tooLarge.set_value(answer.error());
        });
        QVERIFY(tooLarge.get_future().get() == ports::LinkError::TooLarge);
    }
};

QTEST_GUILESS_MAIN(TestKeyServer)
#include "tst_keyserver.moc"
