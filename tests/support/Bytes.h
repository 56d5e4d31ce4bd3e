// Bytes for tests: reproducible from a seed.
#pragma once

#include "core/base/Bytes.h"

namespace tallylock::test {

/// Noise that depends on `seed` only (xorshift64*).
inline Bytes noise(std::size_t size, std::uint64_t seed = 1) {
    Bytes bytes(size);
    std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    for (std::uint8_t& byte : bytes) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        byte = static_cast<std::uint8_t>((state * 0x2545f4914f6cdd1du) >> 56);
    }
    return bytes;
}

} // namespace tallylock::test
