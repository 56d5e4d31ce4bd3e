#include "core/keyserver/DepositKeys.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Box.h"
#include "core/crypto/Kdf.h"

#include <cstdio>

namespace tallylock::keyserver {

using keys::FileError;

static constexpr std::size_t kDepositKeyFileSize = 32 + crypto::kAeadOverhead;

DepositKeys::DepositKeys(std::string folder, const SecretBytes& master, Random& random)
    : m_folder(std::move(folder)),
      m_key(crypto::labelledKdf(master.view(), {}, "deposit-key-rest", crypto::cborList())),
      m_random(random) {}

std::string DepositKeys::pathOf(const Hash& terms) const { return m_folder + "/" + terms.hex() + ".key"; }

static Bytes contextOf(const Hash& terms) { return crypto::frame("deposit-key-rest", crypto::cborList(terms)); }

Result<SecretBytes, FileError> DepositKeys::create(const Hash& terms) {
    SecretBytes secret = crypto::newBoxSecret(m_random);
    const Bytes sealed = crypto::aeadSeal(m_key, secret.view(), contextOf(terms), m_random);
    // A file may be there whose key was never given out, because the record of it did not become durable.
    if (auto written = keys::writePrivateFile(pathOf(terms), sealed, keys::Replace::Yes); !written)
        return Err(written.error());
    return secret;
}

Result<SecretBytes, FileError> DepositKeys::load(const Hash& terms) const {
    const auto file = keys::readFile(pathOf(terms), kDepositKeyFileSize);
    if (!file) return Err(file.error());
    auto secret = crypto::aeadOpen(m_key, *file, contextOf(terms));
    if (!secret || secret->size() != 32) return Err(FileError::Failed);
    return std::move(*secret);
}

void DepositKeys::destroy(const Hash& terms) {
    const std::string path = pathOf(terms);
    if (std::FILE* file = std::fopen(path.c_str(), "r+b")) {
        const Bytes nothing(kDepositKeyFileSize);
        std::fwrite(nothing.data(), 1, nothing.size(), file);
        std::fflush(file);
        std::fclose(file);
    }
    std::remove(path.c_str());
}

} // namespace tallylock::keyserver
