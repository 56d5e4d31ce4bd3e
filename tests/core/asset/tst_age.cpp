#include "core/asset/AgeKey.h"
#include "core/asset/SealedFile.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;

/// The key pair that a test seals to, as age writes it.
struct Keys {
    SecretBytes identity = crypto::newBoxSecret(systemRandom);
    BoxKey recipient = crypto::boxKeyOf(identity);
};

Bytes sealed(const Bytes& plain, const BoxKey& to, unsigned threads = 2) {
    BytesSource source(plain);
    BytesSink sink;
    Work work;
    work.threads = threads;
    const auto done = sealAge(source, sink, to, systemRandom, work);
    return done ? sink.take() : Bytes();
}
Result<Bytes, SealError> opened(const Bytes& file, std::span<const SecretBytes> identities) {
    BytesSource source(file);
    BytesSink sink;
    const auto done = openAge(source, sink, identities);
    if (!done) return Err(done.error());
    return sink.take();
}
Result<Bytes, SealError> opened(const Bytes& file, const SecretBytes& identity) {
    return opened(file, std::span(&identity, 1));
}
} // namespace

class TestAge : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    void save(const char* name, ByteView bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size())),
                 static_cast<qint64>(bytes.size()));
    }
    Bytes load(const char* name) {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadOnly)) return bytesOf("no such file");
        const QByteArray bytes = file.readAll();
        return {bytes.begin(), bytes.end()};
    }
    // Runs a stock program; true if it ended with exit code 0.
    bool run(const QString& program, const QStringList& arguments) {
        QProcess process;
        process.start(program, arguments);
        return process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit &&
               process.exitCode() == 0;
    }

    static void sizes() {
        QTest::addColumn<int>("size");
        const int chunk = static_cast<int>(kChunkSize);
        const int portion = static_cast<int>(kPortionSize);
        for (const int size : {0, 1, 1000, chunk - 1, chunk, chunk + 1, 2 * chunk, portion - 1, portion, portion + 1,
                               3 * portion, 5 * portion + 12345}) {
            QTest::addRow("%d bytes", size) << size;
        }
    }

