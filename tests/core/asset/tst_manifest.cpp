#include "core/asset/Manifest.h"

#include <QFile>
#include <QTest>
#include <functional>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
crypto::SigningKey keyOf(std::uint8_t value) { return crypto::SigningKey::fromSeed(Bytes(32, value)); }
const crypto::SigningKey kCreator = keyOf(1);
const crypto::SigningKey kBuyer = keyOf(2);

Hash hashOf(std::uint8_t value) {
    Hash hash;
    hash.bytes.fill(value);
    return hash;
}

Manifest sample() {
    Manifest m;
    m.assetId = hashOf(0xa1);
    m.name = "Portrait \xc3\xbc.png";
    m.mediaType = "image/png";
    m.description = "A portrait.\nSecond line.";
    m.creator = kCreator.publicKey();
    m.seller = kCreator.publicKey();
    m.edition = 1;
    m.plainSize = kPortionSize + 1;
    m.portionCount = 2;
    m.sealedSize = m.plainSize + 17 * 16 + 216;
    m.recipient.bytes.fill(0xb2);
    m.sealedRoot = hashOf(0xc3);
    m.plainRoot = hashOf(0xd4);
    m.previewHash = previewHash(noPreview());
    m.custody = {custody::beginCustody(kCreator, m.assetId, 1000)};
    m.createdMs = 2000;
    return m;
}
using Change = std::function<void(Manifest&)>;
} // namespace
Q_DECLARE_METATYPE(Change)

class TestManifest : public QObject {
    Q_OBJECT
private slots:
    void refused_data() {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("error");
        const auto row = [](const char* name, ManifestError error, const Change& change) {
            QTest::newRow(name) << change << static_cast<int>(error);
        };
        for (const char* name : {"", ".", "..", "a/b", "a\\b", "a\nb", "\x01", "a\x7f"}) {
            row(qPrintable(QStringLiteral("name ") + QString::fromLatin1(QByteArray(name).toHex())),
                ManifestError::BadName, [name](Manifest& m) { m.name = name; });
        }
        row("long name", ManifestError::BadName, [](Manifest& m) { m.name = std::string(256, 'a'); });
        for (const char* type : {"", "image", "image/", "/png", "image/p ng", "image/png;x=y", "a/b/c"}) {
            row(qPrintable(QStringLiteral("type ") + QLatin1String(type)), ManifestError::BadMediaType,
                [type](Manifest& m) { m.mediaType = type; });
        }
        row("long description", ManifestError::TooLongText,
            [](Manifest& m) { m.description = std::string(kMaxDescription + 1, 'a'); });
        row("control in description", ManifestError::TooLongText, [](Manifest& m) { m.description = "\x1b[31m"; });
        row("long mark", ManifestError::TooLongText,
            [](Manifest& m) { m.trackingMark = std::string(kMaxTrackingMark + 1, 'a'); });
        row("portions", ManifestError::SizesDisagree, [](Manifest& m) { m.portionCount = 1; });
        row("no portion", ManifestError::SizesDisagree, [](Manifest& m) { m.portionCount = 0; });
        row("sealed too small", ManifestError::SizesDisagree, [](Manifest& m) { m.sealedSize = m.plainSize; });
        row("sealed too large", ManifestError::SizesDisagree, [](Manifest& m) { m.sealedSize += kMaxSealedHeader; });
        row("overflow", ManifestError::SizesDisagree, [](Manifest& m) {
            m.plainSize = UINT64_MAX;
            m.sealedSize = UINT64_MAX;
        });
        row("no custody", ManifestError::BadCustody, [](Manifest& m) { m.custody.clear(); });
        row("custody of another asset", ManifestError::BadCustody,
            [](Manifest& m) { m.custody = {custody::beginCustody(kCreator, hashOf(9), 1000)}; });
        row("another creator", ManifestError::BadCustody, [](Manifest& m) { m.creator = kBuyer.publicKey(); });
        row("sold away", ManifestError::BadCustody, [](Manifest& m) {
            m.custody.push_back(custody::passCustody(kCreator, m.custody, kBuyer.publicKey(), hashOf(5), 3000));
        });
    }
    void refused() {
        QFETCH(Change, change);
        QFETCH(int, error);
        Manifest m = sample();
        change(m);
        const auto verified = verifyManifest(signManifest(m, kCreator));
        QVERIFY(!verified);
        QCOMPARE(nameOf(verified.error()), nameOf(static_cast<ManifestError>(error)));
    }

