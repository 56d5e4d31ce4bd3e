// What a process can still do after it has entered the sandbox. Each row is a child of its own.
#include "core/media/Sandbox.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace tallylock::media;

using Deed = std::function<bool()>;
Q_DECLARE_METATYPE(Deed)

namespace {

constexpr int kCould = 10;
constexpr int kCouldNot = 11;

/// The status of a child that enters the sandbox and does the deed.
int statusOf(const Deed& deed, const SandboxLimits& limits = {}) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (!enterSandbox(limits)) ::_exit(12);
        ::_exit(deed() ? kCould : kCouldNot);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

bool opens(const char* path, int flags) { return ::open(path, flags, 0600) >= 0; }

std::string folderOfSecrets; // what a child may not touch
int givenFile = -1;          // opened for the child, as the helper's output is

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

private slots:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        folderOfSecrets = m_folder.path().toStdString();
        QFile secret(m_folder.filePath(QStringLiteral("secret")));
        QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write("secret") == 6);
        givenFile = ::open((folderOfSecrets + "/given").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        QVERIFY(givenFile >= 0);
    }

    void cannot_data() {
        QTest::addColumn<Deed>("deed");
        const auto row = [](const char* name, const Deed& deed) { QTest::newRow(name) << deed; };
        row("write a new file", [] { return opens((folderOfSecrets + "/new").c_str(), O_WRONLY | O_CREAT); });
        row("write an old file", [] { return opens((folderOfSecrets + "/secret").c_str(), O_WRONLY); });
        row("read a person's file", [] { return opens((folderOfSecrets + "/secret").c_str(), O_RDONLY); });
        row("read its own memory as a file", [] { return opens("/proc/self/mem", O_RDONLY); });
        row("write where it may read", [] { return opens("/usr/share/tallylock-test", O_WRONLY | O_CREAT); });
        row("remove", [] { return ::unlink((folderOfSecrets + "/secret").c_str()) == 0; });
        row("rename",
            [] { return ::rename((folderOfSecrets + "/secret").c_str(), (folderOfSecrets + "/x").c_str()) == 0; });
        row("make a folder", [] { return ::mkdir((folderOfSecrets + "/folder").c_str(), 0700) == 0; });
        row("link", [] { return ::symlink("/etc/passwd", (folderOfSecrets + "/link").c_str()) == 0; });
        row("change the mode", [] { return ::chmod((folderOfSecrets + "/secret").c_str(), 0777) == 0; });
        row("socket", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; });
        row("local socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; });
        row("pair of sockets", [] {
            int ends[2];
            return ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
        });
        row("fork", [] { return ::fork() >= 0; });
        row("exec", [] {
            char name[] = "/bin/true";
            char* const arguments[] = {name, nullptr};
            ::execv(name, arguments);
            return false;
        });
        row("signal another process", [] { return ::kill(::getppid(), 0) == 0; });
        row("make memory executable", [] {
            void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            return ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
        });
        row("map executable memory", [] {
            return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
        });
#ifndef __SANITIZE_ADDRESS__ // which takes more for itself
        row("take a lot of memory", [] {
            return ::mmap(nullptr, std::size_t{4} << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
        });
#endif
        row("take the limits back", [] { return ::setenv("x", "y", 1) == 0 && ::setuid(::getuid()) == 0; });
    }
    void cannot() {
        QFETCH(Deed, deed);
        const int status = statusOf(deed);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), kCouldNot);
    }

    void can_data() {
        QTest::addColumn<Deed>("deed");
        const auto row = [](const char* name, const Deed& deed) { QTest::newRow(name) << deed; };
        row("write to what it was given", [] { return ::write(givenFile, "x", 1) == 1; });
        row("take memory", [] {
            const std::string much(std::size_t{256} << 20, 'x');
            return much.back() == 'x';
        });
        row("run threads", [] {
            bool ran = false;
            std::thread([&] { ran = true; }).join();
            return ran;
        });
        row("tell the time", [] { return ::time(nullptr) > 0; });
    }
    void can() {
        QFETCH(Deed, deed);
        const int status = statusOf(deed);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), kCould);
    }

    void theProcessorIsBounded() {
        SandboxLimits limits;
        limits.cpuSeconds = 1;
        const int status = statusOf(
            [] {
                volatile bool on = true;
                while (on) {
                }
                return true;
            },
            limits);
        QVERIFY(WIFSIGNALED(status));
    }

    void filesAreBounded() {
        SandboxLimits limits;
        limits.fileBytes = 4096;
        const int status = statusOf(
            [] {
                const std::string page(8192, 'x');
                return ::write(givenFile, page.data(), page.size()) == 8192 && ::write(givenFile, "x", 1) == 1;
            },
            limits);
        QVERIFY(WIFSIGNALED(status) || WEXITSTATUS(status) == kCouldNot);
    }
};

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
