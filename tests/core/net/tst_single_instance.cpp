// A second start for the same folder hands over to the first; for another folder it does not.
#include "core/net/SingleInstance.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using tallylock::net::SingleInstance;

class TestSingleInstance : public QObject {
    Q_OBJECT
private slots:
    void nobodyRunsYet();
    void theFirstTakesTheMessage();
    void anotherFolderIsAnotherInstance();
    void aMessageTooLongIsNotSent();
    void whatACrashLeftBehindIsReplaced();

private:
    /// The client's calls block, so they run beside the event loop.
    static bool handOverTo(const QString& folder, const QString& message) {
        std::atomic<int> answer{-1};
        std::thread client([&] { answer = SingleInstance(folder).handOver(message) ? 1 : 0; });
        const bool came = QTest::qWaitFor([&] { return answer >= 0; }, 10'000);
        client.join();
        return came && answer == 1;
    }
    QTemporaryDir m_folder;
};

void TestSingleInstance::nobodyRunsYet() { QVERIFY(!handOverTo(m_folder.path(), QStringLiteral("anna"))); }

void TestSingleInstance::theFirstTakesTheMessage() {
    SingleInstance first(m_folder.path());
    QVERIFY(first.listen());
    QSignalSpy received(&first, &SingleInstance::received);
    QVERIFY(handOverTo(m_folder.path(), QStringLiteral("änna")));
    QVERIFY(handOverTo(m_folder.path(), QString()));
    QCOMPARE(received.size(), 2);
    QCOMPARE(received[0][0].toString(), QStringLiteral("änna"));
    QCOMPARE(received[1][0].toString(), QString());
    SingleInstance second(m_folder.path());
    QVERIFY(!second.listen()); // the first keeps its socket
}

void TestSingleInstance::anotherFolderIsAnotherInstance() {
    SingleInstance first(m_folder.path());
    QVERIFY(first.listen());
    QVERIFY(!handOverTo(m_folder.path() + QStringLiteral("/other"), QStringLiteral("anna")));
}

void TestSingleInstance::aMessageTooLongIsNotSent() {
    SingleInstance first(m_folder.path());
    QVERIFY(first.listen());
    QVERIFY(!handOverTo(m_folder.path(), QString(2000, u'x')));
}

void TestSingleInstance::whatACrashLeftBehindIsReplaced() {
    QString path;
    {
        SingleInstance crashed(m_folder.path());
        QVERIFY(crashed.listen());
        path = crashed.findChild<QLocalServer*>()->fullServerName();
    }
    QFile left(path);
    QVERIFY(left.open(QIODevice::WriteOnly)); // no longer a socket that answers
    left.close();
    SingleInstance next(m_folder.path());
    QVERIFY(next.listen());
    QVERIFY(handOverTo(m_folder.path(), QStringLiteral("anna")));
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_single_instance.moc"
