#include "app/operator/Acts.h"
#include "app/operator/Words.h"
#include "core/money/Decimal.h"

#include <map>

namespace tallylock::app {

namespace books {
namespace {

constexpr std::uint32_t kMostLines = 100'000;

std::string codeOf(api::UnitId unit) { return std::string(money::findUnit(unit)->code); }

Said trial(Talk& talk, const Words&) {
    const auto rows = talk.ask<std::vector<api::LedgerRow>>([](auto& desk, auto done) { desk.trialBalance(done); });
    return rows ? trialOf(*rows) : refused(rows.error());
}

Said reconcile(Talk& talk, const Words&) {
    const auto rows =
        talk.ask<std::vector<api::ReconciliationRow>>([](auto& desk, auto done) { desk.reconciliation(done); });
    return rows ? reconciliationOf(*rows) : refused(rows.error());
}

Said statement(Talk& talk, const Words& a) {
    const auto holder = accountNamed(talk, a[0]);
    if (!holder) return failed(holder.error());
    const money::Unit* unit = money::findUnit(a[1]);
    if (!unit) return failed("no such unit: " + a[1]);
    const auto rows = talk.ask<std::vector<api::StatementRow>>(
        [&](auto& desk, auto done) { desk.statement(*holder, unit->id, kMostLines, done); });
    if (!rows) return refused(rows.error());
    return statementOf({rows->rbegin(), rows->rend()});
}

Said suspense(Talk& talk, const Words&) {
    const auto rows = talk.ask<std::vector<api::SuspenseRow>>([](auto& desk, auto done) { desk.suspense(done); });
    return rows ? suspenseOf(*rows) : refused(rows.error());
}

Said assign(Talk& talk, const Words& a) {
    const auto holder = accountNamed(talk, a[2]);
    if (!holder) return failed(holder.error());
    return done(talk.ask<void>(
        [&](auto& desk, auto reply) { desk.assignSuspense(a[0], a[1], *holder, a[3], std::move(reply)); }));
}

constexpr Act kActs[] = {
    {"trial", 0, 0, trial},         {"suspense", 0, 0, suspense},   {"assign", 4, 4, assign},
    {"statement", 2, 2, statement}, {"reconcile", 0, 0, reconcile},
};

} // namespace
} // namespace books

const ActGroup kBooks{"books",
                      "{trial | statement ACCOUNT UNIT | reconcile | suspense | assign RAIL DEPOSIT ACCOUNT REASON}",
                      books::kActs, ""};

Said trialOf(const std::vector<api::LedgerRow>& rows) {
    Said said;
    std::map<api::UnitId, money::Int128> sums;
    for (const api::LedgerRow& row : rows) {
        sums[row.unit] += row.total.value;
        add(said, "%s  %-12s  %s  held %s  in %llu accounts\n", books::codeOf(row.unit).c_str(), row.purpose.c_str(),
            money::formatAmount(row.total).c_str(), money::formatAmount(row.held).c_str(), number(row.accounts));
    }
    for (const auto& [unit, sum] : sums) {
        if (sum != 0) return failed("the ledger does not sum to zero in " + books::codeOf(unit));
    }
    add(said, "every unit sums to zero\n");
    return said;
}

Said suspenseOf(const std::vector<api::SuspenseRow>& rows) {
    Said said;
    for (const api::SuspenseRow& row : rows) {
        add(said, "%s  %s  %s  ", printable(row.rail).c_str(), printable(row.name).c_str(),
            money::formatWithCode(row.amount).c_str());
        // What the payer has written comes last.
        if (row.holder)
            add(said, "account %llu's, in another unit, ", number(row.holder.value));
        else
            add(said, "nobody's, ");
        add(said, "paid to \"%s\"\n", printable(row.identifier).c_str());
    }
    if (rows.empty()) add(said, "nothing is in suspense\n");
    return said;
}

Said statementOf(const std::vector<api::StatementRow>& rows) {
    Said said;
    for (const api::StatementRow& row : rows) {
        add(said, "%lld  entry %llu  %-16s  %s  balance %s\n", static_cast<long long>(row.timeMs),
            number(row.entry.value), row.reason.c_str(), money::formatAmount(row.delta).c_str(),
            money::formatAmount(row.balance).c_str());
    }
    return said;
}

Said reconciliationOf(const std::vector<api::ReconciliationRow>& rows) {
    Said said;
    bool good = true;
    for (const api::ReconciliationRow& row : rows) {
        const bool unused = row.ledger.isZero() && (!row.outside || row.outside->isZero()) && row.losses.isZero();
        if (unused) continue;
        good = good && row.outside.has_value() && row.unexplained.isZero();
        const auto plain = [](const api::Amount& amount) { return money::formatAmount(amount); };
        add(said,
            "%s  ledger %s  %s %s  difference %s  unconfirmed deposits %s  payouts under way %s  losses %s  "
            "unexplained %s\n",
            books::codeOf(row.unit).c_str(), plain(row.ledger).c_str(),
            row.place.empty() ? "nobody" : row.place.c_str(),
            row.outside ? plain(*row.outside).c_str() : "does not answer", plain(row.difference).c_str(),
            plain(row.unconfirmed).c_str(), plain(row.paying).c_str(), plain(row.losses).c_str(),
            plain(row.unexplained).c_str());
    }
    if (!good) {
        said.code = 1;
        said.err = "something is unexplained";
    }
    return said;
}

} // namespace tallylock::app
