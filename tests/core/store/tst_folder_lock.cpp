// The lock of a folder: one owner at a time, and none after the owner has ended.
#include "core/store/FolderLock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace tallylock;
using ports::StoreError;
using store::FolderLock;

namespace {
std::string pathOf(const QTemporaryDir& folder, const char* name) {
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}
} // namespace

class TestFolderLock : public QObject {
    Q_OBJECT
private slots:
    void isHeldByOne() {
        const QTemporaryDir folder;
        const std::string path = pathOf(folder, "deep/coordinator");
        {
            const auto first = FolderLock::take(path);
            QVERIFY(first.ok());
            const auto second = FolderLock::take(path);
            QVERIFY(!second.ok());
            QCOMPARE(second.error().error, StoreError::Locked);
            QVERIFY(FolderLock::take(pathOf(folder, "deep/keyserver")).ok());
        }
        QVERIFY(FolderLock::take(path).ok());
    }

    void movesWithItsObject() {
        const QTemporaryDir folder;
        auto taken = FolderLock::take(pathOf(folder, "f"));
        QVERIFY(taken.ok());
        const FolderLock kept = std::move(*taken);
        QCOMPARE(FolderLock::take(pathOf(folder, "f")).error().error, StoreError::Locked);
    }

    /// The system takes it back, whatever way the process ends.
    void endsWithTheProcess() {
        const QTemporaryDir folder;
        const std::string path = pathOf(folder, "f");
        int ready[2];
        QCOMPARE(pipe(ready), 0);
        const pid_t child = fork();
        if (child == 0) {
            const auto lock = FolderLock::take(path);
            const char byte = lock.ok() ? 'y' : 'n';
            if (write(ready[1], &byte, 1) != 1) _exit(1);
            for (;;) pause();
        }
        char byte = 0;
        QCOMPARE(read(ready[0], &byte, 1), ssize_t{1});
        QCOMPARE(byte, 'y');
        QCOMPARE(FolderLock::take(path).error().error, StoreError::Locked);
        kill(child, SIGKILL);
        int status = 0;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(FolderLock::take(path).ok());
        ::close(ready[0]);
        ::close(ready[1]);
    }

    void saysWhenTheFolderCannotBeMade() {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto taken = FolderLock::take(pathOf(folder, "file/below"));
        QVERIFY(!taken.ok());
        QVERIFY(taken.error().error != StoreError::Locked);
    }
};

QTEST_GUILESS_MAIN(TestFolderLock)
#include "tst_folder_lock.moc"
