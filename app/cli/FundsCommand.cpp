#include "app/cli/FundsCommand.h"

#include "app/cli/OpenProfile.h"
#include "app/cli/Passphrase.h"
#include "core/api/Guard.h"
#include "core/api/Treasury.h"
#include "core/money/Decimal.h"

#include <cstdio>
#include <iterator>

namespace tallylock::cli {

namespace {

/// How long a payout that needs nobody's approval is watched before the command ends. It goes on at the next start.
constexpr std::int64_t kWatchMs = 10'000;
constexpr const char* kWithdrawalStates[] = {"requested", "approved",  "paying", "sent",
                                             "failed",    "cancelled", "expired"};
constexpr const char* kFactorStates[] = {"none", "offered", "confirmed"};
static_assert(std::size(kWithdrawalStates) == static_cast<std::size_t>(api::WithdrawalState::kCount));

std::string codeOf(api::UnitId unit) {
    const money::Unit* known = money::findUnit(unit);
    return known ? std::string(known->code) : "?";
}

/// One profile's session, asked and waited for.
class Funds {
public:
    Funds(app::EventLoop& loop, api::Session& session) : m_loop(loop), m_session(session) {}

    int balances(const Arguments&) {
        const auto rows = m_loop.ask<std::vector<api::BalanceRow>>([&](auto done) { m_session.balances(done); });
        if (!rows) return refused(rows.error());
        for (const api::BalanceRow& row : *rows) {
            std::printf("%s  available %s  held %s  pending %s\n", codeOf(row.unit).c_str(),
                        money::formatAmount(row.available).c_str(), money::formatAmount(row.held).c_str(),
                        money::formatAmount(row.pending).c_str());
        }
        return kDone;
    }

    int addresses(const Arguments&) {
        const auto rows =
            m_loop.ask<std::vector<api::PayoutAddressRow>>([&](auto done) { treasury().payoutAddresses(done); });
        if (!rows) return refused(rows.error());
        for (const api::PayoutAddressRow& row : *rows) {
            std::printf("%llu  %s  %s  %s\n", static_cast<unsigned long long>(row.id), codeOf(row.unit).c_str(),
                        row.address.c_str(), row.label.c_str());
        }
        return kDone;
    }

    int address(const Arguments& a) {
        const money::Unit* unit = money::findUnit(a[0]);
        if (!unit) return fail("no such unit: " + a[0]);
        const std::string label = a.size() > 2 ? a[2] : std::string();
        const auto added =
            withCode<std::uint64_t>([&](auto done) { treasury().addPayoutAddress(unit->id, a[1], label, done); });
        return number(added);
    }

    int withdraw(const Arguments& a) {
        const auto place = numberFrom(a[0]);
        const auto rows =
            m_loop.ask<std::vector<api::PayoutAddressRow>>([&](auto done) { treasury().payoutAddresses(done); });
        if (!rows) return refused(rows.error());
        for (const api::PayoutAddressRow& row : *rows) {
            if (row.id != place) continue;
            const auto amount = money::parseAmount(a[1], row.unit);
            if (!amount) return fail("not an amount: " + a[1]);
            const auto asked =
                withCode<std::uint64_t>([&](auto done) { treasury().requestWithdrawal(row.id, *amount, done); });
            return asked ? watch(*asked) : refused(asked.error());
        }
        return fail("no such address; see `funds addresses`");
    }

    int approve(const Arguments& a) {
        const auto id = numberFrom(a[0]);
        if (!id) return fail("not a number: " + a[0]);
        const auto approved = withCode<void>([&](auto done) { treasury().approveWithdrawal(*id, done); });
        return approved ? watch(*id) : refused(approved.error());
    }

    int cancel(const Arguments& a) {
        const auto id = numberFrom(a[0]);
        if (!id) return fail("not a number: " + a[0]);
        const auto cancelled = m_loop.ask<void>([&](auto done) { treasury().cancelWithdrawal(*id, done); });
        return cancelled ? kDone : refused(cancelled.error());
    }

    int withdrawals(const Arguments&) {
        const auto rows = all();
        if (!rows) return refused(rows.error());
        for (const api::WithdrawalRow& row : *rows) print(row);
        return kDone;
    }

    int policy(const Arguments&) {
        const auto row = m_loop.ask<api::PolicyRow>([&](auto done) { treasury().withdrawalPolicy(done); });
        if (!row) return refused(row.error());
        print(row->policy);
        if (!row->pending) return kDone;
        std::printf("change %llu, %u of %u approvals, %s %lld:\n", static_cast<unsigned long long>(row->pending->id),
                    row->pending->approvals, row->pending->approvalsNeeded,
                    row->pending->approved ? "begins at" : "given up at", static_cast<long long>(row->pending->dueMs));
        print(row->pending->policy);
        return kDone;
    }

