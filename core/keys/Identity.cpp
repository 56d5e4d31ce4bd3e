#include "core/keys/Identity.h"

#include "core/keys/Derivation.h"

#include <cassert>

namespace tallylock::keys {

static constexpr std::uint32_t kIdentityPurpose = 1413565516;
enum class IdentityRole : std::uint32_t { Sign = 0, Box = 1, Vault = 2 };

static SecretBytes roleKey(const SecretBytes& seed, IdentityRole role) {
    const std::array<std::uint32_t, 2> path = {kIdentityPurpose, static_cast<std::uint32_t>(role)};
    return slip10Ed25519(seed, path).key;
}

Result<Identity, PhraseError> Identity::fromPhrase(const SeedPhrase& phrase, std::string_view passphrase) {
    auto seed = phrase.seed(passphrase);
    if (!seed) return Err(seed.error());
    return fromSeed(std::move(seed).value());
}

Identity Identity::fromSeed(SecretBytes seed) {
    assert(seed.size() >= 16 && seed.size() <= 64);
    Identity identity(crypto::SigningKey::fromSeed(roleKey(seed, IdentityRole::Sign).view()));
    identity.m_boxSecret = roleKey(seed, IdentityRole::Box);
    identity.m_boxKey = crypto::boxKeyOf(identity.m_boxSecret);
    identity.m_vaultKey = roleKey(seed, IdentityRole::Vault);
    identity.m_seed = std::move(seed);
    return identity;
}

SecretBytes Identity::assetChild(std::uint32_t index) const {
    assert(index < kMaxChildren);
    return bip85Phrase(bip32Master(m_seed), 12, 2 * index);
}

SecretBytes Identity::disclosureChild(std::uint32_t index) const {
    assert(index < kMaxChildren);
    return bip85Phrase(bip32Master(m_seed), 12, 2 * index + 1);
}

} // namespace tallylock::keys
