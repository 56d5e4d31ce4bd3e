#include "core/asset/AgeHeader.h"
#include "core/asset/Edition.h"
#include "core/asset/PartFile.h"
#include "core/asset/SealResume.h"
#include "core/crypto/Box.h"
#include "tests/support/Bytes.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tallylock;
using namespace tallylock::asset;

namespace {
SystemRandom systemRandom;

/// A folder with a source of six portions, and runs that are interrupted.
class Place {
public:
    Place() { save("in", plain); }

    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    std::string text(const char* name) const { return path(name).toStdString(); }
    QStringList files() const { return QDir(m_folder.path()).entryList(QDir::Files, QDir::Name); }
    bool has(const char* name) const { return QFile::exists(path(name)); }
    void save(const char* name, ByteView bytes) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    }
    Bytes load(const char* name) const {
        QFile file(path(name));
        if (!file.open(QIODevice::ReadOnly)) return {};
        const QByteArray bytes = file.readAll();
        return {bytes.begin(), bytes.end()};
    }
    /// Changes the source and sets its time stamp back.
    void changeSourceSecretly(std::size_t at) {
        struct stat before;
        QCOMPARE(::stat(text("in").c_str(), &before), 0);
        plain[at] ^= 1;
        QFile file(path("in"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(static_cast<qint64>(at)) && file.write(reinterpret_cast<const char*>(&plain[at]), 1) == 1);
        file.close();
        const timespec times[] = {before.st_atim, before.st_mtim};
        QCOMPARE(::utimensat(AT_FDCWD, text("in").c_str(), times, 0), 0);
    }

    /// Interrupted after so many portions; 0: runs to its end.
    Result<Portions, SealError> seal(unsigned portions, bool forGood = false) {
        JobControl control;
        return sealPortionsFile(text("in"), text("out"), identity, salt, systemRandom,
                                stoppingAfter(portions, forGood, control));
    }
    Result<Portions, SealError> sealForRecipients(unsigned portions) {
        JobControl control;
        return sealAgeFile(text("in"), text("out"), {.keys = {&recipient, 1}}, systemRandom,
                           stoppingAfter(portions, false, control));
    }
    Result<Portions, SealError> open(unsigned portions, bool forGood = false) {
        JobControl control;
        const Work work = stoppingAfter(portions, forGood, control);
        auto source = FileSource::open(text("sealed"));
        return writeThroughPart(text("plain"), FileSink::Access::OwnerOnly, [&](Sink& sink) {
            return openAge(*source, sink, {&identity, 1}, work);
        });
    }
    /// What `out` holds, opened.
    Bytes opened() const {
        const Bytes file = load("out");
        BytesSource source(file);
        BytesSink sink;
        return openAge(source, sink, {&identity, 1}) ? sink.take() : Bytes();
    }

    Bytes plain = test::noise(6 * kPortionSize + 77);
    SecretBytes identity = crypto::newBoxSecret(systemRandom);
    BoxKey recipient = crypto::boxKeyOf(identity);
    SecretBytes salt = newPlainSalt(systemRandom);

private:
    static Work stoppingAfter(unsigned portions, bool forGood, JobControl& control) {
        Work work;
        work.threads = 1;
        work.control = &control;
        work.progress = [&control, portions, forGood](std::uint64_t done) {
            if (portions == 0 || done < portions * kPortionSize) return;
            forGood ? control.cancel() : control.interrupt();
        };
        return work;
    }
    QTemporaryDir m_folder;
};

constexpr std::size_t kFrontAtMost = 300;
Bytes beginningOf(const Bytes& file) { return bytesOf(ByteView(file).first(std::min(file.size(), kFrontAtMost))); }
} // namespace

class TestResume : public QObject {
    Q_OBJECT
private slots:
    void sealingGoesOn_data() {
        QTest::addColumn<int>("cut");
        QTest::newRow("as it was left") << -1;
        QTest::newRow("torn in a portion") << static_cast<int>(2 * kSealedPortionSize + 5000);
        QTest::newRow("torn in a tag") << static_cast<int>(2 * kSealedPortionSize + kSealedChunkSize);
        QTest::newRow("one portion") << static_cast<int>(kSealedPortionSize + 200);
        QTest::newRow("the front alone") << 300;
    }
    void sealingGoesOn() {
        QFETCH(int, cut);
        Place place;
        QCOMPARE(place.seal(3).error(), SealError::Interrupted);
        QCOMPARE(place.files(),
                 (QStringList{QStringLiteral("in"), QStringLiteral("out.part"), QStringLiteral("out.part.key")}));
        if (cut >= 0) QVERIFY(QFile::resize(place.path("out.part"), cut));
        const Bytes part = place.load("out.part");
        const auto done = place.seal(0);
        QVERIFY(done.ok());
        QCOMPARE(place.files(), (QStringList{QStringLiteral("in"), QStringLiteral("out")}));
        const Bytes file = place.load("out");
        QVERIFY(std::equal(part.begin(), part.end(), file.begin())); // gone on with, not begun again
        QVERIFY(place.opened() == place.plain);
        BytesSource source(file);
        const auto whole = openPortions(source, *std::make_unique<NullSink>(), place.identity, place.salt);
        QVERIFY(whole.ok());
        QCOMPARE(done->sealedRoot, whole->sealedRoot); // both trees, whatever was there before
        QCOMPARE(done->plainRoot, whole->plainRoot);
        QCOMPARE(done->plainSize, std::uint64_t{place.plain.size()});
    }

