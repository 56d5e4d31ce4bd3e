#include "app/embedded/Profiles.h"

#include "app/embedded/Refusals.h"
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

static Answer<keys::Identity> identityOf(const keys::SeedPhrase& phrase) {
    auto identity = keys::Identity::fromPhrase(phrase);
    if (!identity) return Err(Refusal{Problem::Internal, keys::nameOf(identity.error())});
    return std::move(*identity);
}

std::vector<std::string> Profiles::names() const {
    std::vector<std::string> found;
    std::error_code ignored; // a folder that is not there holds no profiles
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (isProfileName(name) && std::filesystem::exists(entry.path() / "vault", ignored)) found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
}

Answer<store::FolderLock> Profiles::take(const std::string& name) {
    auto lock = store::FolderLock::take(folderOf(name));
    if (!lock) return Err(refusalOf(lock.error()));
    return std::move(*lock);
}

Answer<UnlockedProfile> Profiles::create(const std::string& name, const SecretBytes& phrase,
                                         const SecretBytes& passphrase) {
    if (!isProfileName(name) || name == kCounterpartyProfile) return Err(Refusal{Problem::ProfileNameInvalid, {}});
    if (passphrase.size() < kShortestPassphrase)
        return Err(Refusal{Problem::PassphraseTooShort, std::to_string(kShortestPassphrase)});
    const auto parsed = keys::SeedPhrase::parse(secretText(phrase));
    if (!parsed) return Err(refusalOf(parsed.error()));
    std::error_code ignored;
    const std::string vaultPath = folderOf(name) + "/vault";
    if (std::filesystem::exists(vaultPath, ignored)) return Err(Refusal{Problem::ProfileExists, name});

    auto identity = identityOf(*parsed);
    if (!identity) return Err(identity.error());
    const auto vault = keys::sealVault(*parsed, secretText(passphrase), m_random, m_cost);
    if (!vault) return Err(refusalOf(vault.error()));
    auto lock = take(name);
    if (!lock) return Err(lock.error());
    if (auto written = keys::writePrivateFile(vaultPath, *vault, keys::Replace::No); !written) {
        if (written.error() == keys::FileError::Exists) return Err(Refusal{Problem::ProfileExists, name});
        return Err(refusalOf(written.error(), vaultPath));
    }
    return UnlockedProfile{name, folderOf(name), std::move(*lock), std::move(*identity)};
}

Answer<UnlockedProfile> Profiles::open(const std::string& name, const SecretBytes& passphrase) {
    if (!isProfileName(name)) return Err(Refusal{Problem::ProfileNameInvalid, {}});
    const std::string vaultPath = folderOf(name) + "/vault";
    const auto file = keys::readFile(vaultPath, keys::kMaxVaultFileSize);
    if (!file) {
        if (file.error() == keys::FileError::NotFound) return Err(Refusal{Problem::ProfileUnknown, name});
        if (file.error() == keys::FileError::TooLarge) return Err(Refusal{Problem::VaultDamaged, vaultPath});
        return Err(refusalOf(file.error(), vaultPath));
    }
    const auto phrase = keys::openVault(*file, secretText(passphrase));
    if (!phrase) return Err(refusalOf(phrase.error()));
    auto identity = identityOf(*phrase);
    if (!identity) return Err(identity.error());
    auto lock = take(name);
    if (!lock) return Err(lock.error());
    return UnlockedProfile{name, folderOf(name), std::move(*lock), std::move(*identity)};
}

Answer<UnlockedProfile> Profiles::openCounterparty() {
    auto lock = take(kCounterpartyProfile);
    if (!lock) return Err(lock.error());
    const std::string path = folderOf(kCounterpartyProfile) + "/practice-seed";
    auto entropy = keys::readFile(path, kCounterpartySeedSize);
    if (!entropy && entropy.error() == keys::FileError::NotFound) {
        Bytes fresh(kCounterpartySeedSize);
        m_random.fill(fresh);
        if (auto written = keys::writePrivateFile(path, fresh, keys::Replace::No); !written)
            return Err(refusalOf(written.error(), path));
        entropy = fresh;
    }
    if (!entropy) return Err(refusalOf(entropy.error(), path));
    if (entropy->size() != kCounterpartySeedSize) return Err(Refusal{Problem::FolderDamaged, path});
    auto identity = identityOf(keys::SeedPhrase::fromEntropy(*entropy));
    if (!identity) return Err(identity.error());
    return UnlockedProfile{kCounterpartyProfile, folderOf(kCounterpartyProfile), std::move(*lock),
                           std::move(*identity)};
}

} // namespace tallylock::app
