// Runs a fuzz target over its corpus without libFuzzer: every file as it is, cut short, and with flipped bits.
//
//   replay_NAME FOLDER      TALLYLOCK_SEED picks other cuts and bits
#include "tests/fuzz/Fuzz.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace tallylock;

static constexpr std::size_t kVariationsPerFile = 64;

static char running[4096]; // the file and what was done to it, for the handler below

extern "C" void sayWhatRan(int signal) {
    // Only calls that are safe in a handler.
    const auto ignored = ::write(STDERR_FILENO, running, std::char_traits<char>::length(running));
    static_cast<void>(ignored);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

static void runOne(const fs::path& path, const char* how, std::size_t where, ByteView input) {
    std::snprintf(running, sizeof running, "replay: fell on %s, %s %zu\n", path.c_str(), how, where);
    // A copy of exactly this size, so that the address sanitizer sees a read past its end.
    const Bytes exact = bytesOf(input);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

int main(int count, char** values) {
    if (count != 2) return 2;
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) std::signal(signal, sayWhatRan);
    const char* wanted = std::getenv("TALLYLOCK_SEED");
    const std::uint64_t seed = wanted ? std::strtoull(wanted, nullptr, 10) : 1;
    std::printf("seed %llu (TALLYLOCK_SEED takes another)\n", static_cast<unsigned long long>(seed));

    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(values[1])) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::mt19937_64 random(seed);
    std::size_t runs = 0;
    for (const fs::path& path : files) {
        std::ifstream in(path, std::ios::binary);
        const Bytes whole{std::istreambuf_iterator<char>(in), {}};
        runOne(path, "whole, size", whole.size(), whole);
        ++runs;
        if (whole.empty()) continue;
        // Every cut of a small file, some of a large one.
        const bool small = whole.size() <= kVariationsPerFile;
        for (std::size_t i = 0; i < std::min(whole.size(), kVariationsPerFile); ++i, ++runs) {
            const std::size_t size = small ? i : random() % whole.size();
            runOne(path, "cut to", size, ByteView(whole).first(size));
        }
        for (std::size_t i = 0; i < kVariationsPerFile; ++i, ++runs) {
            Bytes flipped = whole;
            const std::size_t bit = random() % (whole.size() * 8);
            flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            runOne(path, "with flipped bit", bit, flipped);
        }
    }
    std::printf("%zu files, %zu runs\n", files.size(), runs);
    return files.empty() ? 1 : 0;
}
