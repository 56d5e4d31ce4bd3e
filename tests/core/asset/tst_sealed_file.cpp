#include "core/asset/AgeHeader.h"
#include "core/asset/Edition.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>
#include <atomic>
#include <map>
#include <thread>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;
constexpr std::size_t kTag = 16;

struct SealedSample {
    explicit SealedSample(std::size_t size) : plain(test::noise(size)) {
        BytesSource source(plain);
        BytesSink sink;
        EditionSealer sealer(Hash{}, SecretBytes(32), newPlainSalt(systemRandom), systemRandom);
        auto done = sealer.seal(1, source, sink);
        edition = std::move(done).value();
        file = sink.take();
        frontSize = file.size() - plain.size() - kTag * std::max<std::size_t>(1, (size + kChunkSize - 1) / kChunkSize);
    }
    Bytes plain;
    Bytes file;
    std::size_t frontSize = 0; ///< header and nonce
    SealedEdition edition;
};

Result<Bytes, SealError> openedWith(ByteView file, const SecretBytes& identity) {
    BytesSource source(file);
    BytesSink sink;
    const auto done = openAge(source, sink, {&identity, 1});
    if (!done) return Err(done.error());
    return sink.take();
}
const char* failure(ByteView file, const SecretBytes& identity) {
    const auto result = openedWith(file, identity);
    return result ? "opened" : nameOf(result.error());
}
/// A source or sink that fails, or asks for an end, after so many bytes.
class FailingSource final : public Source {
public:
    FailingSource(ByteView bytes, std::size_t after) : m_inner(bytes), m_left(after) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override {
        if (m_left == 0) return Err(SealError::ReadFailed);
        const auto got = m_inner.read(out.first(std::min(out.size(), m_left)));
        m_left -= *got;
        return got;
    }

private:
    BytesSource m_inner;
    std::size_t m_left;
};
class FullSink final : public Sink {
public:
    explicit FullSink(std::size_t room) : m_room(room) {}
    Result<void, SealError> write(ByteView bytes) override {
        if (bytes.size() > m_room) return Err(SealError::WriteFailed);
        m_room -= bytes.size();
        return {};
    }

private:
    std::size_t m_room;
};
/// Hands out few bytes at a time, as a pipe does.
class SlowSource final : public Source {
public:
    explicit SlowSource(ByteView bytes) : m_inner(bytes) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override {
        return m_inner.read(out.first(std::min<std::size_t>(out.size(), 1 + (m_turn++ * 7919) % 4096)));
    }

private:
    BytesSource m_inner;
    std::size_t m_turn = 0;
};
} // namespace

class TestSealedFile : public QObject {
    Q_OBJECT
private slots:
    void wrongIdentity() {
        const SealedSample sample(100);
        QCOMPARE(failure(sample.file, crypto::newBoxSecret(systemRandom)), nameOf(SealError::WrongKey));
    }

    /// Each byte of a small file matters, and none of the damaged files opens.
    void everyFlippedByteIsRefused() {
        const SealedSample sample(300);
        std::map<std::string, int> seen;
        for (std::size_t i = 0; i < sample.file.size(); ++i) {
            for (const int flip : {0x01, 0x80}) {
                Bytes bad = sample.file;
                bad[i] = static_cast<std::uint8_t>(bad[i] ^ flip);
                const char* const why = failure(bad, sample.edition.secrets.firstPassword);
                QVERIFY2(std::string(why) != "opened", qPrintable(QString::number(i)));
                if (i >= sample.frontSize - kAgeNonceSize) QCOMPARE(why, nameOf(SealError::ChunkDamaged));
                ++seen[why];
            }
        }
        // The header's parts fail in their own ways.
        for (const SealError error : {SealError::NotAge, SealError::HeaderMalformed, SealError::WrongKey,
                                      SealError::HeaderForged, SealError::ChunkDamaged}) {
            QVERIFY2(seen[nameOf(error)] > 0, nameOf(error));
        }
    }

    /// The decoder underneath would take '/' with its highest bit set for '/'.
    void highBitInTheHeaderIsRefused() {
        for (int found = 0; found < 3;) {
            SealedSample sample(1);
            const auto front = sample.file.begin() + static_cast<std::ptrdiff_t>(sample.frontSize - kAgeNonceSize);
            const auto sign = std::find(sample.file.begin() + 60, front, std::uint8_t('+'));
            if (sign == front) continue;
            *sign = static_cast<std::uint8_t>(*sign | 0x80);
            QCOMPARE(failure(sample.file, sample.edition.secrets.firstPassword), nameOf(SealError::HeaderMalformed));
            ++found;
        }
    }

