// A fuzz target is one function, LLVMFuzzerTestOneInput, in a file fuzz_NAME.cpp. `./dev fuzz NAME` links it with
// libFuzzer; the tests link it with Replay.cpp, which runs the committed corpus/NAME and variations of it.
//
// A target states what must hold, and does more than not to crash: what decodes is encoded again to the same bytes,
// what was altered does not open, nothing that is not authentic comes out.
#pragma once

#include "core/base/Bytes.h"

#include <cstdio>
#include <cstdlib>

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace tallylock::fuzz {

/// Ends the program, which is how libFuzzer and Replay hear of a finding.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: does not hold: %s\n", what);
    std::abort();
}

inline bool same(ByteView one, ByteView other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

/// Cuts an input into the numbers that drive a target. Zeros when it has ended.
class Choices {
public:
    explicit Choices(ByteView input) : m_rest(input) {}
    std::uint8_t byte() {
        if (m_rest.empty()) return 0;
        const std::uint8_t value = m_rest[0];
        m_rest = m_rest.subspan(1);
        return value;
    }
    /// Of three bytes.
    std::size_t number() {
        const std::size_t high = byte();
        const std::size_t middle = byte();
        return high << 16 | middle << 8 | byte();
    }
    bool empty() const { return m_rest.empty(); }
    ByteView rest() const { return m_rest; }

private:
    ByteView m_rest;
};

} // namespace tallylock::fuzz
