#include "core/crypto/ChunkCipher.h"

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <openssl/evp.h>

namespace tallylock::crypto {

static EVP_CIPHER_CTX* chunkContext(void* context) { return static_cast<EVP_CIPHER_CTX*>(context); }

ChunkCipher::ChunkCipher(ByteView key, Direction direction) : m_context(EVP_CIPHER_CTX_new()), m_direction(direction) {
    static EVP_CIPHER* const method = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
    assert(key.size() == 32);
    const int encrypting = direction == Direction::Seal ? 1 : 0;
    if (!method || !m_context ||
        EVP_CipherInit_ex2(chunkContext(m_context.get()), method, key.data(), nullptr, encrypting, nullptr) != 1) {
        std::abort();
    }
}

void ChunkCipher::Free::operator()(void* context) const { EVP_CIPHER_CTX_free(chunkContext(context)); }

void ChunkCipher::seal(ByteView nonce, ByteView plain, std::uint8_t* to) {
    assert(m_direction == Direction::Seal && nonce.size() == kNonceSize);
    EVP_CIPHER_CTX* context = chunkContext(m_context.get());
    int written = 0;
    bool ok = EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1;
    // An update without input would finish early, so an empty chunk skips it.
    if (!plain.empty()) {
        ok = ok && EVP_EncryptUpdate(context, to, &written, plain.data(), static_cast<int>(plain.size())) == 1;
    }
    int tail = 0;
    ok = ok && EVP_EncryptFinal_ex(context, to + plain.size(), &tail) == 1;
    ok = ok && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, to + plain.size()) == 1;
    if (!ok) std::abort();
}

bool ChunkCipher::open(ByteView nonce, ByteView sealed, std::uint8_t* to) {
    assert(m_direction == Direction::Open && nonce.size() == kNonceSize && sealed.size() >= kTagSize);
    EVP_CIPHER_CTX* context = chunkContext(m_context.get());
    const ByteView cipher = sealed.first(sealed.size() - kTagSize);
    std::uint8_t tag[kTagSize];
    std::memcpy(tag, sealed.data() + cipher.size(), kTagSize);
    int written = 0;
    if (EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag) != 1) {
        std::abort();
    }
    bool ok = true;
    if (!cipher.empty()) {
        ok = EVP_DecryptUpdate(context, to, &written, cipher.data(), static_cast<int>(cipher.size())) == 1;
    }
    std::uint8_t rest[kTagSize];
    int tail = 0;
    ok = ok && EVP_DecryptFinal_ex(context, rest, &tail) == 1;
    if (!ok) wipe(std::span(to, cipher.size()));
    return ok;
}

} // namespace tallylock::crypto