    void everyCutIsRefused() {
        const SealedSample sample(300);
        for (std::size_t size = 0; size < sample.file.size(); ++size) {
            const char* const why = failure(ByteView(sample.file).first(size), sample.edition.secrets.firstPassword);
            const SealError expected = size < 22                        ? SealError::NotAge
                                       : size < sample.frontSize + kTag ? SealError::Truncated
                                                                        : SealError::ChunkDamaged;
            QCOMPARE(why, nameOf(expected));
        }
    }

    void cutsBetweenChunks_data() {
        QTest::addColumn<int>("size");
        for (const int chunks : {2, 3, 16, 17, 33}) {
            QTest::addRow("%d chunks", chunks) << chunks * static_cast<int>(kChunkSize);
            QTest::addRow("%d chunks and a bit", chunks) << chunks * static_cast<int>(kChunkSize) + 5;
        }
    }
    void cutsBetweenChunks() {
        QFETCH(int, size);
        const SealedSample sample(static_cast<std::size_t>(size));
        const SecretBytes& key = sample.edition.secrets.firstPassword;
        for (std::size_t at = sample.frontSize; at < sample.file.size(); at += kSealedChunkSize) {
            QCOMPARE(failure(ByteView(sample.file).first(at), key), nameOf(SealError::Truncated));
            QCOMPARE(failure(ByteView(sample.file).first(at + 1), key), nameOf(SealError::Truncated));
            if (at > sample.frontSize) {
                QCOMPARE(failure(ByteView(sample.file).first(at - 1), key), nameOf(SealError::ChunkDamaged));
            }
        }
    }

    void trailingData() {
        for (const std::size_t size : {kChunkSize, kPortionSize, kPortionSize + kChunkSize}) {
            const SealedSample sample(size);
            Bytes longer = sample.file;
            longer.push_back(0);
            QCOMPARE(failure(longer, sample.edition.secrets.firstPassword), nameOf(SealError::TrailingData));
            longer.resize(longer.size() + 3 * kPortionSize);
            QCOMPARE(failure(longer, sample.edition.secrets.firstPassword), nameOf(SealError::TrailingData));
        }
        // After a short last chunk the addition cannot be told from damage.
        const SealedSample sample(kChunkSize + 5);
        Bytes longer = sample.file;
        longer.push_back(0);
        QCOMPARE(failure(longer, sample.edition.secrets.firstPassword), nameOf(SealError::ChunkDamaged));
    }

    void movedChunks() {
        const SealedSample sample(20 * kChunkSize);
        const SecretBytes& key = sample.edition.secrets.firstPassword;
        const auto chunkAt = [&](std::size_t i) {
            return static_cast<std::ptrdiff_t>(sample.frontSize + i * kSealedChunkSize);
        };
        for (const auto& [one, two] : {std::pair{0, 1}, std::pair{3, 17}, std::pair{18, 19}}) {
            Bytes swapped = sample.file;
            std::swap_ranges(swapped.begin() + chunkAt(static_cast<std::size_t>(one)),
                             swapped.begin() + chunkAt(static_cast<std::size_t>(one) + 1),
                             swapped.begin() + chunkAt(static_cast<std::size_t>(two)));
            QCOMPARE(failure(swapped, key), nameOf(SealError::ChunkDamaged));
        }
        Bytes doubled = sample.file;
        doubled.insert(doubled.begin() + chunkAt(5), sample.file.begin() + chunkAt(4),
                       sample.file.begin() + chunkAt(5));
        QCOMPARE(failure(doubled, key), nameOf(SealError::ChunkDamaged));
        Bytes dropped = sample.file;
        dropped.erase(dropped.begin() + chunkAt(4), dropped.begin() + chunkAt(5));
        QCOMPARE(failure(dropped, key), nameOf(SealError::ChunkDamaged));
    }

    /// What has reached the sink before a failure is a true beginning of the plain text.
    void nothingUnauthenticatedIsReleased() {
        const SealedSample sample(3 * kPortionSize);
        Bytes bad = sample.file;
        bad[sample.frontSize + 2 * kSealedPortionSize + 100] ^= 1;
        BytesSource source(bad);
        BytesSink sink;
        const auto done = openAge(source, sink, {&sample.edition.secrets.firstPassword, 1});
        QVERIFY(!done);
        QCOMPARE(sink.bytes().size(), 2 * kPortionSize);
        QVERIFY(std::equal(sink.bytes().begin(), sink.bytes().end(), sample.plain.begin()));
    }

