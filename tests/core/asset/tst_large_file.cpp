#include "core/asset/AgeHeader.h"
#include "core/asset/AgeKey.h"
#include "core/asset/Payload.h"
#include "core/asset/SealedReader.h"
#include "core/crypto/Box.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kLargeSize = 4 * kGiB + 3 * kPortionSize + 12345;
constexpr std::uint64_t kMarkAt = 4 * kGiB + kPortionSize + 999; // something that is not a zero, behind 4 GiB
constexpr std::string_view kMark = "behind four GiB";

/// Takes what the sparse file holds, and notices anything else.
class SparseSink final : public Sink {
public:
    Result<void, SealError> write(ByteView bytes) override {
        for (std::size_t i = 0; i < bytes.size();) {
            const std::uint64_t at = m_size + i;
            if (at >= kMarkAt && at < kMarkAt + kMark.size()) {
                m_same = m_same && bytes[i] == static_cast<std::uint8_t>(kMark[static_cast<std::size_t>(at - kMarkAt)]);
                ++i;
                continue;
            }
            const std::uint64_t zeros = at < kMarkAt ? kMarkAt - at : bytes.size();
            const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(zeros, bytes.size() - i));
            const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(i);
            m_same = m_same && std::all_of(from, from + static_cast<std::ptrdiff_t>(size),
                                           [](std::uint8_t byte) { return byte == 0; });
            i += size;
        }
        m_size += bytes.size();
        return {};
    }
    bool isTheFile() const { return m_same && m_size == kLargeSize; }

private:
    std::uint64_t m_size = 0;
    bool m_same = true;
};

/// The reading end of a pipe.
class PipeSource final : public Source {
public:
    explicit PipeSource(int descriptor) : m_descriptor(descriptor) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override {
        const ssize_t got = ::read(m_descriptor, out.data(), out.size());
        if (got < 0) return Err(SealError::ReadFailed);
        return static_cast<std::size_t>(got);
    }

private:
    int m_descriptor;
};

/// A sealed file of zeros that exists only where it is read.
class ImaginedFile final : public SeekableSource {
public:
    ImaginedFile(std::uint64_t portions, const BoxKey& recipient) : m_portions(portions) {
        systemRandom.fill(m_fileKey.span());
        m_front = std::move(makeFront({.keys = {&recipient, 1}}, m_fileKey, systemRandom)).value();
    }
    std::uint64_t size() const override { return m_front.size() + m_portions * kSealedPortionSize; }
    Result<std::size_t, SealError> read(std::span<std::uint8_t>) override { return Err(SealError::ReadFailed); }
    Result<std::size_t, SealError> readAt(std::uint64_t offset, std::span<std::uint8_t> out) override {
        Bytes piece = m_front;
        std::uint64_t start = 0;
        if (offset >= m_front.size()) {
            const std::uint64_t index = (offset - m_front.size()) / kSealedPortionSize;
            if (index >= m_portions) return std::size_t{0};
            start = m_front.size() + index * kSealedPortionSize;
            const SecretBytes key = agePayloadKey(m_fileKey, ByteView(m_front).last(kAgeNonceSize));
            crypto::ChunkCipher cipher(key.view(), crypto::ChunkCipher::Direction::Seal);
            Leaves none(nullptr, index, {});
            piece.resize(kSealedPortionSize);
            sealChunks(cipher, placeOfPortion(index, index + 1 == m_portions), Bytes(kPortionSize), piece.data(), none);
        }
        const ByteView rest = ByteView(piece).subspan(static_cast<std::size_t>(offset - start));
        const std::size_t size = std::min(rest.size(), out.size());
        std::copy_n(rest.begin(), size, out.begin());
        return size;
    }

private:
    std::uint64_t m_portions;
    SecretBytes m_fileKey{kAgeFileKeySize};
    Bytes m_front;
};

std::int64_t peakKiB() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}
} // namespace

