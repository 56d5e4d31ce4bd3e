#include "app/cli/DisputesCommand.h"

#include "app/cli/OpenProfile.h"
#include "core/api/Operator.h"
#include "core/money/Decimal.h"

#include <charconv>
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
                static_cast<unsigned long long>(row.sale.value), row.buyer.c_str(), row.seller.c_str(),
                money::formatWithCode(row.price).c_str(), money::formatWithCode(row.holdback).c_str(),
                kClaims[static_cast<std::size_t>(row.dispute.claim)]);
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
    std::uint64_t sale = 0;
    const auto read = std::from_chars(a[0].data(), a[0].data() + a[0].size(), sale);
    if (read.ec != std::errc() || read.ptr != a[0].data() + a[0].size()) return fail("not a number: " + a[0]);
    const auto toBuyer = money::parseAmount(a[1], money::kUsd);
    if (!toBuyer) return fail("not an amount of dollars: " + a[1]);
    const auto answer = loop.ask<void>([&](auto done) { desk.decideDispute(SaleId{sale}, *toBuyer, a[2], done); });
    return answer ? kDone : refused(answer.error());
}
} // namespace

int runDisputes(const Arguments& arguments) {
    const bool lists = arguments.size() == 1 || (arguments.size() == 2 && arguments[1] == "list");
    const bool decides = arguments.size() == 5 && arguments[1] == "decide";
    if (!lists && !decides) return fail(kDisputesUsage);
    app::EventLoop loop;
    app::NodeOptions settings;
    settings.folder = arguments[0];
    settings.executor = loop.executor();
    if (!std::filesystem::is_directory(settings.folder)) return fail("no such folder: " + arguments[0]);
    auto node = app::EmbeddedNode::start(settings);
    if (!node) return refused(node.error());
    api::Operator& desk = (*node)->operatorDesk();
    if (lists) return list(loop, desk);
    return decide(loop, desk, {arguments.begin() + 2, arguments.end()});
}

} // namespace tallylock::cli
