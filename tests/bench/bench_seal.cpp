// Sealing and opening beside the stock `age` program, on the same file in memory, in the same run.
//
// The file lies on a disk, as a seller's does, and is in memory because it has just been written: the system keeps
// it there in large pieces. (In a folder of /dev/shm it would lie in pieces of 4 KiB, and copying those out takes
// longer than half the cipher. TALLYLOCK_BENCH_FOLDER names another folder to try this.) Results go to /dev/shm.
//
// Turn by turn, so that a busy moment hits both; the best of several turns counts. "To nothing" measures the work,
// "to memory" includes writing the result. Two threads work, unless a name says one. Hashing (both trees while an
// edition is sealed or opened, and the sealed tree alone) has no reference: age has none.
#include "core/asset/AgeKey.h"
#include "core/asset/Reseal.h"
#include "core/crypto/Box.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <map>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tallylock;
using namespace tallylock::asset;

namespace {

[[noreturn]] void giveUp(const char* why) {
    std::fprintf(stderr, "bench_seal: %s\n", why);
    std::exit(1);
}

/// A folder that goes away at the end.
class Folder {
public:
    explicit Folder(std::string where) : m_path(std::move(where) + "/tallylock-bench-XXXXXX") {
        if (!::mkdtemp(m_path.data())) giveUp(("no folder " + m_path).c_str());
    }
    ~Folder() {
        for (const char* name : {"plain", "sealed", "out", "key"}) ::unlink(file(name).c_str());
        ::rmdir(m_path.c_str());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const char* name) const { return m_path + "/" + name; }

private:
    std::string m_path;
};

double secondsOf(const std::function<void()>& job) {
    const auto start = std::chrono::steady_clock::now();
    job();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Runs a program with its standard output into `out`.
void runProgram(const std::vector<std::string>& command, const std::string& out) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        const int descriptor = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(descriptor, STDOUT_FILENO);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0) giveUp("the stock age program failed or is missing");
}

template <class T>
T must(Result<T, SealError> result) {
    if (!result) giveUp(nameOf(result.error()));
    return std::move(result).value();
}

class SealBench {
public:
    SealBench(std::uint64_t mib, std::string folder) : m_mib(mib), m_folder(std::move(folder)) {
        FileSink plain = must(FileSink::create(m_folder.file("plain")));
        Bytes block(std::size_t{1} << 20);
        for (std::uint64_t i = 0; i < mib; ++i) {
            m_random.fill(block);
            if (!plain.write(block)) giveUp("no room for the file");
        }
        FileSink key = must(FileSink::create(m_folder.file("key"), FileSink::Access::OwnerOnly));
        if (!plain.commit() || !key.write(keyFileText(m_identity, 0).view()) || !key.commit()) giveUp("cannot write");
        sealTo(2, m_folder.file("sealed"));
        FileSource sealed = must(FileSource::open(m_folder.file("sealed")));
        NullSink nowhere;
        m_plainRoot = must(openPortions(sealed, nowhere, m_identity, m_identity)).plainRoot;
    }

    /// One benchmark a row, in turns that are mixed.
    void enlist(int turns) {
        const std::vector<std::string> seal = {"age", "-r", recipientText(m_recipient), m_folder.file("plain")};
        const std::vector<std::string> open = {"age", "-d", "-i", m_folder.file("key"), m_folder.file("sealed")};
        const std::string out = m_memory.file("out");
        const std::pair<const char*, std::function<void()>> rows[] = {
            {"age_seal", [=] { runProgram(seal, "/dev/null"); }},
            {"seal_one_thread", [this] { sealTo(1, ""); }},
            {"seal", [this] { sealTo(2, ""); }},
            {"age_seal_memory", [=] { runProgram(seal, out); }},
            {"seal_memory", [this] { sealTo(2, m_memory.file("out")); }},
            {"age_open", [=] { runProgram(open, "/dev/null"); }},
            {"open_one_thread", [this] { openTo(1, false); }},
            {"open", [this] { openTo(2, false); }},
            {"age_open_memory", [=] { runProgram(open, out); }},
            {"open_memory", [this] { openTo(2, true); }},
            {"edition_seal", [this] { sealEdition(); }},
            {"edition_open", [this] { openEdition(); }},
            {"hash_sealed", [this] { hashFile(); }},
            {"edition_reseal", [this] { reseal(); }},
        };
        for (const auto& [name, job] : rows) {
            const auto run = [this, name = std::string(name), job = job](benchmark::State& state) {
                for (auto _ : state) state.SetIterationTime(time(name, job));
                state.SetBytesProcessed(static_cast<std::int64_t>(m_mib << 20));
            };
            benchmark::RegisterBenchmark((std::string("seal/") + name).c_str(), run)
                ->UseManualTime()
                ->Iterations(1)
                ->Repetitions(turns)
                ->Unit(benchmark::kMillisecond);
        }
    }