    void sealingForRecipientsGoesOn() {
        Place place;
        QCOMPARE(place.sealForRecipients(2).error(), SealError::Interrupted);
        const Bytes part = place.load("out.part");
        struct stat key;
        QCOMPARE(::stat(place.text("out.part.key").c_str(), &key), 0);
        QCOMPARE(key.st_mode & 0777, 0600u);
        QVERIFY(place.sealForRecipients(0).ok());
        const Bytes file = place.load("out");
        QVERIFY(std::equal(part.begin(), part.end(), file.begin()));
        QVERIFY(place.opened() == place.plain);
        QVERIFY(!place.has("out.part") && !place.has("out.part.key"));
    }

    void sealingWithAPassphraseGoesOn() {
        Place place;
        const SecretBytes passphrase = SecretBytes::copyOf(viewOf("a few words"));
        const SecretBytes other = SecretBytes::copyOf(viewOf("other words"));
        const auto seal = [&](const SecretBytes& words, JobControl* control) {
            Work work;
            work.threads = 1;
            work.control = control;
            work.progress = [control](std::uint64_t) {
                if (control) control->interrupt();
            };
            return sealAgeFile(place.text("in"), place.text("out"), {.keys = {}, .passphrase = &words, .workFactor = 2},
                               systemRandom, work);
        };
        JobControl control;
        QCOMPARE(seal(passphrase, &control).error(), SealError::Interrupted);
        const Bytes part = place.load("out.part");
        JobControl again;
        QCOMPARE(seal(other, &again).error(), SealError::Interrupted);
        QVERIFY(beginningOf(place.load("out.part")) != beginningOf(part)); // another passphrase: begun again
        const Bytes second = place.load("out.part");
        QVERIFY(seal(other, nullptr).ok());
        QVERIFY(beginningOf(place.load("out")) == beginningOf(second));
    }

