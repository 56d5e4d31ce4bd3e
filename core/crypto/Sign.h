// Signatures: Ed25519 (RFC 8032) over the frame of a label and a canonical CBOR item (Hash.h).
#pragma once

#include "core/base/SecretBytes.h"
#include "core/crypto/Hash.h"

namespace tallylock::crypto {

/// A private Ed25519 key with its public half.
class SigningKey {
public:
    /// From the 32-byte seed of RFC 8032.
    static SigningKey fromSeed(ByteView seed);

    const IdentityKey& publicKey() const { return m_public; }
    Signature sign(std::string_view name, ByteView cbor) const;
    template <HasCborFields T>
    Signature sign(std::string_view name, const T& value) const {
        return sign(name, encodeCbor(value));
    }
    /// Without a label. Only where another standard says what is signed.
    Signature signRaw(ByteView message) const;

private:
    SigningKey() = default;
    SecretBytes m_secret; // seed and public key, as libsodium wants them
    IdentityKey m_public;
};

/// Refuses keys of small order and signatures that are not canonical.
[[nodiscard]] bool verify(const IdentityKey& by, std::string_view name, ByteView cbor, const Signature& signature);
template <HasCborFields T>
[[nodiscard]] bool verify(const IdentityKey& by, std::string_view name, const T& value, const Signature& signature) {
    return verify(by, name, encodeCbor(value), signature);
}
[[nodiscard]] bool verifyRaw(const IdentityKey& by, ByteView message, const Signature& signature);

} // namespace tallylock::crypto
