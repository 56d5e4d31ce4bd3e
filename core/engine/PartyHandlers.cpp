#include "core/engine/EngineState.h"

namespace tallylock::engine {

namespace {
constexpr std::size_t kMostRecordBytes = 4096;
constexpr std::uint64_t kMostRecords = 20'000;           // of one identity
constexpr std::uint64_t kMostRecordsInAll = 100'000'000; // of all

/// None, which is refused, if a bit is no role's.
parties::Roles rolesOf(std::uint32_t bits) {
    return bits <= parties::kAllRoles ? static_cast<parties::Roles>(bits) : parties::Roles{0};
}
} // namespace

Refused refusedBy(parties::PartyError error) {
    using P = parties::PartyError;
    switch (error) {
    case P::UnknownHolder: return Refused::NotRegistered;
    case P::UnknownKey: return Refused::DeviceUnknown;
    case P::UnknownUser: return Refused::UserUnknown;
    case P::NotPermitted:
    case P::LimitExceeded: return Refused::NotPermitted;
    case P::HolderPending: return Refused::AccountPending;
    case P::HolderRestricted: return Refused::AccountRestricted;
    case P::HolderFrozen: return Refused::AccountFrozen;
    case P::NotAnInstitution: return Refused::NotAnInstitution;
    case P::NameInvalid: return Refused::NameInvalid;
    case P::InfoInvalid: return Refused::InfoInvalid;
    case P::RolesInvalid: return Refused::RolesInvalid;
    case P::KeyInUse: return Refused::KeyInUse;
    case P::TooManyDevices: return Refused::DevicesTooMany;
    case P::LastAdministrator: return Refused::LastAdministrator;
    }
    return Refused::NotPermitted;
}

/// AlreadyRegistered, NameInvalid.
Reply Engine::State::handle(const RegisterHolder& c) {
    if (isServer(cause.signer)) return refuse(Refused::NotPermitted);
    if (parties.actorOf(cause.signer)) return refuse(Refused::AlreadyRegistered);
    parties::Checked checked;
    if (config.practice) checked = {parties::Standing::Verified, "practice"};
    const auto holder = c.institution ? parties.openInstitution(c.name, c.name, cause.signer, std::move(checked))
                                      : parties.openIndividual(c.name, cause.signer, std::move(checked));
    if (!holder) return refuse(refusedBy(holder.error()));
    const PartyKeys keys{cause.signer, c.box};
    holderKeys.emplace(*holder, keys);
    emit(Audience::only(*holder), HolderRegistered{*holder, c.name, c.institution, keys});
    const auto actor = parties.actorOf(cause.signer);
    emit(Audience::only(*holder), UserAdded{*holder, actor->user, c.name, cause.signer, actor->roles});
    return done(holder->value);
}

/// NotRegistered, NotPermitted, InfoInvalid.
Reply Engine::State::handle(const SetFiatAccount& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const auto set = parties.setFiatAccount(*by, {c.bank, c.reference, c.insurer, c.coverageLimit, c.evidence});
    if (!set) return refuse(refusedBy(set.error()));
    emit(Audience::only(by->holder),
         FiatAccountSet{by->holder, c.bank, c.reference, c.insurer, c.coverageLimit, c.evidence});
    return done();
}

/// NotRegistered, KeyInUse (by a server), NotPermitted, NotAnInstitution, NameInvalid, RolesInvalid, KeyInUse.
Reply Engine::State::handle(const AddUser& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (isServer(c.key)) return refuse(Refused::KeyInUse);
    const auto user = parties.addUser(*by, c.name, c.key, rolesOf(c.roles));
    if (!user) return refuse(refusedBy(user.error()));
    holdBack(by->holder, c.key);
    emit(Audience::only(by->holder), UserAdded{by->holder, *user, c.name, c.key, c.roles});
    return done(user->value);
}

/// NotRegistered, KeyInUse (by a server), UserUnknown, NotPermitted, KeyInUse, DevicesTooMany.
Reply Engine::State::handle(const AddDevice& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (isServer(c.key)) return refuse(Refused::KeyInUse);
    const auto added = parties.addDevice(*by, c.user, c.key);
    if (!added) return refuse(refusedBy(added.error()));
    emit(Audience::only(by->holder), DeviceAdded{by->holder, c.user, c.key, holdBack(by->holder, c.key)});
    return done();
}

/// NotRegistered, DeviceUnknown, NotPermitted, LastAdministrator.
Reply Engine::State::handle(const RemoveDevice& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const auto owner = parties.actorOf(c.key);
    const auto removed = parties.removeDevice(*by, c.key);
    if (!removed) return refuse(refusedBy(removed.error()));
    withdrawals.forget(c.key);
    emit(Audience::only(by->holder), DeviceRemoved{by->holder, owner->user, c.key});
    return done();
}

/// NotRegistered, UserUnknown, NotPermitted, NotAnInstitution, RolesInvalid, LastAdministrator. Whoever becomes a
/// treasurer waits with all devices.
Reply Engine::State::handle(const SetRoles& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const parties::User* before = parties.user(c.user);
    const bool wasTreasurer = before && (before->roles & parties::kTreasurer) != 0;
    const auto set = parties.setRoles(*by, c.user, rolesOf(c.roles));
    if (!set) return refuse(refusedBy(set.error()));
    if (!wasTreasurer && (c.roles & parties::kTreasurer) != 0) {
        for (const IdentityKey& device : parties.user(c.user)->devices) holdBack(by->holder, device);
    }
    emit(Audience::only(by->holder), RolesSet{by->holder, c.user, c.roles});
    return done();
}

/// NotRegistered, UserUnknown, NotPermitted, InfoInvalid.
Reply Engine::State::handle(const SetOrderLimit& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const auto set = parties.setOrderLimit(*by, c.user, c.most);
    if (!set) return refuse(refusedBy(set.error()));
    emit(Audience::only(by->holder), OrderLimitSet{by->holder, c.user, c.most});
    return done();
}

/// NotRegistered, NotPermitted, InfoInvalid.
Reply Engine::State::handle(const SetAssetAccount& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const auto set = parties.setAssetAccount(*by, {c.unit, c.address});
    if (!set) return refuse(refusedBy(set.error()));
    emit(Audience::only(by->holder), AssetAccountSet{by->holder, c.unit, c.address});
    return done();
}

/// NotPermitted, NotRegistered, InfoInvalid: no such standing, or verified without evidence, or too much of it.
Reply Engine::State::handle(const SetStanding& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (!parties.holder(c.holder)) return refuse(Refused::NotRegistered);
    const auto standing = static_cast<parties::Standing>(c.standing);
    if (standing >= parties::Standing::kCount) return refuse(Refused::InfoInvalid);
    if (standing == parties::Standing::Verified && c.evidence.empty()) return refuse(Refused::InfoInvalid);
    const auto set = parties.setStanding(c.holder, standing, c.evidence);
    if (!set) return refuse(refusedBy(set.error()));
    emit(Audience::only(c.holder), StandingChanged{c.holder, c.standing, c.evidence});
    return done();
}

/// NotRegistered, RecordTooLarge, RecordsTooMany, RecordsFull. Also from a frozen account: what it keeps is its keys.
Reply Engine::State::handle(const KeepRecord& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (c.sealed.empty() || c.sealed.size() > kMostRecordBytes) return refuse(Refused::RecordTooLarge);
    const auto found = keptRecords.find(cause.signer);
    if (found != keptRecords.end() && found->second >= kMostRecords) return refuse(Refused::RecordsTooMany);
    if (keptInAll >= kMostRecordsInAll) return refuse(Refused::RecordsFull);
    const std::uint64_t number = ++keptRecords[cause.signer];
    ++keptInAll;
    emit(Audience::only(by->holder), RecordKept{by->holder, cause.signer, number, c.sealed});
    return done(number);
}

} // namespace tallylock::engine