    /// No key ever seals two texts: each of these begins again, with another file key.
    void sealingBeginsAgain_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("source changed where it was sealed") << 0;
        QTest::newRow("source written to where it was not yet sealed") << 1;
        QTest::newRow("part changed") << 2;
        QTest::newRow("header of the part changed") << 3;
        QTest::newRow("part torn in the header") << 4;
        QTest::newRow("key file gone") << 5;
        QTest::newRow("key file torn") << 6;
        QTest::newRow("another first password") << 7;
        QTest::newRow("part of somebody else's making") << 8;
    }
    void sealingBeginsAgain() {
        QFETCH(int, what);
        Place place;
        QCOMPARE(place.seal(3).error(), SealError::Interrupted);
        const Bytes part = place.load("out.part");
        Bytes altered = part;
        switch (what) {
        case 0: place.changeSourceSecretly(2 * kPortionSize + 3); break;
        case 1:
            place.plain.back() ^= 1;
            place.save("in", place.plain);
            break;
        case 2: altered[altered.size() - 10] ^= 1; break;
        case 3: altered[60] ^= 1; break;
        case 4: altered.resize(100); break;
        case 5: QVERIFY(QFile::remove(place.path("out.part.key"))); break;
        case 6: QVERIFY(QFile::resize(place.path("out.part.key"), 50)); break;
        case 7: place.identity = crypto::newBoxSecret(systemRandom); break;
        default: altered = test::noise(5000); break;
        }
        if (altered != part) {
            QFile file(place.path("out.part")); // in place, so that its mode stays
            QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Truncate));
            file.write(reinterpret_cast<const char*>(altered.data()), static_cast<qint64>(altered.size()));
        }
        QVERIFY(place.seal(0).ok());
        const Bytes file = place.load("out");
        QVERIFY(beginningOf(file) != beginningOf(part));
        QVERIFY(place.opened() == place.plain);
        QVERIFY(!place.has("out.part") && !place.has("out.part.key"));
    }

    void cancelledForGoodLeavesNothing() {
        Place place;
        QCOMPARE(place.seal(3, true).error(), SealError::Cancelled);
        QCOMPARE(place.files(), QStringList{QStringLiteral("in")});
        QCOMPARE(
            sealPortionsFile(place.text("none"), place.text("out"), place.identity, place.salt, systemRandom).error(),
            SealError::ReadFailed);
        QCOMPARE(place.files(), QStringList{QStringLiteral("in")});
    }

    void twoRunsDoNotShareAPart() {
        Place place;
        const auto first =
            PartFile::open(place.text("out"), FileSink::Access::OwnerOnly, PartFile::OnDifference::Overwrite);
        QVERIFY(first.ok());
        QCOMPARE(place.seal(0).error(), SealError::WriteFailed);
        QVERIFY(!place.has("out"));
    }

    void openingGoesOn_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("as it was left") << 0;
        QTest::newRow("torn") << 1;
        QTest::newRow("changed") << 2;
        QTest::newRow("changed and longer than the whole") << 3;
        QTest::newRow("readable by others") << 4;
        QTest::newRow("a link to another file") << 5;
    }
    void openingGoesOn() {
        QFETCH(int, what);
        Place place;
        QVERIFY(place.seal(0).ok());
        QVERIFY(QFile::rename(place.path("out"), place.path("sealed")));
        QCOMPARE(place.open(3).error(), SealError::Interrupted);
        QVERIFY(place.has("plain.part") && !place.has("plain"));
        QFile part(place.path("plain.part"));
        QCOMPARE(part.size(), static_cast<qint64>(3 * kPortionSize));
        QVERIFY(part.open(QIODevice::ReadWrite));
        switch (what) {
        case 1: QVERIFY(part.resize(kPortionSize + 17)); break;
        case 3: QVERIFY(part.resize(20 * kPortionSize)); [[fallthrough]];
        case 2:
            QVERIFY(part.seek(kPortionSize + 5));
            part.write("not from the file");
            break;
        case 4: QVERIFY(part.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther)); break;
        case 5:
            QVERIFY(part.remove());
            place.save("victim", bytesOf("keep"));
            QVERIFY(QFile::link(place.path("victim"), place.path("plain.part")));
            break;
        default: break;
        }
        part.close();
        QVERIFY(place.open(0).ok());
        QVERIFY(place.load("plain") == place.plain);
        QVERIFY(!place.has("plain.part"));
        struct stat status;
        QCOMPARE(::lstat(place.text("plain").c_str(), &status), 0);
        QVERIFY(S_ISREG(status.st_mode));
        QCOMPARE(status.st_mode & 0777, 0600u);
        if (what == 5) QVERIFY(place.load("victim") == bytesOf("keep"));
    }

    /// A part does not help a file that is damaged, and does not outlive it.
    void damageIsRefusedAlsoWhenGoneOnWith() {
        Place place;
        QVERIFY(place.seal(0).ok());
        QVERIFY(QFile::rename(place.path("out"), place.path("sealed")));
        QCOMPARE(place.open(3).error(), SealError::Interrupted);
        Bytes sealed = place.load("sealed");
        const std::size_t front = sealed.size() - 6 * kSealedPortionSize - 77 - 16;
        const auto refused = [&](const Bytes& bytes, SealError error) {
            place.save("sealed", bytes);
            const auto done = place.open(0);
            QVERIFY(!done);
            QCOMPARE(nameOf(done.error()), nameOf(error));
            QCOMPARE(place.files(), (QStringList{QStringLiteral("in"), QStringLiteral("sealed")}));
        };
        Bytes bad = sealed;
        bad[front + kSealedPortionSize + 9] ^= 1; // where the part already has the text
        refused(bad, SealError::ChunkDamaged);
        bad = sealed;
        bad.resize(front + 6 * kSealedPortionSize);
        refused(bad, SealError::Truncated);
        bad = sealed;
        std::swap_ranges(bad.begin() + static_cast<std::ptrdiff_t>(front),
                         bad.begin() + static_cast<std::ptrdiff_t>(front + kSealedPortionSize),
                         bad.begin() + static_cast<std::ptrdiff_t>(front + kSealedPortionSize));
        refused(bad, SealError::ChunkDamaged);
        bad = sealed;
        bad.push_back(0);
        refused(bad, SealError::ChunkDamaged); // behind a short chunk
        place.save("sealed", sealed);
        QCOMPARE(place.open(2, true).error(), SealError::Cancelled);
        QCOMPARE(place.files(), (QStringList{QStringLiteral("in"), QStringLiteral("sealed")}));
        QVERIFY(place.open(0).ok());
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
