// The register of parties: holders, institutions with several users, devices, roles, limits, standing.
//
// Answers two questions: who does this key speak for, and may they do this. Holds no money and no history. Pure and
// single-threaded; a refused call changes nothing.
#pragma once

#include "core/base/FlatMap.h"
#include "core/parties/Party.h"

#include <span>

namespace tallylock::parties {

/// In the order in which they are tested.
enum class PartyError {
    UnknownKey, ///< the key belongs to no user
    UnknownHolder,
    UnknownUser,
    NotPermitted,  ///< the actor lacks the role, or belongs to another holder
    HolderPending, ///< not yet identified
    HolderRestricted,
    HolderFrozen,
    NotAnInstitution,  ///< only institutions have several users
    NameInvalid,       ///< empty, over 200 bytes, with control characters, or blank at an end
    InfoInvalid,       ///< account information: a missing or over-long text, a negative limit, an unknown unit
    RolesInvalid,      ///< no role, or a bit that is no role
    KeyInUse,          ///< a key speaks for one user only
    TooManyDevices,    ///< 16 a user
    LastAdministrator, ///< a holder keeps one administrator with a device at least
    LimitExceeded,     ///< the order is worth more than the user may place
};
const char* nameOf(PartyError error);

inline constexpr std::size_t kMaxDevices = 16;
inline constexpr std::size_t kMaxNameBytes = 200;
inline constexpr std::size_t kMaxInfoBytes = 1000;

/// What is known of a holder from the first, and the reference to what that rests on.
struct Checked {
    Standing standing = Standing::Pending;
    std::string evidence;
};

class Parties {
public:
    // Opening. The first user has all roles.
    Result<HolderId, PartyError> openIndividual(std::string name, const IdentityKey& key, Checked checked = {});
    Result<HolderId, PartyError> openInstitution(std::string name, std::string administrator, const IdentityKey& key,
                                                 Checked checked = {});

    // By an administrator of the holder. An individual may register further devices, but no further users.
    Result<UserId, PartyError> addUser(const Actor& by, std::string name, const IdentityKey& key, Roles roles);
    Result<void, PartyError> addDevice(const Actor& by, UserId user, const IdentityKey& key);
    /// A user whose last device goes can do nothing any more.
    Result<void, PartyError> removeDevice(const Actor& by, const IdentityKey& key);
    Result<void, PartyError> setRoles(const Actor& by, UserId user, Roles roles);
    /// Replaces the limit of that unit; an amount of zero forbids orders.
    Result<void, PartyError> setOrderLimit(const Actor& by, UserId user, const money::Amount& most);
    Result<void, PartyError> setFiatAccount(const Actor& by, FiatAccount account);
    /// Replaces that unit's.
    Result<void, PartyError> setAssetAccount(const Actor& by, AssetAccount account);

    // By the operator, whom the caller has authenticated.
    Result<void, PartyError> setStanding(HolderId holder, Standing standing, std::string evidence);

    Result<Actor, PartyError> actorOf(const IdentityKey& key) const;
    /// Rises whenever an actor that actorOf() has answered may have changed. A key that is new answers for itself.
    std::uint64_t version() const { return m_version; }
    /// May this actor open something new that moves money: role, then standing.
    Result<void, PartyError> checkMay(const Actor& actor, Role role) const;
    /// May this actor take out what the holder has: treasurer, then standing. A restricted holder may.
    Result<void, PartyError> checkWithdraw(const Actor& actor) const;
    /// Whether the user has any limit.
    bool isLimited(UserId user) const { return user.value < m_isLimited.size() && m_isLimited[user.value]; }
    /// checkMay as a trader, then the user's limit for the unit of the value.
    Result<void, PartyError> checkOrder(const Actor& actor, const money::Amount& value) const;

    /// nullptr if unknown. Live until the next change.
    const Holder* holder(HolderId id) const;
    const User* user(UserId id) const;
    std::size_t holderCount() const { return m_holders.size(); }
    std::span<const Holder> holders() const { return m_holders; }

    void save(CborWriter& writer) const;
    static Result<Parties, CborError> load(CborReader& reader);

private:
    Result<HolderId, PartyError> openHolder(HolderKind kind, std::string name, std::string user, const IdentityKey& key,
                                            Checked checked);
    UserId putUser(Holder& holder, std::string name, const IdentityKey& key, Roles roles);
    Result<Holder*, PartyError> holderToChange(const Actor& by);
    Result<User*, PartyError> userToChange(const Actor& by, UserId user);
    std::size_t administratorsOf(HolderId holder) const;
    void markLimited(UserId id);
    bool indexLoaded();

    std::vector<Holder> m_holders; // by number, from one
    std::vector<User> m_users;     // by number, from one
    FlatMap<IdentityKey, UserId> m_userOf;
    std::vector<bool> m_isLimited; // by user's number: has order limits
    std::uint64_t m_version = 0;
};

} // namespace tallylock::parties