    // --- one-time codes ---

    int factor(const Arguments&) {
        const auto state = m_loop.ask<api::FactorState>([&](auto done) { guard().factorState(done); });
        if (!state) return refused(state.error());
        std::printf("%s\n", kFactorStates[static_cast<std::size_t>(*state)]);
        return kDone;
    }

    /// Shows the secret once, and asks for its first code.
    int enrol(const Arguments&) {
        std::string present;
        const auto state = m_loop.ask<api::FactorState>([&](auto done) { guard().factorState(done); });
        if (!state) return refused(state.error());
        if (*state == api::FactorState::Confirmed && !askCode("Code of the present authenticator", present))
            return kFailed;
        const auto offer = m_loop.ask<api::FactorOffer>([&](auto done) { guard().enrolFactor(present, done); });
        if (!offer) return refused(offer.error());
        std::printf("%.*s\n", static_cast<int>(offer->uri->size()), reinterpret_cast<const char*>(offer->uri->data()));
        std::printf("%.*s\n", static_cast<int>(offer->base32->size()),
                    reinterpret_cast<const char*>(offer->base32->data()));
        std::fflush(stdout);
        std::string code;
        if (!askCode("First code", code)) return kFailed;
        const auto confirmed = m_loop.ask<void>([&](auto done) { guard().confirmFactor(code, done); });
        if (!confirmed) return refused(confirmed.error());
        std::printf("confirmed\n");
        return kDone;
    }

    int unenrol(const Arguments&) {
        std::string code;
        if (!askCode("One-time code", code)) return kFailed;
        const auto removed = m_loop.ask<void>([&](auto done) { guard().removeFactor(code, done); });
        return removed ? kDone : refused(removed.error());
    }

    /// Whether withdrawals and changes of the rules take a code.
    int codes(const Arguments& a) {
        if (a[0] != "on" && a[0] != "off") return fail("codes on, or codes off");
        auto row = m_loop.ask<api::PolicyRow>([&](auto done) { treasury().withdrawalPolicy(done); });
        if (!row) return refused(row.error());
        row->policy.secondFactor = a[0] == "on";
        const auto change =
            withCode<std::uint64_t>([&](auto done) { treasury().setWithdrawalPolicy(row->policy, done); });
        if (!change) return refused(change.error());
        if (*change == 0) return policy({});
        std::printf("change %llu waits\n", static_cast<unsigned long long>(*change));
        return kDone;
    }

    /// By the policy in force, or by this number of approvals instead.
    int movers(const Arguments& a) {
        const money::Unit* unit = money::findUnit(a[0]);
        if (!unit) return fail("no such unit: " + a[0]);
        const auto amount = money::parseAmount(a[1], unit->id);
        if (!amount) return fail("not an amount: " + a[1]);
        auto row = m_loop.ask<api::PolicyRow>([&](auto done) { treasury().withdrawalPolicy(done); });
        if (!row) return refused(row.error());
        if (a.size() > 2) {
            const auto approvals = numberFrom(a[2]);
            if (!approvals || *approvals > 100) return fail("not a number of approvals: " + a[2]);
            row->policy.approvals = static_cast<std::uint32_t>(*approvals);
        }
        const auto found =
            m_loop.ask<api::MoversRow>([&](auto done) { treasury().whoCouldMove(row->policy, *amount, done); });
        if (!found) return refused(found.error());
        if (!found->possible) {
            std::printf("nobody\n");
            return kDone;
        }
        std::printf("any %zu of:\n", found->needed);
        for (const api::UserRow& user : found->of) {
            std::printf("  %llu  %s\n", static_cast<unsigned long long>(user.id.value), user.name.c_str());
        }
        return kDone;
    }

private:
    api::Treasury& treasury() { return m_session.treasury(); }
    api::Guard& guard() { return m_session.guard(); }

    static bool askCode(std::string_view question, std::string& code) {
        const auto typed = askSecret(question);
        if (typed) code.assign(reinterpret_cast<const char*>(typed->data()), typed->size());
        return typed.has_value();
    }
    /// Asks for a one-time code where the rules want one.
    template <class T, class Question>
    api::Answer<T> withCode(Question question) {
        auto answer = m_loop.ask<T>(question);
        std::string code;
        if (answer || answer.error().problem != api::Problem::CodeMissing || !askCode("One-time code", code))
            return answer;
        guard().nextCode(code);
        return m_loop.ask<T>(question);
    }
    api::Answer<std::vector<api::WithdrawalRow>> all() {
        return m_loop.ask<std::vector<api::WithdrawalRow>>([&](auto done) { treasury().withdrawals(done); });
    }

