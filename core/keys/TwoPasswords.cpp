#include "core/keys/TwoPasswords.h"

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Kdf.h"

#include <algorithm>
#include <cassert>

namespace tallylock::keys {

using crypto::cborList;
using crypto::frame;

const char* nameOf(WrapError error) {
    switch (error) {
    case WrapError::NotOurs: return "wrapped for another key or purpose, or altered";
    }
    return "?";
}

static Bytes sealSecrets(const SecretBytes& key, const EditionSecrets& secrets, ByteView context, Random& random) {
    assert(secrets.firstPassword.size() == kFirstPasswordSize && secrets.plainSalt.size() == kPlainSaltSize);
    SecretBytes both(kFirstPasswordSize + kPlainSaltSize);
    std::copy_n(secrets.firstPassword.data(), kFirstPasswordSize, both.data());
    std::copy_n(secrets.plainSalt.data(), kPlainSaltSize, both.data() + kFirstPasswordSize);
    return crypto::aeadSeal(key, both.view(), context, random);
}

static Result<EditionSecrets, WrapError> openSecrets(const SecretBytes& key, ByteView sealed, ByteView context) {
    const auto both = crypto::aeadOpen(key, sealed, context);
    if (!both || both->size() != kFirstPasswordSize + kPlainSaltSize) return Err(WrapError::NotOurs);
    return EditionSecrets{SecretBytes::copyOf(both->view().first(kFirstPasswordSize)),
                          SecretBytes::copyOf(both->view().subspan(kFirstPasswordSize))};
}

// Encodes secrets as byte strings, and wipes the encoding after use.
namespace {
class SecretList {
public:
    template <class... T>
    explicit SecretList(const T&... items) {
        CborWriter writer;
        writer.array(sizeof...(T));
        (add(writer, items), ...);
        m_bytes = writer.take();
    }
    ~SecretList() { wipe(m_bytes); }
    SecretList(const SecretList&) = delete;
    SecretList& operator=(const SecretList&) = delete;
    ByteView view() const { return m_bytes; }

private:
    static void add(CborWriter& writer, const SecretBytes& secret) { writer.byteString(secret.view()); }
    static void add(CborWriter& writer, const Hash& hash) { writer.byteString(hash.view()); }
    static void add(CborWriter& writer, ByteView bytes) { writer.byteString(bytes); }
    Bytes m_bytes;
};
} // namespace

Hash newAssetId(const IdentityKey& creator, Random& random) {
    Bytes nonce(16);
    random.fill(nonce);
    return crypto::labelledHash("asset", cborList(creator, nonce));
}

SecretBytes fingerprintKey(const SecretBytes& assetChild, const Hash& assetId) {
    assert(assetChild.size() == kFingerprintPartSize);
    return crypto::labelledKdf(assetChild.view(), assetId.view(), "fingerprint-key", cborList());
}

Bytes wrapForSeller(const SecretBytes& fingerprintKey, const EditionSecrets& secrets, const Hash& assetId,
                    std::uint64_t edition, Random& random) {
    return sealSecrets(fingerprintKey, secrets, frame("edition", cborList(assetId, edition)), random);
}

Result<EditionSecrets, WrapError> unwrapForSeller(const SecretBytes& fingerprintKey, ByteView wrapped,
                                                  const Hash& assetId, std::uint64_t edition) {
    return openSecrets(fingerprintKey, wrapped, frame("edition", cborList(assetId, edition)));
}

SecretBytes newSecondPassword(Random& random) {
    SecretBytes password(kSecondPasswordSize);
    random.fill(password.span());
    return password;
}

static SecretBytes firstPartKey(const SecretBytes& secondPassword, const SecretBytes& fingerprintPart,
                                const Hash& terms) {
    assert(secondPassword.size() == kSecondPasswordSize && fingerprintPart.size() == kFingerprintPartSize);
    return crypto::labelledKdf(secondPassword.view(), terms.view(), "wrap", SecretList(fingerprintPart).view());
}

Bytes wrapFirstPassword(const SecretBytes& secondPassword, const SecretBytes& fingerprintPart, const Hash& terms,
                        const EditionSecrets& secrets, Random& random) {
    const SecretBytes key = firstPartKey(secondPassword, fingerprintPart, terms);
    return sealSecrets(key, secrets, frame("c1", cborList(terms)), random);
}

Result<EditionSecrets, WrapError> unwrapFirstPassword(const SecretBytes& secondPassword,
                                                      const SecretBytes& fingerprintPart, const Hash& terms,
                                                      ByteView c1) {
    // These come from other people, so a wrong length is an answer and not a bug.
    if (secondPassword.size() != kSecondPasswordSize || fingerprintPart.size() != kFingerprintPartSize) {
        return Err(WrapError::NotOurs);
    }
    const SecretBytes key = firstPartKey(secondPassword, fingerprintPart, terms);
    return openSecrets(key, c1, frame("c1", cborList(terms)));
}

Hash commitFirstPart(const Hash& terms, ByteView c1, const SecretBytes& fingerprintPart) {
    return crypto::labelledHash("c1", SecretList(terms, c1, fingerprintPart).view());
}

Hash commitSecondPassword(const Hash& terms, const SecretBytes& secondPassword) {
    return crypto::labelledHash("p2", SecretList(terms, secondPassword).view());
}

static SecretBytes restKey(const SecretBytes& master, const SecretBytes& fingerprintPart) {
    return crypto::labelledKdf(master.view(), fingerprintPart.view(), "p2-rest", cborList());
}

Bytes sealSecondPassword(const SecretBytes& master, const SecretBytes& fingerprintPart, const Hash& terms,
                         const SecretBytes& secondPassword, Random& random) {
    assert(secondPassword.size() == kSecondPasswordSize);
    return crypto::aeadSeal(restKey(master, fingerprintPart), secondPassword.view(), frame("p2-rest", cborList(terms)),
                            random);
}

Result<SecretBytes, WrapError> openSecondPassword(const SecretBytes& master, const SecretBytes& fingerprintPart,
                                                  const Hash& terms, ByteView sealed) {
    auto password = crypto::aeadOpen(restKey(master, fingerprintPart), sealed, frame("p2-rest", cborList(terms)));
    if (!password || password->size() != kSecondPasswordSize) return Err(WrapError::NotOurs);
    return std::move(*password);
}

Bytes wrapForOwner(const SecretBytes& vaultKey, const EditionSecrets& secrets, const Hash& contract, Random& random) {
    return sealSecrets(vaultKey, secrets, frame("owned", cborList(contract)), random);
}

Result<EditionSecrets, WrapError> unwrapForOwner(const SecretBytes& vaultKey, ByteView wrapped, const Hash& contract) {
    return openSecrets(vaultKey, wrapped, frame("owned", cborList(contract)));
}

} // namespace tallylock::keys
