// The people of this machine: a folder each, with a lock, and a vault that their passphrase or the system's keychain
// opens.
//
//   profiles/NAME/lock            held while the profile is open
//   profiles/NAME/vault           the seed phrase (core/keys/VaultFile.h)
//   profiles/NAME/journal.sqlite  and whatever else the party keeps
//
// With a keychain the vault's key is an entry of its own there, with a new name each time. A move writes the new entry,
// then replaces the vault, then removes the old entry: a crash leaves one that nobody needs, and never a vault without.
#pragma once

#include "core/api/Session.h"
#include "core/base/Random.h"
#include "core/keys/Identity.h"
#include "core/keys/VaultFile.h"
#include "core/ports/Keychain.h"
#include "core/store/FolderLock.h"

#include <filesystem>

namespace tallylock::app {

inline constexpr std::size_t kShortestPassphrase = 8;
/// The practice counterparty's profile, which is nobody else's.
inline constexpr const char* kCounterpartyProfile = "practice-counterparty";

/// A profile whose phrase has been read.
struct UnlockedProfile {
    std::string name;
    std::string folder;
    store::FolderLock lock;
    keys::Identity identity;
};

/// Any thread, but one at a time for whatever changes a vault. create and open take a second or so, on purpose; with a
/// keychain they wait for the person whom the system asks.
class Profiles {
public:
    Profiles(std::filesystem::path folder, Random& random, crypto::ArgonCost cost, ports::Keychain& keychain)
        : m_folder(std::move(folder)),
          m_random(random),
          m_cost(cost),
          m_keychain(keychain) {}

    std::vector<api::ProfileRow> rows() const;
    api::Answer<UnlockedProfile> create(const api::NewProfile& profile);
    api::Answer<UnlockedProfile> open(const std::string& name, const SecretBytes& passphrase);
    /// `openHere`: this process has its lock already.
    api::Answer<void> changeKeeping(const std::string& name, const SecretBytes& passphrase, api::Keeping keeping,
                                    const SecretBytes& fresh, bool openHere);
    /// The profile of the practice counterparty: its phrase is in a file that its owner alone may read.
    api::Answer<UnlockedProfile> openCounterparty();

private:
    struct Vault {
        Bytes file;
        keys::VaultHeader header;
    };
    api::Answer<store::FolderLock> take(const std::string& name);
    api::Answer<Vault> readVault(const std::string& name) const;
    api::Answer<keys::VaultContents> unlock(const Vault& vault, const SecretBytes& passphrase);
    /// Writes a vault, in place of `old` if there was one.
    api::Answer<void> keep(const std::string& name, const keys::VaultContents& contents, const IdentityKey& owner,
                           api::Keeping keeping, const SecretBytes& passphrase, const keys::VaultHeader* old);
    std::string folderOf(const std::string& name) const { return (m_folder / name).string(); }
    std::string vaultOf(const std::string& name) const { return folderOf(name) + "/vault"; }
    std::filesystem::path m_folder;
    Random& m_random;
    crypto::ArgonCost m_cost;
    ports::Keychain& m_keychain;
};

/// Letters, digits, '-' and '_', up to 40 of them.
bool isProfileName(const std::string& name);

} // namespace tallylock::app
