// One-sale keys: a fresh X25519 secret for each set of terms, to which the seller boxes the deposit. Each lies in a
// file of its own, because it must be destroyed once the wrap is durable, and a journal forgets nothing.
#pragma once

#include "core/base/Random.h"
#include "core/base/SecretBytes.h"
#include "core/keys/PrivateFile.h"

namespace tallylock::keyserver {

class DepositKeys {
public:
    /// `folder` exists and belongs to the key server alone. The files are sealed under the master secret.
    DepositKeys(std::string folder, const SecretBytes& master, Random& random);

    /// A fresh key, durable.
    Result<SecretBytes, keys::FileError> create(const Hash& terms);
    /// NotFound once destroyed; Failed if the file is not what was written.
    Result<SecretBytes, keys::FileError> load(const Hash& terms) const;
    /// Overwrites and removes. Twice: no effect.
    void destroy(const Hash& terms);

private:
    std::string pathOf(const Hash& terms) const;
    std::string m_folder;
    SecretBytes m_key;
    Random& m_random;
};

} // namespace tallylock::keyserver
