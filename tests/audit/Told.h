// The engine's events as the auditors hear them: bytes, and whom they are for.
#pragma once

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

} // namespace tallylock::audit
