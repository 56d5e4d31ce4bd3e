// The trails of this identity's sales, fetched from the coordinator as they grow, checked, and kept in the diary: so
// that what was signed for us can be shown to others even when the coordinator is gone.
//
// State            one writer   durable where            if it arrives twice
// what is fetched  worker       party's own journal      the same receipts take their own places
#pragma once

#include "core/api/Session.h"
#include "core/party/Server.h"

#include <map>

namespace tallylock::party {

class Core;

/// Worker thread.
class Trails {
public:
    explicit Trails(Core& core) : m_core(core) {}

    /// Something about this sale has changed: fetches what of its trail is not here yet.
    void look(SaleId sale);
    /// The coordinator does not answer, and may be gone: our sales stand in our own trails, and what we have bought and
    /// paid for as far as it takes to get the key and open the file. Its streams replace that when they come.
    void recall();
    /// The file of evidence, with as much of the trail as can be had now.
    void evidence(SaleId sale, const api::Done<Bytes>& done);

private:
    /// Every receipt that is known of is in the trail that is kept.
    bool isWhole(SaleId sale) const;
    void answered(SaleId sale, std::uint64_t after, Result<wire::Trail, wire::Problem> answer);
    /// False: it does not prove what it should, and is not kept.
    bool keep(SaleId sale, std::uint64_t after, wire::Trail fetched);

    Core& m_core;
    std::map<SaleId, Backoff> m_asking; ///< or waiting to ask again
};

} // namespace tallylock::party
