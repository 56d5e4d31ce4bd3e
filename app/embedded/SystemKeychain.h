// The keychain of the system, through QtKeychain: the Secret Service on Linux.
#pragma once

#include "core/ports/Keychain.h"

#include "core/base/Random.h"

namespace tallylock::app {

/// Needs a QCoreApplication; each call runs an event loop on its thread. A person who is asked to unlock the keychain
/// has two minutes. QtKeychain keeps copies of what passes through it for a moment, in memory that we cannot wipe: so
/// no phrase goes there, but a key that is worth nothing without the vault file.
class SystemKeychain final : public ports::Keychain {
public:
    Result<void, ports::KeychainFailure> write(const std::string& entry, const SecretBytes& secret) override;
    Result<SecretBytes, ports::KeychainFailure> read(const std::string& entry) override;
    Result<void, ports::KeychainFailure> remove(const std::string& entry) override;
};

/// Writes an entry, reads and removes it: a Secret Service that has nowhere to keep one, or is locked, answers only a
/// write with an error. Fails with Unavailable.
Result<void, ports::KeychainFailure> tryKeychain(ports::Keychain& keychain, Random& random);

} // namespace tallylock::app
