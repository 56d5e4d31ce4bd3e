#include "core/asset/PortionProof.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
/// A sealed file of any size, with both trees as sealing found them.
struct Asset {
    explicit Asset(std::size_t size) : plain(test::noise(size)), salt(SecretBytes::copyOf(Bytes(32, 5))) {
        SystemRandom random;
        const SecretBytes secret = crypto::newBoxSecret(random);
        BytesSource source(plain);
        BytesSink sink;
        portions = std::move(sealPortions(source, sink, crypto::boxKeyOf(secret), salt, random)).value();
        sealed = sink.take();
        const std::size_t chunks = std::max<std::size_t>(1, (size + kChunkSize - 1) / kChunkSize);
        front = sealed.size() - size - 16 * chunks;
    }
    ByteView plainPortion(std::size_t i) const {
        const std::size_t at = i * kPortionSize;
        return ByteView(plain).subspan(at, std::min(kPortionSize, plain.size() - at));
    }
    ByteView sealedPortion(std::size_t i) const {
        const std::size_t at = i == 0 ? 0 : front + i * kSealedPortionSize;
        const std::size_t end = std::min(sealed.size(), front + (i + 1) * kSealedPortionSize);
        return ByteView(sealed).subspan(at, end - at);
    }
    std::size_t count() const { return portions.sealedLeaves.size(); }
    Bytes plain;
    SecretBytes salt;
    Portions portions;
    Bytes sealed;
    std::size_t front = 0;
};
} // namespace

class TestPortionProof : public QObject {
    Q_OBJECT
private slots:
    void everyPortionProves_data() {
        QTest::addColumn<int>("size");
        const int portion = static_cast<int>(kPortionSize);
        for (const int size : {0, 1, portion - 1, portion, portion + 1, 6 * portion + 70000})
            QTest::addRow("%d bytes", size) << size;
    }
    void everyPortionProves() {
        QFETCH(int, size);
        const Asset asset(static_cast<std::size_t>(size));
        const Portions& portions = asset.portions;
        const std::uint64_t count = portionCountOf(portions.plainSize);
        QCOMPARE(count, std::uint64_t{asset.count()});
        for (std::size_t i = 0; i < count; ++i) {
            const LeafProof sealed = proveLeaf(portions.sealedLeaves, i);
            const LeafProof plain = proveLeaf(portions.plainLeaves, i);
            const Hash salt = portionSalt(asset.salt, i);
            QVERIFY(verifySealedPortion(asset.sealedPortion(i), sealed, count, portions.sealedRoot).ok());
            QVERIFY(verifyPlainPortion(asset.plainPortion(i), salt, plain, count, portions.plainRoot).ok());
            QVERIFY(decodeCbor<LeafProof>(encodeCbor(plain)).value() == plain);
            // One tree's way does not lead to the other's root.
            QVERIFY(!verifySealedPortion(asset.sealedPortion(i), sealed, count, portions.plainRoot).ok());
            QVERIFY(!verifyPlainPortion(asset.plainPortion(i), salt, plain, count, portions.sealedRoot).ok());
        }
    }

    void everyLieIsRefused() {
        const Asset asset(3 * kPortionSize + 10);
        const Portions& portions = asset.portions;
        const Hash salt = portionSalt(asset.salt, 1);
        const LeafProof good = proveLeaf(portions.plainLeaves, 1);
        const auto check = [&](ByteView bytes, const Hash& with, const LeafProof& proof, std::uint64_t count) {
            const auto found = verifyPlainPortion(bytes, with, proof, count, portions.plainRoot);
            return found ? std::optional<ProofError>() : found.error();
        };
        const ByteView portion = asset.plainPortion(1);
        QVERIFY(!check(portion, salt, good, 4));
        QCOMPARE(check(portion, salt, good, 5), ProofError::OtherAsset);
        LeafProof lie = good;
        lie.index = 4;
        QCOMPARE(check(portion, salt, lie, 4), ProofError::OutOfRange);
        for (const std::uint64_t index : {0u, 2u, 3u}) {
            lie.index = index;
            QCOMPARE(check(portion, salt, lie, 4), ProofError::DoesNotProve);
        }
        lie = good;
        lie.path.pop_back();
        QCOMPARE(check(portion, salt, lie, 4), ProofError::DoesNotProve);
        lie.path.assign(kMaxCborElements, salt);
        QCOMPARE(check(portion, salt, lie, 4), ProofError::DoesNotProve);
        // A neighbour's bytes or salt, a byte less, a byte altered.
        QCOMPARE(check(asset.plainPortion(2), salt, good, 4), ProofError::DoesNotProve);
        QCOMPARE(check(portion, portionSalt(asset.salt, 2), good, 4), ProofError::DoesNotProve);
        QCOMPARE(check(portion.first(portion.size() - 1), salt, good, 4), ProofError::DoesNotProve);
        for (const std::size_t at : {std::size_t{0}, portion.size() / 2, portion.size() - 1}) {
            Bytes bad = bytesOf(portion);
            bad[at] ^= 1;
            QCOMPARE(check(bad, salt, good, 4), ProofError::DoesNotProve);
        }
        QCOMPARE(check(Bytes(kPortionSize + 1), salt, good, 4), ProofError::WrongSize);
        const LeafProof sealed = proveLeaf(portions.sealedLeaves, 1);
        QCOMPARE(verifySealedPortion(Bytes(2 * kPortionSize), sealed, 4, portions.sealedRoot).error(),
                 ProofError::WrongSize);
        QVERIFY(!verifySealedPortion(asset.sealedPortion(2), sealed, 4, portions.sealedRoot).ok());
        // The header belongs to portion 0.
        const LeafProof first = proveLeaf(portions.sealedLeaves, 0);
        QVERIFY(!verifySealedPortion(asset.sealedPortion(0).subspan(asset.front), first, 4, portions.sealedRoot).ok());
    }

    /// One portion's salt tells nothing of another's: without it a guessed content cannot be confirmed.
    void otherPortionsStaySalted() {
        const Asset asset(2 * kPortionSize);
        const LeafProof proof = proveLeaf(asset.portions.plainLeaves, 1);
        const Hash shown = portionSalt(asset.salt, 0);
        QVERIFY(shown != portionSalt(asset.salt, 1));
        QVERIFY(!verifyPlainPortion(asset.plainPortion(1), shown, proof, 2, asset.portions.plainRoot).ok());
    }

    void counts() {
        QCOMPARE(portionCountOf(0), std::uint64_t{1});
        QCOMPARE(portionCountOf(1), std::uint64_t{1});
        QCOMPARE(portionCountOf(kPortionSize), std::uint64_t{1});
        QCOMPARE(portionCountOf(kPortionSize + 1), std::uint64_t{2});
        QCOMPARE(portionCountOf(~std::uint64_t{0}), std::uint64_t{1} << 44);
    }
};

QTEST_GUILESS_MAIN(TestPortionProof)
#include "tst_portion_proof.moc"
