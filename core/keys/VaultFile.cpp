#include "core/keys/VaultFile.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"

#include <algorithm>
#include <cassert>

namespace tallylock::keys {

static constexpr std::string_view kVaultMagic = "tallylock-vault\n";
static constexpr std::uint8_t kVaultVersion = 2;
static constexpr std::size_t kVaultCheckSize = 16;
static constexpr std::size_t kContentsHead = 4;
static constexpr std::size_t kContentsStep = 128;

namespace {
/// Where things are in a version. What is not there has no place.
struct VaultLayout {
    std::size_t cost;
    std::size_t salt;
    std::size_t headerSize;
    std::size_t lengthSize;
};
constexpr VaultLayout kLayouts[] = {{17, 25, 41, 1}, {18, 26, 74, 2}};
constexpr std::size_t kLockAt = 17;
constexpr std::size_t kOwnerAt = 42;

/// A vault whose form is right.
struct VaultParts {
    std::uint8_t version = 0;
    VaultHeader head;
    crypto::ArgonCost cost;
    ByteView salt;
    ByteView header;
    ByteView sealed;
};
} // namespace

const char* nameOf(VaultError error) {
    switch (error) {
    case VaultError::NotAVault: return "not a vault file";
    case VaultError::NewerVersion: return "made by a newer version";
    case VaultError::Damaged: return "damaged";
    case VaultError::WrongPassphrase: return "wrong passphrase";
    case VaultError::CostTooHigh: return "asks for too much work";
    case VaultError::NoMemory: return "not enough memory";
    }
    return "?";
}

static void putBigEndian(Bytes& to, std::uint32_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

static std::uint32_t getBigEndian(ByteView from, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = (value << 8) | from[i];
    return value;
}

// --- writing ---------------------------------------------------------------------------------------------------------

static SecretBytes packContents(const VaultContents& contents) {
    const SecretBytes& entropy = contents.phrase.entropy();
    const SecretBytes& passphrase = contents.passphrase;
    assert(passphrase.size() <= kMaxPhrasePassphrase);
    const std::size_t size = kContentsHead + entropy.size() + passphrase.size();
    SecretBytes packed((size + kContentsStep - 1) / kContentsStep * kContentsStep);
    std::uint8_t* to = packed.data();
    *to++ = static_cast<std::uint8_t>(contents.phrase.language());
    *to++ = static_cast<std::uint8_t>(entropy.size());
    *to++ = static_cast<std::uint8_t>(passphrase.size() >> 8);
    *to++ = static_cast<std::uint8_t>(passphrase.size());
    to = std::copy_n(entropy.data(), entropy.size(), to);
    std::copy_n(passphrase.data(), passphrase.size(), to);
    return packed;
}

static Bytes vaultHeaderBytes(VaultLock lock, crypto::ArgonCost cost, ByteView salt, const IdentityKey& owner) {
    Bytes header = bytesOf(kVaultMagic);
    header.push_back(kVaultVersion);
    header.push_back(static_cast<std::uint8_t>(lock));
    putBigEndian(header, cost.passes, 4);
    putBigEndian(header, cost.memoryKiB, 4);
    append(header, salt);
    append(header, owner.view());
    return header;
}

static Bytes finishVault(Bytes file, const SecretBytes& key, const VaultContents& contents, Random& random) {
    const Bytes sealed = crypto::aeadSeal(key, packContents(contents).view(), file, random);
    putBigEndian(file, static_cast<std::uint32_t>(sealed.size()), 2);
    append(file, sealed);
    append(file, crypto::blake2b256(file).view().first(kVaultCheckSize));
    assert(file.size() <= kMaxVaultFileSize);
    return file;
}

Result<Bytes, VaultError> sealVault(const VaultContents& contents, const IdentityKey& owner,
                                    std::string_view passphrase, Random& random, crypto::ArgonCost cost) {
    assert(cost.passes >= 1 && cost.passes <= kMaxVaultCost.passes);
    assert(cost.memoryKiB >= 8 && cost.memoryKiB <= kMaxVaultCost.memoryKiB);
    std::array<std::uint8_t, crypto::kArgonSaltSize> salt;
    random.fill(salt);
    const SecretBytes key = crypto::argon2id(passphrase, salt, cost);
    if (key.empty()) return Err(VaultError::NoMemory);
    return finishVault(vaultHeaderBytes(VaultLock::Passphrase, cost, salt, owner), key, contents, random);
}

Bytes sealVault(const VaultContents& contents, const IdentityKey& owner, const SecretBytes& key,
                const KeychainEntry& entry, Random& random) {
    assert(key.size() == kVaultKeySize);
    return finishVault(vaultHeaderBytes(VaultLock::Keychain, {0, 0}, entry, owner), key, contents, random);
}

// --- reading ---------------------------------------------------------------------------------------------------------

static Result<VaultParts, VaultError> takeApart(ByteView file) {
    if (file.size() < kVaultMagic.size() || textOf(file.first(kVaultMagic.size())) != kVaultMagic) {
        return Err(VaultError::NotAVault);
    }
    // The version comes before the check sum: a newer version may check in another way.
    VaultParts parts;
    parts.version = file.size() > kVaultMagic.size() ? file[kVaultMagic.size()] : std::uint8_t{0};
    if (parts.version > kVaultVersion) return Err(VaultError::NewerVersion);
    if (parts.version == 0 || file.size() > kMaxVaultFileSize) return Err(VaultError::Damaged);
    const VaultLayout& layout = kLayouts[parts.version - 1];
    if (file.size() < layout.headerSize + layout.lengthSize + kVaultCheckSize) return Err(VaultError::Damaged);
    const ByteView body = file.first(file.size() - kVaultCheckSize);
    const Hash check = crypto::blake2b256(body);
    if (!std::equal(check.bytes.begin(), check.bytes.begin() + kVaultCheckSize, file.data() + body.size())) {
        return Err(VaultError::Damaged);
    }
    parts.header = body.first(layout.headerSize);
    parts.sealed = body.subspan(layout.headerSize + layout.lengthSize);
    parts.salt = body.subspan(layout.salt, crypto::kArgonSaltSize);
    parts.cost = {getBigEndian(body.subspan(layout.cost), 4), getBigEndian(body.subspan(layout.cost + 4), 4)};
    if (parts.sealed.size() != getBigEndian(body.subspan(layout.headerSize), layout.lengthSize))
        return Err(VaultError::Damaged);
    if (parts.version == 1) return parts;

    if (body[kLockAt] > 1) return Err(VaultError::Damaged);
    parts.head.lock = static_cast<VaultLock>(body[kLockAt]);
    std::copy(parts.salt.begin(), parts.salt.end(), parts.head.entry.begin());
    parts.head.owner.emplace();
    std::copy_n(body.begin() + kOwnerAt, parts.head.owner->bytes.size(), parts.head.owner->bytes.begin());
    return parts;
}

static Result<VaultContents, VaultError> unpackContents(const VaultParts& parts, const SecretBytes& packed) {
    const ByteView bytes = packed.view();
    const auto isEntropySize = [](std::size_t size) { return size >= 16 && size <= 32 && size % 4 == 0; };
    if (parts.version == 1) {
        if (!isEntropySize(bytes.size())) return Err(VaultError::Damaged);
        return VaultContents{SeedPhrase::fromEntropy(bytes), {}};
    }
    if (bytes.size() < kContentsHead) return Err(VaultError::Damaged);
    const std::size_t entropySize = bytes[1];
    const std::size_t passphraseSize = getBigEndian(bytes.subspan(2), 2);
    if (bytes[0] >= kLanguageCount || !isEntropySize(entropySize) || passphraseSize > kMaxPhrasePassphrase ||
        bytes.size() < kContentsHead + entropySize + passphraseSize) {
        return Err(VaultError::Damaged);
    }
    const ByteView entropy = bytes.subspan(kContentsHead, entropySize);
    return VaultContents{SeedPhrase::fromEntropy(entropy, static_cast<Language>(bytes[0])),
                         SecretBytes::copyOf(bytes.subspan(kContentsHead + entropySize, passphraseSize))};
}

static Result<VaultContents, VaultError> openParts(const VaultParts& parts, const SecretBytes& key) {
    const auto packed = crypto::aeadOpen(key, parts.sealed, parts.header);
    if (!packed) return Err(VaultError::WrongPassphrase);
    return unpackContents(parts, *packed);
}

Result<VaultHeader, VaultError> readVaultHeader(ByteView file) {
    auto parts = takeApart(file);
    if (!parts) return Err(parts.error());
    return parts->head;
}

Result<VaultContents, VaultError> openVault(ByteView file, std::string_view passphrase) {
    const auto parts = takeApart(file);
    if (!parts) return Err(parts.error());
    if (parts->head.lock != VaultLock::Passphrase) return Err(VaultError::WrongPassphrase);
    if (parts->cost.passes < 1 || parts->cost.memoryKiB < 8) return Err(VaultError::Damaged);
    if (parts->cost.passes > kMaxVaultCost.passes || parts->cost.memoryKiB > kMaxVaultCost.memoryKiB) {
        return Err(VaultError::CostTooHigh);
    }
    const SecretBytes key = crypto::argon2id(passphrase, parts->salt, parts->cost);
    if (key.empty()) return Err(VaultError::NoMemory);
    return openParts(*parts, key);
}

Result<VaultContents, VaultError> openVault(ByteView file, const SecretBytes& key) {
    const auto parts = takeApart(file);
    if (!parts) return Err(parts.error());
    if (parts->head.lock != VaultLock::Keychain || key.size() != kVaultKeySize) return Err(VaultError::WrongPassphrase);
    return openParts(*parts, key);
}

} // namespace tallylock::keys
