#include "core/media/Sandbox.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tallylock::media {
namespace {

bool limit(decltype(RLIMIT_AS) what, std::uint64_t most) {
    const rlimit bound{most, most};
    return ::setrlimit(what, &bound) == 0;
}

bool setLimits(const SandboxLimits& limits) {
    return limit(RLIMIT_AS, limits.addressBytes) && limit(RLIMIT_CPU, limits.cpuSeconds) &&
           limit(RLIMIT_FSIZE, limits.fileBytes) && limit(RLIMIT_NOFILE, limits.openFiles) && limit(RLIMIT_CORE, 0) &&
           ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// Every right of the first version of Landlock, of which only reading is given back.
constexpr std::uint64_t kAllRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr std::uint64_t kReadRights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// From now on only what lies under kReadable can be opened. False: this kernel has no Landlock.
bool closeFolders() {
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = kAllRights;
    const auto ruleset =
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, std::uint32_t{0}));
    if (ruleset < 0) return false;
    for (const char* folder : kReadable) {
        const int descriptor = ::open(folder, O_PATH | O_CLOEXEC);
        if (descriptor < 0) continue; // there is none
        landlock_path_beneath_attr rule{};
        rule.allowed_access = kReadRights;
        rule.parent_fd = descriptor;
        ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, std::uint32_t{0});
        ::close(descriptor);
    }
    const bool closed = ::syscall(SYS_landlock_restrict_self, ruleset, std::uint32_t{0}) == 0;
    ::close(ruleset);
    return closed;
}

/// What parsing takes. Everything else is answered with EPERM, so that a library that asks can go on without.
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrusage),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    SCMP_SYS(exit_group),
};

class Filter {
public:
    Filter() : m_filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM))) {}
    ~Filter() { ::seccomp_release(m_filter); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    template <class... Compare>
    void allow(int call, Compare... compare) {
        const std::array<scmp_arg_cmp, sizeof...(compare)> arguments{compare...};
        m_sound = m_sound &&
                  ::seccomp_rule_add_array(m_filter, SCMP_ACT_ALLOW, call, sizeof...(compare), arguments.data()) == 0;
    }
    void answer(int call, int error) {
        m_sound = m_sound && ::seccomp_rule_add_array(m_filter, SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), call,
                                                      0, nullptr) == 0;
    }
    /// Also for the threads that are running already.
    bool load() {
        return m_filter && m_sound && ::seccomp_attr_set(m_filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
               ::seccomp_load(m_filter) == 0;
    }

private:
    scmp_filter_ctx m_filter;
    bool m_sound = true;
};

scmp_arg_cmp without(unsigned argument, std::uint64_t bits) { return {argument, SCMP_CMP_MASKED_EQ, bits, 0}; }

bool closeCalls(bool mayRead) {
    Filter filter;
    for (const int call : kAllowed) filter.allow(call);
    filter.allow(SCMP_SYS(mmap), without(2, PROT_EXEC));
    filter.allow(SCMP_SYS(mprotect), without(2, PROT_EXEC));
    filter.allow(SCMP_SYS(clone), scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
    filter.answer(SCMP_SYS(clone3), ENOSYS); // whose flags cannot be seen; the library then uses clone
    filter.allow(SCMP_SYS(prctl), scmp_arg_cmp{0, SCMP_CMP_EQ, PR_SET_NAME, 0});
    filter.allow(SCMP_SYS(fcntl), scmp_arg_cmp{1, SCMP_CMP_EQ, F_GETFL, 0});
    filter.allow(SCMP_SYS(fcntl), scmp_arg_cmp{1, SCMP_CMP_EQ, F_GETFD, 0});
    filter.allow(SCMP_SYS(fcntl), scmp_arg_cmp{1, SCMP_CMP_EQ, F_SETFD, 0});
    // abort() ends this process and no other.
    const auto self = static_cast<std::uint64_t>(::getpid());
    filter.allow(SCMP_SYS(tgkill), scmp_arg_cmp{0, SCMP_CMP_EQ, self, 0});
    if (mayRead) {
        constexpr std::uint64_t kTemporary = O_TMPFILE & ~O_DIRECTORY;
        constexpr std::uint64_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | kTemporary;
        filter.allow(SCMP_SYS(open), without(1, kWriting));
        filter.allow(SCMP_SYS(openat), without(2, kWriting));
    }
    return filter.load();
}

} // namespace

bool enterSandbox(const SandboxLimits& limits) { return setLimits(limits) && closeCalls(closeFolders()); }

} // namespace tallylock::media
