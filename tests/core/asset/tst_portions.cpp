#include "core/asset/AgeKey.h"
#include "core/asset/Edition.h"
#include "core/crypto/Box.h"
#include "core/crypto/Kdf.h"
#include "core/crypto/Merkle.h"
#include "tests/support/Bytes.h"
#include "tests/support/FixedRandom.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;
Hash assetId() {
    Hash id;
    id.bytes.fill(7);
    return id;
}

struct Sold {
    Sold(std::size_t size, Random& random)
        : plain(test::noise(size)),
          sealer(assetId(), SecretBytes::copyOf(Bytes(32, 3)), SecretBytes::copyOf(Bytes(32, 4)), random) {
        BytesSource source(plain);
        BytesSink sink;
        edition = std::move(sealer.seal(1, source, sink)).value();
        file = sink.take();
    }
    Result<Portions, SealError> check(const Bytes& bytes) const { return check(bytes, edition.secrets, edition.claim); }
    static Result<Portions, SealError> check(const Bytes& bytes, const keys::EditionSecrets& secrets,
                                             const EditionClaim& claim) {
        BytesSource source(bytes);
        return checkEdition(source, secrets, claim);
    }
    Bytes plain;
    EditionSealer sealer;
    Bytes file;
    SealedEdition edition;
};
// The trees by the definition in SealedFile.h, in the plainest way.
Hash expectedSealedRoot(const Bytes& file, std::size_t frontSize) {
    std::vector<Hash> leaves;
    std::size_t at = 0;
    do {
        const std::size_t end = std::min(file.size(), (at == 0 ? frontSize : at) + kSealedPortionSize);
        leaves.push_back(crypto::merkleLeaf(ByteView(file).subspan(at, end - at)));
        at = end;
    } while (at < file.size());
    return crypto::merkleRoot(leaves);
}
Hash expectedPlainRoot(const Bytes& plain, const SecretBytes& salt) {
    std::vector<Hash> leaves;
    std::size_t at = 0;
    do {
        const std::size_t end = std::min(plain.size(), at + kPortionSize);
        Bytes index(8);
        putBigEndian64(index.data(), leaves.size());
        Bytes salted = bytesOf(crypto::hmacSha256(salt.view(), index).view());
        append(salted, ByteView(plain).subspan(at, end - at));
        leaves.push_back(crypto::merkleLeaf(salted));
        at = end;
    } while (at < plain.size());
    return crypto::merkleRoot(leaves);
}
} // namespace

class TestPortions : public QObject {
    Q_OBJECT
private slots:
    void roots_data() {
        QTest::addColumn<int>("size");
        const int portion = static_cast<int>(kPortionSize);
        for (const int size : {0, 1, portion - 1, portion, portion + 1, 2 * portion, 5 * portion + 70000}) {
            QTest::addRow("%d bytes", size) << size;
        }
    }
    void roots() {
        QFETCH(int, size);
        const Sold sold(static_cast<std::size_t>(size), systemRandom);
        const Portions& portions = sold.edition.portions;
        const std::size_t count = std::max<std::size_t>(1, (sold.plain.size() + kPortionSize - 1) / kPortionSize);
        const std::size_t chunks = std::max<std::size_t>(1, (sold.plain.size() + kChunkSize - 1) / kChunkSize);
        const std::size_t frontSize = sold.file.size() - sold.plain.size() - 16 * chunks;
        QCOMPARE(portions.plainSize, std::uint64_t{sold.plain.size()});
        QCOMPARE(portions.sealedSize, std::uint64_t{sold.file.size()});
        QCOMPARE(portions.sealedLeaves.size(), count);
        QCOMPARE(portions.plainLeaves.size(), count);
        QCOMPARE(portions.sealedRoot, expectedSealedRoot(sold.file, frontSize));
        QCOMPARE(portions.plainRoot, expectedPlainRoot(sold.plain, sold.edition.secrets.plainSalt));
        QCOMPARE(crypto::merkleRoot(portions.sealedLeaves), portions.sealedRoot);

        const auto checked = sold.check(sold.file);
        QVERIFY(checked.ok());
        QVERIFY(checked->sealedLeaves == portions.sealedLeaves && checked->plainLeaves == portions.plainLeaves);
        QCOMPARE(checked->plainSize, portions.plainSize);
        BytesSource source(sold.file);
        const auto hashed = verifySealed(source, sold.edition.claim.sealedRoot);
        QVERIFY(hashed.ok());
        QVERIFY(hashed->sealedLeaves == portions.sealedLeaves);
        QCOMPARE(hashed->plainSize, portions.plainSize);
        QCOMPARE(hashed->sealedSize, portions.sealedSize);
    }

