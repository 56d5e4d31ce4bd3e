#include "core/keys/Derivation.h"
#include "core/keys/Identity.h"

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
    /// SLIP-10, test vector 1 for ed25519.
    void slip10() {
        const SecretBytes seed = secretHex("000102030405060708090a0b0c0d0e0f");
        const struct {
            Path path;
            const char* key;
            const char* chainCode;
        } rows[] = {{{},
                     "2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7",
                     "90046a93de5380a72b5e45010748567d5ea02bbf6522f979e05c0d8d8ca9fffb"},
                    {{0},
                     "68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3",
                     "8b59aa11380b624e81507a27fedda59fea6d0b779a778918a2fd3590e16e9c69"},
                    {{0, 1},
                     "b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2",
                     "a320425f77d1b5c2505a6b1b27382b37368ee640e3557c315416801243552f14"},
                    {{0, 1, 2, 2, 1000000000},
                     "8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793",
                     "68789923a0cac2cd5a29172a475fe9e0fb14cd6adb5ad98a3fa70333e7afa230"}};
        for (const auto& row : rows) {
            const ExtendedKey key = slip10Ed25519(seed, row.path);
            QCOMPARE(hexOf(key.key), std::string(row.key));
            QCOMPARE(hexOf(key.chainCode), std::string(row.chainCode));
        }
    }

    /// BIP-32, test vectors 1 and 4 as far as they are hardened; keys and chain codes taken out of the published xprv.
    void bip32() {
        const struct {
            const char* seed;
            Path path;
            const char* key;
            const char* chainCode;
        } rows[] = {{"000102030405060708090a0b0c0d0e0f",
                     {0},
                     "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea",
                     "47fdacbd0f1097043b78c63c20c34ef4ed9a111d980047ad16282c7ae6236141"},
                    {"3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678",
                     {0}, // this key begins with a zero byte
                     "00d948e9261e41362a688b916f297121ba6bfb2274a3575ac0e456551dfd7f7e",
                     "cdc0f06456a14876c898790e0b3b1a41c531170aec69da44ff7b7265bfe7743b"},
                    {"3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678",
                     {0, 1},
                     "3a2086edd7d9df86c3487a5905a1712a9aa664bce8cc268141e07549eaa8661d",
                     "a48ee6674c5264a237703fd383bccd9fad4d9378ac98ab05e6e7029b06360c0d"}};
        for (const auto& row : rows) {
            const ExtendedKey key = bip32Hardened(bip32Master(secretHex(row.seed)), row.path);
            QCOMPARE(hexOf(key.key), std::string(row.key));
            QCOMPARE(hexOf(key.chainCode), std::string(row.chainCode));
        }
    }

    /// BIP-85, example for BIP-39 in English, 12 words, index 0; the master key taken out of the published xprv.
    void bip85() {
        const ExtendedKey master{secretHex("3f15e5d852dc2e9ba5e9fe189a8dd2e1547badef5b563bbe6579fc6807d80ed9"),
                                 secretHex("1b67969d1ec69bdfeeae43213da8460ba34b92d0788c8f7bfcfa44906e8a589c")};
        const SecretBytes entropy = bip85Entropy(master, 0);
        QCOMPARE(hexOf(entropy), std::string("6250b68daf746d12a24d58b4787a714b"));
        QCOMPARE(textOf(SeedPhrase::fromEntropy(entropy.view()).text().view()),
                 std::string("girl mad pet galaxy egg matter matrix prison refuse sense ordinary nose"));
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
        const auto refused = Identity::fromPhrase(phrase, "\xc3\xa4");
        QVERIFY(!refused);
        QCOMPARE(refused.error(), PhraseError::PassphraseNotAscii);
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
