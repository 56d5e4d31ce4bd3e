#include "core/crypto/Aead.h"

#include <cassert>
#include <sodium.h>

namespace tallylock::crypto {

static constexpr std::size_t kAeadNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;

Bytes aeadSeal(const SecretBytes& key, ByteView plain, ByteView context, Random& random) {
    static_assert(kAeadOverhead == kAeadNonceSize + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    assert(key.size() == kAeadKeySize);
    Bytes sealed(plain.size() + kAeadOverhead);
    random.fill(std::span(sealed).first(kAeadNonceSize));
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kAeadNonceSize, nullptr, plain.data(), plain.size(),
                                               context.data(), context.size(), nullptr, sealed.data(), key.data());
    return sealed;
}

std::optional<SecretBytes> aeadOpen(const SecretBytes& key, ByteView sealed, ByteView context) {
    assert(key.size() == kAeadKeySize);
    if (sealed.size() < kAeadOverhead) return std::nullopt;
    SecretBytes plain(sealed.size() - kAeadOverhead);
    const ByteView cipher = sealed.subspan(kAeadNonceSize);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, cipher.data(), cipher.size(),
                                                   context.data(), context.size(), sealed.data(), key.data()) != 0) {
        return std::nullopt;
    }
    return plain;
}

} // namespace tallylock::crypto
