// Who somebody is: the keys that follow from one seed phrase.
//
//   m/1413565516'/0'   identity: Ed25519 seed (SLIP-10)
//   m/1413565516'/1'   box: X25519 secret (SLIP-10)
//   m/1413565516'/2'   vault: 32 bytes that encrypt what the owner keeps elsewhere (SLIP-10)
//   BIP-85 index 2i    child phrase of the owner's asset i: never leaves the machine
//   BIP-85 index 2i+1  disclosure phrase of the owner's sale i: handed over in the sale, worth nothing afterwards
//
// 1413565516 is "TALL" in ASCII. Even and odd indices keep the two kinds of child apart whatever the counters do, so
// that no disclosure can ever hand over an asset's child.
#pragma once

#include "core/crypto/Box.h"
#include "core/crypto/Sign.h"
#include "core/keys/Fingerprint.h"
#include "core/keys/SeedPhrase.h"

namespace tallylock::keys {

/// Can be moved, not copied. Its const functions may be called from any thread.
class Identity {
public:
    static Result<Identity, PhraseError> fromPhrase(const SeedPhrase& phrase, std::string_view passphrase = {});
    /// From the 64-byte seed of BIP-39, or any secret of 16 to 64 bytes (tests, servers).
    static Identity fromSeed(SecretBytes seed);

    /// Another one of the same keys, for another owner.
    Identity duplicate() const { return fromSeed(m_seed.clone()); }

    const IdentityKey& key() const { return m_signing.publicKey(); }
    const BoxKey& boxKey() const { return m_boxKey; }
    Fingerprint fingerprint() const { return Fingerprint::of(key()); }

    Signature sign(std::string_view name, ByteView cbor) const { return m_signing.sign(name, cbor); }
    template <HasCborFields T>
    Signature sign(std::string_view name, const T& value) const {
        return m_signing.sign(name, value);
    }
    const crypto::SigningKey& signingKey() const { return m_signing; }
    /// Opens a sealed box (crypto::sealBox) to boxKey(). Nothing if it is not one.
    std::optional<SecretBytes> openBox(ByteView box) const { return crypto::openBox(m_boxSecret, box); }
    /// 32 bytes, for crypto::aeadSeal.
    const SecretBytes& vaultKey() const { return m_vaultKey; }

    static constexpr std::uint32_t kMaxChildren = 1u << 30;
    /// 16 bytes; `index` < kMaxChildren. The caller counts and stores the counter.
    SecretBytes assetChild(std::uint32_t index) const;
    SecretBytes disclosureChild(std::uint32_t index) const;

private:
    explicit Identity(crypto::SigningKey signing) : m_signing(std::move(signing)) {}
    crypto::SigningKey m_signing;
    SecretBytes m_seed;
    SecretBytes m_boxSecret;
    SecretBytes m_vaultKey;
    BoxKey m_boxKey;
};

} // namespace tallylock::keys
