#include "core/custody/Custody.h"

#include <cassert>

namespace tallylock::custody {

const char* nameOf(CustodyError error) {
    switch (error) {
    case CustodyError::Empty: return "no custody chain";
    case CustodyError::TooLong: return "custody chain too long";
    case CustodyError::OtherAsset: return "custody of another asset";
    case CustodyError::BrokenChain: return "broken custody chain";
    case CustodyError::NotOwner: return "passed on by somebody who was not the owner";
    case CustodyError::WrongSignature: return "wrong signature in the custody chain";
    }
    return "?";
}

Hash custodyHash(const SignedCustody& entry) { return crypto::labelledHash("custody", entry); }

bool isSigned(const SignedCustody& passed) {
    return crypto::verify(passed.entry.from, kCustodyLabel, passed.entry, passed.signature);
}

static SignedCustody signedCustody(const crypto::SigningKey& by, const CustodyEntry& entry) {
    return {entry, by.sign(kCustodyLabel, entry)};
}

SignedCustody beginCustody(const crypto::SigningKey& creator, const Hash& assetId, std::int64_t timeMs) {
    CustodyEntry entry;
    entry.assetId = assetId;
    entry.from = creator.publicKey();
    entry.to = creator.publicKey();
    entry.timeMs = timeMs;
    return signedCustody(creator, entry);
}

SignedCustody passCustody(const crypto::SigningKey& owner, const std::vector<SignedCustody>& chain,
                          const IdentityKey& to, const Hash& contract, std::int64_t timeMs) {
    assert(!chain.empty());
    CustodyEntry entry;
    entry.assetId = chain.back().entry.assetId;
    entry.number = chain.size();
    entry.kind = CustodyKind::Sold;
    entry.from = owner.publicKey();
    entry.to = to;
    entry.previous = custodyHash(chain.back());
    entry.contract = contract;
    entry.timeMs = timeMs;
    return signedCustody(owner, entry);
}

static bool fitsAsFirst(const CustodyEntry& entry) {
    return entry.number == 0 && entry.kind == CustodyKind::Created && entry.from == entry.to &&
           entry.previous.isZero() && entry.contract.isZero();
}

Result<IdentityKey, CustodyError> checkCustody(const std::vector<SignedCustody>& chain, const Hash& assetId) {
    if (chain.empty()) return Err(CustodyError::Empty);
    if (chain.size() > kMaxCustodyEntries) return Err(CustodyError::TooLong);
    for (std::size_t i = 0; i < chain.size(); ++i) {
        const CustodyEntry& entry = chain[i].entry;
        if (entry.assetId != assetId) return Err(CustodyError::OtherAsset);
        if (i == 0) {
            if (!fitsAsFirst(entry)) return Err(CustodyError::BrokenChain);
        } else {
            const SignedCustody& before = chain[i - 1];
            if (entry.number != i || entry.kind != CustodyKind::Sold || entry.previous != custodyHash(before) ||
                entry.timeMs < before.entry.timeMs) {
                return Err(CustodyError::BrokenChain);
            }
            if (entry.from != before.entry.to) return Err(CustodyError::NotOwner);
        }
        if (!isSigned(chain[i])) return Err(CustodyError::WrongSignature);
    }
    return chain.back().entry.to;
}

} // namespace tallylock::custody
