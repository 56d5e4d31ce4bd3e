#include "app/operator/Acts.h"
#include "app/operator/Words.h"
#include "core/money/Decimal.h"

namespace tallylock::app {

namespace disputes {
namespace {

constexpr const char* kClaims[] = {"not as described", "bad data"};
static_assert(std::size(kClaims) == static_cast<std::size_t>(api::Claim::kCount));

const char* speakerOf(api::Actor by) {
    if (by == api::Actor::Buyer) return "buyer";
    return by == api::Actor::Seller ? "seller" : "arbiter";
}

void tell(Said& said, const api::DisputedSaleRow& row) {
    add(said, "sale %llu: %s buys from %s for %s; %s is held back; %s\n", number(row.sale.value),
        printable(row.buyer).c_str(), printable(row.seller).c_str(), money::formatWithCode(row.price).c_str(),
        money::formatWithCode(row.holdback).c_str(), kClaims[static_cast<std::size_t>(row.dispute.claim)]);
    if (row.dispute.foundBad)
        add(said, "  the key server finds the data %s\n", *row.dispute.foundBad ? "bad" : "sound");
    for (const api::SaidRow& words : row.dispute.statements)
        add(said, "  %s: %s\n", speakerOf(words.by), printable(words.text).c_str());
}

Said list(Talk& talk, const Words&) {
    const auto rows = talk.ask<std::vector<api::DisputedSaleRow>>([](auto& desk, auto done) { desk.disputes(done); });
    if (!rows) return refused(rows.error());
    Said said;
    for (const api::DisputedSaleRow& row : *rows) tell(said, row);
    if (rows->empty()) add(said, "nothing is disputed\n");
    return said;
}

Said decide(Talk& talk, const Words& a) {
    const auto sale = numberFrom(a[0]);
    if (!sale) return failed("not a number: " + a[0]);
    const auto toBuyer = money::parseAmount(a[1], money::kUsd);
    if (!toBuyer) return failed("not an amount of dollars: " + a[1]);
    return done(
        talk.ask<void>([&](auto& desk, auto reply) { desk.decideDispute(SaleId{*sale}, *toBuyer, a[2], reply); }));
}

constexpr Act kActs[] = {{"list", 0, 0, list}, {"decide", 3, 3, decide}};

} // namespace
} // namespace disputes

const ActGroup kDisputes{"disputes",
                         "[list | decide SALE AMOUNT REASON]; AMOUNT of what was held back goes to the buyer, the rest "
                         "to the seller",
                         disputes::kActs, "list"};

} // namespace tallylock::app
