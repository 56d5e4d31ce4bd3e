#include "core/asset/AgeArmor.h"
#include "core/asset/SealedFile.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"

#include <QTest>
#include <map>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;

std::string armorOf(ByteView file, std::size_t piece = 1000) {
    BytesSink sink;
    ArmoringSink armor(sink);
    for (; !file.empty(); file = file.subspan(std::min(piece, file.size()))) {
        if (!armor.write(file.first(std::min(piece, file.size())))) return {};
    }
    return armor.finish() ? textOf(sink.bytes()) : std::string();
}

/// What stands in the armor, read in pieces.
Result<Bytes, SealError> dearmored(std::string_view text, std::size_t piece = 777) {
    BytesSource source(viewOf(text));
    DearmoringSource armor(source);
    Bytes all;
    Bytes buffer(piece);
    for (;;) {
        const auto got = armor.read(buffer);
        if (!got) return Err(got.error());
        if (*got == 0) return all;
        append(all, ByteView(buffer).first(*got));
    }
}

/// A small file, sealed, and what opens it.
struct Sealed {
    explicit Sealed(bool withPassphrase) : plain(test::noise(150)) {
        BytesSource source(plain);
        BytesSink sink;
        AgeRecipients recipients;
        if (withPassphrase) {
            recipients.passphrase = &passphrase;
            recipients.workFactor = 1;
        } else {
            recipients.keys = {&recipient, 1};
        }
        if (sealAge(source, sink, recipients, systemRandom)) file = sink.take();
    }
    const char* outcomeOf(ByteView bytes) const {
        BytesSource source(bytes);
        BytesSink sink;
        const auto done =
            openAge(source, sink, {.identities = {&identity, 1}, .passphrases = {&passphrase, 1}, .maxWorkFactor = 2});
        if (done && sink.bytes() != plain) return "other text";
        return done ? "opened" : nameOf(done.error());
    }
    Bytes plain;
    Bytes file;
    SecretBytes identity = crypto::newBoxSecret(systemRandom);
    BoxKey recipient = crypto::boxKeyOf(identity);
    SecretBytes passphrase = SecretBytes::copyOf(viewOf("open sesame"));
};
} // namespace

class TestAgeArmor : public QObject {
    Q_OBJECT
private slots:
    void everyCutIsRefused() {
        const Sealed sealed(false);
        const std::string armor = armorOf(sealed.file);
        QCOMPARE(sealed.outcomeOf(viewOf(armor)), "opened");
        QCOMPARE(sealed.outcomeOf({}), nameOf(SealError::NotAge));
        for (std::size_t size = 1; size + 1 < armor.size(); ++size)
            QCOMPARE(sealed.outcomeOf(viewOf(armor).first(size)), nameOf(SealError::ArmorMalformed));
        QCOMPARE(sealed.outcomeOf(viewOf(armor).first(armor.size() - 1)), "opened"); // only its line feed is missing
    }

    void everyFlippedByteIsRefused() {
        const Sealed sealed(false);
        const std::string armor = armorOf(sealed.file);
        std::map<std::string, int> seen;
        for (std::size_t i = 0; i + 1 < armor.size(); ++i) {
            for (const int flip : {0x01, 0x04, 0x20, 0x80}) {
                std::string bad = armor;
                bad[i] = static_cast<char>(bad[i] ^ flip);
                const std::string why = sealed.outcomeOf(viewOf(bad));
                QVERIFY2(why != "opened" && why != "other text", qPrintable(QString::number(i)));
                ++seen[why];
            }
        }
        for (const SealError error : {SealError::ArmorMalformed, SealError::NotAge, SealError::HeaderMalformed,
                                      SealError::WrongKey, SealError::HeaderForged, SealError::ChunkDamaged}) {
            QVERIFY2(seen[nameOf(error)] > 0, nameOf(error));
        }
    }

    void chunksMovedInArmor() {
        const Bytes plain = test::noise(3 * kChunkSize);
        const Sealed keys(false);
        BytesSource source(plain);
        BytesSink sink;
        QVERIFY(sealAge(source, sink, keys.recipient, systemRandom).ok());
        const Bytes good = sink.take();
        const auto chunk = [&](Bytes& file, std::size_t i) {
            return file.end() - static_cast<std::ptrdiff_t>((3 - i) * kSealedChunkSize);
        };
        Bytes swapped = good;
        std::swap_ranges(chunk(swapped, 0), chunk(swapped, 1), chunk(swapped, 1));
        QCOMPARE(keys.outcomeOf(viewOf(armorOf(swapped))), nameOf(SealError::ChunkDamaged));
        Bytes repeated = good;
        const Bytes last(chunk(repeated, 2), repeated.end());
        append(repeated, last);
        QCOMPARE(keys.outcomeOf(viewOf(armorOf(repeated))), nameOf(SealError::TrailingData));
        Bytes shorter = good;
        shorter.resize(shorter.size() - kSealedChunkSize);
        QCOMPARE(keys.outcomeOf(viewOf(armorOf(shorter))), nameOf(SealError::Truncated));
        QCOMPARE(keys.outcomeOf(viewOf(armorOf(good) + "more")), nameOf(SealError::ArmorMalformed));
    }

