// Time-based one-time codes: TOTP (RFC 6238) over HOTP (RFC 4226).
//
// The secret is shared with somebody's authenticator. A step is a stretch of time with one code; a code is taken in its
// own step and in the two beside it, and a step that has been used, or one before it, is never taken again.
#pragma once

#include "core/base/SecretBytes.h"

#include <optional>
#include <string_view>

namespace tallylock::crypto {

enum class TotpHash : std::uint8_t { Sha1, Sha256, Sha512, kCount };

/// What authenticators take for granted unless they are told otherwise.
struct TotpKind {
    TotpHash hash = TotpHash::Sha1;
    unsigned digits = 6; ///< 6 to 8
    unsigned stepSeconds = 30;
};

/// The code of a step, as ASCII digits. The secret is not empty.
SecretBytes totpCode(ByteView secret, std::uint64_t step, TotpKind kind = {});
/// The step of a time since 1970, which is not negative.
std::uint64_t totpStep(std::int64_t timeMs, TotpKind kind = {});
/// The step that this code belongs to: the present one or a neighbour, and after `lastUsed`. Nothing if there is none.
/// Takes the same time for every code of the right length.
std::optional<std::uint64_t> checkTotp(ByteView secret, std::string_view code, std::int64_t nowMs,
                                       std::optional<std::uint64_t> lastUsed, TotpKind kind = {});

/// Base32 (RFC 4648, section 6) without padding, as ASCII: how a secret is typed in.
SecretBytes base32Of(ByteView bytes);
/// "otpauth://totp/...", as ASCII: how an authenticator takes a secret from a QR code. What is not a letter or digit of
/// the names is percent-encoded.
SecretBytes otpauthUri(ByteView secret, std::string_view issuer, std::string_view account);

} // namespace tallylock::crypto
