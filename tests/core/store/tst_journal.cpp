// The journal: what is acknowledged is there after any crash, what is not is there wholly or not at all, and what the
// disk has changed is named and never started over.
#include "core/store/SqliteJournal.h"
#include "tests/core/store/JournalRecords.h"
#include "tests/support/KillSwitch.h"

#include <QFile>
#include <QProcess>
#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace tallylock;
using ports::StoreError;
using store::SqliteJournal;

namespace {

std::string inFolder(const QTemporaryDir& folder) { return folder.filePath(QStringLiteral("journal")).toStdString(); }

std::unique_ptr<ports::Journal> openSound(const std::string& path) {
    auto journal = SqliteJournal::open(path);
    if (!journal) qFatal("%s", journal.error().detail.c_str());
    return std::move(*journal);
}

/// Makes a journal of `count` records and closes it.
void makeJournal(const std::string& path, std::uint64_t count) {
    auto journal = openSound(path);
    QVERIFY(journal->append(test::recordsFrom(1, count)));
}

/// Empty if every record from 1 to `size` is there as it was written.
QString faultOf(ports::Journal& journal) {
    QString fault;
    std::uint64_t seen = 0;
    const auto read = journal.read(1, [&](std::uint64_t number, ByteView record) {
        ++seen;
        if (number != seen || bytesOf(record) != test::recordOf(number)) {
            fault = QStringLiteral("record %1 differs").arg(seen);
        }
        return fault.isEmpty();
    });
    if (!read) return QString::fromStdString(read.error().detail);
    if (fault.isEmpty() && seen != journal.size()) return QStringLiteral("%1 of %2").arg(seen).arg(journal.size());
    return fault;
}

/// Opens and reads all; gives the first failure.
std::optional<ports::StoreFailure> failureOf(const std::string& path) {
    auto journal = SqliteJournal::open(path);
    if (!journal) return journal.error();
    const auto read = (*journal)->read(1, [](std::uint64_t, ByteView) { return true; });
    if (!read) return read.error();
    return std::nullopt;
}

void runSql(const std::string& path, const char* sql) {
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("meddler"));
        database.setDatabaseName(QString::fromStdString(path));
        QVERIFY(database.open());
        QSqlQuery query(database);
        QVERIFY2(query.exec(QString::fromLatin1(sql)), sql);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("meddler"));
}

void flipByte(const QString& path, qint64 at) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at));
    char byte = 0;
    QVERIFY(file.getChar(&byte));
    QVERIFY(file.seek(at));
    QVERIFY(file.putChar(static_cast<char>(byte ^ 0x10)));
}

} // namespace

class TestJournal : public QObject {
    Q_OBJECT
private slots:
    void startsEmptyAndKeepsWhatWasAppended() {
        const QTemporaryDir folder;
        {
            auto journal = openSound(inFolder(folder));
            QCOMPARE(journal->size(), std::uint64_t{0});
            QVERIFY(journal->append({}));
            QVERIFY(journal->append(test::recordsFrom(1, 5)));
            QVERIFY(journal->append(test::recordsFrom(6, 1)));
            QCOMPARE(journal->size(), std::uint64_t{6});
            QCOMPARE(faultOf(*journal), QString());
        }
        auto again = openSound(inFolder(folder));
        QCOMPARE(again->size(), std::uint64_t{6});
        QCOMPARE(faultOf(*again), QString());
    }

