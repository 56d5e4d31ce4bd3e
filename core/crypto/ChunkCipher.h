// ChaCha20-Poly1305 (RFC 8439) for bulk: one key, many chunks, each under its own nonce, without associated data.
//
// Through OpenSSL, which is more than twice as fast here as libsodium. The context is kept between chunks, so a chunk
// costs no allocation. One object serves one thread and one direction.
#pragma once

#include "core/base/SecretBytes.h"

#include <memory>

namespace tallylock::crypto {

class ChunkCipher {
public:
    enum class Direction { Seal, Open };
    static constexpr std::size_t kNonceSize = 12;
    static constexpr std::size_t kTagSize = 16;

    /// `key` has 32 bytes.
    ChunkCipher(ByteView key, Direction direction);

    /// Writes plain.size() + kTagSize bytes. `to` must not overlap `plain`, unless they start at the same byte.
    void seal(ByteView nonce, ByteView plain, std::uint8_t* to);
    /// Writes sealed.size() - kTagSize bytes; false and wiped if they are not authentic. `sealed` holds a tag at least.
    [[nodiscard]] bool open(ByteView nonce, ByteView sealed, std::uint8_t* to);

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> m_context;
    Direction m_direction;
};

} // namespace tallylock::crypto
