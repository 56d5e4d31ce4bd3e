// The engine's events as the auditors hear them: bytes, and whom they are for. And what they have to ask: whether
// somebody has signed something.
#pragma once

#include "core/crypto/Sign.h"
#include "core/engine/Events.h"
#include "tests/audit/auditor/Auditor.h"

namespace tallylock::audit {

inline std::vector<Told> told(const std::vector<engine::Event>& events) {
    std::vector<Told> all;
    for (const engine::Event& event : events) {
        const engine::Audience& to = event.audience;
        Audience audience{to.kind == engine::Audience::Kind::Public, {}};
        if (to.kind == engine::Audience::Kind::Holders) audience.holders = {to.first.value, to.second.value};
        audience.holders.erase(0);
        all.push_back({encodeCbor(event.body), std::move(audience)});
    }
    return all;
}

/// SaleAuditor::Verify.
inline bool hasSigned(const std::string& key, const Bytes& said, const std::string& signature) {
    const auto view = [](const std::string& text) {
        return ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    };
    const auto by = IdentityKey::from(view(key));
    const auto made = Signature::from(view(signature));
    return by && made && crypto::verifyRaw(*by, said, *made);
}

} // namespace tallylock::audit
