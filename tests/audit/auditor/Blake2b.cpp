#include "tests/audit/auditor/Blake2b.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tallylock::audit {

namespace {
using Words = std::array<std::uint64_t, 8>;
constexpr std::size_t kBlock = 128;
constexpr std::size_t kDigest = 32;
constexpr Words kStart = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                          0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
/// Which words of a block each of ten rounds takes; the last two rounds begin again.
constexpr std::uint8_t kOrder[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
/// The columns of the four by four words, and then the diagonals.
constexpr std::uint8_t kQuarters[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                          {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};

std::uint64_t turned(std::uint64_t word, unsigned by) { return word >> by | word << (64 - by); }

/// `block` is filled up with zeros; `soFar` counts the bytes until its end.
void mixIn(Words& state, const std::string& block, std::uint64_t soFar, bool isLast) {
    std::array<std::uint64_t, 16> words{};
    for (std::size_t i = 0; i < block.size(); ++i) {
        words[i / 8] |= std::uint64_t{static_cast<unsigned char>(block[i])} << (i % 8 * 8);
    }
    std::array<std::uint64_t, 16> v{};
    std::copy(state.begin(), state.end(), v.begin());
    std::copy(kStart.begin(), kStart.end(), v.begin() + 8);
    v[12] ^= soFar; // no more than 64 bits of it
    if (isLast) v[14] = ~v[14];
    for (std::size_t round = 0; round < 12; ++round) {
        const std::uint8_t* next = kOrder[round % 10];
        for (const auto& [a, b, c, d] : kQuarters) {
            for (const auto& [first, second] : {std::pair{32u, 24u}, std::pair{16u, 63u}}) {
                v[a] += v[b] + words[*next++];
                v[d] = turned(v[d] ^ v[a], first);
                v[c] += v[d];
                v[b] = turned(v[b] ^ v[c], second);
            }
        }
    }
    for (std::size_t i = 0; i < state.size(); ++i) state[i] ^= v[i] ^ v[i + 8];
}
} // namespace

std::string blake2b256(const std::string& data) {
    Words state = kStart;
    state[0] ^= 0x01010000u ^ kDigest;
    std::size_t at = 0;
    for (; data.size() - at > kBlock; at += kBlock) mixIn(state, data.substr(at, kBlock), at + kBlock, false);
    mixIn(state, data.substr(at), data.size(), true);
    std::string digest;
    for (std::size_t i = 0; i < kDigest; ++i) digest.push_back(static_cast<char>(state[i / 8] >> (i % 8 * 8) & 0xff));
    return digest;
}

std::string labelledHash(const std::string& name, const std::string& body) {
    const std::string label = "tallylock/v1/" + name;
    return blake2b256(std::string(1, static_cast<char>(label.size())) + label + body);
}

} // namespace tallylock::audit
