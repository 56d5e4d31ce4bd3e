// A further edition from an earlier one: same content, a key of its own, and nothing of the plain text on the way out.
#include "core/asset/Reseal.h"
#include "core/crypto/Box.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {

Bytes contentOf(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 997);
    return bytes;
}
Hash assetId() { return *Hash::from(Bytes(32, 9)); }
SecretBytes fingerprintKey() { return SecretBytes::copyOf(Bytes(32, 3)); }

/// An edition, and how it is sealed anew.
struct Sealed {
    SystemRandom random;
    Bytes plain;
    Bytes file;
    SealedEdition edition;

    explicit Sealed(std::size_t size) : plain(contentOf(size)) {
        EditionSealer sealer(assetId(), fingerprintKey(), newPlainSalt(random), random);
        BytesSource source(plain);
        BytesSink sink;
        edition = std::move(*sealer.seal(1, source, sink));
        file = sink.bytes();
    }
    Result<SealedEdition, SealError> again(const Bytes& from, const EditionClaim& claim, Sink& sink,
                                           const Work& work = {}) {
        BytesSource source(from);
        return resealEdition(source, edition.secrets, claim, {assetId(), 2, fingerprintKey()}, sink, random, work);
    }
};

} // namespace

class TestReseal : public QObject {
    Q_OBJECT
private slots:
    void sealsAnew_data() {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 65'536, 65'537, 1 << 20, (1 << 20) + 1, 3 * (1 << 20), 5'000'000})
            QTest::addRow("%d", size) << size;
    }
    void sealsAnew() {
        QFETCH(int, size);
        Sealed first(static_cast<std::size_t>(size));
        for (const unsigned threads : {1u, 4u}) {
            BytesSink sink;
            Work work;
            work.threads = threads;
            const auto second = first.again(first.file, first.edition.claim, sink, work);
            QVERIFY(second.ok());
            QVERIFY(second->claim.plainRoot == first.edition.claim.plainRoot);
            QVERIFY(second->claim.recipient != first.edition.claim.recipient);
            QVERIFY(second->claim.sealedRoot != first.edition.claim.sealedRoot);
            QVERIFY(second->portions.plainLeaves == first.edition.portions.plainLeaves);
            QCOMPARE(second->portions.plainSize, first.edition.portions.plainSize);
            QCOMPARE(second->portions.sealedSize, std::uint64_t{sink.bytes().size()});

            // What the key server checks, with what W holds; and the first key opens it not at all.
            const auto secrets = keys::unwrapForSeller(fingerprintKey(), second->wrapped, assetId(), 2);
            QVERIFY(secrets.ok());
            BytesSource source(sink.bytes());
            BytesSink opened;
            QVERIFY(openEdition(source, opened, *secrets, second->claim).ok());
            QVERIFY(opened.bytes() == first.plain);
            EditionClaim claim = second->claim;
            claim.recipient = first.edition.claim.recipient;
            BytesSource once(sink.bytes());
            QCOMPARE(checkEdition(once, first.edition.secrets, claim).error(), SealError::WrongKey);
        }
    }

    void refusesWhatIsNotTheEdition() {
        Sealed first(2'500'000);
        const EditionClaim claim = first.edition.claim;
        BytesSink sink;
        EditionClaim other = claim;
        other.recipient = crypto::boxKeyOf(crypto::newBoxSecret(first.random));
        QCOMPARE(first.again(first.file, other, sink).error(), SealError::RecipientMismatch);
        other = claim;
        other.plainRoot = Hash{};
        QCOMPARE(first.again(first.file, other, sink).error(), SealError::PlainMismatch);
        QCOMPARE(first.again(Sealed(10).file, claim, sink).error(), SealError::WrongKey);
        Bytes damaged = first.file;
        damaged[1'500'000] ^= 1;
        QCOMPARE(first.again(damaged, claim, sink).error(), SealError::ChunkDamaged);
        Bytes cut = first.file;
        cut.resize(200 + kSealedPortionSize);
        QVERIFY(!first.again(cut, claim, sink).ok());
        Bytes longer = first.file;
        longer.push_back(0);
        QVERIFY(!first.again(longer, claim, sink).ok());
    }
};

QTEST_GUILESS_MAIN(TestReseal)
#include "tst_reseal.moc"
