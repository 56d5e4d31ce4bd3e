// The sealed file: age v1 (C2SP age specification), sealed to X25519 recipients or a passphrase. An edition has exactly
// one recipient, an X25519 one.
// What is sealed here opens with the stock `age` program, and the other way round.
//
// Both directions stream: portions of at most 1 MiB pass through a fixed number of buffers. Plain text reaches the sink
// portion by portion after its chunks have been authenticated; that the file is complete is known only at the end, so
// a caller treats what a failed call has written as worthless (FileSink does).
//
// A portion is 16 chunks: 1 MiB of plain text, and its 16 sealed chunks of 64 KiB + 16 bytes. Sealed portion 0 begins
// with the header and the payload nonce. An empty file has one portion, which holds one empty chunk.
//
//   sealed leaf i = SHA-256(0x00 | sealed portion i)
//   plain leaf i  = SHA-256(0x00 | HMAC-SHA-256(S, u64 i, big-endian) | plain portion i)
//
// The roots are those of RFC 6962 (core/crypto/Merkle.h). S is the asset's plain salt: without it a plain leaf tells
// nothing about a guessed content.
#pragma once

#include "core/asset/AgeRecipients.h"
#include "core/asset/Stream.h"
#include "core/base/JobControl.h"
#include "core/base/Random.h"
#include "core/base/SecretBytes.h"

#include <functional>
#include <vector>

namespace tallylock::asset {

inline constexpr std::size_t kChunkSize = 64 * 1024;
inline constexpr std::size_t kSealedChunkSize = kChunkSize + 16;
inline constexpr std::size_t kChunksPerPortion = 16;
inline constexpr std::size_t kPortionSize = kChunksPerPortion * kChunkSize;
inline constexpr std::size_t kSealedPortionSize = kChunksPerPortion * kSealedChunkSize;

/// How a long job runs.
struct Work {
    unsigned threads = 2; ///< 1 to 16, the calling one included
    /// Told the number of plain bytes done so far, rising, from one thread at a time but not always the same one.
    std::function<void(std::uint64_t doneBytes)> progress;
    /// Looked at once a portion. The job ends with Cancelled or Interrupted when it is told to.
    JobControl* control = nullptr;
};

/// What sealing or opening found out. Leaves and roots stay empty where the call did not ask for them.
struct Portions {
    std::uint64_t plainSize = 0;
    std::uint64_t sealedSize = 0;
    std::vector<Hash> sealedLeaves; ///< the portion hashes
    std::vector<Hash> plainLeaves;
    Hash sealedRoot;
    Hash plainRoot;
};

/// Seals without any tree, as `age -r` and `age -p` do. Sizes only.
Result<Portions, SealError> sealAge(Source& plain, Sink& sealed, const AgeRecipients& recipients, Random& random,
                                    const Work& work = {});
Result<Portions, SealError> sealAge(Source& plain, Sink& sealed, const BoxKey& recipient, Random& random,
                                    const Work& work = {});
/// Opens as `age -d` does: any number of recipients, of which one must fit one of the secrets; also armor. Sizes only.
Result<Portions, SealError> openAge(Source& sealed, Sink& plain, const AgeSecrets& secrets, const Work& work = {});
Result<Portions, SealError> openAge(Source& sealed, Sink& plain, std::span<const SecretBytes> identities,
                                    const Work& work = {});

/// Seals and computes both trees in the same pass.
Result<Portions, SealError> sealPortions(Source& plain, Sink& sealed, const BoxKey& recipient,
                                         const SecretBytes& plainSalt, Random& random, const Work& work = {});
/// Opens an edition, so with exactly one recipient, and computes both trees in the same pass.
Result<Portions, SealError> openPortions(Source& sealed, Sink& plain, const SecretBytes& identity,
                                         const SecretBytes& plainSalt, const Work& work = {});
/// The sealed tree alone, which needs no key. An edition, so exactly one recipient. plainSize is computed from the
/// size.
Result<Portions, SealError> hashSealed(Source& sealed, const Work& work = {});
/// The plain tree alone, of the content itself. `plainSize`, leaves and root of the plain text; nothing sealed.
Result<Portions, SealError> hashPlain(Source& plain, const SecretBytes& plainSalt, const Work& work = {});

} // namespace tallylock::asset
