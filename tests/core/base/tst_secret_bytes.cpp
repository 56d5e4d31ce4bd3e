#include "core/base/SecretBytes.h"

#include <QTest>

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

using namespace tallylock;

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes> && std::is_nothrow_move_assignable_v<SecretBytes>);
static_assert(!std::is_convertible_v<SecretBytes, std::string> && !std::is_convertible_v<SecretBytes, ByteView>);
static_assert(!std::is_convertible_v<ByteView, SecretBytes> && !std::is_convertible_v<std::size_t, SecretBytes>);

namespace {

/// The flags that the kernel keeps for the mapping which holds an address.
std::string flagsOf(const void* address) {
    std::ifstream maps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<unsigned long long>(address);
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        unsigned long long from = 0;
        unsigned long long to = 0;
        char dash = 0;
        std::istringstream head(line);
        if (head >> std::hex >> from >> dash >> to && dash == '-') inside = wanted >= from && wanted < to;
        if (inside && line.starts_with("VmFlags:")) return line.substr(8) + " ";
    }
    return {};
}

} // namespace

class TestSecretBytes : public QObject {
    Q_OBJECT
private slots:
    /// Never swapped, and in no core dump.
    void lockedAndNotDumped() {
        const SecretBytes secret(100);
        const std::string flags = flagsOf(secret.data());
#ifndef __SANITIZE_ADDRESS__ // which lets no memory be locked
        QVERIFY2(flags.find(" lo ") != std::string::npos, flags.c_str());
#endif
        QVERIFY2(flags.find(" dd ") != std::string::npos, flags.c_str());
        const int ordinary = 0;
        QVERIFY(flagsOf(&ordinary).find(" dd ") == std::string::npos);
    }

    void beginsZeroed() {
        const SecretBytes secret(33);
        QVERIFY(secret.equals(Bytes(33, 0)));
        QVERIFY(SecretBytes().empty());
        QVERIFY(SecretBytes(0).equals({}));
    }

    void movesAndLeavesNothing() {
        SecretBytes one = SecretBytes::copyOf(viewOf("secret"));
        const std::uint8_t* place = one.data();
        SecretBytes other = std::move(one);
        QCOMPARE(other.data(), place); // the same memory: nothing was copied
        // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): that is what is looked at
        QVERIFY(!one.data());
        QVERIFY(other.equals(viewOf("secret")));
    }

    void takingWipesTheSource() {
        Bytes source = bytesOf("secret");
        const SecretBytes secret = SecretBytes::takeFrom(source);
        QVERIFY(secret.equals(viewOf("secret")));
        QVERIFY(source == Bytes(6, 0));
        std::string text = "secret";
        const char* letters = text.data();
        wipe(text);
        QVERIFY(text.empty());
        QCOMPARE(std::string_view(letters, 6), std::string_view("\0\0\0\0\0\0", 6));
    }

    void printsNothing() {
        std::ostringstream out;
        out << SecretBytes::copyOf(viewOf("hunter2"));
        QCOMPARE(out.str(), std::string("[secret]"));
    }

    /// The memory is given back, and before that wiped (by sodium_free): whoever holds on to the address gets a signal.
    void goneAtTheEnd() {
        const pid_t child = ::fork();
        if (child == 0) {
            std::signal(SIGSEGV, SIG_DFL);
            const volatile std::uint8_t* place = nullptr;
            {
                const SecretBytes secret = SecretBytes::copyOf(viewOf("secret"));
                place = secret.data();
                if (place[0] != 's') ::_exit(1);
            }
            ::_exit(place[0] == 's' ? 2 : 3);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    }

    /// One byte behind the end is a page that nobody may touch.
    void guarded() {
        const pid_t child = ::fork();
        if (child == 0) {
            std::signal(SIGSEGV, SIG_DFL);
            const SecretBytes secret(16);
            const volatile std::uint8_t* place = secret.data();
            ::_exit(place[16] == 0 ? 2 : 3);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    }
};

QTEST_GUILESS_MAIN(TestSecretBytes)
#include "tst_secret_bytes.moc"