    void nothingUnderTheFinalName() {
        QTemporaryDir folder;
        const std::string in = folder.filePath(QStringLiteral("in.age")).toStdString();
        const std::string out = folder.filePath(QStringLiteral("out")).toStdString();
        const SealedSample sample(2 * kPortionSize);
        const auto save = [&](const Bytes& bytes) {
            auto sink = FileSink::create(in);
            QVERIFY(sink.ok());
            QVERIFY(sink->write(bytes).ok());
            QVERIFY(sink->commit().ok());
        };
        const auto files = [&] { return QDir(folder.path()).entryList(QDir::Files); };
        Bytes bad = sample.file;
        bad.back() ^= 1;
        save(bad);
        QCOMPARE(openEditionFile(in, out, sample.edition.secrets, sample.edition.claim).error(),
                 SealError::ChunkDamaged);
        QCOMPARE(files(), QStringList{QStringLiteral("in.age")});

        save(sample.file);
        EditionClaim other = sample.edition.claim;
        other.plainRoot.bytes[0] ^= 1; // known only when all is written
        QCOMPARE(openEditionFile(in, out, sample.edition.secrets, other).error(), SealError::PlainMismatch);
        QCOMPARE(files(), QStringList{QStringLiteral("in.age")});

        QVERIFY(openEditionFile(in, out, sample.edition.secrets, sample.edition.claim).ok());
        QCOMPARE(files(), (QStringList{QStringLiteral("in.age"), QStringLiteral("out")}));
        QFile file(QString::fromStdString(out));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == QByteArray(reinterpret_cast<const char*>(sample.plain.data()),
                                             static_cast<qsizetype>(sample.plain.size())));
        QCOMPARE(openEditionFile(out + "none", out, sample.edition.secrets, sample.edition.claim).error(),
                 SealError::ReadFailed);
    }

    void failuresOfTheWorld() {
        const SealedSample sample(3 * kPortionSize + 7);
        const SecretBytes& key = sample.edition.secrets.firstPassword;
        for (const std::size_t after :
             {std::size_t{0}, std::size_t{50}, sample.frontSize, kPortionSize, 2 * kPortionSize}) {
            FailingSource source(sample.file, after);
            NullSink nowhere;
            QCOMPARE(openAge(source, nowhere, {&key, 1}).error(), SealError::ReadFailed);
            FailingSource plain(sample.plain, after);
            QCOMPARE(sealAge(plain, nowhere, sample.edition.claim.recipient, systemRandom).error(),
                     SealError::ReadFailed);
            BytesSource whole(sample.plain);
            FullSink full(after);
            QCOMPARE(sealAge(whole, full, sample.edition.claim.recipient, systemRandom).error(),
                     SealError::WriteFailed);
        }
    }

    void cancelAndProgress() {
        const SealedSample sample(5 * kPortionSize);
        for (const unsigned threads : {1u, 2u}) {
            JobControl control;
            std::vector<std::uint64_t> seen;
            Work work;
            work.threads = threads;
            work.control = &control;
            work.progress = [&](std::uint64_t done) {
                seen.push_back(done);
                if (done >= 2 * kPortionSize) control.cancel();
            };
            BytesSource source(sample.file);
            NullSink nowhere;
            const auto done = openAge(source, nowhere, {&sample.edition.secrets.firstPassword, 1}, work);
            QVERIFY(!done);
            QCOMPARE(done.error(), SealError::Cancelled);
            QVERIFY(seen.back() >= 2 * kPortionSize && seen.back() < 5 * kPortionSize);
            for (std::size_t i = 1; i < seen.size(); ++i) QVERIFY(seen[i - 1] < seen[i]);
        }
    }

    void pauseStopsTheWork() {
        const SealedSample sample(8 * kPortionSize);
        for (const unsigned threads : {1u, 2u}) {
            JobControl control;
            std::atomic<std::uint64_t> seen = 0;
            Work work;
            work.threads = threads;
            work.control = &control;
            work.progress = [&](std::uint64_t done) {
                seen = done;
                if (done == 2 * kPortionSize) control.pause();
            };
            BytesSink sink;
            std::atomic<bool> ended = false;
            std::thread job([&] {
                BytesSource source(sample.file);
                QVERIFY(openAge(source, sink, {&sample.edition.secrets.firstPassword, 1}, work).ok());
                ended = true;
            });
            QTRY_VERIFY(seen >= 2 * kPortionSize);
            QTest::qWait(50); // what is under way comes to its end
            const std::uint64_t stoppedAt = seen;
            QVERIFY(stoppedAt <= (2 + threads) * kPortionSize);
            QTest::qWait(50);
            QCOMPARE(seen.load(), stoppedAt);
            QVERIFY(!ended);
            control.resume();
            job.join();
            QVERIFY(ended);
            QVERIFY(sink.bytes() == sample.plain);
        }
    }

    void cancelEndsAPause() {
        const SealedSample sample(8 * kPortionSize);
        JobControl control;
        control.pause();
        Work work;
        work.control = &control;
        std::thread job([&] {
            BytesSource source(sample.file);
            NullSink nowhere;
            QCOMPARE(openAge(source, nowhere, {&sample.edition.secrets.firstPassword, 1}, work).error(),
                     SealError::Cancelled);
        });
        control.cancel();
        control.resume(); // too late
        job.join();
        QVERIFY(control.cancelled());
    }

    void slowSourcesGiveTheSame() {
        const SealedSample sample(kPortionSize + kChunkSize + 3);
        SlowSource source(sample.file);
        BytesSink sink;
        QVERIFY(openAge(source, sink, {&sample.edition.secrets.firstPassword, 1}).ok());
        QVERIFY(sink.bytes() == sample.plain);
    }

    void twoSealingsShareNothing() {
        const SealedSample one(100);
        const SealedSample two(100);
        QVERIFY(one.file != two.file);
        QCOMPARE(failure(one.file, two.edition.secrets.firstPassword), nameOf(SealError::WrongKey));
    }

    // --- sources that are not what they say --------------------------------------------------------------------------

    /// A file that the system tells no size of, and one of which a part has been read.
    void filesOfUnknownSize() {
        const auto sealed = [](Source& source) {
            BytesSink sink;
            SystemRandom random;
            const SecretBytes identity = crypto::newBoxSecret(random);
            if (!sealAge(source, sink, crypto::boxKeyOf(identity), random)) qFatal("not sealed");
            BytesSource again(sink.bytes());
            BytesSink opened;
            if (!openAge(again, opened, std::span<const SecretBytes>(&identity, 1))) qFatal("not opened");
            return opened.take();
        };
        auto version = FileSource::open("/proc/version");
        QVERIFY(version.ok() && !version->left());
        QVERIFY(sealed(*version).size() > 10);

        QTemporaryFile file;
        QVERIFY(file.open() && file.write(QByteArray(200'000, 'x')) == 200'000 && file.flush());
        auto source = FileSource::open(file.fileName().toStdString());
        Bytes head(50'000);
        QVERIFY(source.ok() && *source->read(head) == head.size());
        QCOMPARE(source->left(), std::optional<std::uint64_t>(150'000));
        QCOMPARE(sealed(*source).size(), std::size_t{150'000});
    }

    /// A file that becomes shorter while it is read: what would be an empty last piece is refused.
    void sourcesThatShrink_data() {
        QTest::addColumn<int>("there");
        QTest::addColumn<bool>("refused");
        const int piece = 4 * static_cast<int>(kChunkSize); // as much as is read at once
        QTest::addRow("nothing") << 0 << false;
        QTest::addRow("within a piece") << piece + 5 << false;
        QTest::addRow("between two") << piece << true;
    }
    void sourcesThatShrink() {
        QFETCH(int, there);
        QFETCH(bool, refused);
        class Shrinking final : public Source {
        public:
            explicit Shrinking(std::size_t size) : m_bytes(size, 7), m_source(m_bytes) {}
            Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override { return m_source.read(out); }
            std::optional<std::uint64_t> left() const override { return std::uint64_t{1'000'000}; }

        private:
            Bytes m_bytes;
            BytesSource m_source;
        };
        Shrinking source(static_cast<std::size_t>(there));
        BytesSink sink;
        SystemRandom random;
        const SecretBytes identity = crypto::newBoxSecret(random);
        const auto sealed = sealAge(source, sink, crypto::boxKeyOf(identity), random);
        QCOMPARE(!sealed, refused);
        if (refused) {
            QCOMPARE(sealed.error(), SealError::ReadFailed);
            return;
        }
        BytesSource again(sink.bytes());
        BytesSink opened;
        QVERIFY(openAge(again, opened, std::span<const SecretBytes>(&identity, 1)).ok());
        QCOMPARE(opened.bytes().size(), static_cast<std::size_t>(there));
    }
};

QTEST_GUILESS_MAIN(TestSealedFile)
#include "tst_sealed_file.moc"
