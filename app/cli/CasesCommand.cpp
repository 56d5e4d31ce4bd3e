#include "app/cli/CasesCommand.h"

#include "app/cli/OpenProfile.h"
#include "core/api/Operator.h"
#include "core/money/Decimal.h"

#include <charconv>
#include <cstdio>
#include <iterator>

namespace tallylock::cli {

namespace {
constexpr const char* kRuleKinds[] = {"size", "speed", "structuring", "address"};
static_assert(std::size(kRuleKinds) == static_cast<std::size_t>(api::RuleKind::kCount));
constexpr const char* kDecisions[] = {"hold", "release", "freeze"};
static_assert(std::size(kDecisions) == static_cast<std::size_t>(api::CaseDecision::kCount));

constexpr const char* kCasesUsage =
    "usage: cases DIR [list | rules | rule N KIND in|out hold|note UNIT AMOUNT [SECONDS COUNT [BASIS-POINTS]] | "
    "unrule N | addresses FILE | hold N REASON | release N REASON | freeze N REASON | reset-codes USER]; KIND is size, "
    "speed, structuring or address";

template <class N>
bool readNumber(const std::string& text, N& value) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

class Desk {
public:
    Desk(app::EventLoop& loop, api::Operator& desk) : m_loop(loop), m_desk(desk) {}

    int list() {
        const auto rows = m_loop.ask<std::vector<api::CaseRow>>([&](auto done) { m_desk.cases(done); });
        if (!rows) return refused(rows.error());
        for (const api::CaseRow& row : *rows) {
            std::printf("%llu  %s  %s (%llu)  %s rule %llu  %s %s  %s  %llu transactions  %s\n",
                        static_cast<unsigned long long>(row.id), row.held ? "held" : "open", row.name.c_str(),
                        static_cast<unsigned long long>(row.holder.value),
                        kRuleKinds[static_cast<std::size_t>(row.kind)], static_cast<unsigned long long>(row.rule),
                        row.out ? "out" : "in", money::formatWithCode(row.amount).c_str(), row.place.c_str(),
                        static_cast<unsigned long long>(row.transactions), row.reason.c_str());
        }
        return kDone;
    }

    int rules() {
        const auto rows = m_loop.ask<std::vector<api::RuleRow>>([&](auto done) { m_desk.rules(done); });
        if (!rows) return refused(rows.error());
        for (const api::RuleRow& row : *rows) {
            std::printf("%llu  %s  %s  %s  %s  %lld s  %u  %u\n", static_cast<unsigned long long>(row.id),
                        kRuleKinds[static_cast<std::size_t>(row.kind)], row.out ? "out" : "in",
                        row.hold ? "hold" : "note", money::formatWithCode(row.amount).c_str(),
                        static_cast<long long>(row.windowMs / 1000), row.count, row.nearBasisPoints);
        }
        return kDone;
    }

    int rule(const Arguments& a) {
        api::RuleRow row;
        const auto kind = placeAmong(kRuleKinds, a[1]);
        const bool goodWords = (a[2] == "in" || a[2] == "out") && (a[3] == "hold" || a[3] == "note");
        const money::Unit* unit = money::findUnit(a[4]);
        if (!readNumber(a[0], row.id) || !kind || !goodWords || !unit) return fail(kCasesUsage);
        const auto amount = money::parseAmount(a[5], unit->id);
        if (!amount) return fail("not an amount: " + a[5]);
        row.kind = static_cast<api::RuleKind>(*kind);
        row.out = a[2] == "out";
        row.hold = a[3] == "hold";
        row.amount = *amount;
        std::uint32_t seconds = 0;
        if (a.size() > 6 && (!readNumber(a[6], seconds) || a.size() < 8 || !readNumber(a[7], row.count)))
            return fail(kCasesUsage);
        if (a.size() > 8 && !readNumber(a[8], row.nearBasisPoints)) return fail(kCasesUsage);
        row.windowMs = std::int64_t{seconds} * 1000;
        return done(m_loop.ask<void>([&](auto reply) { m_desk.setRule(row, reply); }));
    }

    int unrule(const Arguments& a) {
        std::uint64_t id = 0;
        if (!readNumber(a[0], id)) return fail("not a number: " + a[0]);
        return done(m_loop.ask<void>([&](auto reply) { m_desk.removeRule(id, reply); }));
    }

    int addresses(const Arguments& a) {
        const auto count = m_loop.ask<std::uint64_t>([&](auto reply) { m_desk.watchAddresses(a[0], reply); });
        if (!count) return refused(count.error());
        std::printf("%llu addresses are watched\n", static_cast<unsigned long long>(*count));
        return kDone;
    }

    int resetCodes(const Arguments& a) {
        std::uint64_t user = 0;
        if (!readNumber(a[0], user)) return fail("not a number: " + a[0]);
        return done(m_loop.ask<void>([&](auto reply) { m_desk.resetFactor(UserId{user}, reply); }));
    }

    int decide(api::CaseDecision decision, const Arguments& a) {
        std::uint64_t id = 0;
        if (!readNumber(a[0], id)) return fail("not a number: " + a[0]);
        return done(m_loop.ask<void>([&](auto reply) { m_desk.decide(id, decision, a[1], reply); }));
    }

private:
    static int done(const api::Answer<void>& answer) { return answer ? kDone : refused(answer.error()); }

    app::EventLoop& m_loop;
    api::Operator& m_desk;
};

/// Nothing if there is no such act with so many arguments.
std::optional<int> act(Desk& desk, const std::string& name, const Arguments& a) {
    if (name == "list" && a.empty()) return desk.list();
    if (name == "rules" && a.empty()) return desk.rules();
    if (name == "rule" && a.size() >= 6 && a.size() <= 9) return desk.rule(a);
    if (name == "unrule" && a.size() == 1) return desk.unrule(a);
    if (name == "addresses" && a.size() == 1) return desk.addresses(a);
    if (name == "reset-codes" && a.size() == 1) return desk.resetCodes(a);
    if (const auto decision = placeAmong(kDecisions, name); decision && a.size() == 2)
        return desk.decide(static_cast<api::CaseDecision>(*decision), a);
    return std::nullopt;
}

} // namespace

int runCases(const Arguments& arguments) {
    if (arguments.empty()) return fail(kCasesUsage);
    const auto opened = OpenNode::open(arguments[0]);
    if (!opened) return kFailed;
    Desk desk(opened->loop, *opened->node->operatorDesk());
    const std::string name = arguments.size() > 1 ? arguments[1] : "list";
    const Arguments rest(arguments.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(arguments.size(), 2)),
                         arguments.end());
    const auto outcome = act(desk, name, rest);
    return outcome ? *outcome : fail(kCasesUsage);
}

} // namespace tallylock::cli
