// The switch that kills programs in other tests must itself be exact.
#include "tests/support/KillSwitch.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace tallylock::support;

namespace {

struct Run {
    bool killed = false;
    int exitCode = 0;
    quint64 count = 0; ///< of a run that ended normally
    QByteArray output;
};

Run probe(const char* mode, const QString& folder, quint64 at = 0, const char* when = "before") {
    const auto countFile = folder + QStringLiteral(".count");
    QFile::remove(countFile);
    QProcess process;
    process.setProcessEnvironment(environmentOf({folder, at, QString::fromLatin1(when), countFile}));
    process.start(QStringLiteral(TALLYLOCK_TEST_DIR "/killswitch_probe"), {QString::fromLatin1(mode), folder});
    process.waitForFinished(30000);
    Run run;
    run.killed = process.exitStatus() == QProcess::CrashExit;
    run.exitCode = process.exitCode();
    run.output = process.readAllStandardOutput();
    QFile count(countFile);
    if (count.open(QIODevice::ReadOnly)) run.count = count.readAll().trimmed().toULongLong();
    return run;
}

/// An empty folder of its own for every run.
class Place {
public:
    QString fresh() {
        auto path = QDir(m_root.path()).canonicalPath() + QStringLiteral("/%1").arg(++m_number);
        QDir().mkpath(path);
        return path;
    }

private:
    QTemporaryDir m_root;
    int m_number = 0;
};

qint64 sizeOf(const QString& path) { return QFile::exists(path) ? QFile(path).size() : -1; }

} // namespace

class TestKillSwitch : public QObject {
    Q_OBJECT
private slots:
    void countsWhatLastsAndNothingElse_data() {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<quint64>("count");
        QTest::newRow("a log") << QByteArray("plain") << quint64(12);
        QTest::newRow("each family of calls") << QByteArray("families") << quint64(11);
        QTest::newRow("four threads") << QByteArray("threads") << quint64(400);
    }
    void countsWhatLastsAndNothingElse() {
        QFETCH(QByteArray, mode);
        QFETCH(quint64, count);
        Place place;
        for (int again = 0; again < 2; ++again) {
            const auto run = probe(mode, place.fresh());
            QVERIFY(!run.killed);
            QCOMPARE(run.exitCode, 0);
            QCOMPARE(run.count, count);
        }
        QVERIFY(!probe(mode, place.fresh(), count + 1).killed);
    }

    /// The log grows by 8 bytes at every odd call up to the ninth.
    void diesAtTheNamedCall_data() {
        QTest::addColumn<QByteArray>("when");
        for (const char* when : {"before", "after", "torn"}) QTest::newRow(when) << QByteArray(when);
    }
    void diesAtTheNamedCall() {
        QFETCH(QByteArray, when);
        Place place;
        for (quint64 at = 1; at <= 12; ++at) {
            const auto folder = place.fresh();
            const auto run = probe("plain", folder, at, when);
            QVERIFY(run.killed);
            QCOMPARE(run.count, quint64(0));
            const bool after = when == "after";
            const quint64 done = after ? at : at - 1;
            const bool torn = when == "torn" && at % 2 == 1 && at < 11;
            const qint64 bytes = qint64(qMin((done + 1) / 2, quint64(5))) * 8 + (torn ? 4 : 0);
            QCOMPARE(sizeOf(folder + QStringLiteral("/log")), done < 11 ? bytes : -1);
            QCOMPARE(sizeOf(folder + QStringLiteral("/renamed")), done == 11 ? bytes : -1);
        }
    }

    void diesInEveryFamilyOfCalls() {
        Place place;
        for (const char* when : {"before", "after", "torn"}) {
            for (quint64 at = 1; at <= 11; ++at) QVERIFY(probe("families", place.fresh(), at, when).killed);
        }
    }

    void noThreadOutrunsTheKill() {
        Place place;
        for (const quint64 at : {1u, 2u, 57u, 399u, 400u}) {
            const auto folder = place.fresh();
            QVERIFY(probe("threads", folder, at, "after").killed);
            qint64 written = 0;
            for (int i = 0; i < 4; ++i) written += qMax(qint64(0), sizeOf(folder + QStringLiteral("/%1").arg(i)));
            // Calls numbered before the fatal one may still be on their way when it strikes.
            QVERIFY(written <= qint64(at) && written >= qint64(at) - 3);
        }
    }

    /// What SQLite called durable survives, wherever it is killed, and the next run finishes the work.
    void databaseOutlivesEveryKill() {
        Place place;
        const auto whole = probe("sqlite", place.fresh());
        QCOMPARE(whole.exitCode, 0);
        QVERIFY2(whole.count > 20, "the database does not pass through the switch");
        QCOMPARE(probe("sqlite", place.fresh()).count, whole.count);
        qInfo("%llu lasting calls", static_cast<unsigned long long>(whole.count));

        const char* const ways[] = {"before", "after", "torn"};
        for (quint64 at = 1; at <= whole.count; ++at) {
            const auto folder = place.fresh();
            const auto cut = probe("sqlite", folder, at, ways[at % 3]);
            QVERIFY(cut.killed);
            const auto next = probe("sqlite", folder);
            QCOMPARE(next.exitCode, 0);
            const int kept = int(cut.output.count("kept"));
            const int found = next.output.mid(6, 1).toInt();
            QVERIFY2(found >= kept && found <= kept + 1, qPrintable(QString::number(at)));
        }
    }
};

QTEST_GUILESS_MAIN(TestKillSwitch)
#include "tst_killswitch.moc"
