#include "core/asset/AgeKey.h"
#include "core/asset/SealedFile.h"
#include "core/crypto/Hash.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

/// What every reader of the format must accept and refuse, as published by the authors of the specification.
class TestAgeTestkit : public QObject {
    Q_OBJECT
private slots:
    void kit_data() {
        QTest::addColumn<QStringList>("row");
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/age-testkit.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int count = 0;
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty() || line.startsWith('#')) continue;
            const QStringList row = QString::fromLatin1(line).split(QLatin1Char(' '));
            QCOMPARE(row.size(), 6);
            QTest::newRow(qPrintable(row[0])) << row;
            ++count;
        }
        QCOMPARE(count, 67);
    }
    void kit() {
        QFETCH(QStringList, row);
        QByteArray file = QByteArray::fromBase64(row[5].toLatin1());
        // Qt wants a guess of the size in front.
        if (row[4] == QLatin1String("zlib")) file = qUncompress(QByteArray("\x01\0\0\0", 4) + file);
        std::vector<SecretBytes> identities;
        for (const QString& text : row[3].split(QLatin1Char(','))) {
            if (text == QLatin1String("-")) continue;
            auto identity = parseIdentity(text.toStdString());
            QVERIFY(identity.ok());
            identities.push_back(std::move(*identity));
        }
        const Bytes bytes(file.begin(), file.end());
        BytesSource source(bytes);
        BytesSink sink;
        const auto opened = openAge(source, sink, identities);
        const std::string expected = row[1].toStdString();
        if (expected == "success") {
            QVERIFY2(opened.ok(), opened ? "" : nameOf(opened.error()));
            QCOMPARE(crypto::sha256(sink.bytes()).hex(), row[2].toStdString());
            return;
        }
        QVERIFY(!opened);
        const SealError error = opened.error();
        const auto isOneOf = [&](std::initializer_list<SealError> errors) {
            return std::find(errors.begin(), errors.end(), error) != errors.end();
        };
        const bool fits = expected == "no-match"       ? error == SealError::WrongKey
                          : expected == "HMAC-failure" ? error == SealError::HeaderForged
                          : expected == "header-failure"
                              ? isOneOf({SealError::NotAge, SealError::HeaderMalformed, SealError::Truncated})
                              : isOneOf({SealError::Truncated, SealError::TrailingData, SealError::ChunkDamaged});
        QVERIFY2(fits, nameOf(error));
    }
};

QTEST_GUILESS_MAIN(TestAgeTestkit)
#include "tst_age_testkit.moc"