    void everyByteIsSigned() {
        const Bytes bytes = encodeCbor(signManifest(sample(), kCreator));
        QVERIFY(readManifest(bytes).ok());
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            Bytes bad = bytes;
            bad[i] ^= 1;
            QVERIFY2(!readManifest(bad), qPrintable(QString::number(i)));
            QVERIFY(!readManifest(ByteView(bytes).first(i)));
        }
        Bytes longer = bytes;
        longer.push_back(0);
        QCOMPARE(readManifest(longer).error(), ManifestError::Malformed);
        QCOMPARE(readManifest(Bytes(kMaxManifestSize + 1)).error(), ManifestError::TooLarge);
    }

    void onlyTheSellerSigns() {
        SignedManifest forged = signManifest(sample(), kCreator);
        forged.signature = kBuyer.sign("manifest", sample());
        QCOMPARE(verifyManifest(forged).error(), ManifestError::WrongSignature);
        forged.signature = kCreator.sign("listing", sample()); // another label
        QCOMPARE(verifyManifest(forged).error(), ManifestError::WrongSignature);
    }

    void resaleByTheNewOwner() {
        Manifest m = sample();
        m.custody.push_back(custody::passCustody(kCreator, m.custody, kBuyer.publicKey(), hashOf(5), 3000));
        m.seller = kBuyer.publicKey();
        m.trackingMark = "mark";
        QVERIFY(verifyManifest(signManifest(m, kBuyer)).ok());
        const auto again = readManifest(encodeCbor(signManifest(m, kBuyer)));
        QVERIFY(again.ok());
        QVERIFY(again->manifest == m);
        QVERIFY(manifestHash(m) != manifestHash(sample()));
    }

    /// Frozen, and made without our code: tests/vectors/make-manifests.py.
    void vectors_data() {
        QTest::addColumn<QStringList>("row");
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/manifest.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int count = 0;
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty() || line.startsWith('#')) continue;
            const QStringList row = QString::fromLatin1(line).split(QLatin1Char(' '));
            QCOMPARE(row.size(), 4);
            QTest::newRow(qPrintable(row[1])) << row;
            ++count;
        }
        QCOMPARE(count, 59);
    }
    void vectors() {
        QFETCH(QStringList, row);
        const bool good = row[0] == QLatin1String("good");
        const auto bytes = fromHex(row[good ? 2 : 3].toStdString());
        QVERIFY(bytes.has_value());
        const auto read = readManifest(*bytes);
        if (!good) {
            QVERIFY(!read);
            QCOMPARE(QString::fromLatin1(nameOf(read.error())).replace(QLatin1Char(' '), QLatin1Char('-')), row[2]);
            return;
        }
        QVERIFY2(read.ok(), read ? "" : nameOf(read.error()));
        QCOMPARE(toHex(encodeCbor(*read)), row[2].toStdString());
        QCOMPARE(manifestHash(read->manifest).hex(), row[3].toStdString());
        if (row[1] == QLatin1String("first")) QVERIFY(read->manifest == sample());
    }

    void custodyRefused() {
        const Hash asset = hashOf(1);
        std::vector<custody::SignedCustody> chain = {custody::beginCustody(kCreator, asset, 10)};
        QCOMPARE(custody::checkCustody({}, asset).error(), custody::CustodyError::Empty);
        QCOMPARE(*custody::checkCustody(chain, asset), kCreator.publicKey());
        QCOMPARE(custody::checkCustody(chain, hashOf(2)).error(), custody::CustodyError::OtherAsset);

        auto thief = chain;
        thief.push_back(custody::passCustody(kBuyer, chain, keyOf(3).publicKey(), hashOf(5), 20));
        QCOMPARE(custody::checkCustody(thief, asset).error(), custody::CustodyError::NotOwner);
        auto earlier = chain;
        earlier.push_back(custody::passCustody(kCreator, chain, kBuyer.publicKey(), hashOf(5), 9));
        QCOMPARE(custody::checkCustody(earlier, asset).error(), custody::CustodyError::BrokenChain);

        chain.push_back(custody::passCustody(kCreator, chain, kBuyer.publicKey(), hashOf(5), 20));
        QCOMPARE(*custody::checkCustody(chain, asset), kBuyer.publicKey());
        auto forged = chain;
        forged[1].entry.to = keyOf(3).publicKey();
        QCOMPARE(custody::checkCustody(forged, asset).error(), custody::CustodyError::WrongSignature);
        forged = chain;
        forged[0].entry.timeMs = 11;
        QCOMPARE(custody::checkCustody(forged, asset).error(), custody::CustodyError::WrongSignature);
        QCOMPARE(custody::checkCustody({chain[1]}, asset).error(), custody::CustodyError::BrokenChain);
        QCOMPARE(custody::checkCustody({chain[0], chain[0]}, asset).error(), custody::CustodyError::BrokenChain);
        // The creator cannot sell it a second time.
        auto twice = chain;
        twice.push_back(custody::passCustody(kCreator, chain, keyOf(3).publicKey(), hashOf(6), 30));
        QCOMPARE(custody::checkCustody(twice, asset).error(), custody::CustodyError::NotOwner);
        QCOMPARE(custody::checkCustody(std::vector<custody::SignedCustody>(257, chain[0]), asset).error(),
                 custody::CustodyError::TooLong);
    }

    void textPreviews() {
        QCOMPARE(textPreview(viewOf("one\ntwo\nthree\n"), 2)->text, std::string("one\ntwo"));
        QCOMPARE(textPreview(viewOf("one"), 2)->text, std::string("one"));
        QCOMPARE(textPreview(viewOf(""))->text, std::string());
        QCOMPARE(textPreview(viewOf("a\xc3\xbc"), 5, 2)->text, std::string("a")); // not half a character
        QCOMPARE(textPreview(viewOf("a\xe2\x82\xac"), 5, 3)->text, std::string("a"));
        QCOMPARE(textPreview(viewOf("a\xff\xff\xff\xff"
                                    "b"))
                     .error(),
                 PreviewError::NotText);
        QCOMPARE(textPreview(viewOf(std::string_view("a\0b", 3))).error(), PreviewError::NotText);
        QVERIFY(textPreview(Bytes(100000, 'a'), 5, 100000)->text.size() <= kMaxPreviewText);
    }

    void previewsAreBounded() {
        Preview preview = noPreview();
        QVERIFY(checkPreview(preview).ok());
        QVERIFY(preview.isEmpty());
        preview.bytes = Bytes(10);
        QCOMPARE(checkPreview(preview).error(), PreviewError::BadMediaType);
        preview.mediaType = "image/png";
        QVERIFY(checkPreview(preview).ok());
        QVERIFY(previewHash(preview) != previewHash(noPreview()));
        preview.bytes = Bytes(kMaxPreviewBytes + 1);
        QCOMPARE(checkPreview(preview).error(), PreviewError::TooLarge);
        preview = noPreview();
        preview.text = "\x1b[2J";
        QCOMPARE(checkPreview(preview).error(), PreviewError::NotText);
        preview.text = std::string(kMaxPreviewText + 1, 'a');
        QCOMPARE(checkPreview(preview).error(), PreviewError::TooLarge);
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
