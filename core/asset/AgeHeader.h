// The header of an age v1 file: C2SP age specification, sections "Header", "X25519 recipient type" and "scrypt
// recipient type".
#pragma once

#include "core/asset/AgeRecipients.h"
#include "core/asset/Stream.h"

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

inline constexpr std::string_view kAgeIntro = "age-encryption.org/v1";
inline constexpr std::string_view kX25519Type = "X25519";
inline constexpr std::string_view kScryptType = "scrypt";

struct AgeStanza {
    const std::string& type() const { return arguments[0]; }
    std::vector<std::string> arguments; ///< the first is the type; there is always one
    Bytes body;
};

struct AgeHeader {
    std::vector<AgeStanza> stanzas;
    Hash mac;
    Bytes bytes;             ///< as read, the last line feed included
    std::size_t macSize = 0; ///< how many of these bytes the MAC covers: up to and with "---"

    /// Exactly one stanza, and it is X25519.
    bool hasOneRecipient() const { return stanzas.size() == 1 && stanzas[0].type() == kX25519Type; }
    /// Whether the MAC was made with this file key.
    bool isAuthentic(const SecretBytes& fileKey) const;
    /// The file key, if one of the secrets fits a stanza and the MAC is right.
    Result<SecretBytes, SealError> fileKey(const AgeSecrets& secrets) const;
    Result<SecretBytes, SealError> fileKey(std::span<const SecretBytes> identities) const {
        return fileKey(AgeSecrets{identities});
    }
};

/// Strict: refuses what the specification refuses.
Result<AgeHeader, SealError> readAgeHeader(BufferedSource& source);

/// `fileKey` has 16 bytes. Fails with WrongKey for a recipient of low order, HeaderTooLong for too many recipients, and
/// NoMemory where a passphrase asks for more than there is.
Result<Bytes, SealError> makeAgeHeader(const AgeRecipients& recipients, const SecretBytes& fileKey, Random& random);

/// The key of the payload's chunks.
SecretBytes agePayloadKey(const SecretBytes& fileKey, ByteView nonce);

} // namespace tallylock::asset
