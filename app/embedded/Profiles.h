// The people of this machine: a folder each, with a lock, and a vault file that their passphrase opens.
//
//   profiles/NAME/lock            held while the profile is open
//   profiles/NAME/vault           the seed phrase under the passphrase (core/keys/VaultFile.h)
//   profiles/NAME/journal.sqlite  and whatever else the party keeps
#pragma once

#include "core/api/Session.h"
#include "core/base/Random.h"
#include "core/keys/Identity.h"
#include "core/keys/VaultFile.h"
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

/// Any thread; create and open take a second or so, on purpose.
class Profiles {
public:
    Profiles(std::filesystem::path folder, Random& random, crypto::ArgonCost cost)
        : m_folder(std::move(folder)),
          m_random(random),
          m_cost(cost) {}

    std::vector<std::string> names() const;
    api::Answer<UnlockedProfile> create(const std::string& name, const SecretBytes& phrase,
                                        const SecretBytes& passphrase);
    api::Answer<UnlockedProfile> open(const std::string& name, const SecretBytes& passphrase);
    /// The profile of the practice counterparty: its phrase is in a file that its owner alone may read.
    api::Answer<UnlockedProfile> openCounterparty();

private:
    api::Answer<store::FolderLock> take(const std::string& name);
    std::string folderOf(const std::string& name) const { return (m_folder / name).string(); }
    std::filesystem::path m_folder;
    Random& m_random;
    crypto::ArgonCost m_cost;
};

/// Letters, digits, '-' and '_', up to 40 of them.
bool isProfileName(const std::string& name);

} // namespace tallylock::app
