#include "core/keys/VaultFile.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"

#include <algorithm>
#include <cassert>

namespace tallylock::keys {

static constexpr std::string_view kVaultMagic = "tallylock-vault\n";
static constexpr std::uint8_t kVaultVersion = 1;
static constexpr std::size_t kVaultHeaderSize = 16 + 1 + 4 + 4 + crypto::kArgonSaltSize;
static constexpr std::size_t kVaultCheckSize = 16;

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

static void putBigEndian32(Bytes& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

static std::uint32_t getBigEndian32(ByteView from) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | from[i];
    return value;
}

static Hash vaultCheck(ByteView body) { return crypto::blake2b256(body); }

Result<Bytes, VaultError> sealVault(const SeedPhrase& phrase, std::string_view passphrase, Random& random,
                                    crypto::ArgonCost cost) {
    assert(cost.passes >= 1 && cost.passes <= kMaxVaultCost.passes);
    assert(cost.memoryKiB >= 8 && cost.memoryKiB <= kMaxVaultCost.memoryKiB);
    Bytes file = bytesOf(kVaultMagic);
    file.push_back(kVaultVersion);
    putBigEndian32(file, cost.passes);
    putBigEndian32(file, cost.memoryKiB);
    std::array<std::uint8_t, crypto::kArgonSaltSize> salt;
    random.fill(salt);
    append(file, salt);

    const SecretBytes key = crypto::argon2id(passphrase, salt, cost);
    if (key.empty()) return Err(VaultError::NoMemory);
    const Bytes sealed = crypto::aeadSeal(key, phrase.entropy().view(), file, random);
    file.push_back(static_cast<std::uint8_t>(sealed.size()));
    append(file, sealed);
    append(file, vaultCheck(file).view().first(kVaultCheckSize));
    return file;
}

Result<SeedPhrase, VaultError> openVault(ByteView file, std::string_view passphrase) {
    if (file.size() < kVaultMagic.size() || textOf(file.first(kVaultMagic.size())) != kVaultMagic) {
        return Err(VaultError::NotAVault);
    }
    // The version comes before the check sum: a newer version may check in another way.
    if (file.size() > kVaultMagic.size() && file[kVaultMagic.size()] > kVaultVersion) {
        return Err(VaultError::NewerVersion);
    }
    if (file.size() < kVaultHeaderSize + 1 + kVaultCheckSize || file.size() > kMaxVaultFileSize) {
        return Err(VaultError::Damaged);
    }
    const ByteView body = file.first(file.size() - kVaultCheckSize);
    const Hash check = vaultCheck(body);
    if (!std::equal(check.bytes.begin(), check.bytes.begin() + kVaultCheckSize, file.data() + body.size())) {
        return Err(VaultError::Damaged);
    }
    const ByteView header = body.first(kVaultHeaderSize);
    const ByteView sealed = body.subspan(kVaultHeaderSize + 1);
    if (header[16] != kVaultVersion || sealed.size() != body[kVaultHeaderSize]) return Err(VaultError::Damaged);

    const crypto::ArgonCost cost{getBigEndian32(header.subspan(17)), getBigEndian32(header.subspan(21))};
    if (cost.passes < 1 || cost.memoryKiB < 8) return Err(VaultError::Damaged);
    if (cost.passes > kMaxVaultCost.passes || cost.memoryKiB > kMaxVaultCost.memoryKiB) {
        return Err(VaultError::CostTooHigh);
    }
    const SecretBytes key = crypto::argon2id(passphrase, header.subspan(25), cost);
    if (key.empty()) return Err(VaultError::NoMemory);
    const auto entropy = crypto::aeadOpen(key, sealed, header);
    if (!entropy) return Err(VaultError::WrongPassphrase);
    if (entropy->size() < 16 || entropy->size() > 32 || entropy->size() % 4 != 0) return Err(VaultError::Damaged);
    return SeedPhrase::fromEntropy(entropy->view());
}

} // namespace tallylock::keys
