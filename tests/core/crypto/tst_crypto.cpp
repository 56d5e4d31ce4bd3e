#include "core/crypto/Aead.h"
#include "core/crypto/Box.h"
#include "core/crypto/ChunkCipher.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Kdf.h"
#include "core/crypto/Merkle.h"
#include "core/crypto/Sign.h"

#include <QTest>
#include <sodium.h>

using namespace tallylock;
using namespace tallylock::crypto;

namespace {
Bytes hexBytes(const char* digits) { return *fromHex(digits); }
SecretBytes secretHex(const char* digits) { return SecretBytes::copyOf(hexBytes(digits)); }
std::string hexOf(const SecretBytes& secret) { return toHex(secret.view()); }

/// Hands out the bytes that a published example fixes.
class GivenRandom final : public Random {
public:
    explicit GivenRandom(Bytes bytes) : m_bytes(std::move(bytes)) {}
    void fill(std::span<std::uint8_t> out) override {
        QVERIFY(out.size() <= m_bytes.size());
        std::copy_n(m_bytes.begin(), out.size(), out.begin());
        m_bytes.erase(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(out.size()));
    }

private:
    Bytes m_bytes;
};
} // namespace

class TestCrypto : public QObject {
    Q_OBJECT
private slots:
    /// No two (label, body) pairs may share bytes.
    void frameIsUnambiguous() {
        QCOMPARE(toHex(frame("c1", cborList())), std::string("0f74616c6c796c6f636b2f76312f633180"));
        QVERIFY(frame("ab", bytesOf("c")) != frame("a", bytesOf("bc")));
        QVERIFY(labelledHash("ab", bytesOf("c")) != labelledHash("a", bytesOf("bc")));
        QCOMPARE(labelledHash("c1", cborList()), blake2b256(frame("c1", cborList())));
    }

    void cborListIsAnArray() {
        Hash hash;
        hash.bytes.fill(1);
        QCOMPARE(toHex(cborList(std::uint64_t{7}, std::string("a"), Bytes{9})), std::string("8307616141"
                                                                                            "09"));
        QCOMPARE(toHex(cborList(hash)).substr(0, 6), std::string("815820"));
    }

    /// FIPS 180-4 and RFC 7693 examples.
    void hashes() {
        const char* const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QCOMPARE(sha256(viewOf("abc")).hex(), std::string(abc));
        Sha256 streamed;
        for (int again = 0; again < 2; ++again) {
            streamed.update(viewOf("a"));
            streamed.update({});
            streamed.update(viewOf("bc"));
            QCOMPARE(streamed.finish().hex(), std::string(abc));
        }
        QCOMPARE(blake2b256(viewOf("abc")).hex(),
                 std::string("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"));
    }

