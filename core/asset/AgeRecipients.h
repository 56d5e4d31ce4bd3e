// Whom an age file is sealed to, and what may open it.
#pragma once

#include "core/asset/SealError.h"
#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

#include <vector>

namespace tallylock::asset {

/// The work factor is the logarithm to the base of two of scrypt's N; it takes 2^n KiB and as much time. 18 is what the
/// stock program writes, 22 what it reads at most.
inline constexpr unsigned kScryptWorkFactor = 18;
inline constexpr unsigned kMaxScryptWorkFactor = 22;

/// Keys, at least one; or a passphrase, which stands alone. What is named here outlives the call.
struct AgeRecipients {
    std::span<const BoxKey> keys;
    const SecretBytes* passphrase = nullptr; ///< UTF-8
    unsigned workFactor = kScryptWorkFactor; ///< 1 to 30
};

/// What a file may be opened with. What is named here outlives the call.
struct AgeSecrets {
    std::span<const SecretBytes> identities{};  ///< X25519
    std::span<const SecretBytes> passphrases{}; ///< UTF-8
    unsigned maxWorkFactor = kMaxScryptWorkFactor;
};

} // namespace tallylock::asset
