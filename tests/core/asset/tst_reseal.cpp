// A further edition from an earlier one: same content, a key of its own, and nothing of the plain text on the way out.
#include "core/asset/Reseal.h"
#include "core/crypto/Box.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock;
using namespace tallylock::asset;

namespace {

Bytes contentOf(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 997);
    return bytes;
}
Hash assetId() { return *Hash::from(Bytes(32, 9)); }
SecretBytes fingerprintKey() { return SecretBytes::copyOf(Bytes(32, 3)); }

/// An edition, and how it is sealed anew.
struct Sealed {
    SystemRandom random;
    Bytes plain;
    Bytes file;
    SealedEdition edition;

    explicit Sealed(std::size_t size) : plain(contentOf(size)) {
        EditionSealer sealer(assetId(), fingerprintKey(), newPlainSalt(random), random);
        BytesSource source(plain);
        BytesSink sink;
        edition = std::move(*sealer.seal(1, source, sink));
        file = sink.bytes();
    }
    Result<SealedEdition, SealError> again(const Bytes& from, const EditionClaim& claim, Sink& sink,
                                           const Work& work = {}) {
        BytesSource source(from);
        return resealEdition(source, edition.secrets, claim, {assetId(), 2, fingerprintKey()}, sink, random, work);
    }
    /// To the folder's file "out", stopped after so many portions; 0: to its end.
    Result<SealedEdition, SealError> toFile(const QTemporaryDir& folder, unsigned portions = 0,
                                            std::uint64_t number = 2, bool forGood = false) {
        JobControl control;
        Work work;
        work.control = &control;
        work.threads = portions == 0 ? 2 : 1; // others would be a portion or two further
        unsigned done = 0;
        work.progress = [&](std::uint64_t) {
            if (++done == portions) forGood ? control.cancel() : control.interrupt();
        };
        BytesSource source(file);
        return resealEditionFile(source, edition.secrets, edition.claim, {assetId(), number, fingerprintKey()},
                                 folder.filePath(QStringLiteral("out")).toStdString(), random, work);
    }
    /// What the key server checks, with what W holds.
    bool isGoodCopy(const SealedEdition& copy, const QByteArray& sealed) const {
        const auto secrets = keys::unwrapForSeller(fingerprintKey(), copy.wrapped, assetId(), 2);
        const Bytes bytes(sealed.begin(), sealed.end());
        BytesSource source(bytes);
        BytesSink opened;
        return secrets && openEdition(source, opened, *secrets, copy.claim).ok() && opened.bytes() == plain &&
               copy.claim.recipient != edition.claim.recipient && copy.claim.plainRoot == edition.claim.plainRoot;
    }
};

} // namespace

