// A sealed file that arrives portion by portion: whatever comes, in whatever order and over however many runs, what is
// kept is proven, and what was kept stays.
#include "core/asset/Arrival.h"
#include "core/asset/Edition.h"
#include "core/crypto/Box.h"
#include "core/crypto/Merkle.h"
#include "tests/support/Bytes.h"
#include "tests/support/KillSwitch.h"
#include "tests/support/Seed.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tallylock;
using namespace tallylock::asset;

namespace {

/// A sealed file of some portions, and a folder in which it arrives.
struct Parcel {
    SystemRandom random;
    QTemporaryDir folder;
    Bytes sealed;
    Hash root;
    PortionHashes hashes;

    explicit Parcel(std::size_t plainSize = 5 * kPortionSize + 1234) {
        const Bytes plain = test::noise(plainSize, 3);
        BytesSource source(plain);
        BytesSink sink;
        const SecretBytes secret = crypto::newBoxSecret(random);
        const auto portions = sealPortions(source, sink, crypto::boxKeyOf(secret), newPlainSalt(random), random);
        if (!portions) qFatal("cannot seal");
        sealed = sink.take();
        root = portions->sealedRoot;
        BytesSource whole(sealed);
        auto found = hashPortions(whole, root);
        if (!found) qFatal("cannot hash");
        hashes = std::move(*found);
    }
    QString path() const { return folder.filePath(QStringLiteral("parcel")); }
    QString map() const { return path() + QStringLiteral(".map"); }
    Result<std::unique_ptr<Arrival>, ArrivalError> open() const {
        return Arrival::open(path().toStdString(), root, sealed.size());
    }
    /// With the portion hashes, and what lies there read back.
    std::unique_ptr<Arrival> takeUp(std::uint64_t changed = 0) const {
        auto arrival = open();
        if (!arrival) qFatal("%s", nameOf(arrival.error()));
        if (!(*arrival)->hasHashes() && !(*arrival)->begin(hashes)) qFatal("no hashes");
        const auto found = (*arrival)->reread(nullptr);
        if (!found || *found != changed) qFatal("changed on the disk: %d", found ? static_cast<int>(*found) : -1);
        return std::move(*arrival);
    }
    Bytes portion(std::uint64_t index) const {
        const PortionLayout layout = hashes.layout(sealed.size());
        const auto first = sealed.begin() + static_cast<std::ptrdiff_t>(layout.offsetOf(index));
        return {first, first + static_cast<std::ptrdiff_t>(layout.sizeOf(index))};
    }
    Bytes onDisk() const {
        QFile file(path());
        if (!file.open(QIODevice::ReadOnly)) return {};
        const QByteArray bytes = file.readAll();
        return {bytes.begin(), bytes.end()};
    }
    void flip(const QString& file, qint64 at) const {
        QFile disk(file);
        QVERIFY(disk.open(QIODevice::ReadWrite) && disk.seek(at));
        char byte = 0;
        QVERIFY(disk.getChar(&byte) && disk.seek(at) && disk.putChar(static_cast<char>(byte ^ 1)));
    }
    std::vector<std::uint64_t> there(const Arrival& arrival) const {
        std::vector<std::uint64_t> found;
        for (std::uint64_t i = 0; i < arrival.portions(); ++i)
            if (arrival.has(i)) found.push_back(i);
        return found;
    }
};

using Numbers = std::vector<std::uint64_t>;

} // namespace