class TestLargeFile : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    SecretBytes m_identity = crypto::newBoxSecret(systemRandom);
    BoxKey m_recipient = crypto::boxKeyOf(m_identity);
    std::string text(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

    // Seals the sparse file into a pipe, on a thread.
    std::thread sealInto(int descriptor, bool& sealed) {
        return std::thread([this, descriptor, &sealed] {
            auto source = FileSource::open(text("large"));
            StreamSink sink(descriptor);
            const auto done = sealAge(*source, sink, m_recipient, systemRandom);
            sealed = done && done->plainSize == kLargeSize;
            ::close(descriptor);
        });
    }

private slots:
    void initTestCase() {
        const int descriptor = ::open(text("large").c_str(), O_WRONLY | O_CREAT, 0600);
        QVERIFY(descriptor >= 0);
        QCOMPARE(::ftruncate(descriptor, static_cast<off_t>(kLargeSize)), 0);
        QCOMPARE(::pwrite(descriptor, kMark.data(), kMark.size(), static_cast<off_t>(kMarkAt)),
                 static_cast<ssize_t>(kMark.size()));
        struct stat status;
        QCOMPARE(::fstat(descriptor, &status), 0);
        QVERIFY(status.st_blocks < 1000); // sparse: no disk is filled
        ::close(descriptor);
    }

    /// Sealed and opened again through a pipe, in the memory of a few portions.
    void constantMemory() {
        const std::int64_t before = peakKiB();
        int ends[2];
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
        bool sealed = false;
        std::thread sealing = sealInto(ends[1], sealed);
        PipeSource source(ends[0]);
        SparseSink sink;
        const auto opened = openAge(source, sink, {&m_identity, 1});
        ::close(ends[0]);
        sealing.join();
        QVERIFY(sealed);
        QVERIFY(opened.ok());
        QVERIFY(sink.isTheFile());
        QCOMPARE(opened->plainSize, kLargeSize);
        const std::int64_t grown = peakKiB() - before;
        qInfo("peak memory grew by %lld KiB", static_cast<long long>(grown));
#ifndef __SANITIZE_ADDRESS__ // which gives memory back late
        QVERIFY(grown < 24 * 1024);
#endif
    }

    /// The stock program opens it.
    void stockOpensIt() {
        auto key = FileSink::create(text("key"), FileSink::Access::OwnerOnly);
        QVERIFY(key->write(keyFileText(m_identity, 0).view()).ok() && key->commit().ok());
        int toAge[2];
        int fromAge[2];
        QCOMPARE(::pipe2(toAge, O_CLOEXEC), 0);
        QCOMPARE(::pipe2(fromAge, O_CLOEXEC), 0);
        QProcess age;
        age.setChildProcessModifier([&] {
            ::dup2(toAge[0], STDIN_FILENO);
            ::dup2(fromAge[1], STDOUT_FILENO);
        });
        age.setInputChannelMode(QProcess::ForwardedInputChannel);
        age.setProcessChannelMode(QProcess::ForwardedChannels);
        age.start(QStringLiteral("age"),
                  {QStringLiteral("-d"), QStringLiteral("-i"), QString::fromStdString(text("key"))});
        QVERIFY(age.waitForStarted());
        ::close(toAge[0]);
        ::close(fromAge[1]);
        bool sealed = false;
        std::thread sealing = sealInto(toAge[1], sealed);
        SparseSink sink;
        Bytes buffer(kPortionSize);
        for (ssize_t got = 0; (got = ::read(fromAge[0], buffer.data(), buffer.size())) > 0;)
            QVERIFY(sink.write(ByteView(buffer).first(static_cast<std::size_t>(got))).ok());
        ::close(fromAge[0]);
        sealing.join();
        QVERIFY(age.waitForFinished(60000));
        QCOMPARE(age.exitCode(), 0);
        QVERIFY(sealed && sink.isTheFile());
    }

    /// Single portions, also behind 4 GiB and behind 4 TiB.
    void randomAccess() {
        constexpr std::uint64_t kPortions = std::uint64_t{5} << 20; // 5 TiB
        ImaginedFile file(kPortions, m_recipient);
        const auto reader = SealedReader::open(file, {&m_identity, 1});
        QVERIFY(reader.ok());
        QCOMPARE(reader->layout().portionCount(), kPortions);
        QCOMPARE(reader->layout().plainSize(), kPortions * kPortionSize);
        for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{4095}, std::uint64_t{4096},
                                          std::uint64_t{4097}, std::uint64_t{4} << 20, kPortions - 1}) {
            const auto portion = reader->portion(index);
            QVERIFY2(portion.ok(), portion ? "" : nameOf(portion.error()));
            QVERIFY(portion->plain == Bytes(kPortionSize));
        }
        QCOMPARE(reader->portion(kPortions).error(), SealError::NoPortion);
    }
};

QTEST_GUILESS_MAIN(TestLargeFile)
#include "tst_large_file.moc"
