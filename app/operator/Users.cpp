#include "app/operator/Acts.h"
#include "app/operator/Words.h"

namespace tallylock::app {

namespace users {
namespace {

constexpr const char* kStandings[] = {"pending", "verified", "restricted", "frozen"};
static_assert(std::size(kStandings) == static_cast<std::size_t>(api::Standing::kCount));
constexpr const char* kRoles[] = {"administrator", "trader", "treasurer", "auditor"}; // by bit

using Accounts = std::vector<api::OperatedAccountRow>;

api::Answer<Accounts> accountsOf(Talk& talk) {
    return talk.ask<Accounts>([](auto& desk, auto done) { desk.accounts(done); });
}

std::string rolesOf(std::uint32_t roles) {
    std::string text;
    for (std::size_t bit = 0; bit < std::size(kRoles); ++bit) {
        if (roles & (1U << bit)) text += (text.empty() ? "" : ", ") + std::string(kRoles[bit]);
    }
    return text.empty() ? "no role" : text;
}

Said list(Talk& talk, const Words& a) {
    const auto accounts = accountsOf(talk);
    if (!accounts) return refused(accounts.error());
    Said said;
    for (const api::OperatedAccountRow& account : *accounts) {
        if (!a.empty() && account.name.find(a[0]) == std::string::npos) continue;
        add(said, "account %llu  %s  %s  %s%s%s\n", number(account.holder.value), printable(account.name).c_str(),
            account.isInstitution ? "institution" : "person", kStandings[static_cast<std::size_t>(account.standing)],
            account.evidence.empty() ? "" : ": ", printable(account.evidence).c_str());
        for (const api::OperatedUserRow& user : account.users) {
            add(said, "  user %llu  %s  %s  %llu devices\n", number(user.id.value), printable(user.name).c_str(),
                rolesOf(user.roles).c_str(), number(user.devices));
        }
    }
    if (said.out.empty()) add(said, a.empty() ? "nobody has an account\n" : "no account has a name like that\n");
    return said;
}

Said standing(Talk& talk, const Words& a) {
    const auto chosen = placeAmong(kStandings, a[1]);
    if (!chosen) return failed("no standing: " + a[1] + "; there are pending, verified, restricted and frozen");
    const auto holder = accountNamed(talk, a[0]);
    if (!holder) return failed(holder.error());
    return done(talk.ask<void>(
        [&](auto& desk, auto reply) { desk.setStanding(*holder, static_cast<api::Standing>(*chosen), a[2], reply); }));
}

Said resetCodes(Talk& talk, const Words& a) {
    const auto user = numberFrom(a[0]);
    if (!user) return failed("not a number: " + a[0]);
    return done(talk.ask<void>([&](auto& desk, auto reply) { desk.resetFactor(UserId{*user}, reply); }));
}

constexpr Act kActs[] = {
    {"list", 0, 1, list},
    {"standing", 3, 3, standing},
    {"reset-codes", 1, 1, resetCodes},
};

} // namespace
} // namespace users

const ActGroup kUsers{"users",
                      "[list [PART-OF-NAME] | standing ACCOUNT pending|verified|restricted|frozen EVIDENCE | "
                      "reset-codes USER]; EVIDENCE says where it is to be found",
                      users::kActs, "list"};

Result<HolderId, std::string> accountNamed(Talk& talk, const std::string& text) {
    const auto accounts = users::accountsOf(talk);
    if (!accounts) return Err(refused(accounts.error()).err);
    const auto asNumber = numberFrom(text);
    std::optional<HolderId> found;
    for (const api::OperatedAccountRow& account : *accounts) {
        if (asNumber ? account.holder.value != *asNumber : account.name != text) continue;
        if (found) return Err("more than one account is called " + text + ": take its number");
        found = account.holder;
    }
    if (!found) return Err("no account is called " + text);
    return *found;
}

} // namespace tallylock::app
