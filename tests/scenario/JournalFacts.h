// What a coordinator's journal says has happened: replayed from its first record, step by step under the eyes of the
// independent auditor of sales, and without a look at anything that an app or a server has said.
#pragma once

#include "core/engine/Engine.h"
#include "core/ports/Journal.h"

#include <map>
#include <set>

namespace tallylock::marketplace {

struct SaleFacts {
    engine::SaleChanged last;
    std::set<engine::SaleState> been;   ///< states
    int quotes = 0;                     ///< that were made
    bool hasLapsed = false;             ///< one of them
    std::set<money::Int128> signedAnew; ///< what the buyer has agreed to behind a quote that has lapsed
    money::Int128 fetched = 0;          ///< dollars that its own coins have brought, the fee taken off
    bool hasBeen(engine::SaleState state) const { return been.contains(state); }
};
struct ListingFacts {
    HolderId seller;
    std::string name;
};
struct OrderFacts {
    HolderId holder;
    engine::OrderState state{};
};

struct JournalFacts {
    std::string wrong; ///< the first thing that is; empty: nothing
    std::uint64_t sequence = 0;
    std::map<ListingId, ListingFacts> listings;
    std::map<SaleId, SaleFacts> sales;
    std::map<OrderId, OrderFacts> orders;
    std::map<std::uint64_t, treasury::Withdrawal> withdrawals;
    std::map<std::pair<HolderId, money::UnitId>, money::Int128> available; ///< the ledger's, at the end
    std::uint64_t refused = 0;                                             ///< commands
    std::uint64_t trades = 0;
    std::uint64_t quotesLapsed = 0;
};

JournalFacts factsOf(ports::Journal& journal);

} // namespace tallylock::marketplace
