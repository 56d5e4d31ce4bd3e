// The demo (each of its stories) is killed at its n-th lasting call (write, sync, send, rename, removal), before it,
// after it, or in its middle; told again on the same folder, it must end as if nothing had happened: same balances,
// same receipts (but for times and for what follows from fresh randomness), same opened file.
//
// People, a listing and a trade are a story of their own (nobody buys), and the others go on from where it ends. Where
// that one was killed, a sale follows, so that all that it has left is used. `./dev test --kill` takes every n, else a
// sample is taken.
#include "tests/support/KillSwitch.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

using tallylock::support::environmentOf;

namespace {
constexpr int kRunMs = 120'000;
const QString kProgram = QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli");

struct Ended {
    bool killed = false;
    int code = -1;
    QByteArray output;
};

Ended run(const QStringList& arguments,
          const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment()) {
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(kProgram, arguments);
    if (!process.waitForFinished(kRunMs)) {
        process.kill();
        process.waitForFinished(5'000);
        return {false, -1, "took too long\n" + process.readAll()};
    }
    return {process.exitStatus() == QProcess::CrashExit, process.exitCode(), process.readAll()};
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
}

/// The rows that have passed, in a file that a run which was cut short leaves to the next one: TALLYLOCK_KILL_PASSED.
/// They hold for the very program that was killed, and for this test.
class Passed {
public:
    Passed() : m_file(qEnvironmentVariable("TALLYLOCK_KILL_PASSED")) {
        if (m_file.fileName().isEmpty() || !m_file.open(QIODevice::ReadWrite)) return;
        QCryptographicHash hash(QCryptographicHash::Sha256);
        for (const QString& path : {kProgram, QStringLiteral(TALLYLOCK_TEST_DIR "/killswitch.so"),
                                    QStringLiteral(TALLYLOCK_TEST_DIR "/tst_kill")})
            hash.addData(contentOf(path));
        const QByteArray program = hash.result().toHex() + '\n';
        m_rows = m_file.readAll().split('\n');
        if (m_rows.takeFirst() + '\n' == program) return;
        m_rows.clear();
        m_file.resize(0);
        m_file.write(program);
    }
    bool has(const QByteArray& row) const { return m_rows.contains(row); }
    void add(const QByteArray& row) {
        if (!m_file.isOpen()) return;
        m_file.write(row + '\n');
        m_file.flush();
    }

private:
    QFile m_file;
    QByteArrayList m_rows;
};

/// The lines of `verify` that two runs must share. B11 runs beside the steps that follow it: that it is taken belongs
/// to the story, and between which of them does not.
QByteArray storyOf(const QByteArray& verified) {
    QByteArrayList lines;
    QByteArrayList beside;
    for (QByteArray line : verified.split('\n')) {
        if (line.startsWith("receipt ") && line.contains(" B11 ")) {
            const auto state = line.indexOf(" -> ");
            beside += line.remove(state, line.indexOf(" with ") - state);
        } else if (line.startsWith("receipt ") || line.startsWith("balance ") || line.startsWith("instruction ")) {
            lines += line;
        }
    }
    return (lines + beside).join('\n');
}
} // namespace

class TestKill : public QObject {
    Q_OBJECT

    /// How a story goes that nobody interrupts.
    struct Reference {
        QTemporaryDir folder;
        QByteArray story;
        QByteArray opened;
        quint64 calls = 0;
        QString path() const { return QDir(folder.path()).canonicalPath(); }
    };
    std::map<QString, Reference> m_references; // by the story's name
    QTemporaryDir m_begun;                     ///< what the beginning has left, and nobody has opened since
    Passed m_passed;