    void linesRefused_data() {
        QTest::addColumn<QByteArray>("text");
        const QByteArray begin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
        const QByteArray end = "-----END AGE ENCRYPTED FILE-----\n";
        const QByteArray full = QByteArray(64, 'A') + "\n";
        QTest::newRow("dash alone") << QByteArray("-");
        QTest::newRow("space alone") << QByteArray(" \n");
        QTest::newRow("no end") << begin + full;
        QTest::newRow("empty line") << begin + full + "\n" + end;
        QTest::newRow("long line") << begin + QByteArray(68, 'A') + "\n" + end;
        QTest::newRow("endless line") << begin + QByteArray(100000, 'A');
        QTest::newRow("line behind a short one") << begin + "AAAA\n" + full + end;
        QTest::newRow("line behind padding") << begin + QByteArray(62, 'A') + "==\n" + full + end;
        QTest::newRow("not canonical") << begin + "AB==\n" + end;
        QTest::newRow("padding missing") << begin + "AA\n" + end;
        QTest::newRow("carriage return within") << begin + "AA\rAA\n" + end;
        QTest::newRow("two carriage returns") << begin + "AAAA\r\r\n" + end;
        QTest::newRow("high bit") << begin + "AA\xaf" + "A\n" + end;
        QTest::newRow("end indented") << begin + full + " " + end;
        QTest::newRow("second armor") << begin + full + end + begin + full + end;
        QTest::newRow("much space in front") << QByteArray(1026, ' ') + begin + full + end;
        QTest::newRow("much space behind") << begin + full + end + QByteArray(1026, ' ');
    }
    void linesRefused() {
        QFETCH(QByteArray, text);
        const auto result = dearmored(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        QVERIFY(!result);
        QCOMPARE(nameOf(result.error()), nameOf(SealError::ArmorMalformed));
    }

    void roundTrips() {
        for (const std::size_t size : {0u, 1u, 47u, 48u, 49u, 96u, 1000u, 70000u}) {
            const Bytes bytes = test::noise(size);
            for (const std::size_t piece : {1u, 48u, 5000u}) {
                const std::string armor = armorOf(bytes, piece);
                for (const std::size_t out : {1u, 64u, 100000u}) {
                    const auto back = dearmored(armor, out);
                    QVERIFY(back.ok());
                    QVERIFY(*back == bytes);
                }
                std::string windows = "\r\n \t";
                for (const char c : armor) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
                QVERIFY(*dearmored(windows) == bytes);
            }
        }
        QVERIFY(*dearmored("age is binary") == bytesOf("age is binary"));
    }

    // --- passphrases
    // ---------------------------------------------------------------------------------------------------

    void passphraseFilesDamaged() {
        const Sealed sealed(true);
        QCOMPARE(sealed.outcomeOf(sealed.file), "opened");
        std::map<std::string, int> seen;
        for (std::size_t i = 0; i < sealed.file.size(); ++i) {
            for (const int flip : {0x01, 0x02, 0x08, 0x80}) {
                Bytes bad = sealed.file;
                bad[i] = static_cast<std::uint8_t>(bad[i] ^ flip);
                const std::string why = sealed.outcomeOf(bad);
                QVERIFY2(why != "opened" && why != "other text", qPrintable(QString::number(i)));
                ++seen[why];
            }
            QVERIFY(std::string(sealed.outcomeOf(ByteView(sealed.file).first(i))) != "opened");
        }
        for (const SealError error : {SealError::NotAge, SealError::HeaderMalformed, SealError::WrongPassphrase,
                                      SealError::WorkFactorTooHigh, SealError::HeaderForged, SealError::ChunkDamaged}) {
            QVERIFY2(seen[nameOf(error)] > 0, nameOf(error));
        }
    }

    void passphrasesAndKeysHaveTheirOwnErrors() {
        const Sealed withWords(true);
        const Sealed withKey(false);
        const SecretBytes other = SecretBytes::copyOf(viewOf("open barley"));
        const auto failure = [](const Bytes& file, const AgeSecrets& secrets) {
            BytesSource source(file);
            NullSink nowhere;
            const auto done = openAge(source, nowhere, secrets);
            return done ? "opened" : nameOf(done.error());
        };
        QCOMPARE(failure(withWords.file, {.identities = {&withKey.identity, 1}}), nameOf(SealError::PassphraseNeeded));
        QCOMPARE(failure(withWords.file, {.passphrases = {&other, 1}}), nameOf(SealError::WrongPassphrase));
        QCOMPARE(failure(withKey.file, {.passphrases = {&other, 1}}), nameOf(SealError::WrongKey));
        QCOMPARE(failure(withWords.file, {.passphrases = {&withWords.passphrase, 1}, .maxWorkFactor = 0}),
                 nameOf(SealError::WorkFactorTooHigh));
        // Both kinds at once, the fitting one last.
        std::vector<SecretBytes> phrases;
        phrases.push_back(other.clone());
        phrases.push_back(withWords.passphrase.clone());
        QCOMPARE(failure(withWords.file, {.identities = {&withKey.identity, 1}, .passphrases = phrases}), "opened");
        QCOMPARE(failure(withKey.file, {.identities = {&withKey.identity, 1}, .passphrases = phrases}), "opened");
    }

    void tooManyRecipients() {
        const Sealed sealed(false);
        const std::vector<BoxKey> many(3000, sealed.recipient);
        BytesSource source(sealed.plain);
        BytesSink sink;
        QCOMPARE(sealAge(source, sink, AgeRecipients{.keys = many}, systemRandom).error(), SealError::HeaderTooLong);
        QVERIFY(sink.bytes().empty());
    }
};

QTEST_GUILESS_MAIN(TestAgeArmor)
#include "tst_age_armor.moc"