class TestArrival : public QObject {
    Q_OBJECT

private slots:
    void hashesAreOfOneFileAlone() {
        const Parcel parcel;
        const auto size = parcel.sealed.size();
        QVERIFY(areOf(parcel.hashes, parcel.root, size));
        const auto again = decodeHashes(encodeHashes(parcel.hashes));
        QVERIFY(again && again->frontSize == parcel.hashes.frontSize && again->leaves == parcel.hashes.leaves);
        QVERIFY(!areOf(parcel.hashes, Hash{}, size));
        QVERIFY(!areOf(parcel.hashes, parcel.root, size + kSealedPortionSize));
        QVERIFY(!areOf(parcel.hashes, parcel.root, parcel.hashes.frontSize));
        QVERIFY(!areOf(parcel.hashes, parcel.root, ~std::uint64_t{0}));
        PortionHashes bad = parcel.hashes;
        bad.leaves.pop_back();
        QVERIFY(!areOf(bad, parcel.root, size));
        bad = parcel.hashes;
        std::swap(bad.leaves[1], bad.leaves[2]);
        QVERIFY(!areOf(bad, parcel.root, size));
        QVERIFY(!areOf({}, crypto::merkleRoot({}), 100));
        for (const std::size_t cut : {0u, 7u, 8u, 39u, 41u})
            QVERIFY(!decodeHashes(ByteView(encodeHashes(parcel.hashes)).first(cut)));
    }

    void arrivesInAnyOrderOverAnyNumberOfRuns() {
        const quint64 seed = test::seedOr(11);
        std::mt19937_64 random(seed);
        const Parcel parcel;
        Numbers order;
        for (std::uint64_t i = 0; i < parcel.hashes.leaves.size(); ++i) order.push_back(i);
        std::shuffle(order.begin(), order.end(), random);
        Numbers kept;
        for (const std::uint64_t index : order) {
            const auto arrival = parcel.takeUp();
            QCOMPARE(parcel.there(*arrival), kept);
            QVERIFY(!arrival->isWhole());
            QVERIFY(!Arrival::isMarkedWhole(parcel.path().toStdString(), parcel.root, parcel.sealed.size()));
            QVERIFY(arrival->put(index, parcel.portion(index)).ok());
            QVERIFY(arrival->put(index, bytesOf("a second time nobody looks")).ok());
            kept.insert(std::lower_bound(kept.begin(), kept.end(), index), index);
        }
        QVERIFY(Arrival::isMarkedWhole(parcel.path().toStdString(), parcel.root, parcel.sealed.size()));
        const auto arrival = parcel.takeUp();
        QVERIFY(arrival->isWhole());
        QCOMPARE(arrival->bytesThere(), parcel.sealed.size());
        QVERIFY(parcel.onDisk() == parcel.sealed);
    }

    void aWrongPortionIsRefusedAndTheRestKept() {
        const Parcel parcel;
        {
            const auto arrival = parcel.takeUp();
            QVERIFY(arrival->put(1, parcel.portion(1)).ok());
            Bytes wrong = parcel.portion(2);
            wrong[77] ^= 1;
            for (const Bytes& bytes : {wrong, parcel.portion(3), parcel.portion(0), Bytes(), bytesOf("garbage")})
                QCOMPARE(arrival->put(2, bytes).error(), ArrivalError::PortionWrong);
            QCOMPARE(parcel.there(*arrival), (Numbers{1}));
            QVERIFY(arrival->put(2, parcel.portion(2)).ok());
        }
        QCOMPARE(parcel.there(*parcel.takeUp()), (Numbers{1, 2}));
    }

    void otherHashesAreRefused() {
        const Parcel parcel;
        const Parcel other;
        auto arrival = *parcel.open();
        QCOMPARE(arrival->begin(other.hashes).error(), ArrivalError::HashesWrong);
        QVERIFY(!arrival->hasHashes() && !arrival->isWhole());
        // A front that is another by less than a portion has the right root; portion 0 does not fit then.
        PortionHashes moved = parcel.hashes;
        moved.frontSize += 16;
        QVERIFY(arrival->begin(moved).ok());
        QCOMPARE(arrival->put(0, parcel.portion(0)).error(), ArrivalError::PortionWrong);
        arrival->forgetHashes();
        QVERIFY(arrival->begin(parcel.hashes).ok());
        QVERIFY(arrival->put(0, parcel.portion(0)).ok());
    }

