// The header of an age v1 file: C2SP age specification, sections "Header" and "X25519 recipient type".
#pragma once

#include "core/asset/Stream.h"
#include "core/base/Random.h"
#include "core/base/SecretBytes.h"

#include <vector>

namespace tallylock::asset {

inline constexpr std::size_t kAgeFileKeySize = 16;
inline constexpr std::size_t kAgeNonceSize = 16;
/// Room for some two thousand recipients; the specification sets no bound, a reader must.
inline constexpr std::size_t kMaxAgeHeader = 256 * 1024;

/// Reads ahead, so that a header can be read byte by byte from a slow source.
class BufferedSource final : public Source {
public:
    explicit BufferedSource(Source& source) : m_source(source) {}
    Result<std::size_t, SealError> read(std::span<std::uint8_t> out) override;
    /// One byte, or nothing at the end.
    Result<std::optional<std::uint8_t>, SealError> next();

private:
    Source& m_source;
    Bytes m_buffer;
    std::size_t m_at = 0;
};

/// Reads until `out` is full or the end is reached; tells how much it got.
Result<std::size_t, SealError> readFully(Source& source, std::span<std::uint8_t> out);

struct AgeStanza {
    std::vector<std::string> arguments; ///< the first is the type; there is always one
    Bytes body;
};

struct AgeHeader {
    std::vector<AgeStanza> stanzas;
    Hash mac;
    Bytes bytes;             ///< as read, the last line feed included
    std::size_t macSize = 0; ///< how many of these bytes the MAC covers: up to and with "---"

    /// Exactly one stanza, and it is X25519.
    bool hasOneRecipient() const { return stanzas.size() == 1 && stanzas[0].arguments[0] == "X25519"; }
    /// The file key, if one of the identities fits a stanza and the MAC is right.
    Result<SecretBytes, SealError> fileKey(std::span<const SecretBytes> identities) const;
};

/// Strict: refuses what the specification refuses.
Result<AgeHeader, SealError> readAgeHeader(BufferedSource& source);

/// A header with one X25519 stanza. `fileKey` has 16 bytes. Fails only with WrongKey, for a recipient of low order.
Result<Bytes, SealError> makeAgeHeader(const BoxKey& recipient, const SecretBytes& fileKey, Random& random);

/// The key of the payload's chunks.
SecretBytes agePayloadKey(const SecretBytes& fileKey, ByteView nonce);

} // namespace tallylock::asset