    /// The key server's check: each lie has its own name.
    void everyLieHasItsName() {
        const Sold sold(2 * kPortionSize + 10, systemRandom);
        const Sold other(2 * kPortionSize + 10, systemRandom);
        const EditionClaim claim = sold.edition.claim;
        // The first password of another edition.
        QCOMPARE(Sold::check(sold.file, other.edition.secrets, claim).error(), SealError::RecipientMismatch);
        // Another edition's file under these terms: the password does not open it.
        QCOMPARE(sold.check(other.file).error(), SealError::WrongKey);
        EditionClaim lie = claim;
        lie.sealedRoot = other.edition.claim.sealedRoot;
        QCOMPARE(Sold::check(sold.file, sold.edition.secrets, lie).error(), SealError::SealedMismatch);
        lie = claim;
        lie.plainRoot.bytes[31] ^= 1;
        QCOMPARE(Sold::check(sold.file, sold.edition.secrets, lie).error(), SealError::PlainMismatch);
        // Another salt proves nothing about the content.
        keys::EditionSecrets salted = sold.edition.secrets.clone();
        salted.plainSalt.data()[0] ^= 1;
        QCOMPARE(Sold::check(sold.file, salted, claim).error(), SealError::PlainMismatch);
        // Secrets of a wrong size are an answer, not a crash.
        QCOMPARE(Sold::check(sold.file, {SecretBytes(), SecretBytes()}, claim).error(), SealError::RecipientMismatch);
        QVERIFY(sold.check(sold.file).ok());
    }

    /// What was opened is read again later.
    void openedContentIsVerified() {
        const Sold sold(2 * kPortionSize + 10, systemRandom);
        const SecretBytes& salt = sold.edition.secrets.plainSalt;
        const Hash& root = sold.edition.claim.plainRoot;
        const auto verify = [&](ByteView content, const SecretBytes& with) {
            BytesSource source(content);
            std::uint64_t told = 0;
            Work work;
            work.progress = [&](std::uint64_t done) { told = done; };
            auto found = verifyOpened(source, with, root, work);
            if (found && told != content.size()) qFatal("progress");
            return found;
        };
        const auto whole = verify(sold.plain, salt);
        QVERIFY(whole.ok());
        QVERIFY(whole->plainLeaves == sold.edition.portions.plainLeaves);
        for (const std::size_t at : {std::size_t{0}, kPortionSize, sold.plain.size() - 1}) {
            Bytes altered = sold.plain;
            altered[at] ^= 1;
            QCOMPARE(verify(altered, salt).error(), SealError::PlainMismatch);
        }
        Bytes longer = sold.plain;
        longer.push_back(0);
        QCOMPARE(verify(longer, salt).error(), SealError::PlainMismatch);
        QCOMPARE(verify(ByteView(sold.plain).first(kPortionSize), salt).error(), SealError::PlainMismatch);
        QCOMPARE(verify({}, salt).error(), SealError::PlainMismatch);
        QCOMPARE(verify(sold.plain, sold.edition.secrets.firstPassword).error(), SealError::PlainMismatch);
        QCOMPARE(verify(sold.plain, SecretBytes()).error(), SealError::PlainMismatch);
    }

