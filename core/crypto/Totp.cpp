#include "core/crypto/Totp.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace tallylock::crypto {

namespace {
/// In the order of the enum.
constexpr const char* kTotpDigests[] = {"SHA1", "SHA256", "SHA512"};
static_assert(std::size(kTotpDigests) == static_cast<std::size_t>(TotpHash::kCount));
constexpr std::size_t kLargestMac = 64;
} // namespace

SecretBytes totpCode(ByteView secret, std::uint64_t step, TotpKind kind) {
    assert(!secret.empty() && kind.digits >= 6 && kind.digits <= 8);
    std::array<std::uint8_t, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) counter[i] = static_cast<std::uint8_t>(step >> (56 - 8 * i));
    SecretBytes mac(kLargestMac);
    std::size_t size = 0;
    const char* digest = kTotpDigests[static_cast<std::size_t>(kind.hash)];
    const unsigned char* made = EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, secret.data(), secret.size(),
                                          counter.data(), counter.size(), mac.data(), mac.size(), &size);
    assert(made && size >= 20 && "OpenSSL has these digests");
    (void)made;

    // RFC 4226, 5.3: four bytes from where the last half-byte points, without the sign.
    const std::size_t at = mac.data()[size - 1] & 0xfu;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | mac.data()[at + i];
    number &= 0x7fffffffu;
    SecretBytes code(kind.digits);
    for (std::size_t i = kind.digits; i-- > 0; number /= 10)
        code.data()[i] = static_cast<std::uint8_t>('0' + number % 10);
    return code;
}

std::uint64_t totpStep(std::int64_t timeMs, TotpKind kind) {
    assert(timeMs >= 0);
    return static_cast<std::uint64_t>(timeMs) / (std::uint64_t{kind.stepSeconds} * 1000);
}

std::optional<std::uint64_t> checkTotp(ByteView secret, std::string_view code, std::int64_t nowMs,
                                       std::optional<std::uint64_t> lastUsed, TotpKind kind) {
    if (code.size() != kind.digits) return std::nullopt;
    const std::uint64_t now = totpStep(nowMs, kind);
    std::optional<std::uint64_t> found;
    for (const std::uint64_t step : {now - std::min<std::uint64_t>(now, 1), now, now + 1}) {
        const SecretBytes right = totpCode(secret, step, kind);
        const bool same = sodium_memcmp(right.data(), code.data(), code.size()) == 0;
        const bool isNew = !lastUsed || step > *lastUsed;
        if (same && isNew && !found) found = step;
    }
    return found;
}

SecretBytes base32Of(ByteView bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    SecretBytes text((bytes.size() * 8 + 4) / 5);
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned digit = 0;
        for (std::size_t bit = i * 5; bit < i * 5 + 5; ++bit) {
            const bool isSet = bit / 8 < bytes.size() && (unsigned{bytes[bit / 8]} >> (7 - bit % 8) & 1u) != 0;
            digit = digit << 1 | (isSet ? 1u : 0u);
        }
        text.data()[i] = static_cast<std::uint8_t>(kDigits[digit]);
    }
    return text;
}

static std::string percentEncoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) {
            encoded.push_back(c);
        } else {
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15u]};
        }
    }
    return encoded;
}

SecretBytes otpauthUri(ByteView secret, std::string_view issuer, std::string_view account) {
    const std::string begin = "otpauth://totp/" + percentEncoded(issuer) + ":" + percentEncoded(account) + "?secret=";
    const std::string end = "&issuer=" + percentEncoded(issuer);
    const SecretBytes middle = base32Of(secret);
    SecretBytes uri(begin.size() + middle.size() + end.size());
    auto out = std::copy(begin.begin(), begin.end(), uri.data());
    out = std::copy(middle.data(), middle.data() + middle.size(), out);
    std::copy(end.begin(), end.end(), out);
    return uri;
}

} // namespace tallylock::crypto
