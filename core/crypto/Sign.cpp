#include "core/crypto/Sign.h"

#include <cassert>
#include <sodium.h>

namespace tallylock::crypto {

SigningKey SigningKey::fromSeed(ByteView seed) {
    assert(seed.size() == crypto_sign_SEEDBYTES);
    SigningKey key;
    key.m_secret = SecretBytes(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(key.m_public.data(), key.m_secret.data(), seed.data());
    return key;
}

Signature SigningKey::sign(std::string_view name, ByteView cbor) const { return signRaw(frame(name, cbor)); }

Signature SigningKey::signRaw(ByteView message) const {
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), m_secret.data());
    return signature;
}

bool verify(const IdentityKey& by, std::string_view name, ByteView cbor, const Signature& signature) {
    return verifyRaw(by, frame(name, cbor), signature);
}

bool verifyRaw(const IdentityKey& by, ByteView message, const Signature& signature) {
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), by.data()) == 0;
}

} // namespace tallylock::crypto