    /// A second sealing to the same password of other content: opens, and is still refused.
    void otherContentUnderTheSamePassword() {
        const Sold sold(kPortionSize + 1, systemRandom);
        const Bytes fake = test::noise(kPortionSize + 1, 99);
        BytesSource source(fake);
        BytesSink sink;
        const auto portions =
            sealPortions(source, sink, sold.edition.claim.recipient, sold.edition.secrets.plainSalt, systemRandom);
        QVERIFY(portions.ok());
        QCOMPARE(sold.check(sink.bytes()).error(), SealError::SealedMismatch);
        EditionClaim lie = sold.edition.claim;
        lie.sealedRoot = portions->sealedRoot;
        QCOMPARE(Sold::check(sink.bytes(), sold.edition.secrets, lie).error(), SealError::PlainMismatch);
    }

    void onlyOneRecipient() {
        const Sold sold(100, systemRandom);
        const std::string intro = "age-encryption.org/v1\n";
        std::string two = textOf(sold.file);
        two.insert(intro.size(), "-> grease\n\n");
        QCOMPARE(sold.check(bytesOf(two)).error(), SealError::NotOneRecipient);
        BytesSource source(sold.file);
        std::string none = textOf(sold.file);
        none.replace(intro.size() + 3, 6, "x25519");
        QCOMPARE(sold.check(bytesOf(none)).error(), SealError::NotOneRecipient);
        const Bytes bytes = bytesOf(two);
        BytesSource twoSource(bytes);
        QCOMPARE(verifySealed(twoSource, sold.edition.claim.sealedRoot).error(), SealError::NotOneRecipient);
    }

    void withoutTheKeyEveryByteCounts() {
        const Sold sold(kPortionSize + 5, systemRandom);
        for (const std::size_t at : {sold.file.size() - 1, sold.file.size() / 2, std::size_t{200}, std::size_t{250}}) {
            Bytes bad = sold.file;
            bad[at] ^= 1;
            BytesSource source(bad);
            QVERIFY(!verifySealed(source, sold.edition.claim.sealedRoot));
        }
        BytesSource cut(ByteView(sold.file).first(sold.file.size() - 1));
        QCOMPARE(verifySealed(cut, sold.edition.claim.sealedRoot).error(), SealError::SealedMismatch);
        BytesSource stub(ByteView(sold.file).first(sold.file.size() - 6));
        QCOMPARE(verifySealed(stub, sold.edition.claim.sealedRoot).error(), SealError::Truncated);
    }

    void sellersWrapRestoresTheSecrets() {
        const Sold sold(10, systemRandom);
        const SecretBytes fk = SecretBytes::copyOf(Bytes(32, 3));
        const auto secrets = keys::unwrapForSeller(fk, sold.edition.wrapped, assetId(), 1);
        QVERIFY(secrets.ok());
        QVERIFY(sold.check(sold.file, *secrets, sold.edition.claim).ok());
        QVERIFY(!keys::unwrapForSeller(fk, sold.edition.wrapped, assetId(), 2));
    }

    /// Editions of one asset: same content, same plain root, nothing else in common.
    void editions() {
        Sold first(1000, systemRandom);
        BytesSource source(first.plain);
        BytesSink sink;
        const auto second = first.sealer.seal(2, source, sink);
        QVERIFY(second.ok());
        QCOMPARE(second->claim.plainRoot, first.edition.claim.plainRoot);
        QVERIFY(second->claim.recipient != first.edition.claim.recipient);
        QVERIFY(second->claim.sealedRoot != first.edition.claim.sealedRoot);
        QCOMPARE(first.check(sink.bytes()).error(), SealError::WrongKey);
    }

    /// Frozen: the layout of leaves and trees.
    void frozen() {
        test::FixedRandom random;
        const Sold sold(kPortionSize + 3, random);
        const std::string text = "identity " + textOf(identityText(sold.edition.secrets.firstPassword).view()) +
                                 "\nsealed " + sold.edition.claim.sealedRoot.hex() + "\nplain " +
                                 sold.edition.claim.plainRoot.hex() + "\n";
        QFile vector(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/portions.txt"));
        QVERIFY(vector.open(QIODevice::ReadOnly));
        QCOMPARE(text, vector.readAll().toStdString());
    }
};

QTEST_GUILESS_MAIN(TestPortions)
#include "tst_portions.moc"
