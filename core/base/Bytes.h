// Byte strings that are not secret. Secrets live in SecretBytes.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tallylock {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView viewOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline Bytes bytesOf(std::string_view text) { return {text.begin(), text.end()}; }
inline Bytes bytesOf(ByteView view) { return {view.begin(), view.end()}; }
std::string textOf(ByteView view);

void append(Bytes& to, ByteView more);

/// Lower-case hexadecimal, two digits a byte.
std::string toHex(ByteView view);
/// Accepts both cases; nothing for an odd length or another character.
std::optional<Bytes> fromHex(std::string_view text);

/// Big-endian writing and reading of fixed-width integers. The caller vouches for the room.
void putBigEndian64(std::uint8_t* to, std::uint64_t value);
std::uint64_t getBigEndian64(const std::uint8_t* from);

} // namespace tallylock
