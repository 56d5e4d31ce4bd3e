// What a key server could say in a spot check that is not so: the buyer notices each.
#include "core/asset/Edition.h"
#include "core/crypto/Merkle.h"
#include "core/party/SpotChecks.h"
#include "tests/core/party/SaleStory.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::party;

namespace {

/// An asset of 1000 portions without the file: leaves that are made up, save those of the portions that are shown.
struct Spot {
    keys::Identity buyer = party::test::person(2);
    keys::Identity keyServer = party::test::person(4);
    SecretBytes salt = SecretBytes::copyOf(Bytes(32, 7));
    std::vector<Hash> plainLeaves;
    std::vector<Hash> sealedLeaves;
    SpotSubject subject;
    wire::SpotCommitNote commit;
    Hash nonce;
    wire::SpotNonce serverNonce;
    wire::SpotAttest attest;

    Spot() {
        for (std::uint64_t i = 0; i < 1000; ++i) {
            plainLeaves.push_back(asset::plainLeaf(asset::portionSalt(salt, i), plain(i)));
            sealedLeaves.push_back(asset::sealedLeaf(plain(i + 5000)));
        }
        subject.terms = crypto::sha256(bytesOf("terms"));
        subject.plainRoot = crypto::merkleRoot(plainLeaves);
        subject.sealedRoot = crypto::merkleRoot(sealedLeaves);
        subject.portionCount = 1000;
        subject.keyServer = keyServer.key();
        nonce = spotNonce(buyer.vaultKey(), subject.terms, 0);
        commit = {keyServer.key(), subject.terms, wire::spotCommitment(subject.terms, nonce), 8};
        serverNonce.note = {subject.terms, commit.commitment, crypto::sha256(bytesOf("server")), 1000, {3, 500}};
        sign(serverNonce);
        const Hash seed = wire::spotSeed(subject.terms, commit.commitment, nonce, serverNonce.note.nonce);
        const auto draw = wire::drawSpot(seed, 1000, 8, {3, 500});
        attest.note = {subject.terms, commit.commitment, nonce, serverNonce.note.nonce, {}};
        std::vector<std::uint64_t> all = draw.again;
        all.insert(all.end(), draw.fresh.begin(), draw.fresh.end());
        std::sort(all.begin(), all.end());
        for (const std::uint64_t index : all) attest.note.samples.push_back(sample(index));
        sign(attest);
    }
    static Bytes plain(std::uint64_t index) { return bytesOf("portion " + std::to_string(index)); }
    wire::SpotSample sample(std::uint64_t index) const {
        return {index, asset::portionSalt(salt, index), plainLeaves[index], sealedLeaves[index]};
    }
    wire::SpotPortion portion(std::uint64_t index) const {
        return {plain(index), asset::proveLeaf(plainLeaves, index), asset::proveLeaf(sealedLeaves, index)};
    }
    void sign(wire::SpotNonce& one) const { one.signature = keyServer.sign("spot-nonce", one.note); }
    void sign(wire::SpotAttest& one) const { one.signature = keyServer.sign("spot-check", one.note); }
    std::string nonceFault(wire::SpotNonce changed, bool signAgain = true) const {
        if (signAgain) sign(changed);
        const auto check = checkSpotNonce(subject, commit, changed);
        return check ? "" : check.error().detail;
    }
    std::string attestFault(wire::SpotAttest changed, bool signAgain = true) const {
        if (signAgain) sign(changed);
        const auto check = checkSpotAttest(subject, commit, nonce, serverNonce.note, changed);
        return check ? "" : check.error().detail;
    }
    std::string portionFault(const wire::SpotSample& about, const wire::SpotPortion& changed) const {
        const auto check = checkSpotPortion(subject, about, changed);
        return check ? "" : check.error().detail;
    }
};

} // namespace

class TestSpotChecks : public QObject {
    Q_OBJECT
private slots:
    void theTruthPasses() {
        const Spot spot;
        QCOMPARE(spot.nonceFault(spot.serverNonce), std::string());
        QCOMPARE(spot.attestFault(spot.attest), std::string());
        QCOMPARE(spot.attest.note.samples.size(), std::size_t{8});
        for (const auto& sample : spot.attest.note.samples)
            QCOMPARE(spot.portionFault(sample, spot.portion(sample.index)), std::string());
    }