    static QStringList demo(const QString& story, const QString& path) {
        return {QStringLiteral("demo"), QStringLiteral("--data"), path, QStringLiteral("--story"), story};
    }
    /// What shows that a story went its own way, in the lines of `verify`.
    struct Tale {
        const char* name;
        std::vector<const char*> shows; ///< and those that are not named, it does not show
        bool opens;                     ///< the file, in the end
    };
    static constexpr const char* kBeginning = "unsold";
    inline static const QString kSale = QStringLiteral("sale");
    static constexpr const char* kQuotedAgain = " B5 attempt 1 Coordinator -> Seen";
    static constexpr const char* kConfirmedLate = " B12 attempt 1 KeyServer -> KeySent2";
    static constexpr const char* kSignedOver = " B8 attempt 1 Seller -> Delivered";
    static constexpr const char* kCoinsLeft = "balance buyer available 0.0001 BTC";
    static const std::vector<Tale>& tales() {
        static const std::vector<Tale> kTales = {
            {kBeginning, {}, false},
            {"sale", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed"}, true},
            {"bargain", {"-> Countered", " B8 ", " B11 ", " B12 ", " B14 ", "-> Completed"}, true},
            {"void", {"-> Void"}, false},
            {"refund", {"-> Refunded"}, false},
            {"dispute", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Resolved"}, true},
            {"undelivered", {" B8 ", "-> Refunded"}, false},
            {"rekeying", {" B8 ", " B11 ", "-> Rekeying", " B12 ", " B14 ", "-> Completed"}, true},
            {"keylost", {" B8 ", " B11 ", "-> Rekeying", "-> KeyLost"}, false},
            {"requoted", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed", kQuotedAgain}, true},
            {"early", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed", kConfirmedLate}, true},
            {"onechannel", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed"}, true},
            {"ownership", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed", kSignedOver}, true},
            {"converted", {" B8 ", " B11 ", " B12 ", " B14 ", "-> Completed", kCoinsLeft}, true},
        };
        return kTales;
    }
    static void addStories() {
        QTest::addColumn<QString>("story");
        for (const Tale& tale : tales()) QTest::newRow(tale.name) << QString::fromLatin1(tale.name);
    }

    static bool copyFolder(const QString& from, const QString& to) {
        std::error_code failure;
        std::filesystem::copy(from.toStdString(), to.toStdString(), std::filesystem::copy_options::recursive, failure);
        return !failure;
    }
    /// Where the story begins: with nothing, or with a folder in which only the sale is missing. Any thread.
    bool begin(const QString& name, const QString& path) const {
        return name == QLatin1String(kBeginning) || copyFolder(m_begun.path(), path);
    }

    static constexpr quint64 kRow = 50;
    static QByteArray rowOf(const QString& story, quint64 from) {
        return story.toUtf8() + " from " + QByteArray::number(from);
    }

    /// Kills a demo of its own at call n and tells it again. Says what went wrong, or nothing. Any thread.
    ///
    /// Threads make the number of calls differ between runs: one that ends before it is killed is followed by another,
    /// which is killed as far from its end as was meant, and each time a little sooner.
    QByteArray troubleAt(const QString& name, quint64 n, const QString& when) const {
        constexpr quint64 kAttempts = 10;
        const quint64 fromEnd = m_references.at(name).calls - n;
        for (quint64 attempt = 0; attempt < kAttempts; ++attempt) {
            const QTemporaryDir folder;
            const QString path = QDir(folder.path()).canonicalPath();
            if (!begin(name, path)) return "the beginning cannot be copied";
            const QString countFile = path + QStringLiteral(".count");
            const Ended first = run(demo(name, path), environmentOf({path, n, when, countFile}));
            if (first.killed) return troubleAfter(name, path);
            if (first.code != 0) return "it was not killed, and failed:\n" + first.output;
            const quint64 calls = contentOf(countFile).trimmed().toULongLong();
            QFile::remove(countFile);
            if (calls >= n) return "it was not killed at a call that it made";
            const quint64 sooner = fromEnd + attempt * attempt;
            n = calls > sooner ? calls - sooner : 1;
        }
        return "it was never killed";
    }
    QByteArray troubleAfter(const QString& name, const QString& path) const {
        const bool isBeginning = name == QLatin1String(kBeginning);
        const Reference& reference = m_references.at(isBeginning ? kSale : name);
        const Ended second = run(demo(name, path));
        if (second.code != 0) return "it does not go on:\n" + second.output;
        if (isBeginning) {
            const Ended sold = run(demo(kSale, path));
            if (sold.code != 0) return "it does not sell:\n" + sold.output;
        }
        const Ended verified = run({QStringLiteral("verify"), path});
        if (verified.code != 0) return "it does not verify:\n" + verified.output;
        if (storyOf(verified.output) != reference.story) return "another story:\n" + verified.output;
        if (contentOf(path + QStringLiteral("/opened")) != reference.opened) return "another file was opened";
        return {};
    }

private slots:
    void uninterrupted_data() { addStories(); }
    void uninterrupted() {
        QFETCH(QString, story);
        Reference& reference = m_references[story];
        const QString path = reference.path();
        QVERIFY(begin(story, path));
        const QString countFile = path + QStringLiteral(".count");
        const Ended told = run(demo(story, path), environmentOf({path, 0, QStringLiteral("before"), countFile}));
        QVERIFY2(!told.killed && told.code == 0, told.output.constData());
        reference.calls = contentOf(countFile).trimmed().toULongLong();
        QFile::remove(countFile);
        QVERIFY(reference.calls > 100);
        qInfo("the uninterrupted %s makes %llu lasting calls", qPrintable(story), reference.calls);
        const Ended verified = run({QStringLiteral("verify"), path});
        QVERIFY2(verified.code == 0, verified.output.constData());
        reference.story = storyOf(verified.output);
        reference.opened = contentOf(path + QStringLiteral("/opened"));
        QVERIFY(reference.story.contains("instruction 1"));
        if (story == QLatin1String(kBeginning)) QVERIFY(copyFolder(path, m_begun.path()));
        constexpr const char* kParts[] = {" B8 ",         " B11 ",       " B12 ",        " B14 ",      "-> Countered",
                                          "-> Void",      "-> Refunded", "-> Rekeying",  "-> KeyLost", "-> Resolved",
                                          "-> Completed", kQuotedAgain,  kConfirmedLate, kSignedOver,  kCoinsLeft};
        for (const Tale& tale : tales()) {
            if (story != QLatin1String(tale.name)) continue;
            for (const char* part : kParts) {
                const bool isShown = std::any_of(tale.shows.begin(), tale.shows.end(),
                                                 [&](const char* shown) { return QByteArray(shown) == part; });
                QVERIFY2(reference.story.contains(part) == isShown, part);
            }
            QVERIFY(reference.opened == (tale.opens ? contentOf(path + QStringLiteral("/sample.txt")) : "missing"));
        }
    }

    void again_data() { addStories(); }
    void again() {
        QFETCH(QString, story);
        const Reference& reference = m_references.at(story);
        const Ended told = run(demo(story, reference.path()));
        QVERIFY2(told.code == 0, told.output.constData());
        QCOMPARE(QString::fromUtf8(storyOf(run({QStringLiteral("verify"), reference.path()}).output)),
                 QString::fromUtf8(reference.story));
    }

    /// Rows of fifty kills, so that none takes too long for one test function.
    void killed_data() {
        QTest::addColumn<QString>("story");
        QTest::addColumn<quint64>("from");
        QTest::addColumn<quint64>("runs");
        const QByteArray wanted = qgetenv("TALLYLOCK_KILL");                 // "all", or how many
        const quint64 sample = wanted.isEmpty() ? 12 : wanted.toULongLong(); // of each story
        bool passedBefore = false;
        for (const auto& [story, reference] : m_references) {
            const quint64 runs = wanted == "all" ? reference.calls : qMin(sample, reference.calls);
            quint64 passed = 0;
            for (quint64 from = 0; from < runs; from += kRow) {
                if (runs == reference.calls && m_passed.has(rowOf(story, from)))
                    passed += qMin(kRow, runs - from);
                else
                    QTest::addRow("%s from %llu of %llu", qPrintable(story), from, runs) << story << from << runs;
            }
            qInfo("killing the %s at %llu of %llu calls, of which %llu have passed before", qPrintable(story), runs,
                  reference.calls, passed);
            passedBefore = passedBefore || passed != 0;
        }
        if (passedBefore) QTest::newRow("nothing more") << QString() << quint64(0) << quint64(0);
    }
    void killed() {
        QFETCH(QString, story);
        QFETCH(quint64, from);
        QFETCH(quint64, runs);
        if (runs == 0) return;
        const quint64 calls = m_references.at(story).calls;
        const quint64 end = qMin(from + kRow, runs);
        const QString whens[] = {QStringLiteral("before"), QStringLiteral("torn"), QStringLiteral("after")};
        // The demo waits more than it works, so several go on at once.
        std::atomic<quint64> next{from};
        std::mutex mutex;
        QByteArrayList troubles;
        const auto work = [&] {
            for (quint64 i = next++; i < end; i = next++) {
                const quint64 n = 1 + (i * calls + calls / 2) / runs;
                const QByteArray trouble = troubleAt(story, n, whens[i % 3]);
                if (trouble.isEmpty()) continue;
                const std::lock_guard lock(mutex);
                troubles += "call " + QByteArray::number(n) + ", " + whens[i % 3].toUtf8() + ": " + trouble;
            }
        };
        std::vector<std::thread> workers;
        for (int i = 0; i < 4; ++i) workers.emplace_back(work);
        for (std::thread& worker : workers) worker.join();
        QVERIFY2(troubles.isEmpty(), troubles.join('\n').left(20'000).constData());
        if (runs == calls) m_passed.add(rowOf(story, from));
    }

    /// `verify` notices a journal that was changed, and a sealed file that was.
    void verifyNotices() {
        const QString path = m_references.at(QStringLiteral("sale")).path();
        const QString files = path + QStringLiteral("/node/coordinator/files");
        const QStringList stored = QDir(files).entryList(QDir::Files, QDir::Size); // the portions' hashes lie beside it
        QVERIFY(!stored.isEmpty());
        QFile file(files + QLatin1Char('/') + stored.first());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(1'500'000));
        const QByteArray byte = file.peek(1);
        QCOMPARE(byte.size(), 1);
        QVERIFY(file.putChar(static_cast<char>(byte[0] ^ 1)));
        file.close();
        const Ended changed = run({QStringLiteral("verify"), path});
        QVERIFY(changed.code != 0);
        QVERIFY2(changed.output.contains("sealed file of listing 1"), changed.output.constData());
        QCOMPARE(run({QStringLiteral("verify"), QStringLiteral("/nowhere")}).code, 1);
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
