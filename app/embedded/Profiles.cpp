#include "app/embedded/Profiles.h"

#include "app/embedded/SystemKeychain.h"
#include "app/servers/Refusals.h"
#include "core/keys/Normal.h"
#include "core/keys/PrivateFile.h"

#include <algorithm>

namespace tallylock::app {

using api::Answer;
using api::Problem;
using api::Refusal;

static constexpr std::size_t kCounterpartySeedSize = 16;

bool isProfileName(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), allowed);
}

static std::string_view secretText(const SecretBytes& secret) {
    return {reinterpret_cast<const char*>(secret.data()), secret.size()};
}

static Answer<keys::Identity> identityOf(const keys::SeedPhrase& phrase, std::string_view passphrase = {}) {
    auto identity = keys::Identity::fromPhrase(phrase, passphrase);
    if (!identity) return Err(refusalOf(keys::PhraseFault{identity.error()}));
    return std::move(*identity);
}

static std::string entryName(const keys::KeychainEntry& entry) { return "vault-" + toHex(entry); }

static Answer<void> checkPassphrase(api::Keeping keeping, const SecretBytes& passphrase) {
    if (keeping == api::Keeping::Passphrase && passphrase.size() < kShortestPassphrase)
        return Err(Refusal{Problem::PassphraseTooShort, std::to_string(kShortestPassphrase)});
    return {};
}

/// What a new profile's vault is to keep.
static Answer<keys::VaultContents> contentsOf(const api::NewProfile& profile) {
    auto phrase = keys::SeedPhrase::parse(secretText(profile.phrase));
    if (!phrase) return Err(refusalOf(phrase.error()));
    auto passphrase = keys::nfkd(secretText(profile.phrasePassphrase));
    if (!passphrase) return Err(Refusal{Problem::PhraseNotText, {}});
    if (passphrase->size() > keys::kMaxPhrasePassphrase)
        return Err(Refusal{Problem::PassphraseTooLong, std::to_string(keys::kMaxPhrasePassphrase)});
    return keys::VaultContents{std::move(*phrase), std::move(*passphrase)};
}

std::vector<api::ProfileRow> Profiles::rows() const {
    std::vector<api::ProfileRow> found;
    std::error_code ignored; // a folder that is not there holds no profiles
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!isProfileName(name) || !std::filesystem::exists(entry.path() / "vault", ignored)) continue;
        const auto vault = readVault(name); // a damaged one is shown, too: opening it says what is wrong
        const bool inKeychain = vault && vault->header.lock == keys::VaultLock::Keychain;
        found.push_back({name, false, inKeychain ? api::Keeping::Keychain : api::Keeping::Passphrase});
    }
    std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) { return left.name < right.name; });
    return found;
}

Answer<store::FolderLock> Profiles::take(const std::string& name) {
    auto lock = store::FolderLock::take(folderOf(name));
    if (!lock && lock.error().error == ports::StoreError::Locked) return Err(Refusal{Problem::ProfileInUse, name});
    if (!lock) return Err(refusalOf(lock.error()));
    return std::move(*lock);
}

// --- the vault -------------------------------------------------------------------------------------------------------

Answer<Profiles::Vault> Profiles::readVault(const std::string& name) const {
    if (!isProfileName(name)) return Err(Refusal{Problem::ProfileNameInvalid, {}});
    auto file = keys::readFile(vaultOf(name), keys::kMaxVaultFileSize);
    if (!file) {
        if (file.error() == keys::FileError::NotFound) return Err(Refusal{Problem::ProfileUnknown, name});
        if (file.error() == keys::FileError::TooLarge) return Err(Refusal{Problem::VaultDamaged, vaultOf(name)});
        return Err(refusalOf(file.error(), vaultOf(name)));
    }
    const auto header = keys::readVaultHeader(*file);
    if (!header) return Err(refusalOf(header.error()));
    return Vault{std::move(*file), *header};
}

Answer<keys::VaultContents> Profiles::unlock(const Vault& vault, const SecretBytes& passphrase) {
    if (vault.header.lock == keys::VaultLock::Passphrase) {
        auto contents = keys::openVault(vault.file, secretText(passphrase));
        if (!contents) return Err(refusalOf(contents.error()));
        return std::move(*contents);
    }
    const auto key = m_keychain.read(entryName(vault.header.entry));
    if (!key) {
        // A locked collection answers "not found", too.
        if (const auto works = tryKeychain(m_keychain, m_random); !works) return Err(refusalOf(works.error()));
        return Err(refusalOf(key.error()));
    }
    auto contents = keys::openVault(vault.file, *key);
    if (!contents && contents.error() == keys::VaultError::WrongPassphrase)
        return Err(Refusal{Problem::VaultDamaged, "the keychain's key does not fit"});
    if (!contents) return Err(refusalOf(contents.error()));
    return std::move(*contents);
}

