#include "core/keys/SeedPhrase.h"
#include "core/keys/TwoPasswords.h"
#include "tests/support/FixedRandom.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::keys;

namespace {
SecretBytes secretOf(std::size_t size, std::uint8_t value) { return SecretBytes::copyOf(Bytes(size, value)); }
Hash hashOf(std::uint8_t value) {
    Hash hash;
    hash.bytes.fill(value);
    return hash;
}
EditionSecrets sampleSecrets() { return {secretOf(32, 0x11), secretOf(32, 0x22)}; }
const SecretBytes kP2 = secretOf(16, 0x33);
const SecretBytes kF = secretOf(16, 0x44);
const Hash kTerms = hashOf(0x55);
const Hash kContract = hashOf(0x66);
const Hash kAssetId = hashOf(0x77);

bool isSample(const EditionSecrets& secrets) {
    return secrets.firstPassword.equals(Bytes(32, 0x11)) && secrets.plainSalt.equals(Bytes(32, 0x22));
}
template <class Open>
void refusesEveryFlippedByte(const Bytes& sealed, const Open& open) {
    QVERIFY(open(sealed));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes bad = sealed;
        bad[i] ^= 1;
        QVERIFY(!open(bad));
    }
    QVERIFY(!open(Bytes(sealed.begin(), sealed.end() - 1)));
    QVERIFY(!open(Bytes()));
}
} // namespace

class TestTwoPasswords : public QObject {
    Q_OBJECT
private:
    QMap<QByteArray, std::string> m_frozen;
    test::FixedRandom m_nonce{test::FixedRandom::Mode::SameStart};
    SystemRandom m_random;

private slots:
    void initTestCase() {
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/two-passwords.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty() || line.startsWith('#')) continue;
            m_frozen.insert(line.split(' ').at(0), line.split(' ').at(1).toStdString());
        }
        QCOMPARE(m_frozen.size(), 7);
    }

    /// Whoever changes one of these breaks every sale that is under way.
    void frozen() {
        const SecretBytes fk = fingerprintKey(secretOf(16, 0x88), kAssetId);
        QCOMPARE(toHex(fk.view()), m_frozen["FK"]);
        QCOMPARE(toHex(wrapForSeller(fk, sampleSecrets(), kAssetId, 3, m_nonce)), m_frozen["W"]);
        const Bytes c1 = wrapFirstPassword(kP2, kF, kTerms, sampleSecrets(), m_nonce);
        QCOMPARE(toHex(c1), m_frozen["C1"]);
        QCOMPARE(commitFirstPart(kTerms, c1, kF).hex(), m_frozen["c1"]);
        QCOMPARE(commitSecondPassword(kTerms, kP2).hex(), m_frozen["c2"]);
        QCOMPARE(toHex(sealSecondPassword(secretOf(32, 0x99), kF, kTerms, kP2, m_nonce)), m_frozen["P2-rest"]);
        QCOMPARE(toHex(wrapForOwner(secretOf(32, 0xaa), sampleSecrets(), kContract, m_nonce)), m_frozen["owned"]);
    }

    void firstPasswordNeedsBothPartsAndTheSale() {
        const Bytes c1 = wrapFirstPassword(kP2, kF, kTerms, sampleSecrets(), m_random);
        QVERIFY(!unwrapFirstPassword(secretOf(16, 0x34), kF, kTerms, c1));
        QVERIFY(!unwrapFirstPassword(kP2, secretOf(16, 0x45), kTerms, c1));
        QVERIFY(!unwrapFirstPassword(kP2, kF, hashOf(0x56), c1));
        QVERIFY(!unwrapFirstPassword(secretOf(15, 0x33), kF, kTerms, c1));
        QVERIFY(!unwrapFirstPassword(kP2, SecretBytes(), kTerms, c1));
        refusesEveryFlippedByte(c1, [](const Bytes& sealed) {
            const auto opened = unwrapFirstPassword(kP2, kF, kTerms, sealed);
            return opened.ok() && isSample(*opened);
        });
    }

    void sellersCopyIsBoundToAssetAndEdition() {
        const SecretBytes fk = fingerprintKey(secretOf(16, 1), kAssetId);
        const Bytes wrapped = wrapForSeller(fk, sampleSecrets(), kAssetId, 7, m_random);
        QVERIFY(!unwrapForSeller(fk, wrapped, kAssetId, 8));
        QVERIFY(!unwrapForSeller(fk, wrapped, hashOf(0x78), 7));
        QVERIFY(!unwrapForSeller(fingerprintKey(secretOf(16, 2), kAssetId), wrapped, kAssetId, 7));
        refusesEveryFlippedByte(wrapped, [&](const Bytes& sealed) {
            const auto opened = unwrapForSeller(fk, sealed, kAssetId, 7);
            return opened.ok() && isSample(*opened);
        });
    }

    void secondPasswordAtRestNeedsTheOtherDatabase() {
        const SecretBytes master = secretOf(32, 0x99);
        const Bytes sealed = sealSecondPassword(master, kF, kTerms, kP2, m_random);
        QVERIFY(!openSecondPassword(master, secretOf(16, 0x45), kTerms, sealed));
        QVERIFY(!openSecondPassword(secretOf(32, 0x98), kF, kTerms, sealed));
        QVERIFY(!openSecondPassword(master, kF, hashOf(0x56), sealed));
        refusesEveryFlippedByte(sealed, [&](const Bytes& bytes) {
            const auto opened = openSecondPassword(master, kF, kTerms, bytes);
            return opened.ok() && opened->equals(kP2.view());
        });
    }

    void ownersCopyIsBoundToTheContract() {
        const SecretBytes vault = secretOf(32, 0xaa);
        const Bytes wrapped = wrapForOwner(vault, sampleSecrets(), kContract, m_random);
        QVERIFY(!unwrapForOwner(vault, wrapped, kTerms));
        QVERIFY(!unwrapForOwner(secretOf(32, 0xab), wrapped, kContract));
        const auto opened = unwrapForOwner(vault, wrapped, kContract);
        QVERIFY(opened.ok() && isSample(*opened));
        // One purpose does not open what was wrapped for another.
        QVERIFY(!unwrapForSeller(vault, wrapped, kContract, 0));
    }

    void commitmentsBind() {
        const Hash base = commitFirstPart(kTerms, bytesOf("C1"), kF);
        QVERIFY(base != commitFirstPart(kContract, bytesOf("C1"), kF));
        QVERIFY(base != commitFirstPart(kTerms, bytesOf("C2"), kF));
        QVERIFY(base != commitFirstPart(kTerms, bytesOf("C1"), kP2));
        QVERIFY(commitSecondPassword(kTerms, kP2) != commitSecondPassword(kTerms, kF));
        QVERIFY(commitSecondPassword(kTerms, kP2) != commitSecondPassword(kContract, kP2));
    }

    void secondPasswordIsTwelveWords() {
        const SecretBytes p2 = newSecondPassword(m_random);
        const SecretBytes words = SeedPhrase::fromEntropy(p2.view()).text();
        const auto again = SeedPhrase::parse(textOf(words.view()));
        QVERIFY(again.ok());
        QCOMPARE(again->wordCount(), std::size_t{12});
        QVERIFY(again->entropy().equals(p2.view()));
        QVERIFY(!newSecondPassword(m_random).equals(p2.view()));
    }

    void assetIdsDiffer() { QVERIFY(newAssetId(IdentityKey{}, m_random) != newAssetId(IdentityKey{}, m_random)); }
};

QTEST_GUILESS_MAIN(TestTwoPasswords)
#include "tst_two_passwords.moc"
