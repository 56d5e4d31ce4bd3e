#include "core/parties/Parties.h"

namespace tallylock::parties {

const char* nameOf(Standing standing) {
    switch (standing) {
    case Standing::Pending: return "pending";
    case Standing::Verified: return "verified";
    case Standing::Restricted: return "restricted";
    case Standing::Frozen: return "frozen";
    case Standing::kCount: break;
    }
    return "?";
}

const char* nameOf(PartyError error) {
    switch (error) {
    case PartyError::UnknownKey: return "unknown key";
    case PartyError::UnknownHolder: return "unknown holder";
    case PartyError::UnknownUser: return "unknown user";
    case PartyError::NotPermitted: return "not permitted";
    case PartyError::HolderPending: return "holder pending";
    case PartyError::HolderRestricted: return "holder restricted";
    case PartyError::HolderFrozen: return "holder frozen";
    case PartyError::NotAnInstitution: return "not an institution";
    case PartyError::NameInvalid: return "name invalid";
    case PartyError::InfoInvalid: return "information invalid";
    case PartyError::RolesInvalid: return "roles invalid";
    case PartyError::KeyInUse: return "key in use";
    case PartyError::TooManyDevices: return "too many devices";
    case PartyError::LastAdministrator: return "last administrator";
    case PartyError::LimitExceeded: return "limit exceeded";
    }
    return "?";
}

} // namespace tallylock::parties
