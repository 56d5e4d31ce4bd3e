// The public fingerprint of an identity: H("fingerprint", [identity key]), of which 128 bits are shown.
#pragma once

#include "core/base/Fixed.h"

#include <string>

namespace tallylock::keys {

class Fingerprint {
public:
    static Fingerprint of(const IdentityKey& key);

    /// Eight groups of four hexadecimal digits: "1a2b-3c4d-...".
    std::string text() const;
    /// The same 128 bits as twelve words of the phrase list, with single spaces. Public, though it looks like a phrase.
    std::string words() const;
    const Hash& hash() const { return m_hash; }
    bool operator==(const Fingerprint&) const = default;

private:
    Hash m_hash;
};

} // namespace tallylock::keys
