#include "app/operator/Acts.h"
#include "app/operator/Words.h"
#include "core/money/Decimal.h"

namespace tallylock::app {

namespace cases {
namespace {

constexpr const char* kRuleKinds[] = {"size", "speed", "structuring", "address"};
static_assert(std::size(kRuleKinds) == static_cast<std::size_t>(api::RuleKind::kCount));

Said list(Talk& talk, const Words&) {
    const auto rows = talk.ask<std::vector<api::CaseRow>>([](auto& desk, auto done) { desk.cases(done); });
    if (!rows) return refused(rows.error());
    Said said;
    for (const api::CaseRow& row : *rows) {
        add(said, "%llu  %s  %s (%llu)  %s rule %llu  %s %s  %s  %llu transactions  %s\n", number(row.id),
            row.held ? "held" : "open", printable(row.name).c_str(), number(row.holder.value),
            kRuleKinds[static_cast<std::size_t>(row.kind)], number(row.rule), row.out ? "out" : "in",
            money::formatWithCode(row.amount).c_str(), printable(row.place).c_str(), number(row.transactions),
            printable(row.reason).c_str());
    }
    return said;
}

Said rules(Talk& talk, const Words&) {
    const auto rows = talk.ask<std::vector<api::RuleRow>>([](auto& desk, auto done) { desk.rules(done); });
    if (!rows) return refused(rows.error());
    Said said;
    for (const api::RuleRow& row : *rows) {
        add(said, "%llu  %s  %s  %s  %s  %lld s  %u  %u\n", number(row.id),
            kRuleKinds[static_cast<std::size_t>(row.kind)], row.out ? "out" : "in", row.hold ? "hold" : "note",
            money::formatWithCode(row.amount).c_str(), static_cast<long long>(row.windowMs / 1000), row.count,
            row.nearBasisPoints);
    }
    return said;
}

/// A number that fits; false after saying that it is none.
template <class N>
bool read(const std::string& text, N& value, Said& said) {
    const auto given = numberFrom(text);
    const bool good = given && *given <= std::numeric_limits<N>::max();
    if (good) value = static_cast<N>(*given);
    if (!good) said = failed("not a number: " + text);
    return good;
}

Said rule(Talk& talk, const Words& a) {
    api::RuleRow row;
    Said wrong;
    const auto kind = placeAmong(kRuleKinds, a[1]);
    if (!kind) return failed("no kind of rule: " + a[1] + "; there are size, speed, structuring and address");
    if (a[2] != "in" && a[2] != "out") return failed("neither in nor out: " + a[2]);
    if (a[3] != "hold" && a[3] != "note") return failed("neither hold nor note: " + a[3]);
    const money::Unit* unit = money::findUnit(a[4]);
    if (!unit) return failed("no such unit: " + a[4]);
    const auto amount = money::parseAmount(a[5], unit->id);
    if (!amount) return failed("not an amount: " + a[5]);
    row.kind = static_cast<api::RuleKind>(*kind);
    row.out = a[2] == "out";
    row.hold = a[3] == "hold";
    row.amount = *amount;
    std::uint32_t seconds = 0;
    if (a.size() == 7) return failed("a window of " + a[6] + " seconds, and a count of how many?");
    if (!read(a[0], row.id, wrong)) return wrong;
    if (a.size() > 6 && (!read(a[6], seconds, wrong) || !read(a[7], row.count, wrong))) return wrong;
    if (a.size() > 8 && !read(a[8], row.nearBasisPoints, wrong)) return wrong;
    row.windowMs = std::int64_t{seconds} * 1000;
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.setRule(row, reply); }));
}

Said unrule(Talk& talk, const Words& a) {
    const auto id = numberFrom(a[0]);
    if (!id) return failed("not a number: " + a[0]);
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.removeRule(*id, reply); }));
}

Said addresses(Talk& talk, const Words&) {
    const auto count =
        talk.ask<std::uint64_t>([&](auto& desk, auto reply) { desk.watchAddresses(std::move(talk.attached), reply); });
    if (!count) return refused(count.error());
    Said said;
    add(said, "%llu addresses are watched\n", number(*count));
    return said;
}

Said decide(Talk& talk, api::CaseDecision decision, const Words& a) {
    const auto id = numberFrom(a[0]);
    if (!id) return failed("not a number: " + a[0]);
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.decide(*id, decision, a[1], reply); }));
}

constexpr Act kActs[] = {
    {"list", 0, 0, list},
    {"rules", 0, 0, rules},
    {"rule", 6, 9, rule},
    {"unrule", 1, 1, unrule},
    {"addresses", 1, 1, addresses, true},
    {"hold", 2, 2, [](Talk& talk, const Words& a) { return decide(talk, api::CaseDecision::Hold, a); }},
    {"release", 2, 2, [](Talk& talk, const Words& a) { return decide(talk, api::CaseDecision::Release, a); }},
    {"freeze", 2, 2, [](Talk& talk, const Words& a) { return decide(talk, api::CaseDecision::Freeze, a); }},
};

} // namespace
} // namespace cases

const ActGroup kCases{"cases",
                      "[list | rules | rule N KIND in|out hold|note UNIT AMOUNT [SECONDS COUNT [BASIS-POINTS]] | "
                      "unrule N | addresses FILE | hold|release|freeze N REASON]",
                      cases::kActs, "list"};

} // namespace tallylock::app
