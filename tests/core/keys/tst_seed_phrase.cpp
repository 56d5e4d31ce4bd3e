#include "core/crypto/Hash.h"
#include "core/keys/Normal.h"
#include "core/keys/SeedPhrase.h"
#include "core/keys/WordList.h"
#include "tests/support/Seed.h"
#include "tests/support/Vectors.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <map>
#include <random>
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
    /// The SHA-256 of each list as it is published beside BIP-39.
    void wordListsArePublishedOnes_data() {
        QTest::addColumn<int>("language");
        QTest::addColumn<QString>("sha256");
        const auto row = [](const char* name, Language language, const char* sha256) {
            QTest::newRow(name) << static_cast<int>(language) << QString::fromLatin1(sha256);
        };
        row("english", Language::English, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
        row("japanese", Language::Japanese, "2eed0aef492291e061633d7ad8117f1a2b03eb80a29d0e4e3117ac2528d05ffd");
        row("korean", Language::Korean, "9e95f86c167de88f450f0aaf89e87f6624a57f973c67b516e338e8e8b8897f60");
        row("spanish", Language::Spanish, "46846a5a0139d1e3cb77293e521c2865f7bcdb82c44e8d0a06a2cd0ecba48c0b");
        row("chinese_simplified", Language::ChineseSimplified,
            "5c5942792bd8340cb8b27cd592f1015edf56a8c5b26276ee18a482428e7c5726");
        row("chinese_traditional", Language::ChineseTraditional,
            "417b26b3d8500a4ae3d59717d7011952db6fc2fb84b807f3f94ac734e89c1b5f");
        row("french", Language::French, "ebc3959ab7801a1df6bac4fa7d970652f1df76b683cd2f4003c941c63d517e59");
        row("italian", Language::Italian, "d392c49fdb700a24cd1fceb237c1f65dcc128f6b34a8aacb58b59384b5c648c2");
        row("czech", Language::Czech, "7e80e161c3e93d9554c2efb78d4e3cebf8fc727e9c52e03b83b94406bdcc95fc");
        row("portuguese", Language::Portuguese, "2685e9c194c82ae67e10ba59d9ea5345a23dc093e92276fc5361f6667d79cd3f");
    }
    void wordListsArePublishedOnes() {
        QFETCH(int, language);
        QFETCH(QString, sha256);
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/resources/words/%1.txt")
                       .arg(QString::fromLatin1(QTest::currentDataTag())));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        const Bytes bytes(text.begin(), text.end());
        QCOMPARE(crypto::sha256(bytes).hex(), sha256.toStdString());
        std::string built;
        for (const std::string_view word : kWordLists[static_cast<std::size_t>(language)])
            built.append(word).push_back('\n');
        QCOMPARE(built, text.toStdString());
        for (const std::string_view word : kWordLists[static_cast<std::size_t>(language)]) {
            const auto normal = normalWords(word);
            QVERIFY(normal && normal->equals(viewOf(word)));
        }
    }

    void faults_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("error");
        QTest::addColumn<int>("position");
        const auto row = [](const char* name, const std::string& text, PhraseError error, int position) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << static_cast<int>(error) << position;
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
                     "\xd0\xb0"
                     "bout"),
            PhraseError::UnknownWord, 12);
        row("two languages", repeated("abandon", 11, "casa"), PhraseError::MixedLanguages, 12);
        row("another language first", "zurdo " + repeated("abandon", 10, "about"), PhraseError::MixedLanguages, 2);
        row("an unknown word among two languages", "zurdo " + repeated("abandon", 10, "aboot"),
            PhraseError::UnknownWord, 12);
        row("simplified and traditional Chinese", repeated("\xe7\xbb\x99", 11, "\xe7\xb5\xa6"),
            PhraseError::MixedLanguages, 12);
        row("not UTF-8", repeated("abandon", 11, "abou\xc3"), PhraseError::InvalidUtf8, 0);
        row("an overlong letter", repeated("abandon", 11, "\xc1\xa1"), PhraseError::InvalidUtf8, 0);
        row("a surrogate", repeated("abandon", 11, "\xed\xa0\x80"), PhraseError::InvalidUtf8, 0);
        row("kana without its voicing mark",
            repeated("\xe3\x81\x82\xe3\x81\x84\xe3\x81\x93\xe3\x81\x8f\xe3\x81\x97\xe3\x82\x93", 11,
                     "\xe3\x81\x82\xe3\x81\x8a\xe3\x81\x9d\xe3\x82\x89"),
            PhraseError::UnknownWord, 12);
        row("swapped words", "about " + repeated("abandon", 10, "abandon"), PhraseError::WrongChecksum, 0);
        row("wrong last word", repeated("abandon", 11, "abandon"), PhraseError::WrongChecksum, 0);
        row("wrong last of 24", repeated("zoo", 23, "zoo"), PhraseError::WrongChecksum, 0);
    }
    void faults() {
        QFETCH(QByteArray, text);
        QFETCH(int, error);
        QFETCH(int, position);
        const auto parsed = SeedPhrase::parse(text.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(static_cast<int>(parsed.error().error), error);
        QCOMPARE(parsed.error().position, static_cast<std::size_t>(position));
    }

    void published() {
        static const std::map<std::string, Language> kNames = {
            {"english", Language::English},
            {"japanese", Language::Japanese},
            {"korean", Language::Korean},
            {"spanish", Language::Spanish},
            {"chinese_simplified", Language::ChineseSimplified},
            {"chinese_traditional", Language::ChineseTraditional},
            {"french", Language::French},
            {"italian", Language::Italian},
            {"czech", Language::Czech},
            {"portuguese", Language::Portuguese},
        };
        int count = 0;
        for (const auto& line : test::vectorLines("bip39.txt")) {
            const Language language = kNames.at(line[0]);
            const Bytes entropy = *fromHex(line[2]);
            const QString words = QString::fromStdString(line[3]);
            const SeedPhrase made = SeedPhrase::fromEntropy(entropy, language);
            QCOMPARE(QString::fromStdString(plainText(made)), words.normalized(QString::NormalizationForm_KD));
            QCOMPARE(toHex(made.seed(line[1])->view()), line[4]);
            // As they are published, composed, and in capitals.
            for (const QString& typed : {words, words.normalized(QString::NormalizationForm_C), words.toUpper()}) {
                const auto parsed = SeedPhrase::parse(typed.toStdString());
                QVERIFY2(parsed.ok(), qPrintable(typed));
                QCOMPARE(plainText(*parsed), plainText(made));
                QCOMPARE(toHex(parsed->seed(line[1])->view()), line[4]);
                // Words that are in both Chinese lists may be read as either.
                if (parsed->language() != language) {
                    QVERIFY(line[0].starts_with("chinese"));
                    continue;
                }
                QVERIFY(parsed->entropy().equals(entropy));
            }
            ++count;
        }
        QCOMPARE(count, 276);
    }

    /// Phrases of words that two languages have (the Chinese lists, and English and French): whichever it is read as,
    /// the words stay those that were typed, and so does the seed.
    void sharedWords() {
        std::mt19937_64 random(test::seedOr(1));
        const auto listOf = [](Language language) -> const WordList& {
            return kWordLists[static_cast<std::size_t>(language)];
        };
        const std::pair<Language, Language> pairs[] = {{Language::ChineseSimplified, Language::ChineseTraditional},
                                                       {Language::English, Language::French}};
        for (const auto& [one, other] : pairs) {
            std::vector<std::string_view> both;
            for (const std::string_view word : listOf(one)) {
                if (std::find(listOf(other).begin(), listOf(other).end(), word) != listOf(other).end())
                    both.push_back(word);
            }
            QCOMPARE(both.size(), std::size_t{one == Language::English ? 100u : 1275u});
            std::set<Language> seen;
            for (int i = 0; i < 2000; ++i) {
                std::string text(both[random() % both.size()]);
                for (int w = 1; w < 12; ++w) text.append(" ").append(both[random() % both.size()]);
                const auto parsed = SeedPhrase::parse(text);
                if (!parsed) {
                    QCOMPARE(parsed.error().error, PhraseError::WrongChecksum);
                    continue;
                }
                seen.insert(parsed->language());
                QCOMPARE(plainText(*parsed), text);
            }
            QVERIFY(seen.count(one) == 1);
            // Shared Chinese words have the same places in both lists, so that the first list always fits.
            QCOMPARE(seen.count(other), std::size_t{one == Language::English ? 1u : 0u});
        }
    }

    void accentsMayBeLeftOut() {
        const auto phrase = SeedPhrase::fromEntropy(Bytes(16, 0x01), Language::French);
        QString bare = QString::fromStdString(plainText(phrase));
        QVERIFY(bare.contains(QChar(0x301)));
        bare.remove(QChar(0x301)).remove(QChar(0x300));
        const auto parsed = SeedPhrase::parse(bare.toStdString());
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->language(), Language::French);
        QCOMPARE(plainText(*parsed), plainText(phrase));
    }

    void caseAndSpaceDoNotMatter() {
        const auto parsed = SeedPhrase::parse("\n ZOO zoo\tZoo zoo zoo zoo\r\nzoo zoo zoo zoo  zoo wrong ");
        QVERIFY(parsed.ok());
        QCOMPARE(plainText(*parsed), repeated("zoo", 11, "wrong"));
        // Ideographic, no-break, zero-width and line separators; full-width letters are letters.
        const auto odd =
            SeedPhrase::parse("\xef\xbb\xbfzoo\xe3\x80\x80zoo\xc2\xa0zoo\xe2\x80\x8bzoo\xe2\x80\xa8zoo zoo zoo "
                              "zoo zoo zoo \xef\xbd\x9a\xef\xbd\x8f\xef\xbd\x8f wrong");
        QVERIFY(odd.ok());
        QCOMPARE(plainText(*odd), repeated("zoo", 11, "wrong"));
    }

    void chineseNeedsNoSpaces() {
        const auto phrase = SeedPhrase::fromEntropy(Bytes(16, 0x5a), Language::ChineseTraditional);
        const QString dense = QString::fromStdString(plainText(phrase)).remove(u' ');
        const auto parsed = SeedPhrase::parse(dense.toStdString());
        QVERIFY(parsed.ok());
        QCOMPARE(plainText(*parsed), plainText(phrase));
    }

    void passphraseIsNormalised() {
        const SeedPhrase phrase = SeedPhrase::fromEntropy(Bytes(16, 1));
        const auto seed = phrase.seed("gr\xc3\xbc\xc3\x9f");
        QVERIFY(seed.ok());
        QVERIFY(seed->equals(phrase.seed("gru\xcc\x88\xc3\x9f")->view()));
        QVERIFY(!seed->equals(phrase.seed("GR\xc3\xbc\xc3\x9f")->view()));  // case counts
        QVERIFY(!seed->equals(phrase.seed("gr\xc3\xbc\xc3\x9f ")->view())); // and so do spaces
        QVERIFY(phrase.seed("").ok());
        QCOMPARE(phrase.seed("gr\xfc\xdf").error(), PhraseError::InvalidUtf8);
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
        QCOMPARE(wordsStartingWith("zone"), (Words{"zone"}));
        QCOMPARE(wordsStartingWith("zoo"), (Words{"zoo", "zoologie", "zoologia"}));
        QCOMPARE(wordsStartingWith("zoox"), Words{});
        QCOMPARE(wordsStartingWith("\xc3\x89TOIL"), Words{"e\xcc\x81toile"});
        QCOMPARE(wordsStartingWith("etoil"), Words{"e\xcc\x81toile"});
        QCOMPARE(wordsStartingWith("\xff"), Words{});
        QVERIFY(isPhraseWord("\xc3\xa9toile"));
        QVERIFY(isPhraseWord("ETOILE"));
        QVERIFY(!isPhraseWord("\xff"));
        QCOMPARE(wordsStartingWith("ab", 3), (Words{"abandon", "ability", "able"}));
        QCOMPARE(wordsStartingWith("").size(), std::size_t{8});
        QVERIFY(isPhraseWord("abandon"));
        QVERIFY(!isPhraseWord("aband"));
        QVERIFY(!isPhraseWord(""));
    }
};

QTEST_GUILESS_MAIN(TestSeedPhrase)
#include "tst_seed_phrase.moc"