    /// RFC 4231, case 1.
    void hmac() {
        const Bytes key(20, 0x0b);
        QCOMPARE(hmacSha256(key, viewOf("Hi There")).hex(),
                 std::string("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
        QCOMPARE(hexOf(hmacSha512(key, viewOf("Hi There"))),
                 std::string("87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                             "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"));
        QCOMPARE(hmacSha256({}, {}).hex(),
                 std::string("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
    }

    /// RFC 5869, cases 1 and 3.
    void hkdf() {
        const Bytes secret(22, 0x0b);
        QCOMPARE(
            hexOf(hkdfSha256(secret, hexBytes("000102030405060708090a0b0c"), hexBytes("f0f1f2f3f4f5f6f7f8f9"), 42)),
            std::string("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
        QCOMPARE(hexOf(hkdfSha256(secret, {}, {}, 42)),
                 std::string("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    void labelsSeparateKeys() {
        const Bytes secret(16, 1);
        const Bytes salt(32, 2);
        const std::string base = hexOf(labelledKdf(secret, salt, "wrap", cborList()));
        QVERIFY(base != hexOf(labelledKdf(secret, salt, "wrap", cborList(std::uint64_t{0}))));
        QVERIFY(base != hexOf(labelledKdf(secret, salt, "p2-rest", cborList())));
        QVERIFY(base != hexOf(labelledKdf(secret, Bytes(32, 3), "wrap", cborList())));
    }

    void argonDependsOnEverything() {
        const ArgonCost cheap{1, 64};
        const Bytes salt(kArgonSaltSize, 5);
        const std::string base = hexOf(argon2id("pass", salt, cheap));
        QCOMPARE(base.size(), std::size_t{64});
        QCOMPARE(hexOf(argon2id("pass", salt, cheap)), base);
        QVERIFY(hexOf(argon2id("Pass", salt, cheap)) != base);
        QVERIFY(hexOf(argon2id("pass", Bytes(kArgonSaltSize, 6), cheap)) != base);
        QVERIFY(hexOf(argon2id("pass", salt, {2, 64})) != base);
        QVERIFY(hexOf(argon2id("pass", salt, {1, 128})) != base);
    }

    /// RFC 8032, section 7.1, test 1.
    void ed25519() {
        const SigningKey key =
            SigningKey::fromSeed(hexBytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        QCOMPARE(key.publicKey().hex(),
                 std::string("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        QCOMPARE(key.signRaw({}).hex(), std::string("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                                                    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));
    }

    void signatureRefusesEverythingElse() {
        const SigningKey key = SigningKey::fromSeed(Bytes(32, 1));
        const SigningKey other = SigningKey::fromSeed(Bytes(32, 2));
        const Bytes body = cborList(std::uint64_t{42});
        const Signature good = key.sign("offer", body);
        QVERIFY(verify(key.publicKey(), "offer", body, good));
        QVERIFY(!verify(other.publicKey(), "offer", body, good));
        QVERIFY(!verify(key.publicKey(), "offers", body, good));
        QVERIFY(!verify(key.publicKey(), "offer", cborList(std::uint64_t{43}), good));
        QVERIFY(!verify(IdentityKey{}, "offer", body, Signature{})); // the point of small order
        for (std::size_t i = 0; i < Signature::kSize; ++i) {
            Signature bad = good;
            bad.bytes[i] ^= 1;
            QVERIFY(!verify(key.publicKey(), "offer", body, bad));
        }
    }

    /// RFC 7748, section 5.2: one iteration of scalar and point 9.
    void x25519() {
        SecretBytes nine(32);
        nine.data()[0] = 9;
        const BoxKey key = boxKeyOf(nine);
        QCOMPARE(key.hex(), std::string("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
        BoxKey point;
        point.bytes[0] = 9;
        QCOMPARE(hexOf(*sharedSecret(nine, point)), key.hex());
        QVERIFY(!sharedSecret(nine, BoxKey{}).has_value());
    }

    void sealedBox() {
        SystemRandom random;
        const SecretBytes secret = newBoxSecret(random);
        const BoxKey to = boxKeyOf(secret);
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
            const Bytes plain(size, 7);
            Bytes box = sealBox(to, plain, random);
            QCOMPARE(box.size(), size + kBoxOverhead);
            QVERIFY(openBox(secret, box)->equals(plain));
            QVERIFY(!openBox(newBoxSecret(random), box).has_value());
            QVERIFY(!openBox(secret, ByteView(box).first(box.size() - 1)).has_value());
            for (const std::size_t at : {std::size_t{0}, std::size_t{32}, box.size() - 1}) {
                Bytes bad = box;
                bad[at] ^= 1;
                QVERIFY(!openBox(secret, bad).has_value());
            }
        }
        // What libsodium itself seals opens too.
        Bytes box(5 + kBoxOverhead);
        QCOMPARE(crypto_box_seal(box.data(), viewOf("hello").data(), 5, to.data()), 0);
        QVERIFY(openBox(secret, box)->equals(viewOf("hello")));
    }

    /// draft-irtf-cfrg-xchacha, appendix A.3.1.
    void aeadPublished() {
        GivenRandom nonce(hexBytes("404142434445464748494a4b4c4d4e4f5051525354555657"));
        const SecretBytes key = secretHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        const std::string_view plain = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
                                       "for the future, sunscreen would be it.";
        const Bytes sealed = aeadSeal(key, viewOf(plain), hexBytes("50515253c0c1c2c3c4c5c6c7"), nonce);
        QCOMPARE(toHex(ByteView(sealed).subspan(24)),
                 std::string("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f"
                             "4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f"
                             "76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"));
    }

    void aeadRefusesEverythingElse() {
        SystemRandom random;
        SecretBytes key(32);
        random.fill(key.span());
        const Bytes sealed = aeadSeal(key, viewOf("secret"), viewOf("here"), random);
        QVERIFY(aeadOpen(key, sealed, viewOf("here"))->equals(viewOf("secret")));
        QVERIFY(!aeadOpen(key, sealed, viewOf("there")).has_value());
        QVERIFY(!aeadOpen(SecretBytes(32), sealed, viewOf("here")).has_value());
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            Bytes bad = sealed;
            bad[i] ^= 0x80;
            QVERIFY(!aeadOpen(key, bad, viewOf("here")).has_value());
            QVERIFY(!aeadOpen(key, ByteView(sealed).first(i), viewOf("here")).has_value());
        }
        QVERIFY(aeadSeal(key, {}, {}, random) != aeadSeal(key, {}, {}, random)); // fresh nonces
    }

    /// The bulk cipher against libsodium's implementation of the same standard.
    void chunkCipher() {
        SystemRandom random;
        SecretBytes key(32);
        random.fill(key.span());
        ChunkCipher sealer(key.view(), ChunkCipher::Direction::Seal);
        ChunkCipher opener(key.view(), ChunkCipher::Direction::Open);
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{63}, std::size_t{65536}}) {
            Bytes plain(size);
            random.fill(plain);
            Bytes nonce(ChunkCipher::kNonceSize);
            random.fill(nonce);
            Bytes sealed(size + ChunkCipher::kTagSize);
            sealer.seal(nonce, plain, sealed.data());
            Bytes expected(sealed.size());
            crypto_aead_chacha20poly1305_ietf_encrypt(expected.data(), nullptr, plain.data(), size, nullptr, 0, nullptr,
                                                      nonce.data(), key.data());
            QCOMPARE(sealed, expected);

            Bytes again(size);
            QVERIFY(opener.open(nonce, sealed, again.data()));
            QCOMPARE(again, plain);
            for (const std::size_t at : {std::size_t{0}, size / 2, sealed.size() - 1}) {
                Bytes bad = sealed;
                bad[at] ^= 1;
                std::fill(again.begin(), again.end(), std::uint8_t{0xee});
                QVERIFY(!opener.open(nonce, bad, again.data()));
                QCOMPARE(again, Bytes(size)); // nothing unauthenticated is left
            }
            QVERIFY(opener.open(nonce, sealed, again.data())); // a refusal does not stick
        }
    }

    /// The reference tree of the Certificate Transparency project.
    void merkle() {
        const char* const leaves[] = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        const char* const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                     "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                     "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                     "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                     "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                     "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                     "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
        MerkleBuilder builder;
        QCOMPARE(builder.root().hex(), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        std::vector<Hash> all;
        for (std::size_t i = 0; i < std::size(leaves); ++i) {
            all.push_back(merkleLeaf(hexBytes(leaves[i])));
            builder.add(all.back());
            QCOMPARE(builder.root().hex(), std::string(roots[i]));
            QCOMPARE(merkleRoot(all).hex(), std::string(roots[i]));
            QCOMPARE(builder.count(), std::uint64_t{i + 1});
        }
    }
};

QTEST_GUILESS_MAIN(TestCrypto)
#include "tst_crypto.moc"
