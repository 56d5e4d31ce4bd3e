#include "core/crypto/Kdf.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <sodium.h>

namespace tallylock::crypto {

// HMAC() takes no null key, even for an empty one.
static const std::uint8_t* someKey(ByteView key) {
    static constexpr std::uint8_t kNone = 0;
    return key.empty() ? &kNone : key.data();
}

Hash hmacSha256(ByteView key, ByteView data) {
    Hash mac;
    if (!HMAC(EVP_sha256(), someKey(key), static_cast<int>(key.size()), data.data(), data.size(), mac.data(),
              nullptr)) {
        std::abort();
    }
    return mac;
}

SecretBytes hmacSha512(ByteView key, ByteView data) {
    SecretBytes mac(64);
    if (!HMAC(EVP_sha512(), someKey(key), static_cast<int>(key.size()), data.data(), data.size(), mac.data(),
              nullptr)) {
        std::abort();
    }
    return mac;
}

SecretBytes hkdfSha256(ByteView secret, ByteView salt, ByteView info, std::size_t size) {
    assert(size > 0 && size <= 255 * 32);
    static EVP_KDF* const method = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    if (!method) std::abort();
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(method), &EVP_KDF_CTX_free);
    // OpenSSL's parameters are not const, but it only reads through them.
    const auto octets = [](const char* name, ByteView bytes) {
        return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(someKey(bytes)), bytes.size());
    };
    char digest[] = "SHA256";
    OSSL_PARAM parameters[5] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_INFO, info),
                                OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
    // No salt and a salt of zeros are the same in HKDF; OpenSSL wants an absent one left out.
    if (!salt.empty()) parameters[3] = octets(OSSL_KDF_PARAM_SALT, salt);
    SecretBytes key(size);
    if (!context || EVP_KDF_derive(context.get(), key.data(), key.size(), parameters) != 1) std::abort();
    return key;
}

SecretBytes labelledKdf(ByteView secret, ByteView salt, std::string_view name, ByteView cbor) {
    Bytes info = frame(name, cbor);
    SecretBytes key = hkdfSha256(secret, salt, info);
    wipe(info);
    return key;
}

// OpenSSL's leaves a copy of the salt in freed memory, and that of a seed phrase is secret.
SecretBytes pbkdf2HmacSha512(std::string_view password, ByteView salt, unsigned rounds, std::size_t size) {
    SecretBytes states(2 * sizeof(crypto_auth_hmacsha512_state));
    auto* const keyed = reinterpret_cast<crypto_auth_hmacsha512_state*>(states.data());
    auto* const state = keyed + 1;
    crypto_auth_hmacsha512_init(keyed, viewOf(password).data(), password.size());

    SecretBytes key(size);
    SecretBytes link(crypto_auth_hmacsha512_BYTES);
    SecretBytes block(crypto_auth_hmacsha512_BYTES);
    std::uint32_t number = 0;
    for (std::span<std::uint8_t> rest = key.span(); !rest.empty();) {
        ++number;
        const std::uint8_t numberBytes[] = {static_cast<std::uint8_t>(number >> 24),
                                            static_cast<std::uint8_t>(number >> 16),
                                            static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
        *state = *keyed;
        crypto_auth_hmacsha512_update(state, salt.data(), salt.size());
        crypto_auth_hmacsha512_update(state, numberBytes, sizeof numberBytes);
        crypto_auth_hmacsha512_final(state, link.data());
        std::copy_n(link.data(), link.size(), block.data());
        for (unsigned round = 1; round < rounds; ++round) {
            *state = *keyed;
            crypto_auth_hmacsha512_update(state, link.data(), link.size());
            crypto_auth_hmacsha512_final(state, link.data());
            for (std::size_t i = 0; i < block.size(); ++i) block.data()[i] ^= link.data()[i];
        }
        const std::size_t some = std::min(rest.size(), block.size());
        std::copy_n(block.data(), some, rest.data());
        rest = rest.subspan(some);
    }
    return key;
}

SecretBytes argon2id(std::string_view passphrase, ByteView salt, ArgonCost cost) {
    static_assert(kArgonSaltSize == crypto_pwhash_argon2id_SALTBYTES);
    assert(salt.size() == kArgonSaltSize);
    SecretBytes key(32);
    const char* const text = passphrase.empty() ? "" : passphrase.data(); // it takes no null pointer
    if (crypto_pwhash_argon2id(key.data(), key.size(), text, passphrase.size(), salt.data(), cost.passes,
                               std::size_t{cost.memoryKiB} * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        return {};
    }
    return key;
}

SecretBytes scrypt(ByteView passphrase, ByteView salt, unsigned workFactor) {
    assert(workFactor >= 1 && workFactor <= 30);
    SecretBytes key(32);
    if (crypto_pwhash_scryptsalsa208sha256_ll(passphrase.data(), passphrase.size(), salt.data(), salt.size(),
                                              std::uint64_t{1} << workFactor, 8, 1, key.data(), key.size()) != 0) {
        return {};
    }
    return key;
}

} // namespace tallylock::crypto
