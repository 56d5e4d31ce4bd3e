// A copy of a folder that is being written to: its databases as they stood at one moment, and the files they speak of.
#include "core/store/Backup.h"
#include "core/store/Database.h"
#include "core/store/SqliteJournal.h"
#include "tests/core/store/JournalRecords.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

using namespace tallylock;
using ports::StoreError;
using store::Database;
using store::SqliteJournal;
using test::recordOf;

namespace {

/// Not in the order of their names, in which they are held up: so that the writer is met between two of them.
constexpr std::array<const char*, 3> kJournals{"deep/b", "a", "deep/z"};

/// Three that tell each other everything: each record is written to a file and a key, then to the first journal, the
/// second, and the third; then the key is destroyed, and a file says that all is done.
class Talk {
public:
    explicit Talk(const QString& folder) : m_folder(folder) {
        QDir().mkpath(folder + QStringLiteral("/deep"));
        for (const char* name : kJournals) m_journals.push_back(*SqliteJournal::open(pathOf(folder, name)));
    }
    ~Talk() { end(); }
    static std::string pathOf(const QString& folder, const char* name) {
        return (folder + QStringLiteral("/%1.sqlite").arg(QString::fromLatin1(name))).toStdString();
    }
    static QString fileOf(const QString& folder, std::uint64_t number) {
        return folder + QStringLiteral("/deep/%1").arg(number);
    }
    static QString keyOf(const QString& folder, std::uint64_t number) {
        return fileOf(folder, number) + QStringLiteral(".key");
    }
    static QString doneOf(const QString& folder, std::uint64_t number) {
        return fileOf(folder, number) + QStringLiteral(".done");
    }
    void begin() {
        m_thread = std::thread([this] {
            for (std::uint64_t number = 1; !m_ends; ++number) {
                QFile file(fileOf(m_folder, number));
                m_failed = m_failed || !file.open(QIODevice::WriteOnly);
                QFile key(keyOf(m_folder, number));
                m_failed = m_failed || !key.open(QIODevice::WriteOnly) || key.write("key") != 3 || !key.flush();
                for (const auto& journal : m_journals) {
                    m_failed = m_failed || !journal->append({recordOf(number)});
                    // Every second record lingers, so that copies meet it between two journals on any disk.
                    if (number % 2 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
                }
                m_failed = m_failed || !key.seek(0) || key.write("nil") != 3 || !key.flush() || !key.remove();
                QFile done(doneOf(m_folder, number));
                m_failed = m_failed || !done.open(QIODevice::WriteOnly);
            }
        });
    }
    void end() {
        m_ends = true;
        if (m_thread.joinable()) m_thread.join();
    }
    bool hasFailed() const { return m_failed; }

private:
    QString m_folder;
    std::vector<std::unique_ptr<ports::Journal>> m_journals;
    std::atomic<bool> m_ends{false};
    std::atomic<bool> m_failed{false};
    std::thread m_thread;
};

} // namespace

class TestBackup : public QObject {
    Q_OBJECT
private slots:
    void isOfOneMoment() {
        const QTemporaryDir place;
        const QString folder = place.filePath(QStringLiteral("folder"));
        Talk talk(folder);
        talk.begin();
        std::vector<std::uint64_t> before(kJournals.size());
        int underWay = 0;
        const QDeadlineTimer patience(60'000);
        for (int i = 0; (i < 6 || before.back() <= 20 || underWay < 2) && !patience.hasExpired(); ++i) {
            const QString copy = place.filePath(QString::number(i));
            const auto done = store::backUp(folder.toStdString(), copy.toStdString());
            QVERIFY2(done.ok(), done ? "" : done.error().detail.c_str());
            std::vector<std::uint64_t> sizes;
            for (const char* name : kJournals) {
                const auto journal = SqliteJournal::open(Talk::pathOf(copy, name));
                QVERIFY(journal.ok());
                sizes.push_back((*journal)->size());
                QVERIFY((*journal)->read(1, [](std::uint64_t, ByteView) { return true; }).ok()); // every sum is right
            }
            for (std::size_t j = 1; j < sizes.size(); ++j) QVERIFY(sizes[j] <= sizes[j - 1]);
            QVERIFY(sizes.front() - sizes.back() <= 1);
            for (std::size_t j = 0; j < sizes.size(); ++j) QVERIFY(sizes[j] >= before[j]); // and goes on
            before = sizes;
            for (std::uint64_t number = 1; number <= sizes.front(); ++number)
                QVERIFY(QFile::exists(Talk::fileOf(copy, number)));
            QVERIFY(!QFile::exists(Talk::doneOf(copy, sizes.back() + 1)));
            if (sizes.front() != sizes.back()) { // the last one is under way
                ++underWay;
                QFile key(Talk::keyOf(copy, sizes.front()));
                QVERIFY(key.open(QIODevice::ReadOnly));
                QCOMPARE(key.readAll(), QByteArray("key"));
            }
            QVERIFY(done->files >= kJournals.size() + sizes.front());
        }
        QVERIFY2(before.back() > 20 && underWay >= 2,
                 qPrintable(QStringLiteral("%1 records, %2 under way").arg(before.back()).arg(underWay)));
        talk.end();
        QVERIFY(!talk.hasFailed());
    }

    /// Somebody who writes one of them for long does not make all the others wait: they would take it for a broken
    /// disk.
    void nobodyIsHeldUpForLong() {
        const QTemporaryDir place;
        const QString folder = place.filePath(QStringLiteral("folder"));
        Talk talk(folder);
        auto slow = Database::open(Talk::pathOf(folder, "slow"), Database::Durability::EveryCommit);
        QVERIFY(slow.ok() && (*slow)->run("CREATE TABLE t (n INTEGER)").ok());
        QVERIFY((*slow)->begin().ok());
        talk.begin();
        std::atomic<bool> copied{false};
        std::jthread copying([&] {
            copied = store::backUp(folder.toStdString(), place.filePath(QStringLiteral("copy")).toStdString()).ok();
        });
        QTest::qWait(2'000);
        QVERIFY(!copied);
        QVERIFY((*slow)->commit().ok());
        copying.join();
        QVERIFY(copied);
        talk.end();
        QVERIFY(!talk.hasFailed());
    }

    void whatIsNoDatabaseIsNamed() {
        const QTemporaryDir place;
        const QString folder = place.filePath(QStringLiteral("folder"));
        QVERIFY(QDir().mkpath(folder));
        QFile junk(folder + QStringLiteral("/junk.sqlite"));
        QVERIFY(junk.open(QIODevice::WriteOnly) && junk.write(QByteArray(4'096, 'j')) == 4'096);
        junk.close();
        const QString copy = place.filePath(QStringLiteral("copy"));
        const auto done = store::backUp(folder.toStdString(), copy.toStdString());
        QVERIFY(!done.ok());
        QCOMPARE(done.error().error, StoreError::Io);
        QVERIFY(done.error().detail.find("junk.sqlite") != std::string::npos);
        QVERIFY(!QFile::exists(copy));
        // Nothing of the attempt is in the way of the next one.
        QVERIFY(junk.remove());
        QVERIFY(store::backUp(folder.toStdString(), copy.toStdString()).ok());
        QVERIFY(!store::backUp(folder.toStdString(), copy.toStdString()).ok()); // nothing is overwritten
    }
};

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
