#include "core/keys/Derivation.h"

#include "core/crypto/Kdf.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <memory>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <vector>

namespace tallylock::keys {

static ExtendedKey splitKey(const SecretBytes& both) {
    return {SecretBytes::copyOf(both.view().first(32)), SecretBytes::copyOf(both.view().subspan(32))};
}

// HMAC-SHA512(chain code, key in 33 bytes | index).
static SecretBytes childMac(const SecretBytes& chainCode, const SecretBytes& key33, std::uint32_t index) {
    SecretBytes data(37);
    std::copy_n(key33.data(), 33, data.data());
    for (unsigned i = 0; i < 4; ++i) data.data()[33 + i] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
    return crypto::hmacSha512(chainCode.view(), data.view());
}

// 0x00 | key: how SLIP-10 and BIP-32 write a private key for a hardened child.
static SecretBytes privateKey33(const SecretBytes& key) {
    SecretBytes padded(33);
    std::copy_n(key.data(), 32, padded.data() + 1);
    return padded;
}

ExtendedKey slip10Ed25519(const SecretBytes& seed, std::span<const std::uint32_t> path) {
    ExtendedKey key = splitKey(crypto::hmacSha512(viewOf("ed25519 seed"), seed.view()));
    for (const std::uint32_t index : path) {
        assert(index < kHardened);
        key = splitKey(childMac(key.chainCode, privateKey33(key.key), index | kHardened));
    }
    return key;
}

namespace {
struct OpenSslFree {
    void operator()(BIGNUM* number) const { BN_clear_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
    void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const { EC_POINT_clear_free(point); }
};
using BigNumber = std::unique_ptr<BIGNUM, OpenSslFree>;

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
    const std::unique_ptr<BN_CTX, OpenSslFree> context(BN_CTX_secure_new());
    SecretBytes result(32);
    if (!sum || !context || BN_cmp(a.get(), curveOrder()) >= 0 ||
        BN_mod_add(sum.get(), a.get(), b.get(), curveOrder(), context.get()) != 1 || BN_is_zero(sum.get()) ||
        BN_bn2binpad(sum.get(), result.data(), 32) != 32) {
        std::abort();
    }
    return result;
}

// The compressed public key: how BIP-32 writes a key for a child that is not hardened.
static SecretBytes publicKey33(const SecretBytes& key) {
    static const std::unique_ptr<EC_GROUP, OpenSslFree> group(EC_GROUP_new_by_curve_name(NID_secp256k1));
    const std::unique_ptr<BN_CTX, OpenSslFree> context(BN_CTX_secure_new());
    const BigNumber number = secretNumber(key.view());
    if (!group || !context) std::abort();
    const std::unique_ptr<EC_POINT, OpenSslFree> point(EC_POINT_new(group.get()));
    SecretBytes compressed(33);
    if (!point || EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, context.get()) != 1 ||
        EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_COMPRESSED, compressed.data(), 33,
                           context.get()) != 33) {
        std::abort();
    }
    return compressed;
}

ExtendedKey bip32Master(const SecretBytes& seed) {
    return splitKey(crypto::hmacSha512(viewOf("Bitcoin seed"), seed.view()));
}

ExtendedKey bip32Derive(const ExtendedKey& from, std::span<const std::uint32_t> path) {
    ExtendedKey key{from.key.clone(), from.chainCode.clone()};
    for (const std::uint32_t index : path) {
        const SecretBytes written = (index & kHardened) != 0 ? privateKey33(key.key) : publicKey33(key.key);
        ExtendedKey child = splitKey(childMac(key.chainCode, written, index));
        child.key = addModOrder(child.key.view(), key.key.view());
        key = std::move(child);
    }
    return key;
}

SecretBytes bip85Entropy(const ExtendedKey& master, std::span<const std::uint32_t> application, std::size_t size) {
    assert(size <= 64);
    std::vector<std::uint32_t> path = {83696968 | kHardened};
    for (const std::uint32_t index : application) {
        assert(index < kHardened);
        path.push_back(index | kHardened);
    }
    const SecretBytes derived = bip32Derive(master, path).key;
    const SecretBytes expanded = crypto::hmacSha512(viewOf("bip-entropy-from-k"), derived.view());
    return SecretBytes::copyOf(expanded.view().first(size));
}

SecretBytes bip85Phrase(const ExtendedKey& master, std::uint32_t words, std::uint32_t index) {
    const std::array<std::uint32_t, 4> application = {39, 0, words, index};
    return bip85Entropy(master, application, words / 3 * 4);
}

} // namespace tallylock::keys
