#include "core/base/SecretBytes.h"

#include "core/base/Random.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <ostream>
#include <sodium.h>

namespace tallylock {

static void initSodium() {
    static const int done = sodium_init();
    if (done < 0) std::abort(); // without a working generator nothing here is safe
}

SecretBytes::SecretBytes(std::size_t size) : m_size(size) {
    initSodium();
    if (size == 0) return;
    auto* memory = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (!memory) throw std::bad_alloc();
    std::memset(memory, 0, size);
    m_data.reset(memory);
}

void SecretBytes::Free::operator()(std::uint8_t* pointer) const { sodium_free(pointer); }

SecretBytes SecretBytes::copyOf(ByteView source) {
    SecretBytes secret(source.size());
    if (!source.empty()) std::memcpy(secret.data(), source.data(), source.size());
    return secret;
}

SecretBytes SecretBytes::takeFrom(std::span<std::uint8_t> source) {
    SecretBytes secret = copyOf(source);
    wipe(source);
    return secret;
}

bool SecretBytes::equals(ByteView other) const {
    return m_size == other.size() && (m_size == 0 || sodium_memcmp(data(), other.data(), m_size) == 0);
}

std::ostream& operator<<(std::ostream& out, const SecretBytes&) { return out << "[secret]"; }

void wipe(std::span<std::uint8_t> bytes) {
    if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
}

void wipe(std::string& text) {
    if (!text.empty()) sodium_memzero(text.data(), text.size());
    text.clear();
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
    initSodium();
    if (!out.empty()) randombytes_buf(out.data(), out.size());
}

} // namespace tallylock
