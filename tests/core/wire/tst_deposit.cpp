// The boxes between seller, key server and buyer: frozen bytes, and every way in which one does not fit.
#include "core/wire/Deposit.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::wire;

namespace {
keys::Identity someone(std::uint8_t number) {
    SecretBytes seed(64);
    std::fill_n(seed.data(), 64, number);
    return keys::Identity::fromSeed(std::move(seed));
}
SecretBytes secretOf(std::uint8_t byte, std::size_t size) { return SecretBytes::copyOf(Bytes(size, byte)); }
Hash hashOf(std::uint8_t byte) { return *Hash::from(Bytes(32, byte)); }
DepositContent content() { return {{secretOf(1, 32), secretOf(2, 32)}, secretOf(3, 16)}; }
} // namespace

class TestDeposit : public QObject {
    Q_OBJECT

private slots:
    void frozenBytes();
    void depositComesBack();
    void depositIsRefused();
    void partsComeBack();
    void partsAreRefused();

private:
    SystemRandom m_random;
    keys::Identity m_seller = someone(1);
    keys::Identity m_buyer = someone(2);
    SecretBytes m_secret = secretOf(9, 32);
};

// The plain text is what must never change: it is read again by the other side, maybe of another version.
void TestDeposit::frozenBytes() {
    const Bytes box = sealDeposit(crypto::boxKeyOf(m_secret), hashOf(7), content(), m_seller, m_random);
    const auto plain = crypto::openBox(m_secret, box);
    QVERIFY(plain.has_value());
    const std::string hex = toHex(plain->view());
    const std::string head = "a5015820" + toHex(Bytes(32, 7)) + "025820" + toHex(Bytes(32, 1)) + "035820" +
                             toHex(Bytes(32, 2)) + "0450" + toHex(Bytes(16, 3)) + "055840";
    QCOMPARE(hex.substr(0, head.size()), head);
    QCOMPARE(plain->size(), std::size_t{191});
    QCOMPARE(hex.substr(head.size()), std::string("e9240af1b761358ae6e99f3efe71b783a89d3441f6e2f569cb214bd3d35dac18"
                                                  "3900cb1ea5638647d72eae7f868992d42186c6ab3d3006a5b67a469e6935f000"));

    const Bytes part1 = sealKeyPart1(m_buyer.boxKey(), hashOf(7), {Bytes(104, 5), secretOf(3, 16)}, m_random);
    QCOMPARE(toHex(m_buyer.openBox(part1)->view()),
             "a3015820" + toHex(Bytes(32, 7)) + "025868" + toHex(Bytes(104, 5)) + "0350" + toHex(Bytes(16, 3)));
    const Bytes part2 = sealKeyPart2(m_buyer.boxKey(), hashOf(7), secretOf(4, 16), m_random);
    QCOMPARE(toHex(m_buyer.openBox(part2)->view()), "a2015820" + toHex(Bytes(32, 7)) + "0250" + toHex(Bytes(16, 4)));
    QCOMPARE(depositHash(Bytes{1, 2, 3}).hex(),
             std::string("e839eee17bb2ad874832f2fbd729681e4742265af54b19c5daf8f3be4854fb1f"));
    QCOMPARE(partHash(Bytes{1, 2, 3}).hex(),
             std::string("0d73ee1b2d782f394053a697b76ecfcc6c638280bba0e4674db65890c423999d"));
}

void TestDeposit::depositComesBack() {
    const Bytes box = sealDeposit(crypto::boxKeyOf(m_secret), hashOf(7), content(), m_seller, m_random);
    const auto opened = openDeposit(m_secret, box, hashOf(7), m_seller.key());
    QVERIFY(opened.ok());
    QVERIFY(opened->secrets.firstPassword.equals(Bytes(32, 1)));
    QVERIFY(opened->secrets.plainSalt.equals(Bytes(32, 2)));
    QVERIFY(opened->fingerprintPart.equals(Bytes(16, 3)));
}

void TestDeposit::depositIsRefused() {
    const BoxKey key = crypto::boxKeyOf(m_secret);
    Bytes box = sealDeposit(key, hashOf(7), content(), m_seller, m_random);
    QCOMPARE(openDeposit(secretOf(8, 32), box, hashOf(7), m_seller.key()).error(), BoxError::NotOurs);
    QCOMPARE(openDeposit(m_secret, box, hashOf(6), m_seller.key()).error(), BoxError::OtherSale);
    QCOMPARE(openDeposit(m_secret, box, hashOf(7), m_buyer.key()).error(), BoxError::WrongSignature);
    const Bytes garbage = crypto::sealBox(key, bytesOf("a deposit"), m_random);
    QCOMPARE(openDeposit(m_secret, garbage, hashOf(7), m_seller.key()).error(), BoxError::Malformed);
    const Bytes other =
        sealDeposit(key, hashOf(7), {{secretOf(1, 31), secretOf(2, 32)}, secretOf(3, 16)}, m_seller, m_random);
    QCOMPARE(openDeposit(m_secret, other, hashOf(7), m_seller.key()).error(), BoxError::Malformed);
    for (std::size_t i = 0; i < box.size(); i += 17) {
        box[i] ^= 1;
        QCOMPARE(openDeposit(m_secret, box, hashOf(7), m_seller.key()).error(), BoxError::NotOurs);
        box[i] ^= 1;
    }
    box.pop_back();
    QCOMPARE(openDeposit(m_secret, box, hashOf(7), m_seller.key()).error(), BoxError::NotOurs);
}

void TestDeposit::partsComeBack() {
    const auto first = openKeyPart1(
        m_buyer, sealKeyPart1(m_buyer.boxKey(), hashOf(7), {Bytes(104, 5), secretOf(3, 16)}, m_random), hashOf(7));
    QVERIFY(first.ok());
    QCOMPARE(first->c1, Bytes(104, 5));
    QVERIFY(first->fingerprintPart.equals(Bytes(16, 3)));
    const auto second =
        openKeyPart2(m_buyer, sealKeyPart2(m_buyer.boxKey(), hashOf(7), secretOf(4, 16), m_random), hashOf(7));
    QVERIFY(second.ok());
    QVERIFY(second->equals(Bytes(16, 4)));
}

void TestDeposit::partsAreRefused() {
    const Bytes part1 = sealKeyPart1(m_buyer.boxKey(), hashOf(7), {Bytes(104, 5), secretOf(3, 16)}, m_random);
    const Bytes part2 = sealKeyPart2(m_buyer.boxKey(), hashOf(7), secretOf(4, 16), m_random);
    QCOMPARE(openKeyPart1(m_seller, part1, hashOf(7)).error(), BoxError::NotOurs);
    QCOMPARE(openKeyPart1(m_buyer, part1, hashOf(6)).error(), BoxError::OtherSale);
    QCOMPARE(openKeyPart1(m_buyer, part2, hashOf(7)).error(), BoxError::Malformed);
    QCOMPARE(openKeyPart2(m_seller, part2, hashOf(7)).error(), BoxError::NotOurs);
    QCOMPARE(openKeyPart2(m_buyer, part2, hashOf(6)).error(), BoxError::OtherSale);
    QCOMPARE(openKeyPart2(m_buyer, part1, hashOf(7)).error(), BoxError::Malformed);
    QVERIFY(depositHash(part1) != partHash(part1)); // one is never taken for the other
}

QTEST_GUILESS_MAIN(TestDeposit)
#include "tst_deposit.moc"
