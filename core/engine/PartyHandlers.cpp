#include "core/engine/EngineState.h"

namespace tallylock::engine {

namespace {
constexpr std::size_t kMostRecordBytes = 4096;
constexpr std::uint64_t kMostRecords = 20'000;           // of one identity
constexpr std::uint64_t kMostRecordsInAll = 100'000'000; // of all

Refused refusedBy(parties::PartyError error) {
    using P = parties::PartyError;
    switch (error) {
    case P::UnknownKey:
    case P::UnknownHolder:
    case P::UnknownUser: return Refused::NotRegistered;
    case P::NameInvalid:
    case P::InfoInvalid: return Refused::NameInvalid;
    case P::KeyInUse: return Refused::KeyInUse;
    case P::HolderPending:
    case P::HolderRestricted:
    case P::HolderFrozen: return Refused::AccountFrozen;
    default: return Refused::NotPermitted;
    }
}
} // namespace

/// AlreadyRegistered, NameInvalid.
Reply Engine::State::handle(const RegisterHolder& c) {
    if (isCoordinator() || isKeyServer()) return refuse(Refused::NotPermitted);
    if (parties.actorOf(cause.signer)) return refuse(Refused::AlreadyRegistered);
    const auto holder = c.institution ? parties.openInstitution(c.name, c.name, cause.signer)
                                      : parties.openIndividual(c.name, cause.signer);
    if (!holder) return refuse(refusedBy(holder.error()));
    if (config.practice) {
        const auto verified = parties.setStanding(*holder, parties::Standing::Verified, "practice");
        assert(verified);
        (void)verified;
    }
    const PartyKeys keys{cause.signer, c.box};
    holderKeys.emplace(*holder, keys);
    emit(Audience::only(*holder), HolderRegistered{*holder, c.name, c.institution, keys});
    const auto actor = parties.actorOf(cause.signer);
    emit(Audience::only(*holder), UserAdded{*holder, actor->user, c.name, cause.signer, actor->roles});
    return done(holder->value);
}

/// NotRegistered, NotPermitted, AccountFrozen, NameInvalid.
Reply Engine::State::handle(const SetFiatAccount& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    const auto set = parties.setFiatAccount(*by, {c.bank, c.reference, c.insurer, c.coverageLimit, c.evidence});
    if (!set) return refuse(refusedBy(set.error()));
    emit(Audience::only(by->holder),
         FiatAccountSet{by->holder, c.bank, c.reference, c.insurer, c.coverageLimit, c.evidence});
    return done();
}

/// NotRegistered, NotPermitted, NameInvalid, KeyInUse.
Reply Engine::State::handle(const AddUser& c) {
    const auto by = parties.actorOf(cause.signer);
    if (!by) return refuse(Refused::NotRegistered);
    if (c.roles == 0 || c.roles > parties::kAllRoles) return refuse(Refused::NotPermitted);
    const auto user = parties.addUser(*by, c.name, c.key, static_cast<parties::Roles>(c.roles));
    if (!user) return refuse(refusedBy(user.error()));
    emit(Audience::only(by->holder), UserAdded{by->holder, *user, c.name, c.key, c.roles});
    return done(user->value);
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
