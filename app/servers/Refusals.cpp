#include "app/servers/Refusals.h"

namespace tallylock::app {

using api::Problem;
using api::Refusal;

Refusal refusalOf(const ports::StoreFailure& failure) {
    switch (failure.error) {
    case ports::StoreError::Locked: return {Problem::FolderInUse, failure.detail};
    case ports::StoreError::Newer: return {Problem::FolderNewer, failure.detail};
    case ports::StoreError::Damaged:
    case ports::StoreError::OtherOwner: return {Problem::FolderDamaged, failure.detail};
    case ports::StoreError::DiskFull: return {Problem::DiskFull, failure.detail};
    default: break;
    }
    return {Problem::FileUnreadable, failure.detail};
}

Refusal refusalOf(keys::FileError error, const std::string& path) {
    return {Problem::FileUnreadable, path + ": " + keys::nameOf(error)};
}

Refusal refusalOf(const keys::PhraseFault& fault) {
    switch (fault.error) {
    case keys::PhraseError::WrongCount: return {Problem::PhraseWrongCount, std::to_string(fault.position)};
    case keys::PhraseError::UnknownWord: return {Problem::PhraseWordUnknown, std::to_string(fault.position)};
    case keys::PhraseError::MixedLanguages: return {Problem::PhraseMixedLanguages, std::to_string(fault.position)};
    case keys::PhraseError::InvalidUtf8: return {Problem::PhraseNotText, {}};
    default: break;
    }
    return {Problem::PhraseWrongChecksum, {}};
}

Refusal refusalOf(keys::VaultError error) {
    switch (error) {
    case keys::VaultError::WrongPassphrase: return {Problem::PassphraseWrong, {}};
    case keys::VaultError::NewerVersion: return {Problem::FolderNewer, "vault"};
    case keys::VaultError::NoMemory: return {Problem::Internal, keys::nameOf(error)};
    default: break;
    }
    return {Problem::VaultDamaged, keys::nameOf(error)};
}

Refusal refusalOf(const ports::KeychainFailure& failure) {
    if (failure.error == ports::KeychainError::Missing) return {Problem::KeychainEntryMissing, {}};
    return {Problem::KeychainUnavailable, failure.detail};
}

Refusal refusalOf(ports::LinkError error) {
    if (error == ports::LinkError::Busy) return {Problem::Busy, {}};
    return {Problem::Stopping, {}};
}

Refusal refusalOf(ports::RailError error) {
    switch (error) {
    case ports::RailError::Unreachable: return {Problem::Unreachable, ports::nameOf(error)};
    case ports::RailError::UnknownUnit: return {Problem::AmountInvalid, ports::nameOf(error)};
    default: break;
    }
    return {Problem::PaymentNotOpen, ports::nameOf(error)};
}

} // namespace tallylock::app
