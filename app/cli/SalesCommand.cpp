#include "app/cli/SalesCommand.h"

#include "app/cli/OpenProfile.h"
#include "app/cli/Report.h"
#include "core/keys/PrivateFile.h"
#include "core/money/Decimal.h"

#include <cstdio>

namespace tallylock::cli {

namespace {
int listSales(OpenProfile& profile) {
    const auto sales =
        profile.loop.ask<std::vector<api::SaleRow>>([&](auto done) { profile.session->sales(std::move(done)); });
    if (!sales) return refused(sales.error());
    for (const api::SaleRow& row : *sales) {
        std::printf("%llu  %s%s  %s  %s  %s\n", static_cast<unsigned long long>(row.id.value),
                    row.orphanedSinceMs != 0 ? "orphaned, last known as " : "", stateName(row.state),
                    row.role == api::SaleRole::Buyer ? "bought" : "sold",
                    money::formatWithCode(row.price.isZero() ? row.bid : row.price).c_str(), row.name.c_str());
    }
    return kDone;
}

int saveEvidence(OpenProfile& profile, SaleId sale, const std::string& path) {
    const auto evidence = profile.loop.ask<Bytes>([&](auto done) { profile.session->evidence(sale, std::move(done)); });
    if (!evidence) return refused(evidence.error());
    const auto written = keys::writePrivateFile(path, *evidence, keys::Replace::No);
    if (!written) return fail("cannot write " + path + ": " + keys::nameOf(written.error()));
    std::printf("%s: %zu bytes of evidence of sale %llu; tallylock-cli verify checks them\n", path.c_str(),
                evidence->size(), static_cast<unsigned long long>(sale.value));
    return kDone;
}
int decide(OpenProfile& profile, SaleId sale, const api::Amount& toBuyer, const std::string& reason) {
    const auto decided = profile.loop.ask<void>(
        [&](auto done) { profile.session->decideDispute(sale, toBuyer, reason, std::move(done)); });
    return decided ? kDone : refused(decided.error());
}
} // namespace

int runSales(const Arguments& arguments) {
    const std::size_t given = arguments.size();
    const bool lists = given == 2 || (given == 3 && arguments[2] == "list");
    const bool proves = given == 5 && arguments[2] == "evidence";
    const bool decides = given == 6 && arguments[2] == "decide";
    if (!lists && !proves && !decides)
        return fail("usage: sales DIR NAME [list | evidence SALE FILE | decide SALE AMOUNT REASON]");
    const auto sale = lists ? std::optional<std::uint64_t>(0) : numberFrom(arguments[3]);
    if (!sale) return fail("not the number of a sale: " + arguments[3]);
    const auto toBuyer =
        decides ? money::parseAmount(arguments[4], money::kUsd) : Result<api::Amount, money::MoneyError>(api::Amount{});
    if (!toBuyer) return fail("not an amount of dollars: " + arguments[4]);
    const auto profile = OpenProfile::open(arguments[0], arguments[1]);
    if (!profile) return kFailed;
    if (decides) return decide(*profile, {*sale}, *toBuyer, arguments[5]);
    return lists ? listSales(*profile) : saveEvidence(*profile, {*sale}, arguments[4]);
}

} // namespace tallylock::cli
