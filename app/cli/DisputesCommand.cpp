#include "app/cli/DisputesCommand.h"

#include "app/cli/OpenProfile.h"
#include "core/api/Operator.h"
#include "core/money/Decimal.h"

#include <cstdio>
#include <iterator>

namespace tallylock::cli {

namespace {
constexpr const char* kDisputesUsage =
    "usage: disputes DIR [list | decide SALE AMOUNT REASON]; AMOUNT of what was held "
    "back goes to the buyer, the rest to the seller";
constexpr const char* kClaims[] = {"not as described", "bad data"};
static_assert(std::size(kClaims) == static_cast<std::size_t>(api::Claim::kCount));

const char* speakerOf(api::Actor by) {
    if (by == api::Actor::Buyer) return "buyer";
    return by == api::Actor::Seller ? "seller" : "arbiter";
}

void print(const api::DisputedSaleRow& row) {
    std::printf("sale %llu: %s buys from %s for %s; %s is held back; %s\n",
                static_cast<unsigned long long>(row.sale.value), printable(row.buyer).c_str(),
                printable(row.seller).c_str(), money::formatWithCode(row.price).c_str(),
                money::formatWithCode(row.holdback).c_str(), kClaims[static_cast<std::size_t>(row.dispute.claim)]);
    if (row.dispute.foundBad)
        std::printf("  the key server finds the data %s\n", *row.dispute.foundBad ? "bad" : "sound");
    for (const api::SaidRow& said : row.dispute.statements)
        std::printf("  %s: %s\n", speakerOf(said.by), printable(said.text).c_str());
}

int list(app::EventLoop& loop, api::Operator& desk) {
    const auto rows = loop.ask<std::vector<api::DisputedSaleRow>>([&](auto done) { desk.disputes(done); });
    if (!rows) return refused(rows.error());
    for (const api::DisputedSaleRow& row : *rows) print(row);
    if (rows->empty()) std::printf("nothing is disputed\n");
    return kDone;
}

int decide(app::EventLoop& loop, api::Operator& desk, const Arguments& a) {
    const auto sale = numberFrom(a[0]);
    if (!sale) return fail("not a number: " + a[0]);
    const auto toBuyer = money::parseAmount(a[1], money::kUsd);
    if (!toBuyer) return fail("not an amount of dollars: " + a[1]);
    const auto answer = loop.ask<void>([&](auto done) { desk.decideDispute(SaleId{*sale}, *toBuyer, a[2], done); });
    return answer ? kDone : refused(answer.error());
}
} // namespace

int runDisputes(const Arguments& arguments) {
    const bool lists = arguments.size() == 1 || (arguments.size() == 2 && arguments[1] == "list");
    const bool decides = arguments.size() == 5 && arguments[1] == "decide";
    if (!lists && !decides) return fail(kDisputesUsage);
    const auto opened = OpenNode::open(arguments[0]);
    if (!opened) return kFailed;
    api::Operator& desk = *opened->node->operatorDesk();
    if (lists) return list(opened->loop, desk);
    return decide(opened->loop, desk, {arguments.begin() + 2, arguments.end()});
}

} // namespace tallylock::cli
