// What the key server finds out about a sealed file, and when: the header at the deposit, the whole file at B4 (in
// tst_keyserver), some portions at B9 and for the joint spot check; and whose doing it says a fault is.
#include "core/crypto/Kdf.h"
#include "core/crypto/Merkle.h"
#include "tests/core/keyserver/Scene.h"

#include <QTest>

using namespace tallylock;
using test::named;
using test::Scene;
using wire::Blame;
using wire::FrameProblem;

namespace {

std::optional<engine::KeyReceipt> upToReceipt(Scene& scene) {
    if (!scene.reply<wire::Accepted>(scene.seller, scene.makeDeposit())) return std::nullopt;
    const auto mine = [&]() -> std::optional<engine::KeyReceipt> {
        for (const auto& wrapped : scene.outside->accepted<engine::WrapKey>())
            if (wrapped.receipt.body.terms == scene.t()) return wrapped.receipt;
        return std::nullopt;
    };
    if (!QTest::qWaitFor([&] { return mine().has_value(); }, 60'000)) return std::nullopt;
    return mine();
}

wire::KeyReadyRequest readyRequest(Scene& scene, const engine::KeyReceipt& receipt) {
    const auto contract = scene.contract(receipt);
    return {contract, scene.ready(contract)};
}

/// Two hundred portions, so a budget of two; made once.
Scene& bigScene() {
    static Scene scene(200 * asset::kPortionSize + 5000);
    scene.forget();
    return scene;
}

Hash nonceNumber(std::uint8_t number) {
    Hash nonce;
    nonce.bytes.fill(number);
    return nonce;
}
wire::SpotCommit commitOf(Scene& scene, const Hash& nonce, std::uint32_t wanted = 2) {
    const wire::SpotCommitNote note{scene.serverIdentity.key(), scene.t(), wire::spotCommitment(scene.t(), nonce),
                                    wanted};
    return {note, scene.buyer.sign("spot-commit", note)};
}
std::vector<std::uint64_t> indicesOf(const wire::SpotAttest& attest) {
    std::vector<std::uint64_t> indices;
    for (const wire::SpotSample& sample : attest.note.samples) indices.push_back(sample.index);
    return indices;
}
std::optional<wire::SpotAttest> wholeCheck(Scene& scene, const Hash& nonce, std::uint32_t wanted = 2) {
    if (!scene.reply<wire::SpotNonce>(scene.buyer, commitOf(scene, nonce, wanted))) return std::nullopt;
    return scene.reply<wire::SpotAttest>(scene.buyer, wire::SpotReveal{scene.t(), nonce});
}
ByteView plainPortion(const Scene& scene, std::uint64_t index) {
    const std::size_t at = static_cast<std::size_t>(index) * asset::kPortionSize;
    return ByteView(scene.plain).subspan(at, std::min(asset::kPortionSize, scene.plain.size() - at));
}
bool holds(const test::MemoryRecords& disk, ByteView needle) {
    return std::any_of(disk.records.begin(), disk.records.end(), [&](const Bytes& record) {
        return std::search(record.begin(), record.end(), needle.begin(), needle.end()) != record.end();
    });
}

} // namespace

class TestKeyChecks : public QObject {
    Q_OBJECT
private slots:
    // --- the header, at the deposit --------------------------------------------------------------------------------

    void refusesAWrongHeaderAtOnce_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        QTest::addColumn<int>("blame");
        const auto row = [](const char* name, int what, FrameProblem problem, Blame blame) {
            QTest::newRow(name) << what << static_cast<int>(problem) << static_cast<int>(blame);
        };
        row("P1 of another recipient", 0, FrameProblem::PasswordWrong, Blame::Seller);
        row("two stanzas, sealed so", 1, FrameProblem::RecipientsWrong, Blame::Seller);
        row("a MAC that does not match, sealed so", 2, FrameProblem::HeaderForged, Blame::Seller);
        row("a MAC that does not match, from the store", 3, FrameProblem::StoredFileAltered, Blame::FileStore);
        row("no sealed file at all", 4, FrameProblem::SealedFileWrong, Blame::Seller);
    }
    void refusesAWrongHeaderAtOnce() {
        QFETCH(int, what);
        QFETCH(int, problem);
        QFETCH(int, blame);
        Scene scene;
        if (what == 0) scene.edition.secrets.firstPassword.data()[0] ^= 8;
        Bytes stored = scene.sealed;
        const std::string text = textOf(stored);
        const std::size_t mac = text.find("\n--- ") + 8;
        if (what == 1) {
            std::string two = text;
            two.insert(two.find("-> "), "-> grease\n\n");
            stored = bytesOf(two);
        }
        if (what == 2 || what == 3) stored[mac] = stored[mac] == 'A' ? 'B' : 'A';
        if (what == 4) std::fill(stored.begin(), stored.end(), std::uint8_t{'x'});
        if (what == 1 || what == 2) { // what the seller's root names
            scene.terms.sealedRoot = crypto::merkleLeaf(stored);
            scene.terms.sealedSize = stored.size();
        }
        scene.files.put(scene.terms.sealedRoot, stored);
        QVERIFY(scene.start().ok());
        const auto refused = scene.problem(scene.seller, scene.makeDeposit());
        QCOMPARE(named(refused), named(static_cast<FrameProblem>(problem)));
        QCOMPARE(static_cast<int>(wire::blameOf(refused)), blame);
        QVERIFY(scene.start().ok());
        QVERIFY(scene.outside->taken().empty());
        QVERIFY(scene.first->records.empty() && scene.second->records.empty());
    }

    // --- some portions, before "key ready" -------------------------------------------------------------------------

    void keyReadyMeansIt_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        QTest::addColumn<int>("blame");
        const auto row = [](const char* name, int what, FrameProblem problem, Blame blame) {
            QTest::newRow(name) << what << static_cast<int>(problem) << static_cast<int>(blame);
        };
        row("content altered in the store", 0, FrameProblem::StoredFileAltered, Blame::FileStore);
        row("header altered in the store", 1, FrameProblem::StoredFileAltered, Blame::FileStore);
        row("cut in the store", 2, FrameProblem::StoredFileAltered, Blame::FileStore);
        row("gone from the store", 3, FrameProblem::SealedFileMissing, Blame::FileStore);
        row("C1 damaged", 4, FrameProblem::PartDamaged, Blame::KeyServer);
        row("P2 damaged", 5, FrameProblem::PartDamaged, Blame::KeyServer);
    }
    void keyReadyMeansIt() {
        QFETCH(int, what);
        QFETCH(int, problem);
        QFETCH(int, blame);
        Scene scene(3 * asset::kPortionSize);
        QVERIFY(scene.start().ok());
        const auto receipt = upToReceipt(scene);
        QVERIFY(receipt.has_value());
        const Hash root = scene.terms.sealedRoot;
        const Bytes first = scene.first->records.front();
        const Bytes second = scene.second->records.front();
        if (what == 0) scene.files.flip(root, scene.sealed.size() / 2);
        if (what == 1) scene.files.flip(root, 60);
        if (what == 2) scene.files.put(root, bytesOf(ByteView(scene.sealed).first(scene.sealed.size() - 1)));
        if (what == 3) scene.files.remove(root);
        if (what == 4) scene.first->records.front()[60] ^= 1;
        if (what == 5) scene.second->records.front()[60] ^= 1;
        const auto request = readyRequest(scene, *receipt);
        const auto refused = scene.problem(scene.coordinator, request);
        QCOMPARE(named(refused), named(static_cast<FrameProblem>(problem)));
        QCOMPARE(static_cast<int>(wire::blameOf(refused)), blame);
        const auto proof = scene.proof(request.contract);
        QVERIFY(!scene.reply<wire::Accepted>(scene.coordinator, proof)); // R9 was never given
        // Whole again: ready.
        scene.files.put(root, scene.sealed);
        scene.first->records.front() = first;
        scene.second->records.front() = second;
        const auto reply = scene.reply<wire::KeyReadyReply>(scene.coordinator, request);
        QVERIFY(reply.has_value());
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "key-ready", request.ready, reply->signature));
    }

    // --- the joint spot check --------------------------------------------------------------------------------------

    void opensWhatBothHaveDrawn() {
        Scene& scene = bigScene();
        QVERIFY(scene.start().ok());
        QVERIFY(upToReceipt(scene).has_value());
        const Hash mine = nonceNumber(9);
        const auto commit = commitOf(scene, mine);
        const auto nonce = scene.reply<wire::SpotNonce>(scene.buyer, commit);
        QVERIFY(nonce.has_value());
        QVERIFY(crypto::verify(scene.serverIdentity.key(), "spot-nonce", nonce->note, nonce->signature));
        QVERIFY(nonce->note.opened.empty() && nonce->note.commitment == commit.note.commitment);
        QCOMPARE(nonce->note.portionCount, std::uint64_t{201});
        // A crash after each step: the same answer.
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::SpotNonce>(scene.buyer, commit)->signature == nonce->signature);
        const wire::SpotReveal reveal{scene.t(), mine};
        const auto attest = scene.reply<wire::SpotAttest>(scene.buyer, reveal);
        QVERIFY(attest.has_value());
        QVERIFY(scene.start().ok());
        QVERIFY(scene.reply<wire::SpotAttest>(scene.buyer, reveal)->signature == attest->signature);
        QVERIFY(scene.reply<wire::SpotNonce>(scene.buyer, commit)->signature == nonce->signature);

        QVERIFY(crypto::verify(scene.serverIdentity.key(), "spot-check", attest->note, attest->signature));
        const Hash seed = wire::spotSeed(scene.t(), commit.note.commitment, mine, nonce->note.nonce);
        QVERIFY(indicesOf(*attest) == wire::drawSpot(seed, 201, 2, {}).fresh);
        for (const wire::SpotSample& sample : attest->note.samples) {
            const auto portion = scene.reply<wire::SpotPortion>(scene.buyer, wire::SpotOpen{scene.t(), sample.index});
            QVERIFY(portion.has_value());
            QVERIFY(portion->plain == bytesOf(plainPortion(scene, sample.index)));
            QVERIFY(
                asset::verifyPlainPortion(portion->plain, sample.salt, portion->plainProof, 201, scene.terms.plainRoot)
                    .ok());
            QVERIFY(asset::verifyLeaf(sample.sealedLeaf, portion->sealedProof, 201, scene.terms.sealedRoot).ok());
            QVERIFY(encodeCbor(wire::Answer(*portion)).size() <= wire::kMaxAnswerSize);
            // Nothing of the content, and no secret, in any journal.
            for (const auto& disk : {scene.first, scene.second, scene.state}) {
                QVERIFY(!holds(*disk, plainPortion(scene, sample.index).first(32)));
                QVERIFY(!holds(*disk, scene.edition.secrets.plainSalt.view()));
                QVERIFY(!holds(*disk, scene.edition.secrets.firstPassword.view()));
            }
        }
    }

    void givesNothingElse() {
        Scene& scene = bigScene();
        QVERIFY(scene.start().ok());
        const Hash mine = nonceNumber(9);
        const auto problem = [&](const keys::Identity& who, const wire::Request& request) {
            return named(scene.problem(who, request));
        };
        // Before B4 there is nothing to ask.
        QCOMPARE(problem(scene.buyer, commitOf(scene, mine)), named(FrameProblem::NotFound));
        QVERIFY(scene.reply<wire::DepositKeyReply>(scene.seller, scene.keyRequest()).has_value());
        QCOMPARE(problem(scene.buyer, commitOf(scene, mine)), named(FrameProblem::SpotTooEarly));
        QCOMPARE(problem(scene.buyer, wire::SpotReveal{scene.t(), mine}), named(FrameProblem::SpotTooEarly));
        const auto receipt = upToReceipt(scene);
        QVERIFY(receipt.has_value());

        const auto commit = commitOf(scene, mine);
        for (const keys::Identity* other : {&scene.stranger, &scene.seller, &scene.coordinator}) {
            QCOMPARE(problem(*other, commit), named(FrameProblem::SpotNotYours));
            auto own = commit;
            own.signature = other->sign("spot-commit", own.note);
            QCOMPARE(problem(*other, own), named(FrameProblem::SpotNotYours));
            QCOMPARE(problem(scene.buyer, own), named(FrameProblem::SignatureInvalid));
        }
        QCOMPARE(problem(scene.buyer, commitOf(scene, mine, 0)), named(FrameProblem::Malformed));
        QCOMPARE(problem(scene.buyer, commitOf(scene, mine, 17)), named(FrameProblem::Malformed));
        auto relayed = commit;
        relayed.note.server = scene.stranger.key();
        relayed.signature = scene.buyer.sign("spot-commit", relayed.note);
        QCOMPARE(problem(scene.buyer, relayed), named(FrameProblem::WrongServer));
        QCOMPARE(problem(scene.buyer, wire::SpotReveal{scene.t(), mine}), named(FrameProblem::SpotTooEarly));
        QCOMPARE(problem(scene.buyer, wire::SpotOpen{scene.t(), 0}), named(FrameProblem::SpotNotDrawn));

        QVERIFY(scene.reply<wire::SpotNonce>(scene.buyer, commit).has_value());
        // Trying another nonce after having seen theirs would be choosing.
        QCOMPARE(problem(scene.buyer, commitOf(scene, nonceNumber(10))), named(FrameProblem::SpotDiffers));
        QCOMPARE(problem(scene.buyer, commitOf(scene, mine, 1)), named(FrameProblem::SpotDiffers));
        QCOMPARE(problem(scene.buyer, wire::SpotReveal{scene.t(), nonceNumber(10)}),
                 named(FrameProblem::SpotNonceWrong));
        QCOMPARE(problem(scene.stranger, wire::SpotReveal{scene.t(), mine}), named(FrameProblem::SpotNotYours));

        // A full disk: nothing is drawn, and nothing is lost of the budget.
        scene.state->full = true;
        QCOMPARE(problem(scene.buyer, wire::SpotReveal{scene.t(), mine}), named(FrameProblem::Internal));
        scene.state->full = false;
        QCOMPARE(problem(scene.buyer, wire::SpotOpen{scene.t(), 0}), named(FrameProblem::SpotNotDrawn));
        const auto attest = scene.reply<wire::SpotAttest>(scene.buyer, wire::SpotReveal{scene.t(), mine});
        QVERIFY(attest.has_value());
        const auto indices = indicesOf(*attest);
        QCOMPARE(indices.size(), std::size_t{2});
        for (std::uint64_t index = 0; index < 203; ++index) {
            if (std::ranges::find(indices, index) != indices.end()) continue;
            QCOMPARE(problem(scene.buyer, wire::SpotOpen{scene.t(), index}), named(FrameProblem::SpotNotDrawn));
        }
        QCOMPARE(problem(scene.seller, wire::SpotOpen{scene.t(), indices[0]}), named(FrameProblem::SpotNotYours));
        // From B9 on the money has moved.
        QVERIFY(scene.reply<wire::KeyReadyReply>(scene.coordinator, readyRequest(scene, *receipt)).has_value());
        QCOMPARE(problem(scene.buyer, commit), named(FrameProblem::SpotTooLate));
        QCOMPARE(problem(scene.buyer, wire::SpotReveal{scene.t(), mine}), named(FrameProblem::SpotTooLate));
        QCOMPARE(problem(scene.buyer, wire::SpotOpen{scene.t(), indices[0]}), named(FrameProblem::SpotTooLate));
    }

    /// One budget for all editions and buyers of an asset, for ever.
    void theBudgetIsForLife() {
        Scene& scene = bigScene();
        QVERIFY(scene.start().ok());
        QVERIFY(upToReceipt(scene).has_value());
        const engine::Terms firstTerms = scene.terms;
        const auto one = wholeCheck(scene, nonceNumber(1), 1);
        QVERIFY(one.has_value());
        QCOMPARE(one->note.samples.size(), std::size_t{1});
        // Another buyer wants more: the same portion, and what the budget of two still allows.
        scene.terms = scene.someTerms();
        QVERIFY(upToReceipt(scene).has_value());
        const auto two = wholeCheck(scene, nonceNumber(2), 16);
        QVERIFY(two.has_value());
        const auto both = indicesOf(*two);
        QCOMPARE(both.size(), std::size_t{2});
        QVERIFY(std::ranges::find(both, one->note.samples[0].index) != both.end());
        // After a restart, a third: exhausted, so the same ones.
        QVERIFY(scene.start().ok());
        scene.terms = scene.someTerms();
        QVERIFY(upToReceipt(scene).has_value());
        const auto nonce = scene.reply<wire::SpotNonce>(scene.buyer, commitOf(scene, nonceNumber(3), 16));
        QVERIFY(nonce && nonce->note.opened == both);
        const auto three = wholeCheck(scene, nonceNumber(3), 16);
        QVERIFY(three && indicesOf(*three) == both);
        // The first buyer's answer stands.
        scene.terms = firstTerms;
        QVERIFY(wholeCheck(scene, nonceNumber(1), 1)->signature == one->signature);
    }

    /// Two at once: whoever reveals second has to commit again, so that the budget is not drawn on twice.
    void aCommitmentMayBeOvertaken() {
        Scene& scene = bigScene();
        QVERIFY(scene.start().ok());
        QVERIFY(upToReceipt(scene).has_value());
        const engine::Terms slow = scene.terms;
        QVERIFY(scene.reply<wire::SpotNonce>(scene.buyer, commitOf(scene, nonceNumber(1), 2)).has_value());
        scene.terms = scene.someTerms();
        QVERIFY(upToReceipt(scene).has_value());
        const auto quick = wholeCheck(scene, nonceNumber(2), 2);
        QVERIFY(quick.has_value());
        scene.terms = slow;
        QVERIFY(scene.start().ok());
        const auto outdated = named(FrameProblem::SpotOutdated);
        QCOMPARE(named(scene.problem(scene.buyer, wire::SpotReveal{scene.t(), nonceNumber(1)})), outdated);
        QCOMPARE(named(scene.problem(scene.buyer, commitOf(scene, nonceNumber(1), 2))), outdated);
        const auto again = wholeCheck(scene, nonceNumber(3), 2);
        QVERIFY(again && indicesOf(*again) == indicesOf(*quick));
    }

    void smallFilesHaveNone() {
        Scene scene(3 * asset::kPortionSize);
        QVERIFY(scene.start().ok());
        QVERIFY(upToReceipt(scene).has_value());
        QCOMPARE(named(scene.problem(scene.buyer, commitOf(scene, nonceNumber(1)))), named(FrameProblem::SpotTooSmall));
    }

    void saysWhenTheStoreHasChanged() {
        Scene& scene = bigScene();
        QVERIFY(scene.start().ok());
        QVERIFY(upToReceipt(scene).has_value());
        const auto attest = wholeCheck(scene, nonceNumber(5));
        QVERIFY(attest.has_value());
        const std::uint64_t index = attest->note.samples[1].index;
        const std::size_t at =
            (static_cast<std::size_t>(index) * asset::kSealedPortionSize) + 1'000; // the last is short
        scene.files.flip(scene.terms.sealedRoot, at);
        const wire::SpotReveal reveal{scene.t(), nonceNumber(5)};
        const auto altered = scene.problem(scene.buyer, reveal);
        const auto opened = scene.problem(scene.buyer, wire::SpotOpen{scene.t(), index});
        scene.files.flip(scene.terms.sealedRoot, at);
        QCOMPARE(named(altered), named(FrameProblem::StoredFileAltered));
        QCOMPARE(named(opened), named(FrameProblem::StoredFileAltered));
        QVERIFY(scene.reply<wire::SpotAttest>(scene.buyer, reveal)->signature == attest->signature);
    }
};

QTEST_GUILESS_MAIN(TestKeyChecks)
#include "tst_key_checks.moc"
