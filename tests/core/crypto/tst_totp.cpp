// One-time codes against the vectors of RFC 6238, appendix B, and RFC 4226, appendix D.
#include "core/crypto/Totp.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::crypto;

namespace {
const std::string kDigits = "1234567890123456789012345678901234567890123456789012345678901234";
std::string textOfCode(const SecretBytes& code) {
    return std::string(reinterpret_cast<const char*>(code.data()), code.size());
}
ByteView secretOf(TotpHash hash) {
    const std::size_t size = hash == TotpHash::Sha1 ? 20 : hash == TotpHash::Sha256 ? 32 : 64;
    return viewOf(kDigits).first(size);
}
} // namespace

class TestTotp : public QObject {
    Q_OBJECT
private slots:
    void vectorsOfRfc6238_data() {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("sha1");
        QTest::addColumn<QString>("sha256");
        QTest::addColumn<QString>("sha512");
        const auto row = [](qint64 seconds, const char* sha1, const char* sha256, const char* sha512) {
            QTest::addRow("%lld", static_cast<long long>(seconds))
                << seconds << QString::fromLatin1(sha1) << QString::fromLatin1(sha256) << QString::fromLatin1(sha512);
        };
        row(59, "94287082", "46119246", "90693936");
        row(1111111109, "07081804", "68084774", "25091201");
        row(1111111111, "14050471", "67062674", "99943326");
        row(1234567890, "89005924", "91819424", "93441116");
        row(2000000000, "69279037", "90698825", "38618901");
        row(20000000000, "65353130", "77737706", "47863826");
    }
    void vectorsOfRfc6238() {
        QFETCH(const qint64, seconds);
        QFETCH(const QString, sha1);
        QFETCH(const QString, sha256);
        QFETCH(const QString, sha512);
        const auto code = [&](TotpHash hash) {
            const TotpKind kind{hash, 8, 30};
            return QString::fromStdString(textOfCode(totpCode(secretOf(hash), totpStep(seconds * 1000, kind), kind)));
        };
        QCOMPARE(code(TotpHash::Sha1), sha1);
        QCOMPARE(code(TotpHash::Sha256), sha256);
        QCOMPARE(code(TotpHash::Sha512), sha512);
    }

    void vectorsOfRfc4226() {
        const char* const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                     "254676", "287922", "162583", "399871", "520489"};
        for (std::uint64_t step = 0; step < std::size(codes); ++step) {
            QCOMPARE(textOfCode(totpCode(secretOf(TotpHash::Sha1), step)), std::string(codes[step]));
        }
    }

    /// The code of step 100 at the edges of the time in which it is taken.
    void windowOfOneStep_data() {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<bool>("taken");
        QTest::newRow("too early") << qint64{99 * 30'000 - 1} << false;
        QTest::newRow("a step early") << qint64{99 * 30'000} << true;
        QTest::newRow("now") << qint64{100 * 30'000} << true;
        QTest::newRow("a step late") << qint64{102 * 30'000 - 1} << true;
        QTest::newRow("too late") << qint64{102 * 30'000} << false;
        QTest::newRow("the beginning of time") << qint64{0} << false;
    }
    void windowOfOneStep() {
        QFETCH(const qint64, ms);
        QFETCH(const bool, taken);
        const ByteView secret = secretOf(TotpHash::Sha1);
        const std::string code = textOfCode(totpCode(secret, 100));
        const auto step = checkTotp(secret, code, ms, std::nullopt);
        QCOMPARE(step, taken ? std::optional<std::uint64_t>(100) : std::nullopt);
    }

    void aUsedStepIsNeverTakenAgain() {
        const ByteView secret = secretOf(TotpHash::Sha1);
        const std::int64_t nowMs = 100 * 30'000;
        const auto codeOf = [&](std::uint64_t step) { return textOfCode(totpCode(secret, step)); };
        QVERIFY(checkTotp(secret, codeOf(100), nowMs, 99));
        QVERIFY(!checkTotp(secret, codeOf(100), nowMs, 100));
        QVERIFY(!checkTotp(secret, codeOf(99), nowMs, 100)); // nor one before it
        QVERIFY(checkTotp(secret, codeOf(101), nowMs, 100));
    }

    void whatIsNoCodeIsRefused() {
        const ByteView secret = secretOf(TotpHash::Sha1);
        const std::string right = textOfCode(totpCode(secret, 100));
        for (const std::string& wrong : {std::string(), right.substr(1), right + "0", " " + right.substr(1),
                                         std::string("\xd9\xa1\xd9\xa1\xd9\xa1"), std::string(6, '\0')}) {
            QVERIFY(!checkTotp(secret, wrong, 100 * 30'000, std::nullopt));
        }
        QVERIFY(!checkTotp(secretOf(TotpHash::Sha256), right, 100 * 30'000, std::nullopt)); // another secret
    }

    /// RFC 4648, section 10, without the padding.
    void base32_data() {
        QTest::addColumn<QString>("plain");
        QTest::addColumn<QString>("encoded");
        const char* const vectors[][2] = {{"", ""},
                                          {"f", "MY"},
                                          {"fo", "MZXQ"},
                                          {"foo", "MZXW6"},
                                          {"foob", "MZXW6YQ"},
                                          {"fooba", "MZXW6YTB"},
                                          {"foobar", "MZXW6YTBOI"}};
        for (const auto& vector : vectors)
            QTest::newRow(vector[1]) << QString::fromLatin1(vector[0]) << QString::fromLatin1(vector[1]);
    }
    void base32() {
        QFETCH(QString, plain);
        QFETCH(QString, encoded);
        const SecretBytes made = crypto::base32Of(viewOf(plain.toStdString()));
        QCOMPARE(std::string(made.data(), made.data() + made.size()), encoded.toStdString());
    }

    void theAddressForAnAuthenticator() {
        const SecretBytes uri = crypto::otpauthUri(viewOf("foobar"), "Tally & Co", "ann@home:1");
        QCOMPARE(
            std::string(uri.data(), uri.data() + uri.size()),
            std::string("otpauth://totp/Tally%20%26%20Co:ann%40home%3A1?secret=MZXW6YTBOI&issuer=Tally%20%26%20Co"));
    }
};

QTEST_GUILESS_MAIN(TestTotp)
#include "tst_totp.moc"
