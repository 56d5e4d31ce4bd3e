#include "core/asset/AgeKey.h"
#include "core/asset/SealedFile.h"
#include "core/crypto/Hash.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <map>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
/// One file of the kit: lines "key: value", an empty line, and the age file.
struct KitCase {
    std::map<QByteArray, QByteArray> header;
    std::vector<QByteArray> identities;
    std::vector<QByteArray> passphrases;
    QByteArray file;

    static KitCase from(const QByteArray& bytes) {
        KitCase parsed;
        const qsizetype end = bytes.indexOf("\n\n");
        for (const QByteArray& line : bytes.left(end).split('\n')) {
            const qsizetype colon = line.indexOf(": ");
            const QByteArray key = line.left(colon);
            const QByteArray value = line.mid(colon + 2);
            if (key == "identity") {
                parsed.identities.push_back(value);
            } else if (key == "passphrase") {
                parsed.passphrases.push_back(value);
            } else {
                parsed.header[key] = value;
            }
        }
        parsed.file = bytes.mid(end + 2);
        // Qt wants a guess of the size in front.
        if (parsed.header["compressed"] == "zlib") parsed.file = qUncompress(QByteArray("\x01\0\0\0", 4) + parsed.file);
        return parsed;
    }

    /// The hybrid post-quantum recipients are not read yet.
    bool isHybrid() const {
        return std::any_of(identities.begin(), identities.end(),
                           [](const QByteArray& text) { return text.startsWith("AGE-SECRET-KEY-PQ-"); });
    }
};

std::pair<std::vector<SecretBytes>, std::vector<SecretBytes>> secretsOf(const KitCase& test) {
    std::pair<std::vector<SecretBytes>, std::vector<SecretBytes>> secrets;
    for (const QByteArray& text : test.identities)
        secrets.first.push_back(std::move(parseIdentity(text.toStdString())).value());
    for (const QByteArray& text : test.passphrases)
        secrets.second.push_back(SecretBytes::copyOf(viewOf(text.toStdString())));
    return secrets;
}

const std::map<QByteArray, std::vector<SealError>>& errorsOf() {
    static const std::map<QByteArray, std::vector<SealError>> errors = {
        {"no match", {SealError::WrongKey, SealError::WrongPassphrase}},
        {"HMAC failure", {SealError::HeaderForged}},
        {"header failure",
         {SealError::NotAge, SealError::HeaderMalformed, SealError::Truncated, SealError::WorkFactorTooHigh}},
        {"armor failure", {SealError::ArmorMalformed}},
        {"payload failure", {SealError::Truncated, SealError::TrailingData, SealError::ChunkDamaged}},
    };
    return errors;
}
} // namespace

/// The age test kit of C2SP's CCTV: what every reader of the format must accept and refuse, as published by the authors
/// of the specification in the npm package cctv-age.
class TestAgeTestkit : public QObject {
    Q_OBJECT
private:
    std::map<QString, QByteArray> m_kit;

    static void run(const QString& program, const QStringList& arguments, const QString& folder) {
        QProcess process;
        process.setWorkingDirectory(folder);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(program, arguments);
        QVERIFY2(process.waitForFinished(60000) && process.exitStatus() == QProcess::NormalExit &&
                     process.exitCode() == 0,
                 qPrintable(program + QLatin1String(" failed: ") + QString::fromUtf8(process.readAll())));
    }