    static int number(const api::Answer<std::uint64_t>& answer) {
        if (!answer) return refused(answer.error());
        std::printf("%llu\n", static_cast<unsigned long long>(*answer));
        return kDone;
    }
    static void print(const api::WithdrawalRow& row) {
        const std::string ofSale = row.sale ? "refund of sale " + std::to_string(row.sale.value) + "  " : std::string();
        std::printf("%llu  %s  %s  to %s  %s%u of %u approvals  %s\n", static_cast<unsigned long long>(row.id),
                    kWithdrawalStates[static_cast<std::size_t>(row.state)], money::formatWithCode(row.amount).c_str(),
                    row.to.c_str(), ofSale.c_str(), row.approvals, row.approvalsNeeded, row.reference.c_str());
    }
    static void print(const api::WithdrawalPolicy& policy) {
        std::printf("approvals %u\nwaiting %lld s\none-time codes %s\n", policy.approvals,
                    static_cast<long long>(policy.waitingMs / 1000), policy.secondFactor ? "yes" : "no");
        for (const api::Amount& most : policy.userDay)
            std::printf("a user a day at most %s\n", money::formatWithCode(most).c_str());
        for (const api::Amount& most : policy.holderDay)
            std::printf("all users a day at most %s\n", money::formatWithCode(most).c_str());
    }
    /// Until the rail has done its part or somebody must approve.
    int watch(std::uint64_t id) {
        std::optional<api::WithdrawalRow> last;
        for (std::int64_t waitedMs = 0; waitedMs <= kWatchMs; waitedMs += 50) {
            const auto rows = all();
            if (!rows) return refused(rows.error());
            for (const api::WithdrawalRow& row : *rows) {
                if (row.id == id) last = row;
            }
            const bool underWay =
                last && (last->state == api::WithdrawalState::Approved || last->state == api::WithdrawalState::Paying);
            if (!underWay) break;
            m_loop.runFor(50);
        }
        if (last) print(*last);
        return last && last->state != api::WithdrawalState::Failed ? kDone : kFailed;
    }

    app::EventLoop& m_loop;
    api::Session& m_session;
};

struct FundsAct {
    const char* name;
    std::size_t least; ///< arguments
    std::size_t most;
    int (Funds::*run)(const Arguments&);
};
constexpr FundsAct kFundsActs[] = {
    {"balances", 0, 0, &Funds::balances},
    {"addresses", 0, 0, &Funds::addresses},
    {"address", 2, 3, &Funds::address},
    {"withdraw", 2, 2, &Funds::withdraw},
    {"approve", 1, 1, &Funds::approve},
    {"cancel", 1, 1, &Funds::cancel},
    {"withdrawals", 0, 0, &Funds::withdrawals},
    {"policy", 0, 0, &Funds::policy},
    {"movers", 2, 3, &Funds::movers},
    {"factor", 0, 0, &Funds::factor},
    {"enrol", 0, 0, &Funds::enrol},
    {"unenrol", 0, 0, &Funds::unenrol},
    {"codes", 1, 1, &Funds::codes},
};

const FundsAct* fundsAct(const Arguments& arguments) {
    if (arguments.size() < 3) return nullptr;
    const std::size_t given = arguments.size() - 3;
    for (const FundsAct& act : kFundsActs) {
        if (arguments[2] == act.name && given >= act.least && given <= act.most) return &act;
    }
    return nullptr;
}

} // namespace

int runFunds(const Arguments& arguments) {
    const FundsAct* act = fundsAct(arguments);
    if (!act) {
        return fail("usage: funds DIR NAME {balances | addresses | address UNIT ADDRESS [LABEL] | withdraw NUMBER "
                    "AMOUNT | withdrawals | approve NUMBER | cancel NUMBER | policy | movers UNIT AMOUNT [APPROVALS] | "
                    "factor | enrol | unenrol | codes on|off}");
    }
    const auto profile = OpenProfile::open(arguments[0], arguments[1]);
    if (!profile) return kFailed;
    Funds funds(profile->loop, *profile->session);
    return (funds.*(act->run))({arguments.begin() + 3, arguments.end()});
}

} // namespace tallylock::cli
