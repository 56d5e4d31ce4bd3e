// tallylock-cli identify on files with a good mark, none, a damaged and a forged one.
#include "core/asset/Mark.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;

namespace {

const crypto::SigningKey kCreator = crypto::SigningKey::fromSeed(Bytes(32, 1));
const crypto::SigningKey kBuyer = crypto::SigningKey::fromSeed(Bytes(32, 2));

Hash allOf(std::uint8_t value) {
    Hash hash;
    hash.bytes.fill(value);
    return hash;
}
asset::Mark goodMark() {
    std::vector<custody::SignedCustody> chain = {custody::beginCustody(kCreator, allOf(7), 1'000'000)};
    chain.push_back(custody::passCustody(kCreator, chain, kBuyer.publicKey(), allOf(5), 2'000'000));
    return *asset::makeMark(kBuyer, chain, 1'700'000'000'000);
}
QByteArray bytesOfBlock(const Bytes& mark) {
    const Bytes block = asset::markBlock(mark);
    return {reinterpret_cast<const char*>(block.data()), static_cast<qsizetype>(block.size())};
}

} // namespace

class TestCliIdentify : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    QString write(const char* name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
        return file.fileName();
    }
    int identify(const QStringList& arguments, QString* said = nullptr) {
        QProcess program;
        program.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                      QStringList{QStringLiteral("identify")} + arguments);
        if (!program.waitForFinished(60'000) || program.exitStatus() != QProcess::NormalExit) return -1;
        if (said) *said = QString::fromUtf8(program.readAllStandardOutput() + program.readAllStandardError());
        return program.exitCode();
    }

private slots:
    void usage() {
        QCOMPARE(identify({}), 1);
        QCOMPARE(identify({QStringLiteral("a"), QStringLiteral("b")}), 1);
        QCOMPARE(identify({m_folder.filePath(QStringLiteral("nothing"))}), 1);
        QCOMPARE(identify({m_folder.path()}), 1);
    }

    void noMark() {
        QString said;
        QCOMPARE(identify({write("plain.txt", "a text")}, &said), 2);
        QVERIFY(said.contains(QStringLiteral("no tracking mark")));
        QCOMPARE(identify({write("empty.txt", {})}), 2);
    }

    void goodMarks() {
        QString said;
        const QByteArray block = bytesOfBlock(encodeCbor(goodMark()));
        QCOMPARE(identify({write("any.dat", "content" + block)}, &said), 0);
        QVERIFY(said.contains(QString::fromStdString(allOf(7).hex())));
        QVERIFY(said.contains(QStringLiteral("1970-01-01 00:16:40 UTC created by")));
        QVERIFY(said.contains(QStringLiteral("1970-01-01 00:33:20 UTC sold to")));
        QVERIFY(said.contains(QStringLiteral("2023-11-14 22:13:20 UTC")));
        write("beside.txt.tallylock", block);
        QString besides;
        QCOMPARE(identify({write("beside.txt", "a text")}, &besides), 0);
        QCOMPARE(besides, said);
    }

    void damagedMarks() {
        QByteArray block = bytesOfBlock(encodeCbor(goodMark()));
        block[50] = static_cast<char>(block[50] ^ 1);
        QString said;
        QCOMPARE(identify({write("damaged.dat", "content" + block)}, &said), 3);
        QVERIFY(said.contains(QStringLiteral("damaged")));
        write("half.txt.tallylock", block.left(100));
        QCOMPARE(identify({write("half.txt", "a text")}), 3);
        QCOMPARE(identify({write("noise.dat", bytesOfBlock(Bytes(100, 9)))}), 3);
    }

    void forgedMarks() {
        asset::Mark mark = goodMark();
        mark.statement.timeMs++;
        QString said;
        QCOMPARE(identify({write("forged.dat", bytesOfBlock(encodeCbor(mark)))}, &said), 4);
        QVERIFY(said.contains(QStringLiteral("forged")));
        mark = goodMark();
        mark.statement.custody.front().entry.timeMs--;
        mark.signature = kBuyer.sign("mark", mark.statement);
        QCOMPARE(identify({write("chain.dat", bytesOfBlock(encodeCbor(mark)))}), 4);
        mark = asset::withCopyNote(goodMark(), kBuyer, allOf(1), 1);
        mark.copy->note.buyer = kCreator.publicKey();
        QCOMPARE(identify({write("copy.dat", bytesOfBlock(encodeCbor(mark)))}), 4);
    }

    void newerMarks() {
        asset::Mark mark = goodMark();
        mark.statement.version = 2;
        QString said;
        QCOMPARE(identify({write("newer.dat", bytesOfBlock(encodeCbor(mark)))}, &said), 1);
        QVERIFY(said.contains(QStringLiteral("newer version")));
    }
};

QTEST_GUILESS_MAIN(TestCliIdentify)
#include "tst_cli_identify.moc"