    void readsFromTheMiddleAndStopsWhenTold() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 9);
        auto journal = openSound(inFolder(folder));
        std::vector<std::uint64_t> seen;
        const auto visit = [&](std::uint64_t number, ByteView) {
            seen.push_back(number);
            return number < 6;
        };
        QVERIFY(journal->read(4, visit));
        QCOMPARE(seen, (std::vector<std::uint64_t>{4, 5, 6}));
        seen.clear();
        QVERIFY(journal->read(10, visit));
        QVERIFY(seen.empty());
        QVERIFY(journal->append(test::recordsFrom(10, 1))); // a read that was cut short locks nothing
    }

    /// Wherever the writer dies, the journal holds whole appends, and at least the acknowledged ones.
    void keepsWholeAppendsWhereverTheWriterIsKilled_data() {
        QTest::addColumn<QString>("when");
        for (const char* when : {"before", "after", "torn"}) QTest::newRow(when) << QString::fromLatin1(when);
    }
    void keepsWholeAppendsWhereverTheWriterIsKilled() {
        QFETCH(QString, when);
        const QTemporaryDir counts;
        const QString countFile = counts.filePath(QStringLiteral("count"));
        // A sample of the calls, or all of them when asked for.
        const bool all = qgetenv("TALLYLOCK_KILL") == "all";
        quint64 calls = 1;
        quint64 stride = 1;
        int killed = 0;
        for (quint64 at = 0; at <= calls; at += stride) {
            const QTemporaryDir folder;
            QProcess writer;
            writer.setProcessEnvironment(support::environmentOf({folder.path(), at, when, countFile}));
            writer.start(QStringLiteral(TALLYLOCK_TEST_DIR "/journal_writer"),
                         {QString::fromStdString(inFolder(folder)), QStringLiteral("3")});
            QVERIFY(writer.waitForFinished(30000));
            if (at == 0) {
                QFile count(countFile);
                QVERIFY(count.open(QIODevice::ReadOnly));
                calls = count.readAll().trimmed().toULongLong();
                QVERIFY(calls > 30);
                stride = all ? 1 : calls / 15;
            }
            if (writer.exitStatus() == QProcess::CrashExit) ++killed;
            const auto lines = writer.readAllStandardOutput().split('\n');
            const std::uint64_t acknowledged = lines.size() < 2 ? 0 : lines[lines.size() - 2].toULongLong();
            auto journal = SqliteJournal::open(inFolder(folder));
            const auto place = QStringLiteral("killed %1 call %2 of %3").arg(when).arg(at).arg(calls).toUtf8();
            QVERIFY2(journal.ok(), (place + ": " + (journal ? "" : journal.error().detail.c_str())).constData());
            QVERIFY2((*journal)->size() >= acknowledged, place.constData());
            QVERIFY2((*journal)->size() % test::kRecordsAnAppend == 0, place.constData());
            QVERIFY2(faultOf(**journal).isEmpty(), place.constData());
            QVERIFY2((*journal)->append(test::recordsFrom((*journal)->size() + 1, 2)).ok(), place.constData());
        }
        QVERIFY(killed > 6);
    }

    void namesTheRecordThatTheDiskHasChanged() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 7);
        runSql(inFolder(folder), "UPDATE record SET record = x'00' WHERE number = 4");
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
        QVERIFY2(failure->detail.find("record 4") != std::string::npos, failure->detail.c_str());
    }

    void namesTheGap_data() {
        QTest::addColumn<int>("number");
        QTest::newRow("first") << 1;
        QTest::newRow("middle") << 5;
    }
    void namesTheGap() {
        QFETCH(int, number);
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 7);
        runSql(inFolder(folder), qPrintable(QStringLiteral("DELETE FROM record WHERE number = %1").arg(number)));
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
        QVERIFY(failure->detail.find("record " + std::to_string(number)) != std::string::npos);
    }

    void namesRecordsThatChangedPlaces() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 7);
        runSql(inFolder(folder), "UPDATE record SET number = -number WHERE number IN (3, 4)");
        runSql(inFolder(folder), "UPDATE record SET number = 7 + number WHERE number < 0");
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
        QVERIFY(failure->detail.find("record 3") != std::string::npos);
    }

    /// A flipped bit is found or does not matter: no record is ever read as something else.
    void neverReadsAFlippedBitAsARecord() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 12);
        const QString path = QString::fromStdString(inFolder(folder));
        const qint64 size = QFile(path).size();
        int found = 0;
        for (qint64 at = 0; at < size; at += 509) {
            const QTemporaryDir copyFolder;
            const std::string copy = inFolder(copyFolder);
            QVERIFY(QFile::copy(path, QString::fromStdString(copy)));
            flipByte(QString::fromStdString(copy), at);
            auto journal = SqliteJournal::open(copy);
            if (!journal) {
                ++found;
                continue;
            }
            const auto read = (*journal)->read(1, [&](std::uint64_t number, ByteView record) {
                if (bytesOf(record) != test::recordOf(number)) qFatal("byte %lld changed a record", at);
                return true;
            });
            if (!read) ++found;
        }
        QVERIFY2(found > size / 509 / 2, qPrintable(QString::number(found)));
    }

    void refusesWhatIsNoJournal_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("this is a shopping list, and quite a long one at that").repeated(100);
        QTest::newRow("zeros") << QByteArray(8192, '\0');
    }
    void refusesWhatIsNoJournal() {
        QFETCH(QByteArray, content);
        const QTemporaryDir folder;
        const QString path = QString::fromStdString(inFolder(folder));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
        QVERIFY(failure->detail.find(inFolder(folder)) != std::string::npos);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), content); // and left alone
    }

    void refusesATruncatedFile() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 40);
        QFile file(QString::fromStdString(inFolder(folder)));
        QVERIFY(file.resize(file.size() / 2));
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
    }

    void refusesAnotherDatabase() {
        const QTemporaryDir folder;
        runSql(inFolder(folder), "CREATE TABLE cake (eaten INTEGER)");
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
    }

    void refusesANewerVersion() {
        const QTemporaryDir folder;
        makeJournal(inFolder(folder), 2);
        runSql(inFolder(folder), "PRAGMA user_version = 2");
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Newer);
    }

    void refusesToStartOverWhenOnlyTheLogIsLeft() {
        const QTemporaryDir folder;
        QFile log(QString::fromStdString(inFolder(folder)) + QStringLiteral("-wal"));
        QVERIFY(log.open(QIODevice::WriteOnly));
        log.write("left over");
        log.close();
        const auto failure = failureOf(inFolder(folder));
        QVERIFY(failure && failure->error == StoreError::Damaged);
    }

    void saysWhenThereIsNoFolder() {
        const QTemporaryDir folder;
        const auto failure = failureOf(folder.filePath(QStringLiteral("no/such/journal")).toStdString());
        QVERIFY(failure && failure->error == StoreError::Io);
    }

    /// A full disk refuses the append as a whole, and the next that fits is taken.
    void refusesWhatDoesNotFitAndGoesOn() {
        const QTemporaryDir folder;
        auto journal = openSound(inFolder(folder));
        QVERIFY(journal->append(test::recordsFrom(1, 2)));
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small = before;
        small.rlim_cur = 64 * 1024;
        signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto refused = journal->append({recordOfSize(1 << 20)});
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!refused.ok());
        QCOMPARE(journal->size(), std::uint64_t{2});
        journal.reset();
        journal = openSound(inFolder(folder));
        QCOMPARE(journal->size(), std::uint64_t{2});
        QCOMPARE(faultOf(*journal), QString());
        QVERIFY(journal->append(test::recordsFrom(3, 1)));
    }

private:
    static Bytes recordOfSize(std::size_t size) { return Bytes(size, 0x5a); }
};

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