    void liesAboutTheNonce() {
        const Spot spot;
        const auto lie = [&](auto change, bool signAgain = true) {
            wire::SpotNonce changed = spot.serverNonce;
            change(changed.note);
            return spot.nonceFault(changed, signAgain);
        };
        QCOMPARE(lie([](auto& n) { n.nonce.bytes[0] ^= 1; }, false), std::string("signature"));
        QCOMPARE(lie([](auto& n) { n.terms.bytes[0] ^= 1; }), std::string("another sale"));
        QCOMPARE(lie([](auto& n) { n.commitment.bytes[0] ^= 1; }), std::string("another commitment"));
        QCOMPARE(lie([](auto& n) { n.portionCount = 999; }), std::string("number of portions"));
        QCOMPARE(lie([](auto& n) { n.opened = {500, 3}; }), std::string("open portions"));
        QCOMPARE(lie([](auto& n) { n.opened = {3, 3}; }), std::string("open portions"));
        QCOMPARE(lie([](auto& n) { n.opened = {3, 1000}; }), std::string("open portions"));
        QCOMPARE(lie([](auto& n) { n.opened = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; }),
                 std::string("beyond the budget"));
    }

    void liesAboutTheDraw() {
        const Spot spot;
        const auto lie = [&](auto change, bool signAgain = true) {
            wire::SpotAttest changed = spot.attest;
            change(changed.note);
            return spot.attestFault(changed, signAgain);
        };
        const std::string drawn = "other portions than were drawn";
        QCOMPARE(lie([](auto& n) { n.samples[0].salt.bytes[0] ^= 1; }, false), std::string("signature"));
        QCOMPARE(lie([](auto& n) { n.terms.bytes[0] ^= 1; }), std::string("another sale"));
        QCOMPARE(lie([](auto& n) { n.buyerNonce.bytes[0] ^= 1; }), std::string("other nonces"));
        QCOMPARE(lie([](auto& n) { n.serverNonce.bytes[0] ^= 1; }), std::string("other nonces"));
        QCOMPARE(lie([](auto& n) { n.commitment.bytes[0] ^= 1; }), std::string("other nonces"));
        QCOMPARE(lie([](auto& n) { n.samples.pop_back(); }), drawn);
        QCOMPARE(lie([](auto& n) { n.samples.clear(); }), drawn);
        QCOMPARE(lie([](auto& n) { n.samples.push_back(n.samples.back()); }), drawn);
        QCOMPARE(lie([](auto& n) { std::swap(n.samples[0], n.samples[1]); }), drawn);
        QCOMPARE(lie([](auto& n) { n.samples[4].index += 1; }), drawn); // a nicer neighbour
    }

    void liesAboutAPortion() {
        const Spot spot;
        const wire::SpotSample sample = spot.attest.note.samples[2];
        const auto lie = [&](auto change) {
            wire::SpotSample about = sample;
            wire::SpotPortion changed = spot.portion(sample.index);
            change(about, changed);
            return spot.portionFault(about, changed);
        };
        QCOMPARE(lie([](auto&, auto& p) { p.plain[0] ^= 1; }), std::string("other content"));
        QCOMPARE(lie([](auto&, auto& p) { p.plain.push_back(0); }), std::string("other content"));
        QCOMPARE(lie([](auto&, auto& p) { p.plain.clear(); }), std::string("other content"));
        // A leaf that was made up to fit the content does not lead to the root.
        QCOMPARE(lie([](auto& s, auto& p) {
                     p.plain[0] ^= 1;
                     s.plainLeaf = asset::plainLeaf(s.salt, p.plain);
                 }),
                 std::string("plain root"));
        QCOMPARE(lie([](auto& s, auto& p) {
                     s.salt.bytes[0] ^= 1;
                     s.plainLeaf = asset::plainLeaf(s.salt, p.plain);
                 }),
                 std::string("plain root"));
        QCOMPARE(lie([](auto&, auto& p) { p.plainProof.path[3].bytes[0] ^= 1; }), std::string("plain root"));
        QCOMPARE(lie([](auto&, auto& p) { p.plainProof.count = 1001; }), std::string("plain root"));
        QCOMPARE(lie([](auto&, auto& p) { p.plainProof.index += 1; }), std::string("another portion"));
        QCOMPARE(lie([](auto&, auto& p) { p.sealedProof.index += 1; }), std::string("another portion"));
        QCOMPARE(lie([](auto& s, auto&) { s.sealedLeaf.bytes[0] ^= 1; }), std::string("sealed root"));
        QCOMPARE(lie([](auto&, auto& p) { p.sealedProof.path.clear(); }), std::string("sealed root"));
        // Another portion of the same asset, honestly proven, is not the one that was drawn.
        QCOMPARE(lie([&](auto&, auto& p) { p = spot.portion((sample.index + 1) % 1000); }),
                 std::string("another portion"));
    }

    void noncesAreOnesOwn() {
        const Spot spot;
        const auto of = [&](const keys::Identity& who, std::uint64_t attempt) {
            return spotNonce(who.vaultKey(), spot.subject.terms, attempt);
        };
        QCOMPARE(of(spot.buyer, 0), of(spot.buyer, 0));
        QVERIFY(of(spot.buyer, 0) != of(spot.buyer, 1));
        QVERIFY(of(spot.buyer, 0) != of(spot.keyServer, 0));
    }
};

QTEST_GUILESS_MAIN(TestSpotChecks)
#include "tst_spot_checks.moc"
