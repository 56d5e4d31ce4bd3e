#include "core/keys/Derivation.h"

#include "core/crypto/Kdf.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <memory>
#include <openssl/bn.h>

namespace tallylock::keys {

static constexpr std::uint32_t kHardened = 0x80000000;

static ExtendedKey splitKey(const SecretBytes& both) {
    return {SecretBytes::copyOf(both.view().first(32)), SecretBytes::copyOf(both.view().subspan(32))};
}

// HMAC-SHA512(chain code, 0x00 | key | index): the same in SLIP-10 and in BIP-32 for a hardened child.
static SecretBytes childMac(const ExtendedKey& parent, std::uint32_t index) {
    assert(index < kHardened);
    SecretBytes data(37);
    std::copy_n(parent.key.data(), 32, data.data() + 1);
    const std::uint32_t hardened = index | kHardened;
    for (unsigned i = 0; i < 4; ++i) data.data()[33 + i] = static_cast<std::uint8_t>(hardened >> (24 - 8 * i));
    return crypto::hmacSha512(parent.chainCode.view(), data.view());
}

ExtendedKey slip10Ed25519(const SecretBytes& seed, std::span<const std::uint32_t> path) {
    ExtendedKey key = splitKey(crypto::hmacSha512(viewOf("ed25519 seed"), seed.view()));
    for (const std::uint32_t index : path) key = splitKey(childMac(key, index));
    return key;
}

namespace {
struct BnFree {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using BigNumber = std::unique_ptr<BIGNUM, BnFree>;

BigNumber secretNumber(ByteView bytes) {
    BigNumber number(BN_secure_new());
    if (!number || !BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get())) std::abort();
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}
} // namespace

// The order of secp256k1 (SEC 2, section 2.4.1).
static const BIGNUM* curveOrder() {
    static const BigNumber order = [] {
        BIGNUM* number = nullptr;
        if (!BN_hex2bn(&number, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141")) std::abort();
        return BigNumber(number);
    }();
    return order.get();
}

// (left + right) mod n. BIP-32 calls a sum of zero or a left half >= n invalid; both happen with a chance below 2^-127,
// so that meeting one means broken hardware.
static SecretBytes addModOrder(ByteView left, ByteView right) {
    const BigNumber a = secretNumber(left);
    const BigNumber b = secretNumber(right);
    const BigNumber sum(BN_secure_new());
    const std::unique_ptr<BN_CTX, BnFree> context(BN_CTX_secure_new());
    SecretBytes result(32);
    if (!sum || !context || BN_cmp(a.get(), curveOrder()) >= 0 ||
        BN_mod_add(sum.get(), a.get(), b.get(), curveOrder(), context.get()) != 1 || BN_is_zero(sum.get()) ||
        BN_bn2binpad(sum.get(), result.data(), 32) != 32) {
        std::abort();
    }
    return result;
}

ExtendedKey bip32Master(const SecretBytes& seed) {
    return splitKey(crypto::hmacSha512(viewOf("Bitcoin seed"), seed.view()));
}

ExtendedKey bip32Hardened(const ExtendedKey& from, std::span<const std::uint32_t> path) {
    ExtendedKey key{from.key.clone(), from.chainCode.clone()};
    for (const std::uint32_t index : path) {
        ExtendedKey child = splitKey(childMac(key, index));
        child.key = addModOrder(child.key.view(), key.key.view());
        key = std::move(child);
    }
    return key;
}

SecretBytes bip85Entropy(const ExtendedKey& master, std::uint32_t index) {
    const std::array<std::uint32_t, 5> path = {83696968, 39, 0, 12, index};
    const SecretBytes derived = bip32Hardened(master, path).key;
    const SecretBytes expanded = crypto::hmacSha512(viewOf("bip-entropy-from-k"), derived.view());
    return SecretBytes::copyOf(expanded.view().first(16));
}

} // namespace tallylock::keys
