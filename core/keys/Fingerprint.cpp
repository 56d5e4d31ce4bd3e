#include "core/keys/Fingerprint.h"

#include "core/crypto/Hash.h"
#include "core/keys/SeedPhrase.h"

namespace tallylock::keys {

static constexpr std::size_t kShownSize = 16;

Fingerprint Fingerprint::of(const IdentityKey& key) {
    Fingerprint fingerprint;
    fingerprint.m_hash = crypto::labelledHash("fingerprint", crypto::cborList(key));
    return fingerprint;
}

std::string Fingerprint::text() const {
    const std::string digits = toHex(m_hash.view().first(kShownSize));
    std::string text;
    for (std::size_t i = 0; i < digits.size(); i += 4) {
        if (i > 0) text += '-';
        text += digits.substr(i, 4);
    }
    return text;
}

std::string Fingerprint::words() const {
    return textOf(SeedPhrase::fromEntropy(m_hash.view().first(kShownSize)).text().view());
}

} // namespace tallylock::keys
