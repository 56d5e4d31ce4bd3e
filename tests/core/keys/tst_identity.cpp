#include "core/keys/Derivation.h"
#include "core/keys/Identity.h"
#include "tests/support/Vectors.h"

#include <QTest>
#include <set>

using namespace tallylock;
using namespace tallylock::keys;

namespace {
using Path = std::vector<std::uint32_t>;
SecretBytes secretHex(const char* digits) { return SecretBytes::copyOf(*fromHex(digits)); }
std::string hexOf(const SecretBytes& secret) { return toHex(secret.view()); }
Identity sampleIdentity(std::uint8_t value = 1) { return Identity::fromSeed(SecretBytes::copyOf(Bytes(64, value))); }
} // namespace

class TestIdentity : public QObject {
    Q_OBJECT
private slots:
    void slip10() {
        for (const auto& line : test::vectorLines("slip10.txt")) {
            const SecretBytes seed = secretHex(line[1].c_str());
            Path path = test::pathOf(line[2]);
            ExtendedKey key;
            if (line[0] == "ed25519") {
                for (std::uint32_t& index : path) index &= ~kHardened;
                key = slip10Ed25519(seed, path);
            } else {
                key = bip32Derive(bip32Master(seed), path);
            }
            QCOMPARE(hexOf(key.key), line[3]);
            QCOMPARE(hexOf(key.chainCode), line[4]);
        }
    }

    void bip32() {
        for (const auto& line : test::vectorLines("bip32.txt")) {
            const ExtendedKey key = bip32Derive(bip32Master(secretHex(line[0].c_str())), test::pathOf(line[1]));
            QCOMPARE(hexOf(key.key), line[2]);
            QCOMPARE(hexOf(key.chainCode), line[3]);
        }
    }

    void bip85() {
        ExtendedKey master;
        for (const auto& line : test::vectorLines("bip85.txt")) {
            if (line[0] == "master") {
                master = {secretHex(line[1].c_str()), secretHex(line[2].c_str())};
                continue;
            }
            Path application = test::pathOf(line[0]);
            for (std::uint32_t& index : application) index &= ~kHardened;
            application.erase(application.begin());
            QCOMPARE(hexOf(bip85Entropy(master, application, line[1].size() / 2)), line[1]);
            if (line[2].empty()) continue;
            const SecretBytes phrase = bip85Phrase(master, application[2], application[3]);
            QCOMPARE(textOf(SeedPhrase::fromEntropy(phrase.view()).text().view()), line[2]);
        }
    }

    /// Frozen: a phrase must restore the same identity for ever.
    void frozen() {
        const auto phrase =
            SeedPhrase::parse("legal winner thank year wave sausage worth useful legal winner thank yellow");
        const auto identity = Identity::fromPhrase(*phrase);
        QVERIFY(identity.ok());
        QCOMPARE(identity->key().hex(),
                 std::string("5dadf181d0052b620e791ff808e29e7eb0d0900afefbff3f25804c53e645be8a"));
        QCOMPARE(identity->boxKey().hex(),
                 std::string("16f673d7f8572a6bf51468538a7041bf9c6badda4cc0d7fc3d80ce2598bcd259"));
        QCOMPARE(hexOf(identity->vaultKey()),
                 std::string("9e7496d5fea21029717821639e1c393e2efdb34f63e4ab4d69855d215768ad13"));
        QCOMPARE(hexOf(identity->assetChild(0)), std::string("f92d09afd2eb0e0b3adb8cd62faaba91"));
        QCOMPARE(hexOf(identity->disclosureChild(0)), std::string("0ec171c645f9b39dd42b35ed14541366"));
        QCOMPARE(identity->fingerprint().text(), std::string("00b2-30fb-0119-38b1-cf2f-e448-76d6-99c8"));
        QCOMPARE(identity->fingerprint().words(),
                 std::string("absent muscle disagree acquire near flight device wish embody repeat please mother"));
    }

    void passphraseMakesAnother() {
        const SeedPhrase phrase = SeedPhrase::fromEntropy(Bytes(16, 3));
        const auto plain = Identity::fromPhrase(phrase);
        const auto hidden = Identity::fromPhrase(phrase, "secret");
        QVERIFY(plain->key() != hidden->key());
        // Composed or not, it is the same passphrase.
        QCOMPARE(Identity::fromPhrase(phrase, "\xc3\xa4")->key(), Identity::fromPhrase(phrase, "a\xcc\x88")->key());
        const auto refused = Identity::fromPhrase(phrase, "\xc3");
        QVERIFY(!refused);
        QCOMPARE(refused.error(), PhraseError::InvalidUtf8);
    }

    /// A disclosure is handed over in a sale; it must never be an asset's child, or any other key of its owner.
    void childrenNeverMeet() {
        const Identity identity = sampleIdentity();
        std::set<std::string> seen;
        const std::uint32_t count = 50;
        for (std::uint32_t i = 0; i < count; ++i) {
            seen.insert(hexOf(identity.assetChild(i)));
            seen.insert(hexOf(identity.disclosureChild(i)));
        }
        seen.insert(hexOf(identity.assetChild(Identity::kMaxChildren - 1)));
        seen.insert(hexOf(identity.disclosureChild(Identity::kMaxChildren - 1)));
        QCOMPARE(seen.size(), std::size_t{2 * count + 2});
        QVERIFY(hexOf(identity.assetChild(0)) != hexOf(sampleIdentity(2).assetChild(0)));
    }

    void signsAndOpensBoxes() {
        SystemRandom random;
        const Identity identity = sampleIdentity();
        const Bytes body = crypto::cborList(std::uint64_t{5});
        const Signature signature = identity.sign("offer", body);
        QVERIFY(crypto::verify(identity.key(), "offer", body, signature));
        QVERIFY(!crypto::verify(sampleIdentity(2).key(), "offer", body, signature));
        const Bytes box = crypto::sealBox(identity.boxKey(), bytesOf("hello"), random);
        QVERIFY(identity.openBox(box)->equals(viewOf("hello")));
        QVERIFY(!sampleIdentity(2).openBox(box).has_value());
    }

    void fingerprintTellsIdentitiesApart() {
        const Fingerprint one = sampleIdentity(1).fingerprint();
        QVERIFY(one == sampleIdentity(1).fingerprint());
        QVERIFY(one != sampleIdentity(2).fingerprint());
        QCOMPARE(one.text().size(), std::size_t{39});
        const auto words = SeedPhrase::parse(one.words());
        QVERIFY(words.ok());
        QVERIFY(words->entropy().equals(one.hash().view().first(16)));
    }
};

QTEST_GUILESS_MAIN(TestIdentity)
#include "tst_identity.moc"