private slots:
    void recipientsRefused_data() {
        QTest::addColumn<QString>("text");
        Keys keys;
        const QString good = QString::fromStdString(recipientText(keys.recipient));
        QTest::newRow("nothing") << QString();
        QTest::newRow("upper case") << good.toUpper();
        QTest::newRow("mixed case") << QLatin1String("Age") + good.mid(3);
        QTest::newRow("cut") << good.chopped(1);
        QTest::newRow("longer") << good + QLatin1Char('q');
        QTest::newRow("other prefix") << QLatin1String("agf") + good.mid(3);
        QTest::newRow("identity") << QString::fromStdString(textOf(identityText(keys.identity).view()));
        QTest::newRow("space") << good + QLatin1Char(' ');
        QTest::newRow("foreign letter") << good.left(10) + QLatin1Char('b') + good.mid(11);
        for (int i = 4; i < good.size(); i += 7) {
            QString typo = good;
            typo[i] = typo[i] == QLatin1Char('q') ? QLatin1Char('p') : QLatin1Char('q');
            QTest::addRow("typo at %d", i) << typo;
        }
    }
    void recipientsRefused() {
        QFETCH(QString, text);
        QVERIFY(!parseRecipient(text.toStdString()));
        QVERIFY(!parseIdentity(text.toStdString()) || text.startsWith(QLatin1String("AGE-SECRET-KEY-1")));
    }

    void keysAsText() {
        Keys keys;
        QVERIFY(parseRecipient(recipientText(keys.recipient)).ok());
        QCOMPARE(*parseRecipient(recipientText(keys.recipient)), keys.recipient);
        const SecretBytes text = identityText(keys.identity);
        QCOMPARE(text.size(), std::size_t{74});
        QVERIFY(parseIdentity(textOf(text.view()))->equals(keys.identity.view()));
        QVERIFY(!parseIdentity(QString::fromStdString(textOf(text.view())).toLower().toStdString()));
    }

    void keyFiles() {
        Keys keys;
        const std::string text = textOf(keyFileText(keys.identity, 1700000000000).view());
        QVERIFY(text.starts_with("# created: 2023-11-14T22:13:20Z\n# public key: age1"));
        const auto parsed = parseKeyFile(text + "\r\n#\n" + text);
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->size(), std::size_t{2});
        QVERIFY(parsed->front().equals(keys.identity.view()));
        QCOMPARE(parseKeyFile("# nothing\n\n").error(), AgeKeyError::NoIdentity);
        QCOMPARE(parseKeyFile(text + "rubbish\n").error(), AgeKeyError::NotAnIdentity);
        std::string many;
        for (int i = 0; i < 1001; ++i) many += text;
        QCOMPARE(parseKeyFile(many).error(), AgeKeyError::TooMany);
    }

    void stockKeygenIsRead() {
        QVERIFY(run(QStringLiteral("age-keygen"), {QStringLiteral("-o"), path("stock.key")}));
        const auto identities = parseKeyFile(textOf(load("stock.key")));
        QVERIFY(identities.ok());
        const Bytes plain = bytesOf("hello");
        QCOMPARE(*opened(sealed(plain, crypto::boxKeyOf(identities->front())), *identities), plain);
        QProcess keygen; // and both derive the same recipient
        keygen.start(QStringLiteral("age-keygen"), {QStringLiteral("-y"), path("stock.key")});
        QVERIFY(keygen.waitForFinished(60000));
        QCOMPARE(keygen.readAllStandardOutput().trimmed().toStdString(),
                 recipientText(crypto::boxKeyOf(identities->front())));
    }

    void stockOpensOurs_data() { sizes(); }
    void stockOpensOurs() {
        QFETCH(int, size);
        Keys keys;
        const Bytes plain = test::noise(static_cast<std::size_t>(size));
        save("ours.key", keyFileText(keys.identity, 0).view());
        save("ours.age", sealed(plain, keys.recipient));
        // Through standard output: age 1.1 creates no file for an empty plain text.
        QProcess age;
        age.setStandardOutputFile(path("ours.out"));
        age.start(QStringLiteral("age"),
                  {QStringLiteral("-d"), QStringLiteral("-i"), path("ours.key"), path("ours.age")});
        QVERIFY(age.waitForFinished(60000));
        QCOMPARE(age.exitCode(), 0);
        QVERIFY(load("ours.out") == plain);
    }

    void weOpenStock_data() { sizes(); }
    void weOpenStock() {
        QFETCH(int, size);
        Keys keys;
        Keys other;
        const Bytes plain = test::noise(static_cast<std::size_t>(size));
        save("stock.in", plain);
        QVERIFY(
            run(QStringLiteral("age"), {QStringLiteral("-r"), QString::fromStdString(recipientText(other.recipient)),
                                        QStringLiteral("-r"), QString::fromStdString(recipientText(keys.recipient)),
                                        QStringLiteral("-o"), path("stock.age"), path("stock.in")}));
        const Bytes file = load("stock.age");
        QVERIFY(*opened(file, keys.identity) == plain);
        QVERIFY(*opened(file, other.identity) == plain);
        QCOMPARE(opened(file, Keys().identity).error(), SealError::WrongKey);
    }

    void anyNumberOfThreadsGivesTheSame() {
        Keys keys;
        const Bytes plain = test::noise(4 * kPortionSize + 99);
        for (const unsigned threads : {1u, 2u, 3u, 8u}) {
            const Bytes file = sealed(plain, keys.recipient, threads);
            BytesSource source(file);
            BytesSink sink;
            Work work;
            work.threads = threads;
            const auto done = openAge(source, sink, {&keys.identity, 1}, work);
            QVERIFY(done.ok());
            QCOMPARE(done->plainSize, std::uint64_t{plain.size()});
            QCOMPARE(done->sealedSize, std::uint64_t{file.size()});
            QVERIFY(sink.bytes() == plain);
        }
    }

    void headersRefused_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("error");
        Keys keys;
        const Bytes bytes = sealed(bytesOf("hello"), keys.recipient);
        const QByteArray good(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        const QByteArray stanza = good.mid(22, good.indexOf("\n---") - 21); // with its last line feed
        const QByteArray end = good.mid(good.indexOf("---"));
        const QByteArray intro = "age-encryption.org/v1\n";
        const auto row = [](const char* name, const QByteArray& file, SealError error) {
            QTest::newRow(name) << file << static_cast<int>(error);
        };
        row("nothing", "", SealError::NotAge);
        row("a picture", "\x89PNG\r\n", SealError::NotAge);
        row("the next version", "age-encryption.org/v2\n" + stanza + end, SealError::NotAge);
        row("Windows line ends", "age-encryption.org/v1\r\n" + stanza + end, SealError::NotAge);
        row("armor alone", "-----BEGIN AGE ENCRYPTED FILE-----\n", SealError::ArmorMalformed);
        row("intro only", intro, SealError::Truncated);
        row("ends in a stanza", intro + stanza.left(20), SealError::Truncated);
        row("ends in the MAC", intro + stanza + end.left(20), SealError::Truncated);
        row("no stanza", intro + end, SealError::HeaderMalformed);
        row("no dash", intro + stanza + "\n" + end, SealError::HeaderMalformed);
        row("stanza without a name", intro + "-> \n\n" + end, SealError::HeaderMalformed);
        row("two spaces", intro + "->  X25519\n\n" + end, SealError::HeaderMalformed);
        row("space at the end", intro + "-> X25519 \n\n" + end, SealError::HeaderMalformed);
        row("control character", intro + "-> a\tb\n\n" + end, SealError::HeaderMalformed);
        row("long body line", intro + "-> a\n" + QByteArray(65, 'A') + "\n\n" + end, SealError::HeaderMalformed);
        row("padded body", intro + "-> a\nAA==\n" + end, SealError::HeaderMalformed);
        row("body not canonical", intro + "-> a\nAB\n" + end, SealError::HeaderMalformed);
        row("body of one letter", intro + "-> a\nA\n" + end, SealError::HeaderMalformed);
        row("body with other letters", intro + "-> a\nA_-A\n" + end, SealError::HeaderMalformed);
        row("missing short line", intro + "-> a\n" + QByteArray(64, 'A') + "\n" + end, SealError::HeaderMalformed);
        row("MAC with a wrong length", intro + stanza + "--- AAAA\n", SealError::HeaderMalformed);
        row("MAC padded", intro + stanza + end.left(47) + "=\n", SealError::HeaderMalformed);
        row("no space before the MAC", intro + stanza + "---" + end.mid(4), SealError::HeaderMalformed);
        row("forged MAC", intro + stanza + "--- " + QByteArray(43, 'A') + "\n", SealError::HeaderForged);
        row("another stanza added", intro + stanza + "-> grease\n\n" + end, SealError::HeaderForged);
        row("share missing", intro + "-> X25519\n" + stanza.mid(stanza.indexOf('\n') + 1) + end,
            SealError::HeaderMalformed);
        row("share of low order", intro + "-> X25519 " + QByteArray(43, 'A') + stanza.mid(stanza.indexOf('\n')) + end,
            SealError::HeaderMalformed);
        row("wrapped key too short", intro + stanza.left(stanza.indexOf('\n') + 1) + "AAAA\n" + end,
            SealError::HeaderMalformed);
        row("only unknown stanzas", intro + "-> ssh-ed25519 a b\nAAAA\n" + end, SealError::WrongKey);
        row("passphrase beside a key", intro + stanza + "-> scrypt AAAA 10\nAAAA\n" + end, SealError::HeaderMalformed);
        row("endless stanza", intro + "-> " + QByteArray(300000, 'a') + "\n", SealError::HeaderTooLong);
        // The identity of the good stanza is needed to come that far.
        m_headerIdentity = keys.identity.clone();
    }
    void headersRefused() {
        QFETCH(QByteArray, file);
        QFETCH(int, error);
        const Bytes bytes(file.begin(), file.end());
        const auto result = opened(bytes, m_headerIdentity);
        QVERIFY(!result);
        QCOMPARE(nameOf(result.error()), nameOf(static_cast<SealError>(error)));
    }

private:
    SecretBytes m_headerIdentity;
};

QTEST_GUILESS_MAIN(TestAge)
#include "tst_age.moc"
