#include "core/crypto/Box.h"

#include <cassert>
#include <sodium.h>

namespace tallylock::crypto {

SecretBytes newBoxSecret(Random& random) {
    SecretBytes secret(crypto_scalarmult_SCALARBYTES);
    random.fill(secret.span());
    return secret;
}

BoxKey boxKeyOf(const SecretBytes& secret) {
    assert(secret.size() == crypto_scalarmult_SCALARBYTES);
    BoxKey key;
    crypto_scalarmult_base(key.data(), secret.data());
    return key;
}

std::optional<SecretBytes> sharedSecret(const SecretBytes& secret, const BoxKey& other) {
    assert(secret.size() == crypto_scalarmult_SCALARBYTES);
    SecretBytes shared(crypto_scalarmult_BYTES);
    if (crypto_scalarmult(shared.data(), secret.data(), other.data()) != 0) return std::nullopt;
    return shared;
}

// crypto_box_seal's recipe from libsodium's documentation, so that the one-time key can come from `random`:
// one-time key | crypto_box(plain), under the nonce BLAKE2b-192(one-time key | recipient).
Bytes sealBox(const BoxKey& to, ByteView plain, Random& random) {
    static_assert(kBoxOverhead == crypto_box_SEALBYTES);
    const SecretBytes oneTime = newBoxSecret(random);
    const BoxKey oneTimeKey = boxKeyOf(oneTime);
    Bytes keys = bytesOf(oneTimeKey.view());
    append(keys, to.view());
    std::uint8_t nonce[crypto_box_NONCEBYTES];
    crypto_generichash(nonce, sizeof nonce, keys.data(), keys.size(), nullptr, 0);

    Bytes box = bytesOf(oneTimeKey.view());
    box.resize(plain.size() + kBoxOverhead);
    // Fails only for a key of low order: then the box opens for nobody, as it should.
    if (crypto_box_easy(box.data() + BoxKey::kSize, plain.data(), plain.size(), nonce, to.data(), oneTime.data()) !=
        0) {
        std::fill(box.begin() + BoxKey::kSize, box.end(), std::uint8_t{0});
    }
    return box;
}

std::optional<SecretBytes> openBox(const SecretBytes& secret, ByteView box) {
    if (box.size() < kBoxOverhead) return std::nullopt;
    const BoxKey own = boxKeyOf(secret);
    SecretBytes plain(box.size() - kBoxOverhead);
    std::uint8_t none = 0; // an empty SecretBytes has no address to write to
    std::uint8_t* to = plain.empty() ? &none : plain.data();
    if (crypto_box_seal_open(to, box.data(), box.size(), own.data(), secret.data()) != 0) return std::nullopt;
    return plain;
}

} // namespace tallylock::crypto