    void report(std::FILE* json) const {
        std::map<std::string, double> figures;
        for (const auto& [name, seconds] : m_best)
            figures[name + "_mb_s"] = static_cast<double>(m_mib) * 1.048576 / seconds;
        const auto ratio = [&](const char* name, const char* ours, const char* age) {
            figures[name] = m_best.at(age) / m_best.at(ours);
        };
        ratio("seal_ratio", "seal", "age_seal");
        ratio("seal_one_thread_ratio", "seal_one_thread", "age_seal");
        ratio("seal_memory_ratio", "seal_memory", "age_seal_memory");
        ratio("open_ratio", "open", "age_open");
        ratio("open_one_thread_ratio", "open_one_thread", "age_open");
        ratio("open_memory_ratio", "open_memory", "age_open_memory");
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        figures["peak_rss_kb"] = static_cast<double>(usage.ru_maxrss);
        figures["size_mib"] = static_cast<double>(m_mib);
        std::fputs("{", json);
        const char* between = "\n";
        for (const auto& [name, value] : figures) {
            std::printf("%-26s %12.2f\n", name.c_str(), value);
            std::fprintf(json, "%s  \"%s\": %.4f", between, name.c_str(), value);
            between = ",\n";
        }
        std::fputs("\n}\n", json);
    }

private:
    double time(const std::string& name, const std::function<void()>& job) {
        const double seconds = secondsOf(job);
        const auto [at, isNew] = m_best.emplace(name, seconds);
        if (!isNew) at->second = std::min(at->second, seconds);
        return seconds;
    }

    static Work withThreads(unsigned threads) {
        Work work;
        work.threads = threads;
        return work;
    }

    /// To nothing, where no path is given.
    void sealTo(unsigned threads, const std::string& path) {
        FileSource source = must(FileSource::open(m_folder.file("plain")));
        if (path.empty()) {
            NullSink nowhere;
            must(sealAge(source, nowhere, m_recipient, m_random, withThreads(threads)));
            return;
        }
        FileSink sink = must(FileSink::create(path));
        must(sealAge(source, sink, m_recipient, m_random, withThreads(threads)));
        if (!sink.commit()) giveUp("cannot write");
    }

    void openTo(unsigned threads, bool keep) {
        FileSource source = must(FileSource::open(m_folder.file("sealed")));
        const std::span<const SecretBytes> identities(&m_identity, 1);
        if (!keep) {
            NullSink nowhere;
            must(openAge(source, nowhere, identities, withThreads(threads)));
            return;
        }
        FileSink sink = must(FileSink::create(m_memory.file("out")));
        must(openAge(source, sink, identities, withThreads(threads)));
        if (!sink.commit()) giveUp("cannot write");
    }

    void sealEdition() {
        FileSource source = must(FileSource::open(m_folder.file("plain")));
        NullSink nowhere;
        must(sealPortions(source, nowhere, m_recipient, m_identity, m_random, withThreads(2)));
    }

    /// A further copy from the sealed file.
    void reseal() {
        FileSource source = must(FileSource::open(m_folder.file("sealed")));
        NullSink nowhere;
        must(resealEdition(source, {m_identity.clone(), m_identity.clone()}, {m_recipient, {}, m_plainRoot},
                           {{}, 2, m_identity.clone()}, nowhere, m_random, withThreads(2)));
    }

    void openEdition() {
        FileSource source = must(FileSource::open(m_folder.file("sealed")));
        NullSink nowhere;
        must(openPortions(source, nowhere, m_identity, m_identity, withThreads(2)));
    }

    void hashFile() {
        FileSource source = must(FileSource::open(m_folder.file("sealed")));
        must(hashSealed(source, withThreads(2)));
    }

    std::uint64_t m_mib;
    Folder m_folder;
    Folder m_memory{"/dev/shm"};
    SystemRandom m_random;
    SecretBytes m_identity = crypto::newBoxSecret(m_random);
    BoxKey m_recipient = crypto::boxKeyOf(m_identity);
    Hash m_plainRoot;
    std::map<std::string, double> m_best; ///< seconds
};

std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

} // namespace

int main(int count, char** values) {
    const char* folder = std::getenv("TALLYLOCK_BENCH_FOLDER");
    SealBench bench(std::clamp<std::uint64_t>(numberFrom("TALLYLOCK_BENCH_MIB", 1024), 1, 4096),
                    folder ? folder : "/var/tmp");
    bench.enlist(static_cast<int>(std::clamp<std::uint64_t>(numberFrom("TALLYLOCK_BENCH_TURNS", 5), 1, 100)));
    // Turn by turn rather than row by row, so that a busy moment hits both sides.
    std::vector<char*> arguments(values, values + count);
    std::string mixed = "--benchmark_enable_random_interleaving=true";
    arguments.push_back(mixed.data());
    int argumentCount = static_cast<int>(arguments.size());
    benchmark::Initialize(&argumentCount, arguments.data());
    benchmark::RunSpecifiedBenchmarks();
    const char* path = std::getenv("TALLYLOCK_BENCH_JSON");
    std::FILE* json = std::fopen(path ? path : "seal.json", "w");
    if (!json) giveUp("cannot write the JSON file");
    bench.report(json);
    return std::fclose(json) == 0 ? 0 : 1;
}
