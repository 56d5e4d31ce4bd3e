#include "core/asset/Bech32.h"

#include <algorithm>

namespace tallylock::asset {

static constexpr std::string_view kBech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
static constexpr std::size_t kBech32CheckSize = 6;

namespace {
/// The check sum: a BCH code over GF(32), of which each 5-bit value is one step.
class Bech32Check {
public:
    explicit Bech32Check(std::string_view prefix) {
        for (const char c : prefix) step(static_cast<std::uint32_t>(c) >> 5);
        step(0);
        for (const char c : prefix) step(static_cast<std::uint32_t>(c) & 31);
    }
    void step(std::uint32_t value) {
        static constexpr std::uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        const std::uint32_t top = m_state >> 25;
        m_state = ((m_state & 0x1ffffff) << 5) ^ value;
        for (unsigned i = 0; i < 5; ++i) {
            if ((top >> i) & 1) m_state ^= kGenerator[i];
        }
    }
    std::uint32_t state() const { return m_state; }

private:
    std::uint32_t m_state = 1;
};
} // namespace

SecretBytes bech32Encode(std::string_view prefix, ByteView data) {
    const std::size_t values = (data.size() * 8 + 4) / 5;
    SecretBytes text(prefix.size() + 1 + values + kBech32CheckSize);
    std::uint8_t* to = std::copy(prefix.begin(), prefix.end(), text.data());
    *to++ = '1';
    Bech32Check check(prefix);
    const auto put = [&](std::uint32_t value) {
        check.step(value);
        *to++ = static_cast<std::uint8_t>(kBech32Alphabet[value]);
    };
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint8_t byte : data) {
        bits = ((bits << 8) | byte) & 0xfff; // at most 4 + 8 bits are waiting
        for (count += 8; count >= 5; count -= 5) put((bits >> (count - 5)) & 31);
    }
    if (count > 0) put((bits << (5 - count)) & 31);
    for (std::size_t i = 0; i < kBech32CheckSize; ++i) check.step(0);
    const std::uint32_t sum = check.state() ^ 1;
    for (unsigned i = 0; i < kBech32CheckSize; ++i) {
        *to++ = static_cast<std::uint8_t>(kBech32Alphabet[(sum >> (25 - 5 * i)) & 31]);
    }
    return text;
}

std::optional<SecretBytes> bech32Decode(std::string_view prefix, std::string_view text) {
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    const bool upper = std::any_of(text.begin(), text.end(), isUpper);
    if (upper && std::any_of(text.begin(), text.end(), isLower)) return std::nullopt;
    const auto lowerAt = [&](std::size_t i) { return isUpper(text[i]) ? static_cast<char>(text[i] + 32) : text[i]; };

    if (text.size() < prefix.size() + 1 + kBech32CheckSize || text[prefix.size()] != '1') return std::nullopt;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        if (lowerAt(i) != prefix[i]) return std::nullopt;
    }
    const std::size_t start = prefix.size() + 1;
    const std::size_t values = text.size() - start - kBech32CheckSize;
    SecretBytes data(values * 5 / 8);
    Bech32Check check(prefix);
    std::uint32_t bits = 0;
    unsigned count = 0;
    std::size_t written = 0;
    for (std::size_t i = start; i < text.size(); ++i) {
        const std::size_t value = kBech32Alphabet.find(lowerAt(i));
        if (value == std::string_view::npos) return std::nullopt;
        check.step(static_cast<std::uint32_t>(value));
        if (i >= start + values) continue; // the check sum itself carries no data
        bits = ((bits << 5) | static_cast<std::uint32_t>(value)) & 0xfff;
        count += 5;
        if (count >= 8) {
            count -= 8;
            data.data()[written++] = static_cast<std::uint8_t>(bits >> count);
        }
    }
    if (check.state() != 1 || count >= 5 || (bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return data;
}

} // namespace tallylock::asset
