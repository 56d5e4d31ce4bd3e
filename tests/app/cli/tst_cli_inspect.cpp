#include "core/asset/AgeArmor.h"
#include "core/asset/Manifest.h"
#include "core/asset/Mark.h"
#include "core/asset/SealedFile.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"
#include "tests/support/FixedRandom.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray err;
};
} // namespace

/// inspect, portions, and verify of a sealed file and of one portion.
class TestCliInspect : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    Portions m_portions;
    Bytes m_sealed;
    Manifest m_manifest;

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    void save(const char* name, ByteView bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size())),
                 static_cast<qint64>(bytes.size()));
    }
    Bytes load(const char* name) {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadOnly)) return {};
        const QByteArray bytes = file.readAll();
        return {bytes.begin(), bytes.end()};
    }
    Outcome cli(const QString& arguments) {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), arguments.split(QLatin1Char(' ')));
        if (!process.waitForFinished(60000)) return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Outcome cli(const char* arguments) { return cli(QString::fromLatin1(arguments)); }
    QString withRoot(const char* arguments) {
        return QString::fromLatin1(arguments).arg(QString::fromStdString(m_portions.sealedRoot.hex()));
    }

private slots:
    void initTestCase() {
        test::FixedRandom random;
        const SecretBytes identity = SecretBytes::copyOf(Bytes(32, 7));
        const SecretBytes salt = SecretBytes::copyOf(Bytes(32, 8));
        const Bytes plain = test::noise(4 * kPortionSize + 5);
        BytesSource source(plain);
        BytesSink sink;
        auto sealed = sealPortions(source, sink, crypto::boxKeyOf(identity), salt, random);
        QVERIFY(sealed.ok());
        m_portions = std::move(*sealed);
        m_sealed = sink.take();
        save("film.age", m_sealed);

        const auto seller = crypto::SigningKey::fromSeed(Bytes(32, 1));
        m_manifest.assetId.bytes.fill(0xa1);
        m_manifest.name = "film.mkv";
        m_manifest.mediaType = "video/x-matroska";
        m_manifest.creator = m_manifest.seller = seller.publicKey();
        m_manifest.plainSize = m_portions.plainSize;
        m_manifest.sealedSize = m_portions.sealedSize;
        m_manifest.portionCount = m_portions.sealedLeaves.size();
        m_manifest.recipient = crypto::boxKeyOf(identity);
        m_manifest.sealedRoot = m_portions.sealedRoot;
        m_manifest.plainRoot = m_portions.plainRoot;
        m_manifest.custody = {custody::beginCustody(seller, m_manifest.assetId, 1'000'000'000'000)};
        m_manifest.createdMs = 1'000'000'000'000;
        const SignedManifest good = signManifest(m_manifest, seller);
        save("film.manifest", encodeCbor(good));
        SignedManifest forged = good;
        forged.manifest.name = "other.mkv";
        save("forged.manifest", encodeCbor(forged));

        Bytes damaged = m_sealed;
        damaged[3'000'000] ^= 1;
        save("damaged.age", damaged);
        save("short.age", ByteView(m_sealed).first(m_sealed.size() - 20));
        BytesSink text;
        ArmoringSink armor(text);
        QVERIFY(armor.write(m_sealed) && armor.finish());
        save("armored.age", text.bytes());
        save("text", viewOf("just text\n"));
        const auto mark = makeMark(seller, m_manifest.custody, 1'000'000'000'000);
        QVERIFY(mark.ok());
        Bytes marked = bytesOf("a file");
        append(marked, markBlock(encodeCbor(*mark)));
        save("marked", marked);
        marked[marked.size() - 40] ^= 1;
        save("badly-marked", marked);
        QCOMPARE(cli("portions --proof 2 -o two.proof film.age").code, 0);
        QCOMPARE(cli("portions --portion 2 -o two film.age").code, 0);
        QCOMPARE(cli("portions --portion=0 -o zero film.age").code, 0);
    }

    void inspects_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("lines");
        const auto row = [](const char* file, const QStringList& lines) {
            QTest::newRow(file) << QString::fromLatin1(file) << lines;
        };
        row("film.age",
            {QStringLiteral("recipient    X25519\n"), QStringLiteral("edition      possible"),
             QStringLiteral("plain size   4194309 bytes\n"),
             QStringLiteral("sealed size  %1 bytes\n").arg(m_sealed.size()), QStringLiteral("portions     5\n")});
        row("film.manifest",
            {QStringLiteral("name         film.mkv\n"), QStringLiteral("portions     5\n"),
             QStringLiteral("sealed root  %1\n").arg(QString::fromStdString(m_portions.sealedRoot.hex())),
             QStringLiteral("custody      created by "), QStringLiteral("2001-09-09T01:46:40Z\n")});
        row("armored.age", {QStringLiteral("armored\n"), QStringLiteral("recipient    X25519\n")});
        row("marked", {QStringLiteral("tracking mark"), QString::fromStdString(m_manifest.assetId.hex())});
    }
    void inspects() {
        QFETCH(QString, file);
        QFETCH(QStringList, lines);
        const Outcome said = cli(QStringLiteral("inspect ") + file);
        QCOMPARE(said.code, 0);
        for (const QString& line : lines) QVERIFY2(said.out.contains(line.toUtf8()), said.out.constData());
    }

    void listsPortions() {
        const Outcome listed = cli("portions film.age");
        QCOMPARE(listed.code, 0);
        const QList<QByteArray> lines = listed.out.split('\n');
        QCOMPARE(lines.size(), 7); // five portions, the root, and nothing after the last line feed
        quint64 offset = 0;
        for (int i = 0; i < 5; ++i) {
            const QList<QByteArray> words = lines[i].split(' ');
            QCOMPARE(words.size(), 4);
            QCOMPARE(words[0].toInt(), i);
            QCOMPARE(words[1].toULongLong(), offset);
            offset += words[2].toULongLong();
            QCOMPARE(words[3].toStdString(), m_portions.sealedLeaves[static_cast<std::size_t>(i)].hex());
        }
        QCOMPARE(offset, m_portions.sealedSize);
        QCOMPARE(lines[5].toStdString(), "root " + m_portions.sealedRoot.hex());
        QCOMPARE(cli("portions --root film.age").out.toStdString(), m_portions.sealedRoot.hex() + "\n");
    }

    void everyPortionIsProven() {
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(cli(QStringLiteral("portions -p %1 -o proof film.age").arg(i)).code, 0);
            QCOMPARE(cli(QStringLiteral("portions -x %1 -o portion film.age").arg(i)).code, 0);
            QCOMPARE(cli("verify -p proof -m film.manifest portion").code, 0);
            QCOMPARE(cli(withRoot("verify -p proof -r %1 portion")).code, 0);
            Bytes altered = load("portion");
            altered.back() ^= 1;
            save("portion", altered);
            QCOMPARE(cli("verify -p proof -m film.manifest portion").code, 1);
        }
    }

    void verifiesTheWholeFile() {
        const Outcome verified = cli("verify -m film.manifest film.age");
        QVERIFY2(verified.code == 0, verified.err.constData());
    }

    void failures_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* arguments, const char* message) {
            QTest::newRow(name) << QString::fromLatin1(arguments) << QString::fromLatin1(message);
        };
        row("inspect nothing", "inspect none", "cannot open");
        row("inspect two", "inspect film.age film.age", "one file");
        row("inspect text", "inspect text", "neither");
        row("inspect a folder", "inspect .", "cannot");
        row("inspect a forged manifest", "inspect forged.manifest", "wrong signature");
        row("inspect a damaged mark", "inspect badly-marked", "tracking mark");
        row("portions of text", "portions text", "not an age file");
        row("portions of a pipe", "portions /dev/null", "not an age file");
        row("no such portion", "portions --proof 5 film.age", "portions 0 to 4");
        row("not a number", "portions --proof 2x film.age", "portions 0 to 4");
        row("a negative number", "portions --portion=-1 film.age", "portions 0 to 4");
        row("two wishes", "portions --root --proof 1 film.age", "one thing at a time");
        row("a flag with a value", "portions --root=1 film.age", "takes no value");
        row("no folder", "portions --proof 1 -o none/proof film.age", "cannot write");
        row("damaged", "verify -m film.manifest damaged.age", "sealed");
        row("cut", "verify -m film.manifest short.age", "another size");
        row("forged manifest", "verify -m forged.manifest film.age", "wrong signature");
        row("not a manifest", "verify -m text film.age", "malformed manifest");
        row("no manifest", "verify -m none film.age", "cannot read none");
        row("file without a manifest", "verify film.age", "is no file of evidence");
        row("proof without a root", "verify -p two.proof two", "-m or -r");
        row("root without a proof", "verify -r 00 film.age", "goes with a proof");
        row("bad root", "verify -p two.proof -r 00 two", "64 hexadecimal digits");
        row("not a proof", "verify -p text -m film.manifest two", "not a proof");
        row("another portion", "verify -p two.proof -m film.manifest zero", "");
        row("not a portion", "verify -p two.proof -m film.manifest film.age", "too large");
    }
    void failures() {
        QFETCH(QString, arguments);
        QFETCH(QString, message);
        const Outcome said = cli(arguments);
        QCOMPARE(said.code, 1);
        QVERIFY2(said.err.startsWith("tallylock-cli: error: "), said.err.constData());
        QVERIFY2(said.err.contains(message.toLatin1()), said.err.constData());
        QVERIFY(!said.out.contains("verified"));
    }
};

QTEST_GUILESS_MAIN(TestCliInspect)
#include "tst_cli_inspect.moc"
