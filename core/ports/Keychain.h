// Where the system keeps small secrets for a person who is logged in: the Secret Service, a keychain of another system.
#pragma once

#include "core/base/Result.h"
#include "core/base/SecretBytes.h"

#include <string>

namespace tallylock::ports {

enum class KeychainError {
    Missing,     ///< no such entry
    Unavailable, ///< no service, nowhere to keep an entry, or the person refused to unlock it
};

struct KeychainFailure {
    KeychainError error{};
    std::string detail; ///< what the system says
};

/// Any thread; waits for the system, which may ask the person to unlock it first.
class Keychain {
public:
    virtual ~Keychain() = default;
    /// Replaces an entry of this name.
    virtual Result<void, KeychainFailure> write(const std::string& entry, const SecretBytes& secret) = 0;
    virtual Result<SecretBytes, KeychainFailure> read(const std::string& entry) = 0;
    /// An entry that is not there is removed.
    virtual Result<void, KeychainFailure> remove(const std::string& entry) = 0;
};

} // namespace tallylock::ports
