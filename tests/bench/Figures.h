// What a benchmark has measured: printed for people, and written as one flat JSON object of numbers for machines.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>

namespace tallylock::bench {

[[noreturn]] inline void giveUp(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

inline std::uint64_t numberFrom(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

inline double secondsOf(const std::function<void()>& job) {
    const auto start = std::chrono::steady_clock::now();
    job();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Processor time of this thread: a busy machine hurts it less than the time on the wall.
inline double threadSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class Figures {
public:
    double& operator[](const std::string& name) { return m_figures[name]; }
    /// Keeps the larger.
    void best(const std::string& name, double value) {
        double& kept = m_figures[name];
        if (value > kept) kept = value;
    }
    /// Into the file that TALLYLOCK_BENCH_JSON names, or into `otherwise`. The exit code of a program.
    int report(const char* otherwise) const {
        const char* path = std::getenv("TALLYLOCK_BENCH_JSON");
        std::FILE* json = std::fopen(path ? path : otherwise, "w");
        if (!json) giveUp("cannot write the JSON file");
        std::fputs("{", json);
        const char* between = "\n";
        for (const auto& [name, value] : m_figures) {
            std::printf("%-34s %14.3f\n", name.c_str(), value);
            std::fprintf(json, "%s  \"%s\": %.6f", between, name.c_str(), value);
            between = ",\n";
        }
        std::fputs("\n}\n", json);
        return std::fclose(json) == 0 ? 0 : 1;
    }

private:
    std::map<std::string, double> m_figures;
};

} // namespace tallylock::bench