    void whatTheDiskHasChangedComesAgain() {
        const Parcel parcel;
        {
            const auto arrival = parcel.takeUp();
            for (const std::uint64_t i : Numbers{0, 1, 2, 3}) QVERIFY(arrival->put(i, parcel.portion(i)).ok());
        }
        parcel.flip(parcel.path(), 10);
        parcel.flip(parcel.path(), static_cast<qint64>(parcel.hashes.layout(parcel.sealed.size()).offsetOf(2)));
        QCOMPARE(parcel.there(*parcel.takeUp(2)), (Numbers{1, 3}));
        QCOMPARE(parcel.there(*parcel.takeUp(0)), (Numbers{1, 3})); // that is noted, too
        QFile file(parcel.path());
        QVERIFY(file.resize(0));
        QCOMPARE(parcel.there(*parcel.takeUp(2)), Numbers{});
    }

    void aDamagedMapCostsNoPortion_data() {
        QTest::addColumn<int>("damage");
        QTest::newRow("no map") << -1;
        QTest::newRow("magic") << 3;
        QTest::newRow("root") << 25;
        QTest::newRow("size") << 59;
        QTest::newRow("length") << 67;
        QTest::newRow("front") << 74;
        QTest::newRow("hash") << 90;
        QTest::newRow("cut") << -2;
        QTest::newRow("of another file") << -3;
    }
    void aDamagedMapCostsNoPortion() {
        QFETCH(int, damage);
        const Parcel parcel;
        {
            const auto arrival = parcel.takeUp();
            for (const std::uint64_t i : Numbers{0, 2, 5}) QVERIFY(arrival->put(i, parcel.portion(i)).ok());
        }
        QFile map(parcel.map());
        if (damage == -1) QVERIFY(map.remove());
        if (damage == -2) QVERIFY(map.resize(map.size() - 1));
        if (damage == -3) {
            const Parcel other;
            (void)other.takeUp();
            QVERIFY(map.remove() && QFile::copy(other.map(), parcel.map()));
        }
        if (damage >= 0) parcel.flip(parcel.map(), damage);
        auto arrival = *parcel.open();
        // Another front may be that of a file with this root: portion 0 tells, and it is not there then.
        if (damage != 74) QVERIFY(!arrival->hasHashes());
        arrival->forgetHashes();
        QVERIFY(arrival->begin(parcel.hashes).ok());
        const auto changed = arrival->reread(nullptr);
        QVERIFY(changed && *changed == 0);
        QCOMPARE(parcel.there(*arrival), (Numbers{0, 2, 5}));
    }

    void oneRunHasItInHand() {
        const Parcel parcel;
        auto first = parcel.takeUp();
        QCOMPARE(parcel.open().error(), ArrivalError::InHand);
        QVERIFY(first->put(0, parcel.portion(0)).ok());
        first.reset();
        QCOMPARE(parcel.there(*parcel.takeUp()), (Numbers{0}));
    }

    void aFileOfOthersIsNotTouched() {
        const Parcel parcel;
        const QByteArray elsewhere = parcel.folder.filePath(QStringLiteral("elsewhere")).toUtf8();
        QFile target(QString::fromUtf8(elsewhere));
        QVERIFY(target.open(QIODevice::WriteOnly));
        QCOMPARE(::symlink(elsewhere.constData(), parcel.path().toUtf8().constData()), 0);
        QCOMPARE(parcel.open().error(), ArrivalError::Failed);
        QVERIFY(QFile::remove(parcel.path()));
        QVERIFY(parcel.open().ok());
        QCOMPARE(::chmod(parcel.path().toUtf8().constData(), 0644), 0);
        QCOMPARE(parcel.open().error(), ArrivalError::Failed);
    }

    void aFullDiskLosesNothing() {
        const Parcel parcel;
        {
            const auto arrival = parcel.takeUp();
            QVERIFY(arrival->put(0, parcel.portion(0)).ok());
            rlimit before{};
            QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
            const auto handler = std::signal(SIGXFSZ, SIG_IGN);
            rlimit small = before;
            small.rlim_cur = 2 * kSealedPortionSize; // in the middle of portion 1, which ends behind the header
            QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
            QCOMPARE(arrival->put(1, parcel.portion(1)).error(), ArrivalError::Full);
            QCOMPARE(arrival->put(3, parcel.portion(3)).error(), ArrivalError::Full);
            QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
            std::signal(SIGXFSZ, handler);
            QCOMPARE(parcel.there(*arrival), (Numbers{0}));
        }
        const auto arrival = parcel.takeUp();
        QCOMPARE(parcel.there(*arrival), (Numbers{0}));
        for (std::uint64_t i = 1; i < arrival->portions(); ++i) QVERIFY(arrival->put(i, parcel.portion(i)).ok());
        QVERIFY(arrival->isWhole() && parcel.onDisk() == parcel.sealed);
        // With the last portion all are durable, while the run still has the file in hand.
        QVERIFY(Arrival::isMarkedWhole(parcel.path().toStdString(), parcel.root, parcel.sealed.size()));
    }

