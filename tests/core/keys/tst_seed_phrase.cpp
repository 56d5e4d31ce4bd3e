#include "core/crypto/Hash.h"
#include "core/keys/SeedPhrase.h"
#include "core/keys/WordList.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <set>

using namespace tallylock;
using namespace tallylock::keys;

namespace {
std::string repeated(const char* word, int times, const char* last) {
    std::string text;
    for (int i = 0; i < times; ++i) text += std::string(word) + " ";
    return text + last;
}
std::string plainText(const SeedPhrase& phrase) { return textOf(phrase.text().view()); }
} // namespace

class TestSeedPhrase : public QObject {
    Q_OBJECT
private slots:
    void wordListIsThePublishedOne() {
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/resources/words/english.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        const Bytes bytes(text.begin(), text.end());
        QCOMPARE(crypto::sha256(bytes).hex(),
                 std::string("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"));
        std::string built;
        for (const std::string_view word : kWords) built.append(word).push_back('\n');
        QCOMPARE(built, text.toStdString());
        QVERIFY(std::is_sorted(kWords.begin(), kWords.end()));
    }

    void faults_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("position");
        const auto row = [](const char* name, const std::string& text, PhraseError error, int position) {
            QTest::newRow(name) << QString::fromStdString(text) << static_cast<int>(error) << position;
        };
        row("nothing", "", PhraseError::WrongCount, 0);
        row("eleven words", repeated("abandon", 10, "about"), PhraseError::WrongCount, 11);
        row("thirteen words", repeated("abandon", 12, "about"), PhraseError::WrongCount, 13);
        row("nine words", repeated("abandon", 8, "about"), PhraseError::WrongCount, 9);
        row("twenty-seven words", repeated("abandon", 26, "about"), PhraseError::WrongCount, 27);
        row("a foreign first word", "abandonn " + repeated("abandon", 10, "about"), PhraseError::UnknownWord, 1);
        row("a foreign last word", repeated("abandon", 11, "aboot"), PhraseError::UnknownWord, 12);
        row("a very long word", repeated("abandon", 11, "zoozoozoozoozoozoozoozoozoozoo"), PhraseError::UnknownWord,
            12);
        row("a prefix only", repeated("abandon", 11, "abou"), PhraseError::UnknownWord, 12);
        row("a letter of another script",
            repeated("abandon", 11,
                     "\xc3\xa4"
                     "bout"),
            PhraseError::UnknownWord, 12);
        row("swapped words", "about " + repeated("abandon", 10, "abandon"), PhraseError::WrongChecksum, 0);
        row("wrong last word", repeated("abandon", 11, "abandon"), PhraseError::WrongChecksum, 0);
        row("wrong last of 24", repeated("zoo", 23, "zoo"), PhraseError::WrongChecksum, 0);
    }
    void faults() {
        QFETCH(QString, text);
        QFETCH(int, error);
        QFETCH(int, position);
        const auto parsed = SeedPhrase::parse(text.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(static_cast<int>(parsed.error().error), error);
        QCOMPARE(parsed.error().position, static_cast<std::size_t>(position));
    }

    /// From the reference list of BIP-39, passphrase "TREZOR".
    void published_data() {
        QTest::addColumn<QString>("entropy");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("seed");
        const auto row = [](const char* entropy, const std::string& words, const char* seed) {
            QTest::newRow(entropy) << QString::fromLatin1(entropy) << QString::fromStdString(words)
                                   << QString::fromLatin1(seed);
        };
        row("00000000000000000000000000000000", repeated("abandon", 11, "about"),
            "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4a"
            "b7c81b2f001698e7463b04");
        row("7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank yellow",
            "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd38"
            "1ee6260e8d9739fce1f607");
        row("80808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
            "d71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f"
            "985ec81778c1b370b652a8");
        row("ffffffffffffffffffffffffffffffff", repeated("zoo", 11, "wrong"),
            "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651"
            "a14c34e18231052e48c069");
        row("000000000000000000000000000000000000000000000000", repeated("abandon", 17, "agent"),
            "035895f2f481b1b0f01fcf8c289c794660b289981a78f8106447707fdd9666ca06da5a9a565181599b79f53b844d8a71dd9f439c52"
            "a3d7b3e8a79c906ac845fa");
        row("0000000000000000000000000000000000000000000000000000000000000000", repeated("abandon", 23, "art"),
            "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10"
            "be8ed2a5e608d68f92fcc8");
        row("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", repeated("zoo", 23, "vote"),
            "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992c456cdf60f"
            "5d4564b8ba3f05a69890ad");
    }
    void published() {
        QFETCH(QString, entropy);
        QFETCH(QString, words);
        QFETCH(QString, seed);
        const Bytes bytes = *fromHex(entropy.toStdString());
        const SeedPhrase made = SeedPhrase::fromEntropy(bytes);
        QCOMPARE(plainText(made), words.toStdString());
        const auto parsed = SeedPhrase::parse(words.toStdString());
        QVERIFY(parsed.ok());
        QVERIFY(parsed->entropy().equals(bytes));
        QCOMPARE(toHex(parsed->seed("TREZOR")->view()), seed.toStdString());
    }

    void caseAndSpaceDoNotMatter() {
        const auto parsed = SeedPhrase::parse("\n ZOO zoo\tZoo zoo zoo zoo\r\nzoo zoo zoo zoo  zoo wrong ");
        QVERIFY(parsed.ok());
        QCOMPARE(plainText(*parsed), repeated("zoo", 11, "wrong"));
    }

    void passphraseMustBeAscii() {
        const SeedPhrase phrase = SeedPhrase::fromEntropy(Bytes(16, 1));
        const auto seed = phrase.seed("gr\xc3\xbc\xc3\x9f");
        QVERIFY(!seed);
        QCOMPARE(seed.error(), PhraseError::PassphraseNotAscii);
        QVERIFY(phrase.seed("").ok());
        QVERIFY(!phrase.seed("a")->equals(phrase.seed("b")->view()));
    }

    void createdPhrasesParseAndDiffer() {
        SystemRandom random;
        std::set<std::string> seen;
        for (const std::size_t count : {12u, 15u, 18u, 21u, 24u}) {
            for (int i = 0; i < 20; ++i) {
                const SeedPhrase phrase = SeedPhrase::create(random, count);
                QCOMPARE(phrase.wordCount(), count);
                const auto again = SeedPhrase::parse(plainText(phrase));
                QVERIFY(again.ok());
                QVERIFY(again->entropy().equals(phrase.entropy().view()));
                seen.insert(plainText(phrase));
            }
        }
        QCOMPARE(seen.size(), std::size_t{100});
    }

    void completion() {
        using Words = std::vector<std::string_view>;
        QCOMPARE(wordsStartingWith("zo"), (Words{"zone", "zoo"}));
        QCOMPARE(wordsStartingWith("zoo"), Words{"zoo"});
        QCOMPARE(wordsStartingWith("zoox"), Words{});
        QCOMPARE(wordsStartingWith("ab", 3), (Words{"abandon", "ability", "able"}));
        QCOMPARE(wordsStartingWith("").size(), std::size_t{8});
        QVERIFY(isPhraseWord("abandon"));
        QVERIFY(!isPhraseWord("aband"));
        QVERIFY(!isPhraseWord(""));
    }
};

QTEST_GUILESS_MAIN(TestSeedPhrase)
#include "tst_seed_phrase.moc"
