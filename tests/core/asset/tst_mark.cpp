#include "core/asset/Mark.h"

#include <QFile>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {

crypto::SigningKey markKey(std::uint8_t value) { return crypto::SigningKey::fromSeed(Bytes(32, value)); }
const crypto::SigningKey kCreator = markKey(1);
const crypto::SigningKey kBuyer = markKey(2);
const crypto::SigningKey kStranger = markKey(3);

Hash filled(std::uint8_t value) {
    Hash hash;
    hash.bytes.fill(value);
    return hash;
}
const Hash kAsset = filled(0xa1);

Mark firstMark() { return *makeMark(kCreator, {custody::beginCustody(kCreator, kAsset, 1000)}, 2000); }
/// Sold once, marked again by the new owner, and noted by a buyer.
Mark resoldMark() {
    std::vector<custody::SignedCustody> chain = {custody::beginCustody(kCreator, kAsset, 1000)};
    chain.push_back(custody::passCustody(kCreator, chain, kBuyer.publicKey(), filled(5), 3000));
    return withCopyNote(*makeMark(kBuyer, chain, 4000), kStranger, filled(6), 5000);
}
const char* errorOf(const Mark& mark) {
    const auto read = readMark(encodeCbor(mark));
    return read ? "none" : nameOf(read.error());
}

} // namespace

class TestMark : public QObject {
    Q_OBJECT
private slots:
    void forgedMarksAreRefused() {
        Mark mark = firstMark();
        QCOMPARE(errorOf(mark), "none");
        mark.statement.timeMs = 2001;
        QCOMPARE(errorOf(mark), nameOf(MarkError::WrongSignature));
        mark = firstMark();
        mark.signature = kStranger.sign("mark", mark.statement);
        QCOMPARE(errorOf(mark), nameOf(MarkError::WrongSignature));
        mark.signature = kCreator.sign("manifest", mark.statement); // another label
        QCOMPARE(errorOf(mark), nameOf(MarkError::WrongSignature));

        mark = firstMark();
        mark.statement.assetId = filled(9);
        mark.signature = kCreator.sign("mark", mark.statement);
        QCOMPARE(errorOf(mark), nameOf(MarkError::BadCustody));
        mark = firstMark();
        mark.statement.custody.clear();
        QCOMPARE(errorOf(mark), nameOf(MarkError::BadCustody));
        mark = firstMark();
        mark.statement.custody[0].signature = kStranger.sign("custody-entry", mark.statement.custody[0].entry);
        mark.signature = kCreator.sign("mark", mark.statement);
        QCOMPARE(errorOf(mark), nameOf(MarkError::BadCustody));

        mark = resoldMark();
        QCOMPARE(errorOf(mark), "none");
        mark.copy->note.timeMs++;
        QCOMPARE(errorOf(mark), nameOf(MarkError::WrongCopyNote));
        mark = resoldMark();
        mark.copy->note.assetId = filled(9);
        mark.copy->signature = kStranger.sign("copy-note", mark.copy->note);
        QCOMPARE(errorOf(mark), nameOf(MarkError::WrongCopyNote));
    }

    void newerVersionsAreNamed() {
        Mark mark = firstMark();
        mark.statement.version = 2;
        QCOMPARE(errorOf(mark), nameOf(MarkError::NewerVersion));
        mark.statement.version = 0;
        QCOMPARE(errorOf(mark), nameOf(MarkError::Damaged));
    }

    void tooLong() {
        std::vector<custody::SignedCustody> chain = {custody::beginCustody(kCreator, kAsset, 1000)};
        while (chain.size() < kMaxMarkCustody)
            chain.push_back(custody::passCustody(kCreator, chain, kCreator.publicKey(), filled(5), 1000));
        const auto longest = makeMark(kCreator, chain, INT64_MAX);
        QVERIFY(longest.ok());
        const Mark noted = withCopyNote(*longest, kBuyer, filled(6), INT64_MAX);
        QVERIFY2(encodeCbor(noted).size() <= kMaxMarkSize, qPrintable(QString::number(encodeCbor(noted).size())));
        QCOMPARE(errorOf(noted), "none");
        chain.push_back(custody::passCustody(kCreator, chain, kCreator.publicKey(), filled(5), 1000));
        QCOMPARE(makeMark(kCreator, chain, 0).error(), MarkError::TooLarge);
        Mark longer = *longest;
        longer.statement.custody = chain;
        longer.signature = kCreator.sign("mark", longer.statement);
        QCOMPARE(errorOf(longer), nameOf(MarkError::TooLarge));
        QCOMPARE(readMark(Bytes(kMaxMarkSize + 1)).error(), MarkError::TooLarge);
    }

