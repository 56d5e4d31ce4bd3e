#include "core/asset/PortionProof.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

/// Proofs of single portions as they were made without our code: tests/vectors/make-portion-proofs.py.
class TestProofVectors : public QObject {
    Q_OBJECT
private:
    // What becomes of a proof that came as bytes.
    static QString outcome(const QStringList& row) {
        const auto proof = decodeCbor<LeafProof>(*fromHex(row[5].toStdString()));
        if (!proof) return QString::fromLatin1(nameOf(proof.error()));
        const std::uint64_t count = row[1].toULongLong();
        const std::uint64_t index = row[3].toULongLong();
        const Hash root = *Hash::fromHex(row[2].toStdString());
        const Bytes portion = bytesOf("portion " + row[3].toStdString());
        SecretBytes salt(32);
        for (std::uint8_t i = 0; i < 32; ++i) salt.data()[i] = i;
        const auto verified = row[0] == QLatin1String("sealed")
                                  ? verifySealedPortion(portion, *proof, count, root)
                                  : verifyPlainPortion(portion, portionSalt(salt, index), *proof, count, root);
        return QString::fromLatin1(verified ? "good" : nameOf(verified.error()));
    }

private slots:
    void vectors_data() {
        QTest::addColumn<QStringList>("row");
        QFile file(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/portion-proofs.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int count = 0;
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty() || line.startsWith('#')) continue;
            const QStringList row = QString::fromLatin1(line).split(QLatin1Char(' '));
            QCOMPARE(row.size(), 6);
            QTest::addRow("%d %s", ++count, qPrintable(row[4])) << row;
        }
        QCOMPARE(count, 48);
    }
    void vectors() {
        QFETCH(QStringList, row);
        QCOMPARE(outcome(row).replace(QLatin1Char(' '), QLatin1Char('-')), row[4]);
    }
};

QTEST_GUILESS_MAIN(TestProofVectors)
#include "tst_proof_vectors.moc"
