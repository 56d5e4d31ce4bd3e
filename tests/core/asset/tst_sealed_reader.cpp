#include "core/asset/Edition.h"
#include "core/asset/SealedReader.h"
#include "core/crypto/Box.h"
#include "core/crypto/Merkle.h"
#include "tests/support/Bytes.h"

#include <QTest>
#include <thread>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;

struct Sample {
    explicit Sample(std::size_t size) : plain(test::noise(size)) {
        BytesSource source(plain);
        BytesSink sink;
        EditionSealer sealer(Hash{}, SecretBytes(32), newPlainSalt(systemRandom), systemRandom);
        edition = std::move(sealer.seal(1, source, sink)).value();
        file = sink.take();
    }
    const SecretBytes& key() const { return edition.secrets.firstPassword; }
    Bytes plain;
    Bytes file;
    SealedEdition edition;
};

const char* outcomeOf(const SealedReader& reader, std::uint64_t index) {
    const auto portion = reader.portion(index);
    return portion ? "opened" : nameOf(portion.error());
}
} // namespace

class TestSealedReader : public QObject {
    Q_OBJECT
private slots:
    void wrongKey() {
        const Sample sample(100);
        BytesSource source(sample.file);
        const SecretBytes other = crypto::newBoxSecret(systemRandom);
        QCOMPARE(SealedReader::open(source, {&other, 1}).error(), SealError::WrongKey);
    }

    void everyCutOfASmallFileIsRefused() {
        const Sample sample(300);
        for (std::size_t size = 0; size < sample.file.size(); ++size) {
            BytesSource source(ByteView(sample.file).first(size));
            const auto reader = SealedReader::open(source, {&sample.key(), 1});
            QVERIFY(!reader || std::string_view(outcomeOf(*reader, 0)) == nameOf(SealError::ChunkDamaged));
        }
    }

    /// Where the file ends is known by its last portion.
    void endsAreChecked() {
        const Sample sample(3 * kPortionSize);
        const std::size_t front = sample.file.size() - 3 * kSealedPortionSize;
        BytesSource cut(ByteView(sample.file).first(front + 2 * kSealedPortionSize));
        auto reader = SealedReader::open(cut, {&sample.key(), 1});
        QCOMPARE(outcomeOf(*reader, 0), "opened");
        QCOMPARE(outcomeOf(*reader, 1), nameOf(SealError::Truncated));
        QCOMPARE(outcomeOf(*reader, 2), nameOf(SealError::NoPortion));

        Bytes longer = sample.file;
        longer.resize(longer.size() + 16);
        BytesSource lengthened(longer);
        reader = SealedReader::open(lengthened, {&sample.key(), 1});
        QCOMPARE(outcomeOf(*reader, 2), nameOf(SealError::TrailingData));
        longer.resize(longer.size() - 1); // too short for a tag
        BytesSource torn(longer);
        QCOMPARE(SealedReader::open(torn, {&sample.key(), 1}).error(), SealError::Truncated);
    }

    void movedPortionsAreRefused() {
        Sample sample(4 * kPortionSize);
        const auto at = [&](std::size_t i) {
            return sample.file.end() - static_cast<std::ptrdiff_t>((4 - i) * kSealedPortionSize);
        };
        std::swap_ranges(at(1), at(2), at(2));
        BytesSource source(sample.file);
        const auto reader = SealedReader::open(source, {&sample.key(), 1});
        QCOMPARE(outcomeOf(*reader, 0), "opened");
        QCOMPARE(outcomeOf(*reader, 1), nameOf(SealError::ChunkDamaged));
        QCOMPARE(outcomeOf(*reader, 2), nameOf(SealError::ChunkDamaged));
        QCOMPARE(outcomeOf(*reader, 3), "opened");
    }

    void damageStaysInItsPortion() {
        Sample sample(3 * kPortionSize + 5);
        sample.file[sample.file.size() - 2 * kSealedPortionSize] ^= 1;
        BytesSource source(sample.file);
        const auto reader = SealedReader::open(source, {&sample.key(), 1});
        QCOMPARE(outcomeOf(*reader, 0), "opened");
        QCOMPARE(outcomeOf(*reader, 1), nameOf(SealError::ChunkDamaged));
        QCOMPARE(outcomeOf(*reader, 2), "opened");
        QCOMPARE(outcomeOf(*reader, 3), "opened");
    }

    void portionsAreThoseOfThePass_data() {
        QTest::addColumn<int>("size");
        const int chunk = static_cast<int>(kChunkSize);
        const int portion = static_cast<int>(kPortionSize);
        for (const int size : {0, 1, chunk, chunk + 1, portion - 1, portion, portion + 1, 3 * portion, 4 * portion + 9})
            QTest::addRow("%d bytes", size) << size;
    }
    void portionsAreThoseOfThePass() {
        QFETCH(int, size);
        const Sample sample(static_cast<std::size_t>(size));
        const Portions& known = sample.edition.portions;
        BytesSource source(sample.file);
        const auto reader = SealedReader::open(source, {&sample.key(), 1});
        QVERIFY(reader.ok());
        QCOMPARE(reader->layout().portionCount(), std::uint64_t{known.sealedLeaves.size()});
        QCOMPARE(reader->layout().plainSize(), std::uint64_t{sample.plain.size()});
        QVERIFY(reader->layout().oneRecipient);
        const auto layout = portionLayout(source);
        QVERIFY(layout.ok());
        Bytes plain;
        Bytes sealed;
        for (std::uint64_t i = 0; i < known.sealedLeaves.size(); ++i) {
            const auto portion = reader->portion(i, &sample.edition.secrets.plainSalt);
            QVERIFY(portion.ok());
            QCOMPARE(portion->sealedLeaf, known.sealedLeaves[static_cast<std::size_t>(i)]);
            QCOMPARE(portion->plainLeaf, known.plainLeaves[static_cast<std::size_t>(i)]);
            QCOMPARE(crypto::merkleLeaf(portion->sealed), portion->sealedLeaf);
            QVERIFY(*readSealedPortion(source, *layout, i) == portion->sealed);
            append(plain, portion->plain);
            append(sealed, portion->sealed);
        }
        QVERIFY(plain == sample.plain);
        QVERIFY(sealed == sample.file);
        QCOMPARE(outcomeOf(*reader, known.sealedLeaves.size()), nameOf(SealError::NoPortion));
        QCOMPARE(readSealedPortion(source, *layout, ~std::uint64_t{0}).error(), SealError::NoPortion);
    }

    void manyThreadsAtOnce() {
        const Sample sample(6 * kPortionSize);
        BytesSource source(sample.file);
        const auto reader = SealedReader::open(source, {&sample.key(), 1});
        std::atomic<int> good = 0;
        std::vector<std::thread> threads;
        for (std::uint64_t start = 0; start < 3; ++start) {
            threads.emplace_back([&, start] {
                for (std::uint64_t i = start; i < 6; ++i) {
                    const auto portion = reader->portion(i);
                    const auto at = sample.plain.begin() + static_cast<std::ptrdiff_t>(i * kPortionSize);
                    if (portion && std::equal(portion->plain.begin(), portion->plain.end(), at)) ++good;
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        QCOMPARE(good.load(), 6 + 5 + 4);
    }
};

QTEST_GUILESS_MAIN(TestSealedReader)
#include "tst_sealed_reader.moc"
