#include "core/crypto/Hash.h"

#include <cassert>
#include <cstdlib>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

namespace tallylock::crypto {

static constexpr std::string_view kLabelPrefix = "tallylock/v1/";

// libsodium chooses the code that is right for this processor when it is initialised; without, hashing takes twice as
// long.
static void wakeSodium() {
    static const int done = sodium_init();
    if (done < 0) std::abort();
}

Bytes frame(std::string_view name, ByteView cbor) {
    assert(!name.empty() && name.size() <= 200);
    const std::size_t labelSize = kLabelPrefix.size() + name.size();
    Bytes framed;
    framed.reserve(1 + labelSize + cbor.size());
    framed.push_back(static_cast<std::uint8_t>(labelSize));
    append(framed, viewOf(kLabelPrefix));
    append(framed, viewOf(name));
    append(framed, cbor);
    return framed;
}

Hash labelledHash(std::string_view name, ByteView cbor) {
    assert(!name.empty() && name.size() <= 200);
    const auto labelSize = static_cast<std::uint8_t>(kLabelPrefix.size() + name.size());
    return blake2b256({{&labelSize, 1}, viewOf(kLabelPrefix), viewOf(name), cbor}); // the frame, piece by piece
}

Hash blake2b256(ByteView data) {
    wakeSodium();
    Hash hash;
    crypto_generichash(hash.data(), Hash::kSize, data.data(), data.size(), nullptr, 0);
    return hash;
}

Hash blake2b256(std::initializer_list<ByteView> pieces) {
    crypto_generichash_state state;
    Hash hash;
    crypto_generichash_init(&state, nullptr, 0, Hash::kSize);
    for (const ByteView piece : pieces) crypto_generichash_update(&state, piece.data(), piece.size());
    crypto_generichash_final(&state, hash.data(), Hash::kSize);
    sodium_memzero(&state, sizeof state); // a piece may hold a password that is committed to
    return hash;
}

// Looked up once: the look-up costs more than hashing a small message.
static const EVP_MD* sha256Method() {
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!method) std::abort();
    return method;
}

Sha256::Sha256() : m_context(EVP_MD_CTX_new()) {
    if (!m_context || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(m_context.get()), sha256Method(), nullptr) != 1) {
        std::abort();
    }
}

void Sha256::Free::operator()(void* context) const { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }

void Sha256::update(ByteView data) {
    if (EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(m_context.get()), data.data(), data.size()) != 1) std::abort();
}

Hash Sha256::finish() {
    auto* context = static_cast<EVP_MD_CTX*>(m_context.get());
    Hash hash;
    if (EVP_DigestFinal_ex(context, hash.data(), nullptr) != 1) std::abort();
    if (EVP_DigestInit_ex(context, nullptr, nullptr) != 1) std::abort();
    return hash;
}

// A small message takes a third less time without EVP's ways: a batch of events has thousands. OpenSSL 3 would rather
// see them used, and says so.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
Hash sha256(ByteView data) {
    SHA256_CTX context;
    Hash hash;
    const bool done = SHA256_Init(&context) == 1 && SHA256_Update(&context, data.data(), data.size()) == 1 &&
                      SHA256_Final(hash.data(), &context) == 1;
    OPENSSL_cleanse(&context, sizeof context); // the entropy of a phrase comes this way, too
    if (!done) std::abort();
    return hash;
}
#pragma GCC diagnostic pop

} // namespace tallylock::crypto