Answer<void> Profiles::keep(const std::string& name, const keys::VaultContents& contents, const IdentityKey& owner,
                            api::Keeping keeping, const SecretBytes& passphrase, const keys::VaultHeader* old) {
    Bytes file;
    std::string entry;
    if (keeping == api::Keeping::Keychain) {
        keys::KeychainEntry place;
        m_random.fill(place);
        entry = entryName(place);
        SecretBytes key(keys::kVaultKeySize);
        m_random.fill(key.span());
        if (auto written = m_keychain.write(entry, key); !written) return Err(refusalOf(written.error()));
        const auto found = m_keychain.read(entry); // before anything depends on it
        if (!found) return Err(refusalOf(found.error()));
        if (!found->equals(key.view())) return Err(Refusal{Problem::KeychainUnavailable, "wrong answer"});
        file = keys::sealVault(contents, owner, key, place, m_random);
    } else {
        auto sealed = keys::sealVault(contents, owner, secretText(passphrase), m_random, m_cost);
        if (!sealed) return Err(refusalOf(sealed.error()));
        file = std::move(*sealed);
    }
    const auto written = keys::writePrivateFile(vaultOf(name), file, old ? keys::Replace::Yes : keys::Replace::No);
    if (!written) {
        if (!entry.empty()) static_cast<void>(m_keychain.remove(entry));
        if (written.error() == keys::FileError::Exists) return Err(Refusal{Problem::ProfileExists, name});
        return Err(refusalOf(written.error(), vaultOf(name)));
    }
    // The key of a vault that is no more. Should it stay, it opens nothing.
    if (old && old->lock == keys::VaultLock::Keychain) static_cast<void>(m_keychain.remove(entryName(old->entry)));
    return {};
}

// --- profiles --------------------------------------------------------------------------------------------------------

Answer<UnlockedProfile> Profiles::create(const api::NewProfile& profile) {
    const std::string& name = profile.name;
    if (!isProfileName(name) || name == kCounterpartyProfile) return Err(Refusal{Problem::ProfileNameInvalid, {}});
    if (auto fit = checkPassphrase(profile.keeping, profile.passphrase); !fit) return Err(fit.error());
    const auto contents = contentsOf(profile);
    if (!contents) return Err(contents.error());
    auto identity = identityOf(contents->phrase, secretText(contents->passphrase));
    if (!identity) return Err(identity.error());

    std::error_code ignored;
    const auto isThere = [&] { return std::filesystem::exists(vaultOf(name), ignored); };
    const auto old = readVault(name);
    // One of the same phrase is locked anew. Whose a damaged vault was, nobody can tell.
    if (isThere() && (!old || old->header.owner != identity->key())) return Err(Refusal{Problem::ProfileExists, name});
    auto lock = take(name);
    if (!lock) return Err(lock.error());
    const auto kept =
        keep(name, *contents, identity->key(), profile.keeping, profile.passphrase, old ? &old->header : nullptr);
    if (!kept) return Err(kept.error());
    return UnlockedProfile{name, folderOf(name), std::move(*lock), std::move(*identity)};
}

Answer<UnlockedProfile> Profiles::open(const std::string& name, const SecretBytes& passphrase) {
    const auto vault = readVault(name);
    if (!vault) return Err(vault.error());
    const auto contents = unlock(*vault, passphrase);
    if (!contents) return Err(contents.error());
    auto identity = identityOf(contents->phrase, secretText(contents->passphrase));
    if (!identity) return Err(identity.error());
    auto lock = take(name);
    if (!lock) return Err(lock.error());
    return UnlockedProfile{name, folderOf(name), std::move(*lock), std::move(*identity)};
}

Answer<void> Profiles::changeKeeping(const std::string& name, const SecretBytes& passphrase, api::Keeping keeping,
                                     const SecretBytes& fresh, bool openHere) {
    if (auto fit = checkPassphrase(keeping, fresh); !fit) return Err(fit.error());
    std::optional<store::FolderLock> lock;
    const auto vault = readVault(name);
    if (!vault) return Err(vault.error());
    if (!openHere) {
        auto taken = take(name);
        if (!taken) return Err(taken.error());
        lock.emplace(std::move(*taken));
    }
    const auto contents = unlock(*vault, passphrase);
    if (!contents) return Err(contents.error());
    const auto identity = identityOf(contents->phrase, secretText(contents->passphrase));
    if (!identity) return Err(identity.error());
    return keep(name, *contents, identity->key(), keeping, fresh, &vault->header);
}

Answer<UnlockedProfile> Profiles::openCounterparty() {
    auto lock = take(kCounterpartyProfile);
    if (!lock) return Err(lock.error());
    const std::string path = folderOf(kCounterpartyProfile) + "/practice-seed";
    auto file = keys::readFile(path, kCounterpartySeedSize);
    SecretBytes entropy(kCounterpartySeedSize);
    if (file && file->size() == kCounterpartySeedSize) {
        entropy = SecretBytes::takeFrom(*file);
    } else if (file) {
        return Err(Refusal{Problem::FolderDamaged, path});
    } else if (file.error() == keys::FileError::NotFound) {
        m_random.fill(entropy.span());
        if (auto written = keys::writePrivateFile(path, entropy.view(), keys::Replace::No); !written)
            return Err(refusalOf(written.error(), path));
    } else {
        return Err(refusalOf(file.error(), path));
    }
    auto identity = identityOf(keys::SeedPhrase::fromEntropy(entropy.view()));
    if (!identity) return Err(identity.error());
    return UnlockedProfile{kCounterpartyProfile, folderOf(kCounterpartyProfile), std::move(*lock),
                           std::move(*identity)};
}

} // namespace tallylock::app