class TestReseal : public QObject {
    Q_OBJECT
private slots:
    void sealsAnew_data() {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 65'536, 65'537, 1 << 20, (1 << 20) + 1, 3 * (1 << 20), 5'000'000})
            QTest::addRow("%d", size) << size;
    }
    void sealsAnew() {
        QFETCH(int, size);
        Sealed first(static_cast<std::size_t>(size));
        for (const unsigned threads : {1u, 4u}) {
            BytesSink sink;
            Work work;
            work.threads = threads;
            const auto second = first.again(first.file, first.edition.claim, sink, work);
            QVERIFY(second.ok());
            QVERIFY(second->claim.plainRoot == first.edition.claim.plainRoot);
            QVERIFY(second->claim.recipient != first.edition.claim.recipient);
            QVERIFY(second->claim.sealedRoot != first.edition.claim.sealedRoot);
            QVERIFY(second->portions.plainLeaves == first.edition.portions.plainLeaves);
            QCOMPARE(second->portions.plainSize, first.edition.portions.plainSize);
            QCOMPARE(second->portions.sealedSize, std::uint64_t{sink.bytes().size()});

            // What the key server checks, with what W holds; and the first key opens it not at all.
            const auto secrets = keys::unwrapForSeller(fingerprintKey(), second->wrapped, assetId(), 2);
            QVERIFY(secrets.ok());
            BytesSource source(sink.bytes());
            BytesSink opened;
            QVERIFY(openEdition(source, opened, *secrets, second->claim).ok());
            QVERIFY(opened.bytes() == first.plain);
            EditionClaim claim = second->claim;
            claim.recipient = first.edition.claim.recipient;
            BytesSource once(sink.bytes());
            QCOMPARE(checkEdition(once, first.edition.secrets, claim).error(), SealError::WrongKey);
        }
    }

    void refusesWhatIsNotTheEdition() {
        Sealed first(2'500'000);
        const EditionClaim claim = first.edition.claim;
        BytesSink sink;
        EditionClaim other = claim;
        other.recipient = crypto::boxKeyOf(crypto::newBoxSecret(first.random));
        QCOMPARE(first.again(first.file, other, sink).error(), SealError::RecipientMismatch);
        other = claim;
        other.plainRoot = Hash{};
        QCOMPARE(first.again(first.file, other, sink).error(), SealError::PlainMismatch);
        QCOMPARE(first.again(Sealed(10).file, claim, sink).error(), SealError::WrongKey);
        Bytes damaged = first.file;
        damaged[1'500'000] ^= 1;
        QCOMPARE(first.again(damaged, claim, sink).error(), SealError::ChunkDamaged);
        Bytes cut = first.file;
        cut.resize(200 + kSealedPortionSize);
        QVERIFY(!first.again(cut, claim, sink).ok());
        Bytes longer = first.file;
        longer.push_back(0);
        QVERIFY(!first.again(longer, claim, sink).ok());
    }

    // --- to a file, gone on with -----------------------------------------------------------------------------------

    void goesOnAfterAnInterruption() {
        Sealed first(6'500'000);
        QTemporaryDir folder;
        const auto interrupted = first.toFile(folder, 3);
        QCOMPARE(interrupted.error(), SealError::Interrupted);
        QCOMPARE(filesIn(folder), QStringList({QStringLiteral("out.part"), QStringLiteral("out.part.key")}));
        const QByteArray part = contentOf(folder, "out.part");
        QVERIFY(part.size() > 2'000'000 && part.size() < 5'000'000);

        const auto second = first.toFile(folder);
        QVERIFY(second.ok());
        QCOMPARE(filesIn(folder), QStringList(QStringLiteral("out")));
        const QByteArray whole = contentOf(folder, "out");
        QVERIFY(whole.startsWith(part)); // what was there is the beginning of what is there now
        QVERIFY(first.isGoodCopy(*second, whole));
        QCOMPARE(QFileInfo(folder.filePath(QStringLiteral("out"))).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    // A write that was torn, bytes that somebody has altered, and a part or its state that has gone.
    void beginsAnewWhereThePartIsNotItsOwn_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"altered front", "altered portion", "altered state", "no state", "empty part"})
            QTest::addRow("%s", what) << what;
    }
    void beginsAnewWhereThePartIsNotItsOwn() {
        QFETCH(QString, what);
        Sealed first(6'500'000);
        QTemporaryDir folder;
        QVERIFY(!first.toFile(folder, 3).ok());
        const QByteArray before = contentOf(folder, "out.part");
        const auto alter = [&](const char* name, qint64 at) {
            QFile file(folder.filePath(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(at));
            char byte = 0;
            QVERIFY(file.peek(&byte, 1) == 1 && file.putChar(static_cast<char>(byte ^ 1)));
        };
        if (what == QLatin1String("altered front")) alter("out.part", 100);
        if (what == QLatin1String("altered portion")) alter("out.part", 1'500'000);
        if (what == QLatin1String("altered state")) alter("out.part.key", 60);
        if (what == QLatin1String("no state")) QVERIFY(QFile::remove(folder.filePath(QStringLiteral("out.part.key"))));
        if (what == QLatin1String("empty part")) QVERIFY(QFile::resize(folder.filePath(QStringLiteral("out.part")), 0));
        const auto second = first.toFile(folder);
        QVERIFY(second.ok());
        QCOMPARE(filesIn(folder), QStringList(QStringLiteral("out")));
        const QByteArray whole = contentOf(folder, "out");
        QVERIFY(!whole.startsWith(before.left(200))); // a fresh key: no nonce meets other text
        QVERIFY(first.isGoodCopy(*second, whole));
    }

    void anotherEditionOrSourceBeginsAnew() {
        Sealed first(6'500'000);
        QTemporaryDir folder;
        QVERIFY(!first.toFile(folder, 3).ok());
        const QByteArray before = contentOf(folder, "out.part");
        const auto third = first.toFile(folder, 0, 3);
        QVERIFY(third.ok());
        QVERIFY(!contentOf(folder, "out").startsWith(before.left(200)));
        QVERIFY(keys::unwrapForSeller(fingerprintKey(), third->wrapped, assetId(), 3).ok());
        Sealed other(6'500'000);
        QTemporaryDir elsewhere;
        QVERIFY(!first.toFile(elsewhere, 3).ok());
        const auto fromOther = other.toFile(elsewhere);
        QVERIFY(fromOther.ok());
        QVERIFY(other.isGoodCopy(*fromOther, contentOf(elsewhere, "out")));
    }

    void whatIsOverLeavesNothing() {
        Sealed first(6'500'000);
        QTemporaryDir folder;
        QCOMPARE(first.toFile(folder, 3, 2, true).error(), SealError::Cancelled);
        QVERIFY(filesIn(folder).isEmpty());
        first.file[3'000'000] ^= 1;
        QCOMPARE(first.toFile(folder).error(), SealError::ChunkDamaged);
        QVERIFY(filesIn(folder).isEmpty());
    }

private:
    static QStringList filesIn(const QTemporaryDir& folder) {
        return QDir(folder.path()).entryList(QDir::Files, QDir::Name);
    }
    static QByteArray contentOf(const QTemporaryDir& folder, const char* name) {
        QFile file(folder.filePath(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

QTEST_GUILESS_MAIN(TestReseal)
#include "tst_reseal.moc"