    // Fetched once for a build folder.
    void fetch() {
        const QString folder = QStringLiteral(TALLYLOCK_TEST_DIR "/cctv-age");
        QVERIFY(QDir().mkpath(folder));
        const QString module = folder + QStringLiteral("/node_modules/cctv-age/index.js");
        if (!QFile::exists(module)) {
            run(QStringLiteral("npm"),
                {QStringLiteral("install"), QStringLiteral("--prefix"), folder, QStringLiteral("--no-audit"),
                 QStringLiteral("--no-fund"), QStringLiteral("cctv-age@0.2.0")},
                folder);
        }
        QFile published(module);
        QVERIFY(published.open(QIODevice::ReadOnly));
        QCOMPARE(QCryptographicHash::hash(published.readAll(), QCryptographicHash::Sha256).toHex(),
                 QByteArray("3b795b89c8500746cdb23abf7176511683d31b5a50129676267aab2346bf161c"));
        QProcess node;
        node.setWorkingDirectory(folder);
        node.start(QStringLiteral("node"),
                   {QStringLiteral("-e"),
                    QStringLiteral("const kit = require('cctv-age'); const out = {};"
                                   "for (const name in kit) out[name] = Buffer.from(kit[name]).toString('base64');"
                                   "process.stdout.write(JSON.stringify(out));")});
        QVERIFY(node.waitForFinished(60000));
        const QJsonObject kit = QJsonDocument::fromJson(node.readAllStandardOutput()).object();
        for (auto at = kit.begin(); at != kit.end(); ++at)
            m_kit[at.key()] = QByteArray::fromBase64(at.value().toString().toLatin1());
    }

private slots:
    void initTestCase() { fetch(); }

    void kit_data() {
        QTest::addColumn<QString>("name");
        QStringList hybrid;
        int count = 0;
        for (const auto& [name, bytes] : m_kit) {
            if (KitCase::from(bytes).isHybrid()) {
                hybrid << name;
                continue;
            }
            QTest::newRow(qPrintable(name)) << name;
            ++count;
        }
        qInfo("%d of %d files of the kit run; %d are left out, for they need a hybrid post-quantum identity: %s", count,
              static_cast<int>(m_kit.size()), static_cast<int>(hybrid.size()),
              qPrintable(hybrid.join(QLatin1Char(' '))));
        QCOMPARE(static_cast<int>(m_kit.size()), 143);
        QCOMPARE(count, 124);
        QCOMPARE(static_cast<int>(hybrid.size()), 19);
    }
    void kit() {
        QFETCH(QString, name);
        KitCase test = KitCase::from(m_kit[name]);
        const auto [identities, passphrases] = secretsOf(test);
        const Bytes bytes(test.file.begin(), test.file.end());
        for (const unsigned threads : {1u, 2u}) {
            BytesSource source(bytes);
            BytesSink sink;
            Work work;
            work.threads = threads;
            const auto opened = openAge(source, sink, {.identities = identities, .passphrases = passphrases}, work);
            const QByteArray expected = test.header["expect"];
            // What is released before a failure is given, too.
            if (test.header.count("payload") > 0) {
                QCOMPARE(crypto::sha256(sink.bytes()).hex(), test.header["payload"].toStdString());
            } else {
                QVERIFY(sink.bytes().empty());
            }
            if (expected == "success") {
                QVERIFY2(opened.ok(), opened ? "" : nameOf(opened.error()));
                continue;
            }
            QVERIFY(!opened);
            // It begins with a letter, so it is not taken for armor at all.
            if (name == QLatin1String("armor_garbage_leading")) {
                QCOMPARE(nameOf(opened.error()), nameOf(SealError::NotAge));
                continue;
            }
            const std::vector<SealError>& fitting = errorsOf().at(expected);
            QVERIFY2(std::find(fitting.begin(), fitting.end(), opened.error()) != fitting.end(),
                     nameOf(opened.error()));
        }
    }

    /// None of the files that fail leaves anything under the final name.
    void nothingUnderTheFinalName() {
        QTemporaryDir folder;
        const std::string out = folder.filePath(QStringLiteral("out")).toStdString();
        int failures = 0;
        for (const auto& [name, kitFile] : m_kit) {
            KitCase test = KitCase::from(kitFile);
            if (test.header["expect"] == "success" || test.isHybrid()) continue;
            const Bytes bytes(test.file.begin(), test.file.end());
            const auto [identities, passphrases] = secretsOf(test);
            BytesSource source(bytes);
            {
                auto sink = FileSink::create(out, FileSink::Access::OwnerOnly);
                QVERIFY(sink.ok());
                QVERIFY(!openAge(source, *sink, {.identities = identities, .passphrases = passphrases}));
            }
            QVERIFY2(QDir(folder.path()).isEmpty(), qPrintable(name));
            ++failures;
        }
        QCOMPARE(failures, 103);
    }
};

QTEST_GUILESS_MAIN(TestAgeTestkit)
#include "tst_age_testkit.moc"