    void rereadingCanBeInterrupted() {
        const Parcel parcel;
        QVERIFY(parcel.takeUp()->put(0, parcel.portion(0)).ok());
        JobControl control;
        control.interrupt();
        auto arrival = *parcel.open();
        QCOMPARE(arrival->reread(&control).error(), ArrivalError::Interrupted);
        QVERIFY(!arrival->has(0));
        arrival.reset();
        QCOMPARE(parcel.there(*parcel.takeUp()), (Numbers{0}));
    }

    /// Wherever the writer dies, all that it called durable is there, and the next run makes it whole.
    void goesOnWhereverItIsKilled_data() {
        QTest::addColumn<QString>("when");
        for (const char* when : {"before", "after", "torn"}) QTest::newRow(when) << QString::fromLatin1(when);
    }
    void goesOnWhereverItIsKilled() {
        QFETCH(QString, when);
        const Parcel sent;
        const QTemporaryDir outside;
        const QString sealedPath = outside.filePath(QStringLiteral("sealed"));
        QFile file(sealedPath);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(sent.sealed.data()), static_cast<qint64>(sent.sealed.size()));
        file.close();
        const QString countFile = outside.filePath(QStringLiteral("count"));
        quint64 calls = 0;
        int killed = 0;
        for (quint64 at = 0; at <= calls; ++at) {
            const QTemporaryDir folder;
            const QString path = folder.filePath(QStringLiteral("parcel"));
            const auto run = [&](quint64 fatal) {
                QProcess writer;
                writer.setProcessEnvironment(support::environmentOf({folder.path(), fatal, when, countFile}));
                writer.start(QStringLiteral(TALLYLOCK_TEST_DIR "/arrival_writer"), {path, sealedPath});
                if (!writer.waitForFinished(30'000)) qFatal("the writer hangs");
                if (writer.exitStatus() == QProcess::CrashExit) ++killed;
                const auto lines = writer.readAllStandardOutput().split('\n');
                const std::uint64_t there = lines.size() < 2 ? 0 : lines[lines.size() - 2].toULongLong();
                return std::pair{writer.exitStatus() == QProcess::NormalExit ? writer.exitCode() : -1, there};
            };
            const auto place = QStringLiteral("killed %1 call %2 of %3").arg(when).arg(at).arg(calls).toUtf8();
            const auto [code, durable] = run(at);
            if (at == 0) {
                QFile count(countFile);
                QVERIFY(count.open(QIODevice::ReadOnly));
                calls = count.readAll().trimmed().toULongLong();
                QVERIFY2(code == 0 && calls > 10, place.constData());
            } else if (durable != 0) {
                auto arrival = Arrival::open(path.toStdString(), sent.root, sent.sealed.size());
                QVERIFY2(arrival && (*arrival)->hasHashes(), place.constData());
                QVERIFY2((*arrival)->reread(nullptr).ok(), place.constData());
                for (std::uint64_t i = 0; i < durable; ++i) QVERIFY2((*arrival)->has(i), place.constData());
            }
            QVERIFY2(run(0).first == 0, place.constData());
            QFile there(path);
            QVERIFY(there.open(QIODevice::ReadOnly));
            const QByteArray bytes = there.readAll();
            QVERIFY2(std::equal(bytes.begin(), bytes.end(), sent.sealed.begin(), sent.sealed.end(),
                                [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }),
                     place.constData());
        }
        QVERIFY(killed > 5);
    }
};

QTEST_GUILESS_MAIN(TestArrival)
#include "tst_arrival.moc"