    void everyByteIsSigned() {
        const Bytes bytes = encodeCbor(resoldMark());
        QVERIFY(*readMark(bytes) == resoldMark());
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            Bytes bad = bytes;
            bad[i] ^= 1;
            QVERIFY2(!readMark(bad), qPrintable(QString::number(i)));
            QVERIFY(!readMark(ByteView(bytes).first(i)));
        }
    }

    void textForm() {
        const Bytes bytes = encodeCbor(firstMark());
        const std::string text = markText(bytes);
        QCOMPARE(*markOfText(text), bytes);
        for (const std::string& bad : {text + "=", text + " ", " " + text, text + "\n", "*" + text, text + "+"})
            QCOMPARE(markOfText(bad).error(), MarkError::Damaged);
        QCOMPARE(markOfText("AB").error(), MarkError::Damaged); // bits beyond the last byte
        QCOMPARE(*markOfText("AA"), Bytes{0});
        QCOMPARE(markOfText(std::string(kMaxMarkSize * 2, 'A')).error(), MarkError::TooLarge);
    }

    void blockAtTheEnd() {
        const Bytes mark = encodeCbor(firstMark());
        const Bytes block = markBlock(mark);
        QVERIFY(!findMarkBlock({}));
        QVERIFY(!findMarkBlock(mark));
        Bytes file = bytesOf("some content");
        append(file, block);
        const auto found = findMarkBlock(file);
        QVERIFY(found && *found);
        QCOMPARE((*found)->mark, mark);
        QCOMPARE((*found)->size, block.size());
        QCOMPARE((*found)->after, std::size_t{0});

        Bytes song = file; // an ID3v1 tag stays the last thing in a file
        append(song, viewOf("TAG"));
        song.resize(song.size() + 125, ' ');
        const auto before = findMarkBlock(song);
        QVERIFY(before && *before);
        QCOMPARE((*before)->mark, mark);
        QCOMPARE((*before)->after, std::size_t{128});
        Bytes tagged = file; // the foot of an APE tag stands between the two
        append(tagged, viewOf("APETAGEX"));
        tagged.resize(tagged.size() + 24);
        QCOMPARE((*findMarkBlock(tagged))->after, std::size_t{32});
        append(tagged, viewOf("TAG"));
        tagged.resize(tagged.size() + 125, ' ');
        QCOMPARE((*findMarkBlock(tagged))->after, std::size_t{160});
        QCOMPARE((*findMarkBlock(tagged))->mark, mark);
        file.push_back(0);
        QVERIFY(!findMarkBlock(file));
    }

    void damagedBlocks() {
        const Bytes block = markBlock(encodeCbor(firstMark()));
        for (std::size_t i = 0; i < block.size() - kMarkMagic.size(); ++i) {
            Bytes bad = block;
            bad[i] ^= 0x40;
            const auto found = findMarkBlock(bad);
            QVERIFY(found && !*found);
        }
        for (std::size_t cut = 1; cut + kMarkMagic.size() <= block.size(); ++cut) {
            const auto found = findMarkBlock(ByteView(block).subspan(cut));
            QVERIFY(found && !*found);
        }
        QVERIFY(findMarkBlock(viewOf(kMarkMagic)) && !*findMarkBlock(viewOf(kMarkMagic)));
    }

    /// Frozen: good marks first, then bad ones. A line is "expected-outcome block-in-hex"; the word is that of nameOf.
    void frozen() {
        QFile vectors(QStringLiteral(TALLYLOCK_SOURCE_DIR "/tests/vectors/marks.txt"));
        QVERIFY(vectors.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = vectors.readAll().trimmed().split('\n');
        QVERIFY(lines.size() >= 8);
        QCOMPARE(lines[0], "none " + QByteArray::fromStdString(toHex(markBlock(encodeCbor(firstMark())))));
        QCOMPARE(lines[1], "none " + QByteArray::fromStdString(toHex(markBlock(encodeCbor(resoldMark())))));
        for (const QByteArray& line : lines) {
            const qsizetype at = line.lastIndexOf(' ');
            const auto block = fromHex(line.mid(at + 1).toStdString());
            QVERIFY(block);
            const auto found = findMarkBlock(*block);
            QVERIFY(found);
            const char* outcome = "none";
            if (!*found) {
                outcome = nameOf(found->error());
            } else if (const auto read = readMark((*found)->mark); !read) {
                outcome = nameOf(read.error());
            }
            QCOMPARE(QByteArray(outcome), line.left(at));
        }
    }
};

QTEST_GUILESS_MAIN(TestMark)
#include "tst_mark.moc"
